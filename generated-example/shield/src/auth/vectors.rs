//! For vectors that others publish: the signature of a token alone, by the keys of a JWK set. Only with feature `testing`.
//!
//! Such sets hold secrets too, which no set of a service may; everything else is what a service does.

use crate::json::Value;

use super::algorithm::{Algorithm, Kind};
use super::jws::{Jws, decode};
use super::keys::{Key, Keys};

const DEPTH: u32 = 8;

/// Whether `token` was signed with a key of `set`, each pinned to its `alg`.
///
/// # Errors
///
/// Why the set would not start a service, or the word of the event.
pub fn verify(set: &str, token: &[u8]) -> Result<(), String> {
    let parsed = Value::parse(set.as_bytes(), DEPTH).map_err(|_| "no strict JSON".to_owned())?;
    let Some(Value::Array(entries)) = parsed.get("keys") else {
        return Err("no JWK set".to_owned());
    };
    let allowed: Vec<&str> = entries
        .iter()
        .filter_map(|jwk| jwk.get("alg").and_then(Value::as_str))
        .collect();
    let secret = |jwk: &Value| jwk.get("kty").and_then(Value::as_str) == Some("oct");
    let keys = if !entries.is_empty() && entries.iter().all(secret) {
        secrets(entries)?
    } else {
        Keys::read(set, &allowed, true)?
    };
    let check = || {
        let jws = Jws::parse(token)?;
        keys.verify(&jws, &jws.header(&allowed)?)
    };
    check().map_err(|reason| reason.word().to_owned())
}

fn secrets(entries: &[Value]) -> Result<Keys, String> {
    let mut keys: Vec<Key> = Vec::new();
    for jwk in entries {
        let word = |name| jwk.get(name).and_then(Value::as_str);
        let algorithm = word("alg")
            .and_then(Algorithm::named)
            .ok_or("a secret without `alg`")?;
        let bytes = word("k")
            .and_then(|text| decode(text.as_bytes()))
            .ok_or("a secret without `k`")?;
        match algorithm.kind() {
            Kind::Secret(shortest) if bytes.len() >= shortest => {}
            _ => return Err("a secret that is too short, or not for its `alg`".to_owned()),
        }
        let mut key = Key::shared(algorithm, &bytes).ok_or("not for a secret")?;
        key.kid = word("kid").map(str::to_owned);
        if keys.iter().any(|other| other.kid == key.kid) {
            return Err("two keys with the same `kid`".to_owned());
        }
        keys.push(key);
    }
    Ok(Keys::of(keys))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::verify;
    use crate::dev::Signer;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    const HEADER: &str = r#"{"alg":"HS256","kid":"a"}"#;

    fn secret(bytes: &[u8]) -> String {
        let k = URL_SAFE_NO_PAD.encode(bytes);
        format!(r#"{{"kty":"oct","alg":"HS256","kid":"a","k":"{k}"}}"#)
    }

    fn set(keys: &[&str]) -> String {
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    #[test]
    fn a_token_of_a_key_in_the_set() {
        let signer = Signer::generate_named("ES384", "a").unwrap();
        let token = signer.sign(r#"{"alg":"ES384","kid":"a"}"#, "foo");
        assert_eq!(verify(&signer.key_text(), token.as_bytes()), Ok(()));
        let foreign = Signer::generate_named("ES384", "a").unwrap();
        let refused = verify(&foreign.key_text(), token.as_bytes());
        assert_eq!(refused.unwrap_err(), "signature");
    }

    #[test]
    fn secrets_are_as_strict_as_those_of_a_service() {
        let bytes = [7; 32];
        let token = Signer::with_secret("HS256", &bytes).sign(HEADER, "foo");
        let verify = |keys: &[&str]| verify(&set(keys), token.as_bytes());
        let good = secret(&bytes);
        assert_eq!(verify(&[&good]), Ok(()));
        assert!(verify(&[&secret(&[7; 31])]).is_err());
        assert!(verify(&[&good, &good]).is_err(), "one `kid` twice");
        let public = Signer::generate_named("EdDSA", "b").unwrap().jwk().unwrap();
        assert!(verify(&[&good, &public]).is_err(), "a mixed set");
    }
}
