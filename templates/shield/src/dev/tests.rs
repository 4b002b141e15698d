//! Tokens say what was asked for, where the scheme looks for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::*;
use crate::spec::{Claims, Holds, Scheme, Setting, Upkeep};

static SCHEME: Scheme = Scheme {
    name: "login",
    issuer: Setting::Literal("i"),
    audience: &[Setting::Literal("a")],
    algorithms: &["ES256"],
    keys: Setting::Env("KEYS"),
    access_token: true,
    leeway: 30,
    max_lifetime: 3_600,
    max_bytes: 8_192,
    holds: Holds::Anything,
    upkeep: Upkeep {
        refresh: 600,
        cooldown: 60,
        private: false,
    },
    claims: Claims {
        subject: "/sub",
        roles: "/realm_access/roles",
        scopes: "/scope",
        tenant: "/realm_access/https:~1~1x~0y",
        session: "/sid",
    },
};

fn parts(token: &str) -> (Json, Json) {
    let mut parts = token
        .split('.')
        .map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut next = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (next(), next())
}

#[test]
fn claims_stand_where_the_scheme_looks() {
    let minter = Minter::new(
        &SCHEME,
        "i",
        "a",
        Signer::generate_named("ES256", "k\"1").unwrap(),
    );
    let request = TokenRequest {
        subject: "a\"nn\u{1}".to_owned(),
        roles: vec!["admin".to_owned()],
        scopes: vec!["x".to_owned(), "y".to_owned()],
        tenant: Some("north".to_owned()),
        claims: vec![
            ("age".to_owned(), "7".to_owned()),
            ("a/b".to_owned(), "[true,null]".to_owned()),
            ("/deep/er".to_owned(), "{\"x\":1.50}".to_owned()),
            ("iss".to_owned(), "\"other\"".to_owned()),
        ],
        ttl: 60,
    };
    let (header, mut claims) = parts(&minter.token(&request, 1_000).unwrap());
    assert_eq!(
        header,
        json!({"alg": "ES256", "typ": "at+jwt", "kid": "k\"1"})
    );
    let members = claims.as_object_mut().unwrap();
    assert!(members.remove("jti").unwrap().as_str().unwrap().len() == 36);
    assert!(members.remove("sid").unwrap().as_str().unwrap().len() == 36);
    let expected = json!({
        "iss": "other", "sub": "a\"nn\u{1}", "aud": "a", "client_id": "development", "iat": 1_000, "exp": 1_060,
        "auth_time": 1_000,
        "realm_access": {"roles": ["admin"], "https://x~y": "north"}, "scope": "x y",
        "age": 7, "a/b": [true, null], "deep": {"er": {"x": 1.5}},
    });
    assert_eq!(claims, expected);
}

#[test]
fn claims_that_cannot_be() {
    let minter = Minter::new(&SCHEME, "i", "a", Signer::generate("ES256").unwrap());
    for (name, json) in [
        ("age", "seven"),
        ("age", "{"),
        ("/sub/x", "1"),
        ("age", "{\"a\":1,\"a\":2}"),
    ] {
        let mut request = TokenRequest::new("ann");
        request.claims.push((name.to_owned(), json.to_owned()));
        assert!(minter.token(&request, 1_000).is_err(), "{name}={json}");
    }
}

#[test]
fn whatever_is_given_is_signed() {
    let signer = Signer::generate("EdDSA").unwrap();
    let token = signer.sign("not json", "");
    assert!(token.starts_with(&format!("{}..", URL_SAFE_NO_PAD.encode("not json"))));
    assert_eq!(unsigned("{}", "{}"), "e30.e30.");
}

#[test]
fn keys_are_recognisable_and_not_shown() {
    for algorithm in ["ES256", "EdDSA"] {
        let signer = Signer::generate(algorithm).unwrap();
        assert!(signer.kid().unwrap().starts_with("development-"));
        assert!(
            signer
                .public_pem()
                .unwrap()
                .ends_with("-----END PUBLIC KEY-----\n")
        );
    }
    let secret = Signer::generate("HS256").unwrap();
    assert!(secret.key_text().starts_with("development-"));
    assert_eq!(
        (secret.kid(), secret.jwk(), secret.public_pem()),
        (None, None, None)
    );
    assert!(!format!("{secret:?}").contains(&secret.key_text()));
    assert!(Signer::generate("none").is_err());
    assert!(Signer::generate("ES256K").is_err());
}

#[test]
fn a_saved_key_is_the_same_key() {
    for algorithm in [
        "HS256", "HS512", "RS256", "PS384", "ES256", "ES512", "EdDSA",
    ] {
        let signer = Signer::generate(algorithm).unwrap();
        let (name, kid, key) = signer.to_save();
        let again = Signer::saved(name, kid, key.to_vec()).unwrap();
        assert_eq!(again.key_text(), signer.key_text(), "{algorithm}");
        assert!(
            Signer::saved(name, kid, b"rubbish".to_vec()).is_err() || algorithm.starts_with("HS")
        );
    }
}
