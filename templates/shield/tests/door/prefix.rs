//! Credentials, roles, sizes and media types, in their order.

use crate::client::{Answer, ask};
use crate::service::{CANARY, SPEC, start, token};

fn challenge(answer: &Answer) -> &str {
    answer.header("www-authenticate").unwrap_or("none")
}

// requirement: P1, P2, P20
#[test]
fn challenges_tell_missing_from_invalid_and_nothing_else() {
    let service = start(&SPEC);
    let missing = "Bearer realm=\"Tiny API\"";
    let invalid = "Bearer realm=\"Tiny API\", error=\"invalid_token\"";
    let good = token("m", &["member"], "");
    let forged = format!("{}x", &good[..good.len() - 1]);
    let expired = good.clone();
    let mut bodies = Vec::new();
    for (value, expected) in [
        (None, missing),
        (Some("Basic dTpw".to_owned()), missing),
        (Some(format!("Bearer {CANARY}")), invalid),
        (Some(format!("Bearer {forged}")), invalid),
        (Some("Bearer".to_owned()), invalid),
        (Some(format!("Bearer {}", "a".repeat(9000))), invalid),
        (Some(format!("Bearer {good} {good}")), invalid),
    ] {
        // Each from a fresh service: five guesses are all that a quota allows.
        let fields: Vec<(&str, &str)> = value
            .iter()
            .map(|value| ("Authorization", value.as_str()))
            .collect();
        let answer = ask(start(&SPEC).addr, "GET", "/users/1", &fields, None);
        assert_eq!(
            (answer.status, challenge(&answer)),
            (401, expected),
            "{value:?}"
        );
        let mut problem = answer.problem();
        problem["instance"].take();
        if expected == invalid {
            bodies.push(problem.to_string());
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let fields = [("Authorization", &*format!("bearer {good}"))];
    assert_eq!(
        ask(service.addr, "GET", "/users/1", &fields, None).status,
        200
    );
    service.advance(std::time::Duration::from_secs(90_001));
    let fields = [("Authorization", &*format!("Bearer {expired}"))];
    assert_eq!(
        challenge(&ask(service.addr, "GET", "/users/1", &fields, None)),
        invalid
    );
}

// requirement: P19, P20
#[test]
fn tokens_in_other_places() {
    let service = start(&SPEC);
    let good = format!("Bearer {}", token("m", &["member"], ""));
    let twice = [("Authorization", &*good), ("Authorization", &*good)];
    assert_eq!(
        ask(service.addr, "GET", "/users/1", &twice, None).status,
        400
    );
    assert_eq!(
        ask(service.addr, "GET", "/open", &twice, None).status,
        200,
        "credentials are not looked at"
    );
    let query = format!("/users/1?access_token={}", &good[7..]);
    assert_eq!(ask(service.addr, "GET", &query, &[], None).status, 401);
    assert_eq!(
        ask(
            service.addr,
            "GET",
            &query,
            &[("Authorization", &good)],
            None
        )
        .status,
        400
    );
}

// requirement: P3, P37, P38
#[test]
fn roles_and_scopes() {
    let service = start(&SPEC);
    let ask = |target: &str, token: &str| {
        let bearer = format!("Bearer {token}");
        let method = if target == "/users" { "POST" } else { "GET" };
        ask(
            service.addr,
            method,
            target,
            &[("Authorization", &bearer)],
            None,
        )
    };
    let answer = ask("/users/1", &token("nobody", &["guest"], ""));
    assert_eq!(
        (answer.status, challenge(&answer)),
        (
            403,
            "Bearer realm=\"Tiny API\", error=\"insufficient_scope\""
        )
    );
    let scoped =
        "Bearer realm=\"Tiny API\", error=\"insufficient_scope\", scope=\"users:write users\"";
    for (subject, role, scope) in [
        ("a", "member", "users users:write"),
        ("b", "admin", "users"),
        ("c", "admin", "users:writer users"),
    ] {
        let answer = ask("/users", &token(subject, &[role], scope));
        assert_eq!(
            (answer.status, challenge(&answer)),
            (403, scoped),
            "{subject}"
        );
        assert!(!answer.body.contains("admin"), "roles are not named");
    }
    assert_eq!(
        ask("/users/1", &token("admin", &["admin"], "")).status,
        200,
        "a role holds what it includes"
    );
    let denied = crate::client::ask(service.addr, "DELETE", "/users/1", &[], None);
    assert_eq!(
        (
            denied.status,
            challenge(&denied),
            denied.header("ratelimit")
        ),
        (403, "none", None)
    );
}

// requirement: P49, P64, P65, P66, P68
#[test]
fn faults_have_one_order() {
    let service = start(&SPEC);
    let post = |headers: &[(&str, &str)], body: &str| {
        ask(service.addr, "POST", "/note", headers, Some(body)).status
    };
    let (text, gzip, html) = (
        ("Content-Type", "text/plain"),
        ("Content-Encoding", "gzip"),
        ("Accept", "text/html"),
    );
    let json = ("Content-Type", "application/json; charset=UTF-8");
    let large = "x".repeat(65);
    assert_eq!(post(&[text, html], &large), 413);
    assert_eq!(post(&[text, html], "x"), 415);
    assert_eq!(post(&[html], "x"), 415, "no media type at all");
    assert_eq!(post(&[json, gzip, html], "x"), 415);
    assert_eq!(post(&[json, json, html], "x"), 415);
    assert_eq!(post(&[json, html], "x"), 406);
    assert_eq!(
        post(
            &[
                json,
                ("Content-Encoding", "identity"),
                ("Accept", "application/*")
            ],
            &large[..64]
        ),
        200
    );
    assert_eq!(post(&[], ""), 200, "an optional body may be absent");
    let unsupported = ask(service.addr, "POST", "/note", &[text], Some("x"));
    assert_eq!(unsupported.header("accept"), Some("application/json"));
    let get = ask(service.addr, "GET", "/open", &[json], Some("{}"));
    assert_eq!(get.status, 400, "a body where none is declared");
    // The caller first: an unknown one learns nothing of the rest (P49).
    assert_eq!(
        ask(service.addr, "POST", "/users", &[text, html], Some(&large)).status,
        401
    );
    let member = format!("Bearer {}", token("m", &["member"], ""));
    assert_eq!(
        ask(
            service.addr,
            "POST",
            "/users",
            &[text, ("Authorization", &member)],
            Some(&large)
        )
        .status,
        403
    );
    let admin = format!("Bearer {}", token("a", &["admin"], "users users:write"));
    let empty = ask(
        service.addr,
        "POST",
        "/users",
        &[("Authorization", &admin)],
        None,
    );
    assert_eq!(
        (empty.status, empty.problem()["code"].as_str()),
        (400, Some("empty"))
    );
}

#[tokio::test]
async fn without_an_address_nothing_is_served() {
    use axum::body::Body;
    use tower_service::Service as _;
    let request = || {
        http::Request::get("/open")
            .header("host", "a")
            .body(Body::empty())
            .unwrap()
    };
    let mut door = crate::service::mounted();
    assert_eq!(door.call(request()).await.unwrap().status(), 500);
    let peer: std::net::SocketAddr = "192.0.2.1:1000".parse().unwrap();
    let mut ours = request();
    ours.extensions_mut().insert(shield::Peer(peer));
    assert_eq!(door.call(ours).await.unwrap().status(), 200);
    let mut theirs = request();
    theirs
        .extensions_mut()
        .insert(axum::extract::ConnectInfo(peer));
    assert_eq!(door.call(theirs).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_mounted_door_checks_what_it_is_shown() {
    use tower_service::Service as _;
    let mut door = crate::service::mounted();
    for (fields, status) in [
        (&[("transfer-encoding", "chunked")][..], 200),
        (
            &[("transfer-encoding", "chunked"), ("content-length", "2")],
            400,
        ),
        (&[("content-length", "2"), ("content-length", "2")], 400),
    ] {
        let mut request = http::Request::post("/note")
            .header("host", "a")
            .header("content-type", "application/json");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let mut request = request.body(axum::body::Body::from("{}")).unwrap();
        request
            .extensions_mut()
            .insert(shield::Peer("192.0.2.1:1000".parse().unwrap()));
        assert_eq!(
            door.call(request).await.unwrap().status(),
            status,
            "{fields:?}"
        );
    }
}

/// HTTP/2 has neither `Transfer-Encoding` nor, always, `Content-Length`: there the body itself says that it is there.
#[tokio::test]
async fn a_body_that_no_field_tells_of_is_a_body() {
    use tower_service::Service as _;
    let mut door = crate::service::mounted();
    for (method, target, media_type, body, status) in [
        ("POST", "/note", Some("application/json"), "{}", 200),
        ("POST", "/note", Some("text/plain"), "{}", 415),
        ("POST", "/note", None, "{}", 415),
        ("POST", "/note", None, "", 200),
        ("GET", "/open", None, "{}", 400),
        ("GET", "/open", None, "", 200),
    ] {
        let mut request = http::Request::builder()
            .method(method)
            .version(http::Version::HTTP_2)
            .uri(format!("http://a{target}"));
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        let mut request = request.body(axum::body::Body::from(body)).unwrap();
        request
            .extensions_mut()
            .insert(shield::Peer("192.0.2.1:1000".parse().unwrap()));
        assert_eq!(
            door.call(request).await.unwrap().status(),
            status,
            "{method} {media_type:?} {body}"
        );
    }
}
