//! What one operation asks of a request, and of its caller.

use crate::grants::Grants;
use crate::input::{Field, Input};
use crate::schema::Schema;

use super::RoleSet;

/// What must hold before the handler of one operation is reached.
///
/// Stated as a difference to what all operations of the service share: `BASE.of("getUser", "GET", "/users/{userId}")`, and
/// then what is its own, a call each. What is not stated is refused: nobody may call, and nothing may be sent.
pub struct Policy {
    /// `operationId`.
    pub operation: &'static str,
    pub method: &'static str,
    /// The template with the mount: `/v1/users/{userId}`.
    pub route: &'static str,
    pub access: Access,
    /// Of a caller; of nobody nothing is asked.
    pub step_up: StepUp,
    /// Indexes into `Spec::quotas`.
    pub quotas: &'static [usize],
    pub input: Input,
    /// `None`: a request body is refused.
    pub body: Option<Body>,
    /// Media types of the declared answers, without problems.
    pub produces: &'static [&'static str],
    /// Bytes.
    pub body_limit: usize,
    /// Milliseconds, for the whole body (ruling 92).
    pub body_timeout: u64,
    /// Milliseconds.
    pub handler_timeout: u64,
}

pub enum Access {
    /// 403 for every caller; nothing else is done (ruling 7).
    Denied,
    /// Credentials are not looked at (ruling 40).
    Public,
    /// As `AnyOf`, but who presents nothing is let in too, and is nobody.
    Optional(&'static [Need]),
    Caller(Need),
    /// Alternatives, in document order: the first that holds wholly is taken.
    AnyOf(&'static [Need]),
}

impl Access {
    /// What `security` and `access` ask of the caller. None: nobody is asked for anything.
    pub(crate) fn needs(&'static self) -> Needs {
        Needs(match self {
            Access::Denied | Access::Public => &[],
            Access::Caller(need) => std::slice::from_ref(need),
            Access::Optional(needs) | Access::AnyOf(needs) => needs,
        })
    }
}

/// When and how the caller must have authenticated (RFC 9470).
#[derive(Debug)]
pub struct StepUp {
    /// At most so many seconds ago.
    pub fresh: Option<u64>,
    /// In one of these classes; empty: in any.
    pub acr: &'static [&'static str],
}

/// All of it must hold.
#[derive(Debug)]
pub struct Need {
    /// Who of them says who the caller is (ruling 26).
    caller: [Credential; 1],
    /// In document order; empty: the caller's alone.
    together: &'static [Credential],
    /// Of each set, one role; of all that the credentials give together.
    pub(crate) roles: &'static [RoleSet],
    /// All of them, likewise.
    pub(crate) scopes: &'static [&'static str],
}

/// A security scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A bearer token: index into `Spec::schemes`.
    Token(usize),
    /// An API key: index into `Spec::keys`.
    Key(usize),
    /// A user and a password: index into `Spec::passwords`.
    Password(usize),
    /// A client's certificate: index into `Tls::certificates`.
    Certificate(usize),
}

/// Alternatives in document order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs(pub &'static [Need]);

impl Needs {
    /// Every scheme once, in document order.
    pub fn credentials(self) -> impl Iterator<Item = Credential> {
        let all = move |upto: usize| {
            let whole = self.0.iter().take(upto);
            whole.flat_map(Need::credentials).copied()
        };
        self.0.iter().enumerate().flat_map(move |(at, need)| {
            let own = need.credentials().iter().copied();
            own.filter(move |one| all(at).all(|before| before != *one))
        })
    }
}

pub struct Body {
    pub required: bool,
    /// How it may be written; each says the same.
    pub media: &'static [Media],
    /// As how many parts, at most.
    pub parts: usize,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Json,
    /// What a page's form sends.
    Form,
    /// What it sends when there are files in it.
    Multipart,
    /// One value, spelled as in a parameter.
    Text,
    /// One file, and nothing that is said of it.
    Octets,
}

impl Media {
    /// As `Content-Type` says it.
    pub const fn name(self) -> &'static str {
        match self {
            Media::Json => JSON,
            Media::Form => "application/x-www-form-urlencoded",
            Media::Multipart => "multipart/form-data",
            Media::Text => "text/plain",
            Media::Octets => "application/octet-stream",
        }
    }
}

impl Policy {
    /// Denied to everyone, and nothing may be sent. Times in milliseconds, the limit in bytes.
    pub const fn base(body_limit: usize, body_timeout: u64, handler_timeout: u64) -> Self {
        Policy {
            operation: "",
            method: "",
            route: "",
            access: Access::Denied,
            step_up: StepUp {
                fresh: None,
                acr: &[],
            },
            quotas: &[],
            input: Input {
                path: &[],
                query: &[],
                header: &[],
                credentials: &[],
                body: None,
                body_required: false,
            },
            body: None,
            produces: &[],
            body_limit,
            body_timeout,
            handler_timeout,
        }
    }

