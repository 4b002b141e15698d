//! `dev-keys.json`: the keys of development, one for each scheme, made on first need and readable by their owner only.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::config::ConfigError;
use crate::json::Value;
use crate::say::say;
use crate::spec::Scheme;

use super::Signer;
use crate::issue::claims::quoted;

/// The key for `scheme` in the folder `data`.
pub(crate) fn signer(data: &Path, scheme: &Scheme) -> Result<Signer, ConfigError> {
    let path = data.join("dev-keys.json");
    let error = |message: String| ConfigError::new(path.display().to_string(), message);
    let algorithm = scheme.algorithms.first().copied().unwrap_or_default();
    let mut signers = read(&path).map_err(error)?;
    if let Some(at) = signers
        .iter()
        .position(|(name, signer)| name == scheme.name && signer.algorithm() == algorithm)
    {
        return Ok(signers.swap_remove(at).1);
    }
    let made = Signer::generate(algorithm).map_err(|fault| error(fault.to_string()))?;
    signers.retain(|(name, _)| name != scheme.name);
    signers.push((scheme.name.to_owned(), made));
    write(data, &path, &signers)
        .map_err(|fault| error(format!("cannot be written: {}", fault.kind())))?;
    say!(
        "{}: a development key for {} was made; production refuses it",
        path.display(),
        scheme.name
    );
    signers
        .pop()
        .map(|(_, made)| made)
        .ok_or_else(|| error("is empty".to_owned()))
}

fn read(path: &Path) -> Result<Vec<(String, Signer)>, String> {
    let text = match fs::read(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("cannot be read: {}", error.kind())),
    };
    if !private(path).map_err(|error| format!("cannot be read: {}", error.kind()))? {
        return Err(
            "may be read by others than its owner; `chmod 600` it, or delete it to get new keys"
                .to_owned(),
        );
    }
    let broken = || "is broken; delete it to get new keys".to_owned();
    let Ok(Value::Object(members)) = Value::parse(&text, 4) else {
        return Err(broken());
    };
    members
        .into_iter()
        .map(|(name, entry)| {
            one(&entry)
                .map(|signer| (name.into_owned(), signer))
                .ok_or_else(broken)
        })
        .collect()
}

fn one(entry: &Value<'_>) -> Option<Signer> {
    let word = |name| entry.get(name).and_then(Value::as_str);
    Signer::saved(
        word("algorithm")?,
        word("kid"),
        STANDARD.decode(word("key")?).ok()?,
    )
    .ok()
}

/// Through a second file, so that a crash leaves the old one whole.
fn write(data: &Path, path: &Path, signers: &[(String, Signer)]) -> io::Result<()> {
    let mut text = Zeroizing::new(String::from("{"));
    for (at, (name, signer)) in signers.iter().enumerate() {
        let (algorithm, kid, key) = signer.to_save();
        text.push_str(if at > 0 { ",\n  " } else { "\n  " });
        text.push_str(&format!(
            r#"{}: {{ "algorithm": "{algorithm}", "#,
            quoted(name)
        ));
        if let Some(kid) = kid {
            text.push_str(&format!(r#""kid": {}, "#, quoted(kid)));
        }
        text.push_str(&format!(r#""key": "{}" }}"#, STANDARD.encode(key)));
    }
    text.push_str("\n}\n");
    folder(data)?;
    let new: PathBuf = data.join(format!("dev-keys.{}.new", std::process::id()));
    create(&new)?.write_all(text.as_bytes())?;
    fs::rename(&new, path)
}

#[cfg(unix)]
pub(super) fn folder(data: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
}

#[cfg(unix)]
pub(super) fn create(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(unix)]
pub(super) fn private(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
pub(super) fn folder(data: &Path) -> io::Result<()> {
    fs::create_dir_all(data)
}

#[cfg(not(unix))]
pub(super) fn create(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
}

/// Elsewhere the folder of the user is what protects.
#[cfg(not(unix))]
pub(super) fn private(_: &Path) -> io::Result<bool> {
    Ok(true)
}
