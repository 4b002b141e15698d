//! What generated code tells the shield: constants, built once, read on every request.
//!
//! Everything here is `'static` data. `api/src/spec.rs` of a generated project holds the one [`Spec`] of the service and
//! each operation file its [`Policy`].

mod policy;

pub(crate) use policy::Needs;
pub use policy::{Access, Body, Credential, Media, Need, Policy, StepUp};

/// A set of roles, one bit each, in the order the document declares them.
pub type RoleSet = u64;

/// The service as declared.
pub struct Spec {
    /// `info.title`.
    pub title: &'static str,
    /// `info.version`.
    pub version: &'static str,
    /// For challenges: the title in ASCII without `"` and `\` (ruling 22).
    pub realm: &'static str,
    pub roles: &'static [Role],
    /// Schemes of bearer tokens.
    pub schemes: &'static [Scheme],
    /// Schemes of API keys.
    pub keys: &'static [KeyScheme],
    /// Schemes of users and passwords.
    pub passwords: &'static [PasswordScheme],
    /// More that tokens say of their bearer.
    pub principal: &'static [Attribute],
    pub quotas: &'static [Quota],
    /// `None`: a verified token is good until it ends.
    pub revocation: Option<Revocation>,
    /// `None`: the service issues no tokens.
    pub tokens: Option<Tokens>,
    pub cors: Option<Cors>,
    /// `None`: TLS ends before the service.
    pub tls: Option<Tls>,
    pub limits: Limits,
    /// All operations. The tree of paths is made of their routes when the service starts.
    pub operations: &'static [&'static Policy],
}

impl Spec {
    /// What the document calls a scheme.
    pub(crate) fn name_of(&self, credential: Credential) -> Option<&'static str> {
        match credential {
            Credential::Token(at) => self.schemes.get(at).map(|scheme| scheme.name),
            Credential::Key(at) => self.keys.get(at).map(|scheme| scheme.name),
            Credential::Password(at) => self.passwords.get(at).map(|scheme| scheme.name),
            Credential::Certificate(at) => self.certificates().get(at).map(|scheme| scheme.name),
        }
    }
}

#[cfg(feature = "tls")]
impl Spec {
    /// Schemes of client certificates.
    pub(crate) fn certificates(&self) -> &'static [CertificateScheme] {
        self.tls.as_ref().map_or(&[], |tls| tls.certificates)
    }
}

#[cfg(not(feature = "tls"))]
impl Spec {
    /// There is no such connection.
    pub(crate) fn certificates(&self) -> &'static [CertificateScheme] {
        &[]
    }
}

/// A declared role and all it includes.
pub struct Role {
    pub name: &'static str,
    /// Its own bit and those of the roles it includes.
    pub holds: RoleSet,
}