    /// Of one operation: its id, its method and its route.
    pub const fn of(
        mut self,
        operation: &'static str,
        method: &'static str,
        route: &'static str,
    ) -> Self {
        self.operation = operation;
        self.method = method;
        self.route = route;
        self
    }

    /// Who may call.
    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// For how many seconds an authentication counts.
    pub const fn fresh(mut self, seconds: u64) -> Self {
        self.step_up.fresh = Some(seconds);
        self
    }

    /// How the caller must have authenticated: in one of these classes.
    pub const fn acr(mut self, classes: &'static [&'static str]) -> Self {
        self.step_up.acr = classes;
        self
    }

    /// What counts calls: indexes into `Spec::quotas`.
    pub const fn quotas(mut self, quotas: &'static [usize]) -> Self {
        self.quotas = quotas;
        self
    }

    /// Parameters of the path, in the order in which they stand there.
    pub const fn path(mut self, fields: &'static [Field]) -> Self {
        self.input.path = fields;
        self
    }

    pub const fn query(mut self, fields: &'static [Field]) -> Self {
        self.input.query = fields;
        self
    }

    pub const fn header(mut self, fields: &'static [Field]) -> Self {
        self.input.header = fields;
        self
    }

    /// Parameters of the query that are API keys.
    pub const fn keys_in_query(mut self, names: &'static [&'static str]) -> Self {
        self.input.credentials = names;
        self
    }

    /// A JSON body that must be there.
    pub const fn body(self, schema: Schema) -> Self {
        self.body_in(schema, true, &[Media::Json])
    }

    /// A JSON body that may be absent.
    pub const fn optional_body(self, schema: Schema) -> Self {
        self.body_in(schema, false, &[Media::Json])
    }

    /// A body that must be there, written in one of these ways.
    pub const fn body_as(self, media: &'static [Media], schema: Schema) -> Self {
        self.body_in(schema, true, media)
    }

    /// A body that may be absent, written in one of these ways.
    pub const fn optional_body_as(self, media: &'static [Media], schema: Schema) -> Self {
        self.body_in(schema, false, media)
    }

    const fn body_in(mut self, schema: Schema, required: bool, media: &'static [Media]) -> Self {
        self.input.body = Some(schema);
        self.input.body_required = required;
        self.body = Some(Body {
            required,
            media,
            parts: 0,
        });
        self
    }

    /// As how many parts the body may come.
    pub const fn parts(mut self, most: usize) -> Self {
        if let Some(body) = &mut self.body {
            body.parts = most;
        }
        self
    }

    /// Some declared answer is JSON.
    pub const fn json(mut self) -> Self {
        self.produces = &[JSON];
        self
    }

    /// The media types of the declared answers, where some are not JSON.
    pub const fn produces(mut self, types: &'static [&'static str]) -> Self {
        self.produces = types;
        self
    }

    /// Another limit for the body than all operations share, in bytes.
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Another time for the body, in milliseconds.
    pub const fn body_timeout(mut self, milliseconds: u64) -> Self {
        self.body_timeout = milliseconds;
        self
    }

    /// Another time for the handler, in milliseconds.
    pub const fn handler_timeout(mut self, milliseconds: u64) -> Self {
        self.handler_timeout = milliseconds;
        self
    }

    /// What a caller with these roles holds before it is known what the call is about: nothing is theirs yet.
    pub const fn grants(&self, roles: RoleSet) -> Grants {
        Grants {
            roles,
            owner: false,
            creating: matches!(self.method.as_bytes(), b"POST"),
        }
    }
}

const JSON: &str = "application/json";

impl Need {
    /// Callers with a token of the scheme at this index.
    pub const fn scheme(scheme: usize) -> Self {
        Need::of(Credential::Token(scheme))
    }

    /// Callers with an API key of the scheme at this index of `Spec::keys`.
    pub const fn key(scheme: usize) -> Self {
        Need::of(Credential::Key(scheme))
    }

    /// Callers with a password of the scheme at this index of `Spec::passwords`.
    pub const fn password(scheme: usize) -> Self {
        Need::of(Credential::Password(scheme))
    }

    /// Callers with a certificate of the scheme at this index of `Tls::certificates`.
    pub const fn certificate(scheme: usize) -> Self {
        Need::of(Credential::Certificate(scheme))
    }

    const fn of(caller: Credential) -> Self {
        Need {
            caller: [caller],
            together: &[],
            roles: &[],
            scopes: &[],
        }
    }

    /// All of these are needed, in document order; the caller's is among them and is named again.
    pub const fn together(mut self, all: &'static [Credential]) -> Self {
        self.together = all;
        self
    }

    pub const fn roles(mut self, roles: &'static [RoleSet]) -> Self {
        self.roles = roles;
        self
    }

    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// In document order; never empty.
    pub(crate) fn credentials(&self) -> &[Credential] {
        match self.together {
            [] => &self.caller,
            all => all,
        }
    }

    pub(crate) fn caller(&self) -> Credential {
        let [caller] = self.caller;
        caller
    }
}
