//! Findings about a document: what a reviewer of the API would ask its author.
//!
//! A rule is a code, an item of the OWASP API Security Top 10, a severity, a sentence and a way out; a file holds a family
//! of them. Rules look at the model and the policy, also of documents that do not generate: what the stages refused is
//! among the findings, as errors.

mod access;
mod bounds;
mod extent;
mod facts;
mod finding;
mod inventory;
mod members;
mod names;
mod objects;
mod open;
mod rule;
mod schemas;
mod schemes;
mod service;
#[cfg(test)]
mod tests;
mod words;

pub use finding::{Finding, Findings, Site};
pub use rule::{Owasp, Rule, Severity};

use crate::diagnostic::Diagnostics;
use crate::document::{Document, LoadError, UNREADABLE};
use crate::openapi::Api;
use crate::policy::Policy;
use facts::Facts;
use finding::Found;
use std::collections::HashMap;

/// All rules, by code.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let families = [
        access::RULES,
        schemes::RULES,
        objects::RULES,
        members::RULES,
        open::RULES,
        bounds::RULES,
        service::RULES,
        inventory::RULES,
    ];
    families.into_iter().flatten().copied()
}

/// What there is to say about a document: what its stages refused, and what the rules find in what could be read of it.
pub fn audit(
    document: &Document,
    read: Option<(&Api, &Policy)>,
    diagnostics: &Diagnostics,
) -> Findings {
    let mut found = Found::default();
    if let Some((api, policy)) = read {
        let components: HashMap<_, _> = api
            .schemas
            .iter()
            .map(|(name, schema)| (name.value.as_str(), schema))
            .collect();
        let facts = Facts::new(api, policy, &components);
        for check in [
            access::check,
            schemes::check,
            objects::check,
            members::check,
            open::check,
            bounds::check,
            service::check,
            inventory::check,
        ] {
            check(&facts, &mut found);
        }
    }
    let api = read.map(|(api, _)| api);
    let text = (Some(&document.root), &document.sources);
    finding::collect(found, diagnostics, text, api)
}

/// What there is to say about a document that could not be loaded; `name` is what people call it.
pub fn audit_unloaded(name: &str, error: &LoadError) -> Findings {
    match error {
        LoadError::Unplaced { message, help } => {
            finding::unreadable(name, UNREADABLE, message, help.as_deref())
        }
        LoadError::Refused {
            diagnostics,
            sources,
        } => finding::collect(Found::default(), diagnostics, (None, sources), None),
    }
}
