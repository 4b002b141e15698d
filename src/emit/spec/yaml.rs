//! A tree as YAML 1.2. Text of the document never ends its scalar, and nothing of it is hidden from who reads it.
//!
//! Written here and not by `serde_yaml`, which leaves characters that turn or hide text as they are.

use super::tree::{Map, Tree, is_escaped};
use std::fmt::Write as _;

/// A list of short scalars stays on its line up to here.
const WIDE: usize = 100;

/// A key of more bytes is written with a `?` before it: without one a reader looks no further than 1024
/// characters for the `:` (YAML 1.2.2, 7.4.2 and 8.2.2).
const LONG_KEY: usize = 1000;

pub fn write(tree: &Tree) -> String {
    let mut out = String::with_capacity(64 * 1024);
    match tree {
        Tree::Map(map) if !map.is_empty() => entries(&mut out, map, 0),
        Tree::List(list) if !list.is_empty() => items(&mut out, list, 0),
        scalar => {
            inline(&mut out, scalar);
            out.push('\n');
        }
    }
    out
}

fn entries(out: &mut String, map: &Map, depth: usize) {
    for (key, value) in &map.0 {
        indent(out, depth);
        let start = out.len();
        text(out, key, false);
        if out.len() - start > LONG_KEY {
            out.insert_str(start, "? ");
            out.push('\n');
            indent(out, depth);
        }
        out.push(':');
        nested(out, value, depth);
    }
}

fn items(out: &mut String, list: &[Tree], depth: usize) {
    for item in list {
        indent(out, depth);
        out.push('-');
        match item {
            Tree::Map(map) if !map.is_empty() && !is_short(item) => {
                // The first key stands behind the dash.
                let mut inner = String::new();
                entries(&mut inner, map, depth + 1);
                out.push(' ');
                out.push_str(inner.trim_start_matches(' '));
            }
            other => nested(out, other, depth),
        }
    }
}

/// What follows `key:` or a dash.
fn nested(out: &mut String, value: &Tree, depth: usize) {
    match value {
        Tree::Map(map) if !map.is_empty() && !is_short(value) => {
            out.push('\n');
            entries(out, map, depth + 1);
        }
        Tree::List(list) if !list.is_empty() && !is_short(value) => {
            out.push('\n');
            items(out, list, depth + 1);
        }
        Tree::Text(content) if is_block(content) => block(out, content, depth + 1),
        flow => {
            out.push(' ');
            match flow {
                Tree::Text(content) => text(out, content, false),
                other => inline(out, other),
            }
            out.push('\n');
        }
    }
}

/// Whether it stays on its line: a reference, or a few scalars.
fn is_short(tree: &Tree) -> bool {
    let size = |each: &Tree| match each {
        Tree::Text(text) => text.len() + 4,
        Tree::List(_) | Tree::Map(_) => WIDE,
        _ => 24,
    };
    match tree {
        Tree::List(list) => list.iter().map(size).sum::<usize>() < WIDE,
        Tree::Map(map) => matches!(map.0.as_slice(), [(key, Tree::Text(_))] if key == "$ref"),
        _ => true,
    }
}

fn inline(out: &mut String, tree: &Tree) {
    match tree {
        Tree::Null => out.push_str("null"),
        Tree::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Tree::Whole(value) => {
            // Writing to a `String` does not fail.
            let _ = write!(out, "{value}");
        }
        Tree::Decimal(number) => out.push_str(number),
        Tree::Text(content) => text(out, content, true),
        Tree::List(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                inline(out, item);
            }
            out.push(']');
        }
        Tree::Map(map) if map.is_empty() => out.push_str("{}"),
        Tree::Map(map) => {
            out.push_str("{ ");
            for (index, (key, value)) in map.0.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                text(out, key, true);
                out.push_str(": ");
                inline(out, value);
            }
            out.push_str(" }");
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// A scalar on one line: bare where nobody could take it for anything else, in quotes otherwise.
/// `flow`: within brackets, where a comma and a bracket end it.
fn text(out: &mut String, content: &str, flow: bool) {
    if is_bare(content, flow) {
        out.push_str(content);
    } else if content.chars().any(is_escaped) {
        quoted(out, content);
    } else {
        out.push('\'');
        out.push_str(&content.replace('\'', "''"));
        out.push('\'');
    }
}

/// A word that some reader of YAML takes for a boolean, a null or a number.
fn is_word(content: &str) -> bool {
    const WORDS: [&str; 14] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "t", "f", "nan", "inf",
        "infinity",
    ];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(content))
}

