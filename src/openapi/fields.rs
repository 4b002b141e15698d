//! Names of header fields.

/// Fields that the service reads itself, or that no handler may see.
pub const RESERVED: &[&str] = &[
    "accept",
    "content-type",
    "authorization",
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "cookie",
    "origin",
    "expect",
    "upgrade",
    "te",
    "trailer",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "proxy-authorization",
    "content-encoding",
];

/// A token (RFC 9110 §5.6.2); names of cookies are tokens, too (RFC 6265 §4.1.1).
pub fn is_name(text: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(token)
}
