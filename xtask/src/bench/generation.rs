//! How long palisade takes for small, middling and large documents, how much comes out, and what it costs to check.

use super::{page, target};
use crate::emitted::{CRATES, Size, operations, palisade};
use crate::steps::{Failed, run};
use crate::synth::{Version, document};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Instant, SystemTime};

const SIZES: [usize; 3] = [10, 100, 1000];

/// More would be of no use: one crate is most of the work.
const JOBS: &str = "2";

/// One document.
struct Generated {
    /// Seconds, into an empty folder, and into one that is up to date.
    first: f64,
    again: f64,
    /// MiB, where the system tells.
    peak: Option<f64>,
    /// Lines of Rust: of `api`, and of all crates.
    api: usize,
    all: usize,
    /// `cargo check` of the project, its dependencies being built: seconds by the clock, and of the processors.
    check: f64,
    check_cpu: f64,
}

pub fn generate() -> Result<(), Failed> {
    run(
        "build palisade for release",
        palisade(true).arg("--version"),
    )?;
    let binary = target()
        .join("release")
        .join(format!("palisade{}", std::env::consts::EXE_SUFFIX));
    let bench = target().join("bench-generate");
    std::fs::create_dir_all(&bench).map_err(Failed::at(bench.display()))?;
    let mut rows = Vec::new();
    for (at, count) in SIZES.into_iter().enumerate() {
        println!("==> {count} operations");
        rows.push((count, measure(&binary, &bench, count, at == 0)?));
    }
    let text = table(&rows);
    println!("{text}");
    page::write("generation", &text)
}

fn measure(
    binary: &Path,
    bench: &Path,
    count: usize,
    dependencies: bool,
) -> Result<Generated, Failed> {
    let spec = bench.join(format!("synth-{count}.yaml"));
    std::fs::write(&spec, document(count, Version::V31)).map_err(Failed::at(spec.display()))?;
    let dir = bench.join(format!("synth-{count}"));
    if dir.exists() {
        std::fs::remove_dir_all(&dir).map_err(Failed::at(dir.display()))?;
    }
    let (first, peak) = once(binary, &spec, &dir)?;
    let (again, _) = once(binary, &spec, &dir)?;
    let found = operations(&dir)?;
    if found != count {
        return Err(Failed(format!(
            "{count} operations went in, {found} came out"
        )));
    }
    let mut all = 0;
    for name in CRATES {
        all += Size::of(&dir.join(name))?.lines;
    }
    if dependencies {
        check(&dir, bench)?;
    }
    let (check, check_cpu) = check(&dir, bench)?;
    Ok(Generated {
        first,
        again,
        peak,
        api: Size::of(&dir.join("api"))?.lines,
        all,
        check,
        check_cpu,
    })
}

/// Seconds, and the most memory in MiB where the system tells: palisade reports its own.
fn once(binary: &Path, spec: &Path, dir: &Path) -> Result<(f64, Option<f64>), Failed> {
    let start = Instant::now();
    let output = Command::new(binary)
        .args(["--verbose", "generate"])
        .arg(spec)
        .arg("-o")
        .arg(dir)
        .output()
        .map_err(Failed::at(binary.display()))?;
    let took = start.elapsed().as_secs_f64();
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(Failed(format!("palisade: {}\n{stderr}", output.status)));
    }
    let peak = stderr
        .lines()
        .find_map(|line| line.strip_prefix("memory"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|kib| kib.parse::<f64>().ok());
    Ok((took, peak.map(|kib| kib / 1024.0)))
}

/// `cargo check` of all that palisade emitted: shield, api and service. Projects share what they depend on. The shell knows
/// what its children have used.
fn check(dir: &Path, bench: &Path) -> Result<(f64, f64), Failed> {
    let source = dir.join("shield/src/lib.rs");
    let touched = std::fs::File::options()
        .append(true)
        .open(&source)
        .and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(Failed::at(source.display()))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new("bash")
        .args([
            "-c",
            "TIMEFORMAT='%R %U %S'; time \"$0\" check --quiet --jobs \"$1\"",
        ])
        .arg(cargo)
        .arg(JOBS)
        .current_dir(dir)
        .env("LC_ALL", "C")
        .env("CARGO_TARGET_DIR", bench.join("target"))
        .output()
        .map_err(Failed::at("bash"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let times: Vec<f64> = said
        .lines()
        .last()
        .unwrap_or_default()
        .split(' ')
        .filter_map(|word| word.parse().ok())
        .collect();
    match (output.status.success(), times.as_slice()) {
        (true, [clock, user, system]) => Ok((*clock, user + system)),
        _ => Err(Failed(format!("cargo check in {}\n{said}", dir.display()))),
    }
}

fn table(rows: &[(usize, Generated)]) -> String {
    let mut text = format!(
        "Measured on {}; load average {} afterwards. Lines are those of Rust files, as they are written; `shield` is the same in every project.\n\n\
         | operations | generate, s | again, s | peak, MiB | lines of `api` | of `api`, each operation | lines in all | \
         `cargo check`, s by the clock | s of processors |\n|---|---|---|---|---|---|---|---|---|\n",
        page::machine(),
        page::load()
    );
    for (count, row) in rows {
        let peak = row.peak.map_or("?".to_owned(), |mib| format!("{mib:.0}"));
        let _ = writeln!(
            text,
            "| {count} | {:.2} | {:.2} | {peak} | {} | {} | {} | {:.1} | {:.1} |",
            row.first,
            row.again,
            row.api,
            row.api / count,
            row.all,
            row.check,
            row.check_cpu
        );
    }
    text
}
