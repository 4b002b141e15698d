//! Between places and JSON Pointers (RFC 6901): how machines call what people find by line and column.

use std::collections::{BTreeMap, BTreeSet};

use super::{Node, Place, Value};

/// The pointer of what stands at `place`: of the node, or of the member whose key it is. The root is `""`.
///
/// A block mapping begins where its first key does; the pointer is that member's. What an alias copies shares its places
/// with the anchor; the pointer is the first one in document order.
pub fn pointer_at(root: &Node, place: Place) -> Option<String> {
    pointers_at(root, [place]).remove(&place)
}

/// As [`pointer_at`], for many places in one walk. Places where nothing stands are left out.
pub fn pointers_at(
    root: &Node,
    places: impl IntoIterator<Item = Place>,
) -> BTreeMap<Place, String> {
    let mut search = Search {
        wanted: places.into_iter().collect(),
        found: BTreeMap::new(),
        path: Vec::new(),
    };
    search.node(root);
    search.found
}

/// The node that `pointer` leads to. `None` when it leads nowhere or is no pointer.
pub fn node_at<'d>(root: &'d Node, pointer: &str) -> Option<&'d Node> {
    if pointer.is_empty() {
        return Some(root);
    }
    let mut node = root;
    for token in pointer.strip_prefix('/')?.split('/') {
        node = match &node.value {
            Value::Map(map) => map.get(&unescape(token)?)?,
            Value::List(items) => items.get(index(token)?)?,
            _ => return None,
        };
    }
    Some(node)
}

#[derive(Clone, Copy)]
enum Step<'d> {
    Member(&'d str),
    Item(usize),
}

struct Search<'d> {
    wanted: BTreeSet<Place>,
    found: BTreeMap<Place, String>,
    path: Vec<Step<'d>>,
}

impl<'d> Search<'d> {
    /// The recursion is as deep as the document, which the loader bounds.
    fn node(&mut self, node: &'d Node) {
        if self.wanted.is_empty() {
            return;
        }
        // The first key of a block mapping claims the place of both.
        let first = node.as_map().and_then(|map| map.entries.first());
        if first.is_none_or(|(key, _)| key.place != node.place) {
            self.claim(node.place);
        }
        match &node.value {
            Value::Map(map) => {
                for (key, value) in &map.entries {
                    self.path.push(Step::Member(&key.text));
                    self.claim(key.place);
                    self.node(value);
                    self.path.pop();
                }
            }
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Step::Item(index));
                    self.node(item);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn claim(&mut self, place: Place) {
        if !self.wanted.remove(&place) {
            return;
        }
        let mut pointer = String::new();
        for step in &self.path {
            pointer.push('/');
            match step {
                Step::Member(name) => pointer.push_str(&escape(name)),
                Step::Item(index) => pointer.push_str(&index.to_string()),
            }
        }
        self.found.insert(place, pointer);
    }
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescape(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut name = parts.next()?.to_owned();
    for part in parts {
        let (escaped, rest) = part.split_at_checked(1)?;
        name.push_str(match escaped {
            "0" => "~",
            "1" => "/",
            _ => return None,
        });
        name.push_str(rest);
    }
    Some(name)
}

/// `0`, or digits that do not begin with it.
fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = token == "0" || !token.starts_with('0');
    (digits && canonical).then(|| token.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::document::{FileId, from_text};

    fn at(text: &str, line: u32, column: u32) -> Option<String> {
        let place = Place {
            file: FileId::default(),
            line,
            column,
        };
        let document = from_text("test", text).unwrap_or_else(|error| panic!("{error:?}"));
        let pointer = pointer_at(&document.root, place);
        if let Some(pointer) = &pointer {
            assert!(node_at(&document.root, pointer).is_some(), "{pointer}");
        }
        pointer
    }

    #[test]
    fn a_place_has_the_pointer_of_what_begins_there() {
        let text = "a:\n  - x\n  - b: {c/d: 1, '~e': [2]}\nf:\n";
        for (line, column, pointer) in [
            (1, 1, "/a"),
            (2, 3, "/a"),
            (2, 5, "/a/0"),
            (3, 5, "/a/1/b"),
            (3, 8, "/a/1/b"),
            (3, 9, "/a/1/b/c~1d"),
            (3, 14, "/a/1/b/c~1d"),
            (3, 17, "/a/1/b/~0e"),
            (3, 23, "/a/1/b/~0e"),
            (3, 24, "/a/1/b/~0e/0"),
            (4, 1, "/f"),
        ] {
            assert_eq!(
                at(text, line, column).as_deref(),
                Some(pointer),
                "{line}:{column}"
            );
        }
        assert_eq!(at(text, 1, 2), None);
        assert_eq!(at(text, 9, 1), None);
    }

    #[test]
    fn the_root_of_json_is_not_its_first_member() {
        let text = "{\"\": {\"a\": [true]}}";
        assert_eq!(at(text, 1, 1).as_deref(), Some(""));
        assert_eq!(at(text, 1, 2).as_deref(), Some("/"));
        assert_eq!(at(text, 1, 13).as_deref(), Some("//a/0"));
        assert_eq!(at("[x]", 1, 2).as_deref(), Some("/0"));
        assert_eq!(at("word", 1, 1).as_deref(), Some(""));
    }

    #[test]
    fn an_alias_has_the_pointer_of_its_anchor() {
        let text = "b: &x {c: 1}\na: *x\n&k k: {l: *k}\n";
        assert_eq!(at(text, 1, 8).as_deref(), Some("/b/c"));
        // The alias token is a place of its own only as a key; as a value the copy keeps the places of the anchor.
        assert_eq!(at(text, 2, 4), None);
        assert_eq!(at("x: &x v\na: {*x : 1}\n", 2, 5).as_deref(), Some("/a/v"));
    }

    #[test]
    fn pointers_that_lead_nowhere() {
        let document = from_text("test", "a: [x, {b: y}]\n").unwrap();
        let leads = |pointer: &str| node_at(&document.root, pointer).is_some();
        for pointer in ["", "/a", "/a/0", "/a/1", "/a/1/b"] {
            assert!(leads(pointer), "{pointer}");
        }
        for pointer in [
            "a", "/", "/b", "/a/2", "/a/01", "/a/-", "/a/+1", "/a/0/x", "/a/1/~b", "/a/1/b~",
        ] {
            assert!(!leads(pointer), "{pointer}");
        }
    }

    #[test]
    fn the_deepest_document_is_walked() {
        let deep = format!("a: {}x{}", "[".repeat(199), "]".repeat(199));
        let pointer = at(&deep, 1, 4 + 199).unwrap();
        assert_eq!(pointer, format!("/a{}", "/0".repeat(199)));
    }
}
