//! Where a JWK set, or Vault, is: an address that may be asked, and networks that may not (P26; API7).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;
use http::uri::Scheme;

/// No address of a key set is longer.
const LONGEST: usize = 2048;

/// `https`, or while developing `http` to this machine.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub uri: Uri,
    /// Without the brackets of an IPv6 address.
    pub host: String,
    pub port: u16,
    pub tls: bool,
}

impl Address {
    /// Whether a text is meant to be an address (ruling 1).
    pub fn is_one(text: &str) -> bool {
        let text = text.trim_start();
        text.starts_with("https://") || text.starts_with("http://")
    }

    /// Reads an address. The error is a sentence without its subject, and holds none of `text`.
    pub fn parse(text: &str, production: bool) -> Result<Self, String> {
        Address::parse_as(text, production, "a JWK set")
    }

    /// The same of something else; `of` is for the error.
    pub fn parse_as(text: &str, production: bool, of: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |what: &str| Err(format!("holds an address of {of} that {what}"));
        if text.len() > LONGEST {
            return wrong("is too long");
        }
        // `Uri` drops a fragment without a word.
        if text.contains('#') {
            return wrong("has a fragment");
        }
        let Ok(uri) = text.parse::<Uri>() else {
            return wrong("is no address");
        };
        let Some(authority) = uri.authority() else {
            return wrong("names no host");
        };
        if authority.as_str().contains('@') {
            return wrong("names a user, who would not be asked for");
        }
        let host = authority.host();
        let host = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(host)
            .to_owned();
        if host.is_empty() {
            return wrong("names no host");
        }
        let tls = uri.scheme() == Some(&Scheme::HTTPS);
        if !tls && (production || !is_this_machine(&host)) {
            return wrong("is not https; `http` is for this machine while developing");
        }
        // `Authority::port` knows no port that is too large, and would leave the default to be asked.
        let after = authority.as_str().strip_prefix(authority.host());
        let port = match after.and_then(|after| after.strip_prefix(':')) {
            Some(port) => port.parse().unwrap_or(0),
            None if tls => 443,
            None => 80,
        };
        if port == 0 {
            return wrong("names no port");
        }
        Ok(Address {
            host,
            port,
            tls,
            uri,
        })
    }

    /// Another path at the same place.
    pub fn at(&self, path: &str) -> Option<Self> {
        let mut parts = self.uri.clone().into_parts();
        parts.path_and_query = Some(path.parse().ok()?);
        let uri = Uri::from_parts(parts).ok()?;
        Some(Address {
            uri,
            ..self.clone()
        })
    }

    /// Path and query, as the request line has them.
    pub fn target(&self) -> &str {
        self.uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether an address is one of the public internet: everything else may be a service that trusts its own network. By the
/// registries of special-purpose addresses of IANA (RFC 6890 and what followed).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, loopback, private, former class E with the broadcast address, multicast.
        [0 | 10 | 127 | 224.., ..] => true,
        // Shared by carriers, link-local, private.
        [100, second, ..] => second & 0xc0 == 64,
        [169, 254, ..] | [192, 168, ..] => true,
        [172, second, ..] => second & 0xf0 == 16,
        // IETF assignments, documentation, the former 6to4 relays.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] => true,
        [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Benchmarks.
        [198, 18 | 19, ..] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // Translated to IPv4 (RFC 6052), and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // IETF assignments with Teredo, documentation, segment routing.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // Global unicast is all of 2000::/3, and nothing else.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
