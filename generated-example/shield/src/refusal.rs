//! Why a request was refused. A closed set: what leaves is decided by the kind, never by text of the caller.
//!
//! A refusal becomes an answer in one place ([`crate::Shield`]'s `finish`): an RFC 9457 problem with the request id, the
//! header set, and one security event.

use crate::schema::Violation;
use crate::spec::{Credential, Media, Needs};
use crate::store::StoreError;

/// A step said no. `?` carries it out of the guard.
#[derive(Debug)]
pub struct Refusal(pub(crate) Box<Kind>);

/// Every way in which a request can end without the handler's answer.
#[derive(Debug)]
pub(crate) enum Kind {
    /// 401; the reason word goes to the log only (P2, ruling 68). `missing` and the rest differ outside.
    Unauthenticated {
        needs: Needs,
        /// Whose credential it was; `None`: of none in particular.
        by: Option<Credential>,
        reason: AuthReason,
    },
    /// 403 `insufficient_scope` (P3); scopes are named, roles never (ruling 21).
    Insufficient {
        needs: Needs,
        scopes: &'static [&'static str],
    },
    /// 403 without a challenge: denied operation (ruling 7).
    Denied,
    /// 403 without a challenge: members the caller may not write (P44).
    ForbiddenMembers(Vec<Violation>),
    /// 404 or 403: someone else's object, or none (P39). `existed` is for the log only.
    Object {
        resource: &'static str,
        hash: String,
        forbidden: bool,
        existed: bool,
    },
    /// 403, or what an object of someone else gets: a policy did not say yes (P46).
    Policy {
        policy: &'static str,
        undecided: bool,
        /// It stands for the owner.
        foreign: bool,
        object: Option<OfObject>,
    },
    /// 401: the caller must authenticate again, or more strongly (RFC 9470, ruling 28).
    StepUp(&'static crate::spec::StepUp),
    /// 429 of declared limits, by index into `Spec::quotas`; `Retry-After` in seconds.
    Quota {
        violated: Vec<usize>,
        retry_after: u64,
    },
    /// 429 of the ingress bucket, without RateLimit fields (ruling 105).
    Flood { retry_after: u64 },
    /// 400: cannot be parsed. The word is the top-level `code`.
    Malformed {
        code: &'static str,
        errors: Vec<Violation>,
    },
    /// 422: parses but breaks the schema.
    Invalid(Vec<Violation>),
    /// 413; the connection closes when the body was not read.
    BodyTooLarge,
    /// 414.
    UriTooLong,
    /// 431.
    HeadersTooLarge,
    /// 415 with the media types that are accepted.
    MediaType { accepted: &'static [Media] },
    /// 406.
    NotAcceptable,
    /// 404: no such path.
    NoRoute,
    /// 405 with `Allow`.
    Method { allow: String },
    /// 408; closes.
    BodyTimeout,
    /// 408 to a request line without the rest of its head (ruling 42); closes.
    HeaderTimeout,
    /// 503: handler took too long.
    HandlerTimeout,
    /// 503 with `Retry-After`: the keys that tokens are verified with could not be fetched, or are too old to count.
    NoKeys,
    /// 503 with `Retry-After`: connections or concurrency exhausted.
    Busy,
    /// 400 `invalid_grant`: no refresh token that is good (RFC 6749 §5.2). `reused`: whose it was when it was good, and the
    /// session that is over now, for the log only.
    Grant { reused: Option<(String, String)> },
    /// 503: nobody can say whether the token was revoked, so it is not taken (P18).
    Store(StoreError),
    /// 500: a fault of the handler or a loader; the text is for the log only.
    Fault(String),
    /// 500 after a panic.
    Panic,
    /// 501: handler or loader not written yet (ruling 6).
    Unwritten { what: String },
    /// An answer the document declares as a problem, chosen by the handler.
    Declared(u16),
    /// 599: the probe of the attacks was reached. Only with feature `testing`.
    #[cfg(feature = "testing")]
    Reached,
}

/// The object a decision was about.
#[derive(Debug)]
pub(crate) struct OfObject {
    pub resource: &'static str,
    pub hash: String,
    /// 403, where otherwise it is 404.
    pub forbidden: bool,
}

/// Why authentication failed: the closed list of ruling 68.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthReason {
    Missing,
    Malformed,
    Signature,
    Algorithm,
    Key,
    Expired,
    NotYet,
    Lifetime,
    Issuer,
    Audience,
    Type,
    Critical,
    Duplicate,
    Revoked,
}

