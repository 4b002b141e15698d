//! The key that signs tokens: a secret, or a private key as PKCS #8.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::auth::{Algorithm, Curve, Kind, rsa_public_key};

use super::claims::quoted;

/// What signs, by the kind of the algorithm.
pub(crate) enum Pair {
    Ed25519(Ed25519KeyPair),
    Ec(Curve, EcdsaKeyPair),
    Rsa(RsaKeyPair),
    Shared(Box<hmac::Key>),
}

impl Pair {
    /// From PKCS #8; `None` for an algorithm that takes a secret.
    pub(crate) fn private(algorithm: Algorithm, der: &[u8]) -> Option<Result<Self, KeyRejected>> {
        Some(match algorithm.kind() {
            Kind::Ed25519 => Ed25519KeyPair::from_pkcs8(der).map(Pair::Ed25519),
            Kind::Curve(curve) => {
                EcdsaKeyPair::from_pkcs8(ecdsa(curve), der).map(|pair| Pair::Ec(curve, pair))
            }
            Kind::Rsa => RsaKeyPair::from_pkcs8(der).map(Pair::Rsa),
            Kind::Secret(_) => return None,
        })
    }

    /// From any bytes; `None` for an algorithm that takes no secret.
    pub(crate) fn shared(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        let key = hmac::Key::new(algorithm.hmac()?, secret);
        Some(Pair::Shared(Box::new(key)))
    }

    pub(crate) fn sign(
        &self,
        algorithm: Algorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        Ok(match self {
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Ec(_, pair) => pair.sign(&random, message)?.as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(rsa(algorithm), &random, message, &mut signature)?;
                signature
            }
            Pair::Shared(key) => hmac::sign(key, message).as_ref().to_vec(),
        })
    }

    /// The members of the public key as a JWK, without its name; a secret has none.
    pub(crate) fn public(&self) -> Option<String> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Some(match &self {
            Pair::Ed25519(pair) => {
                let x = text(pair.public_key().as_ref());
                format!(r#""kty":"OKP","crv":"Ed25519","x":"{x}""#)
            }
            Pair::Ec(curve, pair) => {
                let (x, y) = curve.coordinates(pair.public_key().as_ref())?;
                let name = curve.name();
                format!(
                    r#""kty":"EC","crv":"{name}","x":"{}","y":"{}""#,
                    text(x),
                    text(y)
                )
            }
            Pair::Rsa(pair) => {
                let (n, e) = rsa_public_key(pair.public_key().as_ref())?;
                format!(r#""kty":"RSA","n":"{}","e":"{}""#, text(n), text(e))
            }
            Pair::Shared(_) => return None,
        })
    }
}

pub(crate) fn ecdsa(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
    }
}

fn rsa(algorithm: Algorithm) -> &'static dyn RsaEncoding {
    match algorithm {
        Algorithm::Rs384 => &RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &RSA_PSS_SHA256,
        Algorithm::Ps384 => &RSA_PSS_SHA384,
        Algorithm::Ps512 => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}

/// The service's own key, ready to sign.
pub(crate) struct Signing {
    algorithm: Algorithm,
    kid: Option<String>,
    pair: Pair,
    /// Text of a reference for keys that verify what this signs: a JWK set, or the secret.
    verifies: Zeroizing<String>,
    /// For what is derived from the key and from nothing else.
    material: hmac::Key,
}

impl Signing {
    /// From the text of a reference. The error is a sentence without its subject, and holds none of the text.
    pub(crate) fn read(text: &str, algorithms: &[&str]) -> Result<Self, String> {
        let known = algorithms.iter().filter_map(|name| Algorithm::named(name));
        let known: Vec<Algorithm> = known.collect();
        if let [algorithm] = *known
            && let Kind::Secret(_) = algorithm.kind()
        {
            // Whether it is long enough and no placeholder is judged where it is made to verify.
            let bytes = secret(text)?;
            let pair = Pair::shared(algorithm, &bytes).ok_or("is no secret")?;
            return Ok(Signing::of(algorithm, None, pair, &bytes, text.to_owned()));
        }
        let der = private(text).ok_or(
            "must hold one private key as PEM (`-----BEGIN PRIVATE KEY-----`, PKCS #8), or with HS algorithms a secret",
        )?;
        let mut fitting = known.into_iter().filter_map(|algorithm| {
            let pair = Pair::private(algorithm, &der)?.ok()?;
            Some((algorithm, pair))
        });
        let (algorithm, pair) = fitting
            .next()
            .ok_or_else(|| format!("holds no private key for {}", algorithms.join(" or ")))?;
        let public = pair.public().ok_or("holds a key without a public one")?;
        let name = URL_SAFE_NO_PAD.encode(digest(&SHA256, public.as_bytes()));
        let kid = name.get(..16).unwrap_or_default().to_owned();
        Ok(Signing::public(algorithm, kid, pair, &der))
    }

    /// A key that has a name already.
    pub(crate) fn public(algorithm: Algorithm, kid: String, pair: Pair, der: &[u8]) -> Self {
        let public = pair.public().unwrap_or_default();
        let verifies = format!(
            r#"{{"keys":[{{{public},"use":"sig","alg":"{}","kid":{}}}]}}"#,
            algorithm.name(),
            quoted(&kid)
        );
        Signing::of(algorithm, Some(kid), pair, der, verifies)
    }

    fn of(
        algorithm: Algorithm,
        kid: Option<String>,
        pair: Pair,
        material: &[u8],
        verifies: String,
    ) -> Self {
        Signing {
            algorithm,
            kid,
            pair,
            verifies: Zeroizing::new(verifies),
            material: hmac::Key::new(hmac::HMAC_SHA256, material),
        }
    }

    pub(crate) fn verifies(&self) -> &str {
        &self.verifies
    }

    /// 32 bytes that only the holder of the key can compute.
    pub(crate) fn derive(&self, purpose: &[u8], from: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.material);
        context.update(purpose);
        context.update(&[0]);
        context.update(from);
        context.sign().as_ref().to_vec()
    }

    /// An access token (RFC 9068) that says `claims`.
    pub(crate) fn access_token(&self, claims: &str) -> Result<String, Unspecified> {
        let kid = self.kid.as_deref();
        let kid = kid.map(|kid| format!(r#","kid":{}"#, quoted(kid)));
        let header = format!(
            r#"{{"alg":"{}","typ":"at+jwt"{}}}"#,
            self.algorithm.name(),
            kid.unwrap_or_default()
        );
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = self.pair.sign(self.algorithm, message.as_bytes())?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// The bytes of a secret (ruling 2).
fn secret(text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    match text.strip_prefix("base64:") {
        None => Ok(text.as_bytes().to_vec()),
        Some(encoded) => STANDARD
            .decode(encoded)
            .or_else(|_| URL_SAFE_NO_PAD.decode(encoded))
            .map_err(|_| "holds `base64:` and something that is no base64".to_owned()),
    }
    .map(Zeroizing::new)
}

/// The DER of exactly one private key.
fn private(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let rest = text.trim().strip_prefix("-----BEGIN PRIVATE KEY-----")?;
    let body = rest.strip_suffix("-----END PRIVATE KEY-----")?;
    let body: String = body.split_ascii_whitespace().collect();
    STANDARD
        .decode(Zeroizing::new(body).as_str())
        .ok()
        .map(Zeroizing::new)
}
