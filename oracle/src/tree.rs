//! The document as a plain tree.

use serde_json::{Map, Value};

pub(crate) struct Tree<'d> {
    root: &'d Value,
}

impl<'d> Tree<'d> {
    pub(crate) fn new(root: &'d Value) -> Self {
        Tree { root }
    }

    pub(crate) fn at(&self, pointer: &str) -> Option<&'d Value> {
        self.root.pointer(pointer)
    }

    pub(crate) fn text_at(&self, pointer: &str) -> Option<String> {
        self.at(pointer).and_then(Value::as_str).map(str::to_owned)
    }

    /// What a node stands for: itself, or what its `$ref` names.
    pub(crate) fn resolve(&self, node: &'d Value) -> Result<&'d Value, String> {
        let mut node = node;
        for _ in 0..8 {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else {
                return Ok(node);
            };
            let pointer = reference.strip_prefix('#').ok_or(reference)?;
            node = self.at(pointer).ok_or(reference)?;
        }
        Err("a $ref that never ends".to_owned())
    }
}

/// The members of a mapping; none of what is no mapping.
pub(crate) fn members(node: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    node.and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

/// The items of a list; none of what is no list.
pub(crate) fn items(node: Option<&Value>) -> impl Iterator<Item = &Value> {
    node.and_then(Value::as_array).into_iter().flatten()
}

/// A word, or a list of words.
pub(crate) fn words(node: Option<&Value>) -> Vec<String> {
    match node {
        Some(Value::String(word)) => vec![word.clone()],
        Some(Value::Array(list)) => {
            let words = list.iter().filter_map(Value::as_str);
            words.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

pub(crate) fn flag(node: &Value, key: &str) -> bool {
    node.get(key).and_then(Value::as_bool) == Some(true)
}
