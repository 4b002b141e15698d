//! Enumerations of strings.

use super::codes;
use super::types::{Builder, Found, Used};
use super::{Shape, ValueKind};
use crate::document::{Node, Value};
use crate::openapi::Schema;
use crate::policy::gaps;
use std::collections::HashSet;

impl<'p> Builder<'p, '_, '_> {
    /// An enumeration of strings. Whether null is one of them is exact in 3.0 and 3.1: it must be listed *and* allowed.
    pub(super) fn words(&mut self, used: Used<'p>, name: &str) -> Option<Found> {
        let schema = used.schema;
        let (words, null) = self.word_list(schema)?;
        let id = match used
            .component
            .and_then(|component| self.built.get(component).copied().flatten())
        {
            Some(id) => id,
            None => {
                let id = self.add(schema, used.component.unwrap_or(name), Shape::Words(words));
                if let Some(component) = used.component {
                    self.built.insert(component, Some(id));
                }
                id
            }
        };
        Some(Found {
            value: ValueKind::Named(id),
            nullable: null || used.said_null(),
        })
    }

    /// The words, and whether null may stand for one.
    pub(super) fn word_list(&mut self, schema: &'p Schema) -> Option<(Vec<String>, bool)> {
        let constrained = schema.min_length.as_ref().map(|each| each.place);
        let constrained = constrained.or(schema.max_length.as_ref().map(|each| each.place));
        let constrained = constrained.or(schema.pattern.as_ref().map(|each| each.place));
        let constrained = constrained.or(schema.format.as_ref().map(|each| each.place));
        let both = schema
            .enumeration
            .as_ref()
            .and(schema.constant.as_ref())
            .map(|node| node.place);
        if let Some(place) = constrained.or(both) {
            self.report.gap(&gaps::ENUM_BESIDE, place);
            return None;
        }
        let nodes: Vec<&Node> = match (&schema.enumeration, &schema.constant) {
            (Some(words), _) => words.value.iter().collect(),
            (None, constant) => constant.iter().collect(),
        };
        let mut words: Vec<String> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        let mut null = false;
        for node in nodes {
            match &node.value {
                Value::String(word) => {
                    if !known.insert(word) {
                        // The reader refuses it; this is the second lock.
                        if self.report.is_clean() {
                            let message = format!("`{word}` is listed twice");
                            self.report
                                .error(codes::WORD_TWICE, node.place, message, "remove one");
                        }
                        return None;
                    }
                    words.push(word.clone());
                }
                Value::Null => null = true,
                _ => {
                    self.report.gap(&gaps::ENUM_KIND, node.place);
                    return None;
                }
            }
        }
        if words.is_empty() {
            self.report.gap(&gaps::ENUM_KIND, schema.place);
            return None;
        }
        Some((words, schema.nullable && null))
    }
}
