//! Cross-origin reads.

use crate::client::{Answer, ask};
use crate::service::{NO_CORS, ORIGIN, SPEC, start};

const NAMES: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-allow-credentials",
    "access-control-max-age",
    "access-control-expose-headers",
];

fn granted(answer: &Answer) -> [Option<&str>; 6] {
    NAMES.map(|name| answer.header(name))
}

const STRANGERS: [&str; 9] = [
    "null",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.test",
    "https://evil-app.example.com",
    "https://sub.app.example.com",
    "https://APP.example.com",
    "https://app.example.co",
    "*",
];

// requirement: P90
#[test]
fn listed_origins_may_read_and_no_others() {
    let service = start(&SPEC);
    let from =
        |origin: &str, target: &str| ask(service.addr, "GET", target, &[("Origin", origin)], None);
    for (target, status) in [("/open", 200), ("/users/1", 401), ("/nowhere", 404)] {
        let answer = from(ORIGIN, target);
        let exposed = Some("RateLimit, Retry-After");
        assert_eq!(answer.status, status);
        assert_eq!(
            granted(&answer),
            [Some(ORIGIN), None, None, Some("true"), None, exposed]
        );
    }
    for stranger in STRANGERS {
        let answer = from(stranger, "/open");
        assert_eq!(
            (answer.status, granted(&answer), answer.header("vary")),
            (200, [None; 6], Some("Origin")),
            "{stranger}"
        );
    }
    let twice = [("Origin", ORIGIN), ("Origin", "https://evil.test")];
    assert_eq!(
        granted(&ask(service.addr, "GET", "/open", &twice, None)),
        [None; 6]
    );
}

fn preflight(
    service: &shield::testing::Harness,
    origin: &str,
    method: &str,
    target: &str,
) -> Answer {
    let fields = [
        ("Origin", origin),
        ("Access-Control-Request-Method", method),
    ];
    ask(service.addr, "OPTIONS", target, &fields, None)
}

// requirement: P92
#[test]
fn preflights() {
    let service = start(&SPEC);
    let yes = Some("true");
    for (method, target, expected) in [
        (
            "GET",
            "/users/1",
            [
                Some(ORIGIN),
                Some("GET, DELETE"),
                Some("X-Trace, Authorization"),
                yes,
                Some("600"),
                None,
            ],
        ),
        (
            "HEAD",
            "/users/1",
            [
                Some(ORIGIN),
                Some("GET, DELETE"),
                Some("X-Trace, Authorization"),
                yes,
                Some("600"),
                None,
            ],
        ),
        (
            "POST",
            "/users",
            [
                Some(ORIGIN),
                Some("POST"),
                Some("Content-Type, Authorization"),
                yes,
                Some("600"),
                None,
            ],
        ),
        (
            "GET",
            "/open",
            [Some(ORIGIN), Some("GET"), None, yes, Some("600"), None],
        ),
        (
            "PUT",
            "/users/1",
            [Some(ORIGIN), None, None, yes, None, None],
        ),
        (
            "FOO",
            "/users/1",
            [Some(ORIGIN), None, None, yes, None, None],
        ),
    ] {
        let answer = preflight(&service, ORIGIN, method, target);
        assert_eq!(
            (answer.status, granted(&answer)),
            (204, expected),
            "{method} {target}"
        );
        assert_eq!(
            (answer.header("ratelimit"), answer.header("vary")),
            (None, Some("Origin"))
        );
    }
    for stranger in STRANGERS {
        let answer = preflight(&service, stranger, "GET", "/users/1");
        assert_eq!(
            (answer.status, granted(&answer)),
            (204, [None; 6]),
            "{stranger}"
        );
    }
    assert_eq!(preflight(&service, ORIGIN, "GET", "/nowhere").status, 404);
    // No credentials and no quota: five would be too many for the operation itself.
    for _ in 0..20 {
        assert_eq!(preflight(&service, ORIGIN, "GET", "/users/1").status, 204);
    }
    let rejected = service
        .events()
        .iter()
        .filter(|line| line.contains("\"cors.rejected\""))
        .count();
    assert_eq!(rejected, STRANGERS.len() + 2);
    let without = start(&NO_CORS);
    let answer = preflight(&without, ORIGIN, "GET", "/users/1");
    assert_eq!((answer.status, granted(&answer)), (405, [None; 6]));
}
