//! Forms against a second reading of them, and against the JSON body that says the same.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::grants::Grants;
use crate::json::{self, Take};
use crate::schema::{Entries, List, Whole, violations};

crate::request! {
    pub struct Order {
        #[required("name", Schema::Text(&Text::new(1, 5)))]
        pub name: String,
        #[optional("count", Schema::Whole(&Whole::new(-9, 9)))]
        pub count: Option<i64>,
        #[optional("gift", Schema::Boolean)]
        pub gift: Option<bool>,
        #[optional("tags", Schema::List(&List::new(Schema::Text(&Text::new(1, 3)), 1, 3).unique()))]
        pub tags: Option<Vec<String>>,
        #[optional("sizes", Schema::List(&List::new(Schema::Whole(&Whole::new(0, 9)), 0, 2)))]
        pub sizes: Option<Vec<i64>>,
    }
}

fn said(form: &str) -> Result<String, &'static str> {
    match json(form.as_bytes(), &Order::TABLE, 99) {
        Ok(text) => Ok(String::from_utf8(text.to_vec()).unwrap()),
        Err(refusal) => match *refusal.0 {
            Kind::Malformed { code, .. } => Err(code),
            other => panic!("{other:?}"),
        },
    }
}

fn admitted(form: &str) -> Option<Order> {
    let text = said(form).ok()?;
    json::decode(text.as_bytes(), 4, |json| {
        Order::take(json, &Order::TABLE, &Grants::default())
    })
}

/// What is wrong with it, as `pointer code`.
fn wrong(form: &str) -> Vec<String> {
    let text = match said(form) {
        Ok(text) => text,
        Err(code) => return vec![format!("400 {code}")],
    };
    match Value::parse(text.as_bytes(), 4) {
        Ok(body) => violations(&Order::TABLE, &body, &[], &Grants::default())
            .iter()
            .map(|each| format!("{} {}", each.pointer, each.code))
            .collect(),
        Err(Malformed::Duplicate(pointer)) => vec![format!("400 {pointer} duplicate")],
        Err(other) => vec![format!("400 {}", other.code())],
    }
}

#[test]
fn a_form_is_the_object_that_says_the_same() {
    let order =
        admitted("name=A+d%61&tags=x&count=-9&gift=true&tags=%C3%A9&sizes=0&sizes=0").unwrap();
    assert_eq!(order.name, "A da");
    assert_eq!((order.count, order.gift), (Some(-9), Some(true)));
    assert_eq!(order.tags.unwrap(), ["x", "é"]);
    assert_eq!(order.sizes.unwrap(), [0, 0]);
    // Texts stay texts, whatever they look like.
    assert_eq!(admitted("name=true").unwrap().name, "true");
    assert_eq!(admitted("&name=12&").unwrap().name, "12");
    assert_eq!(admitted("name=%7B%22%0A").unwrap().name, "{\"\n");
}

// requirement: P51, P52, P57
#[test]
fn what_is_wrong_is_named_as_in_json() {
    for (form, expected) in [
        ("name=", &["/name minLength"][..]),
        ("count=1", &["/name required"]),
        ("name=a&count=01", &["/count type"]),
        ("name=a&count=1e0", &["/count type"]),
        ("name=a&count=+1", &["/count type"]),
        ("name=a&count=", &["/count type"]),
        ("name=a&count=10", &["/count maximum"]),
        ("name=a&count=99999999999999999999", &["/count maximum"]),
        ("name=a&gift=1", &["/gift type"]),
        ("name=a&gift=TRUE", &["/gift type"]),
        ("name=a&gift", &["/gift type"]),
        ("name=a&tags=a&tags=a", &["/tags uniqueItems"]),
        ("name=a&tags=a&tags=b&tags=c&tags=d", &["/tags maxItems"]),
        ("name=a&tags=a&tags=", &["/tags/1 minLength"]),
        ("name=a&sizes=1&sizes=x", &["/sizes/1 type"]),
        ("name=a&isAdmin=true", &["/isAdmin unknown"]),
        ("name=a&tags%5B%5D=x", &["/tags[] unknown"]),
        ("name=a&name=a", &["400 /name duplicate"]),
        ("name=a&n%61me=b", &["400 /name duplicate"]),
        ("name=a&x=1&x=2", &["400 /x duplicate"]),
        ("name=%00", &["400 control"]),
        ("na%00me=a", &["400 control"]),
        ("name=a\n", &["400 control"]),
        ("name=a\0", &["400 control"]),
        ("name=%", &["400 syntax"]),
        ("name=%4", &["400 syntax"]),
        ("name=%zz", &["400 syntax"]),
        ("name=%FF", &["400 syntax"]),
        ("name=%C0%AF", &["400 syntax"]),
        ("name=%ED%A0%80", &["400 syntax"]),
        ("%FF=a", &["400 syntax"]),
    ] {
        assert_eq!(wrong(form), expected, "{form:?}");
        assert!(admitted(form).is_none(), "{form:?}");
    }
    assert!(matches!(
        *json(b"name=\xe9", &Order::TABLE, 99).unwrap_err().0,
        Kind::Malformed { code: "syntax", .. }
    ));
}

