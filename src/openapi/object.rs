//! Reading one object: its keys against the table, and its members with the kind they must have.

use super::codes;
use super::gaps::Gap;
use super::keys::{Role, Shape};
use super::reader::Reader;
use super::{Spanned, Version};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Map, Node, Place, Value};

/// The one extension of palisade.
pub(super) const EXTENSION: &str = "x-security";

/// Only for the words of [`Reader::check_extension`].
static UNREAD: Shape = Shape {
    name: "what only describes",
    extension: false,
    keys: &[],
};

/// An object whose keys were checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'d> {
    pub(super) map: &'d Map,
    pub(super) place: Place,
    pub(super) shape: &'static Shape,
}

impl<'d> Object<'d> {
    pub(super) fn get(&self, key: &str) -> Option<&'d Node> {
        self.map.get(key)
    }

    /// Its `x-security`.
    pub(super) fn extension(&self) -> Option<Node> {
        self.map.get(EXTENSION).cloned()
    }
}

impl<'d> Reader<'_, 'd> {
    /// `node` as an object of `shape`; every key is checked against the table.
    pub(super) fn object(&mut self, node: &'d Node, shape: &'static Shape) -> Option<Object<'d>> {
        let map = self.map(node, shape.name)?;
        for (key, value) in &map.entries {
            self.check_key(map, key, value, shape);
        }
        Some(Object {
            map,
            place: node.place,
            shape,
        })
    }

    /// `map` is the mapping that has the key.
    pub(super) fn check_key(&mut self, map: &Map, key: &Key, value: &Node, shape: &'static Shape) {
        if key.text.starts_with("x-") {
            return self.check_extension(key, shape);
        }
        let Some(rule) = shape.keys.iter().find(|rule| rule.name == key.text) else {
            // What is there already was not meant.
            let known = shape.keys.iter();
            let known = known.filter(|rule| self.has(rule.only) && map.get(rule.name).is_none());
            let extension = (shape.extension && map.get(EXTENSION).is_none()).then_some(EXTENSION);
            let candidates = known
                .map(|rule| rule.name)
                .chain(extension)
                .collect::<Vec<_>>();
            let message = format!("{} has no key `{}`", shape.name, key.text);
            let near = self.near(&key.text, candidates.into_iter());
            let diagnostic = Diagnostic::new(codes::UNKNOWN_KEY, key.place, message);
            if let Some(near) = near {
                self.meant.insert((first_place(map), near));
            }
            return self.push(match near {
                Some(near) => diagnostic.did_you_mean(&key.text, near),
                None => diagnostic.help("remove it, or call it `x-…` if it is an extension"),
            });
        };
        if let (false, Some(needed)) = (self.has(rule.only), rule.only) {
            let message = format!(
                "the key `{}` of {} needs OpenAPI {}; this document is {}",
                key.text,
                shape.name,
                number(needed),
                number(self.version)
            );
            let diagnostic = Diagnostic::new(codes::OTHER_VERSION, key.place, message);
            return self.push(match (key.text.as_str(), rule.role) {
                ("nullable", _) => diagnostic.help(
                    "remove it; where null is allowed, list it beside the type: `type: [string, 'null']`",
                ),
                ("const", _) => diagnostic.help("write an `enum` of one value"),
                // Of the other version it would be refused as well.
                (_, Role::Gap(gap) | Role::GapUnlessEmpty(gap)) => diagnostic.help(gap.way_out),
                _ => diagnostic.help(format!(
                    "remove it, or make the document one of OpenAPI {}",
                    number(needed)
                )),
            });
        }
        match rule.role {
            Role::Read => {}
            Role::Ignored => self.check_ignored(key, value),
            Role::GapUnlessEmpty(_) if is_empty(value) => {}
            Role::Gap(gap) | Role::GapUnlessEmpty(gap) => {
                self.gap(gap, key.place, &key.text);
            }
        }
    }

    /// What is not read holds no `x-security` either: it would be dropped without a word. Example values are data.
    fn check_ignored(&mut self, key: &Key, value: &Node) {
        const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];
        if DATA.contains(&key.text.as_str()) {
            return;
        }
        match &value.value {
            Value::Map(map) => {
                for (inner, value) in &map.entries {
                    if inner.text.starts_with("x-") {
                        self.check_extension(inner, &UNREAD);
                    } else {
                        self.check_ignored(inner, value);
                    }
                }
            }
            Value::List(list) => list.iter().for_each(|each| self.check_ignored(key, each)),
            _ => {}
        }
    }

    fn has(&self, only: Option<Version>) -> bool {
        only.is_none_or(|version| version == self.version)
    }

    /// An `x-` key: ours where it may stand, a near miss of ours nowhere, all others are not for us.
    pub(super) fn check_extension(&mut self, key: &Key, shape: &'static Shape) {
        if key.text == EXTENSION {
            if !shape.extension {
                self.push(
                    Diagnostic::new(
                        codes::MISPLACED_EXTENSION,
                        key.place,
                        format!("`{EXTENSION}` has no meaning in {}", shape.name),
                    )
                    .help("it belongs to the root, a path item, an operation, a parameter, a schema or a property"),
                );
            }
            return;
        }
        // Two edits change the length by two bytes at most; the check keeps long names from being compared.
        let lower = key.text.to_ascii_lowercase();
        if lower.len().abs_diff(EXTENSION.len()) <= 2
            && strsim::osa_distance(&lower, EXTENSION) <= 2
        {
            self.push(
                Diagnostic::new(
                    codes::MISSPELT_EXTENSION,
                    key.place,
                    format!("the extension `{}` is nearly `{EXTENSION}`", key.text),
                )
                .did_you_mean(&key.text, EXTENSION),
            );
        }
    }

    /// The entries of a mapping from names. With `extensions`, `x-` keys are no names but extensions of the mapping.
    pub(super) fn entries(
        &mut self,
        node: &'d Node,
        shape: &'static Shape,
        extensions: bool,
    ) -> Vec<(&'d Key, &'d Node)> {
        let Some(map) = self.map(node, shape.name) else {
            return Vec::new();
        };
        let mut named = Vec::with_capacity(map.entries.len());
        for (key, value) in &map.entries {
            if extensions && key.text.starts_with("x-") {
                self.check_extension(key, shape);
            } else {
                named.push((key, value));
            }
        }
        named
    }

    pub(super) fn map(&mut self, node: &'d Node, what: &str) -> Option<&'d Map> {
        let map = node.as_map();
        self.expect(map, node, what, "a mapping")
    }

    pub(super) fn list(&mut self, node: &'d Node, what: &str) -> Option<&'d [Node]> {
        let list = node.as_list();
        self.expect(list, node, what, "a list")
    }

    pub(super) fn text(&mut self, node: &'d Node, what: &str) -> Option<&'d str> {
        let text = node.as_str();
        if text.is_none() && !matches!(node.value, Value::List(_) | Value::Map(_)) {
            let help = match node.value {
                Value::Null => "fill it in, or remove it",
                _ => "write it in quotes",
            };
            let message = format!("{} must be a string, not {}", named(what), node.kind());
            self.fail(codes::KIND, node.place, message, help);
            return None;
        }
        self.expect(text, node, what, "a string")
    }

    fn expect<T>(&mut self, got: Option<T>, node: &Node, what: &str, kind: &str) -> Option<T> {
        if got.is_none() {
            let message = format!("{} must be {kind}, not {}", named(what), node.kind());
            let help = match kind {
                "a boolean" => "write `true` or `false`, without quotes".to_owned(),
                _ => format!("write {kind}"),
            };
            self.fail(codes::KIND, node.place, message, help);
        }
        got
    }

    /// The text of `key`, when the object has it.
    pub(super) fn optional_text(
        &mut self,
        object: &Object<'d>,
        key: &'static str,
    ) -> Option<String> {
        let node = object.get(key)?;
        self.text(node, key).map(str::to_owned)
    }

    pub(super) fn required_text(
        &mut self,
        object: &Object<'d>,
        key: &'static str,
    ) -> Option<Spanned<String>> {
        let node = self.required(object, key)?;
        self.text(node, key).map(|text| Spanned {
            value: text.to_owned(),
            place: node.place,
        })
    }

    /// The boolean of `key`; `false` when the object has none.
    pub(super) fn flag(&mut self, object: &Object<'d>, key: &'static str) -> bool {
        self.optional_flag(object, key).unwrap_or(false)
    }

    pub(super) fn optional_flag(&mut self, object: &Object<'d>, key: &'static str) -> Option<bool> {
        let node = object.get(key)?;
        self.expect(node.as_bool(), node, key, "a boolean")
    }

    /// The boolean that `node` is; `false` when it is none, which is reported.
    pub(super) fn switch(&mut self, node: &Node, what: &str) -> bool {
        self.expect(node.as_bool(), node, what, "a boolean")
            .unwrap_or(false)
    }

    pub(super) fn required(&mut self, object: &Object<'d>, key: &'static str) -> Option<&'d Node> {
        let node = object.get(key);
        if node.is_none() && !self.meant.contains(&(first_place(object.map), key)) {
            let message = format!("{} must have the key `{key}`", object.shape.name);
            self.fail(
                codes::MISSING,
                object.place,
                message,
                format!("add `{key}`"),
            );
        }
        node
    }

    pub(super) fn fail(
        &mut self,
        code: u16,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::new(code, place, message).help(help));
    }

    /// Refuses by name what is not represented yet; `name` is the document's word for it, when it is a keyword.
    pub(super) fn gap(&mut self, gap: &'static Gap, place: Place, name: &str) {
        let message = if name.is_empty() {
            format!("not supported yet: {}", gap.name)
        } else {
            format!("not supported yet: `{name}`")
        };
        self.push(Diagnostic::new(gap.code, place, message).help(gap.way_out));
    }
}

/// Adds "did you mean" when there is a name near `word`, which stands at the place of the diagnostic; else what to do.
pub(super) fn did_you_mean(
    diagnostic: Diagnostic,
    word: &str,
    near: Option<&str>,
    help: impl Into<String>,
) -> Diagnostic {
    match near {
        Some(near) => diagnostic.did_you_mean(word, near),
        None => diagnostic.help(help),
    }
}

fn first_place(map: &Map) -> Option<Place> {
    map.entries.first().map(|(key, _)| key.place)
}

/// A key in code quotes; what has an article is described, not named.
fn named(what: &str) -> String {
    match what.contains(' ') {
        true => what.to_owned(),
        false => format!("`{what}`"),
    }
}

pub(super) fn number(version: Version) -> &'static str {
    match version {
        Version::V30 => "3.0",
        Version::V31 => "3.1",
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.entries.is_empty(),
        _ => false,
    }
}
