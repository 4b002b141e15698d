//! Addresses: URIs by RFC 3986, and those of IPv4 and IPv6 (P60).

use std::net::{Ipv4Addr, Ipv6Addr};

/// Four numbers of at most 255 without zeros in front (RFC 3986 §3.2.2): what one reader takes for octal is none.
pub(super) fn ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// RFC 4291 §2.2, without brackets and zone.
pub(super) fn ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// RFC 3986 `URI`: with a scheme, in ASCII.
pub(super) fn uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            rest.split_at(end)
        }
        None => ("", rest),
    };
    is_scheme(scheme)
        && is_authority(authority)
        && made_of(path, b":@/")
        && made_of(query, b":@/?")
        && made_of(fragment, b":@/?")
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// `[userinfo "@"] host [":" port]`
fn is_authority(text: &str) -> bool {
    let (user, host) = text.split_once('@').unwrap_or(("", text));
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((literal, port)) = rest.split_once(']') else {
                return false;
            };
            if !(ipv6(literal) || is_future(literal)) {
                return false;
            }
            match port.strip_prefix(':') {
                Some(port) => ("", port),
                None if port.is_empty() => ("", ""),
                None => return false,
            }
        }
        None => host.split_once(':').unwrap_or((host, "")),
    };
    made_of(user, b":") && made_of(host, b"") && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// `IPvFuture`: `v1.x`.
fn is_future(text: &str) -> bool {
    let Some((version, address)) = text
        .strip_prefix(['v', 'V'])
        .and_then(|rest| rest.split_once('.'))
    else {
        return false;
    };
    !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !address.is_empty()
        && !address.contains('%')
        && made_of(address, b":")
}

/// Unreserved characters, sub-delimiters, `%XX` and those in `more`.
fn made_of(text: &str, more: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let plain = byte.is_ascii_alphanumeric()
            || b"-._~!$&'()*+,;=".contains(&byte)
            || more.contains(&byte);
        let mut hexadecimal = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        if !(plain || byte == b'%' && hexadecimal() && hexadecimal()) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    // requirement: P60
    #[test]
    fn uris() {
        for good in [
            "http://foo.bar/?baz=qux#quux",
            "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com",
            "ldap://[2001:db8::7]/c=GB?objectClass?one",
            "mailto:John.Doe@example.com",
            "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
            "http://999.999.999.999/",
            "http://[v1.a:b]:80/",
            "http://example.com:",
            "file:///etc/hosts",
            "a:",
            "a:b//c",
            "x+y-z.1:/",
        ] {
            assert!(uri(good), "{good}");
        }
        for bad in [
            "",
            ":",
            "abc",
            "//foo.bar/",
            "/abc",
            "1http://example.com",
            "ht_tp://example.com",
            "http:// x",
            "http://a/b c",
            "http://a/%6G",
            "http://a/%A",
            "http://a/%",
            "http://a/®",
            "http://a/\\",
            "http://a/\"",
            "http://a/<>",
            "http://a/[]",
            "http://a/#b#c",
            "http://a@b@c/",
            "http://[@example.org/",
            "http://[::1",
            "http://[::1]x",
            "http://[::ffff:01.2.3.4]",
            "http://[v.a]",
            "http://[v1.]",
            "http://[v1.%41]",
            "http:/[::1]",
            "http://example.com:abc/path",
            "http://example.com:80:80/",
            "http://a/\n",
        ] {
            assert!(!uri(bad), "{bad}");
        }
    }

    // requirement: P60
    #[test]
    fn addresses() {
        for good in ["0.0.0.0", "192.168.0.1", "255.255.255.255"] {
            assert!(ipv4(good), "{good}");
        }
        for bad in [
            "",
            "127.1",
            "256.0.0.1",
            "087.10.0.1",
            "1.2.3.4.5",
            " 1.2.3.4",
            "1.2.3.4\n",
            "0x7f.0.0.1",
            "2130706433",
            "1২7.0.0.1",
            "1.2.3.4/24",
            "+1.2.3.4",
            "::1",
        ] {
            assert!(!ipv4(bad), "{bad}");
        }
        for good in [
            "::",
            "::1",
            "1:d6::42",
            "1:2:3:4:5:6:7:8",
            "::ffff:192.168.0.1",
        ] {
            assert!(ipv6(good), "{good}");
        }
        for bad in [
            "",
            ":::",
            "12345::",
            "1::d6::42",
            "1:2:3:4:5:6:7",
            "127.0.0.1",
            "fe80::a%eth1",
            "[::1]",
            "::1 ",
            "::ffff:192.168.0.01",
            "fe80::/64",
        ] {
            assert!(!ipv6(bad), "{bad}");
        }
    }
}