// requirement: P71
#[test]
fn pairs_are_counted_before_they_are_kept() {
    let form = |pairs: usize| "tags=a&&".repeat(pairs);
    assert!(json(form(9).as_bytes(), &Order::TABLE, 9).is_ok());
    let refusal = json(form(10).as_bytes(), &Order::TABLE, 9).unwrap_err();
    assert!(matches!(*refusal.0, Kind::BodyTooLarge));
}

#[test]
fn what_is_no_object_is_no_form() {
    static MAP: Entries = Entries::new(Schema::Boolean, 0, 9);
    for schema in [MAP.schema(), Schema::Boolean] {
        let refusal = json(b"a=true", &schema, 9).unwrap_err();
        assert!(matches!(*refusal.0, Kind::Malformed { .. }));
    }
}

crate::request! {
    pub struct Inner {
        #[required("a", Schema::Whole(&Whole::new(0, 9)))]
        pub a: i64,
    }
}

static PNG: &[&str] = &["image/png", "image/gif"];

crate::request! {
    pub struct Upload {
        #[required("name", Schema::Text(&Text::new(1, 5)))]
        pub name: String,
        #[optional("count", Schema::Whole(&Whole::new(-9, 9)))]
        pub count: Option<i64>,
        #[optional("photo", Schema::Binary(&Binary::new(9, 12).types(PNG).most(1)))]
        pub photo: Option<File>,
        #[optional("raw", Schema::List(&List::new(Schema::Binary(&Binary::new(0, 3).most(2)), 0, 3)))]
        pub raw: Option<Vec<File>>,
        #[optional("place", Inner::TABLE)]
        pub place: Option<Inner>,
        #[optional("places", Schema::List(&List::new(Inner::TABLE, 0, 2)))]
        pub places: Option<Vec<Inner>>,
        #[optional("sizes", Entries::new(Schema::Whole(&Whole::new(0, 9)), 0, 2))]
        pub sizes: Option<BTreeMap<String, i64>>,
        #[optional("role", Schema::Text(&Text::new(0, 5)))]
        #[write(Roles(1))]
        pub role: Option<String>,
    }
}

/// A part: what stands behind its name, and what it holds.
fn sent(parts: &[(&str, &str)]) -> Result<Sent, String> {
    let mut body = String::new();
    for (head, content) in parts {
        body += &format!("--b\r\nContent-Disposition: form-data; name={head}\r\n\r\n{content}\r\n");
    }
    let raw = Bytes::from(body + "--b--");
    let parts = multipart::parts(&raw, "b", 99).unwrap();
    several(&raw, &parts, &Upload::TABLE, 4).map_err(|refusal| match *refusal.0 {
        Kind::BodyTooLarge => "413".to_owned(),
        Kind::MediaType { .. } => "415".to_owned(),
        Kind::Malformed { code, errors } => match errors.first() {
            Some(error) => format!("400 {} {code}", error.pointer),
            None => format!("400 {code}"),
        },
        other => panic!("{other:?}"),
    })
}

fn taken(sent: &Sent) -> Option<Upload> {
    json::decode_with(&sent.text, &sent.files, 4, |json| {
        Upload::take(json, &Upload::TABLE, &Grants::default())
    })
}

