//! Torture for the loader. Places are counted by hand in the input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::*;
use crate::diagnostic::Diagnostic;
use std::time::{Duration, Instant};

fn load_text(text: &str) -> Document {
    from_text("test", text).unwrap_or_else(|error| panic!("{error:?}"))
}

fn refused(text: &str) -> Diagnostic {
    match from_text("test", text) {
        Err(LoadError::Refused { diagnostics, .. }) => diagnostics.iter().next().unwrap().clone(),
        other => panic!("{other:?}"),
    }
}

/// Code, line and column of the refusal.
fn place_of(text: &str) -> (u16, u32, u32) {
    let one = refused(text);
    (one.code, one.place.line, one.place.column)
}

/// The value of `a`, written so that kinds show.
fn value(text: &str) -> String {
    let document = load_text(text);
    let node = document.root.as_map().unwrap().get("a").unwrap();
    show(node)
}

fn show(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(lexeme) => format!("#{lexeme}"),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
        Value::Map(map) => {
            let entries = map.entries.iter();
            let shown: Vec<_> = entries
                .map(|(key, value)| format!("{}={}", key.text, show(value)))
                .collect();
            format!("{{{}}}", shown.join(" "))
        }
    }
}

#[test]
fn plain_scalars_follow_the_core_schema() {
    for (written, expected) in [
        ("no", "\"no\""),
        ("yes", "\"yes\""),
        ("on", "\"on\""),
        ("y", "\"y\""),
        ("1_000", "\"1_000\""),
        ("1:30", "\"1:30\""),
        ("0b11", "\"0b11\""),
        ("-0x1F", "\"-0x1F\""),
        ("2026-11-23", "\"2026-11-23\""),
        ("1e", "\"1e\""),
        (".", "\".\""),
        ("nULL", "\"nULL\""),
        ("~", "null"),
        ("Null", "null"),
        ("", "null"),
        ("TRUE", "true"),
        ("False", "false"),
        ("010", "#10"),
        ("000", "#0"),
        ("+5", "#5"),
        ("-00.50", "#-0.50"),
        ("0x1F", "#31"),
        ("0o17", "#15"),
        (".5", "#0.5"),
        ("5.", "#5.0"),
        ("1E+2", "#1e+2"),
        ("18446744073709551616", "#18446744073709551616"),
        (
            "123456789012345678901234567890",
            "#123456789012345678901234567890",
        ),
        ("0.1234567890123456789", "#0.1234567890123456789"),
        ("'010'", "\"010\""),
        ("\"true\"", "\"true\""),
        ("!!str 010", "\"010\""),
        ("!!int 7", "#7"),
    ] {
        assert_eq!(value(&format!("a: {written}\n")), expected, "{written}");
    }
}

#[test]
fn what_is_no_finite_number_is_refused() {
    for written in [".inf", "-.inf", "+.Inf", ".nan", ".NaN"] {
        assert_eq!(
            place_of(&format!("a: {written}")),
            (1011, 1, 4),
            "{written}"
        );
    }
    assert_eq!(place_of(&format!("a: 0x1{}", "0".repeat(32))), (1011, 1, 4));
    assert_eq!(value("a: '.inf'"), "\".inf\"");
}

#[test]
fn duplicate_keys_are_refused_with_both_places() {
    let one = refused("a: 1\nb:\n  c: 1\n  'c': 2\n");
    assert_eq!((one.code, one.place.line, one.place.column), (1003, 4, 3));
    assert_eq!((one.related[0].0.line, one.related[0].0.column), (3, 3));
    assert_eq!(place_of("200: a\n\"200\": b\n"), (1003, 2, 1));
    assert_eq!(place_of("{\"a\": 1,\n \"\\u0061\": 2}"), (1003, 2, 2));
    // Past the size up to which keys are scanned.
    let many: String = (0..40).map(|n| format!("k{n}: 1\n")).collect();
    assert_eq!(place_of(&format!("{many}k3: 1\n")), (1003, 41, 1));
    assert_eq!(place_of(&format!("{many}k39: 1\n")), (1003, 41, 1));
}

