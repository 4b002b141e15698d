//! Parameters under attack, and the order in which a refusal is worded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use http::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::schema::{Format, List, Member, Object, Real, Text, Whole, Write, optional, required};

static ID: Text = Text::new(1, 100);
static UUID: Text = Text::new(0, 36).format(Format::Uuid);
static LIMIT: Whole = Whole::new(1, 100);
static NAME: Text = Text::new(2, 80);
static MEMBERS: &[Member] = &[
    required("name", Schema::Text(&NAME)),
    optional("role", Schema::Words(&["member", "admin"])).write(Write::Roles(1)),
];
static BODY: Object = Object::new(MEMBERS);

static INPUT: Input = Input {
    path: &[
        Field::new("id", true, Schema::Text(&ID)),
        Field::new("other", true, Schema::Text(&UUID)),
    ],
    query: &[
        Field::new("limit", false, Schema::Whole(&LIMIT)),
        Field::new("name", false, Schema::Text(&NAME)),
        Field::new("all", true, Schema::Boolean),
    ],
    header: &[Field::new("X-Trace", false, Schema::Text(&NAME))],
    credentials: &["api key"],
    body: Some(Schema::Object(&BODY)),
    body_required: true,
};

static BARE: Input = Input {
    path: &[],
    query: &[],
    header: &[],
    credentials: &[],
    body: None,
    body_required: false,
};

const OTHER: &str = "018f4c1e-8d1a-7c3b-9d0e-2f6a5b4c3d2e";

/// The code and the pointers of a 400.
fn get<T>(inputs: &Inputs<'_>, at: At, parse: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    inputs.get(at, |written| parse(written.one()?))
}

fn refused(result: Result<Inputs<'_>, Refusal>) -> (&'static str, Vec<String>) {
    match result.err().map(|refusal| *refusal.0) {
        Some(Kind::Malformed { code, errors }) => {
            (code, errors.into_iter().map(|e| e.pointer).collect())
        }
        other => panic!("{other:?}"),
    }
}

fn path(segment: &str) -> Result<String, &'static str> {
    let headers = HeaderMap::new();
    let segments = [segment, OTHER];
    match Inputs::parse(&INPUT, &segments, None, &headers) {
        Ok(inputs) => Ok(get(&inputs, At::Path(0), |text| Some(text.to_owned()))
            .unwrap()
            .unwrap()),
        Err(_) => {
            let (code, pointers) = refused(Inputs::parse(&INPUT, &segments, None, &headers));
            assert_eq!(pointers, ["/id"]);
            Err(code)
        }
    }
}

fn query(raw: &str) -> Result<Option<String>, (&'static str, Vec<String>)> {
    let headers = HeaderMap::new();
    match Inputs::parse(&INPUT, &["a", OTHER], Some(raw), &headers) {
        Ok(inputs) => Ok(get(&inputs, At::Query(1), |text| Some(text.to_owned())).unwrap()),
        result => Err(refused(result)),
    }
}

// requirement: P62
#[test]
fn a_value_of_the_path_stays_in_its_segment() {
    for (raw, text) in [
        ("abc", "abc"),
        ("a+b", "a+b"),
        ("%61", "a"),
        ("a%20b", "a b"),
        ("%C3%A9", "é"),
        ("%c3%a9", "é"),
        ("...", "..."),
        ("a;x=1", "a;x=1"),
        // Decoded once, not twice.
        ("%252F", "%2F"),
        ("%252e%252e", "%2e%2e"),
    ] {
        assert_eq!(path(raw), Ok(text.to_owned()), "{raw}");
    }
    for (raw, code) in [
        ("a%2Fb", "syntax"),
        ("%2f", "syntax"),
        ("..%2f..%2fetc", "syntax"),
        ("%2e%2e", "syntax"),
        ("%2E", "syntax"),
        ("..", "syntax"),
        (".%2e", "syntax"),
        ("", "syntax"),
        ("%", "syntax"),
        ("%2", "syntax"),
        ("%zz", "syntax"),
        ("%+1", "syntax"),
        ("%u0041", "syntax"),
        ("%c0%af", "syntax"),
        ("%c0%80", "syntax"),
        ("%e0%80%af", "syntax"),
        ("%f0%80%80%af", "syntax"),
        ("%ed%a0%80", "syntax"),
        ("%ff", "syntax"),
        ("%c3", "syntax"),
        ("%00", "control"),
        ("a%0d%0aSet-Cookie", "control"),
        ("%1b%5b2J", "control"),
        ("%09", "control"),
    ] {
        assert_eq!(path(raw), Err(code), "{raw}");
    }
}

