//! `oneOf` and `anyOf`, and what stands beside them.

use super::gaps;
use super::keys;
use super::object::Object;
use super::reader::Reader;
use super::{Choice, Discriminator};
use crate::document::{Node, Place};

/// What says nothing of a value, or what alternatives leave to the schema they stand in.
const SILENT: [&str; 14] = [
    "oneOf",
    "anyOf",
    "discriminator",
    "type",
    "title",
    "description",
    "default",
    "deprecated",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "writeOnly",
    "$comment",
];

impl<'d> Reader<'_, 'd> {
    /// `None` where there are not several alternatives, or where they are put together with others.
    pub(super) fn choice(&mut self, object: &Object<'d>) -> Option<Choice> {
        let discriminator = object.map.entry("discriminator");
        let one = object.map.entry("oneOf");
        let any = object.map.entry("anyOf");
        let several = |node: &Node| {
            let list = node.as_list().unwrap_or_default();
            list.iter().filter(|node| !is_null(node)).count() > 1
        };
        let found = match (one, any) {
            (Some((key, node)), None) => Some(("oneOf", key, node)),
            (None, Some((key, node))) => Some(("anyOf", key, node)),
            _ => None,
        };
        let Some((keyword, key, _)) = found.filter(|(_, _, node)| several(node)) else {
            if let Some((key, _)) = discriminator {
                self.gap(&gaps::DISCRIMINATOR, key.place, "discriminator");
            }
            return None;
        };
        let said = object.map.entries.iter().map(|(key, _)| key);
        let mut said = said.filter(|key| !key.text.starts_with("x-"));
        let beside = said.find(|key| !SILENT.contains(&key.text.as_str()));
        let discriminator = match discriminator {
            Some((key, node)) => Some(self.discriminator(key.place, node)?),
            None => None,
        };
        Some(Choice {
            exactly_one: keyword == "oneOf",
            place: key.place,
            beside: beside.map(|key| key.place),
            discriminator,
        })
    }

    fn discriminator(&mut self, place: Place, node: &'d Node) -> Option<Discriminator> {
        let object = self.object(node, &keys::DISCRIMINATOR)?;
        let property = self.required_text(&object, "propertyName")?.value;
        let mut mapping = Vec::new();
        if let Some(node) = object.get("mapping") {
            for (key, node) in self.entries(node, &keys::MAPPING, false) {
                let target = self.text(node, "mapping")?;
                mapping.push((key.text.clone(), target.to_owned()));
            }
        }
        Some(Discriminator {
            place,
            property,
            mapping,
        })
    }
}

/// Whether the alternative is null and nothing else.
fn is_null(node: &Node) -> bool {
    let map = node.as_map().and_then(|map| map.entry("type"));
    map.is_some_and(|(_, node)| node.as_str() == Some("null"))
}
