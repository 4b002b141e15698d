//! Forgeries at the edge of what a header, a number or a spelling can be (P5, P7, P10, P14, P21).

use super::case::{Key, Token};
use super::forgeries::{Change, Spoilt, raw};
use crate::plan::Scheme;
use serde_json::json;

/// Stands in a header for an address of this machine at which the runner listens: nobody may come there.
const AWAY: &str = "@away";

/// Stands in a header for the public key that does sign the token, and that the service does not trust.
const JWK: &str = "@jwk";

/// The name of the key that the runner gives to the service.
const KID: &str = "attacks";

pub fn spoilt(scheme: &Scheme) -> Vec<Spoilt> {
    let header = |name: &'static str, value: serde_json::Value| -> Change {
        Box::new(move |token: &mut Token| drop(token.header.insert(name.into(), value.clone())))
    };
    let exp = |written: &str| -> Change {
        let more = raw(&format!("\"exp\":{written}"));
        Box::new(move |token: &mut Token| {
            token.claims.remove("exp");
            more(token);
        })
    };
    let respelled =
        |how: &'static str| -> Change { Box::new(move |token: &mut Token| token.respelled = how) };
    let fits = usize::try_from(scheme.max_bytes).unwrap_or(8192) / 4;
    let mut list = vec![
        // Where a NUL ends a name, this is the right one.
        Spoilt(
            "wrong-key",
            "kid with a NUL",
            None,
            header("kid", json!(format!("{KID}\0.pem"))),
        ),
        Spoilt(
            "wrong-key",
            "kid of 10 kB",
            None,
            header("kid", json!("k".repeat(10_000))),
        ),
        Spoilt(
            "wrong-key",
            "kid as long as a token lets it be",
            Some("key"),
            header("kid", json!("k".repeat(fits))),
        ),
        Spoilt(
            "wrong-key",
            "kid is a list with the right one",
            None,
            header("kid", json!([KID])),
        ),
        // CVE-2026-25537: what is no time must not be a time that never comes.
        Spoilt("expired", "exp beyond all doubles", None, exp("1e400")),
        Spoilt("expired", "exp beyond all calendars", None, exp("1e30")),
        Spoilt(
            "expired",
            "exp beyond 64 bits",
            None,
            exp("18446744073709551616"),
        ),
        Spoilt(
            "expired",
            "exp is digits in a text",
            None,
            exp("\"4102444800\""),
        ),
        Spoilt("expired", "exp in a list", None, exp("[4102444800]")),
        Spoilt("wrong-signature", "a blank in it", None, respelled("blank")),
        Spoilt("wrong-signature", "a tab in it", None, respelled("tab")),
        // The other key's own name and place, beside what it did sign.
        Spoilt(
            "wrong-key",
            "the key that signed it",
            Some("key"),
            Box::new(|token: &mut Token| {
                token.header.insert("jwk".into(), json!(JWK));
                token.key = Key::Other;
            }),
        ),
    ];
    for (name, how) in [
        ("jku", "an address of keys that somebody watches"),
        ("x5u", "an address of a certificate that somebody watches"),
    ] {
        let value = json!(format!("https://{AWAY}/{name}"));
        list.push(Spoilt("wrong-key", how, Some("key"), header(name, value)));
    }
    if scheme
        .algorithms
        .first()
        .is_some_and(|name| ends_in_bits(name))
    {
        list.push(Spoilt(
            "wrong-signature",
            "trailing bits",
            None,
            respelled("bits"),
        ));
    }
    // The runner's key is for the first of them.
    for other in scheme.algorithms.iter().skip(1) {
        list.push(Spoilt(
            "wrong-algorithm",
            "an allowed one that is not the key's",
            Some("algorithm"),
            header("alg", json!(other)),
        ));
    }
    list
}

/// Whether the signatures of an algorithm do not fill their last letter, so that others can be written in its stead.
fn ends_in_bits(algorithm: &str) -> bool {
    !matches!(algorithm, "ES384" | "ES512" | "HS384")
}
