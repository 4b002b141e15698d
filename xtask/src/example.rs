//! The generated projects of this repository, held to everything that is promised of one.

use crate::emitted::{CRATES, PROJECTS, Size, cargo_in, operations, palisade};
use crate::steps::{Failed, root, run, run_kept};
use std::path::Path;
use std::time::{Instant, SystemTime};

/// Brings each project up to date and sends its service every attack.
pub fn attack() -> Result<(), Failed> {
    for project in &PROJECTS {
        let dir = root().join(project.dir);
        run(
            &format!("{}: generate", project.dir),
            palisade(false).args(["--quiet", "generate", project.spec, "-o", project.dir]),
        )?;
        run_kept(
            &format!("{}: tests and attacks", project.dir),
            &project.log(),
            cargo_in(&dir).args(["test", "--", "--nocapture"]),
        )?;
    }
    // None of the projects ends TLS, so that a newcomer's curl needs no certificate; nor has one a list with rows of which
    // its policy cannot decide, or one of several alternatives. Golden cases do.
    attack_golden("mutual-tls")?;
    attack_golden("unions")?;
    attack_golden("policies")
}

fn attack_golden(case: &str) -> Result<(), Failed> {
    let place = format!("target/{case}");
    let dir = root().join(&place);
    run(
        &format!("the golden case {case}: generate"),
        palisade(false)
            .args(["--quiet", "generate", "--force"])
            .args([&format!("tests/golden/{case}/spec.yaml"), "-o", &place]),
    )?;
    // The versions that a generated project is tested with.
    let lock = dir.join("Cargo.lock");
    if !lock.exists() {
        let tested = root().join("generated-example/Cargo.lock");
        std::fs::copy(tested, &lock).map_err(Failed::at(lock.display()))?;
    }
    run(
        &format!("the golden case {case}: attacks"),
        cargo_in(&dir).args(["test", "--", "--nocapture"]),
    )
}

/// Lints `generated-example` and prints its size and what it costs to compile.
pub fn hold() -> Result<(), Failed> {
    let dir = root().join("generated-example");
    run(
        "generated-example: clippy",
        cargo_in(&dir).args(["clippy", "--workspace", "--", "-D", "warnings"]),
    )?;
    run(
        "generated-example: clippy of its tests",
        cargo_in(&dir).args(["clippy", "--tests", "--", "-D", "warnings"]),
    )?;
    run(
        "generated-example: format",
        cargo_in(&dir).args(["fmt", "--check"]),
    )?;
    sizes(&dir)?;
    times(&dir)
}

fn sizes(dir: &Path) -> Result<(), Failed> {
    let count = operations(dir)?.max(1);
    println!("==> generated-example: size");
    println!(
        "    {:<8} {:>6} {:>7} {:>16} {:>6}",
        "crate", "files", "lines", "lines/operation", "allow"
    );
    for name in CRATES {
        let size = Size::of(&dir.join(name))?;
        println!(
            "    {name:<8} {:>6} {:>7} {:>16} {:>6}",
            size.files,
            size.lines,
            size.lines / count,
            size.allows
        );
    }
    Ok(())
}

/// `cargo check` after a change in one crate, everything else being built.
fn times(dir: &Path) -> Result<(), Failed> {
    run(
        "generated-example: cargo check",
        cargo_in(dir).args(["check", "--quiet"]),
    )?;
    for file in ["service/src/main.rs", "api/src/lib.rs"] {
        let path = dir.join(file);
        let touched = std::fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(SystemTime::now()));
        touched.map_err(Failed::at(path.display()))?;
        let start = Instant::now();
        let status = cargo_in(dir)
            .args(["check", "--quiet"])
            .status()
            .map_err(Failed::at("cargo check"))?;
        if !status.success() {
            return Err(Failed(format!(
                "cargo check after {file} was touched: {status}"
            )));
        }
        println!(
            "    after a change in {file}: {:.2} s",
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
