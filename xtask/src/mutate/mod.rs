//! `cargo xtask mutate`: do the generated attacks notice when a guard step is off?
//!
//! Both specs are generated with their guards in switches (`palisade generate --instrument`) and built once. The runner of
//! the attacks then turns off every step for every operation that comes to it, until an attack on that operation fails. A
//! step that can be off unnoticed fails this command; what no attack can notice is said in [`known`], and held to be so.

mod known;
mod told;

use crate::emitted::{PROJECTS, Project, cargo_in, palisade};
use crate::steps::{Failed, root, run};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;
use told::{Line, Told};

/// How many processes share the work: each switches for itself.
const PARTS: usize = 2;

/// Which pairs of a step and an operation are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// All.
    Full,
    /// Each step with one operation of each spec.
    One,
}

/// Tries every step, or these.
pub fn mutate(width: Width, steps: &[&str]) -> Result<(), Failed> {
    let begun = Instant::now();
    let mut told = Told::default();
    for project in &PROJECTS {
        let dir = instrumented(project)?;
        run(
            &format!("{}: build with switches", project.spec),
            attacks(&dir).args(["--no-run", "--quiet"]),
        )?;
        attacked(project, &dir, width, steps, &mut told)?;
    }
    let failed = told.report(begun.elapsed(), steps);
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failed(failed.join("; ")))
    }
}

/// A scratch copy below `target`, generated anew.
fn instrumented(project: &Project) -> Result<PathBuf, Failed> {
    let copy = root()
        .join("target/mutate")
        .join(project.dir.replace('/', "-"));
    if copy.exists() {
        std::fs::remove_dir_all(&copy).map_err(Failed::at(copy.display()))?;
    }
    run(
        &format!("{}: generate with switches", project.spec),
        palisade(false)
            .args(["generate", "--instrument", "--quiet", project.spec, "-o"])
            .arg(&copy),
    )?;
    // What is written once is not the copy's: the versions are those that are tested elsewhere.
    let lock = root().join(project.dir).join("Cargo.lock");
    if lock.exists() {
        std::fs::copy(&lock, copy.join("Cargo.lock")).map_err(Failed::at(lock.display()))?;
    }
    Ok(copy)
}

fn attacks(dir: &Path) -> std::process::Command {
    let mut command = cargo_in(dir);
    command.args(["test", "--package", "attacks"]);
    command
}

/// Runs the attacks with one step off after another, in several processes, and takes note of what they say.
fn attacked(
    project: &Project,
    dir: &Path,
    width: Width,
    steps: &[&str],
    told: &mut Told,
) -> Result<(), Failed> {
    println!("==> {}: one step off after another", project.spec);
    let mut children = Vec::new();
    for part in 0..PARTS {
        let short = if width == Width::One { "/one" } else { "" };
        let child = attacks(dir)
            .args(["--quiet", "--", "--nocapture", "--exact", "mutate::mutate"])
            .env("MUTATE", format!("{part}/{PARTS}{short}"))
            .env("MUTATE_STEPS", steps.join(","))
            .stdout(Stdio::piped())
            .spawn();
        children.push(child.map_err(Failed::at("cargo test"))?);
    }
    let (sender, receiver) = std::sync::mpsc::channel();
    let mut readers = Vec::new();
    for child in &mut children {
        let (sender, stdout) = (sender.clone(), child.stdout.take());
        readers.push(std::thread::spawn(move || {
            let lines = stdout
                .into_iter()
                .flat_map(|out| BufReader::new(out).lines());
            for line in lines.map_while(Result::ok) {
                // It is gone only when the other side has failed.
                let _ = sender.send(line);
            }
        }));
    }
    drop(sender);
    let begun = Instant::now();
    let mut tried = 0;
    for line in receiver {
        match Line::read(&line).map_err(|why| Failed(format!("{why}: {line}")))? {
            Some(Line::Pair(pair)) => {
                tried += 1;
                if pair.by.is_none() && known::unseen(project.spec, &pair).is_none() {
                    println!("    NOT NOTICED: {} of {}", pair.step, pair.operation);
                }
                if tried % 50 == 0 {
                    println!("    {tried} tried, {} s", begun.elapsed().as_secs());
                }
                told.pair(project.spec, pair);
            }
            Some(Line::Step(step, operations)) => told.step(step, operations.len()),
            None => {}
        }
    }
    for mut child in children {
        let status = child.wait().map_err(Failed::at("cargo test"))?;
        if !status.success() {
            return Err(Failed(format!("{}: the runner failed", project.spec)));
        }
    }
    println!("    {tried} tried in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// By step.
type Steps<T> = BTreeMap<String, T>;
