//! What other generators got wrong, asked of what palisade emits: a document each in `conformance/`, whose first line says
//! where it failed. What is expected here was written from the document, by hand.
//!
//! 204 comes from a handler and from nowhere else, and every handler counts its calls: where something else is expected,
//! nothing may have been counted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use serde_json::json;
use shield::dev::Signer;
use shield::testing::Harness;
use shield::{Attempt, Door, Fault, Known, Shield, Spec};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

const SECRET: &[u8] = b"what signs the tokens of these documents";
const KEY: &str = "orders_live_0123456789abcdef0123456789abcdef";
/// `printf %s KEY | sha256sum`
const DIGEST: &str = "9126682974decde7e77b72fa032f02dc8b1228c67d8de4229803d65a044bf38e";

/// Handlers that do what is declared, and count.
#[derive(Clone, Default)]
struct App(Arc<AtomicUsize>);

macro_rules! written {
    ($($module:ident: $($name:ident $trait:ident),*;)*) => {$($(
        impl gym::$module::operations::$name::$trait for App {
            async fn $name(
                &self,
                _: gym::$module::operations::$name::Call,
            ) -> Result<gym::$module::operations::$name::Reply, Fault> {
                self.0.fetch_add(1, Ordering::SeqCst);
                Ok(gym::$module::operations::$name::Reply::NoContent)
            }
        }
    )*)*};
}

written! {
    conformance_oauth2_only: orders Orders;
    conformance_oidc_only: orders Orders;
    conformance_key_in_query: orders Orders;
    conformance_both_schemes: orders Orders;
    conformance_root_security: inherits Inherits, opened Opened;
    conformance_basic_beside_bearer: either Either, tokens Tokens;
    conformance_handlers_run: written Written, word Word;
    conformance_beside_the_paths: orders Orders, order Order;
    conformance_body_after_caller: order Order;
    conformance_case_of_schemes: orders Orders;
}

/// As `palisade stub` writes it.
impl gym::conformance_handlers_run::operations::stub::Stub for App {
    async fn stub(
        &self,
        call: gym::conformance_handlers_run::operations::stub::Call,
    ) -> Result<gym::conformance_handlers_run::operations::stub::Reply, Fault> {
        let _ = call;
        Err(Fault::unwritten("stub"))
    }
}

struct Service {
    harness: Harness,
    app: App,
}

macro_rules! service {
    ($module:ident) => {
        Service::start(&gym::$module::SPEC, |shield, app| {
            gym::$module::door(shield, app)
        })
    };
}

impl Service {
    fn start(spec: &'static Spec, door: fn(Shield, App) -> Door) -> Self {
        let keys = json!([{ "id": "partner", "sha256": DIGEST, "roles": [] }]);
        let values = BTreeMap::from([
            ("APP_STORE".to_owned(), "memory".to_owned()),
            ("APP_INSTANCES".to_owned(), "1".to_owned()),
            (
                "TOKENS".to_owned(),
                String::from_utf8_lossy(SECRET).into_owned(),
            ),
            ("KEYS".to_owned(), keys.to_string()),
        ]);
        let app = App::default();
        let behind = app.clone();
        let harness = Harness::start(spec, values, |shield| door(shield, behind)).unwrap();
        Service { harness, app }
    }

    /// The status of the answer, and that the handler ran exactly when it is 204.
    fn ask(&self, method: &str, target: &str, fields: &[&str]) -> u16 {
        self.send(method, target, fields, "").0
    }

    /// Status, head and body.
    fn send(&self, method: &str, target: &str, fields: &[&str], body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.harness.addr).unwrap();
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for field in fields {
            head.push_str(&format!("{field}\r\n"));
        }
        if !body.is_empty() {
            let length = body.len();
            head.push_str(&format!(
                "Content-Type: application/json\r\nContent-Length: {length}\r\n"
            ));
        }
        write!(stream, "{head}\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let ran = self.app.0.swap(0, Ordering::SeqCst);
        assert_eq!(
            ran,
            usize::from(status == 204),
            "{method} {target} {fields:?}: {answer}"
        );
        (status, answer)
    }
}