/// `15m` and `64KiB`: a number, and a unit that no number of YAML ends with.
fn is_quantity(content: &str) -> bool {
    const UNITS: [&str; 9] = ["ms", "KiB", "MiB", "GiB", "s", "m", "h", "d", "B"];
    UNITS.iter().any(|unit| {
        let number = content.strip_suffix(unit);
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

fn is_bare(content: &str, flow: bool) -> bool {
    let mut chars = content.chars();
    let first = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '$');
    let first = first || is_quantity(content);
    let mut last = ' ';
    let plain = content.chars().all(|c| {
        let good = match c {
            // `: ` ends a key and ` #` begins a comment.
            ' ' => last != ':' && last != ' ',
            ',' | '{' | '}' | '[' | ']' => !flow,
            _ => c.is_ascii_alphanumeric() || "_-./:;()=+$!?'`".contains(c),
        };
        last = c;
        good
    });
    first && plain && !content.ends_with([' ', ':']) && !is_word(content)
}

/// In double quotes, with an escape for whatever cannot be seen as what it is.
fn quoted(out: &mut String, content: &str) {
    out.push('"');
    for c in content.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_escaped(c) => {
                let code = u32::from(c);
                // Writing to a `String` does not fail.
                let _ = match code {
                    0..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Whether a text of several lines can stand as it is: what it shows is all there is.
fn is_block(content: &str) -> bool {
    let lines = content.strip_suffix('\n').unwrap_or(content);
    lines.contains('\n')
        && !lines.ends_with('\n')
        && !content.starts_with([' ', '\n'])
        && lines
            .split('\n')
            .all(|line| !line.ends_with(' ') && !line.chars().any(is_escaped))
}

fn block(out: &mut String, content: &str, depth: usize) {
    let (lines, sign) = match content.strip_suffix('\n') {
        Some(lines) => (lines, " |\n"),
        None => (content, " |-\n"),
    };
    out.push_str(sign);
    for line in lines.split('\n') {
        if !line.is_empty() {
            indent(out, depth);
            out.push_str(line);
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::emit::spec::json;
    use crate::emit::spec::tree::texts;

    /// Texts that another reader of YAML might take for something else, or that might get out of their scalar.
    const ODD: [&str; 44] = [
        "",
        " ",
        "a",
        "a b",
        "a: b",
        "a :b",
        "a #b",
        "a#b",
        "#",
        "- a",
        "-",
        "? a",
        ": a",
        "a:",
        "true",
        "No",
        "null",
        "~",
        "0",
        "1.5",
        "0x1f",
        "1e3",
        ".inf",
        "2026-01-01",
        "12:30:45",
        "'",
        "''",
        "\"",
        "\\",
        "{a}",
        "[a]",
        "a, b",
        "&a",
        "*a",
        "!a",
        "!!str a",
        "%a",
        "@a",
        "`a`",
        "|",
        ">",
        "---",
        "...",
        "<<",
    ];

    #[test]
    fn everything_comes_back_as_it_was() {
        let long = "x".repeat(300);
        let more = [
            "a\nb",
            "a\n",
            "a\nb\n",
            "a\n\nb\n\n",
            "\na\nb",
            " a\nb",
            "a \nb",
            "a\n\tb",
            "a\n b\n",
            "a\r\nb",
            "a\rb",
            "\u{0}",
            "\u{7f}\u{85}",
            "\u{202e}evil",
            "\u{200b}",
            "\u{2028}",
            "\u{feff}a",
            "\u{e0041}",
            "é ü 日本 😀",
            "key: |\n  x",
            "# a\n- b\n---\n...",
            "a\n---\nb",
            "\u{fffe}",
            &long,
        ];
        let odd: Vec<&str> = ODD.into_iter().chain(more).collect();
        let mut map = Map::new();
        for (index, text) in odd.iter().enumerate() {
            map.set(format!("{text}{index}"), *text);
            map.set(
                format!("list{index}"),
                vec![Tree::from(*text), Tree::Null, true.into()],
            );
            let mut inner = Map::new();
            inner.set("first", *text).set("second", texts(odd.clone()));
            map.set(
                format!("maps{index}"),
                vec![Tree::Map(inner), Map::new().into()],
            );
        }
        map.set("numbers", vec![Tree::from(i64::MIN), Tree::from(u64::MAX)]);
        // Bare, in quotes, and short until it is escaped; before a scalar, a block, a list and a map.
        for key in ["k".repeat(2000), "k: ".repeat(400), "\u{200b}".repeat(300)] {
            let mut inner = Map::new();
            inner
                .set(key.clone(), "a")
                .set(format!("{key}2"), "a\nb")
                .set(format!("{key}3"), texts(odd.clone()));
            let mut outer = Map::new();
            outer.set(key.clone(), inner);
            map.set(key, vec![Tree::Map(outer)]);
        }
        let tree = Tree::Map(map);
        let yaml = write(&tree);
        assert!(
            yaml.chars().all(|c| c == '\n' || !is_escaped(c)),
            "something is hidden"
        );
        let wanted: serde_json::Value = serde_json::from_str(&json::write(&tree)).unwrap();
        let theirs: serde_json::Value = serde_yaml::from_str(&yaml).unwrap();
        assert_eq!(theirs, wanted);
        // And palisade's own reader.
        let ours = crate::document::from_text("case.yaml", &yaml).unwrap();
        let again = crate::document::from_text("case.json", &json::write(&tree)).unwrap();
        assert_eq!(plain(&ours.root), plain(&again.root));
    }

    fn plain(node: &crate::document::Node) -> String {
        use crate::document::Value;
        match &node.value {
            Value::Map(map) => map
                .entries
                .iter()
                .map(|(key, value)| format!("{:?}={};", key.text, plain(value)))
                .collect(),
            Value::List(list) => list
                .iter()
                .map(|each| format!("{},", plain(each)))
                .collect(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_is_short_stays_on_its_line() {
        let mut map = Map::new();
        map.set("200", super::super::tree::reference("responses", "Ok"))
            .set("tags", texts(["a", "b c"]))
            .set("text", "one\n\ntwo\n")
            .set(
                "list",
                vec![Tree::Map(map_of("name", "a b")), Tree::Map(Map::new())],
            );
        let wanted = "\
'200': { $ref: '#/components/responses/Ok' }
tags: [a, b c]
text: |
  one

  two
list:
  - name: a b
    x: 'on'
  - {}
";
        assert_eq!(write(&Tree::Map(map)), wanted);
    }

    fn map_of<'a>(key: &'a str, value: &'a str) -> Map<'a> {
        let mut map = Map::new();
        map.set(key, value).set("x", "on");
        map
    }
}
