//! What bounds a value, wherever that is said: beside the type, by `format`, `pattern`, `enum` or `const`, in a part of
//! `allOf`, in every alternative, or behind a `$ref`.

use crate::openapi::{Additional, Kind, Schema, SchemaUse, formats};
use regex_syntax::hir::{Hir, Look};
use std::cell::RefCell;
use std::collections::HashMap;

/// Parts of parts are followed so far; what is deeper counts as bounded, so that nothing is said of what nobody looked at.
const DEEPEST: usize = 64;

/// What is known of every value that a schema admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub kind: Option<Kind>,
    /// A finite list of values.
    pub listed: bool,
    /// Of a string.
    pub length: bool,
    /// Of an array.
    pub items: bool,
    /// Of a number.
    pub low: bool,
    pub high: bool,
    /// A format that gives a number its range.
    pub range: bool,
    /// Never in a request, never in a reply.
    pub read_only: bool,
    pub write_only: bool,
    /// `format: password`.
    pub password: bool,
}

const KNOWN: Extent = Extent {
    kind: None,
    listed: true,
    length: true,
    items: true,
    low: true,
    high: true,
    range: true,
    read_only: false,
    write_only: false,
    password: false,
};

impl Extent {
    /// All of both holds.
    fn and(self, part: Extent) -> Extent {
        Extent {
            kind: self.kind.or(part.kind),
            listed: self.listed || part.listed,
            length: self.length || part.length,
            items: self.items || part.items,
            low: self.low || part.low,
            high: self.high || part.high,
            range: self.range || part.range,
            read_only: self.read_only || part.read_only,
            write_only: self.write_only || part.write_only,
            password: self.password || part.password,
        }
    }

    /// One of both holds.
    fn or(self, other: Extent) -> Extent {
        Extent {
            kind: self.kind.filter(|kind| other.kind == Some(*kind)),
            listed: self.listed && other.listed,
            length: self.length && other.length,
            items: self.items && other.items,
            low: self.low && other.low,
            high: self.high && other.high,
            range: self.range && other.range,
            read_only: self.read_only && other.read_only,
            write_only: self.write_only && other.write_only,
            password: self.password && other.password,
        }
    }
}

/// Extents of components, each looked at once.
pub(super) struct Extents<'a> {
    components: &'a HashMap<&'a str, &'a Schema>,
    known: RefCell<HashMap<&'a str, Extent>>,
}

