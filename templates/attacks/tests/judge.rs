//! Whether an answer is the one a case demands.

use crate::cases::{list, word};
use crate::client::Answer;
use serde_json::Value;

/// Fields that every answer has, whatever was asked (P89), with their values; `*` is any.
const ALWAYS: &[(&str, &str)] = &[
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'",
    ),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "*"),
];

/// Fields that no answer has: they tell what runs here.
const NEVER: &[&str] = &["server", "x-powered-by"];

/// What answers inside TLS have, and no other (ruling 33).
const STRICT: &str = "max-age=31536000; includeSubDomains";

/// Words that only come from inside.
const INSIDE: &[&str] = &[
    "serde", "panicked", "src/", ".rs", "thread '", "hyper", "axum", "i64", "u32",
];

/// No refusal is larger, whatever was sent (P58). In bytes.
const LARGEST: usize = 8 * 1024;

/// What holds for every answer. `vary`: the service has CORS (ruling 31).
pub fn always(answer: &Answer, vary: bool) -> Vec<String> {
    let strict = api::SPEC.tls.is_some().then_some(STRICT);
    let mut wrong = Vec::new();
    for (name, value) in ALWAYS {
        match answer.field(name) {
            Some(found) if *value == "*" || found == *value => {}
            found => wrong.push(format!("{name} is {found:?}, not {value:?}")),
        }
    }
    for name in NEVER {
        if let Some(found) = answer.field(name) {
            wrong.push(format!("{name} is there: {found:?}"));
        }
    }
    let found = answer.field("strict-transport-security");
    if found.as_deref() != strict {
        wrong.push(format!(
            "strict-transport-security is {found:?}, not {strict:?}"
        ));
    }
    let varies = answer.field("vary").is_some_and(|vary| {
        vary.split(',')
            .any(|name| name.trim().eq_ignore_ascii_case("origin"))
    });
    if varies != vary {
        wrong.push(format!(
            "Vary is {:?}, the service has {} CORS",
            answer.field("vary"),
            if vary { "" } else { "no" }
        ));
    }
    if (400..599).contains(&answer.status) && !answer.body.is_empty() {
        problem(answer, &mut wrong);
    }
    wrong
}

/// RFC 9457, and nothing internal (P98).
fn problem(answer: &Answer, wrong: &mut Vec<String>) {
    if answer.field("content-type").as_deref() != Some("application/problem+json") {
        wrong.push(format!(
            "Content-Type is {:?}, not application/problem+json",
            answer.field("content-type")
        ));
    }
    if answer.body.len() > LARGEST {
        wrong.push(format!("the problem has {} bytes", answer.body.len()));
    }
    let body = answer.json();
    let complete = ["type", "title", "detail", "instance"]
        .iter()
        .all(|name| body.get(name).is_some_and(Value::is_string));
    if !complete || body.get("status").and_then(Value::as_u64) != Some(answer.status.into()) {
        wrong.push(format!("not a whole problem: {body}"));
    }
    if !word(&body, "instance").starts_with("urn:uuid:") {
        wrong.push(format!("instance is {:?}", word(&body, "instance")));
    }
    let text = format!("{}{}", word(&body, "title"), word(&body, "detail"));
    for inside in INSIDE.iter().filter(|inside| text.contains(**inside)) {
        wrong.push(format!("the problem says {inside:?}: {text:?}"));
    }
}

/// What this case demands.
pub fn expected(expect: &Value, answer: &Answer, events: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    if !list(expect, "status")
        .iter()
        .any(|status| status.as_u64() == Some(answer.status.into()))
    {
        wrong.push(format!(
            "status {}, not {}; {}",
            answer.status,
            expect["status"],
            answer.json()
        ));
    }
    let body = answer.json();
    // HEAD has no body to look at.
    if let (Some(code), false) = (expect.get("code"), answer.body.is_empty())
        && body.get("code") != Some(code)
    {
        wrong.push(format!("code {}, not {code}", body["code"]));
    }
    errors(expect, &body, &mut wrong);
    if let Some(fields) = expect.get("headers").and_then(Value::as_object) {
        for (name, wanted) in fields {
            if let Some(why) = field(wanted, answer.field(name)) {
                wrong.push(format!("{name} {why}"));
            }
        }
    }
    if let Some(limited) = expect.get("limited").and_then(Value::as_bool) {
        for name in ["ratelimit", "ratelimit-policy"] {
            if answer.field(name).is_some() != limited {
                wrong.push(format!(
                    "{name} is {}there",
                    if limited { "not " } else { "" }
                ));
            }
        }
    }
    if let Some(event) = expect.get("event") {
        let reason = event.get("reason").and_then(Value::as_str);
        let written = events
            .iter()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .any(|line| {
                line["metadata"]["event_code"] == event["code"]
                    && reason.is_none_or(|reason| line["status_detail"] == reason)
            });
        if !written {
            wrong.push(format!("no event {event}"));
        }
    }
    if let Some(quota) = expect.get("quota") {
        over(quota, answer, &mut wrong);
    }
    if let Some(wanted) = expect.get("shape") {
        let found = shape(&body);
        if found != *wanted {
            wrong.push(format!("{found} arrives, not {wanted}"));
        }
    }
    if let Some(never) = expect.get("never").and_then(Value::as_str) {
        let said = String::from_utf8_lossy(&answer.body).contains(never);
        if said || events.iter().any(|line| line.contains(never)) {
            wrong.push(format!(
                "what was sent comes back, in the {}",
                if said { "answer" } else { "events" }
            ));
        }
    }
    wrong
}

