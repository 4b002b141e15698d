//! What is admitted, and what becomes of it.

use super::*;
use crate::cel::{Arithmetic as A, Compare as C, Kind as K};

fn kind(text: &str) -> Kind {
    checked(text)
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
        .kind
}

#[test]
fn everything_that_is_supported_is_admitted() {
    for text in [
        "true",
        "!false && (true || false)",
        "principal.subject == resource.owner",
        "'clinician' in principal.roles",
        "\"notes:read\" in principal.scopes",
        "principal.ward in ['a', \"b\", r'c\\d', '''d''']",
        "has(principal.ward) ? principal.ward == resource.ward : false",
        "has(principal['ward'])",
        "size(principal.subject) > 3 && principal.subject.size() < 0x10",
        "principal.subject.startsWith('a') || principal.subject.endsWith('b')",
        "principal.subject.contains(principal.ward)",
        "principal.subject.matches('^[a-z]+$') && matches(principal.subject, 'b')",
        "request.time < resource.until",
        "request.time - timestamp('2026-01-31T00:00:00Z') < duration('1h30m')",
        "timestamp(this.from) + duration('1d'.size() == 2 ? '1h' : '2h') > request.time",
        "this.status == 'open' || this.status in ['closed']",
        "this.lines.all(line, line.amount >= 0 && line.amount % 5 == 0)",
        "this.tags.exists(tag, tag == 'x') && this.tags.exists_one(tag, tag != 'x')",
        "this.note == null || this.note != ''",
        "null != this.note",
        "this['odd name']",
        "-principal.level < -9223372036854775808 + 1 * 2 / 3",
        "[1, 2,].exists(x, x == principal.level)",
        "true // to the end of the line\n && true",
        "!!true",
        "'\\u00e9\\n\\x41\\101\\U0001F600' == 'é\\nAA😀'",
    ] {
        // A duration that is chosen is refused; the rest must hold.
        match checked(text) {
            Ok(_) => assert!(!text.contains("1d"), "{text}"),
            Err(error) => assert!(text.contains("1d"), "{text}: {error:?}"),
        }
    }
}

#[test]
fn escapes_are_read() {
    let K::Compare(C::Equal, left, right) = kind("'\\u00e9\\n\\x41\\101\\U0001F600\\\\\\'' == ''")
    else {
        panic!()
    };
    assert_eq!(left.kind, K::Text("é\nAA😀\\'".to_owned()));
    assert_eq!(right.kind, K::Text(String::new()));
    let K::Compare(_, left, right) = kind("r'\\d' == \"\"\"a\"b\n\"\"\"") else {
        panic!()
    };
    assert_eq!(left.kind, K::Text("\\d".to_owned()));
    assert_eq!(right.kind, K::Text("a\"b\n".to_owned()));
}

#[test]
fn operators_bind_as_in_the_specification() {
    // Left to right, `*` before `+` before `<` before `&&` before `||` before `? :`.
    let K::Choice(parts) = kind("false || true && 1 + 2 * 3 < 4 ? true : false") else {
        panic!()
    };
    let K::Any(any) = &parts[0].kind else {
        panic!()
    };
    let K::All(all) = &any[1].kind else { panic!() };
    let K::Compare(C::Less, left, _) = &all[1].kind else {
        panic!()
    };
    let K::Arithmetic(A::Add, one, product) = &left.kind else {
        panic!()
    };
    assert_eq!(one.kind, K::Int(1));
    assert!(matches!(product.kind, K::Arithmetic(A::Multiply, ..)));
    let K::Compare(_, left, _) = kind("10 - 4 - 3 == 3") else {
        panic!()
    };
    let K::Arithmetic(A::Subtract, first, _) = &left.kind else {
        panic!()
    };
    assert!(matches!(first.kind, K::Arithmetic(A::Subtract, ..)));
}

#[test]
fn roles_are_numbers_of_declared_ones() {
    assert_eq!(kind("'admin' in principal.roles"), K::Holds(1));
}

#[test]
fn times_and_durations_are_nanoseconds() {
    for (text, nanos) in [
        // `date -u -d … +%s`
        ("timestamp('1970-01-01T00:00:00Z')", 0_i128),
        (
            "timestamp('2026-01-31T23:59:59Z')",
            1_769_903_999_000_000_000,
        ),
        (
            "timestamp('2024-02-29T12:00:00.25+02:00')",
            1_709_200_800_250_000_000,
        ),
        (
            "timestamp('0001-01-01T00:00:00Z')",
            -62_135_596_800_000_000_000,
        ),
        (
            "timestamp('9999-12-31T23:59:59-00:00')",
            253_402_300_799_000_000_000,
        ),
    ] {
        let K::Compare(_, left, _) = kind(&format!("{text} < request.time")) else {
            panic!()
        };
        assert_eq!(left.kind, K::Nanos(nanos), "{text}");
    }
    for (text, nanos) in [
        ("1h30m", 5_400_000_000_000_i128),
        ("-1.5s", -1_500_000_000),
        ("100ms", 100_000_000),
        ("1us2ns", 1_002),
        ("0s", 0),
    ] {
        let K::Compare(_, left, _) = kind(&format!("duration('{text}') < duration('1h')")) else {
            panic!()
        };
        assert_eq!(left.kind, K::Nanos(nanos), "{text}");
    }
    for text in [
        "",
        "1",
        "s",
        "1.s",
        "1d",
        "1h ",
        "--1h",
        "1e3s",
        "999999999999999h",
    ] {
        assert!(
            checked(&format!("duration('{text}') < duration('1h')")).is_err(),
            "{text}"
        );
    }
    for text in [
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-31",
        "2026-01-31T24:00:00Z",
        "2026-01-31T00:00:00",
        "2026-01-31 00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-01-31T00:00:00+24:00",
        "é026-01-31T00:00:00Z",
    ] {
        assert!(
            checked(&format!("timestamp('{text}') < request.time")).is_err(),
            "{text}"
        );
    }
}

#[test]
fn steps_are_counted_from_the_bounds_of_lists() {
    let steps = |text: &str| checked(text).unwrap().steps;
    assert_eq!(steps("true"), 1);
    // Ten items, for each: the loop, the comparison, the item, the literal. Around it: the macro, the member, `this`.
    assert_eq!(steps("this.tags.all(t, t == 'x')"), 10 * 4 + 3);
    assert_eq!(steps("principal.ward in ['a', 'b']"), 1 + 2 + 3 + 2);
}
