//! `$ref`: only to components of the same document, followed to the end, never in a circle.

use std::collections::HashMap;

use super::codes;
use super::gaps;
use super::keys::{SCHEMA, Shape};
use super::object::{EXTENSION, did_you_mean};
use super::reader::Reader;
use super::{Beside, SchemaUse, Version};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Map, Node, Place, Value};

/// A mapping of `components` that is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Section {
    Schemas,
    Parameters,
    RequestBodies,
    Responses,
    PathItems,
    Headers,
}

impl Section {
    pub(super) fn key(self) -> &'static str {
        match self {
            Section::Schemas => "schemas",
            Section::Parameters => "parameters",
            Section::RequestBodies => "requestBodies",
            Section::Responses => "responses",
            Section::PathItems => "pathItems",
            Section::Headers => "headers",
        }
    }
}

/// A component as it was read (`None`: it was refused) and how many nodes a copy costs.
pub(super) struct Cached<T> {
    value: Option<T>,
    nodes: usize,
}

/// What stands in `components`, is read once, and is copied to each use.
pub(super) trait Component: Clone {
    const SECTION: Section;

    fn read<'d>(reader: &mut Reader<'_, 'd>, node: &'d Node) -> Option<Self>;

    fn cache<'a, 'd>(reader: &'a mut Reader<'_, 'd>) -> &'a mut HashMap<&'d str, Cached<Self>>;
}

/// Where a reference led.
pub(super) struct Target<'d> {
    /// The component's name; `None` when there was no reference.
    pub(super) name: Option<&'d str>,
    pub(super) node: &'d Node,
}

