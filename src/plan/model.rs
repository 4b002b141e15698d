//! What to enforce, as data: no OpenAPI, no Rust.
//!
//! Names are the document's own; whoever emits makes identifiers of them. Every list is in document order.

use super::Published;
use crate::cel::Expr;
use crate::document::Place;
pub use crate::policy::{Alternative, Asks, Carrier, CertificateName, Demand, Means, Need};
use std::sync::Arc;

mod limits;
mod owns;
mod schemes;
mod unions;
mod values;
mod wire;

pub use limits::*;
pub use owns::*;
pub use schemes::*;
pub use unions::*;
pub use values::*;
pub use wire::*;

/// The whole service.
#[derive(Debug, Clone)]
pub struct Plan {
    /// File name of the document, as owned files show it (`clinic.yaml`), without folders: machine independent.
    pub document: String,
    pub title: String,
    pub version: String,
    pub description: Option<String>,
    /// Path prefix of every operation, from the first server: `` or `/v1`.
    pub mount: String,
    pub roles: Vec<Role>,
    /// What tokens say of their bearer beyond who it is.
    pub principal: Vec<Attribute>,
    /// Named expressions as they are written, for the published policy.
    pub policies: Vec<(String, String)>,
    /// Schemes of bearer tokens that some operation takes.
    pub schemes: Vec<Scheme>,
    /// Schemes of API keys that some operation takes.
    pub keys: Vec<KeyScheme>,
    /// Schemes of HTTP Basic that some operation takes.
    pub passwords: Vec<PasswordScheme>,
    /// Schemes of client certificates that some operation takes.
    pub certificates: Vec<CertificateScheme>,
    pub resources: Vec<Resource>,
    /// Named limits in use, each once; `Operation::quotas` point here.
    pub quotas: Vec<Quota>,
    /// `None`: no token can be revoked.
    pub revocation: Option<Revocation>,
    /// `None`: the service issues none.
    pub tokens: Option<Tokens>,
    pub cors: Option<Cors>,
    /// `None`: TLS ends before the service.
    pub tls: Option<Tls>,
    pub limits: Limits,
    /// Objects and enumerations, each once.
    pub types: Vec<Type>,
    pub operations: Vec<Operation>,
    /// What is told to people and decides nothing.
    pub published: Published,
}

/// A role and everything it includes. At most 64: a set of roles is a `u64`, bit = index in `Plan::roles`.
#[derive(Debug, Clone)]
pub struct Role {
    pub name: String,
    pub description: Option<String>,
    /// Its own bit and the bit of every role it includes, transitively.
    pub holds: u64,
}

/// The service speaks TLS itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tls {
    /// Besides 1.3.
    pub tls12: bool,
}

/// Something that is known of a caller or of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// ASCII letters, digits and `_`, a letter first.
    pub name: String,
    pub kind: AttributeKind,
    /// Of a caller: JSON Pointer into the claims.
    pub from: String,
    /// A token without it is 401 (ruling 115).
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

/// An expression of CEL that says yes or no.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Of the policy; of the operation, where it is written out (as ruling 12 names limits).
    pub name: String,
    /// Whether it is one of `policies`.
    pub named: bool,
    pub text: String,
    pub expr: Expr,
}

/// What must hold between the members of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub id: String,
    pub message: String,
    pub text: String,
    pub expr: Expr,
}

#[derive(Debug, Clone)]
pub struct Resource {
    /// `Patient`
    pub name: String,
    /// The parameter that identifies one: `patientId`.
    pub param: String,
    pub tenant: bool,
    pub on_denied: OnDenied,
    /// Roles that skip the owner, never the tenant: any of these bits.
    pub bypass: u64,
    /// What an id must look like: the schema of the parameter (the same in all operations that use it).
    pub id: IdRule,
    /// More facts of an object.
    pub attributes: Vec<Attribute>,
    /// Index of the resource this one is part of.
    pub parent: Option<usize>,
    pub place: Place,
}