#[test]
fn yaml_that_surprises_is_refused_by_name() {
    for (text, code, line, column) in [
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 1005, 3, 3),
        ("a: !foo 1\n", 1006, 1, 4),
        ("a: ! 1\n", 1006, 1, 4),
        ("a: !!set {b}\n", 1006, 1, 4),
        ("a: !!int x\n", 1006, 1, 4),
        ("a: !!binary aGk=\n", 1006, 1, 4),
        ("? [x]\n: 1\n", 1007, 1, 3),
        ("{? {x: 1} : 1}", 1004, 1, 2),
        ("a: &x [1]\n*x : 2\n", 1007, 2, 1),
        ("a: 1\n---\nb: 1\n", 1008, 2, 1),
        ("a: &x [*x]\n", 1010, 1, 8),
        ("a: *nobody\n", 1002, 1, 4),
        ("", 1012, 1, 1),
        ("# nothing\n", 1012, 1, 1),
    ] {
        assert_eq!(place_of(text), (code, line, column), "{text}");
    }
    assert_eq!(value("a: {'<<': 1}"), "{<<=#1}");
}

#[test]
fn aliases_are_copies() {
    assert_eq!(value("x: &x [1, {b: c}]\na: *x\n"), "[#1 {b=\"c\"}]");
    assert_eq!(value("x: &k name\na: {*k : 1}\n"), "{name=#1}");
    assert_eq!(value("&a a: *a\n"), "\"a\"");
}

#[test]
fn keys_that_are_no_strings_become_their_text() {
    assert_eq!(
        value("a: {200: x, true: y, 010: z, ~: w}"),
        "{200=\"x\" true=\"y\" 010=\"z\" ~=\"w\"}"
    );
}

