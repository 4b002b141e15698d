//! Alternatives as emitted files declare them: told, taken, refused with words, and written.

use super::{NOBODY, by, take, written};
use crate::json::Value;
use crate::schema::{List, Text, Whole, forbidden, violations};

crate::words! {
    pub enum By {
        Card = "card",
        Debit = "debit",
    }
}

crate::request! {
    pub struct Card {
        #[required("by", By::SCHEMA)]
        pub by: By,
        #[optional("limit", Whole::new(1, 9))]
        #[write(Roles(1))]
        pub limit: Option<i64>,
    }
}

crate::request! {
    pub struct Ranged {
        #[required("from", Whole::new(0, 9))]
        pub from: i64,
        #[optional("by", Text::new(0, 4))]
        pub by: Option<String>,
    }
}

crate::request_union! {
    /// One of them.
    #[keyword(one_of)]
    pub enum Choice {
        #[case(Text::new(1, 3))]
        Text(String),
        #[case(Card::TABLE, Word("by", &["card", "debit"]), Lacks("from"))]
        Card(Card),
        #[case(List::new(Whole::new(0, 5).schema(), 0, 2))]
        List(Vec<i64>),
        #[case(Ranged::TABLE, Has("from"))]
        Ranged(Ranged),
    }
}

crate::reply_union! {
    pub enum Shown {
        Text(String),
        Pet(super::Pet),
        List(Vec<i64>),
    }
}

/// What is said of a text, each as code and pointer.
fn said(text: &str) -> Vec<String> {
    let value = Value::parse(text.as_bytes(), 9).unwrap();
    let found = violations(&Choice::SCHEMA, &value, &[], &NOBODY);
    let found = found.iter();
    found
        .map(|each| format!("{} {}", each.code, each.pointer))
        .collect()
}

#[test]
fn each_alternative_is_told_and_taken() {
    assert!(
        matches!(take::<Choice>("\"abc\"", &NOBODY), Some(Choice::Text(text)) if text == "abc")
    );
    assert!(matches!(take::<Choice>("[1,5]", &NOBODY), Some(Choice::List(list)) if list == [1, 5]));
    assert!(
        matches!(take::<Choice>(r#"{"by":"debit"}"#, &NOBODY), Some(Choice::Card(card)) if card.by == By::Debit)
    );
    // The mark may come last, be written with escapes, or stand behind what is deep.
    let text = r#" { "by" : "x{]" , "\u0066rom" : 3 } "#;
    let taken = take::<Choice>(text, &NOBODY);
    assert!(
        matches!(taken, Some(Choice::Ranged(it)) if it.from == 3 && it.by.as_deref() == Some("x{]"))
    );
}

#[test]
fn what_is_none_or_two_of_them_is_refused() {
    for text in [
        "true",
        "null",
        "1",
        "{}",
        "[9]",
        "[0,0,0]",
        "\"\"",
        "\"abcd\"",
        r#"{"by":"cash"}"#,
        r#"{"by":1}"#,
        r#"{"by":["card"]}"#,
        r#"{"by":"debit","from":1}"#,
        r#"{"by":"card","other":1}"#,
        r#"{"from":1,"limit":1}"#,
        r#"{"from":"1"}"#,
        // Twice: whichever is looked at, it is one too many.
        r#"{"by":"card","by":"cash"}"#,
        r#"{"from":1,"from":1}"#,
        // No JSON, whatever it looks like from afar.
        r#"{"from":1"#,
        r#"{"from" 1}"#,
        r#"{"by":"card",}"#,
        r#"{,"by":"card"}"#,
        r#"{"x":{,},"from":1}"#,
    ] {
        assert!(take::<Choice>(text, &NOBODY).is_none(), "{text}");
    }
}

#[test]
fn what_is_wrong_is_wrong_of_the_one_that_is_told() {
    for (text, found) in [
        ("true", &["oneOf "][..]),
        ("null", &["oneOf "]),
        ("{}", &["oneOf "]),
        (r#"{"by":"cash"}"#, &["oneOf "]),
        ("\"abcd\"", &["maxLength "]),
        ("[1,7]", &["maximum /1"]),
        // Told as the range, whose member is a text of at most four letters.
        (r#"{"by":"card","from":1}"#, &[]),
        (r#"{"by":"debit","from":1}"#, &["maxLength /by"]),
        (r#"{"by":"card","x":1}"#, &["unknown /x"]),
        (r#"{"from":10,"x":1}"#, &["maximum /from", "unknown /x"]),
    ] {
        assert_eq!(said(text), found, "{text}");
    }
}

#[test]
fn who_may_not_write_a_member_is_told_so_first() {
    let text = r#"{"by":"card","limit":1}"#;
    assert!(take::<Choice>(text, &NOBODY).is_none());
    let taken = take::<Choice>(text, &by(1, false, false));
    assert!(matches!(taken, Some(Choice::Card(card)) if card.limit == Some(1)));
    let value = Value::parse(text.as_bytes(), 9).unwrap();
    let found = forbidden(&Choice::SCHEMA, &value, &NOBODY);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].code, found[0].pointer.as_str()),
        ("forbidden", "/limit")
    );
    // Of what is none of them, nothing is anybody's.
    let value = Value::parse(br#"{"by":"cash","limit":1}"#, 9).unwrap();
    assert!(forbidden(&Choice::SCHEMA, &value, &NOBODY).is_empty());
}

#[test]
fn each_alternative_is_written_as_it_is() {
    for (value, text) in [
        (Shown::Text("a".to_owned()), "\"a\""),
        (Shown::Pet(super::Pet { tame: true }), r#"{"tame":true}"#),
        (Shown::List(vec![1, 2]), "[1,2]"),
    ] {
        assert_eq!(written(&value, &NOBODY), text);
    }
}
