//! How much, how often, and from where.

/// A window of a quota: N pass, N+1 is refused, it ends `window` after the first (rulings 12 to 14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    pub name: String,
    pub limit: u32,
    pub window_seconds: u64,
    pub by: Vec<By>,
    pub failures_only: bool,
    /// What happens when the store does not answer.
    pub on_failure: OnStoreFailure,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnStoreFailure {
    Deny,
    Local,
}

/// One part of the key of a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Ip,
    /// The principal; the address where there is none.
    Subject,
    Tenant,
    ApiKey,
    All,
    /// A required string member of the JSON body, charged after validation.
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

/// Limits of the whole service (`x-security.limits`), defaults filled in.
#[derive(Debug, Clone)]
pub struct Limits {
    pub body_bytes: u64,
    pub uri_bytes: u64,
    pub header_bytes: u64,
    pub header_count: u32,
    pub header_timeout_ms: u64,
    pub body_timeout_ms: u64,
    pub handler_timeout_ms: u64,
    pub connections: u32,
    pub per_ip: u32,
    pub ip_rate: (u32, u64),
    pub concurrency: u32,
    pub json_depth: u32,
    /// Defaults for what the schema leaves open.
    pub string: u64,
    pub array: u64,
    pub object: u64,
}
