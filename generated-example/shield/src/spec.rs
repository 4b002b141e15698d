//! What generated code tells the shield: constants, built once, read on every request.
//!
//! Everything here is `'static` data. `api/src/spec.rs` of a generated project holds the one [`Spec`] of the service and
//! each operation file its [`Policy`].

use crate::grants::Grants;
use crate::input::{Field, Input};
use crate::schema::Schema;

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
}

impl Media {
    /// As `Content-Type` says it.
    pub const fn name(self) -> &'static str {
        match self {
            Media::Json => JSON,
            Media::Form => "application/x-www-form-urlencoded",
            Media::Multipart => "multipart/form-data",
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
