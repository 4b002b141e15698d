//! When a token is good (P14, P15, P16).

use serde_json::json;

use super::*;
use AuthReason::{Expired, Lifetime, Malformed, NotYet};

fn without(bench: &Bench, name: &str) -> Result<Identity, AuthReason> {
    bench.with_claims(|c| _ = c.as_object_mut().unwrap().remove(name))
}

/// Claims in which the value of `name` is this JSON text, whatever a library would make of it.
fn with_lexeme(bench: &Bench, name: &str, lexeme: &str) -> Result<Identity, AuthReason> {
    let mut claims = good();
    claims[name] = "HERE".into();
    bench.with_texts(
        &bench.header().to_string(),
        &claims.to_string().replace("\"HERE\"", lexeme),
    )
}

// requirement: P14
#[test]
fn exp_is_a_number_that_a_clock_can_show() {
    let bench = Bench::new();
    for lexeme in [
        "\"never\"",
        "\"1800000600\"",
        "null",
        "true",
        "[1800000600]",
        "{}",
        "-1",
        "-0",
        "-1800000600",
        "1e400",
        "1e300",
        "18446744073709551615",
        "18446744073709551616",
        "253402300800",
        "9e18",
    ] {
        assert_eq!(
            reason(with_lexeme(&bench, "exp", lexeme)),
            Some(Malformed),
            "{lexeme}"
        );
    }
    assert_eq!(reason(without(&bench, "exp")), Some(Malformed));
    assert_eq!(
        reason(with_lexeme(&bench, "exp", "253402300799")),
        Some(Lifetime)
    );
    assert_eq!(reason(with_lexeme(&bench, "exp", "0")), Some(Expired));
}

#[test]
fn fractions_are_cut_off() {
    let bench = Bench::new();
    for lexeme in ["1800000600.9", "18000006e2", "1.8000006e9"] {
        assert_eq!(
            with_lexeme(&bench, "exp", lexeme).unwrap().expires(),
            NOW + 600,
            "{lexeme}"
        );
    }
}

// requirement: P14
#[test]
fn exp_with_leeway_to_the_second() {
    let bench = Bench::new();
    for (ago, expected) in [
        (0, None),
        (29, None),
        (30, Some(Expired)),
        (31, Some(Expired)),
        (900_000, Some(Expired)),
    ] {
        let verified = bench.with_claims(|c| {
            c["iat"] = (NOW - ago - 100).into();
            c["exp"] = (NOW - ago).into();
        });
        assert_eq!(reason(verified), expected, "{ago}");
    }
}

// requirement: P15
#[test]
fn nbf_and_iat_with_leeway_to_the_second() {
    let bench = Bench::new();
    for name in ["nbf", "iat"] {
        for (ahead, expected) in [
            (0, None),
            (30, None),
            (31, Some(NotYet)),
            (500, Some(NotYet)),
        ] {
            assert_eq!(
                reason(bench.with_claims(|c| c[name] = (NOW + ahead).into())),
                expected,
                "{name} {ahead}"
            );
        }
        for wrong in [json!("1800000000"), json!(null), json!(-5), json!([NOW])] {
            assert_eq!(
                reason(bench.with_claims(|c| c[name] = wrong.clone())),
                Some(Malformed),
                "{name} {wrong}"
            );
        }
    }
    assert!(without(&bench, "nbf").is_ok());
}

// requirement: P16
#[test]
fn a_life_longer_than_declared() {
    let bench = Bench::new();
    for (issued, expires, expected) in [
        (NOW, NOW + 3_600, None),
        (NOW, NOW + 3_601, Some(Lifetime)),
        (NOW - 3_000, NOW + 600, None),
        (NOW - 3_001, NOW + 600, Some(Lifetime)),
        (0, NOW + 600, Some(Lifetime)),
        (NOW + 20, NOW + 10, Some(Lifetime)),
    ] {
        let verified = bench.with_claims(|c| {
            c["iat"] = issued.into();
            c["exp"] = expires.into();
        });
        assert_eq!(reason(verified), expected, "{issued} {expires}");
    }
}

#[test]
fn iat_is_needed_of_access_tokens_only() {
    assert_eq!(reason(without(&Bench::new(), "iat")), Some(Malformed));
    let mut plain = scheme(&["EdDSA"]);
    plain.access_token = false;
    let bench = Bench::of(plain);
    for (ahead, expected) in [(600, None), (3_600, None), (3_601, Some(Lifetime))] {
        let verified = bench.with_claims(|c| {
            c.as_object_mut().unwrap().remove("iat");
            c["exp"] = (NOW + ahead).into();
        });
        assert_eq!(reason(verified), expected, "{ahead}");
    }
}
