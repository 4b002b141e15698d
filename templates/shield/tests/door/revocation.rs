//! A revoked token is refused from the next request on, and where nobody can say, none is taken (P18).

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::time::Duration;

use shield::testing::Harness;

use crate::client::{Answer, ask};
use crate::service::{NO_CORS, REVOCABLE, now, start, start_with, token_with};

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("shield-door-{}-{name}", std::process::id());
        Scratch(std::env::temp_dir().join(name))
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Of a subject, a session and a name, issued so many seconds ago.
fn token(subject: &str, session: &str, jti: &str, ago: u64) -> String {
    let now = now() - ago;
    token_with(serde_json::json!({
        "sub": subject, "roles": ["member"], "sid": session, "jti": jti, "iat": now, "exp": now + 5_000,
    }))
}

fn call(service: &Harness, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    ask(
        service.addr,
        "GET",
        "/users/1",
        &[("Authorization", &bearer)],
        None,
    )
}

fn last_event(service: &Harness) -> serde_json::Value {
    // It is written after the answer.
    std::thread::sleep(Duration::from_millis(20));
    serde_json::from_str(service.events().last().unwrap()).unwrap()
}

// requirement: P18
#[test]
fn each_name_revokes_what_has_it_and_nothing_else() {
    for (by, name) in [("jti", "t1"), ("session", "s1"), ("subject", "ann")] {
        let service = start(&REVOCABLE);
        let same = token("ann", "s1", "t1", 0);
        let other = token("ben", "s2", "t2", 0);
        assert_eq!(call(&service, &same).status, 200);
        assert!(service.revoke(by, name, None));
        let event = last_event(&service);
        assert_eq!(event["metadata"]["event_code"], "token.revoked", "{event}");
        let refused = call(&service, &same);
        assert_eq!(refused.status, 401, "{by}");
        assert_eq!(
            refused.header("www-authenticate"),
            Some("Bearer realm=\"Tiny API\", error=\"invalid_token\"")
        );
        assert_eq!(refused.problem()["code"], "invalid_token");
        let event = last_event(&service);
        assert_eq!(event["metadata"]["event_code"], "auth.failure");
        assert_eq!(event["status_detail"], "revoked");
        assert_eq!(call(&service, &other).status, 200, "{by}");
    }
}

#[test]
fn a_name_of_one_kind_is_none_of_another() {
    let service = start(&REVOCABLE);
    for (by, name) in [("jti", "s1"), ("session", "ann"), ("subject", "t1")] {
        assert!(service.revoke(by, name, None));
    }
    assert_eq!(call(&service, &token("ann", "s1", "t1", 0)).status, 200);
}

/// Ruling 103.
// requirement: P18
#[test]
fn a_subject_comes_back_with_a_later_token() {
    let service = start(&REVOCABLE);
    let before = token("ann", "s1", "t1", 5);
    assert!(service.revoke("subject", "ann", None));
    let mut undated = serde_json::json!({
        "sub": "ann", "roles": ["member"], "jti": "t2", "exp": now() + 5_000,
    });
    assert_eq!(call(&service, &before).status, 401);
    assert_eq!(call(&service, &token_with(undated.clone())).status, 401);
    undated["sub"] = "ben".into();
    assert_eq!(call(&service, &token_with(undated)).status, 200);
    service.advance(Duration::from_secs(3));
    let after = token_with(serde_json::json!({
        "sub": "ann", "roles": ["member"], "jti": "t3", "iat": now() + 3, "exp": now() + 5_000,
    }));
    assert_eq!(call(&service, &after).status, 200);
    assert_eq!(call(&service, &before).status, 401);
}

#[test]
fn an_entry_lasts_as_long_as_it_was_asked_to() {
    let service = start(&REVOCABLE);
    let short = token("ann", "s1", "t1", 0);
    assert!(service.revoke("jti", "t1", Some(60)));
    service.advance(Duration::from_secs(58));
    assert_eq!(call(&service, &short).status, 401);
    service.advance(Duration::from_secs(3));
    assert_eq!(call(&service, &short).status, 200);
}

