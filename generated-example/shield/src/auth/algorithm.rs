//! The JWS algorithms that are verified (RFC 7518 §3, RFC 8037 §3.1, RFC 9864 §2), and the kind of key each takes.
//!
//! A key is good for one algorithm (RFC 8725 §3.1): where a key does not say for which, the document must leave no choice.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
    VerificationAlgorithm,
};

use super::curve::Curve;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    Es512,
    EdDsa,
    /// What `EdDSA` is with this curve, by its own name.
    Ed25519,
}

/// What a key must be to be used with an algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A secret of at least so many bytes: as many as the hash gives (RFC 7518 §3.2).
    Secret(usize),
    Rsa,
    Curve(Curve),
    Ed25519,
}

impl Kind {
    /// As a person would say it.
    pub const fn words(self) -> &'static str {
        match self {
            Kind::Secret(_) => "a secret",
            Kind::Rsa => "an RSA key",
            Kind::Curve(Curve::P256) => "a key of P-256",
            Kind::Curve(Curve::P384) => "a key of P-384",
            Kind::Curve(Curve::P521) => "a key of P-521",
            Kind::Ed25519 => "a key of Ed25519",
        }
    }
}

impl Algorithm {
    /// By its JWA name, which is compared exactly (P4).
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "HS256" => Algorithm::Hs256,
            "HS384" => Algorithm::Hs384,
            "HS512" => Algorithm::Hs512,
            "RS256" => Algorithm::Rs256,
            "RS384" => Algorithm::Rs384,
            "RS512" => Algorithm::Rs512,
            "PS256" => Algorithm::Ps256,
            "PS384" => Algorithm::Ps384,
            "PS512" => Algorithm::Ps512,
            "ES256" => Algorithm::Es256,
            "ES384" => Algorithm::Es384,
            "ES512" => Algorithm::Es512,
            "EdDSA" => Algorithm::EdDsa,
            "Ed25519" => Algorithm::Ed25519,
            _ => return None,
        })
    }

    /// The JWA name.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Hs256 => "HS256",
            Algorithm::Hs384 => "HS384",
            Algorithm::Hs512 => "HS512",
            Algorithm::Rs256 => "RS256",
            Algorithm::Rs384 => "RS384",
            Algorithm::Rs512 => "RS512",
            Algorithm::Ps256 => "PS256",
            Algorithm::Ps384 => "PS384",
            Algorithm::Ps512 => "PS512",
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::Es512 => "ES512",
            Algorithm::EdDsa => "EdDSA",
            Algorithm::Ed25519 => "Ed25519",
        }
    }

    pub const fn kind(self) -> Kind {
        match self {
            Algorithm::Hs256 => Kind::Secret(32),
            Algorithm::Hs384 => Kind::Secret(48),
            Algorithm::Hs512 => Kind::Secret(64),
            Algorithm::Rs256
            | Algorithm::Rs384
            | Algorithm::Rs512
            | Algorithm::Ps256
            | Algorithm::Ps384
            | Algorithm::Ps512 => Kind::Rsa,
            Algorithm::Es256 => Kind::Curve(Curve::P256),
            Algorithm::Es384 => Kind::Curve(Curve::P384),
            Algorithm::Es512 => Kind::Curve(Curve::P521),
            Algorithm::EdDsa | Algorithm::Ed25519 => Kind::Ed25519,
        }
    }

    /// `None`: it takes a public key.
    pub fn hmac(self) -> Option<hmac::Algorithm> {
        match self {
            Algorithm::Hs256 => Some(hmac::HMAC_SHA256),
            Algorithm::Hs384 => Some(hmac::HMAC_SHA384),
            Algorithm::Hs512 => Some(hmac::HMAC_SHA512),
            _ => None,
        }
    }

    /// `None`: it takes no RSA key. The salt of PSS is as long as its hash, as RFC 7518 §3.5 demands.
    pub(super) fn rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Algorithm::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
            Algorithm::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
            Algorithm::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
            Algorithm::Ps256 => Some(&RSA_PSS_2048_8192_SHA256),
            Algorithm::Ps384 => Some(&RSA_PSS_2048_8192_SHA384),
            Algorithm::Ps512 => Some(&RSA_PSS_2048_8192_SHA512),
            _ => None,
        }
    }

    /// `None`: it takes no key on a curve.
    pub(super) fn curved(self) -> Option<&'static dyn VerificationAlgorithm> {
        match self {
            Algorithm::Es256 => Some(&ECDSA_P256_SHA256_FIXED),
            Algorithm::Es384 => Some(&ECDSA_P384_SHA384_FIXED),
            Algorithm::Es512 => Some(&ECDSA_P521_SHA512_FIXED),
            Algorithm::EdDsa | Algorithm::Ed25519 => Some(&ED25519),
            _ => None,
        }
    }
}

/// Which of the document's algorithms a key is for.
pub(super) enum Purpose {
    One(Algorithm),
    /// For none of them.
    None,
    /// It fits several, and does not say which it is for.
    Several(String),
}

/// `stated` is what the key says of itself; else the document must leave no choice for its kind.
pub(super) fn purpose(kind: Kind, stated: Option<&str>, allowed: &[&str]) -> Purpose {
    let mut fitting = allowed
        .iter()
        .filter_map(|name| Algorithm::named(name))
        .filter(|algorithm| algorithm.kind() == kind)
        .filter(|algorithm| stated.is_none_or(|stated| stated == algorithm.name()));
    match (fitting.next(), fitting.next()) {
        (None, _) => Purpose::None,
        (Some(only), None) => Purpose::One(only),
        (Some(first), Some(second)) => {
            Purpose::Several(format!("{} and {}", first.name(), second.name()))
        }
    }
}