#[test]
fn parts_are_the_object_that_says_the_same() {
    let gif = "GIF89a...";
    let sent = sent(&[
        ("name", "A\"é\n"),
        ("count\r\nContent-Type: text/plain; charset=utf-8", "-9"),
        ("photo; filename=\"a.gif\"\r\nContent-Type: image/gif", gif),
        (
            "raw; filename=\"one\"\r\nContent-Type: application/octet-stream",
            "1",
        ),
        ("place\r\nContent-Type: application/json", " {\"a\": 1e0} "),
        ("raw\r\nContent-Type: application/octet-stream", ""),
        ("places\r\nContent-Type: application/json", "{\"a\":2}"),
        (
            "places\r\nContent-Type: application/json; charset=utf-8",
            "{\"a\":3}",
        ),
        ("sizes\r\nContent-Type: application/json", "{\"x\":4}"),
    ])
    .unwrap();
    let upload = taken(&sent).unwrap();
    assert_eq!((upload.name.as_str(), upload.count), ("A\"é\n", Some(-9)));
    let photo = upload.photo.unwrap();
    assert_eq!(
        (photo.name.as_deref(), photo.media_type),
        (Some("a.gif"), "image/gif")
    );
    assert_eq!(photo.bytes, gif.as_bytes());
    let raw = upload.raw.unwrap();
    let names: Vec<_> = raw
        .iter()
        .map(|file| (file.name.as_deref(), file.bytes.len()))
        .collect();
    assert_eq!(names, [(Some("one"), 1), (None, 0)]);
    assert_eq!(upload.place.unwrap().a, 1);
    assert_eq!(
        upload
            .places
            .unwrap()
            .iter()
            .map(|each| each.a)
            .collect::<Vec<_>>(),
        [2, 3]
    );
    assert_eq!(upload.sizes.unwrap(), [("x".to_owned(), 4)].into());
    assert!(upload.role.is_none());
}

// requirement: P69
#[test]
fn parts_that_are_refused_before_they_are_read() {
    let raw = "raw\r\nContent-Type: application/octet-stream";
    for (parts, answer) in [
        (&[("name; filename=\"a\"", "x")][..], "415"),
        (&[("name\r\nContent-Type: text/html", "x")], "415"),
        (
            &[("name\r\nContent-Type: text/plain; charset=latin1", "x")],
            "415",
        ),
        (&[("count\r\nContent-Type: application/json", "1")], "415"),
        (&[("place", "{\"a\":1}")], "415"),
        (&[("sizes", "{\"x\":1}")], "415"),
        (
            &[(
                "sizes\r\nContent-Type: application/json",
                "{\"x\":1},\"role\":\"x\"",
            )],
            "400 /sizes syntax",
        ),
        (
            &[(
                "place; filename=\"a\"\r\nContent-Type: application/json",
                "{\"a\":1}",
            )],
            "415",
        ),
        (&[("photo", "GIF89a...")], "415"),
        (&[("photo\r\nContent-Type: image/png", "GIF89a...")], "415"),
        (&[("photo\r\nContent-Type: image/jpeg", "GIF89a...")], "415"),
        (
            &[("photo\r\nContent-Type: image/gif; a=b", "GIF89a...")],
            "415",
        ),
        (&[("photo\r\nContent-Type: image/gif", "<script>.")], "415"),
        (&[("raw\r\nContent-Type: image/gif", "a")], "415"),
        (
            &[("photo\r\nContent-Type: image/gif", "GIF89a.......")],
            "413",
        ),
        (&[(raw, "1234")], "413"),
        (&[(raw, "1"), (raw, "2"), (raw, "3")], "413"),
        (&[("name", "éééééé")], "413"),
        (
            &[(
                "place\r\nContent-Type: application/json",
                "{\"a\":1},\"role\":\"x\"",
            )],
            "400 /place syntax",
        ),
        (
            &[("place\r\nContent-Type: application/json", "")],
            "400 /place syntax",
        ),
        (
            &[(
                "place\r\nContent-Type: application/json",
                "{\"a\":1,\"a\":1}",
            )],
            "400 /place/a duplicate",
        ),
        (
            &[("place\r\nContent-Type: application/json", "[[[[]]]]")],
            "400 /place depth",
        ),
    ] {
        assert_eq!(sent(parts).err().as_deref(), Some(answer), "{parts:?}");
    }
}

