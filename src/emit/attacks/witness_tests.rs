#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::*;
use crate::plan::Pattern;

fn text(min: u64, max: u64, pattern: Option<&str>, format: Option<Format>) -> Text {
    Text {
        min,
        max,
        max_declared: true,
        pattern: pattern.map(|source| Pattern {
            source: source.to_owned(),
            rust: source.to_owned(),
        }),
        format,
    }
}

#[test]
fn patterns_have_witnesses_at_both_ends() {
    for (min, max, pattern) in [
        (3, 30, "^[a-zA-Z0-9_]+$"),
        (8, 16, r"^\+[1-9][0-9]{6,14}$"),
        (2, 40, "^(ab)+$"),
        (5, 9, "^[A-Z]{2}-[0-9]+$"),
        (1, 10, "x"),
        (2, 3, "^[A-Z]{2,3}$"),
    ] {
        let rule = text(min, max, Some(pattern), None);
        let rule = Rule::new(&rule).unwrap();
        assert_eq!(rule.broken(&rule.sample().unwrap()), [""; 0], "{pattern}");
        for length in [min, max] {
            let made = rule
                .of_length(length, Alphabet::Any)
                .unwrap_or_else(|| panic!("{pattern} of {length}"));
            assert_eq!(made.chars().count() as u64, length);
            assert!(regex::Regex::new(pattern).unwrap().is_match(&made));
        }
        let bad = rule.against_pattern().unwrap();
        assert!(
            !regex::Regex::new(pattern).unwrap().is_match(&bad),
            "{pattern} {bad}"
        );
    }
}

#[test]
fn lengths_are_code_points() {
    let rule = text(1, 80, None, None);
    let made = Rule::new(&rule)
        .unwrap()
        .of_length(80, Alphabet::Any)
        .unwrap();
    assert_eq!((made.chars().count(), made.len()), (80, 320));
}

#[test]
fn addresses_of_every_length_keep_their_parts_within_bounds() {
    for length in 7..=254 {
        let made = email(length).unwrap();
        let (local, domain) = made.split_once('@').unwrap();
        assert_eq!(made.len(), length);
        assert!(local.len() <= 64 && !local.is_empty());
        assert!(
            domain.contains('.')
                && domain
                    .split('.')
                    .all(|label| (1..=63).contains(&label.len())),
            "{made}"
        );
    }
}

#[test]
fn distinct_values_are_distinct_and_admitted() {
    for rule in [
        text(1, 60, None, None),
        text(36, 36, None, Some(Format::Uuid)),
        text(3, 5, Some("^[a-z0-9]+$"), None),
    ] {
        let rule = Rule::new(&rule).unwrap();
        let mut made = rule.distinct(21).unwrap();
        made.sort();
        made.dedup();
        assert_eq!(made.len(), 21);
        assert!(made.iter().all(|value| rule.broken(value).is_empty()));
    }
    // A rule with one word only cannot have two.
    let one = text(1, 1, Some("^x$"), None);
    assert!(Rule::new(&one).unwrap().distinct(2).is_none());
}

#[test]
fn what_breaks_a_format_breaks_nothing_that_is_not_said() {
    let rule = text(0, 10, None, Some(Format::Date));
    let found = Rule::new(&rule).unwrap().against_format();
    assert!(found.contains(&("2026-02-30", vec!["format"])));
    assert!(found.iter().all(|(_, broken)| broken.contains(&"format")));
    let impossible = text(0, 5, None, Some(Format::Uuid));
    assert!(Rule::new(&impossible).unwrap().sample().is_none());
}

#[test]
fn a_pattern_of_the_whole_text_bounds_its_length() {
    for (pattern, expected) in [
        ("^[a-z0-9]{1,20}$", (1, Some(20))),
        ("^(ab)+$", (2, None)),
        ("^(a|bcd)é?$", (1, Some(4))),
        ("^[A-Z]{2}-[0-9]{3,}$", (6, None)),
        ("[a-z]{3}", (0, None)),
        ("^[a-z]{3}", (0, None)),
    ] {
        let rule = text(0, 4096, Some(pattern), None);
        assert_eq!(
            Rule::new(&rule).unwrap().by_pattern(),
            expected,
            "{pattern}"
        );
    }
}
