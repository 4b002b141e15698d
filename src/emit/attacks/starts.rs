//! Settings with which the service must not start (P24, P26, P99): keys that are missing, weak, not public, or made up, and
//! addresses of keys that nobody should ask. And one with which it does, for the time being: keys by an address that falls silent.

use super::change;
use crate::plan::{Holds, Plan, Scheme, Setting};
use serde_json::{Value, json};

/// A variable set to something, or not at all.
#[derive(Debug)]
pub struct Start {
    pub kind: &'static str,
    pub name: String,
    pub variable: String,
    /// `null`: not at all. Of keys whose issuer falls silent, the seconds that they count.
    pub value: Value,
}

/// Long enough for every algorithm, and still nobody's secret.
const PLACEHOLDER: &str =
    "change-me-before-production-change-me-before-production-change-me-before-production";

/// So many times the time after which it is fetched anew, a set counts that cannot be fetched (ruling 58).
const PATIENCE: u64 = 12;

pub fn all(plan: &Plan) -> Vec<Start> {
    let mut starts = Vec::new();
    for scheme in &plan.schemes {
        let Setting::Env(variable) = &scheme.keys.from else {
            continue;
        };
        let mut put = |kind, what: &str, value: Value| {
            starts.push(Start {
                kind,
                name: format!("{}: {what}", scheme.name),
                variable: variable.clone(),
                value,
            });
        };
        for (what, value) in weak(scheme) {
            put("weak-keys", what, value);
        }
        for (what, value) in addresses(scheme) {
            put("key-address", what, json!(value));
        }
        if by_address(scheme) {
            let counts = scheme.keys.refresh_seconds.saturating_mul(PATIENCE);
            put("stale-keys", "its issuer is silent", json!(counts));
        }
    }
    for scheme in &plan.keys {
        if let Setting::Env(variable) = &scheme.keys {
            for (what, value) in [("not set", Value::Null), ("empty", json!(""))] {
                starts.push(Start {
                    kind: "weak-keys",
                    name: format!("{}: {what}", scheme.name),
                    variable: variable.clone(),
                    value,
                });
            }
        }
    }
    starts
}

fn is_secret(scheme: &Scheme) -> bool {
    scheme.algorithms.iter().any(|name| name.starts_with("HS"))
}

fn weak(scheme: &Scheme) -> Vec<(&'static str, Value)> {
    let mut list = vec![
        ("not set", Value::Null),
        ("empty", json!("")),
        ("a placeholder", json!(PLACEHOLDER)),
    ];
    if is_secret(scheme) {
        // One byte less than the hash of the weakest algorithm has.
        list.push((
            "a secret that is too short",
            json!("q7Wd2-fX9kRb4_Hm1TzL8vCy5Np3GsJ"),
        ));
        list.push(("a secret of two letters", change::text(&"xy".repeat(40))));
        return list;
    }
    if scheme.keys.holds == Holds::Issued {
        list.push(("a public key where one signs", beside(json!({}))));
        return list;
    }
    let mut key = |what, members| list.push((what, json!({ "~key": members })));
    key("a private key", json!({ "d": "A".repeat(43) }));
    key(
        "a key of development",
        json!({ "kid": "development-key-of-somebody" }),
    );
    key("a key for encryption", json!({ "use": "enc" }));
    let mut more = |what, members| list.push((what, beside(members)));
    more("the good key twice", json!({}));
    more(
        "a symmetric key beside it",
        json!({ "kty": "oct", "kid": "other", "k": "A".repeat(43) }),
    );
    let rsa = |name: &&String| name.starts_with("RS") || name.starts_with("PS");
    if let Some(algorithm) = scheme.algorithms.iter().find(rsa) {
        for (what, modulus, exponent) in [
            ("RSA of 1024 bits beside it", 128, "AQAB"),
            ("RSA of 2040 bits beside it", 255, "AQAB"),
            ("RSA with the exponent 3 beside it", 256, "Aw"),
        ] {
            let members = json!({
                "kty": "RSA", "kid": "other", "alg": algorithm, "n": letters(modulus), "e": exponent,
            });
            more(what, members);
        }
    }
    list
}

/// The set of the good key, and another one beside it: the good one with these members.
fn beside(members: Value) -> Value {
    json!({ "~beside": members })
}

/// So many bytes as base64url, of which the first and the last bit are set.
fn letters(bytes: usize) -> String {
    let rest = match bytes % 3 {
        0 => "",
        1 => "xQ",
        _ => "xcU",
    };
    "xcXF".repeat(bytes / 3) + rest
}

/// Only what is asked for keys at all.
fn by_address(scheme: &Scheme) -> bool {
    !is_secret(scheme) && matches!(scheme.keys.holds, Holds::Anything | Holds::Set)
}

fn addresses(scheme: &Scheme) -> Vec<(&'static str, &'static str)> {
    if !by_address(scheme) {
        return Vec::new();
    }
    vec![
        ("plain text", "http://issuer-of-tokens.example.com/keys"),
        (
            "plain text on this machine",
            "http://127.0.0.1:8081/keys-of-the-issuer",
        ),
        (
            "a user",
            "https://somebody-with:a-password@issuer.example.com/keys",
        ),
        (
            "a fragment",
            "https://issuer-of-tokens.example.com/keys#elsewhere-and-more",
        ),
        ("no host", "https:///keys-of-the-issuer"),
    ]
}
