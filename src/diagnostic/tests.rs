//! What a person sees, letter by letter.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::*;
use crate::document::{FileId, LoadError, Sources};

fn at(line: u32, column: u32) -> Place {
    Place {
        file: FileId(0),
        line,
        column,
    }
}

fn rendered(diagnostics: Vec<Diagnostic>, text: &str) -> String {
    let mut all = Diagnostics::default();
    for one in diagnostics {
        all.push(one);
    }
    render(&all, &Sources::single("api.yaml", text), false)
}

#[test]
fn shows_code_place_line_caret_and_help() {
    let one = Diagnostic::new(1003, at(2, 3), "the key `b` is given twice").help("remove one");
    let expected = "\
error[PAL-1003]: the key `b` is given twice
 --> api.yaml:2:3
  |
2 |   b: 1
  |   ^
  |
  = help: remove one
";
    assert_eq!(rendered(vec![one], "a:\n  b: 1\n"), expected);
}

#[test]
fn shows_related_places() {
    let one = Diagnostic::new(1003, at(2, 1), "twice").related(at(1, 1), "first given here");
    let text = rendered(vec![one], "key: 1\nkey: 2\n");
    assert!(text.contains(" ::: api.yaml:1:1\n"), "{text}");
    assert!(
        text.contains("1 | key: 1\n  | --- first given here\n"),
        "{text}"
    );
    assert!(text.contains("2 | key: 2\n  | ^^^\n"), "{text}");
}

#[test]
fn sorts_by_place_and_removes_duplicates() {
    let one = |line, message: &str| Diagnostic::new(2002, at(line, 1), message);
    let text = rendered(vec![one(2, "two"), one(1, "one"), one(2, "two")], "a\nb\n");
    let titles: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(titles, ["error[PAL-2002]: one", "error[PAL-2002]: two"]);
}

#[test]
fn stops_after_fifty_and_counts_the_rest() {
    let text = "x\n".repeat(60);
    let all = (1..=60)
        .map(|line| Diagnostic::new(2002, at(line, 1), "wrong"))
        .collect();
    let shown = rendered(all, &text);
    assert_eq!(shown.matches("error[").count(), 50);
    assert!(shown.contains("api.yaml:50:1") && !shown.contains("api.yaml:51:1"));
    assert!(shown.ends_with("\nand 10 more\n"));
}

