//! What is told of a body, where, and in which order.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::schema::{Format, Whole, optional, required};

const ADMIN: u64 = 1;

static NAME: Text = Text::new(2, 5);
static EMAIL: Text = Text::new(0, 254).format(Format::Email);
static AGE: Whole = Whole::new(18, 120);
static TAGS: List = List::new(Schema::Text(&NAME), 1, 3).unique();
static COUNTS: List = List::new(Schema::Whole(&AGE), 0, 9).unique();
static CITY: Object = Object::new(&[
    required("name", Schema::Text(&NAME)),
    optional("rank", Schema::Whole(&AGE)).write(Write::Roles(ADMIN)),
])
.size(1, 2);
static CITIES: List = List::new(Schema::Object(&CITY), 0, 99);
static USER: Object = Object::new(&[
    required("id", Schema::Text(&NAME)).write(Write::Nobody),
    required("kind", Schema::Words(&["a", "b"])).write(Write::Create),
    required("email", Schema::Text(&EMAIL)),
    optional("age", Schema::Nullable(&Schema::Whole(&AGE))),
    optional("tags", Schema::List(&TAGS)),
    optional("counts", Schema::List(&COUNTS)),
    optional("cities", Schema::List(&CITIES)),
    optional("role", Schema::Boolean).write(Write::Roles(ADMIN)),
    optional("home", Schema::Object(&CITY)).write(Write::Create),
]);

/// What is forbidden, and what is broken, as `pointer code`.
fn told(body: &str, roles: u64, creating: bool) -> (Vec<String>, Vec<String>) {
    let by = Grants {
        roles,
        owner: false,
        creating,
    };
    let value = Value::parse(body.as_bytes(), 16).unwrap();
    let words = |list: Vec<Violation>| {
        list.into_iter()
            .map(|v| format!("{} {}", v.pointer, v.code))
            .collect()
    };
    (
        words(forbidden(&Schema::Object(&USER), &value, &by)),
        words(violations(&Schema::Object(&USER), &value, &[], &by)),
    )
}

fn broken(body: &str) -> Vec<String> {
    told(body, ADMIN, true).1
}

