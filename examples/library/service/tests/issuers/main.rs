//! Where the keys come from, how they change, and what happens when too many ask at once: the library as it runs.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

// Written by hand for the tests of the shield, and good enough for these.
mod certificate;
mod fetch;
mod issuer;
mod library;
mod memory;
mod rotate;

use issuer::{READERS, TERMINALS, header, key, set, token_with};
use library::{Library, SECRET, answer, folder, refused};
use shield::dev::Signer;
use std::io::Write;
use std::time::{Duration, Instant};

// requirement: P24, P99
#[test]
fn it_does_not_start_with_weak_keys() {
    let rsa = |bytes: usize| {
        let n = "xcXF".repeat(bytes / 3) + ["", "xQ", "xcU"][bytes % 3];
        format!(r#"{{"keys":[{{"kty":"RSA","alg":"RS256","kid":"CANARY","n":"{n}","e":"AQAB"}}]}}"#)
    };
    let private = set(&[&key("EdDSA", "a")]).replace("}]", r#","d":"CANARY"}]"#);
    let oct =
        r#"{"keys":[{"kty":"oct","kid":"a","k":"CANARYCANARYCANARYCANARYCANARYCANARYCANARYC"}]}"#;
    let (short, same) = (&SECRET[..31], "CANARY".repeat(12));
    for (name, variable, value) in [
        ("rsa", "LIBRARY_KEYS", &*rsa(255)),
        ("private", "LIBRARY_KEYS", &private),
        ("oct", "LIBRARY_KEYS", oct),
        ("http", "LIBRARY_KEYS", "http://127.0.0.1:1/CANARY"),
        ("short", "LIBRARY_TERMINAL_SECRET", short),
        ("letters", "LIBRARY_TERMINAL_SECRET", &same),
        (
            "placeholder",
            "LIBRARY_TERMINAL_SECRET",
            "CANARY-change-me-CANARY-change-me-CANARY",
        ),
        ("set", "LIBRARY_TERMINAL_SECRET", oct),
    ] {
        let output = refused(&format!("weak-{name}"), &[(variable, value)]);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(78), "{name}: {said}");
        assert!(said.contains(&format!("{variable}: ")), "{name}: {said}");
        assert!(!said.contains("CANARY"), "{name}: {said}");
        assert!(!said.contains(&short[..12]), "{name}: {said}");
    }
    // One byte more of each is what it starts with.
    let strong = rsa(256);
    let strong = [
        ("LIBRARY_KEYS", strong.as_str()),
        ("LIBRARY_TERMINAL_SECRET", &SECRET[..32]),
    ];
    let library = Library::start(&folder("weak-enough"), &strong);
    assert_eq!(library.get("/books", "x.y.z").0, 401);
}

// requirement: P3, P38
#[test]
fn a_scope_that_is_missing_is_named() {
    let reader = key("EdDSA", "readers");
    let keys = set(&[&reader]);
    let library = Library::start(&folder("scopes"), &[("LIBRARY_KEYS", &keys)]);
    let with = |scopes: &str| token_with(&reader, READERS, header(&reader), scopes);
    let post = |scopes: &str| {
        let body = r#"{"isbn":"9781718503106","days":7}"#;
        let (token, length) = (with(scopes), body.len());
        let mut stream = library.connect();
        let head = "POST /loans HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n";
        let fields = format!("Content-Length: {length}\r\nAuthorization: Bearer {token}\r\n");
        write!(stream, "{head}{fields}\r\n{body}").unwrap();
        answer(&mut stream)
    };
    assert_eq!(post("books:read loans:write").0, 201);
    for scopes in [
        "",
        "books:read",
        "loans:write",
        "books:read loans:writ",
        "books:readloans:write",
    ] {
        let (status, text) = post(scopes);
        assert_eq!(status, 403, "{scopes}");
        let challenge = "www-authenticate: bearer realm=\"library api\", error=\"insufficient_scope\", scope=\"books:read loans:write\"\r\n";
        assert!(text.contains(challenge), "{text}");
    }
    assert_eq!(library.books(&with("loans:write books:read")), 200);
    assert_eq!(library.books(&with("loans:write")), 403);
    assert!(library.events("authz.denied") > 0);
}

// requirement: P37
#[test]
fn what_nobody_declared_is_denied_to_everybody() {
    let reader = key("EdDSA", "readers");
    let keys = set(&[&reader]);
    let library = Library::start(&folder("denied"), &[("LIBRARY_KEYS", &keys)]);
    let all = token_with(&reader, READERS, header(&reader), "books:read loans:write");
    let terminal = Signer::with_secret("HS256", SECRET.as_bytes());
    let typ = serde_json::json!({ "alg": "HS256", "typ": "JWT" });
    let terminal = token_with(&terminal, TERMINALS, typ, "");
    assert_eq!(library.books(&all), 200);
    assert_eq!(library.get("/shelves", &terminal).0, 200);
    for token in [&all, &terminal, "x.y.z"] {
        assert_eq!(library.get("/loans/overdue", token).0, 403);
    }
    assert!(library.events("authz.denied") > 0);
}

// requirement: P75, P76
#[test]
fn so_many_requests_are_worked_on_at_once() {
    let reader = key("EdDSA", "readers");
    let keys = set(&[&reader]);
    let library = Library::start(&folder("at-once"), &[("LIBRARY_KEYS", &keys)]);
    let good = token_with(&reader, READERS, header(&reader), "books:read loans:write");
    assert_eq!(library.books(&good), 200);
    // Each is a request whose body does not come.
    let mut held: Vec<_> = (0..8)
        .map(|_| {
            let mut stream = library.connect();
            let head = "POST /loans HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
            write!(
                stream,
                "{head}Content-Length: 9\r\nAuthorization: Bearer {good}\r\n\r\n"
            )
            .unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    let (_, text) = loop {
        let (status, text) = library.get("/books", &good);
        if status == 503 {
            break (status, text);
        }
        assert!(begun.elapsed() < Duration::from_secs(1), "{text}");
        // The caller has a limit too.
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(text.contains("\r\nretry-after: "), "{text}");
    assert!(text.contains("#temporary-reduced-capacity\""), "{text}");
    for stream in &mut held {
        assert_eq!(answer(stream).0, 408);
    }
    let took = begun.elapsed().as_secs_f32();
    assert!((1.5..=6.0).contains(&took), "{took} s instead of two");
    assert_eq!(library.books(&good), 200, "places come free");
}