// requirement: P53, P57
#[test]
fn the_query_is_that_of_a_form() {
    for (raw, text) in [
        ("name=a+b", "a b"),
        ("name=a%2Bb", "a+b"),
        ("na%6De=x", "x"),
        ("name=a%26limit%3D5", "a&limit=5"),
        ("name=a=b", "a=b"),
        ("name", ""),
        ("name=", ""),
        ("&limit=5&&name=x&", "x"),
        ("name=%2F..%2F", "/../"),
    ] {
        assert_eq!(query(raw), Ok(Some(text.to_owned())), "{raw}");
    }
    for raw in ["", "&", "limit=5", "all=true"] {
        assert_eq!(query(raw), Ok(None), "{raw}");
    }
    for (raw, code, pointers) in [
        ("page=1", "unknown", &["/page"][..]),
        ("Name=x", "unknown", &["/Name"]),
        ("=x", "unknown", &["/"]),
        ("access_token=abc", "unknown", &["/access_token"]),
        ("a%2Fb~=1", "unknown", &["/a~1b~0"]),
        ("name=x&name=x", "duplicate", &["/name"]),
        ("name=x&limit=1&%6eame=y", "duplicate", &["/name"]),
        ("name&name", "duplicate", &["/name"]),
        ("name=%zz", "syntax", &["/name"]),
        ("name=%c0%af", "syntax", &["/name"]),
        ("name=%00", "control", &["/name"]),
        ("name=a%0Ab", "control", &["/name"]),
        ("%zz=1", "syntax", &[]),
        ("n%00=1", "control", &[]),
    ] {
        let pointers: Vec<String> = pointers.iter().map(|p| (*p).to_owned()).collect();
        assert_eq!(query(raw), Err((code, pointers)), "{raw}");
    }
    let headers = HeaderMap::new();
    assert_eq!(
        refused(Inputs::parse(&BARE, &[], Some("x=1"), &headers)).0,
        "unknown"
    );
    assert!(Inputs::parse(&BARE, &[], Some(""), &headers).is_ok());
}

#[test]
fn a_name_that_nobody_declared_is_cut() {
    let (code, pointers) = query(&format!("{}=1", "/".repeat(5000))).unwrap_err();
    assert_eq!(code, "unknown");
    assert_eq!(pointers, [format!("/{}", "~1".repeat(100))]);
}

#[test]
fn a_header_is_given_once() {
    let given = |values: &[&[u8]]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(
                HeaderName::from_static("x-trace"),
                HeaderValue::from_bytes(value).unwrap(),
            );
        }
        match Inputs::parse(&INPUT, &["a", OTHER], None, &headers) {
            Ok(inputs) => Ok(get(&inputs, At::Header(0), |text| Some(text.to_owned())).unwrap()),
            result => Err(refused(result)),
        }
    };
    let pointer = vec!["/X-Trace".to_owned()];
    assert_eq!(given(&[]), Ok(None));
    assert_eq!(given(&[b"abc"]), Ok(Some("abc".to_owned())));
    assert_eq!(given(&["é".as_bytes()]), Ok(Some("é".to_owned())));
    assert_eq!(
        given(&[b"abc", b"abc"]),
        Err(("duplicate", pointer.clone()))
    );
    assert_eq!(given(&[b"a\tb"]), Err(("control", pointer.clone())));
    assert_eq!(given(&[b"\xff"]), Err(("syntax", pointer)));
}