#[test]
fn everything_is_named_in_the_order_it_came() {
    let body = r#"{"age":17,"x/y~z":1,"email":"no","tags":["a","toolong",5],"cities":[{"rank":1.5},{"name":"Rome","a":1,"b":2}],"kind":"c"}"#;
    let wanted = [
        "/age minimum",
        "/x~1y~0z unknown",
        "/email format",
        "/tags/0 minLength",
        "/tags/1 maxLength",
        "/tags/2 type",
        "/cities/0/rank type",
        "/cities/0/name required",
        "/cities/1 maxProperties",
        "/cities/1/a unknown",
        "/cities/1/b unknown",
        "/kind enum",
    ];
    assert_eq!(broken(body), wanted);
    assert_eq!(broken("{}"), ["/kind required", "/email required"]);
    assert_eq!(
        broken(r#"{"kind":"a","email":"a@b","cities":[{}]}"#),
        ["/cities/0 minProperties", "/cities/0/name required"]
    );
}

#[test]
fn another_kind_is_a_type() {
    for body in ["null", "[]", "1", "\"x\"", "true"] {
        assert_eq!(broken(body), [" type"], "{body}");
    }
    for value in ["null", "1", "{}", "[]", "true"] {
        let body = format!(r#"{{"kind":"a","email":{value}}}"#);
        assert_eq!(broken(&body), ["/email type"], "{body}");
    }
    assert!(broken(r#"{"kind":"a","email":"a@b","age":null,"role":false}"#).is_empty());
    assert_eq!(
        broken(r#"{"kind":1,"email":"a@b","role":"true"}"#),
        ["/kind type", "/role type"]
    );
}

// requirement: P54
#[test]
fn numbers_are_judged_exactly() {
    for (number, code) in [
        ("18", None),
        ("1.8e1", None),
        ("1200E-1", None),
        ("18.5", Some("type")),
        ("17.0", Some("minimum")),
        ("121", Some("maximum")),
        ("9223372036854775808", Some("maximum")),
        ("-9223372036854775809", Some("minimum")),
        ("1e300", Some("maximum")),
        ("-1e300", Some("minimum")),
        ("1e-300", Some("type")),
        ("\"20\"", Some("type")),
    ] {
        let found = broken(&format!(r#"{{"kind":"a","email":"a@b","age":{number}}}"#));
        let wanted: Vec<String> = code.iter().map(|code| format!("/age {code}")).collect();
        assert_eq!(found, wanted, "{number}");
    }
}

#[test]
fn bounds_are_called_as_the_document_calls_them() {
    static RULE: Whole = Whole::new(1, 9).exclusive_min().exclusive_max();
    for (number, code) in [
        ("0", "exclusiveMinimum"),
        ("-1e300", "exclusiveMinimum"),
        ("10", "exclusiveMaximum"),
        ("9223372036854775808", "exclusiveMaximum"),
    ] {
        let value = Value::parse(number.as_bytes(), 1).unwrap();
        let found = violations(&Schema::Whole(&RULE), &value, &[], &Grants::default());
        assert_eq!(
            found.iter().map(|v| v.code).collect::<Vec<_>>(),
            [code],
            "{number}"
        );
    }
}

// requirement: P59
#[test]
fn items_are_equal_by_value() {
    let lists = |lists: &str| broken(&format!(r#"{{"kind":"a","email":"a@b",{lists}}}"#));
    assert_eq!(
        lists(r#""tags":["ab","\u0061b"],"counts":[20,2e1]"#),
        ["/tags uniqueItems", "/counts uniqueItems"]
    );
    assert_eq!(lists(r#""tags":[],"counts":[]"#), ["/tags minItems"]);
    assert_eq!(
        lists(r#""tags":["aa","bb","cc","dd"],"counts":[18,19]"#),
        ["/tags maxItems"]
    );
}

// requirement: P44
#[test]
fn what_may_not_be_written_depends_on_who_and_when() {
    let body =
        r#"{"id":"me","kind":"a","email":"no","cities":[{"name":"Rome","rank":20}],"role":true}"#;
    let (forbidden, broken) = told(body, 0, false);
    assert_eq!(forbidden, ["/cities/0/rank forbidden", "/role forbidden"]);
    assert_eq!(
        broken,
        [
            "/id readOnly",
            "/kind readOnly",
            "/email format",
            "/cities/0/rank forbidden",
            "/role forbidden"
        ]
    );
    assert_eq!(
        told(body, ADMIN, true),
        (
            vec![],
            vec!["/id readOnly".to_owned(), "/email format".to_owned()]
        )
    );
    // Required, but not of who cannot send it (ruling 98).
    assert_eq!(told(r#"{"email":"a@b"}"#, 0, false), (vec![], vec![]));
    // Forbidden is told first, also inside what nobody may send now (ruling 23).
    let moved = r#"{"email":"a@b","home":{"name":"Rome","rank":20}}"#;
    let within = vec!["/home/rank forbidden".to_owned()];
    assert_eq!(
        told(moved, 0, false),
        (within, vec!["/home readOnly".to_owned()])
    );
    assert_eq!(
        told(moved, ADMIN, false),
        (vec![], vec!["/home readOnly".to_owned()])
    );
}

#[test]
fn every_code_has_its_words() {
    let fallback = crate::schema::detail("rule:some");
    for code in [
        "required",
        "type",
        "enum",
        "const",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "oneOf",
        "anyOf",
        "not",
        "unknown",
        "readOnly",
        "forbidden",
        "duplicate",
        "url",
        "file",
    ] {
        assert_ne!(crate::schema::detail(code), fallback, "{code}");
    }
}

#[test]
fn a_name_that_is_none_is_told_at_its_own_place() {
    static CODE: Text = Text::new(2, 3);
    static BY_CODE: Entries = Entries::new(Schema::Whole(&AGE), 1, 2).names(Schema::Text(&CODE));
    static BY_WORD: Entries = Entries::new(Schema::Boolean, 0, 9).names(Schema::Words(&["a", "b"]));
    let told = |rule: &'static Entries, body: &str| -> Vec<String> {
        let value = Value::parse(body.as_bytes(), 16).unwrap();
        violations(&Schema::Entries(rule), &value, &[], &Grants::default())
            .into_iter()
            .map(|v| format!("{} {}", v.pointer, v.code))
            .collect()
    };
    for (rule, body, wanted) in [
        (&BY_CODE, r#"{"ab":18}"#, &[][..]),
        // Of the value behind it nothing is said.
        (&BY_CODE, r#"{"a":1}"#, &["/a propertyNames"]),
        (
            &BY_CODE,
            r#"{"ab":1,"a~/b":18,"":18}"#,
            &[
                " maxProperties",
                "/ab minimum",
                "/a~0~1b propertyNames",
                "/ propertyNames",
            ],
        ),
        (&BY_WORD, r#"{"b":true,"a":false}"#, &[]),
        (
            &BY_WORD,
            r#"{"A":true,"c":1,"a":1}"#,
            &["/A propertyNames", "/c propertyNames", "/a type"],
        ),
    ] {
        assert_eq!(told(rule, body), wanted, "{body}");
    }
}
