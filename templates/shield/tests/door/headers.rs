//! The header set, and the answers of the door itself.

use crate::client::{Answer, Client, ask, get};
use crate::service::{CANARY, LIMITS, NO_CORS, SPEC, spec, start, sudden, token, try_start};
use shield::Spec;
use shield::testing::Harness;

/// P89 on this answer, and nothing that tells what it was made with.
fn complete(answer: &Answer) {
    let status = answer.status;
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("vary", "Origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name} on {status}");
    }
    assert!(
        answer
            .header("permissions-policy")
            .is_some_and(|value| value.contains("camera=()")),
        "{status}"
    );
    for name in [
        "server",
        "x-powered-by",
        "strict-transport-security",
        "access-control-allow-origin",
    ] {
        assert_eq!(answer.header(name), None, "{name} on {status}");
    }
    if status >= 400 {
        let problem = answer.problem();
        // The phrases of RFC 9110 §15 and RFC 6585 §5.
        let title = match status {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            406 => "Not Acceptable",
            413 => "Content Too Large",
            414 => "URI Too Long",
            415 => "Unsupported Media Type",
            422 => "Unprocessable Content",
            429 => "Too Many Requests",
            431 => "Request Header Fields Too Large",
            500 => "Internal Server Error",
            503 => "Service Unavailable",
            other => panic!("{other} has no title here"),
        };
        assert_eq!(problem["title"], title);
        for word in [
            "serde", "panicked", "src/", ".rs", "line ", "on fire", CANARY,
        ] {
            assert!(!answer.body.contains(word), "{word} on {status}");
        }
    }
}

// requirement: P89, P98
#[test]
fn every_answer_has_the_header_set() {
    let service = start(&SPEC);
    let addr = service.addr;
    let member = format!("Bearer {}", token("m", &["member"], ""));
    let large = "x".repeat(65);
    let json = ("Content-Type", "application/json");
    let admin = format!("Bearer {}", token("a", &["admin"], "users users:write"));
    let admin = ("Authorization", &*admin);
    let huge = "x".repeat(17_000);
    for (status, answer) in [
        (200, get(addr, "/open")),
        (
            200,
            ask(addr, "GET", "/users/1", &[("Authorization", &member)], None),
        ),
        (204, ask(addr, "OPTIONS", "/open", &[], None)),
        (400, ask(addr, "POST", "/users", &[json, admin], Some(""))),
        (401, get(addr, "/users/1")),
        (403, ask(addr, "DELETE", "/users/1", &[], None)),
        (404, get(addr, &format!("/{CANARY}"))),
        (405, ask(addr, "PUT", "/open", &[], None)),
        (
            406,
            ask(addr, "GET", "/open", &[("Accept", "text/html")], None),
        ),
        (413, ask(addr, "POST", "/note", &[json], Some(&large))),
        (414, get(addr, &format!("/open?{}", "a".repeat(9000)))),
        (
            415,
            ask(
                addr,
                "POST",
                "/note",
                &[("Content-Type", "text/plain")],
                Some("x"),
            ),
        ),
        (431, ask(addr, "GET", "/open", &[("X-A", &huge)], None)),
        (500, get(addr, "/fault")),
        (500, get(addr, "/panic")),
        (503, get(addr, "/slow")),
    ] {
        assert_eq!(answer.status, status);
        complete(&answer);
    }
    assert_eq!(get(addr, "/slow").header("retry-after"), Some("1"));
    assert_eq!(
        get(addr, "/open").status,
        200,
        "the service is alive after a panic"
    );
    assert_eq!(get(start(&NO_CORS).addr, "/open").header("vary"), None);
}

// requirement: P97
#[test]
fn a_panic_is_an_answer_wherever_it_happens() {
    let service = sudden();
    for target in ["/open", "/users/1"] {
        let answer = get(service.addr, target);
        assert_eq!(answer.status, 500);
        complete(&answer);
    }
    let told = service.events();
    let panics = told.iter().filter(|line| line.contains("\"panic\""));
    assert_eq!(panics.count(), 2);
}

fn raw(service: &Harness, text: &str) -> (Answer, bool) {
    let mut client = Client::to(service.addr);
    let answer = client.ask(text);
    let closed = answer.header("connection") == Some("close") && client.is_closed();
    (answer, closed)
}

// requirement: P78
#[test]
fn a_request_that_can_be_read_in_two_ways_is_refused() {
    let service = start(&SPEC);
    let chunked = "Transfer-Encoding: chunked\r\n";
    for fields in [
        format!("Content-Length: 5\r\n{chunked}"),
        format!("{chunked}Content-Length: 5\r\n"),
        format!("{chunked}content-LENGTH: 5\r\n"),
        "Transfer-Encoding: gzip, chunked\r\n".to_owned(),
        format!("{chunked}{chunked}"),
    ] {
        let text = format!(
            "POST /note HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{fields}\r\n0\r\n\r\n"
        );
        let (answer, closed) = raw(&service, &text);
        assert_eq!((answer.status, closed), (400, true), "{fields}");
        complete(&answer);
    }
    // The same, alone, is served, also after a request with a length on the same connection.
    let mut client = Client::to(service.addr);
    let head = "POST /note HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    assert_eq!(
        client
            .ask(&format!("{head}Content-Length: 2\r\n\r\n{{}}"))
            .status,
        200
    );
    let answer = client.ask(&format!("{head}{chunked}\r\n2\r\n{{}}\r\n0\r\n\r\n"));
    assert_eq!((answer.status, answer.header("connection")), (200, None));
    assert_eq!(
        client.ask("GET /open HTTP/1.1\r\nHost: a\r\n\r\n").status,
        200
    );
}

