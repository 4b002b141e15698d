//! Header fields of responses. Which of them may be declared is decided where it is known what the service sends.

use std::collections::HashMap;

use super::SchemaUse;
use super::gaps;
use super::keys;
use super::reader::Reader;
use super::reference::{Cached, Component, Section};
use crate::document::Node;

/// A header field without its name, which only its use knows.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) schema: SchemaUse,
}

impl Component for Field {
    const SECTION: Section = Section::Headers;

    fn cache<'a, 'd>(reader: &'a mut Reader<'_, 'd>) -> &'a mut HashMap<&'d str, Cached<Self>> {
        &mut reader.fields
    }

    fn read<'d>(reader: &mut Reader<'_, 'd>, node: &'d Node) -> Option<Self> {
        let object = reader.object(node, &keys::HEADER)?;
        if let Some((key, node)) = object.map.entry("style")
            && node.as_str() != Some("simple")
        {
            reader.gap(&gaps::PARAMETER_STYLE, key.place, "");
        }
        if let Some((key, node)) = object.map.entry("explode")
            && node.as_bool() != Some(false)
        {
            reader.gap(&gaps::PARAMETER_STYLE, key.place, "");
        }
        let schema = match object.get("schema") {
            Some(node) => reader.schema(node),
            None => {
                // `content` is a gap and was named already.
                if object.get("content").is_none() {
                    reader.required(&object, "schema");
                }
                None
            }
        };
        Some(Field { schema: schema? })
    }
}
