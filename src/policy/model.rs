//! The effective policy, as later stages read it.

use super::need::Need;
use crate::cel::Ast;
use crate::document::{Node, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything `x-security` says, with defaults filled in.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Entries of `auth`, in document order.
    pub schemes: Vec<Scheme>,
    /// Entries of schemes of API keys, in document order.
    pub keys: Vec<KeyScheme>,
    pub passwords: Vec<PasswordScheme>,
    pub certificates: Vec<CertificateScheme>,
    pub roles: Vec<Role>,
    /// What tokens say of their bearer beyond who it is.
    pub principal: Vec<Attribute>,
    /// Named ones.
    pub policies: Vec<Expression>,
    pub resources: Vec<Resource>,
    /// Declared limits and, where they are not declared again, the built-in ones.
    pub rate_limits: Vec<RateLimit>,
    /// `None`: no token can be revoked.
    pub revocation: Option<Revocation>,
    /// `None`: the service issues none.
    pub tokens: Option<Tokens>,
    pub cors: Option<Cors>,
    /// `None`: TLS ends before the service.
    pub tls: Option<Tls>,
    pub limits: Limits,
    /// One for each operation of the document, in its order.
    pub operations: Vec<OperationPolicy>,
    /// What was read at each schema, by the place of its `x-security`.
    pub(super) marks: BTreeMap<Place, Marks>,
}

impl Policy {
    /// What the `x-security` of a schema says. `None` for one that was not read: then nothing may be built on it.
    pub fn marks(&self, extension: &Node) -> Option<&Marks> {
        self.marks.get(&extension.place)
    }

    pub fn rate_limit(&self, name: &str) -> Option<&RateLimit> {
        self.rate_limits.iter().find(|limit| limit.name == name)
    }
}

/// Where a value was decided, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Built in.
    Default,
    /// `security` of the document.
    OpenApi,
    /// `x-security` at the root: `defaults` and `limits`.
    Root,
    Path,
    Operation,
}

/// A value and where it came from.
#[derive(Debug, Clone)]
pub struct Effective<T> {
    pub value: T,
    pub level: Level,
    /// Of the value, or of the operation where the value is built in.
    pub place: Place,
}

/// A role; its bit is its index in [`Policy::roles`].
#[derive(Debug, Clone)]
pub struct Role {
    pub name: String,
    pub description: Option<String>,
    /// Its own bit and the bits of all it includes.
    pub holds: u64,
}

/// A literal, or a reference that is resolved when the service starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    Literal(String),
    Env(String),
    File(String),
    /// `PATH#FIELD` of Vault.
    Vault(String),
}

/// How the bearer tokens of a security scheme are verified.
#[derive(Debug, Clone)]
pub struct Scheme {
    pub name: String,
    pub place: Place,
    pub issuer: Setting,
    pub audience: Vec<Setting>,
    /// JWA names, all symmetric or all asymmetric (P6).
    pub algorithms: Vec<String>,
    pub keys: Keys,
    pub access_token_profile: bool,
    pub leeway_seconds: u32,
    pub max_lifetime_seconds: u64,
    pub max_bytes: u64,
    pub claims: Claims,
    /// Where several schemes are needed together, this one says who the caller is.
    pub identity: bool,
}

impl Scheme {
    /// Whether its tokens are of this service.
    pub(super) fn is_issued(&self) -> bool {
        self.keys.holds == Holds::Issued
    }
}

/// How the API keys of a security scheme are verified.
#[derive(Debug, Clone)]
pub struct KeyScheme {
    pub name: String,
    pub place: Place,
    pub carrier: Carrier,
    pub keys: Setting,
    /// Roles of every key, besides its own.
    pub roles: u64,
    /// What every key begins with; empty: anything.
    pub prefix: String,
    /// Why keys are sent in addresses, where they are.
    pub reason: Option<String>,
}

/// A security scheme of HTTP Basic.
#[derive(Debug, Clone)]
pub struct PasswordScheme {
    pub name: String,
    pub place: Place,
    /// Roles of everybody, besides those that the hook says.
    pub roles: u64,
    /// Why passwords are sent with every request.
    pub reason: String,
}

/// A security scheme of client certificates.
#[derive(Debug, Clone)]
pub struct CertificateScheme {
    pub name: String,
    pub place: Place,
    /// Which name in a certificate is the caller.
    pub subject: CertificateName,
    /// Roles of everybody who comes by it: a certificate says none.
    pub roles: u64,
}