impl AuthReason {
    /// The word in the event.
    pub const fn word(self) -> &'static str {
        match self {
            AuthReason::Missing => "missing",
            AuthReason::Malformed => "malformed",
            AuthReason::Signature => "signature",
            AuthReason::Algorithm => "algorithm",
            AuthReason::Key => "key",
            AuthReason::Expired => "expired",
            AuthReason::NotYet => "notYet",
            AuthReason::Lifetime => "lifetime",
            AuthReason::Issuer => "issuer",
            AuthReason::Audience => "audience",
            AuthReason::Type => "type",
            AuthReason::Critical => "critical",
            AuthReason::Duplicate => "duplicate",
            AuthReason::Revoked => "revoked",
        }
    }
}

impl Refusal {
    pub(crate) fn new(kind: Kind) -> Self {
        Refusal(Box::new(kind))
    }

    /// The object is not the caller's, or there is none. Outside both look the same (P39).
    pub fn object(resource: &'static str, id: &str, forbidden: bool, existed: bool) -> Self {
        Refusal::new(Kind::Object {
            resource,
            hash: crate::events::hash_object(resource, id),
            forbidden,
            existed,
        })
    }

    /// A guard that needs a caller has none: 403. Not reached after `enter`, which refuses first.
    pub fn no_caller() -> Self {
        Refusal::new(Kind::Denied)
    }

    /// A caller whose token names no tenant asked for rows that belong to tenants: 403.
    pub fn no_tenant() -> Self {
        Refusal::new(Kind::Denied)
    }

    /// An answer declared as `application/problem+json`, e.g. 404 or 409 by the handler's own finding.
    pub fn declared(status: u16) -> Self {
        Refusal::new(Kind::Declared(status))
    }
}

/// What a handler or a loader may fail with that the document does not declare. Always a 500 outside (501 for what is not
/// written yet); the cause goes to the log. Not `std::error::Error` itself, so that `?` takes any error.
pub struct Fault(FaultKind);

enum FaultKind {
    Failed(Box<dyn std::error::Error + Send + Sync>),
    Store(StoreError),
    Unwritten(&'static str),
    #[cfg(feature = "testing")]
    Reached,
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Fault {
    fn from(error: E) -> Self {
        Fault(FaultKind::Failed(Box::new(error)))
    }
}

impl Fault {
    /// A fault that is not an error value of some library.
    pub fn new(text: impl Into<String>) -> Self {
        Fault(FaultKind::Failed(text.into().into()))
    }

    /// Nothing could be remembered: 503.
    pub(crate) fn store(trouble: StoreError) -> Self {
        Fault(FaultKind::Store(trouble))
    }

    /// For stubs: answers 501 after every guard (ruling 6).
    pub fn unwritten(what: &'static str) -> Self {
        Fault(FaultKind::Unwritten(what))
    }

    /// For the probe of the attacks: answers 599, so that refused means not reached.
    #[cfg(feature = "testing")]
    pub fn reached() -> Self {
        Fault(FaultKind::Reached)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::new(match fault.0 {
            FaultKind::Failed(error) => Kind::Fault(error.to_string()),
            FaultKind::Store(trouble) => Kind::Store(trouble),
            FaultKind::Unwritten(what) => Kind::Unwritten {
                what: what.to_owned(),
            },
            #[cfg(feature = "testing")]
            FaultKind::Reached => Kind::Reached,
        })
    }
}
