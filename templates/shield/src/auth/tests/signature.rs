//! One spelling for each token, and one key for each signature (P5, P20 to P22).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;
use AuthReason::{Malformed, Signature, Type};

/// RFC 7518 §3.1 without `none`, RFC 8037 §3.1, RFC 9864 §2.
const ALL: &[&str] = &[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
    "ES384", "ES512", "EdDSA", "Ed25519",
];

#[test]
fn every_algorithm_signs_and_verifies() {
    for algorithms in ALL {
        let algorithms = std::slice::from_ref(algorithms);
        let bench = Bench::of(scheme(algorithms));
        assert_eq!(
            bench.with_claims(|_| {}).unwrap().subject(),
            "ann",
            "{algorithms:?}"
        );
        let foreign =
            Signer::generate_named(algorithms[0], bench.signer.kid().unwrap_or("x")).unwrap();
        let token = foreign.sign(&bench.header().to_string(), &good().to_string());
        assert_eq!(
            reason(bench.verify(&token)),
            Some(Signature),
            "{algorithms:?}: another key"
        );
    }
}

/// An issuer with more keys than headers are remembered, some of them heard before and some not.
#[test]
fn a_header_that_was_good_before_vouches_for_no_signature() {
    let signers: Vec<Signer> = (0..6).map(|_| Signer::generate("EdDSA").unwrap()).collect();
    let jwks: Vec<String> = signers
        .iter()
        .map(|signer| signer.jwk().unwrap().to_string())
        .collect();
    let set = format!(r#"{{"keys":[{}]}}"#, jwks.join(","));
    let verifier = verifier(scheme(&["EdDSA"]), &set).unwrap();
    let header = |signer: &Signer, typ: &str| {
        json!({"alg": "EdDSA", "typ": typ, "kid": signer.kid().unwrap()}).to_string()
    };
    let verify = |header: &str, by: &Signer| {
        reason(verifier.verify(by.sign(header, &good().to_string()).as_bytes(), NOW))
    };
    for _ in 0..3 {
        for (at, signer) in signers.iter().enumerate() {
            let other = &signers[(at + 1) % signers.len()];
            let named = header(signer, "at+jwt");
            assert_eq!(verify(&named, other), Some(Signature), "{at}: another key");
            assert_eq!(verify(&named, signer), None, "{at}");
            assert_eq!(verify(&named, other), Some(Signature), "{at}: afterwards");
            assert_eq!(verify(&header(signer, "JWT"), signer), Some(Type), "{at}");
        }
    }
}

#[test]
fn a_changed_bit_anywhere() {
    for algorithms in [&["HS256"][..], &["ES256"], &["EdDSA"], &["RS256"]] {
        let bench = Bench::of(scheme(algorithms));
        let token = bench.token(&bench.header(), &good());
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!()
        };
        let raised = URL_SAFE_NO_PAD.encode(good().to_string().replace("clinician", "admin"));
        assert_eq!(
            reason(bench.verify(&format!("{header}.{raised}.{signature}"))),
            Some(Signature)
        );
        let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let token = format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(
                reason(bench.verify(&token)),
                Some(Signature),
                "{algorithms:?} at {at}"
            );
        }
        for bytes in [
            &bytes[1..],
            &bytes[..bytes.len() - 1],
            &[0],
            &vec![0; bytes.len()],
            &[&*bytes, &[0]].concat(),
        ] {
            let token = format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(bytes));
            assert_eq!(
                reason(bench.verify(&token)),
                Some(Signature),
                "{algorithms:?}, {} bytes",
                bytes.len()
            );
        }
    }
}

#[test]
fn a_bad_signature_is_said_before_bad_claims() {
    let bench = Bench::new();
    let foreign = Signer::generate("EdDSA").unwrap();
    for claims in ["{}", "not json", r#"{"a":1,"a":2}"#] {
        let token = foreign.sign(&bench.header().to_string(), claims);
        assert_eq!(reason(bench.verify(&token)), Some(Signature), "{claims}");
    }
}

