//! Origins of CORS: from the document, from a variable (ruling 32), or local ones while developing.

use std::net::Ipv6Addr;

use crate::say::say;
use crate::spec::{Cors, Origins};

use super::{Config, ConfigError};

/// Where front ends under development usually run.
const LOCAL: [&str; 4] = [
    "http://localhost:3000",
    "http://localhost:5173",
    "http://127.0.0.1:3000",
    "http://127.0.0.1:5173",
];

impl Config {
    /// The origins that may read answers: exact, or the single item `*`. Empty: none, no CORS at all.
    pub fn origins(&self, cors: &Cors) -> Result<Vec<String>, ConfigError> {
        let (name, items) = match &cors.origins {
            Origins::List(items) => (
                "cors.origins",
                items.iter().map(|item| (*item).to_owned()).collect(),
            ),
            Origins::Env(name) => match self.get(name)? {
                Some(text) => (*name, split(&text)),
                None if self.is_production() => return Err(ConfigError::new(*name, "is not set")),
                None => {
                    say!(
                        "{name}: is not set; development allows {}",
                        LOCAL.join(", ")
                    );
                    (*name, LOCAL.map(str::to_owned).to_vec())
                }
            },
        };
        for item in &items {
            if item == "*" {
                if cors.credentials {
                    return Err(ConfigError::new(
                        name,
                        "holds `*`, which cannot go with credentials",
                    ));
                }
                if items.len() > 1 {
                    return Err(ConfigError::new(name, "holds `*` beside other origins"));
                }
            } else if !is_origin(item) {
                return Err(ConfigError::new(
                    name,
                    "holds what is no origin `scheme://host[:port]` in lower case",
                ));
            }
        }
        Ok(items)
    }
}

fn split(text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    text.split(',').map(|item| item.trim().to_owned()).collect()
}

/// As browsers send it (RFC 6454 §6.2): lower case, no path, no default port, so that it can be compared byte for byte.
fn is_origin(text: &str) -> bool {
    let (rest, default) = match text.split_once("://") {
        Some(("https", rest)) => (rest, "443"),
        Some(("http", rest)) => (rest, "80"),
        _ => return false,
    };
    let (host, port) = match rest.strip_prefix('[') {
        Some(rest) => {
            let Some((address, after)) = rest.split_once(']') else {
                return false;
            };
            let canonical = address
                .parse::<Ipv6Addr>()
                .is_ok_and(|parsed| parsed.to_string() == address);
            let port = if after.is_empty() {
                None
            } else {
                after.strip_prefix(':')
            };
            if !canonical || (!after.is_empty() && port.is_none()) {
                return false;
            }
            return port.is_none_or(|port| is_port(port, default));
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    is_host(host) && port.is_none_or(|port| is_port(port, default))
}

fn is_port(text: &str, default: &str) -> bool {
    let number = text
        .parse::<u16>()
        .is_ok_and(|port| port != 0 && port.to_string() == text);
    number && text != default
}

/// Labels of letters, digits and hyphens; other scripts come as punycode.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        };
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}
