//! Public keys as PEM (RFC 7468 §13), one or several. A key's name is its thumbprint (RFC 7638), since PEM has no `kid`.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::algorithm::{Purpose, purpose};
use super::der;
use super::keys::{Key, Parts};

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

/// All keys in `text`; each must be good for one of `algorithms`.
pub(super) fn keys(text: &str, algorithms: &[&str]) -> Result<Vec<Key>, String> {
    if text.contains("PRIVATE KEY-----") {
        return Err("holds a private key; the service needs the public one only".to_owned());
    }
    let mut keys: Vec<Key> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let block = rest
            .strip_prefix(BEGIN)
            .and_then(|block| block.split_once(END));
        let Some((body, after)) = block else {
            return Err(format!(
                "holds PEM that is not made of blocks `{BEGIN}` … `{END}`"
            ));
        };
        rest = after.trim_start();
        let parts = spki(body).ok_or_else(|| {
            "holds a PEM key that is no RSA, P-256, P-384, P-521 or Ed25519 public key".to_owned()
        })?;
        let algorithm = match purpose(parts.kind(), None, algorithms) {
            Purpose::One(algorithm) => algorithm,
            Purpose::None => {
                return Err(format!(
                    "holds {}; the document allows {}",
                    parts.kind().words(),
                    algorithms.join(", ")
                ));
            }
            Purpose::Several(names) => {
                return Err(format!(
                    "holds a key that could be for {names}; PEM does not say, so the document must name one"
                ));
            }
        };
        let key = Key::public(thumbprint(&parts), algorithm, &parts)?;
        if keys.iter().any(|other| other.kid == key.kid) {
            return Err("holds the same key twice".to_owned());
        }
        keys.push(key);
    }
    Ok(keys)
}

fn spki(body: &str) -> Option<Parts> {
    let mut text = body.to_owned();
    text.retain(|c| !matches!(c, '\r' | '\n'));
    der::subject_public_key_info(&STANDARD.decode(text).ok()?)
}

/// RFC 7638 §3: SHA-256 of the required members in order, without blanks.
fn thumbprint(parts: &Parts) -> Option<String> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = match parts {
        Parts::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(e), text(n)),
        Parts::Ec(curve, point) => {
            let (x, y) = curve.coordinates(point)?;
            format!(
                r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
                curve.name(),
                text(x),
                text(y)
            )
        }
        Parts::Ed25519(key) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(key)),
    };
    Some(text(
        digest::digest(&digest::SHA256, jwk.as_bytes()).as_ref(),
    ))
}
