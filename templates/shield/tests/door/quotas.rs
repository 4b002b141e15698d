//! Quotas: exact, all or none, and told to the caller.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use crate::client::{Answer, Client, ask, get};
use crate::service::{SPEC, start, token};
use shield::testing::Harness;

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn remaining(answer: &Answer, quota: &str) -> u32 {
    let fields = answer.header("ratelimit").unwrap();
    let item = fields
        .split(", ")
        .find(|item| item.starts_with(&format!("\"{quota}\";")))
        .unwrap();
    item.split(';')
        .find_map(|part| part.strip_prefix("r="))
        .unwrap()
        .parse()
        .unwrap()
}

/// How many of `count` requests at once were answered with `status`.
fn at_once(count: usize, status: u16, send: impl Fn() -> Answer + Sync) -> usize {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let one = || {
            start.wait();
            send().status == status
        };
        let all: Vec<_> = (0..count).map(|_| scope.spawn(one)).collect();
        all.into_iter()
            .map(|one| one.join().unwrap())
            .filter(|passed| *passed)
            .count()
    })
}

// requirement: P79
#[test]
fn fifty_at_once_get_no_more_than_the_limit() {
    let service = start(&SPEC);
    let send = || get(service.addr, "/tight");
    assert_eq!(at_once(50, 200, send), 10);
    service.advance(Duration::from_secs(50));
    let refused = send();
    assert_eq!(
        (refused.status, refused.header("ratelimit-policy")),
        (429, Some("\"tight\";q=10;w=60"))
    );
    assert_eq!(remaining(&refused, "tight"), 0);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    let problem = refused.problem();
    assert_eq!(
        problem["type"],
        "https://iana.org/assignments/http-problem-types#quota-exceeded"
    );
    assert_eq!(problem["violated-policies"], serde_json::json!(["tight"]));
    service.advance(Duration::from_secs(10));
    assert_eq!(at_once(50, 200, send), 10, "a new window");
}

fn create(service: &Harness, bearer: &str) -> Answer {
    ask(
        service.addr,
        "POST",
        "/users",
        &[JSON, ("Authorization", bearer)],
        Some("{}"),
    )
}

#[test]
fn several_quotas_are_charged_together_or_not_at_all() {
    let service = start(&SPEC);
    let bearer = format!("Bearer {}", token("a", &["admin"], "users users:write"));
    for left in [1, 0] {
        let answer = create(&service, &bearer);
        assert_eq!((answer.status, remaining(&answer, "writes")), (200, left));
    }
    for _ in 0..10 {
        let answer = create(&service, &bearer);
        assert_eq!(
            (answer.status, remaining(&answer, "standard")),
            (429, 3),
            "the other is not consumed"
        );
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"standard\";q=5;w=60, \"writes\";q=2;w=60")
        );
        assert_eq!(
            answer.problem()["violated-policies"],
            serde_json::json!(["writes"])
        );
    }
    // Another subject has counters of its own.
    let other = format!("Bearer {}", token("b", &["admin"], "users users:write"));
    assert_eq!(create(&service, &other).status, 200);
}

// requirement: P80, P81
#[test]
fn failed_authentication_is_counted_by_address() {
    let service = start(&SPEC);
    for left in (0..5).rev() {
        let answer = get(service.addr, "/users/1");
        assert_eq!((answer.status, remaining(&answer, "standard")), (401, left));
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"standard\";q=5;w=60")
        );
    }
    assert_eq!(get(service.addr, "/users/1").status, 429);
    let bearer = format!("Bearer {}", token("m", &["member"], ""));
    let known = ask(
        service.addr,
        "GET",
        "/users/1",
        &[("Authorization", &bearer)],
        None,
    );
    assert_eq!(
        (known.status, remaining(&known, "standard")),
        (200, 4),
        "a known caller is not shut out"
    );
    let denied = ask(
        service.addr,
        "GET",
        "/users/1",
        &[("Authorization", &bearer), ("Accept", "a/b")],
        None,
    );
    assert_eq!((denied.status, remaining(&denied, "standard")), (406, 3));
}

fn login(service: &Harness, body: &str) -> Answer {
    ask(service.addr, "POST", "/login", &[JSON], Some(body))
}

// requirement: P85
#[test]
fn only_failures_are_counted_and_guesses_at_once_are_too() {
    let service = start(&SPEC);
    for _ in 0..20 {
        let answer = login(&service, "ann:good");
        assert_eq!(
            (
                answer.status,
                remaining(&answer, "auth"),
                remaining(&answer, "authAccount")
            ),
            (204, 3, 2)
        );
    }
    let passed = at_once(50, 403, || login(&service, "ann:bad"));
    assert_eq!(passed, 2, "by address and account");
    // What the account refused was given back to the address, which has one more (ruling 109).
    assert_eq!(login(&service, "bob:bad").status, 403);
    let answer = login(&service, "bob:bad");
    assert_eq!(
        (answer.status, answer.problem()["violated-policies"].clone()),
        (429, serde_json::json!(["auth"]))
    );
    service.advance(Duration::from_secs(60));
    assert_eq!(login(&service, "ann:bad").status, 403);
}

/// To hang up before the answer is no way to have a guess for nothing (P85).
// requirement: P85
#[test]
fn who_does_not_wait_for_the_answer_is_counted_as_a_failure() {
    let service = start(&SPEC);
    // Told in time it is a success, and costs nothing.
    for _ in 0..4 {
        assert_eq!(login(&service, "ann:slow").status, 204);
    }
    for account in ["ann", "bob", "eve"] {
        let mut client = Client::to(service.addr);
        client.write(&format!(
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{account}:slow"
        ));
        thread::sleep(Duration::from_millis(50));
        drop(client);
    }
    // Longer than the handlers would have taken.
    thread::sleep(Duration::from_millis(300));
    let answer = login(&service, "zoe:good");
    assert_eq!(
        (answer.status, answer.problem()["violated-policies"].clone()),
        (429, serde_json::json!(["auth"]))
    );
}
