//! The certificates of development, for this machine and for a client of it: made on first need, with authorities of their
//! own that nobody else trusts (ruling 71).

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::auth::DEVELOPMENT;
use crate::config::ConfigError;

use super::DevError;
use super::certificate::{Authority, FAR, Holder};
use super::file::{create, folder, private};

/// One text with certificate, authority and key of the service, and the file in `data` that holds it.
pub(crate) fn pair(data: &Path) -> Result<(Zeroizing<String>, PathBuf), ConfigError> {
    kept(data.join("dev-tls.pem"), data, service)
}

/// The same of a client: each of its names is one that a scheme may look at.
pub(crate) fn client(data: &Path) -> Result<(Zeroizing<String>, PathBuf), ConfigError> {
    kept(data.join("dev-client.pem"), data, caller)
}

fn kept(
    path: PathBuf,
    data: &Path,
    make: fn() -> Result<Zeroizing<String>, DevError>,
) -> Result<(Zeroizing<String>, PathBuf), ConfigError> {
    let error = |message: String| ConfigError::new(path.display().to_string(), message);
    let failed =
        |what: &str, fault: &io::Error| error(format!("cannot be {what}: {}", fault.kind()));
    match fs::read_to_string(&path) {
        Ok(text) => {
            return match private(&path).map_err(|fault| failed("read", &fault))? {
                true => Ok((Zeroizing::new(text), path)),
                false => Err(error(
                    "may be read by others than its owner; `chmod 600` it, or delete it to get a new one"
                        .to_owned(),
                )),
            };
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
        Err(fault) => return Err(failed("read", &fault)),
    }
    let made = make().map_err(|fault| error(fault.to_string()))?;
    folder(data)
        .and_then(|()| create(&path))
        .and_then(|mut file| file.write_all(made.as_bytes()))
        .map_err(|fault| failed("written", &fault))?;
    Ok((made, path))
}

fn service() -> Result<Zeroizing<String>, DevError> {
    of(&Holder {
        common_name: &format!("{DEVELOPMENT}certificate"),
        names: &["localhost"],
        addresses: &[[127, 0, 0, 1]],
        uris: &[],
        until: FAR,
    })
}

fn caller() -> Result<Zeroizing<String>, DevError> {
    of(&Holder {
        common_name: &format!("{DEVELOPMENT}client"),
        names: &["client.localhost"],
        addresses: &[],
        uris: &["urn:development:client"],
        until: FAR,
    })
}

fn of(holder: &Holder<'_>) -> Result<Zeroizing<String>, DevError> {
    let authority = Authority::new(&format!("{DEVELOPMENT}authority"))?;
    let pair = authority.issue(holder)?;
    let (own, root, key) = (pair.certificate_pem(), authority.pem(), pair.key_pem());
    Ok(Zeroizing::new(format!("{own}{root}{}", &*key)))
}