/// CVE-2015-9235 and its kind: the public key, which everybody knows, used as a secret.
// requirement: P5
#[test]
fn a_public_key_is_no_secret() {
    for algorithms in [&["RS256"][..], &["ES256"], &["EdDSA"]] {
        let bench = Bench::of(scheme(algorithms));
        let pem = bench.signer.public_pem().unwrap();
        let texts = [
            pem.clone(),
            pem.trim_end().to_owned(),
            bench.signer.key_text(),
            bench.signer.jwk().unwrap(),
        ];
        for text in texts {
            let confused = Signer::with_secret("HS256", text.as_bytes());
            for alg in ["HS256", algorithms[0]] {
                let mut header = bench.header();
                header["alg"] = alg.into();
                let token = confused.sign(&header.to_string(), &good().to_string());
                let expected = if alg == "HS256" {
                    AuthReason::Algorithm
                } else {
                    Signature
                };
                assert_eq!(
                    reason(bench.verify(&token)),
                    Some(expected),
                    "{algorithms:?} {alg}"
                );
            }
        }
    }
}

/// DER instead of the fixed length of RFC 7518 §3.4.
#[test]
fn an_ecdsa_signature_in_der() {
    let bench = Bench::of(scheme(&["ES256"]));
    let token = bench.token(&bench.header(), &good());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let raw = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let integer = |half: &[u8]| {
        let first = half.iter().position(|byte| *byte != 0).unwrap();
        let mut body = half[first..].to_vec();
        if body[0] >= 0x80 {
            body.insert(0, 0);
        }
        [&[2, u8::try_from(body.len()).unwrap()], &*body].concat()
    };
    let body = [integer(&raw[..32]), integer(&raw[32..])].concat();
    let der = [&[0x30, u8::try_from(body.len()).unwrap()], &*body].concat();
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(der));
    assert_eq!(reason(bench.verify(&token)), Some(Signature));
}

// requirement: P21
#[test]
fn three_parts_in_canonical_base64url() {
    let bench = Bench::new();
    let token = bench.token(&bench.header(), &good());
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    assert!(bench.verify(&token).is_ok());
    let parts = [header, claims, signature];
    let mut bad = vec![
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{header}..{signature}"),
        format!(".{claims}.{signature}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{header}.{claims}.{signature}.x.y"),
        format!("Bearer {token}"),
    ];
    for at in 0..3 {
        for (before, after) in [
            ("", "="),
            ("", "=="),
            ("", "\n"),
            (" ", ""),
            ("", " "),
            ("", "\0"),
            ("+", ""),
            ("/", ""),
            ("\t", ""),
            ("é", ""),
        ] {
            let mut changed = parts.map(str::to_owned);
            changed[at] = format!("{before}{}{after}", changed[at]);
            bad.push(changed.join("."));
        }
    }
    for token in bad {
        assert_eq!(reason(bench.verify(&token)), Some(Malformed), "{token:?}");
    }
}

// requirement: P21
#[test]
fn trailing_bits_are_zero() {
    let bench = Bench::new();
    let token = bench.token(&bench.header(), &good());
    // 64 bytes end in a letter of which four bits are unused: sixteen spellings, of which one is canonical.
    let (stem, last) = token.split_at(token.len() - 1);
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = letters.find(last).unwrap();
    assert_eq!(value % 16, 0, "what was signed is canonical");
    for bits in 1..16 {
        let respelt = format!("{stem}{}", letters.chars().nth(value + bits).unwrap());
        assert_eq!(reason(bench.verify(&respelt)), Some(Malformed), "{bits}");
    }
}

// requirement: P22
#[test]
fn json_serializations_refuse() {
    let bench = Bench::new();
    let token = bench.token(&bench.header(), &good());
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let flat = json!({"protected": header, "payload": claims, "signature": signature});
    let general =
        json!({"payload": claims, "signatures": [{"protected": header, "signature": signature}]});
    for text in [flat, general] {
        assert_eq!(reason(bench.verify(&text.to_string())), Some(Malformed));
    }
}

// requirement: P20
#[test]
fn a_token_may_be_so_long() {
    let mut short = scheme(&["EdDSA"]);
    short.max_bytes = 600;
    let bench = Bench::of(short);
    let mut claims = good();
    let fits = |claims: &Json| bench.token(&bench.header(), claims).len() <= 600;
    claims["pad"] = "".into();
    assert!(fits(&claims));
    assert!(bench.verify(&bench.token(&bench.header(), &claims)).is_ok());
    while fits(&claims) {
        claims["pad"] = format!("{}x", claims["pad"].as_str().unwrap()).into();
    }
    assert_eq!(
        reason(bench.verify(&bench.token(&bench.header(), &claims))),
        Some(Malformed)
    );
}
