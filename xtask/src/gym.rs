//! The gym: every golden case and the JSON Schema test suite as modules of one crate, which is linted and run once.
//!
//! It is written to `target/gym`. A case is a module, emitted as `api` is, with the lints of `api`; the suite is two more
//! modules, one an OpenAPI version, and a test that sends every instance to them ([`suite`]).

mod cases;
mod suite;

use crate::emitted::cargo_in;
use crate::steps::{Failed, root, run, run_kept};
use palisade::diagnostic::Diagnostics;
use palisade::document::{Document, from_text};
use palisade::emit::{Files, rust, text};
use palisade::plan::Plan;
use palisade::{openapi, plan, policy};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// What is wrong with a document, in the order in which it was found: code and message.
type Wrong = Vec<(u16, String)>;

pub fn hold() -> Result<(), Failed> {
    let gym = root().join("target/gym");
    let mut crate_ = Crate::default();
    let golden = golden(&mut crate_)?;
    let suite = suite::write(&mut crate_)?;
    crate_.finish(&gym)?;
    println!("==> gym: {golden} golden cases");
    println!("{suite}");
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
        "gym: the JSON Schema test suite",
        "gym",
        &mut cargo(&[
            "test",
            "--features",
            "testing",
            "--test",
            "suite",
            "--",
            "--nocapture",
        ]),
    )
}

/// The crate as it will be written: paths below its folder, and its modules.
#[derive(Default)]
struct Crate {
    files: BTreeMap<String, String>,
    modules: Vec<String>,
}

impl Crate {
    /// Adds what is emitted for a plan as the module `name`.
    fn module(&mut self, name: &str, plan: &Plan) {
        let mut files = Files::new();
        rust::api(plan, &format!("crate::{name}"), &mut files);
        for (path, file) in files {
            let Some(path) = path.strip_prefix("api/src/") else {
                continue;
            };
            let path = match path {
                "lib.rs" => "mod.rs",
                path => path,
            };
            self.files.insert(format!("src/{name}/{path}"), file.text);
        }
        self.modules.push(name.to_owned());
    }

    /// Writes what changed and removes what is gone, so that cargo builds no more than it must.
    fn finish(mut self, gym: &Path) -> Result<(), Failed> {
        let mut lib =
            "//! Every golden case, and the JSON Schema test suite.\n#![forbid(unsafe_code)]\n\n"
                .to_owned();
        for module in &self.modules {
            let _ = writeln!(lib, "#[rustfmt::skip]\npub mod {module};");
        }
        self.files.insert("src/lib.rs".to_owned(), lib);
        self.files.insert("Cargo.toml".to_owned(), manifest()?);
        let read = |path: &Path| std::fs::read_to_string(path).map_err(Failed::at(path.display()));
        // The versions that a generated project is tested with.
        self.files.insert(
            "Cargo.lock".to_owned(),
            read(&root().join("generated-example/Cargo.lock"))?,
        );
        for folder in ["src", "tests"] {
            for old in crate::emitted::files(&gym.join(folder), "")? {
                let name = old.strip_prefix(gym).unwrap_or(&old).to_string_lossy();
                if !self.files.contains_key(&name.replace('\\', "/")) {
                    std::fs::remove_file(&old).map_err(Failed::at(old.display()))?;
                }
            }
        }
        for (path, text) in &self.files {
            let path = gym.join(path);
            // cargo completes the lock; it stays as long as it is there.
            let lock = path.ends_with("Cargo.lock") && path.exists();
            if lock || std::fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                continue;
            }
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(Failed::at(folder.display()))?;
            }
            std::fs::write(&path, text).map_err(Failed::at(path.display()))?;
        }
        Ok(())
    }
}

/// The emitted `api/Cargo.toml`, with another name, the shield where it is here, and what the test of the suite needs.
fn manifest() -> Result<String, Failed> {
    let plan = planned(
        "gym.yaml",
        "openapi: 3.1.0\ninfo: { title: Gym, version: '1' }\npaths: {}\n",
    )
    .map_err(|wrong| Failed(format!("a document without operations: {wrong:?}")))?;
    let mut files = Files::new();
    text::project(&plan, "gym", &mut files);
    let emitted = files
        .get("api/Cargo.toml")
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    let shield = root().join("templates/shield").display().to_string();
    let changes = [
        ("name = \"api\"", "name = \"gym\"".to_owned()),
        ("path = \"../shield\"", format!("path = {shield:?}")),
    ];
    let mut manifest = emitted.to_owned();
    for (old, new) in changes {
        if !emitted.contains(old) {
            return Err(Failed(format!("api/Cargo.toml has no {old}")));
        }
        manifest = manifest.replace(old, &new);
    }
    manifest.push_str(
        "\n[workspace]\n\n[dev-dependencies]\nserde_json = \"1\"\n\n[[test]]\nname = \"suite\"\nrequired-features = [\"testing\"]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n",
    );
    Ok(manifest)
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

/// The plan of a document, or everything that is wrong with it.
fn planned(name: &str, text: &str) -> Result<Plan, Wrong> {
    let document: Document =
        from_text(name, text).map_err(|error| vec![(1000, format!("{error:?}"))])?;
    let mut diagnostics = Diagnostics::default();
    let api = openapi::read(&document, &mut diagnostics);
    let policy = api
        .as_ref()
        .and_then(|api| policy::read(api, &mut diagnostics));
    let plan = match (&api, &policy) {
        (Some(api), Some(policy)) => plan::build(api, policy, name, &mut diagnostics),
        _ => None,
    };
    match plan {
        Some(plan) if diagnostics.is_empty() => Ok(plan),
        _ => Err(diagnostics
            .iter()
            .map(|each| (each.code, each.message.clone()))
            .collect()),
    }
}
