//! What is written down, and what is not.

use crate::client::{Client, ask, get};
use crate::service::{CANARY, ORIGIN, SPEC, start, token};
use serde_json::Value;
use shield::testing::Harness;

fn events(service: &Harness) -> Vec<Value> {
    service
        .events()
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn named<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["metadata"]["event_code"] == name)
        .collect()
}

// requirement: P102, P103, P104
#[test]
fn each_refusal_leaves_its_event() {
    let service = start(&SPEC);
    let addr = service.addr;
    let member = format!("Bearer {}", token("m", &["member"], ""));
    let json = ("Content-Type", "application/json");
    get(addr, "/users/1");
    let bad = ask(
        addr,
        "GET",
        "/users/1",
        &[("Authorization", "Bearer x")],
        None,
    );
    ask(
        addr,
        "POST",
        "/users",
        &[json, ("Authorization", &member)],
        Some("{}"),
    );
    ask(addr, "DELETE", "/users/1", &[], None);
    ask(addr, "POST", "/note", &[("Content-Type", "a/b")], Some("x"));
    ask(addr, "POST", "/note", &[json], Some(&"x".repeat(99)));
    for target in ["/panic", "/fault", "/slow"] {
        get(addr, target);
    }
    for _ in 0..11 {
        get(addr, "/tight");
    }
    let events = events(&service);
    // OCSF: class, activity, severity, status.
    for (name, reason, uids, status) in [
        ("config.loaded", None, (6003, 99), 1),
        ("auth.success", None, (3002, 1), 1),
        ("auth.failure", Some("missing"), (3002, 1), 2),
        ("auth.failure", Some("malformed"), (3002, 1), 2),
        ("authz.denied", Some("insufficient"), (3003, 99), 2),
        ("authz.denied", Some("denied"), (3003, 99), 2),
        ("validation.failed", Some("mediaType"), (6003, 1), 2),
        ("limit.exceeded", Some("body"), (6003, 1), 2),
        ("limit.exceeded", Some("handlerTimeout"), (6003, 2), 2),
        ("error.unhandled", Some("panic"), (6003, 2), 2),
        ("error.unhandled", Some("fault"), (6003, 2), 2),
        ("ratelimit.exceeded", Some("quota"), (6003, 2), 2),
    ] {
        let found: Vec<_> = named(&events, name)
            .into_iter()
            .filter(|event| event["status_detail"].as_str() == reason)
            .collect();
        let [event] = found[..] else {
            panic!("{name} {reason:?}: {}", found.len())
        };
        let (class, activity) = uids;
        assert_eq!(
            (&event["class_uid"], &event["activity_id"]),
            (&Value::from(class), &Value::from(activity)),
            "{name}"
        );
        assert_eq!(event["type_uid"], class * 100 + activity);
        assert_eq!(event["category_uid"], class / 1000);
        assert_eq!(event["status_id"], status, "{name}");
        assert!((1..=4).contains(&event["severity_id"].as_i64().unwrap()));
        assert_eq!(
            event["time_dt"].as_str().unwrap().len(),
            "2026-01-01T00:00:00.000Z".len()
        );
    }
    let failure = named(&events, "auth.failure")[1];
    let instance = bad.problem()["instance"]
        .as_str()
        .unwrap()
        .replace("urn:uuid:", "");
    assert_eq!(failure["metadata"]["uid"], instance);
    assert_eq!(failure["src_endpoint"]["ip"], "127.0.0.1");
    assert_eq!(failure["http_request"]["url"]["path"], "/users/{id}");
    assert_eq!(failure["api"]["operation"], "getUser");
    assert_eq!(failure["unmapped"]["palisade"]["decision"], "deny");
    assert_eq!(failure["unmapped"]["palisade"]["policy"], "bearerAuth");
    assert_eq!(failure["http_response"]["code"], 401);
    let success = named(&events, "auth.success")[0];
    assert_eq!(success["actor"]["user"]["uid"], "m");
    assert_eq!(
        success["actor"]["user"]["groups"],
        serde_json::json!([{"name": "member"}])
    );
    assert_eq!(
        success["actor"]["session"]["issuer"],
        "https://id.example.com"
    );
    assert_eq!(
        named(&events, "ratelimit.exceeded")[0]["unmapped"]["palisade"]["policy"],
        "tight"
    );
}

