//! The stages, one after the other: from a document to the plan of a service.

use super::screen::Screen;
use super::stop::Stop;
use super::target::Spec;
use crate::audit::Findings;
use crate::diagnostic::Diagnostics;
use crate::document::{self, Document, LoadError};
use crate::openapi::Api;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::{audit, openapi, policy};
use std::io::Read;
use std::path::PathBuf;

/// More than the loader takes, so that the refusal is the loader's.
const STDIN_BYTES: u64 = 64 * 1024 * 1024 + 1;

/// What the stages made of a document, as far as each came, and what they found wrong.
pub struct Stages {
    pub document: Document,
    pub api: Option<Api>,
    pub policy: Option<Policy>,
    pub plan: Option<Plan>,
    pub diagnostics: Diagnostics,
}

impl Stages {
    /// What there is to say about the document.
    pub fn findings(&self, screen: &Screen) -> Findings {
        let read = self.api.as_ref().zip(self.policy.as_ref());
        screen.timed("audit", || {
            audit::audit(&self.document, read, &self.diagnostics)
        })
    }

    /// Nothing is wrong, or the diagnostics, rendered.
    pub fn whole(self, screen: &Screen) -> Result<Stages, Stop> {
        if self.diagnostics.is_empty() {
            return Ok(self);
        }
        let (found, color) = (&self.diagnostics, screen.color());
        let rendered = screen.format.diagnostics(found, &self.document, color);
        Err(Stop::Invalid(rendered))
    }

    /// The plan, and every file that the document was read from.
    pub fn planned(self, spec: &Spec) -> Result<(Plan, Vec<PathBuf>), Stop> {
        let sources = files(spec, &self.document);
        let plan = self.plan.ok_or_else(|| {
            Stop::Trouble(
                "palisade gave this document up and did not say why; that is a defect of palisade"
                    .to_owned(),
            )
        })?;
        Ok((plan, sources))
    }
}

/// The plan of the document, or its diagnostics, rendered.
pub fn plan(spec: &Spec, screen: &Screen) -> Result<Plan, Stop> {
    planned(spec, screen).map(|(plan, _)| plan)
}

/// The same, and every file that the document was read from.
pub fn planned(spec: &Spec, screen: &Screen) -> Result<(Plan, Vec<PathBuf>), Stop> {
    stages(spec, screen)?.whole(screen)?.planned(spec)
}

/// All stages, as far as they come; a document that cannot be loaded is its diagnostics, rendered.
pub fn stages(spec: &Spec, screen: &Screen) -> Result<Stages, Stop> {
    let loaded = screen.timed("document", || load(spec))?;
    let document =
        loaded.map_err(|error| Stop::Invalid(screen.format.load_error(&error, screen.color())))?;
    Ok(further(document, spec, screen))
}

/// The stages after the first.
pub fn further(document: Document, spec: &Spec, screen: &Screen) -> Stages {
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
    Stages {
        document,
        api,
        policy,
        plan,
        diagnostics,
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

/// The document, or why it cannot be loaded. What is wrong with the path ends the command.
pub fn load(spec: &Spec) -> Result<Result<Document, LoadError>, Stop> {
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
    Ok(loaded)
}