/// Nothing that comes after such a request is taken for another one, however the bytes arrive, whatever was before.
// requirement: P78
#[test]
fn a_hidden_length_is_found_however_it_is_sent() {
    let service = start(&SPEC);
    let open = "GET /open HTTP/1.1\r\nHost: a\r\n\r\n";
    let head = "POST /note HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    let whole = format!("{head}Content-Length: 2\r\n\r\n{{}}");
    // Both lengths are the same, so hyper shows one: what it does not show may not pay for another.
    let twice = format!("{head}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}");
    let hidden = |fields: &str| format!("{head}{fields}\r\n0\r\n\r\n{open}");
    for fields in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked\ncontent-length:4\n",
        "Transfer-Encoding: chunked\r\nX: y\r\nCONTENT-LENGTH: nonsense\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    ] {
        for before in [None, Some(open), Some(&whole), Some(&twice)] {
            for step in [1, 7, 10_000] {
                let mut client = Client::to(service.addr);
                if let Some(before) = before {
                    // The connection may end with this answer already: that is refused as well.
                    let answer = client.ask(before);
                    assert_eq!(answer.status, 200);
                    if answer.header("connection") == Some("close") {
                        continue;
                    }
                }
                let text = hidden(fields);
                for piece in text.as_bytes().chunks(step) {
                    client.write(std::str::from_utf8(piece).unwrap());
                }
                let answer = client.read();
                assert_eq!(
                    (answer.status, answer.header("connection")),
                    (400, Some("close")),
                    "{fields} {step}"
                );
                assert!(client.read_as(false).is_none(), "nothing else is answered");
            }
        }
    }
}

