//! `§` is the letter that is looked for: it stands once in the file and once in the text.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::document::{Document, FileId, from_text, node_at};

/// Line and column of the byte `at`, counted anew.
fn counted(text: &str, at: usize) -> (u32, u32) {
    let (mut line, mut column) = (1, 1);
    let mut chars = text[..at].chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => (line, column) = (line + 1, 1),
            _ => column += 1,
        }
    }
    (line, column)
}

fn read(text: &str) -> Document {
    from_text("test", text).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

fn spot(place: Place) -> (u32, u32) {
    (place.line, place.column)
}

/// The `§` of the value of `a` is found where it stands, and so is every letter and digit: where there is no escape, the
/// file has the same character there.
#[track_caller]
fn finds(text: &str) {
    let document = read(text);
    let node = node_at(&document.root, "/a").unwrap();
    let value = node.as_str().unwrap_or_else(|| panic!("{text}"));
    let at = value.find('§').unwrap_or_else(|| panic!("{value:?}"));
    let found = inside(&document.sources, node, at);
    let source = &document.sources.get(FileId::default()).unwrap().text;
    let expected = counted(source, source.find('§').unwrap());
    assert_eq!(spot(found), expected, "{text}\nreads as {value:?}");
    let lines: Vec<&str> = source.split(['\n', '\r']).collect();
    let crlf = source.contains("\r\n");
    for (offset, letter) in value.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let (line, column) = spot(inside(&document.sources, node, offset));
        let index = (line as usize - 1) * if crlf { 2 } else { 1 };
        let there = lines[index].chars().nth(column as usize - 1).unwrap();
        assert!(
            there == letter || there == '\\',
            "{letter} at {line}:{column} is {there}\n{text}"
        );
    }
}

#[test]
fn plain_scalars() {
    for text in [
        "a: §",
        "a: one two § three",
        "a:    é日本😀 §",
        "# YAML\n{b: [x, y], a: one § two, c: z}",
        "# YAML\n{b: x, a: one§}",
        "a: one # no\n\nb: x\n".replace("one", "o§ne").as_str(),
        "a: one\n  two §\n  three\n",
        "a: one  \n   two  \n\n\n  three § four\n",
        "b: x\na:\n  one\n   two§\n",
        "a: &anchor one § two",
        "a: !!str &anchor one §",
        "a: &anchor # why\n  # not\n  one §",
        "x: &x one § two\na: *x\n",
    ] {
        finds(text);
    }
}

#[test]
fn quoted_scalars() {
    for text in [
        "a: '§'",
        "a: 'it''s ''one'' § two'",
        "a: 'one  \n   two''s \n\n\n  three §'",
        "a: \"§\"",
        r#"a: "\t\"é\\ \x41\u00e9\U0001F600 \/ § two""#,
        r#"a: "\0\a\b\v\f\r\e\N\_\L\P\  §""#,
        "a: \"one  \n  two \n\n   three\\n §\"",
        "a: \"one \\\n   two\\\n   \\ three §\"",
        "a: \"one\\\n\n\n  two §\"",
        "a: \"tab\tand \ttab §\"",
        "[x]: 1\n"
            .replace("[x]", "a")
            .replace('1', "'tab\t §'")
            .as_str(),
        "{\"a\": \"one \\u00e9\\ud83d\\ude00\\n\\/ é😀 § two\"}",
        "{\"b\": 1,\n  \"a\":\n    \"§\"}",
    ] {
        finds(text);
    }
}

#[test]
fn literal_blocks() {
    for text in [
        "a: |\n  §\n",
        "a: |\n  one\n  two § three\n",
        "a: |\n\n\n  one\n\n    two\n §\n"
            .replace("\n §", "\n   §")
            .as_str(),
        "a: |-\n  one\n  two §",
        "a: |+\n  one\n\n\n  two §\n\n\n",
        "a: | # why\n  one\n  §\n",
        "a: |2\n    one\n  two §\n",
        "a: |+1\n   one\n  two §\n\n",
        "a: |1-\n  one\n  §\nb: x\n",
        "b:\n  - x\na: |\n      é日本😀 §\n",
        "a: |\n\tone\n".replace("\tone", "  \tone §").as_str(),
        "a: |\n  one\n   \n  two §\n",
        "a: &anchor |\n  one §\n",
        "x: &x |\n  one\n  two §\na: *x\n",
    ] {
        finds(text);
    }
}

#[test]
fn folded_blocks() {
    for text in [
        "a: >\n  §\n",
        "a: >\n  one\n  two § three\n",
        "a: >\n  one\n\n\n  two §\n",
        "a: >\n\n  one\n    more\n  two\n  three §\n",
        "a: >\n  one\n\n    more\n\n  two §\n",
        "a: >-\n  one\n  \ttab\n  two §",
        "a: >+\n  one\n  two §\n\n\n",
        "a: >2-\n    one\n\n    two\n  three\n  four §\n",
        "a: >\n  one \n  two §\nb: x\n",
    ] {
        finds(text);
    }
}