/// A literal of the document, or a reference that is resolved when the service starts.
pub enum Setting {
    Literal(&'static str),
    Env(&'static str),
    File(&'static str),
    /// `PATH#FIELD` of Vault.
    Vault(&'static str),
}

/// How tokens of one security scheme are verified.
pub struct Scheme {
    pub name: &'static str,
    pub issuer: Setting,
    pub audience: &'static [Setting],
    /// JWA names of one family (P6).
    pub algorithms: &'static [&'static str],
    pub keys: Setting,
    pub holds: Holds,
    /// Where they are a JWK set behind an address.
    pub upkeep: Upkeep,
    /// `typ` must be `at+jwt` (RFC 9068); else it is not looked at.
    pub access_token: bool,
    pub leeway: u32,
    /// Seconds.
    pub max_lifetime: u64,
    pub max_bytes: usize,
    pub claims: Claims,
}

/// What must stand behind the reference for keys; anything else refuses to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Told by its content (ruling 1).
    Anything,
    /// A JWK set, or the address of one.
    Set,
    Pem,
    Secret,
    /// What this service signs the tokens with itself; what verifies is made of it.
    Issued,
}

/// How a JWK set behind an address is kept (ruling 58).
pub struct Upkeep {
    /// Seconds; a set older than this is fetched anew.
    pub refresh: u64,
    /// Seconds between two fetches, whatever keys tokens name.
    pub cooldown: u64,
    /// The address may lead to a private network: the document says why.
    pub private: bool,
}

/// JSON Pointers into the claims.
pub struct Claims {
    pub subject: &'static str,
    pub roles: &'static str,
    pub scopes: &'static str,
    pub tenant: &'static str,
    pub session: &'static str,
}

/// How the API keys of one security scheme are verified (ruling 3).
pub struct KeyScheme {
    pub name: &'static str,
    pub carrier: Carrier,
    /// The list of keys, each by its digest.
    pub keys: Setting,
    /// What every key has besides its own roles.
    pub roles: RoleSet,
    /// What every key begins with; empty: anything.
    pub prefix: &'static str,
}

/// Where a request carries its API key, and under which name.
#[derive(Debug, Clone, Copy)]
pub enum Carrier {
    Header(&'static str),
    Query(&'static str),
    Cookie(&'static str),
}

/// A security scheme of HTTP Basic: a hook of the person's verifies it.
pub struct PasswordScheme {
    pub name: &'static str,
    /// What everybody has besides the roles that the hook says.
    pub roles: RoleSet,
}

/// An attribute of the caller that policies read.
pub struct Attribute {
    /// JSON Pointer into the claims.
    pub from: &'static str,
    pub kind: AttributeKind,
    /// A token without it is none of ours (ruling 115).
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    Text,
    Uuid,
    Whole,
    Flag,
    Texts,
}

/// A window of requests (rulings 12 to 15).
pub struct Quota {
    pub name: &'static str,
    pub limit: u32,
    /// Seconds.
    pub window: u64,
    pub by: &'static [By],
    /// Answers below 400 and from 500 up give back (ruling 106).
    pub failures_only: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Ip,
    Subject,
    Tenant,
    ApiKey,
    All,
    /// Charged by generated code after validation, with [`crate::Shield::charge_input`].
    Input,
}

/// How this service issues tokens; all times in seconds.
pub struct Tokens {
    /// Index into `Spec::schemes`: whom it signs for.
    pub scheme: usize,
    /// Of an access token.
    pub access: u64,
    /// Of a session, however often it is renewed.
    pub refresh: u64,
    /// Of a session that is not renewed.
    pub idle: u64,
    /// For how long a refresh token may come again for the same successor (P32).
    pub grace: u64,
}

/// By what a token can be revoked before it ends (P18).
pub struct Revocation {
    /// By its own name. Then every token must have one.
    pub jti: bool,
    pub subject: bool,
    pub session: bool,
}

/// The service speaks TLS itself.
#[cfg(feature = "tls")]
pub struct Tls {
    /// Besides 1.3.
    pub tls12: bool,
    /// Schemes of client certificates; empty: clients are asked for none.
    pub certificates: &'static [CertificateScheme],
}

/// Who comes by a certificate, and what they may.
pub struct CertificateScheme {
    pub name: &'static str,
    pub subject: CertificateName,
    /// A certificate brings none of its own.
    pub roles: RoleSet,
}

/// Which name in a certificate is the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateName {
    /// The URI among its alternative names.
    Uri,
    /// The DNS name among its alternative names.
    Dns,
    /// The common name of its subject.
    Common,
}

/// There is none without the feature `tls`.
#[cfg(not(feature = "tls"))]
pub enum Tls {}

pub struct Cors {
    pub origins: Origins,
    pub credentials: bool,
    /// Seconds.
    pub max_age: Option<u64>,
    pub expose: &'static [&'static str],
}

pub enum Origins {
    List(&'static [&'static str]),
    Env(&'static str),
}

/// Of the whole service. Sizes in bytes, times in milliseconds.
pub struct Limits {
    pub uri: usize,
    pub header_bytes: usize,
    pub header_count: usize,
    pub header_timeout: u64,
    pub connections: usize,
    pub per_ip: usize,
    /// Requests and seconds, per address, before anything else (ruling 105).
    pub ip_rate: (u32, u64),
    pub concurrency: usize,
    pub json_depth: u32,
}
