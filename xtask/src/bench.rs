//! How long palisade takes for small, middling and large documents, and how much comes out.

use crate::emitted::{CRATES, Size, operations, palisade};
use crate::steps::{Failed, root, run};
use crate::synth::{Version, document};
use std::path::Path;
use std::time::Instant;

const SIZES: [usize; 3] = [10, 100, 1000];

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
    println!(
        "{:>10} {:>8} {:>9} {:>9} {:>8} {:>13} {:>9} {:>13}",
        "operations",
        "seconds",
        "again",
        "peak MiB",
        "lines",
        "per operation",
        "api lines",
        "per operation"
    );
    for count in SIZES {
        let spec = bench.join(format!("synth-{count}.yaml"));
        std::fs::write(&spec, document(count, Version::V31)).map_err(Failed::at(spec.display()))?;
        let dir = bench.join(format!("synth-{count}"));
        if dir.exists() {
            std::fs::remove_dir_all(&dir).map_err(Failed::at(dir.display()))?;
        }
        let (first, peak) = once(&binary, &spec, &dir)?;
        let (again, _) = once(&binary, &spec, &dir)?;
        let found = operations(&dir)?;
        if found != count {
            return Err(Failed(format!(
                "{count} operations went in, {found} came out"
            )));
        }
        let api = Size::of(&dir.join("api"))?.lines;
        let mut all = 0;
        for name in CRATES {
            all += Size::of(&dir.join(name))?.lines;
        }
        println!(
            "{count:>10} {first:>8.2} {again:>9.2} {:>9} {all:>8} {:>13} {api:>9} {:>13}",
            peak.map_or("-".to_owned(), |kib| format!("{:.0}", kib / 1024.0)),
            all / count,
            api / count
        );
    }
    Ok(())
}

/// Seconds, and the most memory in KiB where the system tells: palisade reports its own.
fn once(binary: &Path, spec: &Path, dir: &Path) -> Result<(f64, Option<f64>), Failed> {
    let start = Instant::now();
    let output = std::process::Command::new(binary)
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
        .and_then(|kib| kib.parse().ok());
    Ok((took, peak))
}

fn target() -> std::path::PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into)
}