// requirement: P18
#[test]
fn a_token_that_could_not_be_revoked_is_not_taken() {
    let nameless = token_with(serde_json::json!({
        "sub": "ann", "roles": ["member"], "iat": now(), "exp": now() + 60,
    }));
    assert_eq!(call(&start(&REVOCABLE), &nameless).status, 401);
    assert_eq!(call(&start(&NO_CORS), &nameless).status, 200);
}

// requirement: P18
#[test]
fn without_the_store_nobody_is_let_in() {
    let scratch = Scratch::new("down");
    for store in ["memory".to_owned(), format!("file:{}", scratch.path("s"))] {
        let service = start_with(&REVOCABLE, &[("APP_STORE", store)]).unwrap();
        let good = token("ann", "s1", "t1", 0);
        assert_eq!(call(&service, &good).status, 200);
        service.fail_store(true);
        // A folder finds out when it writes.
        assert!(!service.revoke("jti", "another", None));
        let refused = call(&service, &good);
        assert_eq!(refused.status, 503);
        assert_eq!(refused.header("retry-after"), Some("1"));
        let event = last_event(&service);
        assert_eq!(event["metadata"]["event_code"], "error.unhandled");
        assert_eq!(event["status_detail"], "store");
        // What needs no store is served.
        assert_eq!(ask(service.addr, "GET", "/open", &[], None).status, 200);
        service.fail_store(false);
        let begun = std::time::Instant::now();
        while call(&service, &good).status == 503 {
            assert!(begun.elapsed().as_secs() < 10);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_folder_remembers_and_memory_does_not() {
    let scratch = Scratch::new("restart");
    for (store, after) in [
        (format!("file:{}", scratch.path("s")), 401),
        ("memory".to_owned(), 200),
    ] {
        let settings = [("APP_STORE", store)];
        let good = token("ann", "s1", "t1", 0);
        let service = start_with(&REVOCABLE, &settings).unwrap();
        assert!(service.revoke("session", "s1", None));
        drop(service);
        let service = start_with(&REVOCABLE, &settings).unwrap();
        assert_eq!(call(&service, &good).status, after);
    }
}

/// What goes over the socket, written by hand.
fn order(path: &str, text: &str) -> String {
    let mut stream = UnixStream::connect(path).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn orders_come_through_a_socket_of_the_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = Scratch::new("socket");
    let path = scratch.path("run/admin.sock");
    let settings = [("APP_ADMIN", format!("unix:{path}"))];
    let service = start_with(&REVOCABLE, &settings).unwrap();
    let mode = |path: &str| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&scratch.path("run"))), (0o600, 0o700));
    let good = token("ann", "s1", "t1", 0);
    for bad in [
        "",
        "revoke",
        "{}",
        r#"{"revoke":"jti"}"#,
        r#"{"revoke":"all","name":"t1"}"#,
        r#"{"revoke":"jti","name":"t1","ttl":-1}"#,
        r#"{"revoke":"jti","name":"t1","ttl":"1h"}"#,
    ] {
        assert_eq!(order(&path, bad), "the order cannot be read", "{bad}");
    }
    assert_eq!(call(&service, &good).status, 200);
    assert_eq!(order(&path, r#"{"revoke":"jti","name":"t1"}"#), "done");
    assert_eq!(call(&service, &good).status, 401);
    service.fail_store(true);
    assert_eq!(
        order(&path, r#"{"revoke":"jti","name":"t2"}"#),
        "the store cannot be written"
    );
    // A live one refuses, a stale one is replaced, what is no socket stays (ruling 110).
    let refused = start_with(&REVOCABLE, &settings).map(drop).unwrap_err();
    assert!(
        refused.message.contains(&format!("answers at {path}; ")),
        "{refused}"
    );
    drop(service);
    drop(UnixListener::bind(&path).unwrap());
    let service = start_with(&REVOCABLE, &settings).unwrap();
    assert_eq!(order(&path, r#"{"revoke":"jti","name":"t1"}"#), "done");
    drop(service);
    std::fs::write(&path, "not a socket").unwrap();
    assert!(start_with(&REVOCABLE, &settings).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a socket");
}
