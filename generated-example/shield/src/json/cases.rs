//! Single cases, each with what RFC 8259 or a ruling says of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::differential::walk;
use super::{Malformed, Value, decode, once};

#[test]
fn strict_where_others_are_lenient() {
    for (raw, code) in [
        (&b""[..], "syntax"),
        (b"  ", "syntax"),
        (b"\xef\xbb\xbf{}", "syntax"),
        (b"{} x", "syntax"),
        (b"{}{}", "syntax"),
        (b"[1,]", "syntax"),
        (b"[,1]", "syntax"),
        (b"{\"a\":1,}", "syntax"),
        (b"{a:1}", "syntax"),
        (b"{'a':1}", "syntax"),
        (b"{\"a\" 1}", "syntax"),
        (b"[1 2]", "syntax"),
        (b"[1}", "syntax"),
        (b"{\"a\":1]", "syntax"),
        (b"[", "syntax"),
        (b"// x\n1", "syntax"),
        (b"01", "syntax"),
        (b"-", "syntax"),
        (b"-01", "syntax"),
        (b"+1", "syntax"),
        (b".5", "syntax"),
        (b"1.", "syntax"),
        (b"1.e1", "syntax"),
        (b"1e", "syntax"),
        (b"1e+", "syntax"),
        (b"0x10", "syntax"),
        (b"NaN", "syntax"),
        (b"-Infinity", "syntax"),
        (b"True", "syntax"),
        (b"nul", "syntax"),
        (b"nulll", "syntax"),
        (b"[truefalse]", "syntax"),
        (b"\"a", "syntax"),
        (b"\"\\", "syntax"),
        (b"\"\\\"", "syntax"),
        (b"\"\\x41\"", "syntax"),
        (b"\"\\u12\"", "syntax"),
        (b"\"\\u+123\"", "syntax"),
        (b"\"\\U0041\"", "syntax"),
        (b"\"\\ud800\"", "syntax"),
        (b"\"\\ud800x\"", "syntax"),
        (b"\"\\ud800\\u0041\"", "syntax"),
        (b"\"\\ud800\\udbff\"", "syntax"),
        (b"\"\\ud800\\ue000\"", "syntax"),
        (b"\"\\udc00\"", "syntax"),
        (b"\"\\udc00\\ud800\"", "syntax"),
        (b"\"\xff\"", "syntax"),
        (b"\"\xc0\xaf\"", "syntax"),
        (b"\"\xed\xa0\x80\"", "syntax"),
        (b"\"\xe2\x82\"", "syntax"),
        (b"\xa0[]", "syntax"),
        (b"\x0c[]", "syntax"),
        (b"\"a\nb\"", "control"),
        (b"\"\x00\"", "control"),
        (b"\"\x1f\"", "control"),
        (b"{\"\x1f\":1}", "control"),
        (b"\"\\u0000\"", "control"),
        (b"{\"\\u0000\":1}", "control"),
        (b"1e400", "range"),
        (b"[-1e400]", "range"),
        (b"1e-400", "range"),
    ] {
        let text = String::from_utf8_lossy(raw);
        assert_eq!(Value::parse(raw, 8).unwrap_err().code(), code, "{text}");
        assert_eq!(decode(raw, 8, walk), None, "{text}");
    }
}

#[test]
fn other_controls_may_be_escaped() {
    let raw = br#""\u0001\u001f\u007f\b""#;
    assert_eq!(
        Value::parse(raw, 1).unwrap().as_str(),
        Some("\u{1}\u{1f}\u{7f}\u{8}")
    );
    assert_eq!(
        decode(raw, 1, |r| r.string().map(|text| text.into_owned())).unwrap(),
        "\u{1}\u{1f}\u{7f}\u{8}"
    );
}

