//! Parts of forms: what is one, what is none, and a second reading of them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

fn read(body: &str) -> Result<Vec<Part<'_>>, Broken> {
    parts(body.as_bytes(), "b", 3)
}

/// A form of one part with this head.
fn one(head: &str) -> String {
    format!("--b\r\n{head}\r\n\r\nv\r\n--b--\r\n")
}

const NAMED: &str = "Content-Disposition: form-data; name=\"a\"";

#[test]
fn parts_in_order_with_what_is_said_of_them() {
    let body = format!(
        "--b\r\n{NAMED}\r\n\r\n\r\n--b\r\ncontent-type:image/png\r\nCONTENT-DISPOSITION: Form-Data ; name=x;filename=\"a b.png\"\r\nContent-Length: 10\r\n\r\n -\r\n--a--b\r\n--b--"
    );
    let found = read(&body).unwrap();
    assert_eq!(found.len(), 2);
    let (first, second) = (&found[0], &found[1]);
    assert_eq!((first.name, first.content), ("a", &b""[..]));
    assert_eq!((first.file_name, first.media_type), (None, None));
    assert_eq!((second.name, second.content), ("x", &b" -\r\n--a--b"[..]));
    assert_eq!(second.file_name, Some("a b.png"));
    assert_eq!(second.media_type, Some("image/png"));
    assert_eq!(read("--b--").unwrap(), []);
    assert_eq!(read("--b--\r\n").unwrap(), []);
}

// requirement: P69
#[test]
fn what_could_be_read_otherwise_is_none() {
    let good = one(NAMED);
    assert!(read(&good).is_ok());
    for (why, body) in [
        ("empty", String::new()),
        ("no end", format!("--b\r\n{NAMED}\r\n\r\nv\r\n")),
        (
            "an end that is none",
            format!("--b\r\n{NAMED}\r\n\r\nv\r\n--b-"),
        ),
        (
            "cut in a boundary",
            format!("--b\r\n{NAMED}\r\n\r\nv\r\n--"),
        ),
        ("cut in a head", format!("--b\r\n{NAMED}")),
        (
            "no line between head and content",
            format!("--b\r\n{NAMED}\r\nv\r\n--b--"),
        ),
        ("before the first", format!("x\r\n{good}")),
        ("a line before the first", format!("\r\n{good}")),
        ("behind the last", format!("{good}x")),
        ("a form behind the last", format!("{good}{good}")),
        ("padding", good.replacen("--b\r\n", "--b \r\n", 1)),
        (
            "a longer boundary",
            format!("--b\r\n{NAMED}\r\n\r\nv\r\n--bb\r\n--b--"),
        ),
        ("another boundary", good.replace("--b", "--c")),
        ("bare line feeds", good.replace("\r\n", "\n")),
        ("a bare line feed in the head", one(&format!("{NAMED}\n"))),
        (
            "a boundary where content begins",
            format!("--b\r\n{NAMED}\r\n\r\n--b--"),
        ),
        (
            "a boundary as content",
            format!("--b\r\n{NAMED}\r\n\r\n--b\r\n--b--"),
        ),
        ("no head", "--b\r\n\r\nv\r\n--b--".to_owned()),
        ("no disposition", one("Content-Type: text/plain")),
        (
            "another disposition",
            one("Content-Disposition: attachment; name=\"a\""),
        ),
        ("no name", one("Content-Disposition: form-data")),
        (
            "an empty name",
            one("Content-Disposition: form-data; name=\"\""),
        ),
        (
            "only a file name",
            one("Content-Disposition: form-data; filename=\"a\""),
        ),
        ("two names", one(&format!("{NAMED}; name=\"b\""))),
        (
            "two names in other letters",
            one(&format!("{NAMED}; NAME=\"b\"")),
        ),
        (
            "two file names",
            one(&format!("{NAMED}; filename=\"a\"; filename=\"b\"")),
        ),
        (
            "a name in another charset",
            one(&format!("{NAMED}; filename=\"a\"; filename*=UTF-8''b")),
        ),
        ("an unknown parameter", one(&format!("{NAMED}; size=1"))),
        (
            "an open quote",
            one("Content-Disposition: form-data; name=\"a"),
        ),
        (
            "an escaped quote",
            one("Content-Disposition: form-data; name=\"a\\\"; filename=\\\"b\""),
        ),
        ("a backslash", one(&format!("{NAMED}; filename=\"..\\a\""))),
        ("behind a quote", one(&format!("{NAMED}b"))),
        (
            "a name of two words",
            one("Content-Disposition: form-data; name=a b"),
        ),
        ("a semicolon and nothing", one(&format!("{NAMED};"))),
        ("two dispositions", one(&format!("{NAMED}\r\n{NAMED}"))),
        (
            "two types",
            one(&format!(
                "{NAMED}\r\nContent-Type: a/b\r\ncontent-type: a/b"
            )),
        ),
        (
            "an encoding",
            one(&format!("{NAMED}\r\nContent-Transfer-Encoding: base64")),
        ),
        (
            "an unknown field",
            one(&format!("{NAMED}\r\nX-Palisade: 1")),
        ),
        (
            "a folded field",
            one("Content-Disposition: form-data;\r\n name=\"a\""),
        ),
        (
            "a blank before the colon",
            one("Content-Disposition : form-data; name=\"a\""),
        ),
        (
            "a control in a name",
            one("Content-Disposition: form-data; name=\"a\u{1}\""),
        ),
        (
            "NUL in a file name",
            one(&format!("{NAMED}; filename=\"a\0\"")),
        ),
        (
            "a length that is wrong",
            one(&format!("{NAMED}\r\nContent-Length: 2")),
        ),
        (
            "a head without end",
            one(&format!("{NAMED}; filename=\"{}\"", "x".repeat(4096))),
        ),
    ] {
        assert_eq!(read(&body), Err(Broken::Syntax), "{why}");
    }
    let latin = good.replace("\"a\"", "\"~\"").into_bytes();
    let latin: Vec<u8> = latin
        .iter()
        .map(|byte| if *byte == b'~' { 0xe9 } else { *byte })
        .collect();
    assert_eq!(parts(&latin, "b", 3), Err(Broken::Syntax));
}

