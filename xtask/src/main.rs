//! What this repository does with itself: `cargo xtask COMMAND`.

mod annotated;
mod attacked;
mod bench;
mod docs;
mod docs_test;
mod drift;
mod emitted;
mod example;
mod fuzz;
mod gathered;
mod gym;
mod lint_spec;
mod mutate;
mod oracle;
mod proofs;
mod requirements;
mod steps;
mod synth;

use std::process::ExitCode;
use steps::{Failed, cargo, last_run, run, run_kept};
use synth::Version;

const HELP: &str = "\
cargo xtask COMMAND

  test            every test of the workspace, the proofs and the gym
  attack          of these, the tests of the example services and the attacks on them
  drift           are the generated examples and pages what palisade generates today?
  docs            write the generated pages of docs/reference/ anew
  example-test    lint generated-example; print its size and what it costs to compile
  gym             every golden case, the JSON Schema suite and what other generators got wrong, emitted into one crate, linted and run
  proofs          does the compiler refuse what goes around a guard, and say what to do instead?
  oracle          does every service answer what a second reader of its document says it must? Every caller, object and member
                  of specs/ and of documents drawn by lot; --documents N and --seed S draw others
  mutate [STEP…]  every guard step off in turn, or these: does an attack notice? (--one: each with one operation only)
  jws FILE        the verifier of tokens against vectors in the format of Wycheproof
  docs-test [P]   do the commands of README.md and the tutorial print what they say? (P: only the page called like that)
  requirements    write docs/requirements.md from the marks on tests and what `test` printed last; --check compares
  lint-spec       what Spectral, Redocly and openapi-spec-validator say of the public documents of specs/
  synth N [3.0]   a synthetic document with N operations, to stdout (OpenAPI 3.1, or 3.0)
  annotate-corpus ten real documents, annotated and generated: is anything open, and does it all build?
  bench           what the guard costs: the generated service against bare axum and a stack of known layers;
                  --smoke only sees that it works; --rounds, --requests and --connections take a number
  bench-pair      what role, ownership and projection cost beside `access: authenticated` alone: one GET twice, same options
  bench-edit      how long the example takes to build after an edit of a handler
  bench-generate  how long palisade takes for 10, 100 and 1000 operations, how much it emits, and what checking it costs
  fuzz SECONDS    documents that nobody would write, from reading to emission; fails when one does harm
  ci [--whole]    all that .ci/run does for a change; with --whole, all that a release must pass
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test"] => test(),
        ["drift"] => drift::compare().and_then(|()| docs::compare()),
        ["docs"] => docs::write(),
        ["example-test"] => example::hold(),
        ["attack"] => example::attack(),
        ["gym"] => gym::hold(),
        ["proofs"] => proofs::hold(),
        ["oracle", options @ ..] => oracle::hold(options),
        ["mutate", "--one", steps @ ..] => mutate::mutate(mutate::Width::One, steps),
        ["mutate", steps @ ..] => mutate::mutate(mutate::Width::Full, steps),
        ["jws", file] => jws(file),
        ["docs-test"] => pages("").map(drop),
        ["docs-test", page] => pages(page).map(drop),
        ["requirements"] => requirements::write(),
        ["requirements", "--check"] => requirements::check(),
        ["lint-spec"] => lint_spec::hold(),
        ["synth", count] => print_synthetic(count, Version::V31),
        ["synth", count, "3.1"] => print_synthetic(count, Version::V31),
        ["synth", count, "3.0"] => print_synthetic(count, Version::V30),
        ["annotate-corpus"] => annotated::hold(),
        ["bench", "--smoke"] => bench::smoke(),
        ["bench", options @ ..] => bench::services(options),
        ["bench-pair", options @ ..] => bench::pair(options),
        ["bench-edit"] => bench::edit(),
        ["bench-generate"] => bench::generate(),
        ["fuzz", seconds] => match seconds.parse() {
            Ok(seconds) => fuzz::fuzz(seconds),
            Err(_) => Err(Failed("SECONDS is a number".to_owned())),
        },
        ["ci", options @ ..] => run(
            "everything",
            std::process::Command::new("bash")
                .arg(".ci/run")
                .args(options),
        ),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What it prints is kept for `cargo xtask requirements`; what is left of an older run would speak for this one.
fn test() -> Result<(), Failed> {
    let kept = last_run();
    if kept.exists() {
        std::fs::remove_dir_all(&kept).map_err(Failed::at(kept.display()))?;
    }
    run_kept(
        "tests of the workspace, all features",
        "workspace",
        cargo().args(["test", "--workspace", "--all-features"]),
    )?;
    proofs::hold()?;
    gym::hold()?;
    example::attack()?;
    let passed = pages("")?;
    let log = kept.join("pages.log");
    let lines: String = passed
        .iter()
        .map(|page| format!("page {page} ... ok\n"))
        .collect();
    std::fs::write(&log, lines).map_err(Failed::at(log.display()))
}

fn pages(only: &str) -> Result<Vec<&'static str>, Failed> {
    docs_test::run(&steps::root(), only).map_err(Failed)
}

/// The verifier is the shield's, so the reader of the vectors is an example of it.
fn jws(file: &str) -> Result<(), Failed> {
    let file = std::path::absolute(file).map_err(Failed::at(file))?;
    run(
        "vectors of JWS and JWK",
        cargo()
            .args(["run", "--quiet", "--package", "shield", "--features"])
            .args(["testing", "--example", "jws", "--"])
            .arg(file),
    )
}

fn print_synthetic(count: &str, version: Version) -> Result<(), Failed> {
    // More would be refused by the loader anyway.
    const MAX: usize = 20_000;
    match count.parse() {
        Ok(count @ 1..=MAX) => {
            print!("{}", synth::document(count, version));
            Ok(())
        }
        _ => Err(Failed(format!("N is a number from 1 to {MAX}"))),
    }
}
