//! What the compiler must refuse: handlers that go around a guard, in the crate where people write handlers.
//!
//! `tests/proofs/notes.yaml` is generated into `target/proofs`, and each file of `tests/proofs/cases` becomes an example of
//! its `service` crate. Without the feature `wrong` all of them compile, so that nothing else is the matter with them; with
//! it each has the errors that are written behind its lines, by code and by parts of what the compiler says, and no other.

mod case;

use crate::emitted::{cargo_in, files, palisade};
use crate::steps::{Failed, last_run, root, run};
use case::{Case, Told};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What cases are about, and what a service of such a person may well use.
const MORE: &str = "\
axum = { version = \"0.8.9\", default-features = false, features = [\"json\"] }
serde = \"1\"
serde_json = \"1\"

[features]
wrong = []

[lints]";

/// Where the cases are, from the root.
pub const CASES: &str = "tests/proofs/cases";

pub fn hold() -> Result<(), Failed> {
    let project = project()?;
    let cases = cases()?;
    run(
        "proofs: every case compiles without what is wrong in it",
        &mut check(&project, &[]),
    )?;
    println!("==> proofs: {} cases, each with what is wrong", cases.len());
    let told = told(&project)?;
    let (mut log, mut wrong) = (String::new(), Vec::new());
    for case in &cases {
        let found = case.judge(told.get(&case.name).map(Vec::as_slice).unwrap_or_default());
        let ended = if found.is_empty() { "ok" } else { "FAILED" };
        log.push_str(&format!("case {} ... {ended}\n", case.path));
        wrong.extend(found);
    }
    print!("{log}");
    let kept = last_run();
    std::fs::create_dir_all(&kept).map_err(Failed::at(kept.display()))?;
    let path = kept.join("proofs.log");
    std::fs::write(&path, log).map_err(Failed::at(path.display()))?;
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Failed(wrong.join("\n"))),
    }
}

/// The generated project with the cases in it.
fn project() -> Result<PathBuf, Failed> {
    let project = root().join("target/proofs");
    run(
        "proofs: generate",
        palisade(false)
            .args(["--quiet", "generate", "tests/proofs/notes.yaml", "--force"])
            .arg("-o")
            .arg(&project),
    )?;
    let manifest = project.join("service/Cargo.toml");
    let text = read(&manifest)?;
    if !text.contains(MORE) {
        put(&manifest, &text.replace("[lints]", MORE))?;
    }
    // The versions that a generated project is tested with; cargo completes the lock.
    let lock = project.join("Cargo.lock");
    if !lock.exists() {
        put(&lock, &read(&root().join("generated-example/Cargo.lock"))?)?;
    }
    let examples = project.join("service/examples");
    for old in files(&examples, ".rs")? {
        let name = old.file_name().unwrap_or_default();
        if !root().join(CASES).join(name).exists() {
            std::fs::remove_file(&old).map_err(Failed::at(old.display()))?;
        }
    }
    std::fs::create_dir_all(&examples).map_err(Failed::at(examples.display()))?;
    for path in files(&root().join(CASES), ".rs")? {
        put(
            &examples.join(path.file_name().unwrap_or_default()),
            &read(&path)?,
        )?;
    }
    put(
        &project.join("service/handlers.rs"),
        &read(&root().join("tests/proofs/handlers.rs"))?,
    )?;
    Ok(project)
}

fn cases() -> Result<Vec<Case>, Failed> {
    let mut cases = Vec::new();
    for path in files(&root().join(CASES), ".rs")? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        cases.push(Case::read(&name, &read(&path)?).map_err(Failed)?);
    }
    match cases.is_empty() {
        true => Err(Failed(format!("no cases in {CASES}"))),
        false => Ok(cases),
    }
}

fn check(project: &Path, more: &[&str]) -> std::process::Command {
    let mut cargo = cargo_in(project);
    cargo.args(["check", "--quiet", "--package", "proofs", "--examples"]);
    cargo.args(more);
    cargo
}

/// Every error of every case. Cargo itself fails, as it must: what is looked at is what it says.
fn told(project: &Path) -> Result<BTreeMap<String, Vec<Told>>, Failed> {
    let output = check(
        project,
        &[
            "--features",
            "wrong",
            "--keep-going",
            "--message-format",
            "json",
        ],
    )
    .stderr(Stdio::piped())
    .output()
    .map_err(Failed::at("cargo check"))?;
    let mut told: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message = serde_json::from_str(line).map_err(Failed::at("what cargo says"))?;
        if let Some((name, error)) = Told::read(&message) {
            told.entry(name).or_default().push(error);
        }
    }
    Ok(told)
}

/// Only when it changed, so that cargo builds no more than it must.
fn put(path: &Path, text: &str) -> Result<(), Failed> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::write(path, text).map_err(Failed::at(path.display()))
}

fn read(path: &Path) -> Result<String, Failed> {
    std::fs::read_to_string(path).map_err(Failed::at(path.display()))
}
