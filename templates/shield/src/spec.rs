//! What generated code tells the shield: constants, built once, read on every request.
//!
//! Everything here is `'static` data. `api/src/spec.rs` of a generated project holds the one [`Spec`] of the service and
//! each operation file its [`Policy`].

use crate::input::Input;

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
    pub schemes: &'static [Scheme],
    pub quotas: &'static [Quota],
    pub cors: Option<Cors>,
    pub limits: Limits,
    /// All paths, as a tree of segments.
    pub routes: &'static Route,
    /// All operations; `Route::methods` point here.
    pub operations: &'static [&'static Policy],
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
    All,
    /// Charged by generated code after validation, with [`crate::Shield::charge_input`].
    Input,
}

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

/// A node of the tree of paths. Literals are matched first, with backtracking; both on raw, undecoded segments.
pub struct Route {
    /// Sorted by name.
    pub literals: &'static [(&'static str, Route)],
    pub param: Option<&'static Route>,
    /// Method name and index into `Spec::operations`. Empty: no path ends here.
    pub methods: &'static [(&'static str, usize)],
}

/// What must hold before the handler of one operation is reached.
pub struct Policy {
    /// `operationId`.
    pub operation: &'static str,
    pub method: &'static str,
    /// The template with the mount: `/v1/users/{userId}`.
    pub route: &'static str,
    pub access: Access,
    /// Indexes into `Spec::quotas`.
    pub quotas: &'static [usize],
    pub input: &'static Input,
    /// `None`: a request body is refused.
    pub body: Option<Body>,
    /// Media types of the declared answers, without problems.
    pub produces: &'static [&'static str],
    /// Milliseconds.
    pub handler_timeout: u64,
}

pub enum Access {
    /// 403 for every caller; nothing else is done (ruling 7).
    Denied,
    /// Credentials are not looked at (ruling 40).
    Public,
    Caller(Need),
}

/// All of it must hold.
pub struct Need {
    /// Index into `Spec::schemes`.
    pub scheme: usize,
    /// Of each set, one role.
    pub roles: &'static [RoleSet],
    /// All of them.
    pub scopes: &'static [&'static str],
}

pub struct Body {
    pub required: bool,
    /// Bytes.
    pub limit: usize,
    /// Milliseconds, for the whole body (ruling 92).
    pub timeout: u64,
    /// `application/json`
    pub media_type: &'static str,
}
