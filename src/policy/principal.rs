//! `principal` and `resources.X.attributes`: what policies know of callers and objects.

use super::auth::is_pointer;
use super::codes;
use super::model::{Attribute, AttributeKind, Scheme};
use super::reader;
use super::report::Report;
use super::vocabulary::{ATTRIBUTE, FACT_KINDS, KINDS, Word, syntax};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Node};

/// Reads `x-security.principal`.
pub(super) fn read(node: &Node, report: &mut Report) -> Vec<Attribute> {
    let Some(map) = reader::entries(node, "`principal`", report) else {
        return Vec::new();
    };
    let mut attributes = Vec::new();
    for (key, node) in &map.entries {
        is_name(key, report);
        let Some(entry) = reader::mapping(node, &ATTRIBUTE, report) else {
            continue;
        };
        let what = format!("the attribute `{}`", key.text);
        let from = reader::required(entry, "from", &what, key.place, report);
        let from = from.and_then(|node| Some((reader::text(node, "`from`", report)?, node.place)));
        let kind = reader::required(entry, "kind", &what, key.place, report);
        let kind = kind.and_then(|node| kind_of(node, KINDS, report));
        let required = entry
            .get("required")
            .and_then(|node| reader::boolean(node, "`required`", report));
        let (Some((from, place)), Some(kind)) = (from, kind) else {
            continue;
        };
        if !is_pointer(from) {
            let message = format!("`{from}` is not a JSON Pointer");
            report.error(
                codes::POINTER,
                place,
                message,
                "write it like `/department`",
            );
            continue;
        }
        attributes.push(Attribute {
            name: key.text.clone(),
            place: key.place,
            kind,
            from: from.to_owned(),
            required: required.unwrap_or(false),
        });
    }
    attributes
}

/// Tokens of this service say nothing beyond who it is for: it would refuse all that it has issued.
pub(super) fn issued(principal: &[Attribute], schemes: &[Scheme], report: &mut Report) {
    let Some(scheme) = schemes.iter().find(|scheme| scheme.is_issued()) else {
        return;
    };
    for attribute in principal.iter().filter(|each| each.required) {
        let message = format!(
            "`{}` is required, and the tokens that this service issues do not have it",
            attribute.name
        );
        report.push(
            Diagnostic::new(codes::REQUIRED_OF_ISSUED, attribute.place, message)
                .related(scheme.place, "they are of this scheme")
                .help("remove `required`: without the attribute, a policy that reads it says no"),
        );
    }
}

/// Reads `attributes` of a resource: names with kinds.
pub(super) fn of_resource(node: &Node, report: &mut Report) -> Vec<Attribute> {
    let Some(map) = reader::entries(node, "`attributes`", report) else {
        return Vec::new();
    };
    let mut attributes = Vec::new();
    for (key, node) in &map.entries {
        is_name(key, report);
        attributes.extend(kind_of(node, FACT_KINDS, report).map(|kind| Attribute {
            name: key.text.clone(),
            place: key.place,
            kind,
            from: String::new(),
            required: false,
        }));
    }
    attributes
}

fn kind_of(node: &Node, words: &'static [Word], report: &mut Report) -> Option<AttributeKind> {
    Some(
        match reader::choice(node, "the kind of an attribute", words, report)? {
            "integer" => AttributeKind::Integer,
            "boolean" => AttributeKind::Boolean,
            "uuid" => AttributeKind::Uuid,
            "strings" => AttributeKind::Strings,
            "time" => AttributeKind::Time,
            _ => AttributeKind::String,
        },
    )
}

/// A name that an expression can spell, and that nothing else has.
fn is_name(key: &Key, report: &mut Report) {
    let text = key.text.as_str();
    let mut letters = text.chars();
    let spelled = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if !spelled {
        let message = format!("`{text}` cannot be the name of an attribute");
        let help = "use ASCII letters, digits and `_`, a letter first";
        report.error(codes::ATTRIBUTE_NAME, key.place, message, help);
    } else if syntax::RESERVED_ATTRIBUTES.contains(&text) {
        let message = format!("`{text}` is what every caller or object has");
        report.error(
            codes::ATTRIBUTE_NAME,
            key.place,
            message,
            "choose another name",
        );
    }
}