// requirement: P105
#[test]
fn an_event_is_one_line_whatever_is_sent() {
    let service = start(&SPEC);
    let subject = "a\r\nb\u{1b}[31mc\u{2028}d\u{2029}e\u{85}f\"g\\\u{7f}";
    let bearer = format!("Bearer {}", token(subject, &["guest"], ""));
    let agent = format!("evil\u{2028}\u{85}agent\t{}", "é".repeat(300));
    ask(
        service.addr,
        "GET",
        "/users/1",
        &[("Authorization", &bearer), ("User-Agent", &agent)],
        None,
    );
    let lines = service.events();
    assert_eq!(lines.len(), 3, "loaded, success, denied");
    for line in &lines {
        assert!(
            !line.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')),
            "{line:?}"
        );
    }
    let denied: Value = serde_json::from_str(&lines[2]).unwrap();
    assert_eq!(denied["actor"]["user"]["uid"], subject);
    assert_eq!(
        denied["http_request"]["user_agent"]
            .as_str()
            .unwrap()
            .chars()
            .count(),
        200
    );
}

// requirement: P19, P106
#[test]
fn what_is_secret_is_not_written() {
    let service = start(&SPEC);
    let good = token("m", &["member"], CANARY);
    let bearer = format!("Bearer {good}");
    let json = ("Content-Type", "application/json");
    let fields = [
        json,
        ("Authorization", &*bearer),
        ("Cookie", CANARY),
        ("X-Trace", CANARY),
        ("X-Api-Key", CANARY),
        ("Referer", CANARY),
        ("Origin", CANARY),
    ];
    let target = format!("/users/{CANARY}?access_token={CANARY}&{CANARY}=1");
    ask(service.addr, "GET", &target, &fields, None);
    ask(service.addr, "GET", &target, &fields[2..], None);
    ask(
        service.addr,
        "GET",
        &target,
        &[("Authorization", &*format!("Bearer {CANARY}"))],
        None,
    );
    ask(
        service.addr,
        "GET",
        &target,
        &[("Authorization", &*format!("Basic {CANARY}"))],
        None,
    );
    ask(service.addr, "POST", "/users", &fields, Some(CANARY));
    ask(
        service.addr,
        "POST",
        "/login",
        &[json],
        Some(&format!("{CANARY}:{CANARY}")),
    );
    ask(
        service.addr,
        "POST",
        &format!("/{CANARY}"),
        &fields,
        Some(CANARY),
    );
    ask(
        service.addr,
        "OPTIONS",
        "/open",
        &[
            ("Origin", CANARY),
            ("Access-Control-Request-Method", CANARY),
        ],
        None,
    );
    ask(
        service.addr,
        "GET",
        "/open",
        &[("Origin", ORIGIN), ("Accept", CANARY)],
        None,
    );
    let mut client = Client::to(service.addr);
    client.ask(&format!(
        "GET /open?{CANARY} HTTP/1.1\r\nHost: {CANARY}@a\r\n\r\n"
    ));
    let lines = service.events();
    assert!(lines.len() > 8, "{}", lines.len());
    let signature = good.rsplit('.').next().unwrap();
    for line in lines {
        assert!(
            !line.contains(CANARY) && !line.contains(signature),
            "{line}"
        );
    }
}

/// A caller who hangs up at once is in the log all the same: what the handler did until then was done for somebody.
#[test]
fn who_does_not_wait_for_the_answer_leaves_a_trace() {
    let service = start(&SPEC);
    let mut client = Client::to(service.addr);
    client.write(&format!(
        "GET /users/slow HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n",
        token("m", &["member"], "")
    ));
    std::thread::sleep(std::time::Duration::from_millis(50));
    drop(client);
    std::thread::sleep(std::time::Duration::from_millis(100));
    let events = events(&service);
    let told = named(&events, "auth.success");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (
            &told[0]["status_detail"],
            &told[0]["actor"]["user"]["uid"],
            &told[0]["api"]["operation"],
            told[0].get("http_response")
        ),
        (
            &Value::from("abandoned"),
            &Value::from("m"),
            &Value::from("getUser"),
            None
        )
    );
}
