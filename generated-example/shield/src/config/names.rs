//! The names of variables: ours, those of the contract that this version does not serve, and those that look misspelt.

use crate::say::say;
use crate::spec::{Origins, Setting, Spec};

use super::{Config, ConfigError};

/// What this version reads.
pub(crate) const SERVED: [(&str, &str); 9] = [
    (
        "APP_ENV",
        "production (default) or development (debug builds)",
    ),
    (
        "APP_LISTEN",
        "address and port, default 127.0.0.1:8080; production without TLS: loopback only",
    ),
    (
        "APP_TLS_CERT",
        "with `tls: terminate`: certificate and its chain, PEM",
    ),
    ("APP_TLS_KEY", "with `tls: terminate`: its private key, PEM"),
    (
        "APP_TLS_CLIENT_CA",
        "with `mutualTLS`: who signs the certificates of clients, PEM",
    ),
    (
        "APP_STORE",
        "where revocations are kept: memory or file:DIR; production must say so",
    ),
    (
        "APP_INSTANCES",
        "how many processes serve: 1, as they cannot share the store",
    ),
    (
        "APP_ADMIN",
        "socket for `revoke`, default unix:./data/admin.sock",
    ),
    (
        "APP_LOG",
        "where security events go: stdout (default) or file:PATH",
    ),
];

/// What later versions read. To ignore them could leave a service open that somebody believes closed.
const UNSERVED: [&str; 1] = ["APP_PROBES"];

pub(super) fn refuse_unserved(config: &Config) -> Result<(), ConfigError> {
    let set = |name: &str| config.values.contains_key(name) || config.unreadable.contains(name);
    for name in UNSERVED {
        for name in [name.to_owned(), format!("{name}_FILE")] {
            if set(&name) {
                return Err(ConfigError::new(
                    name,
                    "is not served by this version; unset it",
                ));
            }
        }
    }
    Ok(())
}

/// Misspelt names refuse, others that begin like ours are told to the person who starts the service.
pub(super) fn check(config: &Config, spec: &Spec) -> Result<(), ConfigError> {
    let ours: Vec<&str> = SERVED.iter().map(|(name, _)| *name).collect();
    let document = of_document(spec);
    for name in config.values.keys().chain(&config.unreadable) {
        let base = name.strip_suffix("_FILE").unwrap_or(name);
        let known = |name: &str| ours.contains(&name) || document.contains(&name);
        if !name.starts_with("APP_") || known(name) || known(base) {
            continue;
        }
        let near = ours
            .iter()
            .chain(&document)
            .chain(&UNSERVED)
            .find(|known| within(base, known, 2));
        match near {
            Some(near) => {
                return Err(ConfigError::new(
                    name,
                    format!("is no variable of this service; is {near} meant?"),
                ));
            }
            None => say!("warning: {name}: is no variable of this service"),
        }
    }
    Ok(())
}

/// Variables that the document names, each once, in its order.
pub(crate) fn of_document(spec: &Spec) -> Vec<&'static str> {
    let mut names = Vec::new();
    let mut add = |setting: &Setting| {
        if let Setting::Env(name) = setting
            && !names.contains(name)
        {
            names.push(*name);
        }
    };
    for scheme in spec.schemes {
        add(&scheme.issuer);
        scheme.audience.iter().for_each(&mut add);
        add(&scheme.keys);
    }
    spec.keys.iter().for_each(|scheme| add(&scheme.keys));
    if let Some(Origins::Env(name)) = spec.cors.as_ref().map(|cors| &cors.origins) {
        add(&Setting::Env(name));
    }
    names
}

/// Whether the document refers to Vault.
pub(crate) fn refers_to_vault(spec: &Spec) -> bool {
    let is = |setting: &Setting| matches!(setting, Setting::Vault(_));
    let schemes = spec
        .schemes
        .iter()
        .any(|scheme| is(&scheme.issuer) || is(&scheme.keys) || scheme.audience.iter().any(is));
    schemes || spec.keys.iter().any(|scheme| is(&scheme.keys))
}

/// Whether at most `limit` insertions, deletions or replacements lead from `a` to `b`.
fn within(a: &str, b: &str, limit: usize) -> bool {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (to, pair) in b.chars().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = (above + 1)
                .min(left + 1)
                .min(diagonal + usize::from(from != to));
            next.push(left);
        }
        row = next;
    }
    row.last().is_some_and(|edits| *edits <= limit)
}
