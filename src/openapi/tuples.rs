//! Tuples of one kind: `prefixItems` of equal schemas with `items: false` is a list of at most so many.
//!
//! JSON Schema asks of an array that each item is what its place says and that there is none beyond; fewer are allowed. Where all
//! places say the same, that is a bounded list. Every other tuple is refused by name.

use super::gaps;
use super::object::Object;
use super::reader::Reader;
use super::{SchemaUse, Spanned};
use crate::document::{Node, Value};

/// What the items are, and how many at most.
pub(super) struct Tuple {
    pub(super) items: Box<SchemaUse>,
    pub(super) most: Spanned<u64>,
}

impl<'d> Reader<'_, 'd> {
    /// `None`: there is no `prefixItems`, or it was refused.
    pub(super) fn tuple(&mut self, object: &Object<'d>) -> Option<Tuple> {
        let (key, node) = object.map.entry("prefixItems")?;
        let closed = object.get("items").and_then(Node::as_bool) == Some(false);
        let alike = node.as_list().and_then(|list| {
            let (first, rest) = list.split_first()?;
            rest.iter()
                .all(|other| same(first, other))
                .then_some((first, list.len()))
        });
        let Some((first, count)) = alike.filter(|_| closed) else {
            self.gap(&gaps::PREFIX_ITEMS, key.place, "");
            return None;
        };
        let most = u64::try_from(count).ok()?;
        let items = Box::new(self.schema(first)?);
        let place = key.place;
        let most = Spanned { value: most, place };
        Some(Tuple { items, most })
    }
}

/// Whether two nodes say the same, wherever they stand. The recursion is as deep as the document, which is bounded.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Number(one), Value::Number(other)) | (Value::String(one), Value::String(other)) => {
            one == other
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let inside = |(key, node): &(crate::document::Key, Node)| {
                other.get(&key.text).is_some_and(|found| same(node, found))
            };
            one.entries.len() == other.entries.len() && one.entries.iter().all(inside)
        }
        _ => false,
    }
}
