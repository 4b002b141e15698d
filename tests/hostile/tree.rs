//! Documents as trees that can be changed anywhere, and written again.

use palisade::document::{Node, Value};
use std::fmt::Write as _;

/// From a collection to what is in it: by the number of the entry.
pub type Path = Vec<usize>;

/// A key or a scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub path: Path,
    /// The key of the entry, not its value.
    pub key: bool,
    /// Where it is, with everything taken out that is only a name or a number: `paths/*/get/summary`.
    pub kind: String,
    /// What stands there.
    pub text: String,
}

/// Mappings whose keys are names of the document's own.
const NAMED: &[&str] = &[
    "paths",
    "properties",
    "schemas",
    "parameters",
    "responses",
    "requestBodies",
    "securitySchemes",
    "pathItems",
    "headers",
    "content",
    "examples",
    "scopes",
    "variables",
    "auth",
    "roles",
    "resources",
    "rateLimits",
    "owns",
];

/// Every key and every scalar, in document order.
pub fn positions(root: &Node) -> Vec<Position> {
    let mut found = Vec::new();
    walk(root, &mut Vec::new(), &mut Vec::new(), &mut found);
    found
}

fn walk(node: &Node, path: &mut Path, words: &mut Vec<String>, found: &mut Vec<Position>) {
    let position = |path: &Path, words: &[String], key: bool, text: &str| Position {
        path: path.clone(),
        key,
        kind: words.join("/") + if key { " key" } else { "" },
        text: text.to_owned(),
    };
    match &node.value {
        Value::Map(map) => {
            let named = words
                .last()
                .is_some_and(|word| NAMED.contains(&word.as_str()))
                || words.len() >= 2
                    && words[words.len() - 2] == "security"
                    && words[words.len() - 1] == "#";
            for (number, (key, value)) in map.entries.iter().enumerate() {
                path.push(number);
                words.push(if named {
                    "*".to_owned()
                } else {
                    key.text.clone()
                });
                found.push(position(path, words, true, &key.text));
                walk(value, path, words, found);
                words.pop();
                path.pop();
            }
        }
        Value::List(items) => {
            for (number, item) in items.iter().enumerate() {
                path.push(number);
                words.push("#".to_owned());
                walk(item, path, words, found);
                words.pop();
                path.pop();
            }
        }
        Value::String(text) | Value::Number(text) => found.push(position(path, words, false, text)),
        Value::Bool(value) => found.push(position(path, words, false, &value.to_string())),
        Value::Null => found.push(position(path, words, false, "null")),
    }
}

/// The node at `path`.
pub fn at<'n>(mut node: &'n mut Node, path: &[usize]) -> Option<&'n mut Node> {
    for step in path {
        node = match &mut node.value {
            Value::Map(map) => map.entries.get_mut(*step).map(|(_, value)| value)?,
            Value::List(items) => items.get_mut(*step)?,
            _ => return None,
        };
    }
    Some(node)
}

/// `text` in this one place.
pub fn replace(root: &mut Node, position: &Position, text: &str) {
    if position.key {
        let (last, parent) = position.path.split_last().unwrap();
        if let Some(Node {
            value: Value::Map(map),
            ..
        }) = at(root, parent)
        {
            map.entries[*last].0.text = text.to_owned();
        }
    } else if let Some(node) = at(root, &position.path) {
        node.value = Value::String(text.to_owned());
    }
}

/// `new` wherever `old` stands, also where it is what a path, a reference or a pointer ends with: a name is a name only
/// when everybody uses it.
pub fn rename(node: &mut Node, old: &str, new: &str) {
    match &mut node.value {
        Value::Map(map) => {
            for (key, value) in &mut map.entries {
                key.text = renamed(&key.text, old, new);
                rename(value, old, new);
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| rename(item, old, new)),
        Value::String(text) => *text = renamed(text, old, new),
        _ => {}
    }
}

fn renamed(text: &str, old: &str, new: &str) -> String {
    if text == old {
        return new.to_owned();
    }
    if text.starts_with('/') && text.contains('{') {
        return text.replace(&format!("{{{old}}}"), &format!("{{{new}}}"));
    }
    let pointer = new.replace('~', "~0").replace('/', "~1");
    for prefix in ["#/components/", "field:/"] {
        let ends = text.starts_with(prefix) && text.ends_with(&format!("/{old}"));
        if ends {
            return format!("{}{pointer}", &text[..text.len() - old.len()]);
        }
    }
    text.to_owned()
}

/// As JSON; numbers as they were written.
pub fn json(node: &Node) -> String {
    let mut out = String::new();
    write(node, false, &mut out);
    out
}

/// The same as YAML, by way of its flow style and its own escapes.
pub fn yaml(node: &Node) -> String {
    let mut out = "# YAML\n".to_owned();
    write(node, true, &mut out);
    out.push('\n');
    out
}

fn write(node: &Node, yaml: bool, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(lexeme) => out.push_str(lexeme),
        Value::String(text) => quote(text, yaml, out),
        Value::List(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number == 0 { "" } else { ", " });
                write(item, yaml, out);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (number, (key, value)) in map.entries.iter().enumerate() {
                out.push_str(if number == 0 { "" } else { ", " });
                // A key of more than 1024 characters must say that it is one.
                out.push_str(if yaml && key.text.len() > 150 {
                    "? "
                } else {
                    ""
                });
                quote(&key.text, yaml, out);
                out.push_str(": ");
                write(value, yaml, out);
            }
            out.push('}');
        }
    }
}

fn quote(text: &str, yaml: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c if yaml => drop(write!(out, "\\U{:08X}", u32::from(c))),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04X}");
                }
            }
        }
    }
    out.push('"');
}
