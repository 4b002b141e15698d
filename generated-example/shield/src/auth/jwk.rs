//! JWK sets (RFC 7517, 7518 §6, 8037), read strictly.
//!
//! What is private or weak anywhere in the set refuses to start (ruling 59, P24). What is merely meant for something else,
//! such as encryption or another curve, is skipped, as sets of real issuers hold such keys; a set with nothing left refuses.

use std::borrow::Cow;

use crate::json::Value;

use super::algorithm::{Kind, Purpose, purpose};
use super::curve::Curve;
use super::jws::decode;
use super::keys::{Key, Parts};

const DEPTH: u32 = 8;

/// Members that only private and symmetric keys have.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

type Members<'t> = [(Cow<'t, str>, Value<'t>)];

/// The keys of the set that can verify one of `algorithms`.
pub(super) fn set(text: &str, algorithms: &[&str]) -> Result<Vec<Key>, String> {
    let set = Value::parse(text.trim().as_bytes(), DEPTH)
        .map_err(|_| "holds a JWK set that is not strict JSON".to_owned())?;
    let Value::Object(members) = &set else {
        return Err("holds no JWK set".to_owned());
    };
    let Some(Value::Array(entries)) = member(members, "keys") else {
        return Err("holds no JWK set: the member `keys` with a list is missing".to_owned());
    };
    // First all of them: a private key is refused even if it stands behind a fault in another key.
    for entry in entries {
        let Value::Object(jwk) = entry else {
            return Err("holds a JWK set with an entry that is no object".to_owned());
        };
        if PRIVATE.iter().any(|name| member(jwk, name).is_some())
            || word(jwk, "kty")? == Some("oct")
        {
            return Err(
                "holds a private or symmetric key; a JWK set must hold public keys only".to_owned(),
            );
        }
    }
    let mut keys: Vec<Key> = Vec::new();
    for entry in entries {
        let Value::Object(jwk) = entry else { continue };
        let Some(key) = usable(jwk, algorithms)? else {
            continue;
        };
        if key.kid.is_some() && keys.iter().any(|other| other.kid == key.kid) {
            return Err("holds two keys with the same `kid`".to_owned());
        }
        keys.push(key);
    }
    if keys.is_empty() {
        return Err(format!(
            "holds no key that can verify {}",
            algorithms.join(", ")
        ));
    }
    Ok(keys)
}

/// `None`: the key is for something else.
fn usable(jwk: &Members<'_>, algorithms: &[&str]) -> Result<Option<Key>, String> {
    let kty = word(jwk, "kty")?.ok_or_else(|| "holds a key without `kty`".to_owned())?;
    if word(jwk, "use")?.is_some_and(|used| used != "sig") || !may_verify(jwk)? {
        return Ok(None);
    }
    let kind = match (kty, word(jwk, "crv")?) {
        ("RSA", _) => Kind::Rsa,
        ("EC", Some(crv)) => match Curve::ALL.into_iter().find(|curve| curve.name() == crv) {
            Some(curve) => Kind::Curve(curve),
            None => return Ok(None),
        },
        ("OKP", Some("Ed25519")) => Kind::Ed25519,
        _ => return Ok(None),
    };
    let algorithm = match purpose(kind, word(jwk, "alg")?, algorithms) {
        Purpose::One(algorithm) => algorithm,
        Purpose::None => return Ok(None),
        Purpose::Several(names) => {
            return Err(format!(
                "holds a key without `alg` that could be for {names}; let the key or the document name one"
            ));
        }
    };
    let parts = match kind {
        Kind::Rsa => Parts::Rsa {
            n: bytes(jwk, "n")?,
            e: bytes(jwk, "e")?,
        },
        Kind::Curve(curve) => {
            let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
            if x.len() != curve.width() || y.len() != curve.width() {
                return Err(format!(
                    "holds an EC key whose coordinates are not {} bytes long",
                    curve.width()
                ));
            }
            Parts::Ec(curve, [&[4], &*x, &*y].concat())
        }
        Kind::Ed25519 => Parts::Ed25519(bytes(jwk, "x")?),
        Kind::Secret(_) => return Ok(None),
    };
    let kid = word(jwk, "kid")?.map(str::to_owned);
    Key::public(kid, algorithm, &parts).map(Some)
}

/// RFC 7517 §4.3: with `key_ops`, verifying must be among them.
fn may_verify(jwk: &Members<'_>) -> Result<bool, String> {
    match member(jwk, "key_ops") {
        None => Ok(true),
        Some(Value::Array(operations)) => Ok(operations
            .iter()
            .any(|operation| matches!(operation, Value::String(name) if name == "verify"))),
        Some(_) => Err("holds a key whose `key_ops` is no list".to_owned()),
    }
}

fn member<'a, 't>(members: &'a Members<'t>, name: &str) -> Option<&'a Value<'t>> {
    members
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

/// A member that must be a string when it is there.
fn word<'a>(jwk: &'a Members<'_>, name: &str) -> Result<Option<&'a str>, String> {
    match member(jwk, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("holds a key whose `{name}` is no string")),
    }
}

fn bytes(jwk: &Members<'_>, name: &str) -> Result<Vec<u8>, String> {
    word(jwk, name)?
        .and_then(|text| decode(text.as_bytes()))
        .ok_or_else(|| format!("holds a key whose `{name}` is missing or no base64url"))
}
