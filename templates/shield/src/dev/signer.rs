//! A key that was made here, and signatures with it over whatever header and claims are given, also bad ones.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::auth::{Algorithm, DEVELOPMENT, Kind};
use crate::issue::signing::{Pair, Signing, ecdsa};
use crate::spec::Scheme;

use crate::issue::claims::quoted;

use super::{DevError, pem};

/// Signs tokens with one key of one algorithm.
pub struct Signer {
    algorithm: Algorithm,
    kid: Option<String>,
    pair: Pair,
    /// PKCS #8, or the text of the secret: as the file of development keeps it.
    saved: Zeroizing<Vec<u8>>,
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
    /// A new key for any algorithm the shield verifies (RSA: 2048 bits); its `kid` begins with `development-`.
    pub fn generate(algorithm: &str) -> Result<Self, DevError> {
        let kid = format!("{DEVELOPMENT}{}", random(9)?);
        Signer::generate_named(algorithm, &kid)
    }

    /// The same with a `kid` of the caller's choice. A secret has no `kid`.
    pub fn generate_named(algorithm: &str, kid: &str) -> Result<Self, DevError> {
        let algorithm = known(algorithm)?;
        let failed = |_| DevError(format!("no key for {} could be made", algorithm.name()));
        let random_numbers = SystemRandom::new();
        let saved = match algorithm.kind() {
            Kind::Ed25519 => Ed25519KeyPair::generate_pkcs8(&random_numbers)
                .map_err(failed)?
                .as_ref()
                .to_vec(),
            Kind::Curve(curve) => EcdsaKeyPair::generate_pkcs8(ecdsa(curve), &random_numbers)
                .map_err(failed)?
                .as_ref()
                .to_vec(),
            Kind::Rsa => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
                AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)
                    .map_err(failed)?
                    .as_ref()
                    .to_vec()
            }
            Kind::Secret(bytes) => format!("{DEVELOPMENT}{}", random(bytes)?).into_bytes(),
        };
        Signer::saved(algorithm.name(), Some(kid), saved)
    }

    /// Signs with any bytes, however short: to attack with a public key or a guessed secret. HS256 where `algorithm`
    /// takes no secret.
    pub fn with_secret(algorithm: &str, secret: &[u8]) -> Self {
        let (algorithm, hmac) = Algorithm::named(algorithm)
            .and_then(|algorithm| Some((algorithm, algorithm.hmac()?)))
            .unwrap_or((Algorithm::Hs256, hmac::HMAC_SHA256));
        Signer {
            algorithm,
            kid: None,
            pair: Pair::Shared(Box::new(hmac::Key::new(hmac, secret))),
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
        let pair = match Pair::private(algorithm, &saved) {
            Some(pair) => pair.map_err(|_| {
                DevError(format!("the saved key for {} is broken", algorithm.name()))
            })?,
            None => return Ok(Signer::with_secret(algorithm.name(), &saved)),
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
        let key = self.pair.public()?;
        let kid = self
            .kid
            .as_deref()
            .map(|kid| format!(r#","kid":{}"#, quoted(kid)))
            .unwrap_or_default();
        Some(format!(
            r#"{{{key},"use":"sig","alg":"{}"{kid}}}"#,
            self.algorithm.name()
        ))
    }

    /// The text a reference for the keys of an issued scheme would hold: the private key, or the secret.
    pub fn private_text(&self) -> String {
        match self.pair {
            Pair::Shared(_) => self.key_text(),
            _ => format!(
                "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
                STANDARD.encode(&*self.saved)
            ),
        }
    }

    /// The same key, for the service itself to sign with.
    pub(crate) fn signing(&self) -> Result<Signing, String> {
        match Pair::private(self.algorithm, &self.saved) {
            None => Signing::read(&self.key_text(), &[self.algorithm.name()]),
            Some(pair) => {
                let pair = pair.map_err(|_| "is broken".to_owned())?;
                let kid = self.kid.clone().unwrap_or_default();
                Ok(Signing::public(self.algorithm, kid, pair, &self.saved))
            }
        }
    }

    /// The public key as PEM; a secret has none.
    pub fn public_pem(&self) -> Option<String> {
        match &self.pair {
            Pair::Ed25519(pair) => Some(pem::ed25519(pair.public_key().as_ref())),
            Pair::Ec(curve, pair) => pem::ec(*curve, pair.public_key().as_ref()),
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
            .map(|kid| format!(r#","kid":{}"#, quoted(kid)))
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
        let signature = self.pair.sign(self.algorithm, message.as_bytes());
        let signature = signature.unwrap_or_default();
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
pub(super) fn random(bytes: usize) -> Result<String, DevError> {
    let mut buffer = Zeroizing::new(vec![0; bytes]);
    aws_lc_rs::rand::fill(&mut buffer)
        .map_err(|_| DevError("there are no random numbers".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(&*buffer))
}
