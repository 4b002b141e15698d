//! Who callers are, and what verifies them: schemes, keys, and tokens that are issued here.

use crate::policy::{Carrier, CertificateName};

/// A literal, or a reference resolved when the service starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    Literal(String),
    Env(String),
    File(String),
    /// `PATH#FIELD` of Vault.
    Vault(String),
}

/// A scheme that verifies JWT bearer tokens.
#[derive(Debug, Clone)]
pub struct Scheme {
    pub name: String,
    pub issuer: Setting,
    pub audience: Vec<Setting>,
    /// JWA names, one family.
    pub algorithms: Vec<String>,
    pub keys: Keys,
    /// `typ` must be `at+jwt` (RFC 9068).
    pub access_token_profile: bool,
    pub leeway_seconds: u32,
    pub max_lifetime_seconds: u64,
    pub max_bytes: u64,
    pub claims: Claims,
    /// Where several schemes are needed together, this one says who the caller is.
    pub identity: bool,
}

/// A scheme that looks API keys up.
#[derive(Debug, Clone)]
pub struct KeyScheme {
    pub name: String,
    pub carrier: Carrier,
    pub keys: Setting,
    /// Roles of every key, besides its own.
    pub roles: u64,
    /// What every key begins with; empty: anything.
    pub prefix: String,
    /// Why keys are sent in addresses, where they are.
    pub reason: Option<String>,
}

/// A scheme of HTTP Basic, which a hook of the person's verifies.
#[derive(Debug, Clone)]
pub struct PasswordScheme {
    pub name: String,
    /// Roles of everybody, besides those that the hook says.
    pub roles: u64,
    pub reason: String,
}

/// A scheme of client certificates.
#[derive(Debug, Clone)]
pub struct CertificateScheme {
    pub name: String,
    pub subject: CertificateName,
    /// Roles of everybody who comes by it.
    pub roles: u64,
}

/// What verifies the signature of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    pub from: Setting,
    pub holds: Holds,
    /// Of a JWK set behind an address.
    pub refresh_seconds: u64,
    pub cooldown_seconds: u64,
    /// Why its address may lead to a private network.
    pub private: Option<String>,
}

pub use crate::policy::Holds;

/// JSON Pointers into the claims (ruling 52).
#[derive(Debug, Clone)]
pub struct Claims {
    pub subject: String,
    pub roles: String,
    pub scopes: String,
    pub tenant: String,
    pub session: String,
}

/// By what a token can be revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    pub jti: bool,
    pub subject: bool,
    pub session: bool,
}

/// How this service issues tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Index into `Plan::schemes`.
    pub scheme: usize,
    pub access_seconds: u64,
    pub refresh_seconds: u64,
    pub idle_seconds: u64,
    pub grace_seconds: u64,
}

/// What the service does itself, instead of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFlow {
    pub kind: FlowKind,
    /// The member of the body that holds a token; a logout may do without.
    pub member: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKind {
    Refresh,
    Logout,
    Revoke,
}

impl FlowKind {
    /// As the document writes it.
    pub const fn word(self) -> &'static str {
        match self {
            FlowKind::Refresh => "refresh",
            FlowKind::Logout => "logout",
            FlowKind::Revoke => "revoke",
        }
    }
}
