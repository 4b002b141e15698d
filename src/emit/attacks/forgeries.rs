//! Ways to spoil a good token, and ways to write one that is just within the rules.

use super::callers::put;
use super::case::{Key, Token};
use crate::plan::Scheme;
use serde_json::json;

/// Deeper than claims may nest.
const DEEP: usize = 32;

/// What to do to a good token.
pub type Change = Box<dyn Fn(&mut Token)>;

/// A way to spoil a token: kind, name, the word the log gets (ruling 68; `None` where several fit) and the change.
pub struct Spoilt(
    pub &'static str,
    pub &'static str,
    pub Option<&'static str>,
    pub Change,
);

pub fn expire(token: &mut Token, scheme: &Scheme) {
    let ago = u64::from(scheme.leeway_seconds) + 60;
    token.claims.insert(
        "iat".into(),
        json!(format!(
            "@now-{}",
            ago + scheme.max_lifetime_seconds.min(300)
        )),
    );
    token
        .claims
        .insert("exp".into(), json!(format!("@now-{ago}")));
}

pub fn spoilt(scheme: &Scheme) -> Vec<Spoilt> {
    let leeway = u64::from(scheme.leeway_seconds);
    let lifetime = scheme.max_lifetime_seconds;
    let spoil = |kind, name, reason, change: Change| Spoilt(kind, name, Some(reason), change);
    let claim = |name: &'static str, value: serde_json::Value| -> Change {
        Box::new(move |token| drop(token.claims.insert(name.into(), value.clone())))
    };
    let without =
        |name: &'static str| -> Change { Box::new(move |token| drop(token.claims.remove(name))) };
    let header = |name: &'static str, value: serde_json::Value| -> Change {
        Box::new(move |token| drop(token.header.insert(name.into(), value.clone())))
    };
    let unsigned = |name: &'static str| -> Change {
        Box::new(move |token| {
            token.header.insert("alg".into(), json!(name));
            token.key = Key::Nothing;
        })
    };
    let old = {
        let scheme = scheme.clone();
        move |token: &mut Token| expire(token, &scheme)
    };
    let mut list = vec![
        spoil(
            "expired",
            "a minute ago, leeway included",
            "expired",
            Box::new(old),
        ),
        Spoilt("expired", "no exp", None, without("exp")),
        Spoilt(
            "expired",
            "exp is no number",
            None,
            claim("exp", json!("never")),
        ),
        Spoilt("expired", "exp is null", None, claim("exp", json!(null))),
        Spoilt("expired", "exp is negative", None, claim("exp", json!(-1))),
        spoil(
            "not-yet",
            "nbf ahead of us",
            "notYet",
            claim("nbf", json!(format!("@now+{}", leeway + 60))),
        ),
        spoil(
            "not-yet",
            "iat ahead of us",
            "notYet",
            Box::new(move |token| {
                token
                    .claims
                    .insert("iat".into(), json!(format!("@now+{}", leeway + 60)));
                token
                    .claims
                    .insert("exp".into(), json!(format!("@now+{}", leeway + 120)));
            }),
        ),
        spoil(
            "lifetime",
            "one second too long",
            "lifetime",
            claim("exp", json!(format!("@now+{}", lifetime + 1))),
        ),
        // An empty signature is malformed too; which of the two is said is left open.
        Spoilt("wrong-algorithm", "none", None, unsigned("none")),
        Spoilt("wrong-algorithm", "None", None, unsigned("None")),
        Spoilt("wrong-algorithm", "NONE", None, unsigned("NONE")),
        Spoilt("wrong-algorithm", "nothing", None, unsigned("")),
        spoil(
            "wrong-algorithm",
            "none, and signed",
            "algorithm",
            header("alg", json!("none")),
        ),
        spoil(
            "wrong-algorithm",
            "another family",
            "algorithm",
            header("alg", json!("PS512")),
        ),
        spoil(
            "wrong-signature",
            "another key",
            "signature",
            Box::new(|token| token.key = Key::Other),
        ),
        Spoilt(
            "wrong-signature",
            "no signature",
            None,
            Box::new(|token| token.key = Key::Nothing),
        ),
        Spoilt(
            "malformed-token",
            "good, and larger than the limit",
            None,
            {
                // In base64url it is as long as a token may be, and there is more than it.
                let bytes = usize::try_from(scheme.max_bytes).unwrap_or(8192) / 4 * 3;
                raw(&format!(r#""a":"{}""#, "a".repeat(bytes)))
            },
        ),
        Spoilt(
            "wrong-signature",
            "padded",
            None,
            Box::new(|token| token.tail = "==".into()),
        ),
        Spoilt(
            "malformed-token",
            "a fourth part",
            None,
            Box::new(|token| token.tail = ".e30".into()),
        ),
        spoil(
            "wrong-issuer",
            "another",
            "issuer",
            claim("iss", json!("https://issuer.attacker.example")),
        ),
        Spoilt("wrong-issuer", "none", None, without("iss")),
        spoil(
            "wrong-issuer",
            "a slash more",
            "issuer",
            Box::new(|token| {
                let issuer = token
                    .claims
                    .get("iss")
                    .and_then(|value| value.as_str())
                    .unwrap_or_default();
                token
                    .claims
                    .insert("iss".into(), json!(format!("{issuer}/")));
            }),
        ),
        Spoilt(
            "wrong-issuer",
            "a list with ours in it",
            None,
            Box::new(|token| {
                let issuer = token.claims.get("iss").cloned();
                token.claims.insert("iss".into(), json!([issuer]));
            }),
        ),
        spoil(
            "wrong-audience",
            "another",
            "audience",
            claim("aud", json!("attacker")),
        ),
        spoil(
            "wrong-audience",
            "others only",
            "audience",
            claim("aud", json!(["attacker", "someone"])),
        ),
        Spoilt("wrong-audience", "none", None, without("aud")),
        Spoilt(
            "wrong-claims",
            "no subject",
            None,
            remove(&scheme.claims.subject),
        ),
        Spoilt(
            "wrong-claims",
            "subject is a number",
            None,
            set(&scheme.claims.subject, json!(7)),
        ),
        Spoilt(
            "wrong-claims",
            "roles are a number",
            None,
            set(&scheme.claims.roles, json!(7)),
        ),
        Spoilt(
            "wrong-claims",
            "an empty subject",
            None,
            set(&scheme.claims.subject, json!("")),
        ),
        Spoilt(
            "wrong-claims",
            "nbf is negative",
            None,
            claim("nbf", json!(-1)),
        ),
        Spoilt(
            "wrong-claims",
            "a member twice",
            None,
            raw(r#""aud":"attacker""#),
        ),
        // Signed by the issuer, and still no JSON that everybody reads alike (P23).
        Spoilt(
            "wrong-claims",
            "something behind them",
            None,
            raw(r#""a":1} {"b":2"#),
        ),
        Spoilt(
            "wrong-claims",
            "a line end in a text",
            None,
            raw("\"a\":\"\n\""),
        ),
        Spoilt(
            "wrong-claims",
            "a NUL in a text",
            None,
            raw(r#""a":"\u0000""#),
        ),
        Spoilt(
            "wrong-claims",
            "a number beyond all",
            None,
            raw(r#""a":1e999"#),
        ),
        Spoilt("wrong-claims", "nested deeper than claims are", None, {
            let (open, close) = ("[".repeat(DEEP), "]".repeat(DEEP));
            raw(&format!(r#""a":{open}{close}"#))
        }),
        Spoilt(
            "wrong-claims",
            "a header member twice",
            None,
            Box::new(|token| token.more_header = r#""alg":"none""#.into()),
        ),
        spoil(
            "critical",
            "unknown extension",
            "critical",
            Box::new(|token| {
                token.header.insert("crit".into(), json!(["exp2"]));
                token.header.insert("exp2".into(), json!(1));
            }),
        ),
        Spoilt(
            "wrong-key",
            "kid with a path",
            Some("key"),
            header("kid", json!("../../../../dev/null")),
        ),
        Spoilt(
            "wrong-key",
            "kid with a quote",
            Some("key"),
            header("kid", json!("' OR '1'='1")),
        ),
    ];
    if scheme.algorithms.iter().all(|name| !name.starts_with("HS")) {
        list.push(spoil(
            "wrong-algorithm",
            "HS256 with the public key as secret",
            "algorithm",
            Box::new(|token| {
                token.header.insert("alg".into(), json!("HS256"));
                token.key = Key::PublicText;
            }),
        ));
    }
    for (name, how) in [
        ("jku", "an address of keys"),
        ("x5u", "an address of a certificate"),
    ] {
        let value = json!("https://issuer.attacker.example/keys");
        list.push(spoil("wrong-key", how, "key", header(name, value)));
    }
    for (name, how, value) in [
        (
            "jwk",
            "a key of its own",
            json!({ "kty": "oct", "k": "AAAA" }),
        ),
        ("x5c", "a certificate of its own", json!(["AAAA"])),
    ] {
        list.push(spoil("wrong-key", how, "key", header(name, value)));
    }
    for name in ["b64", "zip"] {
        let how = if name == "b64" {
            "unencoded payload"
        } else {
            "compressed"
        };
        list.push(spoil(
            "critical",
            how,
            "critical",
            header(name, json!(false)),
        ));
    }
    if scheme.access_token_profile {
        list.push(Spoilt("wrong-claims", "no iat", None, without("iat")));
        list.push(spoil(
            "wrong-type",
            "an ID token",
            "type",
            header("typ", json!("JWT")),
        ));
        list.push(Spoilt(
            "wrong-type",
            "no typ",
            None,
            Box::new(|token| drop(token.header.remove("typ"))),
        ));
    }
    list
}

/// Just within the rules.
pub fn admitted(scheme: &Scheme) -> Vec<(&'static str, &'static str, Change)> {
    let lifetime = scheme.max_lifetime_seconds;
    let mut list: Vec<(&'static str, &'static str, Change)> = vec![
        (
            "lifetime",
            "as long as it may be",
            Box::new(move |token| {
                token
                    .claims
                    .insert("exp".into(), json!(format!("@now+{lifetime}")));
            }),
        ),
        (
            "wrong-audience",
            "ours among others",
            Box::new(|token| {
                let ours = token.claims.get("aud").cloned();
                token.claims.insert("aud".into(), json!(["someone", ours]));
            }),
        ),
        (
            "wrong-role",
            "a role nobody declared is of no matter",
            set_more_role(&scheme.claims.roles),
        ),
    ];
    if scheme.access_token_profile {
        list.push((
            "wrong-type",
            "written in full",
            Box::new(|token| {
                token
                    .header
                    .insert("typ".into(), json!("application/AT+JWT"));
            }),
        ));
    }
    list
}

/// Written into the claims as it is.
pub(super) fn raw(members: &str) -> Change {
    let members = members.to_owned();
    Box::new(move |token| token.more_claims = members.clone())
}

fn set(pointer: &str, value: serde_json::Value) -> Change {
    let pointer = pointer.to_owned();
    Box::new(move |token| put(&mut token.claims, &pointer, value.clone()))
}

fn remove(pointer: &str) -> Change {
    set(pointer, json!(null))
}

/// Ruling 52: unknown names are ignored.
fn set_more_role(pointer: &str) -> Change {
    let pointer = pointer.to_owned();
    Box::new(move |token| {
        let claims = json!(token.claims);
        let mut roles = claims
            .pointer(&pointer)
            .and_then(|roles| roles.as_array().cloned())
            .unwrap_or_default();
        roles.push(json!("palisade-no-such-role"));
        put(&mut token.claims, &pointer, json!(roles));
    })
}