impl<'a> Extents<'a> {
    pub(super) fn new(components: &'a HashMap<&'a str, &'a Schema>) -> Extents<'a> {
        Extents {
            components,
            known: RefCell::default(),
        }
    }

    pub(super) fn of(&self, schema: &'a Schema) -> Extent {
        self.schema(schema, 0)
    }

    pub(super) fn of_use(&self, used: &'a SchemaUse) -> Extent {
        self.used(used, 0)
    }

    fn used(&self, used: &'a SchemaUse, depth: usize) -> Extent {
        if depth > DEEPEST {
            return KNOWN;
        }
        match used {
            SchemaUse::Inline(schema) => self.schema(schema, depth),
            // Who may send or read it is said beside the use as well.
            SchemaUse::Component { name, beside, .. } => {
                let mut extent = self.component(name, depth);
                extent.read_only |= beside.read_only;
                extent.write_only |= beside.write_only;
                extent
            }
        }
    }

    fn component(&self, name: &'a str, depth: usize) -> Extent {
        if let Some(extent) = self.known.borrow().get(name) {
            return *extent;
        }
        // What could not be read has been refused, and a schema within itself adds nothing to itself.
        self.known.borrow_mut().insert(name, KNOWN);
        let Some(schema) = self.components.get(name) else {
            return KNOWN;
        };
        let extent = self.schema(schema, depth.saturating_add(1));
        self.known.borrow_mut().insert(name, extent);
        extent
    }

    fn schema(&self, schema: &'a Schema, depth: usize) -> Extent {
        if depth > DEEPEST {
            return KNOWN;
        }
        let deeper = depth.saturating_add(1);
        let mut extent = own(schema);
        for part in schema.all_of() {
            extent = extent.and(self.used(part, deeper));
        }
        let alternatives = schema.alternatives();
        let any = alternatives
            .map(|each| self.used(each, deeper))
            .reduce(Extent::or);
        any.map_or(extent, |any| extent.and(any))
    }
}

fn own(schema: &Schema) -> Extent {
    let format = schema.format.as_ref().map(|format| format.value.as_str());
    let pattern = schema.pattern.as_ref();
    // A list of values bounds whatever they are.
    let listed = schema.enumeration.is_some() || schema.constant.is_some();
    Extent {
        kind: schema.kind.as_ref().map(|kind| kind.value),
        listed,
        length: listed
            || schema.max_length.is_some()
            || format.is_some_and(is_short)
            || pattern.is_some_and(|pattern| is_finite(&pattern.value)),
        items: listed || schema.max_items.is_some(),
        low: listed || schema.minimum.is_some(),
        high: listed || schema.maximum.is_some(),
        range: matches!(format, Some("float" | "double"))
            || format.is_some_and(|format| formats::integers(format).is_some()),
        read_only: schema.read_only,
        write_only: schema.write_only,
        password: format == Some("password"),
    }
}

/// Formats whose texts cannot be long: by their grammar, or by what names and addresses may have (RFC 1035, RFC 5321).
fn is_short(format: &str) -> bool {
    matches!(
        format,
        "uuid"
            | "date"
            | "date-time"
            | "time"
            | "ipv4"
            | "ipv6"
            | "email"
            | "idn-email"
            | "hostname"
            | "idn-hostname"
    )
}

/// Whether a text that matches has a greatest length. A pattern that cannot be taken apart is refused elsewhere, and
/// nothing is said of it here.
fn is_finite(pattern: &str) -> bool {
    let Some(hir) = parse(pattern) else {
        return true;
    };
    is_anchored_hir(&hir) && hir.properties().maximum_len().is_some()
}

/// Whether a pattern speaks of the whole text, not only of some part of it; `None` when it cannot be taken apart.
pub(super) fn is_anchored(pattern: &str) -> Option<bool> {
    parse(pattern).map(|hir| is_anchored_hir(&hir))
}

fn parse(pattern: &str) -> Option<Hir> {
    let rust = jsonschema_regex::to_rust_regex(pattern).ok()?;
    regex_syntax::Parser::new().parse(&rust).ok()
}

fn is_anchored_hir(hir: &Hir) -> bool {
    hir.properties().look_set_prefix().contains(Look::Start)
        && hir.properties().look_set_suffix().contains(Look::End)
}

/// Whether members that nobody named are admitted.
pub(super) fn is_open(schema: &Schema) -> bool {
    matches!(schema.additional, Additional::Open(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_bound() {
        for pattern in ["^[a-z]{3,8}$", "^a?b?$", "^(a|bc)$", "^$", r"^\d{4}-\d{2}$"] {
            assert!(is_finite(pattern), "{pattern}");
        }
        for pattern in [
            "[a-z]{3,8}",
            "^[a-z]{3,8}",
            "[a-z]{3,8}$",
            "^a+$",
            "^a*$",
            "^a|b$",
            "^a{3,}$",
        ] {
            assert!(!is_finite(pattern), "{pattern}");
        }
    }

    #[test]
    fn patterns_that_speak_of_the_whole() {
        assert_eq!(is_anchored("^a+$"), Some(true));
        assert_eq!(is_anchored("^(a|b)$"), Some(true));
        assert_eq!(is_anchored("^a$|^b$"), Some(true));
        assert_eq!(is_anchored("^a|b$"), Some(false));
        assert_eq!(is_anchored("a"), Some(false));
        assert_eq!(is_anchored("("), None);
    }
}
