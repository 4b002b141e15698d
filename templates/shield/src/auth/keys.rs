//! The keys of one scheme: read once at start from the text of a reference (ruling 1), and refused when weak.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};

use crate::refusal::AuthReason;

use super::{jwk, pem, shared};

/// How `kid`s and secrets begin that were made for development; production refuses them (ruling 71).
pub(crate) const DEVELOPMENT: &str = "development-";

/// The JWS algorithms this version verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Hs256,
    Rs256,
    Es256,
    EdDsa,
}

impl Algorithm {
    /// By its JWA name, which is compared exactly (P4).
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "HS256" => Some(Algorithm::Hs256),
            "RS256" => Some(Algorithm::Rs256),
            "ES256" => Some(Algorithm::Es256),
            "EdDSA" => Some(Algorithm::EdDsa),
            _ => None,
        }
    }

    /// The JWA name.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Hs256 => "HS256",
            Algorithm::Rs256 => "RS256",
            Algorithm::Es256 => "ES256",
            Algorithm::EdDsa => "EdDSA",
        }
    }
}

/// One key, good for one algorithm only (P5).
pub(super) struct Key {
    pub kid: Option<String>,
    pub algorithm: Algorithm,
    material: Material,
}

enum Material {
    /// Boxed, as it holds more than a kilobyte of prepared state.
    Shared(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

/// The parts of a public key, before they were judged.
pub(super) enum Parts {
    /// Modulus and exponent, big-endian.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// A point of P-256, uncompressed: 0x04, x, y.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Parts {
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Parts::Rsa { .. } => Algorithm::Rs256,
            Parts::P256(_) => Algorithm::Es256,
            Parts::Ed25519(_) => Algorithm::EdDsa,
        }
    }
}

impl Key {
    /// A secret of HS256.
    pub fn shared(secret: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        Key {
            kid: None,
            algorithm: Algorithm::Hs256,
            material: Material::Shared(Box::new(key)),
        }
    }

    /// A public key; the error says what is wrong with it.
    pub fn public(kid: Option<String>, parts: &Parts) -> Result<Self, String> {
        let parsed = match parts {
            Parts::Rsa { n, e } => {
                strong_rsa(n, e)?;
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            }
            Parts::P256(point) if point.len() == 65 && point.first() == Some(&4) => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            }
            Parts::P256(_) => {
                return Err("holds an EC key that is no uncompressed point of P-256".to_owned());
            }
            Parts::Ed25519(key) if key.len() == 32 => ParsedPublicKey::new(&ED25519, key),
            Parts::Ed25519(_) => {
                return Err("holds an Ed25519 key that is not 32 bytes long".to_owned());
            }
        };
        let algorithm = parts.algorithm();
        match parsed {
            Ok(parsed) => Ok(Key {
                kid,
                algorithm,
                material: Material::Public(parsed),
            }),
            Err(_) => Err(format!(
                "holds a key for {} that is not valid",
                algorithm.name()
            )),
        }
    }

    /// Whether `signature` is this key's, over `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), AuthReason> {
        match &self.material {
            Material::Shared(key) => hmac::verify(key, message, signature),
            Material::Public(key) => key.verify_sig(message, signature),
        }
        .map_err(|_| AuthReason::Signature)
    }
}

/// 2048 to 8192 bits and an exponent that every issuer of today uses or exceeds (NIST SP 800-56B §6.2.1).
fn strong_rsa(n: &[u8], e: &[u8]) -> Result<(), String> {
    let bits = match n.first() {
        Some(0) | None => {
            return Err("holds an RSA key whose modulus is not in shortest form".to_owned());
        }
        Some(first) => n.len() * 8 - first.leading_zeros() as usize,
    };
    if bits < 2048 {
        return Err("holds an RSA key of less than 2048 bits".to_owned());
    }
    if bits > 8192 {
        return Err("holds an RSA key of more than 8192 bits".to_owned());
    }
    let exponent = match e {
        [0, ..] | [] | [_, _, _, _, _, ..] => 0,
        digits => digits
            .iter()
            .fold(0_u64, |sum, digit| (sum << 8) | u64::from(*digit)),
    };
    if exponent < 65_537
        || exponent.is_multiple_of(2)
        || n.last().is_none_or(|last| last.is_multiple_of(2))
    {
        return Err(
            "holds an RSA key with an unusable modulus or exponent (65537 is the usual exponent)"
                .to_owned(),
        );
    }
    Ok(())
}

/// All keys of one scheme; never empty.
pub(super) struct Keys(Vec<Key>);

impl Keys {
    /// Reads the text of a reference. `algorithms` are the scheme's; `production` refuses keys made for development.
    /// The error is a sentence without its subject, which is the variable, and never holds any of `text`.
    pub fn read(text: &str, algorithms: &[&str], production: bool) -> Result<Self, String> {
        let start = text.trim_start();
        let symmetric = algorithms.contains(&Algorithm::Hs256.name());
        let keys = if start.is_empty() {
            return Err("is empty".to_owned());
        } else if start.starts_with("https://") || start.starts_with("http://") {
            return Err(
                "is an address; key sets by address are not read by this version".to_owned(),
            );
        } else if start.starts_with('{') {
            if symmetric {
                return Err("holds a JWK set; HS256 takes a secret".to_owned());
            }
            jwk::set(text, algorithms)?
        } else if start.starts_with("-----BEGIN") {
            if symmetric {
                return Err("holds a PEM key; HS256 takes a secret".to_owned());
            }
            pem::keys(start, algorithms)?
        } else if symmetric {
            vec![shared::key(text, production)?]
        } else {
            return Err("holds neither a JWK set (`{…}`) nor PEM public keys (`-----BEGIN PUBLIC KEY-----`)".to_owned());
        };
        if production
            && keys.iter().any(|key| {
                key.kid
                    .as_deref()
                    .is_some_and(|kid| kid.starts_with(DEVELOPMENT))
            })
        {
            return Err(
                "holds a key made for development; production needs the issuer's own".to_owned(),
            );
        }
        Ok(Keys(keys))
    }

    /// The one key a token may have been signed with. Without `kid` there must be exactly one key (P9); an unknown `kid`
    /// is compared and nothing else, whatever it holds (P10).
    pub fn pick(&self, kid: Option<&str>) -> Result<&Key, AuthReason> {
        match (kid, self.0.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => Err(AuthReason::Key),
            (Some(kid), keys) => keys
                .iter()
                .find(|key| key.kid.as_deref() == Some(kid))
                .ok_or(AuthReason::Key),
        }
    }
}
