//! Values that a schema names itself: `enum`, `const`, `default`.

use std::collections::HashMap;

use super::codes;
use super::object::Object;
use super::reader::Reader;
use super::schema::fits;
use super::{Schema, Spanned};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place, Value};

impl<'d> Reader<'_, 'd> {
    pub(super) fn enumeration(&mut self, object: &Object<'d>) -> Option<Spanned<Vec<Node>>> {
        let node = object.get("enum")?;
        let list = self.list(node, "enum")?;
        if list.is_empty() {
            let help = "list the values, or remove `enum`";
            self.fail(codes::VALUE, node.place, "`enum` admits nothing", help);
        }
        let mut first: HashMap<(&str, &str), Place> = HashMap::new();
        for item in list {
            let text = match &item.value {
                Value::String(text) | Value::Number(text) => text.as_str(),
                Value::Bool(true) => "true",
                Value::Bool(false) => "false",
                Value::Null => "null",
                Value::List(_) | Value::Map(_) => continue,
            };
            if let Some(earlier) = first.insert((item.kind(), text), item.place) {
                let message = format!("`enum` has `{text}` twice");
                let diagnostic = Diagnostic::new(codes::VALUE, item.place, message);
                let diagnostic = diagnostic.related(earlier, "first here");
                self.push(diagnostic.help("remove one of the two"));
            }
        }
        Some(Spanned {
            value: list.to_vec(),
            place: node.place,
        })
    }

    /// Refuses a value of another type than the schema's: it could never be sent.
    pub(super) fn check_values(&mut self, schema: &Schema) {
        let Some(kind) = &schema.kind else {
            return;
        };
        let listed = schema.enumeration.iter().flat_map(|list| list.value.iter());
        let values = listed
            .map(|node| ("enum", node))
            .chain(schema.constant.iter().map(|node| ("const", node)))
            .chain(schema.default.iter().map(|node| ("default", node)));
        for (keyword, node) in values {
            if !fits(kind.value, schema.nullable, node) {
                let message = format!(
                    "the value of `{keyword}` is {}, not of the declared type",
                    node.kind()
                );
                let diagnostic = Diagnostic::new(codes::VALUE, node.place, message);
                let diagnostic = diagnostic.related(kind.place, "the type");
                self.push(diagnostic.help("correct the value or the type"));
            }
        }
    }
}