// requirement: P44, P51, P52, P69
#[test]
fn parts_that_are_read_and_refused_like_members() {
    let gif = "photo; filename=\"a.gif\"\r\nContent-Type: image/gif";
    for (parts, expected) in [
        (&[("name", "x"), ("x", "y")][..], &["/x unknown"][..]),
        (&[("name", "x"), ("name", "x")], &["400 /name duplicate"]),
        (
            &[("name", "x"), (gif, "GIF89a..."), (gif, "GIF89a...")],
            &["400 /photo duplicate"],
        ),
        (&[("name", "x"), ("count", "1e0")], &["/count type"]),
        (&[("name", "x"), ("role", "y")], &["/role forbidden"]),
        (
            &[(gif, "GIF89a..")],
            &["/photo minLength", "/name required"],
        ),
        (
            &[
                ("name", "x"),
                (
                    "photo; filename=\"../a\"\r\nContent-Type: image/gif",
                    "GIF89a...",
                ),
            ],
            &["/photo file"],
        ),
        (
            &[
                ("name", "x"),
                ("place\r\nContent-Type: application/json", "{\"a\":10}"),
            ],
            &["/place/a maximum"],
        ),
        (
            &[
                ("name", "x"),
                ("sizes\r\nContent-Type: application/json", "{\"x\":10}"),
            ],
            &["/sizes/x maximum"],
        ),
        (&[("name", "x\0")], &["400 control"]),
    ] {
        let sent = sent(parts).unwrap();
        assert!(taken(&sent).is_none(), "{parts:?}");
        let found: Vec<String> = match Value::parse(&sent.text, 4) {
            Ok(body) => violations(&Upload::TABLE, &body, &sent.files, &Grants::default())
                .iter()
                .map(|each| format!("{} {}", each.pointer, each.code))
                .collect(),
            Err(Malformed::Duplicate(pointer)) => vec![format!("400 {pointer} duplicate")],
            Err(other) => vec![format!("400 {}", other.code())],
        };
        assert_eq!(found, expected, "{parts:?}");
    }
}

#[test]
fn no_number_of_a_caller_names_a_file() {
    let gif = "photo; filename=\"a.gif\"\r\nContent-Type: image/gif";
    let mut sent = sent(&[("name", "x"), (gif, "GIF89a...")]).unwrap();
    assert!(taken(&sent).is_some());
    // The same text as a body of JSON: there are no files beside it.
    sent.files.clear();
    assert!(taken(&sent).is_none());
}

/// Percent-decoding by another road: character by character, without a shortcut.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '%' {
            let digits = rest.get(1..3)?;
            if !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &rest[3..];
        } else {
            let plain = if first == '+' { ' ' } else { first };
            bytes.extend(plain.to_string().as_bytes());
            rest = &rest[first.len_utf8()..];
        }
    }
    String::from_utf8(bytes).ok()
}

/// What a body must become, from its pairs alone; `None`: refused as it stands.
fn reference(form: &str) -> Option<Vec<(String, Vec<String>)>> {
    if form.chars().any(|c| c.is_ascii_control()) {
        return None;
    }
    let mut members: Vec<(String, Vec<String>)> = Vec::new();
    for pair in form.split('&') {
        if pair.is_empty() {
            continue;
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => members.push((name, vec![value])),
        }
    }
    Some(members)
}

fn texts(value: &Value<'_>) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Number(text) => text.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => panic!("no scalar"),
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "(name|count|gift|tags|sizes|x)",
        6 => Just("=".to_owned()),
        6 => Just("&".to_owned()),
        3 => "[0-9a-c]",
        2 => "(true|false|-1|01|\\+|é)",
        2 => "%[0-9A-Fa-f]{2}",
        1 => "%[0-9g]?",
        1 => "[\\x00-\\x20\"\\\\{}\\[\\],:]",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn every_form_says_what_its_pairs_say(pieces in prop::collection::vec(piece(), 0..24)) {
        let form = pieces.concat();
        let spelled = said(&form);
        let Some(expected) = reference(&form) else {
            prop_assert!(spelled.is_err(), "{form:?}");
            return Ok(());
        };
        let text = spelled.unwrap();
        let twice = expected.iter().any(|(name, values)| {
            values.len() > 1 && name != "tags" && name != "sizes"
        });
        // NUL is for the reader of JSON to refuse, which it does before it counts names.
        let nul = expected.iter().any(|(name, values)| {
            name.contains('\0') || values.iter().any(|value| value.contains('\0'))
        });
        let parsed = Value::parse(text.as_bytes(), 4);
        if nul {
            prop_assert!(parsed.is_err());
        } else if twice {
            prop_assert!(matches!(parsed, Err(Malformed::Duplicate(_))), "{form:?} {text}");
        } else {
            let Value::Object(members) = parsed.unwrap() else { panic!("no object") };
            let found: Vec<(String, Vec<String>)> = members.iter().map(|(name, value)| {
                let values = match value {
                    Value::Array(items) => items.iter().map(texts).collect(),
                    value => vec![texts(value)],
                };
                (name.to_string(), values)
            }).collect();
            prop_assert_eq!(&found, &expected, "{}", form);
        }
        // What admits and what explains agree, here as with JSON.
        prop_assert_eq!(admitted(&form).is_some(), wrong(&form).is_empty(), "{}", form);
    }
}
