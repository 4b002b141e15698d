//! Security events: one JSON object a line, in OCSF (P102 to P107, ruling 69).
//!
//! What is written is the service's own words, names of the document, and of the caller: address, user agent, issuer
//! and subject of a verified token. Never a token, a cookie, a body, a query or a raw path (P106).

mod line;
mod phrases;
mod sink;

use std::net::IpAddr;

pub(crate) use line::{Class, Event, Subject};
pub(crate) use phrases::Phrases;
pub(crate) use sink::{Events, append};

/// Hex digits of a hash that stands for an object.
const DIGITS: usize = 16;

/// Stands for an object in the events: the same object gives the same digits, the id cannot be read back from a guess
/// less than the whole of it (P39).
pub(crate) fn hash_object(resource: &str, id: &str) -> String {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    context.update(resource.as_bytes());
    context.update(&[0]);
    context.update(id.as_bytes());
    let mut text = String::with_capacity(DIGITS);
    for byte in context.finish().as_ref().iter().take(DIGITS / 2) {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}

/// The request an event is about, where there is one.
pub(crate) struct About<'a> {
    pub address: Option<IpAddr>,
    pub user_agent: Option<&'a [u8]>,
    pub method: &'a str,
    /// Index into `Spec::operations`.
    pub operation: Option<usize>,
    pub subject: Option<Subject<'a>>,
    /// 0: there was no answer.
    pub status: u16,
    pub latency_ms: u64,
}

impl About<'_> {
    /// No request at all.
    pub(crate) const fn nothing() -> Self {
        About {
            address: None,
            user_agent: None,
            method: "",
            operation: None,
            subject: None,
            status: 0,
            latency_ms: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::hash_object;

    #[test]
    fn objects_are_told_apart() {
        // printf 'User\0u1' | sha256sum
        assert_eq!(hash_object("User", "u1"), "f45a75cf2c943b13");
        assert_ne!(hash_object("User", "1"), hash_object("Use", "r1"));
    }
}
