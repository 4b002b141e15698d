//! What the header may say (P4, P5, P7 to P11, P23).

use serde_json::json;

use super::*;
use AuthReason::{Algorithm, Critical, Duplicate, Key, Malformed, Type};

// requirement: P4
#[test]
fn no_algorithm_is_none() {
    let bench = Bench::new();
    for name in ["none", "None", "NONE", "nOnE", ""] {
        let header = json!({"alg": name, "typ": "at+jwt"}).to_string();
        let unsigned = crate::dev::unsigned(&header, &good().to_string());
        assert_eq!(
            reason(bench.verify(&unsigned)),
            Some(Malformed),
            "{name}: an empty signature"
        );
        assert_eq!(
            reason(bench.verify(&format!("{unsigned}AAAA"))),
            Some(Algorithm),
            "{name}"
        );
        assert_eq!(
            reason(bench.with_header(|h| h["alg"] = name.into())),
            Some(Algorithm),
            "{name}: signed"
        );
    }
}

// requirement: P5
#[test]
fn an_algorithm_outside_the_list() {
    let bench = Bench::new();
    for alg in [
        json!("ES256"),
        json!("RS256"),
        json!("HS256"),
        json!("EDDSA"),
        json!("eddsa"),
        json!("Ed25519"),
        json!(["EdDSA"]),
        json!(null),
        json!(1),
        json!("EdDSA "),
    ] {
        assert_eq!(
            reason(bench.with_header(|h| h["alg"] = alg.clone())),
            Some(Algorithm),
            "{alg}"
        );
    }
    assert_eq!(
        reason(bench.with_header(|h| _ = h.as_object_mut().unwrap().remove("alg"))),
        Some(Algorithm)
    );
}

// requirement: P5
#[test]
fn an_algorithm_of_the_list_but_not_of_the_key() {
    let ed = Signer::generate("EdDSA").unwrap();
    let ec = Signer::generate("ES256").unwrap();
    let set = format!(
        r#"{{"keys":[{},{}]}}"#,
        ed.jwk().unwrap(),
        ec.jwk().unwrap()
    );
    let verifier = verifier(scheme(&["EdDSA", "ES256"]), &set).unwrap();
    let claims = good().to_string();
    for (signer, other) in [(&ed, &ec), (&ec, &ed)] {
        let header = |alg: &str, kid: Option<&str>| {
            json!({"alg": alg, "typ": "at+jwt", "kid": kid.unwrap()}).to_string()
        };
        let own = signer.sign(&header(signer.algorithm(), signer.kid()), &claims);
        assert!(verifier.verify(own.as_bytes(), NOW).is_ok());
        let others = signer.sign(&header(signer.algorithm(), other.kid()), &claims);
        assert_eq!(
            reason(verifier.verify(others.as_bytes(), NOW)),
            Some(Algorithm)
        );
    }
}

// requirement: P7
#[test]
fn keys_in_the_header_are_not_used() {
    let bench = Bench::new();
    let attacker = Signer::generate("EdDSA").unwrap();
    let jwk: Json = serde_json::from_str(&attacker.jwk().unwrap()).unwrap();
    for (name, value) in [
        ("jwk", jwk),
        ("jku", json!("https://evil.example.com/keys")),
        ("x5u", json!("https://evil.example.com/cert")),
        ("x5c", json!(["MIIB"])),
    ] {
        assert_eq!(
            reason(bench.with_header(|h| h[name] = value.clone())),
            Some(Key),
            "{name}, signed well"
        );
        let mut header = bench.header();
        header[name] = value;
        let forged = attacker.sign(&header.to_string(), &good().to_string());
        assert_eq!(reason(bench.verify(&forged)), Some(Key), "{name}, forged");
    }
}

// requirement: P8
#[test]
fn nothing_critical_is_understood() {
    let bench = Bench::new();
    for crit in [
        json!(["exp"]),
        json!(["exp2"]),
        json!([]),
        json!(null),
        json!("b64"),
    ] {
        assert_eq!(
            reason(bench.with_header(|h| h["crit"] = crit.clone())),
            Some(Critical),
            "{crit}"
        );
    }
    assert_eq!(
        reason(bench.with_header(|h| h["b64"] = false.into())),
        Some(Critical)
    );
    assert_eq!(
        reason(bench.with_header(|h| h["b64"] = true.into())),
        Some(Critical)
    );
    assert_eq!(
        reason(bench.with_header(|h| h["zip"] = "DEF".into())),
        Some(Critical)
    );
    assert!(
        bench.with_header(|h| h["x5t"] = "AAAA".into()).is_ok(),
        "a hint only"
    );
}