/// A name in a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateName {
    /// The URI among its alternative names.
    Uri,
    /// The DNS name among its alternative names.
    Dns,
    /// The common name of its subject.
    Common,
}

impl CertificateName {
    /// As the vocabulary calls it.
    pub fn word(self) -> &'static str {
        match self {
            CertificateName::Uri => "san-uri",
            CertificateName::Dns => "san-dns",
            CertificateName::Common => "cn",
        }
    }
}

/// Where API keys are sent, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carrier {
    Header(String),
    Query(String),
    Cookie(String),
}

/// What verifies the signature of tokens.
#[derive(Debug, Clone)]
pub struct Keys {
    pub from: Setting,
    pub holds: Holds,
    /// Of a JWK set behind an address: when it is fetched anew, and how soon at most.
    pub refresh_seconds: u64,
    pub cooldown_seconds: u64,
    /// Why its address may lead to a private network.
    pub private: Option<String>,
}

/// What stands behind a reference for keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Whatever its content says (ruling 1).
    Anything,
    /// A JWK set, or the address of one.
    Set,
    Pem,
    Secret,
    /// What this service signs the tokens with itself.
    Issued,
}

/// JSON Pointers into the claims of a token (ruling 52).
#[derive(Debug, Clone)]
pub struct Claims {
    pub subject: String,
    pub roles: String,
    pub scopes: String,
    pub tenant: String,
    pub session: String,
}

/// By what a token can be revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revocation {
    pub jti: bool,
    pub subject: bool,
    pub session: bool,
}

/// How this service issues tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Index into [`Policy::schemes`].
    pub scheme: usize,
    pub access_seconds: u64,
    pub refresh_seconds: u64,
    pub idle_seconds: u64,
    pub grace_seconds: u64,
}

/// The service speaks TLS itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tls {
    /// Besides 1.3.
    pub tls12: bool,
    pub place: Place,
}

/// What the service does itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Refresh,
    Logout,
    Revoke,
}

impl Flow {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Flow::Refresh => "refresh",
            Flow::Logout => "logout",
            Flow::Revoke => "revoke",
        }
    }
}

/// A decision in CEL.
#[derive(Debug, Clone)]
pub struct Expression {
    /// `None`: it is written where it is used.
    pub name: Option<String>,
    /// The scalar that holds it.
    pub node: Node,
    pub tree: Arc<Ast>,
}

impl Expression {
    pub fn text(&self) -> &str {
        self.node.as_str().unwrap_or_default()
    }
}

/// What must hold between the members of an object.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: String,
    /// Of the id.
    pub place: Place,
    pub check: Expression,
    pub message: String,
}

/// Something that is known of a caller or of an object.
#[derive(Debug, Clone)]
pub struct Attribute {
    pub name: String,
    pub place: Place,
    pub kind: AttributeKind,
    /// Of a caller: JSON Pointer into the claims.
    pub from: String,
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    String,
    Integer,
    Boolean,
    Uuid,
    Strings,
    /// Of an object only.
    Time,
}

/// A kind of object.
#[derive(Debug, Clone)]
pub struct Resource {
    pub name: String,
    pub place: Place,
    pub param: String,
    pub param_place: Place,
    pub tenant: bool,
    /// 403 instead of 404 for an object that is not the caller's.
    pub forbidden: bool,
    pub bypass: u64,
    pub attributes: Vec<Attribute>,
    /// Index of the resource this one is part of.
    pub parent: Option<usize>,
}

/// A named window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    pub name: String,
    /// `None`: built in.
    pub place: Option<Place>,
    pub limit: u32,
    pub window_seconds: u64,
    pub by: Vec<By>,
    pub failures_only: bool,
    /// Deny when the store does not answer, instead of counting in this process.
    pub deny_without_store: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Ip,
    Subject,
    Tenant,
    ApiKey,
    All,
    /// A top-level member of the body, by name.
    Field(String),
}

#[derive(Debug, Clone)]
pub struct Cors {
    pub origins: Origins,
    pub credentials: bool,
    pub max_age_seconds: Option<u64>,
    pub expose: Vec<String>,
}

#[derive(Debug, Clone)]
pub enum Origins {
    List(Vec<String>),
    Env(String),
}

