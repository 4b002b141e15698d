//! Bounds of a schema: numbers as they are written, counts, and whether anything can meet them.

use std::cmp::Ordering;

use super::codes;
use super::gaps;
use super::object::Object;
use super::reader::Reader;
use super::{Bound, Schema, Spanned, Version};
use crate::decimal::Decimal;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place, Value};

/// Which end a bound closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Lower,
    Upper,
}

impl End {
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            End::Lower => ("minimum", "exclusiveMinimum"),
            End::Upper => ("maximum", "exclusiveMaximum"),
        }
    }
}

impl<'d> Reader<'_, 'd> {
    /// `minimum` and `exclusiveMinimum`, or their upper counterparts, as one bound.
    pub(super) fn bound(&mut self, object: &Object<'d>, end: End) -> Option<Bound> {
        let (inclusive, exclusive) = end.keys();
        let plain = object
            .get(inclusive)
            .and_then(|node| self.number(node, inclusive))
            .map(|lexeme| (lexeme, false));
        match self.version {
            Version::V30 => {
                let flag = self.flag(object, exclusive);
                if let (Some((key, _)), None) = (object.map.entry(exclusive), object.get(inclusive))
                {
                    let message = format!("`{exclusive}` does nothing without `{inclusive}`");
                    let help = format!("add `{inclusive}`, or remove it");
                    self.fail(codes::INAPPLICABLE, key.place, message, help);
                }
                plain.map(|(lexeme, _)| Bound {
                    exclusive: flag,
                    ..lexeme
                })
            }
            Version::V31 => {
                let strict = object.get(exclusive).and_then(|node| {
                    let bound = self.number(node, exclusive)?;
                    Some(Bound {
                        exclusive: true,
                        ..bound
                    })
                });
                match (plain.map(|(bound, _)| bound), strict) {
                    (Some(plain), Some(strict)) => self.stricter(plain, strict, end),
                    (plain, strict) => plain.or(strict),
                }
            }
        }
    }

    /// The one of two bounds of the same end that admits less; at the same number the exclusive one does.
    pub(super) fn stricter(&mut self, plain: Bound, strict: Bound, end: End) -> Option<Bound> {
        let order = self.compare(&plain, &strict)?;
        let plain_is_stricter = match end {
            End::Lower => order == Ordering::Greater,
            End::Upper => order == Ordering::Less,
        };
        Some(if plain_is_stricter { plain } else { strict })
    }

    fn compare(&mut self, one: &Bound, other: &Bound) -> Option<Ordering> {
        let read = (Decimal::parse(&one.lexeme), Decimal::parse(&other.lexeme));
        match read {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            (first, _) => {
                let place = if first.is_none() {
                    one.place
                } else {
                    other.place
                };
                self.gap(&gaps::EXACTNESS, place, "");
                None
            }
        }
    }

    fn number(&mut self, node: &Node, what: &str) -> Option<Bound> {
        match &node.value {
            Value::Number(lexeme) => Some(Bound {
                lexeme: lexeme.clone(),
                exclusive: false,
                place: node.place,
            }),
            _ => {
                let message = format!("`{what}` must be a number, not {}", node.kind());
                let diagnostic = Diagnostic::new(codes::KIND, node.place, message);
                let is_flag = what.starts_with("exclusive") && node.as_bool().is_some();
                self.push(if is_flag {
                    diagnostic.help("from OpenAPI 3.1 it is the bound itself, not a boolean")
                } else {
                    diagnostic.help("write a number, without quotes")
                });
                None
            }
        }
    }

    pub(super) fn multiple_of(&mut self, object: &Object<'d>) -> Option<Spanned<String>> {
        let node = object.get("multipleOf")?;
        let number = self.number(node, "multipleOf")?;
        match Decimal::parse(&number.lexeme) {
            Some(decimal) if decimal.is_positive() => {}
            Some(_) => {
                let message = "`multipleOf` must be more than 0";
                self.fail(
                    codes::VALUE,
                    node.place,
                    message,
                    "write a step, or remove it",
                );
            }
            None => self.gap(&gaps::EXACTNESS, node.place, ""),
        }
        Some(Spanned {
            value: number.lexeme,
            place: node.place,
        })
    }

    /// A whole number of 0 or more.
    pub(super) fn count(&mut self, object: &Object<'d>, key: &'static str) -> Option<Spanned<u64>> {
        let node = object.get(key)?;
        let number = self.number(node, key)?;
        let count = Decimal::parse(&number.lexeme).and_then(|decimal| decimal.as_count());
        if count.is_none() {
            let message = format!("`{key}` must be a whole number of 0 or more");
            let help = "write it without a sign and a fraction";
            self.fail(codes::VALUE, node.place, message, help);
        }
        Some(Spanned {
            value: count?,
            place: node.place,
        })
    }

    /// Refuses bounds that nothing can meet.
    pub(super) fn check_bounds(&mut self, schema: &Schema) {
        let counts = [
            ("Length", &schema.min_length, &schema.max_length),
            ("Items", &schema.min_items, &schema.max_items),
            ("Properties", &schema.min_properties, &schema.max_properties),
        ];
        for (what, least, most) in counts {
            if let (Some(least), Some(most)) = (least, most)
                && least.value > most.value
            {
                let message = format!("`min{what}` is more than `max{what}`");
                self.contradiction(least.place, most.place, message);
            }
        }
        if let (Some(least), Some(most)) = (&schema.minimum, &schema.maximum) {
            let open = least.exclusive || most.exclusive;
            match self.compare(least, most) {
                Some(Ordering::Greater) => {
                    let message = "the lower bound is more than the upper bound".to_owned();
                    self.contradiction(least.place, most.place, message);
                }
                Some(Ordering::Equal) if open => {
                    let message = "no number lies between the bounds".to_owned();
                    self.contradiction(least.place, most.place, message);
                }
                _ => {}
            }
        }
    }

    fn contradiction(&mut self, place: Place, other: Place, message: String) {
        let diagnostic = Diagnostic::new(codes::CONTRADICTION, place, message);
        let help = "correct one of the two: no value would be accepted";
        self.push(diagnostic.related(other, "the other bound").help(help));
    }
}
