//! Schemas of bytes, as 3.1 writes them: the media type says what they are, and a schema has nothing to add but how long they
//! may be. From there on they are what 3.0 calls `type: string, format: binary`.
//!
//! A schema that asserts anything else is read as every schema is, and refused by name where bytes are wanted.

use super::free;
use super::gaps;
use super::keys;
use super::object::Object;
use super::reader::Reader;
use super::{Kind, Schema, SchemaUse, Spanned, Version};
use crate::document::{Key, Node, Place};

/// The media type whose content is bytes of whatever kind (RFC 2046 §4.5.1).
pub(super) const OCTETS: &str = "application/octet-stream";

impl<'d> Reader<'_, 'd> {
    /// The schema of a media type: what it declares, or what it leaves unsaid of bytes.
    pub(super) fn content_schema(&mut self, name: &Key, media: &Object<'d>) -> Option<SchemaUse> {
        let schema = media.get("schema");
        if self.version != Version::V31 || name.text != OCTETS {
            return schema.and_then(|node| self.schema(node));
        }
        let bytes = match schema {
            None => bytes(name.place),
            Some(node) if free::is_true(node) => bytes(node.place),
            Some(node) if says_bytes(node) => self.bytes(node)?,
            Some(node) => return self.schema(node),
        };
        Some(SchemaUse::Inline(Box::new(bytes)))
    }

    fn bytes(&mut self, node: &'d Node) -> Option<Schema> {
        let object = self.object(node, &keys::BYTES)?;
        if let Some((key, again)) = object.map.entry("contentMediaType")
            && again.as_str() != Some(OCTETS)
        {
            // It would have to be ignored (3.1.1, *Schema Object*), and nobody means that.
            self.gap(&gaps::CONTENT, key.place, "contentMediaType");
        }
        Some(Schema {
            title: self.optional_text(&object, "title"),
            description: self.optional_text(&object, "description"),
            min_length: self.count(&object, "minLength"),
            max_length: self.count(&object, "maxLength"),
            extension: object.extension(),
            ..bytes(object.place)
        })
    }
}

/// Whether the schema holds nothing but words, lengths, and once more what it is of.
fn says_bytes(node: &Node) -> bool {
    node.as_map().is_some_and(|map| {
        map.entries.iter().all(|(key, value)| {
            let name = key.text.as_str();
            match name {
                "format" => value.as_str() == Some("binary"),
                _ => {
                    name.starts_with("x-") || keys::BYTES.keys.iter().any(|rule| rule.name == name)
                }
            }
        })
    })
}

fn bytes(place: Place) -> Schema {
    Schema {
        kind: Some(Spanned {
            value: Kind::String,
            place,
        }),
        format: Some(Spanned {
            value: "binary".to_owned(),
            place,
        }),
        ..Schema::silent(place)
    }
}
