//! The gym: every golden case and the JSON Schema test suite as modules of one crate, which is linted and run once.
//!
//! It is written to `target/gym`. A case is a module, emitted as `api` is, with the lints of `api`; the suite is two more
//! modules, one an OpenAPI version, and a test that sends every instance to them ([`suite`]). What other generators got
//! wrong is a document each, and a test that asks their services over HTTP ([`conformance`]). Expressions are one more
//! module ([`cel`]).

mod cases;
mod cel;
mod conformance;
mod suite;

use crate::emitted::cargo_in;
use crate::gathered::{Crate, planned};
use crate::steps::{Failed, root, run, run_kept};

/// What the tests need beside what `api` needs.
const MANIFEST: &str = "
[dev-dependencies]
serde_json = \"1\"

[[test]]
name = \"suite\"
required-features = [\"testing\"]

[[test]]
name = \"cel\"
required-features = [\"testing\"]
";

pub fn hold() -> Result<(), Failed> {
    let gym = root().join("target/gym");
    let mut crate_ = Crate::default();
    let golden = golden(&mut crate_)?;
    let suite = suite::write(&mut crate_)?;
    let failures = conformance::write(&mut crate_)?;
    let expressions = cel::write(&mut crate_)?;
    let about =
        "Every golden case, the JSON Schema test suite, what others got wrong, and expressions.";
    crate_.finish(&gym, "gym", about, MANIFEST)?;
    println!("==> gym: {golden} golden cases, {failures} failures of other generators");
    println!("{suite}{expressions}");
    let cargo = |words: &[&str]| {
        let mut cargo = cargo_in(&gym);
        cargo.args(words);
        cargo
    };
    run(
        "gym: clippy, with the lints of api",
        &mut cargo(&["clippy", "--quiet", "--", "-D", "warnings"]),
    )?;
    run_kept(
        "gym: the JSON Schema test suite, failures of other generators, and expressions",
        "gym",
        &mut cargo(&[
            "test",
            "--features",
            "testing",
            "--test",
            "suite",
            "--test",
            "conformance",
            "--test",
            "cel",
            "--",
            "--nocapture",
        ]),
    )
}

/// A module for each golden case; tells how many.
fn golden(crate_: &mut Crate) -> Result<usize, Failed> {
    let folder = root().join("tests/golden");
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(Failed::at(folder.display()))? {
        let path = entry.map_err(Failed::at(folder.display()))?.path();
        if path.join("spec.yaml").exists() {
            cases.push(path);
        }
    }
    cases.sort();
    for case in &cases {
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        let spec = case.join("spec.yaml");
        let text = std::fs::read_to_string(&spec).map_err(Failed::at(spec.display()))?;
        let plan = planned("spec.yaml", &text)
            .map_err(|wrong| Failed(format!("golden case {name}: {wrong:?}")))?;
        crate_.module(&format!("case_{}", name.replace('-', "_")), &plan);
    }
    match cases.len() {
        0 => Err(Failed(format!("no cases in {}", folder.display()))),
        count => Ok(count),
    }
}
