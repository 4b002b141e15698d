//! Schemas that admit any JSON value, and say so in as many words: `{}`, `true`, or nothing but what is told about a value.
//!
//! A schema with an assertion and without `type` is none of them: somebody forgot something, and it is refused by name.

use super::Schema;
use super::object::Object;
use crate::document::{Node, Place};

/// What may stand in such a schema: none of it is an assertion (JSON Schema, Validation 9).
const TOLD: [&str; 11] = [
    "title",
    "description",
    "default",
    "deprecated",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "writeOnly",
    "xml",
    "$comment",
];

/// Whether a schema holds nothing that a value could break.
///
/// `nullable: true` of 3.0 agrees with that. Its `false` does not: whoever writes it means that there is no null.
pub(super) fn is_free(object: &Object<'_>) -> bool {
    object.map.entries.iter().all(|(key, value)| {
        let name = key.text.as_str();
        let nullable = name == "nullable" && value.as_bool() == Some(true);
        TOLD.contains(&name) || name.starts_with("x-") || nullable
    })
}

/// `true`, the schema that every value is of.
pub(super) fn is_true(node: &Node) -> bool {
    node.as_bool() == Some(true)
}

/// The schema that `true` is.
pub(super) fn anything(place: Place) -> Schema {
    Schema {
        free: true,
        ..Schema::silent(place)
    }
}