#[test]
fn plain_strings_are_borrowed() {
    use std::borrow::Cow;
    assert!(matches!(
        decode(b"\"abc\"", 1, |r| r.string()),
        Some(Cow::Borrowed("abc"))
    ));
    assert!(matches!(
        decode(br#""a\tc""#, 1, |r| r.string()),
        Some(Cow::Owned(_))
    ));
}

// requirement: P52
#[test]
fn names_twice_are_found_at_any_depth_and_named() {
    for (raw, pointer) in [
        (r#"{"a":1,"b":2,"a":1}"#, "/a"),
        (r#"{"a":1,"\u0061":2}"#, "/a"),
        (r#"{"x":[0,{"y/~":{"":1,"":2}}]}"#, "/x/1/y~1~0/"),
    ] {
        assert_eq!(
            Value::parse(raw.as_bytes(), 8).unwrap_err(),
            Malformed::Duplicate(pointer.to_owned()),
            "{raw}"
        );
    }
    assert!(Value::parse(br#"{"a":{"a":1},"b":{"a":2},"A":3}"#, 8).is_ok());
    let mut slot = None;
    assert_eq!(once(&mut slot, 1), Some(()));
    assert_eq!(once(&mut slot, 1), None);
}

// requirement: P58
#[test]
fn depth_counts_containers() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth)).into_bytes();
    for (depth, most, fits) in [
        (0, 0, false),
        (1, 1, true),
        (2, 1, false),
        (32, 32, true),
        (33, 32, false),
    ] {
        let raw = if depth == 0 {
            b"[]".to_vec()
        } else {
            nested(depth)
        };
        assert_eq!(decode(&raw, most, walk).is_some(), fits, "reader {depth}");
        assert_eq!(Value::parse(&raw, most).is_ok(), fits, "value {depth}");
    }
    assert_eq!(decode(b"1", 0, walk), Some(false));
    // Side by side is not deep.
    assert!(decode(b"[[],[],{\"a\":[]},[]]", 3, walk).is_some());
    // No document can ask for a depth that would use up the stack.
    assert_eq!(
        Value::parse(&nested(100_000), u32::MAX).unwrap_err(),
        Malformed::Depth
    );
    assert_eq!(decode(&nested(100_000), u32::MAX, walk), None);
    assert!(Value::parse(&nested(128), u32::MAX).is_ok());
}

#[test]
fn a_reader_cannot_take_one_container_for_another() {
    assert_eq!(
        decode(b"[\"a\":1}", 2, |r| {
            r.open_array()?;
            r.key()
        }),
        None
    );
    assert_eq!(
        decode(b"{\"a\":1}", 2, |r| {
            r.open_object()?;
            r.item()
        }),
        None
    );
    assert_eq!(
        decode(b"[1", 2, |r| {
            r.open_array()?;
            r.item()?;
            r.integer()
        }),
        None,
        "left open"
    );
    assert_eq!(
        decode(b"[1]", 2, |r| {
            r.open_array()?;
            r.item()?;
            r.integer()
        }),
        None,
        "not read to its end"
    );
}

#[test]
fn pointers() {
    let value = Value::parse(
        br#"{"a":[10,{"x/y":{"m~n":true}}],"":{"":5},"0":"zero"}"#,
        8,
    )
    .unwrap();
    assert!(matches!(value.pointer(""), Some(Value::Object(_))));
    assert_eq!(value.pointer("/a/0").and_then(Value::as_integer), Some(10));
    assert!(matches!(
        value.pointer("/a/1/x~1y/m~0n"),
        Some(Value::Bool(true))
    ));
    assert_eq!(value.pointer("//").and_then(Value::as_integer), Some(5));
    assert_eq!(value.pointer("/0").and_then(Value::as_str), Some("zero"));
    for absent in ["a", "/a/00", "/a/+0", "/a/2", "/a/-", "/b", "/a/0/x", "/a/"] {
        assert!(value.pointer(absent).is_none(), "{absent}");
    }
    assert_eq!(
        value.get("a").and_then(Value::as_array).map(<[Value]>::len),
        Some(2)
    );
    // `~01` is `~1`, not `/`.
    let value = Value::parse(br#"{"~1":1}"#, 1).unwrap();
    assert!(value.pointer("/~01").is_some());
}

#[test]
fn equal_values_have_one_spelling() {
    let spell = |text: &str| Value::parse(text.as_bytes(), 8).unwrap().canonical();
    for (a, b) in [
        ("1", "1.0"),
        ("100", "1e2"),
        ("0", "-0.0e5"),
        ("0.1", "1E-1"),
        (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#),
        (r#""\u0061""#, r#""a""#),
    ] {
        assert_eq!(spell(a), spell(b), "{a} {b}");
    }
    for (a, b) in [
        ("1", "-1"),
        ("1", "10"),
        ("9007199254740992", "9007199254740993"),
        ("1", "\"1\""),
        ("null", "\"n\""),
        ("[1,2]", "[2,1]"),
        ("[[1],2]", "[[1,2]]"),
        (r#"["a","b"]"#, r#"["ab",""]"#),
        (r#"{"a":"b"}"#, r#"{"b":"a"}"#),
        ("12", "1.2"),
        ("0", "false"),
        ("[]", "{}"),
    ] {
        assert_ne!(spell(a), spell(b), "{a} {b}");
    }
}
