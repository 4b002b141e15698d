//! Settings with which the service must not start (P24, P26, P99): keys that are missing, weak, not public, or made up, and
//! addresses of keys that nobody should ask.

use crate::plan::{Holds, Plan, Scheme, Setting};

/// A variable set to something, or not at all.
#[derive(Debug)]
pub struct Start {
    pub kind: &'static str,
    pub name: String,
    pub variable: String,
    pub value: Option<String>,
}

/// Long enough for every algorithm, and still nobody's secret.
const PLACEHOLDER: &str =
    "change-me-before-production-change-me-before-production-change-me-before-production";

pub fn all(plan: &Plan) -> Vec<Start> {
    let mut starts = Vec::new();
    for scheme in &plan.schemes {
        let Setting::Env(variable) = &scheme.keys.from else {
            continue;
        };
        let mut put = |kind, what: &str, value: Option<String>| {
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
            put("key-address", what, Some(value.to_owned()));
        }
    }
    for scheme in &plan.keys {
        if let Setting::Env(variable) = &scheme.keys {
            for (what, value) in [("not set", None), ("empty", Some(String::new()))] {
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

fn weak(scheme: &Scheme) -> Vec<(&'static str, Option<String>)> {
    let mut list = vec![
        ("not set", None),
        ("empty", Some(String::new())),
        ("a placeholder", Some(PLACEHOLDER.to_owned())),
    ];
    if is_secret(scheme) {
        // One byte less than the hash of the weakest algorithm has.
        let short = "q7Wd2-fX9kRb4_Hm1TzL8vCy5Np3GsJ";
        list.push(("a secret that is too short", Some(short.to_owned())));
        let long = "xy".repeat(32);
        list.push(("a secret of two letters", Some(long)));
        return list;
    }
    if scheme.keys.holds == Holds::Issued {
        let public =
            set(r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#);
        list.push(("a public key where one signs", Some(public)));
        return list;
    }
    let secret = set(r#""kty":"oct","k":"q7Wd2fX9kRb4Hm1TzL8vCy5Np3GsJq7Wd2fX9kRb4Hm""#);
    list.push(("a symmetric key", Some(secret)));
    // The private part is what must not be there, whatever else is.
    let private = r#""kty":"EC","crv":"P-256","d":"q7Wd2fX9kRb4Hm1TzL8vCy5Np3GsJq7Wd2fX9kRb4Hm","x":"AA","y":"AA""#;
    list.push(("a private key", Some(set(private))));
    let rsa = |name: &&String| name.starts_with("RS") || name.starts_with("PS");
    if let Some(algorithm) = scheme.algorithms.iter().find(rsa) {
        let modulus = |bytes: usize| {
            "xcXF".repeat(bytes / 3) + &"xcU".repeat(bytes % 3 / 2) + &"xQ".repeat(bytes % 3 % 2)
        };
        let key = |n: String, e: &str| {
            set(&format!(
                r#""kty":"RSA","alg":"{algorithm}","n":"{n}","e":"{e}""#
            ))
        };
        list.push(("RSA of 1024 bits", Some(key(modulus(128), "AQAB"))));
        list.push(("RSA of 2040 bits", Some(key(modulus(255), "AQAB"))));
        list.push(("RSA with the exponent 3", Some(key(modulus(256), "Aw"))));
    }
    list
}

fn set(members: &str) -> String {
    format!(r#"{{"keys":[{{{members}}}]}}"#)
}

/// Only what is asked for keys at all.
fn addresses(scheme: &Scheme) -> Vec<(&'static str, &'static str)> {
    let by_address = matches!(scheme.keys.holds, Holds::Anything | Holds::Set);
    if is_secret(scheme) || !by_address {
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