impl<'d> Reader<'_, 'd> {
    /// The object of `node`, or of the component it refers to.
    pub(super) fn component<C: Component>(&mut self, node: &'d Node) -> Option<C> {
        let target = self.follow(C::SECTION, node)?;
        match target.name {
            None => C::read(self, target.node),
            Some(name) => {
                self.read_once::<C>(name, target.node);
                let nodes = C::cache(self).get(name)?.nodes;
                self.charge(nodes, node.place)?;
                C::cache(self).get(name)?.value.clone()
            }
        }
    }

    /// Reads a whole section, so that what is wrong in it is said once, whether it is used or not.
    pub(super) fn read_section<C: Component>(&mut self, section: &'d Map) {
        for (key, node) in &section.entries {
            if let Some(target) = self.follow(C::SECTION, node) {
                let name = target.name.unwrap_or(&key.text);
                self.read_once::<C>(name, target.node);
            }
        }
    }

    fn read_once<C: Component>(&mut self, name: &'d str, node: &'d Node) {
        if C::cache(self).contains_key(name) {
            return;
        }
        let value = C::read(self, node);
        let nodes = count(node);
        C::cache(self).insert(name, Cached { value, nodes });
    }

    /// Follows `$ref` until there is none.
    pub(super) fn follow(&mut self, section: Section, node: &'d Node) -> Option<Target<'d>> {
        let mut node = node;
        let mut names: Vec<&'d str> = Vec::new();
        loop {
            let Some((map, reference)) = reference(node) else {
                let name = names.last().copied();
                return Some(Target { name, node });
            };
            self.check_siblings(map);
            let name = self.target(section, reference)?;
            if names.contains(&name) {
                let message = format!("the reference leads back to `{name}`");
                let help = "let one of the references lead to what is written out";
                self.fail(codes::CYCLE, reference.place, message, help);
                return None;
            }
            names.push(name);
            node = self.named(section, name, reference.place)?;
        }
    }

    /// The schema that `node` refers to, where it does; `map` is that node's.
    pub(super) fn schema_reference(
        &mut self,
        map: &'d Map,
        reference: &'d Node,
    ) -> Option<SchemaUse> {
        let mut extension = None;
        let mut beside = Beside::default();
        for (key, value) in &map.entries {
            match key.text.as_str() {
                // In 3.0 a sibling is ignored, words included.
                "description" if self.version == Version::V31 => {
                    beside.description = self.text(value, "description").map(str::to_owned);
                }
                "readOnly" if self.version == Version::V31 => {
                    beside.read_only = self.switch(value, "readOnly");
                }
                "writeOnly" if self.version == Version::V31 => {
                    beside.write_only = self.switch(value, "writeOnly");
                }
                "$ref" | "description" | "summary" | "title" | "deprecated" => {}
                "example" | "examples" | "externalDocs" | "xml" | "$comment" => {}
                EXTENSION if self.version == Version::V31 => extension = Some(value.clone()),
                EXTENSION => self.beside_ref(codes::EXTENSION_BESIDE_REF, key.place, EXTENSION),
                name if self.version == Version::V30 && is_schema_key(name) => {
                    self.beside_ref(codes::BESIDE_REF, key.place, name);
                }
                name if is_schema_key(name) => {
                    self.gap(
                        &gaps::REF_SIBLINGS,
                        key.place,
                        &format!("{name}` beside `$ref"),
                    );
                }
                // Unknown keys and misspelt extensions are found as in any schema.
                _ => self.check_key(map, key, value, &SCHEMA),
            }
        }
        let name = self.target(Section::Schemas, reference)?;
        self.named(Section::Schemas, name, reference.place)?;
        Some(SchemaUse::Component {
            name: name.to_owned(),
            place: reference.place,
            extension,
            beside,
        })
    }

    /// Beside a `$ref` that is no schema's, only words may stand.
    fn check_siblings(&mut self, map: &'d Map) {
        for (key, _) in &map.entries {
            match key.text.as_str() {
                "$ref" | "description" | "summary" => {}
                EXTENSION if self.version == Version::V30 => {
                    self.beside_ref(codes::EXTENSION_BESIDE_REF, key.place, EXTENSION);
                }
                EXTENSION => self.gap(&gaps::REF_SIBLINGS, key.place, "x-security` beside `$ref"),
                name if name.starts_with("x-") => self.check_extension(key, &REFERENCE),
                name => self.beside_ref(codes::BESIDE_REF, key.place, name),
            }
        }
    }

    fn beside_ref(&mut self, code: u16, place: Place, name: &str) {
        let message = format!("`{name}` beside `$ref` is ignored");
        let diagnostic = Diagnostic::new(code, place, message);
        self.push(diagnostic.help("write it in the component, or write the component out here"));
    }

    /// The component's name in `reference`, when it is `#/components/<section>/NAME`.
    fn target(&mut self, section: Section, reference: &'d Node) -> Option<&'d str> {
        let text = self.text(reference, "$ref")?;
        let Some(pointer) = text.strip_prefix('#') else {
            self.gap(&gaps::REMOTE_REF, reference.place, "");
            return None;
        };
        let wanted = section.key();
        match pointer.strip_prefix("/components/") {
            Some(rest) => match rest.split_once('/') {
                Some((found, name)) if found == wanted && !name.contains('/') => return Some(name),
                Some((found, name)) if found != wanted && !name.contains('/') => {
                    let message = format!(
                        "`{text}` is not one of `components.{wanted}`, which must stand here"
                    );
                    let help = format!("refer to `#/components/{wanted}/NAME`");
                    self.fail(codes::UNKNOWN_TARGET, reference.place, message, help);
                }
                _ => self.gap(&gaps::DEEP_REF, reference.place, ""),
            },
            None => self.gap(&gaps::DEEP_REF, reference.place, ""),
        }
        None
    }

    fn named(&mut self, section: Section, name: &str, place: Place) -> Option<&'d Node> {
        let known = self.sections.remove(&section).unwrap_or_default();
        let found = known.get(name).copied();
        let near = match found {
            Some(_) => None,
            None => self.near(name, known.keys().copied()),
        };
        self.sections.insert(section, known);
        if found.is_some() {
            return found;
        }
        let message = format!("there is no `components.{}.{name}`", section.key());
        let diagnostic = Diagnostic::new(codes::UNKNOWN_TARGET, place, message);
        let whole = |name: &str| format!("#/components/{}/{name}", section.key());
        let help = format!("declare `{name}`, or refer to a component that is declared");
        let near = near.map(whole);
        self.push(did_you_mean(
            diagnostic,
            &whole(name),
            near.as_deref(),
            help,
        ));
        None
    }
}

/// Only for the words of [`Reader::check_extension`].
static REFERENCE: Shape = Shape {
    name: "a reference",
    extension: false,
    keys: &[],
};

/// The `$ref` of a node that is one.
pub(super) fn reference(node: &Node) -> Option<(&Map, &Node)> {
    let map = node.as_map()?;
    Some((map, map.get("$ref")?))
}

fn is_schema_key(name: &str) -> bool {
    SCHEMA.keys.iter().any(|rule| rule.name == name)
}

/// So many bytes of text cost as much as a node: a long description that many operations copy fills memory too.
const TEXT: usize = 32;

/// What a copy of `node` costs: how many nodes stand in it, itself included, and how much text.
pub(super) fn count(node: &Node) -> usize {
    let parts: usize = match &node.value {
        Value::List(items) => items.iter().map(count).sum(),
        Value::Map(map) => {
            let entries = map.entries.iter();
            let each = |(key, value): &(Key, Node)| key.text.len() / TEXT + count(value);
            entries.map(each).sum()
        }
        Value::String(text) | Value::Number(text) => text.len() / TEXT,
        Value::Null | Value::Bool(_) => 0,
    };
    parts.saturating_add(1)
}