#[test]
fn never_writes_control_or_bidirectional_characters() {
    let source = "a: \"\u{202e}\u{1b}[31m\u{7}\" # \u{2066}\n";
    let one = Diagnostic::new(2020, at(1, 4), "bad `\u{1b}]0;\u{200b}\n`").help("\u{202e}");
    let text = rendered(vec![one], source);
    assert!(
        text.chars().all(|c| c == '\n' || !escape::is_hidden(c)),
        "{text:?}"
    );
    assert!(
        text.starts_with(r"error[PAL-2020]: bad `\u{1b}]0;\u{200b}\n`"),
        "{text}"
    );
    assert!(text.contains(" --> api.yaml:1:4\n"), "{text}");
    assert!(
        text.contains(r#"1 | a: "\u{202e}\u{1b}[31m\u{7}" # \u{2066}"#),
        "{text}"
    );
}

#[test]
fn the_column_of_a_long_or_tabbed_line_is_the_one_of_the_file() {
    let source = format!("\té{} key: 1", "x".repeat(3000));
    let text = rendered(vec![Diagnostic::new(2002, at(1, 3004), "no")], &source);
    assert!(text.contains(" --> api.yaml:1:3004\n"), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    let caret = lines[4].find('^').unwrap();
    let chars: Vec<char> = lines[3].chars().collect();
    assert_eq!(chars[caret..caret + 3].iter().collect::<String>(), "key");
    assert!(lines[3].chars().count() < 200);
}

#[test]
fn a_place_outside_the_text_is_still_said() {
    let text = rendered(vec![Diagnostic::new(2002, at(9, 4), "no")], "a\n");
    assert!(text.starts_with("error[PAL-2002]: no\n"), "{text}");
    assert!(text.ends_with("--> api.yaml:9:4\n"), "{text}");
}

#[test]
fn colour_only_adds_colour() {
    let mut all = Diagnostics::default();
    all.push(Diagnostic::new(2002, at(1, 1), "no"));
    let sources = Sources::single("api.yaml", "a: 1\n");
    let coloured = render(&all, &sources, true);
    assert!(coloured.contains('\u{1b}'));
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    bare.push_str(rest);
    assert_eq!(bare, render(&all, &sources, false));
}

#[test]
fn a_refusal_without_a_place_has_a_code() {
    let error = LoadError::unplaced("cannot read `x`", None);
    assert_eq!(
        render_load_error(&error, false),
        "error[PAL-1001]: cannot read `x`\n"
    );
}

#[test]
fn suggests_what_is_near_and_nothing_else() {
    assert_eq!(
        suggest("securty", ["servers", "security"]),
        Some("security")
    );
    assert_eq!(suggest("requried", ["required"]), Some("required"));
    assert_eq!(
        suggest("maximunLenght", ["maximumLength"]),
        Some("maximumLength")
    );
    assert_eq!(suggest("info", ["paths", "servers"]), None);
    assert_eq!(suggest("a", ["b"]), None);
    assert_eq!(suggest("adn", ["admin", "and"]), Some("and"));
    assert_eq!(suggest(&"x".repeat(101), [&*"x".repeat(101)]), None);
}

#[test]
fn escapes_only_what_misleads() {
    assert_eq!(escape("Zürich „x“ \\ 'q' 日本"), "Zürich „x“ \\ 'q' 日本");
    assert_eq!(escape("a\r\n\tb\u{85}"), r"a\r\n\tb\u{85}");
    assert_eq!(
        escape("\u{e0041}\u{feff}\u{2029}"),
        r"\u{e0041}\u{feff}\u{2029}"
    );
}

/// What a misspelt `raeder` that stands at the first `ra` of `text` is replaced by.
fn patched(text: &str, near: &str) -> Option<(String, String)> {
    let before = &text[..text.find("ra").unwrap()];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let quote = usize::from(before.ends_with(['"', '\'']));
    let column = before[start..].chars().count() + 1 - quote;
    let place = at(line.try_into().unwrap(), column.try_into().unwrap());
    let one = Diagnostic::new(3031, place, "no").did_you_mean("raeder", near);
    let found = patch(&one.edit.unwrap(), &Sources::single("a.yaml", text))?;
    assert_eq!(found.place, place);
    Some((found.old, found.new))
}

#[test]
fn a_word_is_replaced_as_it_is_written() {
    for (text, near, old, new) in [
        ("a: raeder", "reader", "raeder", "reader"),
        ("a: raeder # why\n", "reader", "raeder", "reader"),
        ("a: [é, raeder, x]", "reader", "raeder", "reader"),
        ("a: {raeder: x}", "reader", "raeder", "reader"),
        ("a:\n  raeder:\n", "reader", "raeder", "reader"),
        ("a:\r\n  - raeder\r\n", "reader", "raeder", "reader"),
        ("a: 'raeder'", "reader", "'raeder'", "'reader'"),
        ("a: 'raeder'", "it's", "'raeder'", "'it''s'"),
        ("a: \"raeder\"", "a\"b\\", "\"raeder\"", "\"a\\\"b\\\\\""),
        // What would be something else without quotes gets them.
        ("a: raeder", "two words: x", "raeder", "\"two words: x\""),
        ("a: raeder", "true", "raeder", "\"true\""),
        ("a: raeder", "8.5", "raeder", "\"8.5\""),
        ("a: raeder", "-x", "raeder", "\"-x\""),
        (
            "a: raeder",
            "#/components/x",
            "raeder",
            "\"#/components/x\"",
        ),
        ("a: raeder", "x-security", "raeder", "x-security"),
    ] {
        let found = patched(text, near);
        assert_eq!(found, Some((old.to_owned(), new.to_owned())), "{text}");
    }
}

#[test]
fn what_is_written_otherwise_is_not_replaced() {
    for text in [
        "a: raeder more",
        "a: raeders",
        "a: \"raeder\\n\"",
        "a: |\n  rae",
    ] {
        assert_eq!(patched(text, "reader"), None, "{text}");
    }
    let gone = Edit::Word {
        place: at(9, 9),
        old: "x".to_owned(),
        new: "y".to_owned(),
    };
    assert_eq!(patch(&gone, &Sources::single("a.yaml", "x\n")), None);
}

/// `text` with `version: 1` added to the mapping at the place.
fn with_version(text: &str, line: u32, column: u32) -> String {
    let sources = Sources::single("a", text);
    let edit = Edit::Member {
        place: at(line, column),
        key: "version",
        value: "1",
    };
    let found = patch(&edit, &sources).unwrap();
    let from = crate::document::lines::Lines::of(text)
        .cursor(found.place)
        .unwrap()
        .rest;
    let before = text.strip_suffix(from).unwrap();
    format!(
        "{before}{}{}",
        found.new,
        from.strip_prefix(found.old.as_str()).unwrap()
    )
}

#[test]
fn a_member_is_added_in_the_style_of_the_mapping() {
    assert_eq!(
        with_version("s:\n  - a: 1\n", 2, 5),
        "s:\n  - version: 1\n    a: 1\n"
    );
    assert_eq!(with_version("s: { a: 1 }", 1, 4), "s: { version: 1, a: 1 }");
    assert_eq!(with_version("s: {a: 1}", 1, 4), "s: { version: 1, a: 1}");
    assert_eq!(with_version("s: {}", 1, 4), "s: { version: 1 }");
    assert_eq!(with_version("s: { }", 1, 4), "s: { version: 1 }");
    assert_eq!(
        with_version("{\"s\": {\n  \"a\": 1}}", 1, 7),
        "{\"s\": { \"version\": 1,\n  \"a\": 1}}"
    );
    for (text, line, column) in [
        ("s:\n  - a: 1\n", 2, 5),
        ("s: { a: 1 }", 1, 4),
        ("s: {}", 1, 4),
        ("{\"s\": {\n  \"a\": 1}}", 1, 7),
        ("{\"s\":{}}", 1, 6),
    ] {
        let text = with_version(text, line, column);
        crate::document::from_text("a", &text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    }
}

#[test]
fn shows_a_patch_as_the_line_before_and_after() {
    let one = Diagnostic::new(3031, at(2, 14), "no `raeder`").did_you_mean("raeder", "reader");
    let expected = "\
error[PAL-3031]: no `raeder`
 --> api.yaml:2:14
  |
2 |   a: { role: raeder }
  |              ^^^^^^
  |
help: did you mean `reader`?
  |
2 -   a: { role: raeder }
2 +   a: { role: reader }
  |
";
    assert_eq!(rendered(vec![one], "x:\n  a: { role: raeder }\n"), expected);
}

#[test]
fn a_program_reads_places_pointers_and_patches() {
    let text = "x:\n  - a: \"raeder\"\n    b: 1\n";
    let document = crate::document::from_text("api.yaml", text).unwrap();
    let mut all = Diagnostics::default();
    all.push(
        Diagnostic::new(3031, at(2, 8), "no `raeder`\u{202e}\u{1b}")
            .did_you_mean("raeder", "reader")
            .related(at(3, 5), "here"),
    );
    let json = render_json(&all, &document.sources, Some(&document.root));
    assert!(
        json.is_ascii() && json.ends_with("}\n") && !json.contains('\u{1b}'),
        "{json}"
    );
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    let spot = |line: u32, column: u32, pointer: &str| serde_json::json!({"file": "api.yaml", "line": line, "column": column, "pointer": pointer});
    let expected = serde_json::json!({
        "version": 1,
        "diagnostics": [{
            "rule": "PAL-3031",
            "severity": "error",
            "message": "no `raeder`\u{202e}\u{1b}",
            "help": "did you mean `reader`?",
            "place": spot(2, 8, "/x/0/a"),
            "related": [{"place": spot(3, 5, "/x/0/b"), "message": "here"}],
            "patch": {"place": spot(2, 8, "/x/0/a"), "old": "\"raeder\"", "new": "\"reader\""},
        }],
        "more": 0,
    });
    assert_eq!(read, expected);
}

#[test]
fn a_program_reads_at_most_fifty_and_how_many_more_there_are() {
    let mut all = Diagnostics::default();
    for line in (1..=60).rev() {
        all.push(Diagnostic::new(2002, at(line, 1), "wrong"));
    }
    let sources = Sources::single("a", &"x\n".repeat(60));
    let read: serde_json::Value = serde_json::from_str(&render_json(&all, &sources, None)).unwrap();
    assert_eq!(read["diagnostics"].as_array().unwrap().len(), 50);
    assert_eq!(read["diagnostics"][0]["place"]["line"], 1);
    assert_eq!(
        read["diagnostics"][0]["place"]["pointer"],
        serde_json::Value::Null
    );
    assert_eq!(read["diagnostics"][0]["patch"], serde_json::Value::Null);
    assert_eq!(read["more"], 10);
}

#[test]
fn a_program_reads_why_a_document_could_not_be_loaded() {
    let unplaced = render_load_error_json(&LoadError::unplaced("cannot read `x`", Some("look")));
    let read: serde_json::Value = serde_json::from_str(&unplaced).unwrap();
    let one = &read["diagnostics"][0];
    assert_eq!(
        (&one["rule"], &one["help"]),
        (&"PAL-1001".into(), &"look".into())
    );
    assert!(one["place"].is_null());
    let Err(refused) = crate::document::from_text("a.yaml", "a: 1\na: 2\n") else {
        panic!("two keys");
    };
    let read: serde_json::Value = serde_json::from_str(&render_load_error_json(&refused)).unwrap();
    let one = &read["diagnostics"][0];
    assert_eq!(
        (&one["rule"], &one["place"]["line"]),
        (&"PAL-1003".into(), &2.into())
    );
    assert_eq!(one["related"][0]["message"], "first given here");
}
