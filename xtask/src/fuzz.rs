//! Fuzzing from document to files, with libFuzzer on the stable compiler: `cargo xtask fuzz SECONDS`.
//!
//! The target is built directly, with the flags that coverage needs; `cargo fuzz run generate --sanitizer none` builds
//! the same where it is installed.

use crate::steps::{Failed, cargo, root, run};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Coverage, as libFuzzer reads it.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The most memory the whole may take.
const MEBIBYTES: u64 = 1024;

/// Larger documents are no seeds: time is better spent on many small ones.
const LARGEST: u64 = 256 * 1024;

/// The stack that palisade gives itself.
const STACK_KIB: u64 = 32 * 1024;

/// Builds the target, gathers seeds, fuzzes for so long, and fails when anything was found.
pub fn fuzz(seconds: u64) -> Result<(), Failed> {
    let target = build()?;
    let here = root().join("target/fuzz");
    let (seeds, corpus, artifacts) = (
        here.join("seeds"),
        here.join("corpus"),
        here.join("artifacts/"),
    );
    for folder in [&seeds, &corpus, &artifacts] {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).map_err(Failed::at(folder.display()))?;
    }
    let found = gather(&seeds)?;
    println!("==> {found}, {seconds} s of fuzzing");
    let counts = here.join("counts");
    let _ = std::fs::remove_file(&counts);
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -s \"$0\" && exec \"$@\""])
        .arg(STACK_KIB.to_string())
        .arg(&target)
        .arg(&corpus)
        .arg(&seeds)
        .arg(format!("-artifact_prefix={}", artifacts.display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-rss_limit_mb={MEBIBYTES}"))
        .arg(format!("-max_len={}", 2 * LARGEST))
        .args(["-timeout=20", "-len_control=0", "-print_final_stats=1"])
        .env("PALISADE_FUZZ_COUNTS", &counts)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::inherit())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Failed::at(target.display()))?;
    let (mut peak, mut last) = (0, Vec::new());
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if let Some(value) = line.strip_prefix("stat::peak_rss_mb:") {
                peak = value.trim().parse().unwrap_or(0);
            }
            // What libFuzzer tells every second is of no use afterwards.
            if !line.starts_with('#') || line.contains("INITED") || line.contains("DONE") {
                last.push(line);
            }
        }
    }
    let ended = child.wait().map_err(Failed::at("the fuzz target"))?;
    let told = std::fs::read_to_string(&counts).unwrap_or_default();
    let told: Vec<u64> = told
        .split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect();
    let (inputs, emitted) = match told.as_slice() {
        [inputs, _, emitted] => (*inputs, *emitted),
        _ => (0, 0),
    };
    if !ended.success() {
        last.iter().for_each(|line| eprintln!("{line}"));
    }
    let crashes = std::fs::read_dir(&artifacts).map_or(0, Iterator::count);
    let share = 100.0 * emitted as f64 / inputs.max(1) as f64;
    println!(
        "    {inputs} inputs, {emitted} reached emission ({share:.1} %), {crashes} panics, sentinels or time-outs, {peak} MiB at most"
    );
    if crashes > 0 || !ended.success() {
        return Err(Failed(format!(
            "fuzzing found something: see {} and say `{} FILE`",
            artifacts.display(),
            target.display()
        )));
    }
    if emitted * 100 < inputs || inputs == 0 {
        return Err(Failed("too few inputs reach emission".to_owned()));
    }
    if peak > MEBIBYTES {
        return Err(Failed(format!("{peak} MiB are too much")));
    }
    Ok(())
}

/// The target, instrumented; build scripts and macros are not, since they are built for the host.
fn build() -> Result<PathBuf, Failed> {
    let host = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(Failed::at("rustc -vV"))?;
    let host = String::from_utf8_lossy(&host.stdout).into_owned();
    let triple = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .ok_or_else(|| Failed("rustc does not say what its host is".to_owned()))?;
    let folder = root().join("target/fuzz");
    run(
        "build the fuzz target",
        cargo()
            .args([
                "build",
                "--quiet",
                "--release",
                "--locked",
                "--bin",
                "generate",
            ])
            .args(["--target", triple])
            .arg("--target-dir")
            .arg(&folder)
            .current_dir(root().join("fuzz"))
            .env("RUSTFLAGS", FLAGS),
    )?;
    Ok(folder.join(triple).join("release/generate"))
}

/// The documents of this repository, and of the corpus where it is.
fn gather(seeds: &Path) -> Result<String, Failed> {
    let corpus = match std::env::var_os("PALISADE_CORPUS") {
        Some(value) if value == "none" => None,
        Some(value) => Some(PathBuf::from(value)),
        None => Some(root().join("../shared/corpus")),
    };
    let own = [root().join("specs"), root().join("tests/golden")];
    let mut number = 0;
    let mut counts = Vec::new();
    for folder in own.into_iter().chain(corpus) {
        let before = number;
        let mut open = vec![folder.clone()];
        while let Some(here) = open.pop() {
            for entry in std::fs::read_dir(&here).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                let end = path.extension().and_then(|end| end.to_str());
                let small = entry.metadata().is_ok_and(|data| data.len() <= LARGEST);
                if small && matches!(end, Some("yaml" | "yml" | "json")) {
                    let to = seeds.join(number.to_string());
                    std::fs::copy(&path, &to).map_err(Failed::at(path.display()))?;
                    number += 1;
                }
            }
        }
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        counts.push(format!("{} of {name}", number - before));
    }
    Ok(format!("seeds: {}", counts.join(", ")))
}
