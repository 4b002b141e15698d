//! Reader, schema and pages are of one vocabulary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub(crate) mod agreement;
mod keys;
mod mutation;
mod samples;

use super::{pages, schema};
use crate::policy::vocabulary::{LEVELS, OPERATION, PROPERTY, ROOT, Shelf, syntax};
use std::path::{Path, PathBuf};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_schema_is_a_schema() {
    jsonschema::draft202012::meta::validate(&schema()).unwrap();
    let schema = schema();
    for (level, _) in LEVELS {
        assert!(schema["$defs"][level].is_object(), "{level}");
    }
}

#[test]
fn every_reference_of_the_schema_leads_somewhere() {
    let schema = schema();
    let text = schema.to_string();
    let names: Vec<&str> = text
        .split("\"#/$defs/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(names.len() > 50, "{}", names.len());
    for name in names {
        assert!(schema["$defs"][name].is_object(), "{name}");
    }
}

#[test]
fn the_core_has_thirteen_keys() {
    let core: Vec<&str> = [&ROOT, &OPERATION, &PROPERTY]
        .iter()
        .flat_map(|mapping| mapping.keys)
        .filter(|key| key.shelf == Shelf::Core && key.name != "reason")
        .map(|key| key.name)
        .collect();
    assert_eq!(core.len(), 13, "{core:?}");
}

#[test]
fn the_pages_are_what_the_tables_say() {
    for page in pages() {
        let found = std::fs::read_to_string(repository().join(page.path)).unwrap_or_default();
        assert!(
            found == page.text,
            "{} is stale: `cargo xtask docs` writes it anew",
            page.path
        );
    }
}

#[test]
fn examples_are_what_they_are_examples_of() {
    for syntax in syntax::ALL {
        let schema = serde_json::json!({ "pattern": syntax.pattern });
        assert!(
            jsonschema::is_valid(&schema, &syntax.example.into()),
            "{}",
            syntax.name
        );
    }
}

/// Specifications and golden cases, whatever becomes of them.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![
        repository().join("specs"),
        repository().join("tests/golden"),
        repository().join("docs/tutorial"),
    ];
    while let Some(here) = open.pop() {
        for entry in std::fs::read_dir(&here).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn reader_and_schema_agree_on_every_document_of_the_repository() {
    let mut held = 0;
    for path in documents() {
        // Some negative cases are no text.
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        held += usize::from(agreement::of_text(&path.display().to_string(), &text));
    }
    assert!(held >= 15, "only {held} documents could be read");
}