/// What identifies an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdRule {
    Text(Text),
    /// Each number is one id, however it is spelled.
    Whole(Whole),
}

impl IdRule {
    /// `None`: values of this kind identify nothing.
    pub fn of(value: &ValueKind) -> Option<Self> {
        match value {
            ValueKind::Text(text) => Some(IdRule::Text(text.clone())),
            ValueKind::Integer(whole) => Some(IdRule::Whole(whole.clone())),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDenied {
    NotFound,
    Forbidden,
}

#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, or method and path in words when there is none; unique.
    pub id: String,
    /// GET POST PUT PATCH DELETE; HEAD is answered by GET.
    pub method: &'static str,
    /// As in the document, without the mount: `/users/{userId}`.
    pub path: String,
    pub segments: Vec<Segment>,
    /// First tag, else first literal segment.
    pub group: String,
    /// All of them, for the published document.
    pub tags: Vec<String>,
    pub deprecated: bool,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub place: Place,
    pub access: Access,
    /// Path, query and header parameters.
    pub params: Vec<Param>,
    pub body: Option<Body>,
    pub replies: Vec<Reply>,
    /// `None`: the person writes the handler.
    pub flow: Option<OwnFlow>,
    /// The handler can issue tokens: it is public and is given a password.
    pub issuer: bool,
    pub owns: Vec<Ownership>,
    /// Where the body holds ids of what is owned; [`IdAt::Body`] points here.
    pub ids: Vec<BodyId>,
    /// The policy of `access`, typed with what this operation has.
    pub decision: Option<Arc<Decision>>,
    /// Indexes into `Plan::quotas`.
    pub quotas: Vec<usize>,
    /// `limits.body` of this operation.
    pub body_bytes: u64,
    pub body_timeout_ms: u64,
    pub handler_timeout_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    Literal(String),
    /// A whole segment; index into `Operation::params`.
    Param(usize),
}

#[derive(Debug, Clone)]
pub enum Access {
    /// 403 for every caller (ruling 7). `why` is for people: what was not declared.
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

impl Plan {
    /// What the document calls a scheme.
    pub fn name_of(&self, means: Means) -> Option<&str> {
        match means {
            Means::Token(at) => self.schemes.get(at).map(|scheme| scheme.name.as_str()),
            Means::Key(at) => self.keys.get(at).map(|scheme| scheme.name.as_str()),
            Means::Password(at) => self.passwords.get(at).map(|scheme| scheme.name.as_str()),
            Means::Certificate(at) => self.certificates.get(at).map(|scheme| scheme.name.as_str()),
        }
    }
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

impl Operation {
    /// How many objects an id stands for.
    pub fn count(&self, id: IdAt) -> Count {
        match id {
            IdAt::Body(at) => self.ids.get(at).map_or(Count::One, |id| id.count),
            IdAt::Param(_) | IdAt::Part(_) => Count::One,
        }
    }

    /// Ownerships by number, in the order in which they are proved: first the parents that nobody wrote and the path
    /// names, the outermost before its parts; what is named by a part after that.
    pub fn proving(&self) -> Vec<usize> {
        let implied = |own: &Ownership| own.implied && own.kind.param().is_some();
        let numbered = || self.owns.iter().enumerate();
        let first = numbered().filter(|(_, own)| implied(own)).rev();
        let rest = numbered().filter(|(_, own)| !implied(own));
        let mut waiting: Vec<(usize, &Ownership)> = first.chain(rest).collect();
        let mut order = Vec::new();
        while let Some(next) = waiting.iter().position(|(_, own)| match own.kind.one() {
            Some((IdAt::Part(part), _)) => order.contains(&part),
            _ => true,
        }) {
            order.push(waiting.remove(next).0);
        }
        order
    }

    /// The ownerships that are written, with their numbers.
    pub fn written(&self) -> impl Iterator<Item = (usize, &Ownership)> {
        let numbered = self.owns.iter().enumerate();
        numbered.filter(|(_, own)| !own.implied)
    }
}
