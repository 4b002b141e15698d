//! Many apis in one crate: what is emitted for a document as a module, the lints of `api`, one build.

use crate::emitted::files;
use crate::steps::{Failed, root};
use palisade::diagnostic::Diagnostics;
use palisade::document::{Document, from_text};
use palisade::emit::{Files, rust, text};
use palisade::plan::Plan;
use palisade::{openapi, plan, policy};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// What is wrong with a document, in the order in which it was found: code and message.
pub type Wrong = Vec<(u16, String)>;

/// The crate as it will be written: paths below its folder, and its modules.
#[derive(Default)]
pub struct Crate {
    pub files: BTreeMap<String, String>,
    modules: Vec<String>,
}

impl Crate {
    /// Adds what is emitted for a plan as the module `name`.
    pub fn module(&mut self, name: &str, plan: &Plan) {
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

    /// Adds a module that is not emitted: its file is `src/NAME.rs`.
    pub fn beside(&mut self, name: &str, text: String) {
        self.files.insert(format!("src/{name}.rs"), text);
        self.modules.push(name.to_owned());
    }

    /// Writes what changed and removes what is gone, so that cargo builds no more than it must. The manifest is that of
    /// `api` with another name, and `more`.
    pub fn finish(
        mut self,
        folder: &Path,
        name: &str,
        about: &str,
        more: &str,
    ) -> Result<(), Failed> {
        let mut lib = format!("//! {about}\n#![forbid(unsafe_code)]\n#![deny(warnings)]\n\n");
        for module in &self.modules {
            let _ = writeln!(lib, "#[rustfmt::skip]\npub mod {module};");
        }
        self.files.insert("src/lib.rs".to_owned(), lib);
        self.files
            .insert("Cargo.toml".to_owned(), manifest(name, more)?);
        let read = |path: &Path| std::fs::read_to_string(path).map_err(Failed::at(path.display()));
        // The versions that a generated project is tested with.
        self.files.insert(
            "Cargo.lock".to_owned(),
            read(&root().join("generated-example/Cargo.lock"))?,
        );
        for part in ["src", "tests"] {
            for old in files(&folder.join(part), "")? {
                let name = old.strip_prefix(folder).unwrap_or(&old).to_string_lossy();
                if !self.files.contains_key(&name.replace('\\', "/")) {
                    std::fs::remove_file(&old).map_err(Failed::at(old.display()))?;
                }
            }
        }
        for (path, text) in &self.files {
            let path = folder.join(path);
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

/// The emitted `api/Cargo.toml`, with another name, the shield where it is here, and `more`.
fn manifest(name: &str, more: &str) -> Result<String, Failed> {
    let plan = planned(
        "empty.yaml",
        "openapi: 3.1.0\ninfo: { title: Empty, version: '1' }\npaths: {}\n",
    )
    .map_err(|wrong| Failed(format!("a document without operations: {wrong:?}")))?;
    let mut files = Files::new();
    text::project(&plan, name, &mut files);
    let emitted = files
        .get("api/Cargo.toml")
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    let shield = root().join("templates/shield").display().to_string();
    let changes = [
        ("name = \"api\"", format!("name = {name:?}")),
        // One of the documents asks for TLS.
        (
            "path = \"../shield\"",
            format!("path = {shield:?}, features = [\"tls\"]"),
        ),
    ];
    let mut manifest = emitted.to_owned();
    for (old, new) in changes {
        if !emitted.contains(old) {
            return Err(Failed(format!("api/Cargo.toml has no {old}")));
        }
        manifest = manifest.replace(old, &new);
    }
    manifest.push_str("\n[workspace]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n");
    manifest.push_str(more);
    Ok(manifest)
}

/// The plan of a document, or everything that is wrong with it.
pub fn planned(name: &str, text: &str) -> Result<Plan, Wrong> {
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
