//! Steps that a person can follow: each says what it is before it runs, and how it ended.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;
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

/// Runs a step in the workspace's root, unless it was given a folder; fails when it does.
pub fn run(what: &str, command: &mut Command) -> Result<(), Failed> {
    if command.get_current_dir().is_none() {
        command.current_dir(root());
    }
    println!("==> {what}");
    let start = Instant::now();
    let status = command.status().map_err(Failed::at(what))?;
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
