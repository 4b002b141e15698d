//! Both readers held against `serde_json`, an implementation of others: on what it accepts and on what it understands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::HashSet;

use proptest::prelude::*;

use super::{Malformed, Reader, Value, Writer, decode};

/// Reads any value through the public steps of the reader; gives whether an object had a name twice.
pub(super) fn walk(r: &mut Reader<'_>) -> Option<bool> {
    let mut twice = false;
    match r.peek()? {
        b'{' => {
            let mut names = HashSet::new();
            r.open_object()?;
            while let Some(name) = r.key()? {
                twice |= !names.insert(name.into_owned());
                twice |= walk(r)?;
            }
        }
        b'[' => {
            r.open_array()?;
            while r.item()? {
                twice |= walk(r)?;
            }
        }
        b'"' => drop(r.string()?),
        b't' | b'f' => drop(r.boolean()?),
        b'n' => r.null().then_some(())?,
        _ => drop(r.number()?),
    }
    Some(twice)
}

/// The same tree, in the other's terms.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
        (Value::String(a), serde_json::Value::String(b)) => a == b,
        (Value::Number(a), serde_json::Value::Number(b)) => {
            let (a, b) = (a.parse::<f64>().unwrap(), b.as_f64().unwrap());
            // Theirs is not rounded to the nearest double in its default setting.
            a == b || (a - b).abs() <= a.abs() * 1e-14
        }
        (Value::Array(a), serde_json::Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), serde_json::Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(&**name).is_some_and(|b| same(a, b)))
        }
        _ => false,
    }
}

fn agree(raw: &[u8]) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_slice::<serde_json::Value>(raw).ok();
    let walked = decode(raw, 64, walk);
    let ours = Value::parse(raw, 64);
    let text = String::from_utf8_lossy(raw);
    prop_assert_eq!(walked.is_some(), theirs.is_some(), "reader on {}", text);
    match (ours, walked) {
        (Ok(ours), Some(twice)) => {
            prop_assert!(!twice, "names twice in {}", text);
            prop_assert!(same(&ours, &theirs.unwrap()), "meaning of {}", text);
        }
        // Found where its object closes; what comes behind may be broken too.
        (Err(Malformed::Duplicate(_)), walked) => prop_assert_ne!(walked, Some(false), "{}", text),
        (ours, walked) => prop_assert!(ours.is_err() && walked.is_none(), "value on {}", text),
    }
    Ok(())
}

/// Names from few letters, so that some come twice.
fn json() -> impl Strategy<Value = String> {
    let string =
        r#""([ -!#-\[\]-~é€😀]|\\["\\/bfnrt]|\\u00[4-7][0-9a-fA-F]|\\ud83d\\ude0[0-9]){0,6}""#;
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
        string,
    ];
    let blank = "[ \t\r\n]{0,2}";
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let item = (blank, inner, blank).prop_map(|(a, item, b)| format!("{a}{item}{b}"));
        let member = (blank, "\"[a-c]{1,2}\"", blank, item.clone())
            .prop_map(|(a, name, b, item)| format!("{a}{name}{b}:{item}"));
        prop_oneof![
            prop::collection::vec(item, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..4)
                .prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// One byte put in, taken away or replaced.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        prop::sample::select(b"{}[]:,\"\\-+.eE019 \n\tnulltrefasu/\x00\x1f\x7f".to_vec()),
        any::<u8>(),
    ];
    let change = (any::<prop::sample::Index>(), byte, 0..3_u8);
    (json(), prop::collection::vec(change, 1..3)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (at, byte, how) in changes {
            match how {
                0 => bytes.insert(at.index(bytes.len() + 1), byte),
                1 if !bytes.is_empty() => drop(bytes.remove(at.index(bytes.len()))),
                2 if !bytes.is_empty() => {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
                _ => {}
            }
        }
        bytes
    })
}

/// Where the two differ on purpose: NUL, and numbers too small for a double, which the other rounds to zero.
fn differs_on_purpose(raw: &[u8]) -> bool {
    let text = String::from_utf8_lossy(raw).to_ascii_lowercase();
    text.contains("\\u0000")
        || text
            .split("e-")
            .skip(1)
            .any(|rest| rest.bytes().take(3).filter(u8::is_ascii_digit).count() == 3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn on_json(text in json()) {
        agree(text.as_bytes())?;
    }

    #[test]
    fn on_what_nearly_is_json(raw in mutated()) {
        prop_assume!(!differs_on_purpose(&raw));
        agree(&raw)?;
    }

    #[test]
    fn on_any_bytes(raw in prop::collection::vec(any::<u8>(), 0..40)) {
        prop_assume!(!differs_on_purpose(&raw));
        agree(&raw)?;
    }

    #[test]
    fn what_is_written_is_read_back(name in any::<String>(), text in any::<String>(), number in any::<i64>()) {
        let mut w = Writer::new();
        w.open();
        w.member("list").open_array();
        w.text(&text);
        w.null();
        w.open();
        w.close();
        w.close_array();
        w.member(&format!("x{name}")).whole(number);
        w.member("yes").boolean(true);
        w.close();
        let bytes = w.into_bytes();
        let line = String::from_utf8(bytes.clone()).unwrap();
        prop_assert!(!line.chars().any(|c| c.is_control() || c == '\u{2028}' || c == '\u{2029}'), "{}", line);
        let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(read, serde_json::json!({"list": [text, null, {}], (format!("x{name}")): number, "yes": true}));
    }

    #[test]
    fn integers_are_exact(value in any::<i64>(), zeros in 0_usize..4) {
        let lexeme = format!("{value}{}e-{zeros}", "0".repeat(zeros));
        prop_assert_eq!(decode(lexeme.as_bytes(), 1, |r| r.integer()), Some(value));
        let lexeme = format!("{value}.{}", "0".repeat(zeros + 1));
        prop_assert_eq!(decode(lexeme.as_bytes(), 1, |r| r.integer()), Some(value));
    }
}
