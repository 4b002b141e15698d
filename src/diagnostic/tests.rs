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
