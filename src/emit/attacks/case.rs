//! An attack: what is sent, with which token, and what must come back. [`super::change`] makes a line of `cases.jsonl` of it.

use crate::plan::Media;
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Answer of the probe's handlers: the request got through every guard.
pub const REACHED: u16 = 599;

/// One request that must be refused, or, as a control, must be let in.
#[derive(Debug, Clone)]
pub struct Case {
    pub kind: &'static str,
    pub name: String,
    /// Requests sent before the one that is judged.
    pub before: Option<Before>,
    /// Seconds that pass then.
    pub wait: Option<u64>,
    /// What the service is told then.
    pub prepare: Option<Prepare>,
    pub sent: Sent,
    pub expect: Expect,
}

/// What happens to a service before the request that is judged.
#[derive(Debug, Clone)]
pub enum Prepare {
    /// A name is revoked, of the kind that comes first.
    Revoke(&'static str, String),
    /// Its store does not answer any more.
    NoStore,
    /// What its handler does from then on: `panic`, `fault` or `hang`.
    Handler(&'static str),
    /// So many connections are open, and nothing is said in them.
    Open(u32),
    /// So many requests to an operation are worked on and do not end, and of so many places besides the service is told that
    /// they are taken.
    Crowd {
        of: String,
        times: u32,
        besides: u32,
    },
    /// Another loop than the shield's hands it what comes.
    Mounted,
}

/// A request and who sends it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub request: Request,
    /// Anonymous without.
    pub token: Option<Rc<Token>>,
}

/// The same request several times, all answered with `status`.
#[derive(Debug, Clone)]
pub struct Before {
    pub times: u32,
    pub status: u16,
    /// All at once; then at most so many are answered with `status`, and the others with 429.
    pub at_most: Option<u32>,
    /// The handlers answer what the document declares as a failure.
    pub failing: bool,
    /// What happens before these.
    pub first: Option<Box<Before>>,
    /// Seconds that pass after them.
    pub wait: Option<u64>,
    pub sent: Sent,
}

/// What a request carries.
#[derive(Debug, Clone)]
pub enum Body {
    /// The plainest value, or one made from it.
    Json(Rc<Value>),
    /// Whatever it is.
    Text(String),
    /// Texts, and how often each stands there.
    Runs(Vec<(String, u64)>),
    /// Bytes that are no UTF-8, in hexadecimal.
    Hex(&'static str),
}

#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Body>,
    /// How a value is written; text is sent as it is.
    pub written: Option<Media>,
    /// In the body, [`LEXEME`] stands for this number, sent as it is written here.
    pub lexeme: Option<Cow<'static, str>>,
    /// Fill the body with spaces up to so many bytes.
    pub pad: Option<u64>,
    /// Send the body in chunks, without a declared length.
    pub chunked: bool,
    /// Declare this length and send no byte of it.
    pub declare: Option<u64>,
    /// Without the field `Host`.
    pub no_host: bool,
}

/// Stands in a body for a number that must be sent as it is written.
pub const LEXEME: &str = "palisade-lexeme";

/// Credentials: a token as the runner signs it, and API keys. A string `@now+60` stands for a time in seconds.
#[derive(Debug, Clone, Serialize)]
pub struct Token {
    /// Index into the manifest's `schemes`; none: there is no token, the keys are all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<usize>,
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    pub key: Key,
    /// Text put before the closing brace of the header or the claims: duplicate members.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub more_header: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub more_claims: String,
    /// Text put behind the signed token.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tail: String,
    /// Another spelling of the signature, which a careless decoder takes for the same: `bits`, `blank` or `tab`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub respelled: &'static str,
    /// API keys that are sent besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<ApiKey>,
    /// Index into the declared callers: whose token it was before it was changed.
    #[serde(skip)]
    pub caller: usize,
}

/// An API key or a password as it is sent: `header`, `query` or `cookie`, a name, and the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiKey(pub &'static str, pub String, pub String);

/// What signs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// The key the service trusts.
    Ours,
    /// A key of the same kind that it does not trust.
    Other,
    /// HMAC with the text of the public key as the secret (key confusion).
    PublicText,
    /// No signature.
    Nothing,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Expect {
    /// The declared outcome that this one began as: only what differs from it is written.
    #[serde(skip)]
    pub of: Option<&'static str>,
    /// One of these. [`REACHED`] means that the handler of the operation, and no other, was reached; every other status
    /// that none was.
    pub status: Vec<u16>,
    /// Top-level `code` of the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// `errors` of the problem, all of them unless `more`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Violation>,
    /// There may be further `errors`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<&'static str, Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// Whether `RateLimit` and `RateLimit-Policy` are there (ruling 15); not looked at when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limited: Option<Limited>,
    /// The limit that refuses (P79).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    /// Another request whose answer must be the same, apart from `instance`.
    #[serde(skip)]
    pub same_as: Option<Box<Sent>>,
    /// Answered below the shield: the header set is not looked at (ruling 34).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub bare: bool,
    /// The connection ends without an answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Text that must be in no answer and in no event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never: Option<&'static str>,
    /// The handler answers, and of that these members arrive: objects by name, lists row by row, `true` for other values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<Value>,
}

/// Whether the fields of limits are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limited {
    /// When the operation is limited.
    Declared,
    #[serde(untagged)]
    Is(bool),
}

