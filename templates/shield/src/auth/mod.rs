//! Who the caller is: strict verification of JWS compact access tokens with fixed keys (RFC 7515, 7519, 8725, 9068).
//!
//! The way of a token: [`jws`] takes it apart and pins the algorithm, [`keys`] picks the one key and checks the
//! signature, and only then [`claims`] looks at what the token says. Every refusal is one [`AuthReason`] for the log; the
//! caller learns nothing but 401.

mod algorithm;
mod api_keys;
mod claims;
mod curve;
pub(crate) mod der;
mod jwk;
mod jws;
mod keys;
mod known;
mod pem;
mod rsa;
mod shared;
mod source;
#[cfg(feature = "testing")]
mod vectors;
mod verifier;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use crate::basic::Known;
use crate::spec::{PasswordScheme, RoleSet};

pub use crate::refusal::AuthReason;
pub(crate) use algorithm::{Algorithm, Kind};
pub(crate) use api_keys::ApiKeys;
#[cfg(feature = "tls")]
pub(crate) use api_keys::moment;
pub(crate) use curve::Curve;
pub(crate) use der::rsa_public_key;
#[cfg(any(debug_assertions, feature = "testing", feature = "tls"))]
pub(crate) use keys::DEVELOPMENT;
pub use source::Given;
pub(crate) use source::Looked;
#[cfg(feature = "testing")]
pub use vectors::verify;
pub use verifier::Verifier;

/// A caller whose token, API key, password or certificate was verified. Only what verifies makes one, so holding it proves the verification.
pub struct Identity {
    /// Of the scheme, not of the token: they are equal, and this one is shared. `apiKey:` and the scheme's name for a key,
    /// `basic:` for a password, `mutualTLS:` for a certificate.
    pub(crate) issuer: Arc<str>,
    pub(crate) subject: Box<str>,
    pub(crate) roles: RoleSet,
    pub(crate) scopes: Vec<Box<str>>,
    pub(crate) tenant: Option<Box<str>>,
    pub(crate) session: Option<Box<str>>,
    pub(crate) token_id: Option<Box<str>>,
    /// Seconds since 1970.
    pub(crate) expires: u64,
    /// The same, if the token says so.
    pub(crate) issued: Option<u64>,
    /// When the caller authenticated (`auth_time`), in seconds since 1970.
    pub(crate) authenticated: Option<u64>,
    /// How (`acr`).
    pub(crate) class: Option<Box<str>>,
    /// By number, as `Spec::principal` declares them.
    pub(crate) attributes: Vec<Option<Told>>,
    /// The API key that was presented, whether it is the caller or a condition.
    pub(crate) key: Option<KeyName>,
}

/// A key's name; it is unique within its scheme only.
#[derive(Clone)]
pub(crate) struct KeyName {
    pub scheme: Arc<str>,
    pub id: Arc<str>,
}

/// What a token says of its bearer beyond who it is.
pub(crate) enum Told {
    Text(Box<str>),
    Whole(i64),
    Flag(bool),
    Texts(Vec<Box<str>>),
}

impl Identity {
    /// Whom a hook knows. A subject is unique within its scheme only.
    pub(crate) fn of_password(scheme: &PasswordScheme, known: &Known) -> Self {
        Identity {
            issuer: format!("basic:{}", scheme.name).into(),
            subject: known.subject.clone(),
            roles: known.roles | scheme.roles,
            scopes: Vec::new(),
            tenant: known.tenant.clone(),
            session: None,
            token_id: None,
            expires: u64::MAX,
            issued: None,
            // A program that repeats a password is nobody who has just signed in.
            authenticated: None,
            class: None,
            attributes: Vec::new(),
            key: None,
        }
    }

    /// Whom a certificate names. A name is unique within its scheme only.
    #[cfg(feature = "tls")]
    pub(crate) fn of_certificate(
        scheme: &crate::spec::CertificateScheme,
        subject: &str,
        expires: u64,
    ) -> Self {
        Identity {
            issuer: format!("mutualTLS:{}", scheme.name).into(),
            subject: subject.into(),
            roles: scheme.roles,
            scopes: Vec::new(),
            tenant: None,
            session: None,
            token_id: None,
            expires,
            issued: None,
            // A program that has a key is nobody who has just signed in.
            authenticated: None,
            class: None,
            attributes: Vec::new(),
            key: None,
        }
    }

    fn told(&self, attribute: usize) -> Option<&Told> {
        self.attributes.get(attribute)?.as_ref()
    }

    /// Whether the caller has authenticated within `most` seconds before `now`; where it is not said, no.
    pub(crate) fn is_fresh(&self, now: u64, most: u64) -> bool {
        self.authenticated
            .is_some_and(|at| now.saturating_sub(at) <= most)
    }

    /// Whether the caller has authenticated in one of these classes; where it is not said, no.
    pub(crate) fn is_of_class(&self, classes: &[&str]) -> bool {
        self.class
            .as_deref()
            .is_some_and(|class| classes.contains(&class))
    }

    /// A declared attribute that is a text.
    pub fn text(&self, attribute: usize) -> Option<&str> {
        match self.told(attribute)? {
            Told::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A declared attribute that is an integer.
    pub fn whole(&self, attribute: usize) -> Option<i64> {
        match self.told(attribute)? {
            Told::Whole(value) => Some(*value),
            _ => None,
        }
    }

    /// A declared attribute that is true or false.
    pub fn flag(&self, attribute: usize) -> Option<bool> {
        match self.told(attribute)? {
            Told::Flag(value) => Some(*value),
            _ => None,
        }
    }

    /// A declared attribute that is a list of texts.
    pub fn texts(&self, attribute: usize) -> Option<&[Box<str>]> {
        match self.told(attribute)? {
            Told::Texts(list) => Some(list),
            _ => None,
        }
    }

    /// Held scopes as a list.
    pub fn scope_list(&self) -> &[Box<str>] {
        &self.scopes
    }

    /// Who vouches for the subject; a subject is unique within its issuer only (P17).
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The caller's name at the issuer.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Held roles with all they include.
    pub fn roles(&self) -> RoleSet {
        self.roles
    }

    /// Held scopes, in the order of the token.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(|scope| &**scope)
    }

    pub(crate) fn has_scope(&self, wanted: &str) -> bool {
        self.scopes.iter().any(|held| **held == *wanted)
    }

    /// The tenant the caller belongs to, if the token names one.
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// The session the token was issued for (`sid`).
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// The token's own name (`jti`).
    pub fn token_id(&self) -> Option<&str> {
        self.token_id.as_deref()
    }

    /// When the token ends, in seconds since 1970.
    pub fn expires(&self) -> u64 {
        self.expires
    }
}

/// Shows the subject only: an identity may end up in a log line.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
