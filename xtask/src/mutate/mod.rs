//! `cargo xtask mutate`: do the generated attacks notice when a guard step is off?
//!
//! The specs, and golden cases for steps that no spec has a use for, are generated with their guards in switches (`palisade
//! generate --instrument`) and built once. The runner of the attacks then turns off every step for every operation that
//! comes to it, until an attack on that operation fails. A step that can be off unnoticed fails this command, as does one
//! that no attack comes to.

mod told;

use crate::emitted::{PROJECTS, cargo_in, palisade};
use crate::steps::{Failed, root, run};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;
use told::{Line, Told};

/// Golden cases with what no spec has: certificates, parameters in headers, claims that are required, plain text,
/// any JSON, lists as parameters, numbers with a fraction, bytes. Only steps are tried
/// on them that no spec comes to.
const CASES: [&str; 8] = [
    "tests/golden/mutual-tls/spec.yaml",
    "tests/golden/keywords/spec.yaml",
    "tests/golden/policies/spec.yaml",
    "tests/golden/plain/spec.yaml",
    "tests/golden/anything/spec.yaml",
    "tests/golden/listed/spec.yaml",
    "tests/golden/numbers/spec.yaml",
    "tests/golden/octets/spec.yaml",
];

/// The versions that a generated project is tested with, where it has none of its own.
const LOCK: &str = "generated-example/Cargo.lock";

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
        let lock = format!("{}/Cargo.lock", project.dir);
        tried(project.spec, &lock, width, steps, &mut told)?;
    }
    let left = told.at_zero();
    let left: Vec<&str> = left.iter().map(String::as_str).collect();
    for case in CASES.iter().filter(|_| !left.is_empty()) {
        tried(case, LOCK, width, &left, &mut told)?;
    }
    let failed = told.report(begun.elapsed(), steps);
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failed(failed.join("; ")))
    }
}

fn tried(
    spec: &str,
    lock: &str,
    width: Width,
    steps: &[&str],
    told: &mut Told,
) -> Result<(), Failed> {
    let dir = instrumented(spec, lock)?;
    run(
        &format!("{spec}: build with switches"),
        attacks(&dir).args(["--no-run", "--quiet"]),
    )?;
    attacked(spec, &dir, width, steps, told)
}

/// A scratch copy below `target`, generated anew.
fn instrumented(spec: &str, lock: &str) -> Result<PathBuf, Failed> {
    let copy = root()
        .join("target/mutate")
        .join(spec.trim_end_matches(".yaml").replace('/', "-"));
    if copy.exists() {
        std::fs::remove_dir_all(&copy).map_err(Failed::at(copy.display()))?;
    }
    run(
        &format!("{spec}: generate with switches"),
        palisade(false)
            .args(["generate", "--instrument", "--quiet", spec, "-o"])
            .arg(&copy),
    )?;
    // What is written once is not the copy's: the versions are those that are tested elsewhere.
    let lock = root().join(lock);
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
    spec: &str,
    dir: &Path,
    width: Width,
    steps: &[&str],
    told: &mut Told,
) -> Result<(), Failed> {
    println!("==> {spec}: one step off after another");
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
                if pair.by.is_none() {
                    println!("    NOT NOTICED: {} of {}", pair.step, pair.operation);
                }
                if tried % 50 == 0 {
                    println!("    {tried} tried, {} s", begun.elapsed().as_secs());
                }
                told.pair(pair);
            }
            Some(Line::Step(step, operations)) => told.step(step, operations.len()),
            None => {}
        }
    }
    for mut child in children {
        let status = child.wait().map_err(Failed::at("cargo test"))?;
        if !status.success() {
            return Err(Failed(format!("{spec}: the runner failed")));
        }
    }
    println!("    {tried} tried in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// By step.
type Steps<T> = BTreeMap<String, T>;