#[test]
fn absent_bad_and_good_are_three_things() {
    let headers = HeaderMap::new();
    let inputs = Inputs::parse(&INPUT, &["a", OTHER], Some("limit=5&name=x"), &headers).unwrap();
    assert_eq!(
        get(&inputs, At::Query(0), |text| LIMIT.parse(text)),
        Some(Some(5))
    );
    assert_eq!(get(&inputs, At::Query(1), |text| NAME.keep(text)), None);
    assert_eq!(
        get(&inputs, At::Header(0), |text| NAME.keep(text)),
        Some(None)
    );
    assert_eq!(
        get(&inputs, At::Query(2), |text| Some(text.to_owned())),
        None,
        "required and absent"
    );
    assert_eq!(
        get(&inputs, At::Query(9), |text| Some(text.to_owned())),
        None,
        "no such parameter"
    );
    let inputs = Inputs::parse(&INPUT, &[], None, &headers).unwrap();
    assert_eq!(
        get(&inputs, At::Path(0), |text| Some(text.to_owned())),
        None,
        "a path without its segment"
    );
}

/// Refuses `query` and `body`, as status with code and `place pointer code` of each error.
fn worded(query: &str, body: &[u8], roles: u64) -> (u16, &'static str, Vec<String>) {
    let headers = HeaderMap::new();
    let inputs = Inputs::parse(&INPUT, &["a", "not-a-uuid"], Some(query), &headers).unwrap();
    let by = Grants {
        roles,
        owner: false,
        creating: false,
    };
    let told = |errors: Vec<Violation>| {
        errors
            .iter()
            .map(|e| format!("{} {} {}", e.place.word(), e.pointer, e.code))
            .collect()
    };
    match *inputs.refuse(&sent(body), &by, 4).0 {
        Kind::Malformed { code, errors } => (400, code, told(errors)),
        Kind::ForbiddenMembers(errors) => (403, "", told(errors)),
        Kind::Invalid(errors) => (422, "", told(errors)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn grammar_comes_before_rights_and_rights_before_rules() {
    assert_eq!(worded("limit=0", b"", 0), (400, "empty", vec![]));
    assert_eq!(worded("limit=0", b"{", 0), (400, "syntax", vec![]));
    assert_eq!(worded("limit=0", b"[[[[[1]]]]]", 0), (400, "depth", vec![]));
    assert_eq!(
        worded("limit=0", b"{\"role\":1e400}", 0),
        (400, "range", vec![])
    );
    assert_eq!(
        worded("limit=0", b"{\"role\":\"\\u0000\"}", 0),
        (400, "control", vec![])
    );
    assert_eq!(
        worded("limit=0", b"{\"role\":1,\"role\":1}", 0),
        (400, "duplicate", vec!["body /role duplicate".to_owned()])
    );
    let body = br#"{"extra":1,"role":"owner"}"#;
    assert_eq!(
        worded("limit=0", body, 0),
        (403, "", vec!["body /role forbidden".to_owned()])
    );
    let all = [
        "path /other format",
        "query /limit minimum",
        "query /name minLength",
        "query /all required",
        "body /extra unknown",
        "body /role enum",
        "body /name required",
    ];
    assert_eq!(
        worded("limit=0&name=x", body, 1),
        (422, "", all.map(str::to_owned).to_vec())
    );
    let spelled = ["path /other format", "query /limit type", "query /all type"];
    assert_eq!(
        worded("limit=1.0&all=True", br#"{"name":"xyz"}"#, 1),
        (422, "", spelled.map(str::to_owned).to_vec())
    );
}

// requirement: P58
#[test]
fn no_more_than_twenty_are_told() {
    let members: Vec<String> = (0..1000).map(|n| format!("\"x{n}\":1")).collect();
    let (status, _, errors) = worded("", format!("{{{}}}", members.join(",")).as_bytes(), 0);
    assert_eq!((status, errors.len()), (422, 20));
    // Rights are looked for behind them all.
    let late = format!("{{{},\"role\":1}}", members.join(","));
    assert_eq!(
        worded("", late.as_bytes(), 0),
        (403, "", vec!["body /role forbidden".to_owned()])
    );
}

#[test]
fn where_nothing_is_wrong_it_is_refused_all_the_same() {
    let headers = HeaderMap::new();
    let inputs = Inputs::parse(&BARE, &[], None, &headers).unwrap();
    for body in [&b""[..], b"{}"] {
        match *inputs.refuse(&sent(body), &Grants::default(), 4).0 {
            Kind::Invalid(errors) => {
                assert_eq!(
                    errors,
                    [Violation {
                        place: In::Body,
                        pointer: String::new(),
                        code: "schema",
                        words: None
                    }]
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

fn sent(body: &[u8]) -> crate::form::Sent {
    bytes::Bytes::copy_from_slice(body).into()
}

static COUNT: Whole = Whole::new(0, 99);
static COUNTS: List = List::new(Schema::Whole(&COUNT), 2, 3).unique();
static COUNTED: Schema = Schema::List(&COUNTS);
static LABEL: Text = Text::new(0, 3);
static LABELS: List = List::new(Schema::Text(&LABEL), 0, 3);
static LISTS: Input = Input {
    path: &[Field::new("ids", true, Schema::List(&COUNTS))],
    query: &[
        Field::new("each", false, Schema::List(&LABELS)),
        Field::new("all", false, Schema::List(&LABELS)).separated(),
    ],
    header: &[Field::new("X-Counts", false, Schema::List(&COUNTS))],
    credentials: &[],
    body: None,
    body_required: false,
};

/// Two lists, as they were taken.
type Lists = [Option<Vec<String>>; 2];

/// The items of both lists of the query.
fn listed(query: &str) -> Result<Lists, (&'static str, Vec<String>)> {
    let headers = HeaderMap::new();
    let inputs = match Inputs::parse(&LISTS, &["1,2"], Some(query), &headers) {
        Ok(inputs) => inputs,
        result => return Err(refused(result)),
    };
    Ok([0, 1].map(|at| {
        inputs
            .get(At::Query(at), |written| match written {
                Written::Items(items) => Some(items.iter().map(|item| item.to_string()).collect()),
                Written::One(_) => None,
            })
            .unwrap()
    }))
}

// requirement: P53
#[test]
fn items_are_told_apart_before_they_are_decoded() {
    let items = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
    for (query, each, all) in [
        ("", None, None),
        ("each=a&each=b", items(&["a", "b"]), None),
        // A comma is data where a name stands before each item.
        ("each=a,b", items(&["a,b"]), None),
        ("each=", items(&[""]), None),
        ("all=a,b", None, items(&["a", "b"])),
        ("all=a%2Cb,c", None, items(&["a,b", "c"])),
        ("all=a,,b", None, items(&["a", "", "b"])),
        ("all=", None, items(&[""])),
        ("e%61ch=a&all=b&each=c", items(&["a", "c"]), items(&["b"])),
    ] {
        assert_eq!(listed(query), Ok([each, all]), "{query}");
    }
    let twice = Err(("duplicate", vec!["/all".to_owned()]));
    assert_eq!(listed("all=a&all=b"), twice);
    assert_eq!(listed("all=a&%61ll=b"), twice);
    assert_eq!(listed("all=a,%00").unwrap_err().0, "control");
    assert_eq!(listed("each=a&each=%zz").unwrap_err().0, "syntax");
}

#[test]
fn a_list_is_held_by_its_counts_and_each_item_by_its_rule() {
    let broken = |path: &str, header: &str| {
        let mut headers = HeaderMap::new();
        headers.append(
            HeaderName::from_static("x-counts"),
            HeaderValue::from_str(header).unwrap(),
        );
        let inputs = Inputs::parse(&LISTS, &[path], None, &headers).unwrap();
        let errors = inputs.parameters();
        for (at, place) in [(At::Path(0), In::Path), (At::Header(0), In::Header)] {
            let taken = inputs.get(at, |written| {
                <Vec<i64> as crate::Parse>::parse_written(written, &COUNTED)
            });
            let said = errors.iter().any(|error| error.place == place);
            // What admits and what explains say the same.
            assert_eq!(taken.is_none(), said, "{path} {header}");
        }
        errors
            .into_iter()
            .map(|error| format!("{}{} {}", error.place.word(), error.pointer, error.code))
            .collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(broken("1,2", "1,2"), none);
    // Blanks around a comma are none of an item of a field.
    assert_eq!(broken("1,2,3", "1 ,  2"), none);
    assert_eq!(
        broken("1,%202", "1, 2"),
        ["path/ids/1 type"],
        "a path has no blanks to spare"
    );
    assert_eq!(
        broken("1", "1"),
        ["path/ids minItems", "header/X-Counts minItems"]
    );
    assert_eq!(
        broken("1,2,3,4", "1,2,3,4"),
        ["path/ids maxItems", "header/X-Counts maxItems"]
    );
    assert_eq!(
        broken("0,-0", "7,8,7"),
        ["path/ids uniqueItems", "header/X-Counts uniqueItems"]
    );
    assert_eq!(
        broken("1,x,100", "1,"),
        [
            "path/ids/1 type",
            "path/ids/2 maximum",
            "header/X-Counts/1 type"
        ]
    );
}

// requirement: P62
#[test]
fn no_item_of_a_path_leaves_its_segment() {
    let headers = HeaderMap::new();
    for path in ["", ".", "..", "%2e%2e", "a%2Fb,c", "a,%2F"] {
        let result = Inputs::parse(&LISTS, &[path], None, &headers);
        assert_eq!(
            refused(result),
            ("syntax", vec!["/ids".to_owned()]),
            "{path}"
        );
    }
}

static RATIOS: List = List::new(Schema::Real(&Real::ANY), 1, 3).unique();
static NUMBERS: Input = Input {
    path: &[],
    query: &[
        Field::new("ratio", false, Schema::Real(&Real::ANY)),
        Field::new("all", false, Schema::List(&RATIOS)).separated(),
    ],
    header: &[],
    credentials: &[],
    body: None,
    body_required: false,
};

/// What is said of a query of numbers that is not admitted: the status, and each place with its code.
fn numbers(query: &str) -> (u16, Vec<String>) {
    let headers = HeaderMap::new();
    let inputs = Inputs::parse(&NUMBERS, &[], Some(query), &headers).unwrap();
    let refusal = inputs.refuse(&sent(b""), &Grants::default(), 9);
    let (status, errors) = match *refusal.0 {
        Kind::Malformed { errors, .. } => (400, errors),
        Kind::Invalid(errors) => (422, errors),
        other => panic!("{other:?}"),
    };
    let errors = errors.into_iter();
    let errors = errors.map(|error| format!("{} {}", error.pointer, error.code));
    (status, errors.collect())
}

// requirement: P54
#[test]
fn a_number_beyond_the_doubles_is_no_number_wherever_it_stands() {
    for (query, status, error) in [
        ("ratio=1e400", 400, "/ratio range"),
        ("ratio=-1e400", 400, "/ratio range"),
        ("ratio=1e-400", 400, "/ratio range"),
        ("all=1,1e400", 400, "/all/1 range"),
        ("ratio=x&all=1e400", 400, "/all/0 range"),
        ("ratio=1e400x", 422, "/ratio type"),
        ("ratio=+1", 422, "/ratio type"),
        ("all=1,1.0", 422, "/all uniqueItems"),
        ("all=0,-0e5", 422, "/all uniqueItems"),
    ] {
        assert_eq!(numbers(query), (status, vec![error.to_owned()]), "{query}");
    }
    static SCHEMA: Schema = Schema::List(&RATIOS);
    let taken = |items: &[&str]| {
        let items = items.iter().map(|item| Cow::Borrowed(*item)).collect();
        <Vec<crate::Number> as crate::Parse>::parse_written(&Written::Items(items), &SCHEMA)
    };
    assert!(taken(&["1", "1.5", "-1"]).is_some());
    assert!(taken(&["1", "1.0"]).is_none());
    assert!(taken(&["1e400"]).is_none());
}