// requirement: P69
#[test]
fn parts_are_counted_before_they_are_read() {
    let body = |count: usize| {
        let part = format!("--b\r\n{NAMED}\r\n\r\nv\r\n");
        format!("{}--b--", part.repeat(count))
    };
    assert_eq!(read(&body(3)).unwrap().len(), 3);
    assert_eq!(read(&body(4)), Err(Broken::TooMany));
    assert_eq!(
        read(&format!(
            "{}--b\r\nnonsense",
            body(3).trim_end_matches("--b--")
        )),
        Err(Broken::TooMany)
    );
}

#[test]
fn boundaries() {
    let long = "x".repeat(70);
    for (given, wanted) in [
        ("multipart/form-data; boundary=b", "b"),
        (
            "Multipart/Form-Data;BOUNDARY=----WebKitFormBoundary7MA4",
            "----WebKitFormBoundary7MA4",
        ),
        ("multipart/form-data; boundary=\"a b:c\"", "a b:c"),
        (&format!("multipart/form-data; boundary={long}"), &long),
    ] {
        assert_eq!(boundary(given), Some(wanted), "{given}");
    }
    for given in [
        "multipart/form-data",
        "multipart/form-data;",
        "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"b",
        "multipart/form-data; boundary=\"b \"",
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=a:b",
        "multipart/form-data; boundary=\"a\\b\"",
        "multipart/form-data; boundary=é",
        "multipart/form-data; boundary=b; boundary=c",
        "multipart/form-data; boundary=b; charset=utf-8",
        "multipart/form-data; charset=utf-8; boundary=b",
        "multipart/form-data; boundary*=b",
        "multipart/mixed; boundary=b",
        "multipart/form-data, multipart/form-data; boundary=b",
        &format!("multipart/form-data; boundary={}", "x".repeat(71)),
    ] {
        assert_eq!(boundary(given), None, "{given}");
    }
}

/// Name, name of the file, type, content.
type Read = (String, Option<String>, Option<String>, String);

/// What the parts of a body are, by another road: all that is between boundaries, and of each the lines of its head.
fn reference(body: &str) -> Option<Vec<Read>> {
    let inside = body.strip_suffix("\r\n").unwrap_or(body);
    let all = format!("\r\n{inside}");
    let mut pieces = all.split("\r\n--b");
    if !pieces.next()?.is_empty() {
        return None;
    }
    let mut pieces: Vec<&str> = pieces.collect();
    if pieces.pop()? != "--" {
        return None;
    }
    let mut found = Vec::new();
    for piece in pieces {
        let (head, content) = piece.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        let (mut named, mut media) = (Vec::new(), Vec::new());
        for line in head.split("\r\n") {
            match line.split_once(": ")? {
                ("Content-Disposition", value) => named.push(value),
                ("Content-Type", value) => media.push(value),
                _ => return None,
            }
        }
        if named.len() != 1
            || media.len() > 1
            || head.contains(['\n', '\0']) && head.replace("\r\n", "").contains(['\n', '\r', '\0'])
        {
            return None;
        }
        let quoted = named[0]
            .strip_prefix("form-data; name=\"")?
            .strip_suffix('"')?;
        let (name, file) = match quoted.split_once("\"; filename=\"") {
            Some((name, file)) => (name, Some(file)),
            None => (quoted, None),
        };
        if name.is_empty()
            || name.contains(['"', '\\'])
            || file.is_some_and(|file| file.contains(['"', '\\']))
        {
            return None;
        }
        found.push((
            name.to_owned(),
            file.map(str::to_owned),
            media.first().map(|media| media.trim().to_owned()),
            content.to_owned(),
        ));
    }
    Some(found)
}

fn piece() -> impl Strategy<Value = String> {
    let whole = ("[a-c]{1,2}", prop::option::of("[a-z./ ]{0,5}"), prop::option::of("(image/png|text/plain)"), "[a-z\r\n-]{0,6}")
        .prop_map(|(name, file, media, content)| {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            let media = media.map(|media| format!("Content-Type: {media}\r\n")).unwrap_or_default();
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n{media}\r\n{content}\r\n")
        });
    prop_oneof![
        12 => whole,
        1 => "--b",
        1 => "--",
        1 => "\r\n",
        1 => "[a-z\"\\\\;=\r\n]",
        1 => Just("Content-Disposition: form-data; name=\"a\"\r\n\r\n".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn every_body_has_the_parts_that_another_reading_finds(
        pieces in prop::collection::vec(piece(), 0..5),
        end in prop_oneof![6 => Just("--b--\r\n"), 1 => Just("--b--"), 1 => Just("--b-"), 1 => Just("")],
    ) {
        let body = pieces.concat() + end;
        let found = parts(body.as_bytes(), "b", 100).ok().map(|parts| {
            parts.iter().map(|part| (
                part.name.to_owned(),
                part.file_name.map(str::to_owned),
                part.media_type.map(str::to_owned),
                String::from_utf8(part.content.to_vec()).unwrap(),
            )).collect::<Vec<_>>()
        });
        prop_assert_eq!(found, reference(&body), "{:?}", body);
    }

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parts(&body, "b", 9);
        let mut framed = b"--b\r\n".to_vec();
        framed.extend(&body);
        let _ = parts(&framed, "b", 9);
    }
}