/// An access token of the issuer, with scopes and roles.
fn token(scope: &str, roles: &[&str]) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let claims = json!({
        "iss": "https://id.example.com", "aud": "orders", "sub": "ann", "client_id": "app", "jti": "one",
        "iat": now, "exp": now + 300, "scope": scope, "roles": roles,
    });
    Signer::with_secret("HS256", SECRET)
        .sign(r#"{"alg":"HS256","typ":"at+jwt"}"#, &claims.to_string())
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

/// The same token, signed by somebody else.
fn forged(token: &str) -> String {
    let (head, _) = token.rsplit_once('.').unwrap();
    let (header, claims) = head.split_once('.').unwrap();
    assert!(!header.is_empty() && !claims.is_empty());
    format!("{head}.{}", "A".repeat(43))
}

fn scoped(service: &Service) {
    let good = token("orders:read", &[]);
    assert_eq!(service.ask("GET", "/orders", &[]), 401);
    assert_eq!(
        service.ask("GET", "/orders", &[&bearer(&forged(&good))]),
        401
    );
    assert_eq!(
        service.ask("GET", "/orders", &["Authorization: Basic YW5uOmFubg=="]),
        401
    );
    assert_eq!(
        service.ask("GET", "/orders", &[&bearer(&token("orders:write", &[]))]),
        403
    );
    assert_eq!(service.ask("GET", "/orders", &[&bearer(&good)]), 204);
}

#[test]
fn oauth2_alone_is_verified() {
    scoped(&service!(conformance_oauth2_only));
}

#[test]
fn openid_connect_alone_is_verified() {
    scoped(&service!(conformance_oidc_only));
}

#[test]
fn a_key_in_the_query_is_verified() {
    let service = service!(conformance_key_in_query);
    assert_eq!(service.ask("GET", "/orders", &[]), 401);
    assert_eq!(service.ask("GET", "/orders?api_key=", &[]), 401);
    let wrong = format!("/orders?api_key={}", KEY.replace("live", "test"));
    assert_eq!(service.ask("GET", &wrong, &[]), 401);
    // It is looked for where the document says.
    assert_eq!(
        service.ask("GET", "/orders", &[&format!("api_key: {KEY}")]),
        401
    );
    assert_eq!(
        service.ask("GET", &format!("/orders?api_key={KEY}"), &[]),
        204
    );
}

#[test]
fn of_two_schemes_both_are_needed() {
    let service = service!(conformance_both_schemes);
    let (good, key) = (token("", &[]), format!("X-Api-Key: {KEY}"));
    assert_eq!(service.ask("GET", "/orders", &[]), 401);
    assert_eq!(service.ask("GET", "/orders", &[&key]), 401);
    assert_eq!(service.ask("GET", "/orders", &[&bearer(&good)]), 401);
    assert_eq!(
        service.ask("GET", "/orders", &[&bearer(&good), "X-Api-Key: no"]),
        401
    );
    assert_eq!(
        service.ask("GET", "/orders", &[&bearer(&forged(&good)), &key]),
        401
    );
    assert_eq!(service.ask("GET", "/orders", &[&bearer(&good), &key]), 204);
}

#[test]
fn security_of_the_root_holds_until_it_is_taken_away_on_purpose() {
    let service = service!(conformance_root_security);
    let good = bearer(&token("", &[]));
    assert_eq!(service.ask("GET", "/inherits", &[]), 401);
    assert_eq!(service.ask("GET", "/inherits", &[&good]), 204);
    assert_eq!(service.ask("GET", "/opened", &[]), 204);
    assert_eq!(service.ask("GET", "/emptied", &[]), 403);
    assert_eq!(service.ask("GET", "/emptied", &[&good]), 403);
}

/// One user, one password.
impl gym::conformance_basic_beside_bearer::access::VerifyBasic for App {
    async fn verify_basic(&self, attempt: Attempt) -> Result<Option<Known>, Fault> {
        let known = attempt.user.expose() == "ann" && attempt.password.expose() == "ann";
        Ok(known.then(|| Known::of("user-1")))
    }
}

/// Each is taken by its own word and for itself; two fields are no request.
// requirement: P28
#[test]
fn basic_never_stands_for_bearer() {
    let service = service!(conformance_basic_beside_bearer);
    // `printf ann:ann | base64`, and of `ann:bob`.
    let (good, basic) = (bearer(&token("", &[])), "Authorization: Basic YW5uOmFubg==");
    let wrong = "Authorization: Basic YW5uOmJvYg==";
    for field in [&*good, basic] {
        assert_eq!(service.ask("GET", "/either", &[field]), 204);
        let other = match field == basic {
            true => field.replace("Basic", "Bearer"),
            false => field.replace("Bearer", "Basic"),
        };
        assert_eq!(service.ask("GET", "/either", &[&other]), 401);
    }
    assert_eq!(service.ask("GET", "/either", &[]), 401);
    assert_eq!(service.ask("GET", "/either", &[wrong]), 401);
    assert_eq!(service.ask("GET", "/either", &[basic, &good]), 400);
    assert_eq!(service.ask("GET", "/tokens", &[]), 401);
    assert_eq!(service.ask("GET", "/tokens", &[basic]), 401);
    assert_eq!(
        service.ask("GET", "/tokens", &[&good.replace("Bearer", "Basic")]),
        401
    );
    assert_eq!(service.ask("GET", "/tokens", &[&good]), 204);
}

// requirement: P28
#[test]
fn a_scheme_without_a_word_how_to_verify_it_admits_nobody() {
    // No handler: there is none to write.
    let service = service!(conformance_scheme_without_entry);
    let good = bearer(&token("", &[]));
    for target in ["/orders", "/either"] {
        assert_eq!(service.ask("GET", target, &[]), 403);
        assert_eq!(service.ask("GET", target, &["X-Unknown: anything"]), 403);
        assert_eq!(service.ask("GET", target, &[&good]), 403);
    }
}

#[test]
fn a_handler_runs_and_a_stub_says_that_it_is_one() {
    let service = service!(conformance_handlers_run);
    let good = bearer(&token("", &[]));
    assert_eq!(service.ask("GET", "/written", &[&good]), 204);
    assert_eq!(service.ask("GET", "/written/word", &[&good]), 204);
    assert_eq!(service.ask("GET", "/stub", &[&good]), 501);
    for target in ["/written", "/written/word", "/stub"] {
        assert_eq!(service.ask("GET", target, &[]), 401);
    }
    // Near to what is declared is not declared: no handler, guarded or not.
    for target in ["/writen", "/stubs", "/written/word/more"] {
        assert_eq!(service.ask("GET", target, &[]), 404);
        assert_eq!(service.ask("GET", target, &[&good]), 404);
    }
}

// requirement: P47
#[test]
fn methods_beside_the_declared_ones_reach_nothing() {
    let service = service!(conformance_beside_the_paths);
    let good = bearer(&token("", &[]));
    assert_eq!(service.ask("HEAD", "/orders", &[]), 401);
    let (status, answer) = service.send("HEAD", "/orders", &[&good], "");
    assert_eq!(status, 204);
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    for fields in [&[][..], &[&*good]] {
        for method in ["OPTIONS", "POST", "PUT", "DELETE", "TRACE", "get", "ORDERS"] {
            assert_eq!(service.ask(method, "/orders", fields), 405, "{method}");
        }
    }
    // A method in a field is no method.
    let other = ["X-HTTP-Method-Override: GET"];
    assert_eq!(service.ask("POST", "/orders", &other), 405);
}

// requirement: P62, P63
#[test]
fn paths_beside_the_declared_ones_reach_nothing() {
    let service = service!(conformance_beside_the_paths);
    let good = bearer(&token("", &[]));
    for target in [
        "/orders/",
        "//orders",
        "/ORDERS",
        "/orders;a=1",
        "/orders/7/",
        "/orders//7",
        "/./orders",
        "/x/../orders",
    ] {
        assert_eq!(service.ask("GET", target, &[]), 404, "{target}");
        assert_eq!(service.ask("GET", target, &[&good]), 404, "{target}");
    }
    // Written in another way it may be the same path; then the same guard stands before it.
    for target in ["/%6frders", "/orders/%37"] {
        assert!(
            matches!(service.ask("GET", target, &[]), 401 | 404),
            "{target}"
        );
    }
    assert_eq!(service.ask("GET", "/orders/7", &[&good]), 204);
    for target in ["/orders/7%2F8", "/orders/%2e%2e%2forders", "/orders/7%00"] {
        assert!(
            matches!(service.ask("GET", target, &[&good]), 400 | 404),
            "{target}"
        );
    }
}

// requirement: P49
#[test]
fn the_caller_is_judged_before_the_body_and_the_body_is_judged() {
    let service = service!(conformance_body_after_caller);
    let (clerk, other) = (bearer(&token("", &["clerk"])), bearer(&token("", &[])));
    let post = |fields: &[&str], body: &str| service.send("POST", "/orders", fields, body).0;
    for body in ["{", r#"{"item":1}"#, r#"{"item":"plums"}"#] {
        assert_eq!(post(&[], body), 401, "{body}");
        assert_eq!(post(&[&other], body), 403, "{body}");
    }
    assert_eq!(post(&[&clerk], "{"), 400);
    for body in [
        r#"{"item":"p"}"#,
        r#"{"item":"plum trees"}"#,
        r#"{"item":1}"#,
        r#"{"item":"plums","more":1}"#,
        "{}",
        "[]",
    ] {
        assert_eq!(post(&[&clerk], body), 422, "{body}");
    }
    assert_eq!(post(&[&clerk], r#"{"item":"plums"}"#), 204);
}

#[test]
fn the_name_of_a_scheme_has_no_case() {
    let service = service!(conformance_case_of_schemes);
    let good = token("", &[]);
    for name in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let field = |token: &str| format!("Authorization: {name} {token}");
        assert_eq!(
            service.ask("GET", "/orders", &[&field(&good)]),
            204,
            "{name}"
        );
        assert_eq!(
            service.ask("GET", "/orders", &[&field(&forged(&good))]),
            401,
            "{name}"
        );
    }
    for name in ["Bear", "Bearers", "Basic", "Token", ""] {
        let field = format!("Authorization: {name} {good}");
        assert_eq!(service.ask("GET", "/orders", &[&field]), 401, "{name}");
    }
}