// requirement: P9, P10
#[test]
fn kid_names_a_key_and_nothing_else() {
    let bench = Bench::new();
    let long = "k".repeat(5_000);
    for kid in [
        "unknown",
        "",
        "../../etc/passwd",
        "' OR 1=1 --",
        "/dev/null",
        "development-",
        &long,
    ] {
        assert_eq!(
            reason(bench.with_header(|h| h["kid"] = kid.into())),
            Some(Key),
            "{kid}"
        );
    }
    let over = "k".repeat(10_240);
    assert_eq!(
        reason(bench.with_header(|h| h["kid"] = over.into())),
        Some(Malformed),
        "too long a token"
    );
    assert_eq!(
        reason(bench.with_header(|h| h["kid"] = "a\0b".into())),
        Some(Malformed),
        "NUL is no JSON of ours"
    );
    for kid in [json!(1), json!(null), json!(["x"]), json!({})] {
        assert_eq!(
            reason(bench.with_header(|h| h["kid"] = kid.clone())),
            Some(Key),
            "{kid}"
        );
    }
}

// requirement: P9
#[test]
fn without_kid_only_one_key_will_do() {
    let one = Bench::new();
    assert!(
        one.with_header(|h| _ = h.as_object_mut().unwrap().remove("kid"))
            .is_ok()
    );
    let other = Signer::generate("EdDSA").unwrap();
    let set = format!(
        r#"{{"keys":[{},{}]}}"#,
        one.signer.jwk().unwrap(),
        other.jwk().unwrap()
    );
    let two = Bench {
        verifier: verifier(scheme(&["EdDSA"]), &set).unwrap(),
        signer: one.signer,
    };
    assert!(two.with_header(|_| {}).is_ok());
    assert_eq!(
        reason(two.with_header(|h| _ = h.as_object_mut().unwrap().remove("kid"))),
        Some(Key)
    );
}

// requirement: P25
#[test]
fn old_and_new_key_while_the_set_holds_both() {
    let (old, new) = (
        Signer::generate("ES256").unwrap(),
        Signer::generate("ES256").unwrap(),
    );
    let set = |keys: &[&Signer]| {
        format!(
            r#"{{"keys":[{}]}}"#,
            keys.iter()
                .map(|key| key.jwk().unwrap())
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    let token =
        |signer: &Signer| signer.sign(&signer.header(&scheme(&["ES256"])), &good().to_string());
    let both = verifier(scheme(&["ES256"]), &set(&[&old, &new])).unwrap();
    assert!(both.verify(token(&old).as_bytes(), NOW).is_ok());
    assert!(both.verify(token(&new).as_bytes(), NOW).is_ok());
    let after = verifier(scheme(&["ES256"]), &set(&[&new])).unwrap();
    assert_eq!(reason(after.verify(token(&old).as_bytes(), NOW)), Some(Key));
}

// requirement: P11
#[test]
fn typ_of_access_tokens() {
    let bench = Bench::new();
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/At+Jwt",
    ] {
        assert!(
            bench.with_header(|h| h["typ"] = typ.into()).is_ok(),
            "{typ}"
        );
    }
    for typ in [
        json!("JWT"),
        json!("jwt"),
        json!("at+jwt "),
        json!("at"),
        json!("application/jwt"),
        json!(""),
        json!(null),
        json!(["at+jwt"]),
        json!("text/at+jwt"),
        json!("dpop+jwt"),
    ] {
        assert_eq!(
            reason(bench.with_header(|h| h["typ"] = typ.clone())),
            Some(Type),
            "{typ}"
        );
    }
    assert_eq!(
        reason(bench.with_header(|h| _ = h.as_object_mut().unwrap().remove("typ"))),
        Some(Type)
    );
}

#[test]
fn typ_is_not_looked_at_otherwise() {
    let mut plain = scheme(&["EdDSA"]);
    plain.access_token = false;
    let bench = Bench::of(plain);
    assert!(bench.with_header(|h| h["typ"] = "JWT".into()).is_ok());
    assert!(
        bench
            .with_header(|h| _ = h.as_object_mut().unwrap().remove("typ"))
            .is_ok()
    );
}

// requirement: P23
#[test]
fn the_header_is_one_strict_object() {
    let bench = Bench::new();
    let claims = good().to_string();
    let header = bench.header().to_string();
    let open = header.strip_suffix('}').unwrap();
    for more in [
        r#""alg":"EdDSA""#,
        r#""alg":"none""#,
        r#""x":1,"x":1"#,
        r#""x":{"y":1,"y":1}"#,
        r#""\u0061lg":"none""#,
    ] {
        assert_eq!(
            reason(bench.with_texts(&format!("{open},{more}}}"), &claims)),
            Some(Duplicate),
            "{more}"
        );
    }
    for text in [
        "[]",
        "null",
        "{",
        "\"EdDSA\"",
        &format!("{header}{header}"),
        &format!("\u{feff}{header}"),
        &format!("{open},\"x\":[[[[[[1]]]]]]}}"),
    ] {
        assert_eq!(
            reason(bench.with_texts(text, &claims)),
            Some(Malformed),
            "{text}"
        );
    }
}