/// An entry of `errors` (rulings 10 and 11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    #[serde(rename = "in")]
    pub place: &'static str,
    pub pointer: String,
    /// Not looked at when the rulings leave it open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'static, str>>,
}

/// What a header field of the answer must be.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Is(String),
    Absent,
    /// Contains all of the first, none of the second.
    Holds(Vec<String>, Vec<String>),
    /// A comma-separated list of exactly these, in any order.
    Set(Vec<String>),
}

/// An event line that must have been written.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Quota {
    pub name: String,
    pub limit: u32,
    pub window: u64,
}

impl Expect {
    pub fn status(status: u16) -> Self {
        Expect {
            status: vec![status],
            ..Self::default()
        }
    }

    pub fn any(status: &[u16]) -> Self {
        Expect {
            status: status.to_vec(),
            ..Self::default()
        }
    }

    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub fn header(mut self, name: &'static str, field: Field) -> Self {
        self.headers.insert(name, field);
        self
    }

    pub fn event(mut self, code: &'static str, reason: Option<&'static str>) -> Self {
        self.event = Some(Event { code, reason });
        self
    }

    pub fn errors(mut self, errors: Vec<Violation>) -> Self {
        self.errors = errors;
        self
    }

    pub fn limited(mut self, limited: bool) -> Self {
        self.limited = Some(Limited::Is(limited));
        self
    }

    pub fn same_as(mut self, sent: Sent) -> Self {
        self.same_as = Some(Box::new(sent));
        self
    }
}

impl Field {
    pub fn holds(all: &[&str], none: &[&str]) -> Self {
        let own = |list: &[&str]| list.iter().map(|each| (*each).to_owned()).collect();
        Field::Holds(own(all), own(none))
    }
}

impl Violation {
    pub fn body(pointer: impl Into<String>, code: &'static str) -> Self {
        Violation {
            place: "body",
            pointer: pointer.into(),
            code: Some(code.into()),
        }
    }
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with another body.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(Body::Text(body.into()));
        self
    }

    /// The same request with another value as its body.
    pub fn json(mut self, body: Rc<Value>) -> Self {
        self.body = Some(Body::Json(body));
        self
    }

    /// The same request with `name=value`, already percent-encoded, behind the query.
    pub fn query(mut self, pair: &str) -> Self {
        self.target
            .push(if self.target.contains('?') { '&' } else { '?' });
        self.target.push_str(pair);
        self
    }

    /// The same request with this field instead of what it had under that name.
    pub fn replace(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers
            .retain(|(had, _)| !had.eq_ignore_ascii_case(name));
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }
}