/// Of the whole service. Sizes in bytes, times in milliseconds, rates per seconds.
#[derive(Debug, Clone)]
pub struct Limits {
    pub body: Effective<u64>,
    pub uri: Effective<u64>,
    pub header_bytes: Effective<u64>,
    pub header_count: Effective<u64>,
    pub header_timeout: Effective<u64>,
    pub body_timeout: Effective<u64>,
    pub handler_timeout: Effective<u64>,
    pub connections: Effective<u64>,
    pub per_ip: Effective<u64>,
    pub ip_rate: Effective<(u32, u64)>,
    pub concurrency: Effective<u64>,
    pub json_depth: Effective<u64>,
    pub string: Effective<u64>,
    pub array: Effective<u64>,
    pub object: Effective<u64>,
}

/// What holds for one operation.
#[derive(Debug, Clone)]
pub struct OperationPolicy {
    /// Index into `Api::paths`.
    pub path: usize,
    /// Index into `PathItem::operations`.
    pub operation: usize,
    pub access: Effective<Access>,
    /// Empty for denied operations.
    pub owns: Vec<Owns>,
    pub rate_limit: Effective<RateUse>,
    pub body: Effective<u64>,
    pub body_timeout: Effective<u64>,
    pub handler_timeout: Effective<u64>,
    /// `None`: the person writes the handler.
    pub flow: Option<Effective<Flow>>,
    /// The responses that are the handler's, in this order; `None`: all that are declared.
    pub replies: Option<Vec<ReplyUse>>,
    /// The media types of the body that are taken, each with its place; `None`: all that are declared.
    pub media: Option<Effective<Vec<(&'static str, Place)>>>,
}

/// A response that the handler gives; the operation's other responses are the service's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyUse {
    pub status: u16,
    pub kind: ReplyKind,
    pub place: Place,
}

/// What of the response's content the handler fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyKind {
    Json,
    Text,
    Problem,
    Empty,
}

#[derive(Debug, Clone)]
pub enum Access {
    /// `why` is for people.
    Denied {
        why: String,
    },
    Public {
        reason: String,
    },
    /// As `Caller`, and whoever presents nothing is let in as nobody.
    Optional(Need),
    Caller(Need),
}

impl Access {
    /// What is asked of who presents something.
    pub fn need(&self) -> Option<&Need> {
        match self {
            Access::Optional(need) | Access::Caller(need) => Some(need),
            Access::Public { .. } | Access::Denied { .. } => None,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Owns {
    /// Index into [`Policy::resources`].
    pub resource: usize,
    pub how: How,
    /// Where its id stands; of a list nowhere.
    pub at: Option<IdAt>,
    /// What decides, with [`How::Policy`]; with [`How::List`], over each row, where that is not up to its owner.
    pub policy: Option<Expression>,
    /// Nobody wrote it: another one is part of it (ruling 81).
    pub implied: bool,
    pub place: Place,
}

/// Where the id of an object stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdAt {
    /// In the parameter of this name, in the path or the query.
    Param(String),
    /// In the body, by the tokens of a pointer; `*` is every element.
    Body { tokens: Vec<String>, place: Place },
    /// In the facts of the object of this `owns`, which is part of it.
    Part(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Owner {
        write: bool,
    },
    /// A policy decides over the facts, instead of the owner, never instead of the tenant (ruling 20).
    Policy {
        write: bool,
    },
    Any {
        write: bool,
    },
    List,
}

/// What `rateLimit` names.
#[derive(Debug, Clone)]
pub enum RateUse {
    /// Each with the place where it is named.
    Named(Vec<(String, Place)>),
    /// Written out; gets the operation's id as its name (ruling 12).
    Inline(RateLimit),
}

/// `x-security` of a property.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    pub place: Place,
    pub sensitive: Option<(Sensitive, Place)>,
    pub read: Option<(Readers, Place)>,
    pub write: Option<(Writers, Place)>,
    /// Required, although `required` of the schema leaves it out: not every caller receives it.
    pub required: Option<Place>,
    /// What must hold between the members, with the place of the list.
    pub rules: Option<(Vec<Rule>, Place)>,
    /// Which files may be sent.
    pub files: Option<(Files, Place)>,
}

/// `files` of a property.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Empty: bytes of whatever kind.
    pub types: Vec<String>,
    pub size: Option<u64>,
    pub count: Option<u64>,
    /// As it is written.
    pub names: Option<(String, Place)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitive {
    Secret,
    Personal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    Nobody,
    Some { roles: u64, owner: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writers {
    Nobody,
    Create,
    Roles(u64),
}
