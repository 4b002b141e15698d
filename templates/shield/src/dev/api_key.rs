//! The API key of development: one for each scheme, made on first need and readable by its owner only (ruling 71).

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use zeroize::Zeroizing;

use crate::auth::DEVELOPMENT;
use crate::config::ConfigError;
use crate::issue::claims::quoted;
use crate::spec::{KeyScheme, Spec};

use super::file::{create, folder, private};
use super::signer::random;

/// The key for `scheme` in the folder `data`.
pub(crate) fn api_key(data: &Path, scheme: &KeyScheme) -> Result<Zeroizing<String>, ConfigError> {
    let path = data.join(file_name(scheme.name));
    let error = |message: String| ConfigError::new(path.display().to_string(), message);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let alone = private(&path).map_err(|fault| error(failed("read", &fault)))?;
            return if alone {
                Ok(Zeroizing::new(text))
            } else {
                Err(error(
                    "may be read by others than its owner; `chmod 600` it, or delete it to get a new key"
                        .to_owned(),
                ))
            };
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
        Err(fault) => return Err(error(failed("read", &fault))),
    }
    let made = random(32).map_err(|fault| error(fault.to_string()))?;
    let key = Zeroizing::new(format!("{}{made}", scheme.prefix));
    folder(data)
        .and_then(|()| create(&path))
        .and_then(|mut file| file.write_all(key.as_bytes()))
        .map_err(|fault| error(failed("written", &fault)))?;
    Ok(key)
}

/// The list that a variable would hold, of this key alone.
pub(crate) fn list_of_one(key: &str, spec: &Spec) -> String {
    use std::fmt::Write as _;

    let mut text = format!(r#"[{{"id":"{DEVELOPMENT}key","sha256":""#);
    for byte in digest(&SHA256, key.as_bytes()).as_ref() {
        // Writing to a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    let roles: Vec<String> = spec.roles.iter().map(|role| quoted(role.name)).collect();
    let _ = write!(text, r#"","roles":[{}]}}]"#, roles.join(","));
    text
}

fn failed(what: &str, fault: &io::Error) -> String {
    format!("cannot be {what}: {}", fault.kind())
}

/// Names of schemes are letters, digits and `.-_`; whatever else there is must not lead elsewhere.
fn file_name(scheme: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name: String = scheme
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    format!("dev-key-{name}")
}
