//! A tree as JSON, with an escape for whatever cannot be seen as what it is.

use super::tree::{Tree, is_escaped};
use std::fmt::Write as _;

pub fn write(tree: &Tree) -> String {
    let mut out = String::with_capacity(64 * 1024);
    value(&mut out, tree, 0);
    out.push('\n');
    out
}

fn value(out: &mut String, tree: &Tree, depth: usize) {
    match tree {
        Tree::Null => out.push_str("null"),
        Tree::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Tree::Whole(value) => {
            // Writing to a `String` does not fail.
            let _ = write!(out, "{value}");
        }
        Tree::Decimal(number) => out.push_str(number),
        Tree::Text(content) => text(out, content),
        Tree::List(list) if list.is_empty() => out.push_str("[]"),
        Tree::List(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                line(out, index, depth + 1);
                value(out, item, depth + 1);
            }
            line(out, 0, depth);
            out.push(']');
        }
        Tree::Map(map) if map.is_empty() => out.push_str("{}"),
        Tree::Map(map) => {
            out.push('{');
            for (index, (key, item)) in map.0.iter().enumerate() {
                line(out, index, depth + 1);
                text(out, key);
                out.push_str(": ");
                value(out, item, depth + 1);
            }
            line(out, 0, depth);
            out.push('}');
        }
    }
}

fn line(out: &mut String, index: usize, depth: usize) {
    if index > 0 {
        out.push(',');
    }
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn text(out: &mut String, content: &str) {
    out.push('"');
    for c in content.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if is_escaped(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    // Writing to a `String` does not fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
