//! Steps that a person can follow: each says what it is before it runs, and how it ended.

use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Instant;

/// Why a task ended.
#[derive(Debug)]
pub struct Failed(pub String);

impl Failed {
    /// For `map_err`: what was tried.
    pub fn at<E: Display>(what: impl Display) -> impl FnOnce(E) -> Failed {
        move |error| Failed(format!("{what}: {error}"))
    }
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Where `cargo xtask test` keeps what it printed.
pub fn last_run() -> PathBuf {
    root().join("target/last-run")
}

/// Runs a step in the workspace's root, unless it was given a folder; fails when it does.
pub fn run(what: &str, command: &mut Command) -> Result<(), Failed> {
    step(what, command, |command| command.status())
}

/// The same, and what it prints is kept in [`last_run`] under this name while it is shown.
pub fn run_kept(what: &str, log: &str, command: &mut Command) -> Result<(), Failed> {
    let folder = last_run();
    std::fs::create_dir_all(&folder).map_err(Failed::at(folder.display()))?;
    let path = folder.join(log).with_extension("log");
    let mut log = File::create(&path).map_err(Failed::at(path.display()))?;
    step(what, command, |command| shown_and_kept(command, &mut log))
}

/// Both streams go through one pipe, so that what cargo says of a test binary stands above what that binary says.
fn shown_and_kept(command: &mut Command, log: &mut File) -> std::io::Result<ExitStatus> {
    let (out, into) = std::io::pipe()?;
    command.stdout(into.try_clone()?).stderr(into);
    let mut child = command.spawn()?;
    // Our own ends of the pipe go with the command: without that it would never come to an end.
    command.stdout(std::process::Stdio::null());
    command.stderr(std::process::Stdio::null());
    let (mut out, mut line) = (BufReader::new(out), Vec::new());
    let mut shown = std::io::stdout().lock();
    while out.read_until(b'\n', &mut line)? > 0 {
        shown.write_all(&line)?;
        shown.flush()?;
        log.write_all(&line)?;
        line.clear();
    }
    child.wait()
}

fn step(
    what: &str,
    command: &mut Command,
    go: impl FnOnce(&mut Command) -> std::io::Result<ExitStatus>,
) -> Result<(), Failed> {
    if command.get_current_dir().is_none() {
        command.current_dir(root());
    }
    println!("==> {what}");
    let start = Instant::now();
    let status = go(command).map_err(Failed::at(what))?;
    let took = start.elapsed().as_secs_f64();
    if status.success() {
        println!("    done in {took:.1} s");
        Ok(())
    } else {
        Err(Failed(format!(
            "{what}: failed after {took:.1} s ({status})"
        )))
    }
}
