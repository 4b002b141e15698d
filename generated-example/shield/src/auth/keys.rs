//! The keys of one scheme: read once at start from the text of a reference (ruling 1), and refused when weak.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents};

use crate::refusal::AuthReason;

use super::algorithm::{Algorithm, Kind};
use super::curve::Curve;
use super::jws::{Header, Jws};
use super::known::Known;
use super::{jwk, pem, rsa, shared};

/// How `kid`s and secrets begin that were made for development; production refuses them (ruling 71).
pub(crate) const DEVELOPMENT: &str = "development-";

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
    Ec(Curve, Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Parts {
    pub fn kind(&self) -> Kind {
        match self {
            Parts::Rsa { .. } => Kind::Rsa,
            Parts::Ec(curve, _) => Kind::Curve(*curve),
            Parts::Ed25519(_) => Kind::Ed25519,
        }
    }
}

impl Key {
    /// A secret; `None` for an algorithm that takes none.
    pub fn shared(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        let key = hmac::Key::new(algorithm.hmac()?, secret);
        Some(Key {
            kid: None,
            algorithm,
            material: Material::Shared(Box::new(key)),
        })
    }

    /// A public key for `algorithm`; the error says what is wrong with it.
    pub fn public(
        kid: Option<String>,
        algorithm: Algorithm,
        parts: &Parts,
    ) -> Result<Self, String> {
        let unfit = || {
            format!(
                "holds a key of a kind that {} does not take",
                algorithm.name()
            )
        };
        let parsed = match parts {
            Parts::Rsa { n, e } => {
                rsa::strong(n, e)?;
                let parameters = algorithm.rsa().ok_or_else(unfit)?;
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(parameters)
            }
            Parts::Ec(curve, point) if curve.has_form(point) => {
                ParsedPublicKey::new(algorithm.curved().ok_or_else(unfit)?, point)
            }
            Parts::Ec(curve, _) => {
                return Err(format!(
                    "holds an EC key that is no uncompressed point of {}",
                    curve.name()
                ));
            }
            Parts::Ed25519(key) if key.len() == 32 => {
                ParsedPublicKey::new(algorithm.curved().ok_or_else(unfit)?, key)
            }
            Parts::Ed25519(_) => {
                return Err("holds an Ed25519 key that is not 32 bytes long".to_owned());
            }
        };
        let parsed = parsed
            .map_err(|_| format!("holds a key for {} that is not valid", algorithm.name()))?;
        Ok(Key {
            kid,
            algorithm,
            material: Material::Public(parsed),
        })
    }

    /// Whether `signature` is this key's, over `message`.
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), AuthReason> {
        match &self.material {
            Material::Shared(key) => hmac::verify(key, message, signature),
            Material::Public(key) => key.verify_sig(message, signature),
        }
        .map_err(|_| AuthReason::Signature)
    }
}

/// All keys of one scheme; never empty.
pub(super) struct Keys {
    all: Vec<Key>,
    /// Goes with the keys, when they are replaced.
    known: Known,
}

impl Keys {
    /// Reads the text of a reference. `algorithms` are the scheme's; `production` refuses keys made for development.
    /// The error is a sentence without its subject, which is the variable, and never holds any of `text`.
    pub fn read(text: &str, algorithms: &[&str], production: bool) -> Result<Self, String> {
        let start = text.trim_start();
        let secrets: Vec<Algorithm> = algorithms
            .iter()
            .filter_map(|name| Algorithm::named(name))
            .filter(|algorithm| algorithm.hmac().is_some())
            .collect();
        let keys = if start.is_empty() {
            return Err("is empty".to_owned());
        } else if start.starts_with('{') {
            if let Some(algorithm) = secrets.first() {
                return Err(format!(
                    "holds a JWK set; {} takes a secret",
                    algorithm.name()
                ));
            }
            jwk::set(text, algorithms)?
        } else if start.starts_with("-----BEGIN") {
            if let Some(algorithm) = secrets.first() {
                return Err(format!(
                    "holds a PEM key; {} takes a secret",
                    algorithm.name()
                ));
            }
            pem::keys(start, algorithms)?
        } else if let [algorithm] = *secrets {
            vec![shared::key(text, algorithm, production)?]
        } else if !secrets.is_empty() {
            return Err(
                "is one secret for several algorithms; the document must name one".to_owned(),
            );
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
        Ok(Keys::of(keys))
    }

    /// Keys that were judged elsewhere.
    pub fn of(keys: Vec<Key>) -> Self {
        Keys {
            all: keys,
            known: Known::default(),
        }
    }

    /// Whether one of the keys signed the token, with the algorithm it is for (P5). Then its header is known, so it must have
    /// been judged before.
    pub fn verify(&self, jws: &Jws<'_>, header: &Header<'_>) -> Result<(), AuthReason> {
        let at = self.pick(header.kid.as_deref())?;
        let key = self.all.get(at).ok_or(AuthReason::Key)?;
        // guard: token-key-algorithm
        if key.algorithm != header.algorithm {
            return Err(AuthReason::Algorithm);
        }
        key.verify(jws.signed, jws.signature())?;
        self.known.learn(jws.header_text(), at);
        Ok(())
    }

    /// Whether the key signed the token that others with the same header were signed with. `None`: there were none.
    pub fn verify_known(&self, jws: &Jws<'_>) -> Option<Result<(), AuthReason>> {
        let key = self.all.get(self.known.key(jws.header_text())?)?;
        Some(key.verify(jws.signed, jws.signature()))
    }

    /// The place of the one key a token may have been signed with. Without `kid` there must be exactly one key (P9); an
    /// unknown `kid` is compared and nothing else, whatever it holds (P10).
    pub fn pick(&self, kid: Option<&str>) -> Result<usize, AuthReason> {
        match (kid, self.all.as_slice()) {
            (None, [_]) => Ok(0),
            (None, _) => Err(AuthReason::Key),
            (Some(kid), keys) => keys
                .iter()
                .position(|key| key.kid.as_deref() == Some(kid))
                .ok_or(AuthReason::Key),
        }
    }
}
