//! The stages, one after the other: from a document to the plan of a service.

use super::screen::Screen;
use super::stop::Stop;
use super::target::Spec;
use crate::diagnostic::{Diagnostics, escape};
use crate::document::{self, Document, LoadError};
use crate::plan::{Access, Plan};
use crate::{openapi, policy};
use std::io::Read;
use std::path::PathBuf;

/// More than the loader takes, so that the refusal is the loader's.
const STDIN_BYTES: u64 = 64 * 1024 * 1024 + 1;

/// The plan of the document, or its diagnostics, rendered.
pub fn plan(spec: &Spec, screen: &Screen) -> Result<Plan, Stop> {
    planned(spec, screen).map(|(plan, _)| plan)
}

/// The same, and every file that the document was read from.
pub fn planned(spec: &Spec, screen: &Screen) -> Result<(Plan, Vec<PathBuf>), Stop> {
    let document = screen.timed("document", || read(spec, screen))?;
    let mut diagnostics = Diagnostics::default();
    let api = screen.timed("openapi", || openapi::read(&document, &mut diagnostics));
    let policy = screen.timed("policy", || {
        api.as_ref()
            .and_then(|api| policy::read(api, &mut diagnostics))
    });
    let plan = screen.timed("plan", || {
        let (api, policy) = (api.as_ref()?, policy.as_ref()?);
        crate::plan::build(api, policy, &spec.name(), &mut diagnostics)
    });
    match plan {
        Some(plan) if diagnostics.is_empty() => Ok((plan, files(spec, &document))),
        None if diagnostics.is_empty() => Err(Stop::Trouble(
            "palisade gave this document up and did not say why; that is a defect of palisade"
                .to_owned(),
        )),
        _ => Err(Stop::Invalid(screen.format.diagnostics(
            &diagnostics,
            &document,
            screen.color(),
        ))),
    }
}

fn files(spec: &Spec, document: &Document) -> Vec<PathBuf> {
    match spec {
        Spec::Stdin => Vec::new(),
        // The first source by its path as it was given: its name may have lost what is not UTF-8.
        Spec::File(path) => std::iter::once(path.clone())
            .chain(document.sources.names().skip(1).map(PathBuf::from))
            .collect(),
    }
}

fn read(spec: &Spec, screen: &Screen) -> Result<Document, Stop> {
    let loaded = match spec {
        Spec::Stdin => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(STDIN_BYTES)
                .read_to_end(&mut bytes)
                .map_err(|error| Stop::Trouble(format!("cannot read stdin: {error}")))?;
            document::from_bytes("stdin", bytes)
        }
        Spec::File(path) => {
            // What is wrong with the path is usage; what is wrong with the text is the document's.
            let trouble = |why: &dyn std::fmt::Display| {
                Stop::Trouble(format!("cannot read {}: {why}", path.display()))
            };
            let file = std::fs::File::open(path).map_err(|error| trouble(&error))?;
            let found = file.metadata().map_err(|error| trouble(&error))?;
            if found.is_dir() {
                return Err(trouble(&"it is a folder"));
            }
            document::from_reader(&path.display().to_string(), file)
        }
    };
    loaded
        .map_err(|error: LoadError| Stop::Invalid(screen.format.load_error(&error, screen.color())))
}

/// Tells which operations nobody can call, and why: the person may have forgotten to declare who can.
pub fn tell_denied(plan: &Plan, screen: &Screen) {
    let denied: Vec<String> = plan
        .operations
        .iter()
        .filter_map(|operation| match &operation.access {
            Access::Denied { why } => Some(format!(
                "\n  {} ({} {}): {}",
                escape(&operation.id),
                operation.method,
                escape(&operation.path),
                escape(why)
            )),
            Access::Public { .. } | Access::Caller(_) => None,
        })
        .collect();
    if !denied.is_empty() {
        let (them, verb) = match denied.len() {
            1 => ("operation", "is"),
            _ => ("operations", "are"),
        };
        screen.note(&format!(
            "{} {them} {verb} denied to everyone:{}",
            denied.len(),
            denied.concat()
        ));
    }
}