/// Which members and rows are there: what they hold is of no matter.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), shape(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(shape).collect(),
        _ => Value::Bool(true),
    }
}

/// All demanded entries, and no other unless the case says so.
fn errors(expect: &Value, body: &Value, wrong: &mut Vec<String>) {
    let (wanted, found) = (list(expect, "errors"), list(body, "errors"));
    if wanted.is_empty() {
        return;
    }
    let same = |wanted: &Value, found: &Value| {
        wanted["in"] == found["in"]
            && wanted["pointer"] == found["pointer"]
            && wanted.get("code").is_none_or(|code| *code == found["code"])
    };
    for each in wanted
        .iter()
        .filter(|each| !found.iter().any(|other| same(each, other)))
    {
        wrong.push(format!("{each} is not named in {}", body["errors"]));
    }
    if expect.get("more").is_none() {
        for each in found
            .iter()
            .filter(|each| !wanted.iter().any(|other| same(other, each)))
        {
            wrong.push(format!("{each} is named, and is not wrong"));
        }
    }
}

fn field(wanted: &Value, found: Option<String>) -> Option<String> {
    if wanted == "absent" {
        return found.map(|found| format!("is there: {found:?}"));
    }
    let Some(found) = found else {
        return Some("is not there".to_owned());
    };
    let words = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect()
    };
    let lower = found.to_lowercase();
    let right = if let Some(exact) = wanted.get("is") {
        *exact == found
    } else if let Some(holds) = wanted.get("holds") {
        words(&holds[0]).iter().all(|word| lower.contains(word))
            && !words(&holds[1]).iter().any(|word| lower.contains(word))
    } else {
        let sorted = |mut names: Vec<String>| {
            names.retain(|name| name != "head" && name != "options");
            names.sort();
            names
        };
        let parts = lower
            .split(',')
            .map(|part| part.trim().to_owned())
            .collect();
        sorted(parts) == sorted(words(&wanted["set"]))
    };
    (!right).then(|| format!("is {found:?}, not {wanted}"))
}

/// The answer of a limit that is used up (P79).
fn over(quota: &Value, answer: &Answer, wrong: &mut Vec<String>) {
    let name = word(quota, "name");
    let body = answer.json();
    let wait: u64 = answer
        .field("retry-after")
        .and_then(|wait| wait.parse().ok())
        .unwrap_or_default();
    if !(1..=quota["window"].as_u64().unwrap_or_default()).contains(&wait) {
        wrong.push(format!("Retry-After is {:?}", answer.field("retry-after")));
    }
    let limit = answer.field("ratelimit").unwrap_or_default();
    if !limit
        .split(',')
        .any(|part| part.trim().starts_with(&format!("\"{name}\";r=0;t=")))
    {
        wrong.push(format!("RateLimit is {limit:?}"));
    }
    let policy = answer.field("ratelimit-policy").unwrap_or_default();
    let wanted = format!("\"{name}\";q={};w={}", quota["limit"], quota["window"]);
    if !policy
        .split(',')
        .any(|part| part.trim().starts_with(&wanted))
    {
        wrong.push(format!("RateLimit-Policy is {policy:?}, without {wanted}"));
    }
    if word(&body, "type") != "https://iana.org/assignments/http-problem-types#quota-exceeded" {
        wrong.push(format!("type is {}", body["type"]));
    }
    if !list(&body, "violated-policies")
        .iter()
        .any(|violated| violated == name)
    {
        wrong.push(format!(
            "violated-policies is {}",
            body["violated-policies"]
        ));
    }
}

/// Whether two answers look the same to whoever sent the requests, apart from `instance` (P2, P39).
pub fn alike(one: &Answer, other: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    let plain = |answer: &Answer| {
        let mut body = answer.json();
        if let Some(members) = body.as_object_mut() {
            members.remove("instance");
        }
        body
    };
    if one.status != other.status
        || plain(one) != plain(other)
        || one.body.len() != other.body.len()
    {
        wrong.push(format!(
            "{} {} tells apart from {} {}",
            one.status,
            plain(one),
            other.status,
            plain(other)
        ));
    }
    // What counts and what tells the time may differ.
    let names = |answer: &Answer| -> Vec<(String, String)> {
        let counts = |name: &str| matches!(name, "date" | "ratelimit" | "retry-after");
        answer
            .fields
            .iter()
            .filter(|(name, _)| !counts(name))
            .cloned()
            .collect()
    };
    if names(one) != names(other) {
        wrong.push(format!(
            "the fields tell apart: {:?} and {:?}",
            names(one),
            names(other)
        ));
    }
    wrong
}