// requirement: P57, P78
#[test]
fn what_hyper_cannot_parse_is_refused_and_ends_the_connection() {
    let service = start(&SPEC);
    for fields in [
        "X: a\0b\r\n",
        "X: a\u{1}b\r\n",
        "X : a\r\n",
        "X: a\r\n b\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: +1\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
    ] {
        let mut client = Client::to(service.addr);
        let answer = client.ask(&format!("GET /open HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));
        assert_eq!(answer.status, 400, "{fields:?}");
        assert!(client.is_closed());
    }
}

#[test]
fn a_body_that_looks_like_a_head_ends_the_connection() {
    let service = start(&SPEC);
    let text = "POST /note HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{}\nContent-Length: 5";
    let (answer, closed) = raw(&service, text);
    assert_eq!((answer.status, closed), (200, true));
}

// requirement: P63, P78
#[test]
fn one_host_that_is_a_host() {
    let service = start(&SPEC);
    for (status, target, fields) in [
        (200, "/open", "Host: users.example.com:8080\r\n"),
        (
            200,
            "http://Users.example.com/open",
            "Host: users.example.com\r\n",
        ),
        (400, "/open", ""),
        (400, "/open", "Host:\r\n"),
        (400, "/open", "Host: a\r\nHost: a\r\n"),
        (400, "/open", "Host: a b\r\n"),
        (400, "/open", "Host: user@a\r\n"),
        (
            400,
            "http://other.example.com/open",
            "Host: users.example.com\r\n",
        ),
        (
            400,
            "http://users.example.com:81/open",
            "Host: users.example.com\r\n",
        ),
    ] {
        let (answer, _) = raw(&service, &format!("GET {target} HTTP/1.1\r\n{fields}\r\n"));
        assert_eq!(answer.status, status, "{target} {fields}");
        complete(&answer);
    }
}

// requirement: P72, P73
#[test]
fn sizes_are_exact() {
    let service = start(&SPEC);
    let target = |length: usize| format!("/open{}", "/".repeat(length - 5));
    assert_eq!(get(service.addr, &target(8192)).status, 404);
    assert_eq!(get(service.addr, &target(8193)).status, 414);
    assert_eq!(get(service.addr, &target(60_000)).status, 414);
    let fields = |count: usize| {
        let fields: String = (1..count).map(|at| format!("X-{at}: y\r\n")).collect();
        raw(
            &service,
            &format!("GET /open HTTP/1.1\r\nHost: a\r\n{fields}\r\n"),
        )
        .0
        .status
    };
    assert_eq!((fields(64), fields(65)), (200, 431));
    // `Host: a` and the end of its line are 9 bytes, the other field is 6 bytes and its value.
    let bytes = |value: usize| {
        let text = format!(
            "GET /open HTTP/1.1\r\nHost: a\r\nXY: {}\r\n\r\n",
            "z".repeat(value)
        );
        raw(&service, &text).0.status
    };
    assert_eq!((bytes(16_384 - 15), bytes(16_384 - 14)), (200, 431));
}

static ENDLESS: Spec = spec(
    shield::Limits {
        ip_rate: (3, 0),
        ..LIMITS
    },
    true,
);

/// Such a window has ended before it begins, and would limit nobody.
#[test]
fn a_limit_without_a_window_does_not_start() {
    assert!(try_start(&ENDLESS).is_err());
}

static SMALL: Spec = spec(
    shield::Limits {
        header_bytes: 100,
        header_count: 3,
        ..LIMITS
    },
    true,
);
static LARGE: Spec = spec(
    shield::Limits {
        header_bytes: usize::MAX,
        header_count: usize::MAX,
        ..LIMITS
    },
    true,
);

/// hyper has a least and a most of its own and panics beyond; neither may show.
// requirement: P73
#[test]
fn limits_far_from_the_usual_are_exact_too() {
    let service = start(&SMALL);
    let bytes = |value: usize| {
        let text = format!(
            "GET /open HTTP/1.1\r\nHost: a\r\nXY: {}\r\n\r\n",
            "z".repeat(value)
        );
        raw(&service, &text).0.status
    };
    assert_eq!((bytes(100 - 15), bytes(100 - 14)), (200, 431));
    let four = "GET /open HTTP/1.1\r\nHost: a\r\nA: b\r\nB: b\r\nC: b\r\n\r\n";
    assert_eq!(raw(&service, four).0.status, 431);
    let service = start(&LARGE);
    let fields: String = (0..12_000).map(|_| "A: b\r\n").collect();
    for fields in [String::new(), fields] {
        let text = format!("GET /open HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        assert_eq!(raw(&service, &text).0.status, 200);
    }
}

// requirement: P48, P63, P67
#[test]
fn methods_and_allow() {
    let service = start(&SPEC);
    let addr = service.addr;
    for method in ["PUT", "FOO", "TRACE", "get", "POST"] {
        let answer = ask(
            addr,
            method,
            "/users/1",
            &[("X-HTTP-Method-Override", "GET")],
            None,
        );
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("GET, HEAD, DELETE, OPTIONS")),
            "{method}"
        );
    }
    let answer = ask(addr, "OPTIONS", "/users", &[], None);
    assert_eq!(
        (answer.status, answer.header("allow")),
        (204, Some("POST, OPTIONS"))
    );
    assert_eq!(ask(addr, "TRACE", "/nowhere", &[], None).status, 405);
    assert_eq!(
        raw(&service, "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")
            .0
            .status,
        405
    );
    assert_eq!(ask(addr, "OPTIONS", "*", &[], None).status, 400);
    let without = start(&NO_CORS);
    let answer = ask(without.addr, "OPTIONS", "/users", &[], None);
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    for target in [
        "/open/",
        "//open",
        "/Open",
        "/open;a=b",
        "/%6fpen",
        "/x/../open",
        "/users",
        "/",
    ] {
        let status = get(addr, target).status;
        assert!(
            status == 404 || (target == "/users" && status == 405),
            "{target} {status}"
        );
    }
}

// requirement: P47
#[test]
fn head_is_get_without_the_body() {
    let service = start(&SPEC);
    let names = |answer: &Answer| {
        answer
            .headers
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    let (get, head) = (
        get(service.addr, "/open"),
        ask(service.addr, "HEAD", "/open", &[], None),
    );
    assert_eq!(
        (head.status, head.header("content-length")),
        (200, get.header("content-length"))
    );
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    assert_eq!(sorted(names(&head)), sorted(names(&get)));
    assert_eq!(ask(service.addr, "HEAD", "/users/1", &[], None).status, 401);
    // Nothing follows the head: the next answer on the connection is where it should be.
    let mut client = Client::to(service.addr);
    client.write("HEAD /open HTTP/1.1\r\nHost: a\r\n\r\nGET /open HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.read_as(true).unwrap().status, 200);
    assert_eq!(client.read().body, get.body);
}

static FLOOD: Spec = spec(
    shield::Limits {
        ip_rate: (3, 60),
        ..LIMITS
    },
    true,
);

#[test]
fn the_ingress_bucket_covers_everything() {
    let service = start(&FLOOD);
    for target in ["/nowhere", "/open"] {
        assert!(get(service.addr, target).status < 429);
    }
    assert_eq!(raw(&service, "GET /open HTTP/1.1\r\n\r\n").0.status, 400);
    let answer = get(service.addr, "/open");
    complete(&answer);
    assert_eq!(
        (
            answer.status,
            answer.header("ratelimit"),
            answer.header("ratelimit-policy")
        ),
        (429, None, None)
    );
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    service.advance(std::time::Duration::from_secs(60));
    assert_eq!(get(service.addr, "/open").status, 200);
}
