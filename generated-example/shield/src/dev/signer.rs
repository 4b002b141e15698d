//! A key that was made here, and signatures with it over whatever header and claims are given, also bad ones.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::auth::{Algorithm, DEVELOPMENT, rsa_public_key};
use crate::spec::Scheme;

use super::{DevError, pem};

/// Signs tokens with one key of one algorithm.
pub struct Signer {
    algorithm: Algorithm,
    kid: Option<String>,
    pair: Pair,
    /// PKCS #8, or the text of the secret: as the file of development keeps it.
    saved: Zeroizing<Vec<u8>>,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
    Shared(Box<hmac::Key>),
}

/// Without the key.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// A new key for `HS256`, `RS256` (2048 bits), `ES256` or `EdDSA`; its `kid` begins with `development-`.
    pub fn generate(algorithm: &str) -> Result<Self, DevError> {
        let kid = format!("{DEVELOPMENT}{}", random(9)?);
        Signer::generate_named(algorithm, &kid)
    }

    /// The same with a `kid` of the caller's choice. A secret has no `kid`.
    pub fn generate_named(algorithm: &str, kid: &str) -> Result<Self, DevError> {
        let algorithm = known(algorithm)?;
        let failed = |_| DevError(format!("no key for {} could be made", algorithm.name()));
        let random_numbers = SystemRandom::new();
        let saved = match algorithm {
            Algorithm::EdDsa => Ed25519KeyPair::generate_pkcs8(&random_numbers)
                .map_err(failed)?
                .as_ref()
                .to_vec(),
            Algorithm::Es256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random_numbers)
                    .map_err(failed)?
                    .as_ref()
                    .to_vec()
            }
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
                AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)
                    .map_err(failed)?
                    .as_ref()
                    .to_vec()
            }
            Algorithm::Hs256 => format!("{DEVELOPMENT}{}", random(32)?).into_bytes(),
        };
        Signer::saved(algorithm.name(), Some(kid), saved)
    }

    /// Signs HS256 with any bytes, however short: to attack with a public key or a guessed secret.
    pub fn with_secret(secret: &[u8]) -> Self {
        Signer {
            algorithm: Algorithm::Hs256,
            kid: None,
            pair: Pair::Shared(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret))),
            saved: Zeroizing::new(secret.to_vec()),
        }
    }

    /// A key as [`Signer::to_save`] gave it.
    pub(super) fn saved(
        algorithm: &str,
        kid: Option<&str>,
        saved: Vec<u8>,
    ) -> Result<Self, DevError> {
        let algorithm = known(algorithm)?;
        let saved = Zeroizing::new(saved);
        let broken = |_| DevError(format!("the saved key for {} is broken", algorithm.name()));
        let pair = match algorithm {
            Algorithm::EdDsa => Pair::Ed25519(Ed25519KeyPair::from_pkcs8(&saved).map_err(broken)?),
            Algorithm::Es256 => Pair::P256(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &saved)
                    .map_err(broken)?,
            ),
            Algorithm::Rs256 => Pair::Rsa(RsaKeyPair::from_pkcs8(&saved).map_err(broken)?),
            Algorithm::Hs256 => return Ok(Signer::with_secret(&saved)),
        };
        Ok(Signer {
            algorithm,
            kid: kid.map(str::to_owned),
            pair,
            saved,
        })
    }

    /// What the file of development keeps.
    pub(super) fn to_save(&self) -> (&'static str, Option<&str>, &[u8]) {
        (self.algorithm.name(), self.kid(), &self.saved)
    }

    /// JWA name.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm.name()
    }

    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The text a reference for keys would hold: a JWK set with the public key, or the secret.
    pub fn key_text(&self) -> String {
        match self.jwk() {
            Some(jwk) => format!(r#"{{"keys":[{jwk}]}}"#),
            None => String::from_utf8_lossy(&self.saved).into_owned(),
        }
    }

    /// The public key as one JWK; a secret has none.
    pub fn jwk(&self) -> Option<String> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = match &self.pair {
            Pair::Ed25519(pair) => {
                format!(
                    r#""kty":"OKP","crv":"Ed25519","x":"{}""#,
                    text(pair.public_key().as_ref())
                )
            }
            Pair::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (point.get(1..33)?, point.get(33..)?);
                format!(
                    r#""kty":"EC","crv":"P-256","x":"{}","y":"{}""#,
                    text(x),
                    text(y)
                )
            }
            Pair::Rsa(pair) => {
                let (n, e) = rsa_public_key(pair.public_key().as_ref())?;
                format!(r#""kty":"RSA","n":"{}","e":"{}""#, text(n), text(e))
            }
            Pair::Shared(_) => return None,
        };
        let kid = self
            .kid
            .as_deref()
            .map(|kid| format!(r#","kid":{}"#, super::token::quoted(kid)))
            .unwrap_or_default();
        Some(format!(
            r#"{{{key},"use":"sig","alg":"{}"{kid}}}"#,
            self.algorithm.name()
        ))
    }

    /// The public key as PEM; a secret has none.
    pub fn public_pem(&self) -> Option<String> {
        match &self.pair {
            Pair::Ed25519(pair) => Some(pem::ed25519(pair.public_key().as_ref())),
            Pair::P256(pair) => Some(pem::p256(pair.public_key().as_ref())),
            Pair::Rsa(pair) => pem::rsa(pair.public_key().as_ref()),
            Pair::Shared(_) => None,
        }
    }

    /// The header a good token of `scheme` has.
    pub fn header(&self, scheme: &Scheme) -> String {
        let typ = if scheme.access_token { "at+jwt" } else { "JWT" };
        let kid = self
            .kid
            .as_deref()
            .map(|kid| format!(r#","kid":{}"#, super::token::quoted(kid)))
            .unwrap_or_default();
        format!(
            r#"{{"alg":"{}","typ":"{typ}"{kid}}}"#,
            self.algorithm.name()
        )
    }

    /// A compact JWS over exactly these texts, whatever they say. Should signing itself fail, the signature is empty, and
    /// no verifier takes that.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let message = parts(header, claims);
        let signature = match &self.pair {
            Pair::Ed25519(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
            Pair::P256(pair) => match pair.sign(&SystemRandom::new(), message.as_bytes()) {
                Ok(signature) => signature.as_ref().to_vec(),
                Err(_) => Vec::new(),
            },
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                match pair.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    message.as_bytes(),
                    &mut signature,
                ) {
                    Ok(()) => signature,
                    Err(_) => Vec::new(),
                }
            }
            Pair::Shared(key) => hmac::sign(key, message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A token with an empty signature, as `alg: none` has it.
pub fn unsigned(header: &str, claims: &str) -> String {
    format!("{}.", parts(header, claims))
}

fn parts(header: &str, claims: &str) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    )
}

fn known(algorithm: &str) -> Result<Algorithm, DevError> {
    Algorithm::named(algorithm)
        .ok_or_else(|| DevError(format!("no keys are made for the algorithm {algorithm}")))
}

/// So many random bytes as base64url.
fn random(bytes: usize) -> Result<String, DevError> {
    let mut buffer = Zeroizing::new(vec![0; bytes]);
    aws_lc_rs::rand::fill(&mut buffer)
        .map_err(|_| DevError("there are no random numbers".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(&*buffer))
}