#[test]
fn inside_of_what_is_around() {
    for text in [
        "b:\n- c:\n  - x\na: |\n  one §\n",
        "a: |\r\n  one\r\n\r\n  two §\r\n",
        "a: >\r\n  one\r\n  two §\r\n",
        "a: 'one\r\n  two §'\r\n",
        "a: one\r\n  two §\r\n",
        "\u{feff}a: |\n  one §\n",
        "\u{feff}a: '§'\n",
    ] {
        finds(text);
    }
    // The text of a sequence's item, and of one that is deeper than its sequence's.
    let document = read("a:\n  - |\n    one\n    §\n  - >2\n      x\n    §\n");
    for (pointer, line, column) in [("/a/0", 4, 5), ("/a/1", 7, 5)] {
        let node = node_at(&document.root, pointer).unwrap();
        let at = node.as_str().unwrap().find('§').unwrap();
        assert_eq!(spot(inside(&document.sources, node, at)), (line, column));
    }
}

#[test]
fn what_is_between_letters_and_behind_the_last() {
    for (text, offset, line, column) in [
        // The end of the text.
        ("a: one", 3, 1, 7),
        ("a: 'one'", 3, 1, 8),
        ("a: ''", 0, 1, 5),
        ("a: \"\"", 0, 1, 5),
        ("a: |\n  one\n", 3, 2, 6),
        ("a: |\n  one\n", 4, 3, 1),
        ("a: |-\n  one\n", 3, 2, 6),
        ("a: |+\n     \n\n  \nb: 1\n", 0, 2, 6),
        ("a: |+\n     \n\n  \nb: 1\n", 2, 4, 3),
        ("a: >-\n  one\n  two\n", 7, 3, 6),
        // A line end that reads as a blank stands at the end of its line.
        ("a: >\n  one\n  two\n", 3, 2, 6),
        ("a: one\n  two\n", 3, 1, 7),
        ("a: >\n  one\n\n  two\n", 3, 3, 1),
        // An escape is one letter, and stands where it begins; so is one that gives several bytes.
        ("a: \"x\\u00e9y\"", 1, 1, 6),
        ("a: \"x\\u00e9y\"", 2, 1, 6),
        ("a: \"x\\u00e9y\"", 3, 1, 12),
        ("{\"a\": \"x\\ud83d\\ude00y\"}", 3, 1, 9),
        ("{\"a\": \"x\\ud83d\\ude00y\"}", 5, 1, 21),
        ("a: 'x''y'", 1, 1, 6),
        ("a: 'x''y'", 2, 1, 8),
    ] {
        let document = read(text);
        let node = node_at(&document.root, "/a").unwrap();
        let found = spot(inside(&document.sources, node, offset));
        assert_eq!(found, (line, column), "{offset} of {text}");
    }
}

#[test]
fn where_nothing_agrees_it_is_the_place_of_the_node() {
    let document = read("a: one\nb: 0x10\nc: [x]\n");
    let at = |pointer: &str, offset| {
        let node = node_at(&document.root, pointer).unwrap();
        (
            spot(inside(&document.sources, node, offset)),
            spot(node.place),
        )
    };
    for (pointer, offset) in [("/a", 4), ("/a", usize::MAX), ("/b", 1), ("/c", 0)] {
        let (found, own) = at(pointer, offset);
        assert_eq!(found, own, "{pointer} {offset}");
    }
    let mut other = node_at(&document.root, "/a").unwrap().clone();
    other.value = Value::String("not what is written".to_owned());
    assert_eq!(inside(&document.sources, &other, 3), other.place);
    other.place.line = 99;
    assert_eq!(inside(&document.sources, &other, 3), other.place);
}

/// Every string of the smaller documents of the corpus, where it lies beside the checkout: all of them agree, to their end.
#[test]
fn every_text_of_real_documents_is_found_again() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus");
    let Ok(found) = std::fs::read_dir(corpus) else {
        // Where there must be one, the reader's own test of it says so.
        eprintln!("NOT RUN: there is no corpus");
        return;
    };
    let mut texts = 0_usize;
    for entry in found.flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path()) else {
            continue;
        };
        if text.len() > 400_000 {
            continue;
        }
        let Ok(document) = from_text("corpus", &text) else {
            continue;
        };
        let source = &document.sources.get(FileId::default()).unwrap().text;
        let lines = Lines::of(source);
        // To find a place in a line takes as long as the line is.
        if source.lines().any(|line| line.len() > 5000) {
            continue;
        }
        let mut open = vec![&document.root];
        while let Some(node) = open.pop() {
            match &node.value {
                Value::Map(map) => open.extend(map.entries.iter().map(|(_, value)| value)),
                Value::List(items) => open.extend(items),
                Value::String(value) if !value.is_empty() => {
                    texts += 1;
                    let cursor = lines.cursor(node.place).unwrap();
                    let end = letter_at(cursor, value, value.len());
                    assert!(
                        end.is_some(),
                        "{:?} {:?}: {value:?}",
                        entry.path(),
                        node.place
                    );
                }
                _ => {}
            }
        }
    }
    assert!(texts > 1000 || texts == 0, "{texts}");
}