#[test]
fn json_is_read_exactly() {
    assert_eq!(
        value(r#"{"a": "\ud83d\ude00\/\u00e9\b\f\n\r\t\"\\"}"#),
        "\"😀/é\\u{8}\\u{c}\\n\\r\\t\\\"\\\\\""
    );
    assert_eq!(
        value("\u{FEFF} {\"a\": [1.0e-5, -0, true, false, null, \"\", {}, []]}"),
        "[#1.0e-5 #-0 true false null \"\" {} []]"
    );
    for (text, line, column) in [
        ("{", 1, 2),
        ("{\"a\": 1,}", 1, 9),
        ("{\"a\": [1,]}", 1, 10),
        ("{\"a\": 01}", 1, 8),
        ("{\"a\": 1.}", 1, 9),
        ("{\"a\": .5}", 1, 7),
        ("{\"a\": +1}", 1, 7),
        ("{\"a\": 1e}", 1, 9),
        ("{\"a\": NaN}", 1, 7),
        ("{\"a\": nul}", 1, 7),
        ("{\"a\": 'x'}", 1, 7),
        ("{a: 1}", 1, 2),
        ("{\"a\" 1}", 1, 6),
        ("{\"a\": \"\\ud83d\"}", 1, 8),
        ("{\"a\": \"é\\ude00\"}", 1, 9),
        ("{\"a\": \"\\ud83d\\u0041\"}", 1, 8),
        ("{\"a\": \"\\x\"}", 1, 8),
        ("{\"a\": \"\\u12g4\"}", 1, 8),
        ("{\"a\": \"b\nc\"}", 1, 9),
        ("{\"a\":\n \"b", 2, 2),
        ("{\"a\": 1}\r\n x", 2, 2),
        ("{\"a\": 1} // no", 1, 10),
    ] {
        assert_eq!(place_of(text), (1004, line, column), "{text}");
    }
}

#[test]
fn places_count_lines_and_characters() {
    for text in [
        "é: 1\nb: {ü: [x, y]}\n",
        "{\"é\": 1,\n   \"ü\": [\"x\"\r\n,\"日本\", 2]}",
    ] {
        let document = load_text(text);
        let json = text.starts_with('{');
        let (key, node) = &document.root.as_map().unwrap().entries[1];
        let spot = |place: Place| (place.line, place.column);
        if json {
            assert_eq!((spot(key.place), spot(node.place)), ((2, 4), (2, 9)));
            let items = node.as_list().unwrap();
            assert_eq!(
                (spot(items[1].place), spot(items[2].place)),
                ((3, 2), (3, 8))
            );
        } else {
            assert_eq!((spot(key.place), spot(node.place)), ((2, 1), (2, 4)));
            let (inner, list) = &node.as_map().unwrap().entries[0];
            assert_eq!((spot(inner.place), spot(list.place)), ((2, 5), (2, 8)));
            assert_eq!(spot(list.as_list().unwrap()[1].place), (2, 12));
        }
    }
    // A value that is not written stands where its key stands.
    let document = load_text("a:\n  b:\nc: 1\n");
    let inner = document
        .root
        .as_map()
        .unwrap()
        .get("a")
        .unwrap()
        .as_map()
        .unwrap();
    assert_eq!(
        (
            inner.entries[0].1.place.line,
            inner.entries[0].1.place.column
        ),
        (2, 3)
    );
}

#[test]
fn depth_nodes_and_copies_are_bounded() {
    let nested = |n: usize| format!("a: {}{}", "[".repeat(n), "]".repeat(n));
    let deep_json = |n: usize| format!("{{\"a\": {}{}}}", "[".repeat(n), "]".repeat(n));
    // The mapping is one level, so 199 lists are the most.
    assert!(from_text("test", &nested(199)).is_ok());
    assert!(from_text("test", &deep_json(199)).is_ok());
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for n in 1..10 {
        let inner = format!("*a{},", n - 1).repeat(10);
        bomb.push_str(&format!("a{n}: &a{n} [{inner}]\n"));
    }
    let texts = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1_000_000),
        "*a,".repeat(1000)
    );
    let stacked = format!(
        "a: &a {}x{}\nb: {}*a{}\n",
        "[".repeat(150),
        "]".repeat(150),
        "[".repeat(100),
        "]".repeat(100)
    );
    for (name, text) in [
        ("flow", nested(200)),
        ("flow, much", nested(10_000)),
        ("flow, open", format!("a: {}", "[".repeat(10_000))),
        ("flow maps", format!("a: {}", "{a: ".repeat(10_000))),
        ("block", format!("{}x", "- ".repeat(10_000))),
        ("json", deep_json(200)),
        ("json, much", deep_json(10_000)),
        ("json, open", "{\"a\":".repeat(10_000)),
        ("bomb", bomb),
        ("texts", texts),
        ("aliases on depth", stacked),
    ] {
        let start = Instant::now();
        assert_eq!(refused(&text).code, 1009, "{name}");
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{name}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn what_cannot_be_read_has_no_place() {
    assert!(matches!(
        load(Path::new("/nonexistent/api.yaml")),
        Err(LoadError::Unplaced { .. })
    ));
    assert!(matches!(
        load(Path::new("/")),
        Err(LoadError::Unplaced { .. })
    ));
    let large = " ".repeat(MAX_BYTES + 1);
    assert!(matches!(
        from_text("x", &large),
        Err(LoadError::Unplaced { .. })
    ));
}

#[test]
fn what_is_not_utf_8_has_the_place_of_the_first_bad_byte() {
    for (bytes, line, column) in [
        (&b"a\xFF"[..], 1, 2),
        (b"\xC3\xA9: 1\r\nb: \xC3\xA9\xC3", 2, 5),
        (b"\xFE\xFFa", 1, 1),
    ] {
        let Err(LoadError::Refused { diagnostics, .. }) = from_bytes("x", bytes.to_vec()) else {
            panic!("{bytes:?}");
        };
        let place = diagnostics.iter().next().unwrap().place;
        assert_eq!((place.line, place.column), (line, column), "{bytes:?}");
    }
}

#[test]
fn a_line_of_anchors_is_walked_once() {
    let many: String = (0..60_000).map(|n| format!("&a{n} é,")).collect();
    let start = Instant::now();
    let document = load_text(&format!("a: [{many}!!str x]\n"));
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    let list = document.root.as_map().unwrap().get("a").unwrap();
    let items = list.as_list().unwrap();
    // `a: [&a0 ` stands before the first, `é,&a1 ` between it and the next.
    let columns: Vec<u32> = items.iter().take(3).map(|item| item.place.column).collect();
    assert_eq!(columns, [9, 15, 21]);
}
