//! How large a document may be, so that a hostile one exhausts neither memory nor stack.

use super::codes::BUDGET;
use super::{Node, Place, Value};
use crate::diagnostic::Diagnostic;

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The deepest nesting of lists and mappings, aliases expanded. Every later recursion over the tree relies on it.
pub const MAX_DEPTH: usize = 200;

/// The most nodes of a tree: values, with what aliases copy and what anchors keep.
pub const MAX_NODES: usize = 2_000_000;

/// The most bytes of text that aliases and anchors may copy.
const MAX_COPIED_TEXT: usize = MAX_BYTES;

/// What is left while a document is read.
#[derive(Debug)]
pub(super) struct Budget {
    nodes: usize,
    copied_text: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Budget {
            nodes: MAX_NODES,
            copied_text: MAX_COPIED_TEXT,
        }
    }

    /// Takes `count` nodes.
    pub(super) fn nodes(&mut self, count: usize, place: Place) -> Result<(), Box<Diagnostic>> {
        self.nodes = self.nodes.checked_sub(count).ok_or_else(|| {
            refusal(
                place,
                format!("the document has more than {MAX_NODES} values, aliases expanded"),
            )
        })?;
        Ok(())
    }

    /// Takes `bytes` of text that is copied.
    pub(super) fn text(&mut self, bytes: usize, place: Place) -> Result<(), Box<Diagnostic>> {
        self.copied_text = self.copied_text.checked_sub(bytes).ok_or_else(|| {
            refusal(
                place,
                format!(
                    "aliases copy more than {} MiB of text",
                    MAX_COPIED_TEXT / (1024 * 1024)
                ),
            )
        })?;
        Ok(())
    }
}

/// Refuses a collection that stands `depth` deep (1 is the root).
pub(super) fn check_depth(depth: usize, place: Place) -> Result<(), Box<Diagnostic>> {
    if depth > MAX_DEPTH {
        return Err(refusal(
            place,
            format!("lists and mappings are nested more than {MAX_DEPTH} deep"),
        ));
    }
    Ok(())
}

fn refusal(place: Place, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(BUDGET, place, message).help("split or simplify the document"))
}

/// What a copy of a node takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: usize,
    /// Bytes of its texts and keys.
    pub(super) text: usize,
    /// How deep lists and mappings are nested in it; 0 for a scalar.
    pub(super) height: usize,
}

/// What a copy of `node` costs. Depth is bounded by then, so recursion is safe.
pub(super) fn cost(node: &Node) -> Cost {
    let own = |text: usize| Cost {
        nodes: 1,
        text,
        height: 0,
    };
    let fold = |whole: Cost, text: usize, part: Cost| Cost {
        nodes: whole.nodes.saturating_add(part.nodes),
        text: whole.text.saturating_add(text).saturating_add(part.text),
        height: whole.height.max(part.height.saturating_add(1)),
    };
    let collection = Cost {
        height: 1,
        ..own(0)
    };
    match &node.value {
        Value::Null | Value::Bool(_) => own(0),
        Value::Number(text) | Value::String(text) => own(text.len()),
        Value::List(items) => items
            .iter()
            .fold(collection, |sum, item| fold(sum, 0, cost(item))),
        Value::Map(map) => map.entries.iter().fold(collection, |sum, (key, value)| {
            fold(sum, key.text.len(), cost(value))
        }),
    }
}
