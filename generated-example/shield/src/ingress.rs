//! What is checked before anybody knows which operation is meant: framing, sizes, Host (P72, P73, P78; rulings 34, 35).
//!
//! Controls in field values need no check here: hyper refuses them, and a `HeaderValue` cannot hold them.

use http::Version;
use http::header::{CONTENT_LENGTH, HOST, HeaderMap, TRANSFER_ENCODING};
use http::request::Parts;

use crate::refusal::{Kind, Refusal};
use crate::spec::Limits;
use crate::wire::Wire;

/// Why a head is refused, and whether what follows on the connection can still be told apart.
pub(crate) struct Bad {
    pub refusal: Refusal,
    pub close: bool,
}

pub(crate) fn check(head: &Parts, limits: &Limits, wire: Option<&Wire>) -> Result<(), Bad> {
    let malformed = |close| Bad {
        refusal: Refusal::new(Kind::Malformed {
            code: "syntax",
            errors: Vec::new(),
        }),
        close,
    };
    // guard: framing, of the service
    if !framing(&head.headers, wire) {
        return Err(malformed(true));
    }
    // guard: uri-length, of the service
    if target_length(&head.uri) > limits.uri {
        return Err(Bad {
            refusal: Refusal::new(Kind::UriTooLong),
            close: false,
        });
    }
    let too_large = || Bad {
        refusal: Refusal::new(Kind::HeadersTooLarge),
        close: false,
    };
    // guard: header-count, of the service
    if head.headers.len() > limits.header_count {
        return Err(too_large());
    }
    // guard: header-bytes, of the service
    if header_bytes(&head.headers) > limits.header_bytes {
        return Err(too_large());
    }
    // guard: host, of the service
    if !host(head) {
        return Err(malformed(false));
    }
    Ok(())
}

/// Whether there is one way only to tell where the body ends.
fn framing(headers: &HeaderMap, wire: Option<&Wire>) -> bool {
    let lengths = headers.get_all(CONTENT_LENGTH).iter().count();
    let hidden = wire.is_some_and(|wire| wire.account(lengths));
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    match (encodings.next(), encodings.next()) {
        (None, _) => lengths <= 1,
        (Some(encoding), None) => {
            lengths == 0
                && !hidden
                && encoding
                    .as_bytes()
                    .trim_ascii()
                    .eq_ignore_ascii_case(b"chunked")
        }
        (Some(_), Some(_)) => false,
    }
}

/// Bytes of the request target as it was sent.
fn target_length(uri: &http::Uri) -> usize {
    let origin = uri.path_and_query().map_or(0, |path| path.as_str().len());
    let authority = uri
        .authority()
        .map_or(0, |authority| authority.as_str().len());
    origin + authority + uri.scheme_str().map_or(0, |scheme| scheme.len() + 3)
}

/// Bytes of the field lines: `name: value` and the end of line.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

/// One Host that is a host; a target in absolute form names the same.
fn host(head: &Parts) -> bool {
    let mut given = head.headers.get_all(HOST).iter();
    let authority = head.uri.authority().map(http::uri::Authority::as_str);
    match (given.next(), given.next(), authority) {
        (Some(host), None, None) => is_host(host.as_bytes()),
        (Some(host), None, Some(authority)) => {
            is_host(host.as_bytes()) && authority.as_bytes().eq_ignore_ascii_case(host.as_bytes())
        }
        // HTTP/2 has `:authority` instead; that is for mounted services only.
        (None, _, Some(authority)) => {
            head.version > Version::HTTP_11 && is_host(authority.as_bytes())
        }
        _ => false,
    }
}

/// `name`, `address` or `[address]`, with or without a port (RFC 9110 §7.2); no user, no percent.
fn is_host(text: &[u8]) -> bool {
    let (host, port) = match text.strip_prefix(b"[") {
        Some(rest) => {
            let Some(end) = rest.iter().position(|byte| *byte == b']') else {
                return false;
            };
            let (address, after) = rest.split_at(end);
            let is_address = std::str::from_utf8(address)
                .is_ok_and(|text| text.parse::<std::net::Ipv6Addr>().is_ok());
            if !is_address {
                return false;
            }
            (None, after.get(1..).unwrap_or_default())
        }
        None => {
            let end = text
                .iter()
                .position(|byte| *byte == b':')
                .unwrap_or(text.len());
            let (host, port) = text.split_at(end);
            (Some(host), port)
        }
    };
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let is_name = host.is_none_or(|host| (1..=253).contains(&host.len()) && host.iter().all(name));
    let is_port = match port.strip_prefix(b":") {
        Some(port) => (1..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit),
        None => port.is_empty(),
    };
    is_name && is_port
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn hosts() {
        for good in [
            "a",
            "localhost:8080",
            "users.example.com",
            "127.0.0.1",
            "[::1]",
            "[2001:db8::1]:443",
            "A_b-c.d",
        ] {
            assert!(is_host(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            ":80",
            "a:",
            "a:b",
            "a:123456",
            "u@a",
            "a/b",
            "a b",
            "[::1",
            "[::1]x",
            "[1.2.3.4]",
            "a,b",
            "a%2eb",
            "a\tb",
        ] {
            assert!(!is_host(bad.as_bytes()), "{bad}");
        }
    }
}
