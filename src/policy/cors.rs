//! `cors`: which origins may read answers in a browser.

use super::codes;
use super::gaps;
use super::model::{Cors, Origins, Setting};
use super::reader;
use super::report::Report;
use super::units;
use super::vocabulary::CORS;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place};

/// Reads `x-security.cors`.
pub(super) fn read(node: &Node, report: &mut Report) -> Option<Cors> {
    let map = reader::mapping(node, &CORS, report)?;
    let (credentials, credentials_place) = match map.get("credentials") {
        Some(node) => (
            reader::boolean(node, "`credentials`", report),
            Some(node.place),
        ),
        None => (Some(false), None),
    };
    let with = credentials_place.filter(|_| credentials == Some(true));
    let origins = reader::required(map, "origins", "`cors`", node.place, report)
        .and_then(|node| origins(node, with, report));
    let max_age = match map.get("maxAge") {
        Some(node) => units::seconds(node, "`maxAge`", true, report).map(Some),
        None => Some(None),
    };
    let expose = match map.get("expose") {
        Some(node) => expose(node, report),
        None => Some(Vec::new()),
    };
    Some(Cors {
        origins: origins?,
        credentials: credentials?,
        max_age_seconds: max_age?,
        expose: expose?,
    })
}

fn origins(node: &Node, credentials: Option<Place>, report: &mut Report) -> Option<Origins> {
    if node.as_str().is_some() {
        return match units::setting(node, "`origins`", report)? {
            Setting::Env(name) => Some(Origins::Env(name)),
            Setting::File(_) | Setting::Vault(_) => {
                report.gap(&gaps::CORS_FILE, node.place);
                None
            }
            Setting::Literal(_) => {
                reader::wrong_kind(node, "`origins`", "a list of origins or `env:NAME`", report)
            }
        };
    }
    if node.as_list().is_none() {
        return reader::wrong_kind(node, "`origins`", "a list of origins or `env:NAME`", report);
    }
    let words = reader::words(node, "`origins`", report)?;
    let mut whole = true;
    for (word, place) in &words {
        if *word == "*" {
            if let Some(credentials) = credentials {
                report.push(
                    Diagnostic::new(
                        codes::ORIGIN_ANY,
                        *place,
                        "`*` together with `credentials: true`",
                    )
                    .related(credentials, "here")
                    .help("name the origins"),
                );
                whole = false;
            } else if words.len() > 1 {
                report.error(
                    codes::ORIGIN,
                    *place,
                    "`*` beside other origins",
                    "keep `*`, or name the origins",
                );
                whole = false;
            }
        } else if !is_origin(word) {
            let message = format!("`{word}` is not an origin");
            report.error(
                codes::ORIGIN,
                *place,
                message,
                "write `scheme://host` or `scheme://host:port`, in lower case",
            );
            whole = false;
        }
    }
    whole.then(|| Origins::List(words.iter().map(|(word, _)| (*word).to_owned()).collect()))
}

/// `scheme://host[:port]` exactly as a browser sends it: lower case, no default port, no path.
fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let default = match scheme {
        "https" => "443",
        "http" => "80",
        _ => return false,
    };
    let (host, port) = match authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((v6, "")) => (v6, None),
        Some((v6, rest)) => match rest.strip_prefix(':') {
            Some(port) => (v6, Some(port)),
            None => return false,
        },
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let good_host = if authority.starts_with('[') {
        host.parse::<std::net::Ipv6Addr>()
            .is_ok_and(|address| address.to_string() == host)
    } else {
        !host.is_empty()
            && host
                .split('.')
                .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
            && host.chars().all(|c| {
                c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_')
            })
    };
    let good_port = port.is_none_or(|port| {
        port != default
            && port
                .parse::<u16>()
                .is_ok_and(|number| number > 0 && number.to_string() == port)
    });
    good_host && good_port
}

fn expose(node: &Node, report: &mut Report) -> Option<Vec<String>> {
    reader::list(node, "`expose`", report)?;
    let words = reader::words(node, "`expose`", report)?;
    let mut whole = true;
    for (word, place) in &words {
        if !word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'+-.^_`|~".contains(c))
        {
            let message = format!("`{word}` is not the name of a header field");
            report.error(
                codes::HEADER_NAME,
                *place,
                message,
                "name each field; `*` is not one",
            );
            whole = false;
        }
    }
    whole.then(|| words.iter().map(|(word, _)| (*word).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_exact() {
        for text in [
            "https://a.example",
            "http://localhost:3000",
            "https://[::1]:8443",
            "https://192.0.2.1",
        ] {
            assert!(is_origin(text), "{text}");
        }
        for text in [
            "null",
            "a.example",
            "https://",
            "https://a.example/",
            "https://a.example:443",
            "http://a.example:80",
            "https://A.example",
            "https://*.example",
            "https://a.example:0",
            "https://a.example:",
            "ftp://a.example",
            "https://user@a.example",
            "https://a.example:080",
            "https://[::1",
            "https://[0:0::1]",
            "https://a..b",
        ] {
            assert!(!is_origin(text), "{text}");
        }
    }
}
