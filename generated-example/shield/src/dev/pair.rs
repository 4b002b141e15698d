//! The certificate of development, for this machine: made on first need, with an authority of its own that nobody else
//! trusts (ruling 71).

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::auth::DEVELOPMENT;
use crate::config::ConfigError;

use super::certificate::{Authority, FAR, Holder};
use super::file::{create, folder, private};

/// One text with certificate, authority and key, and the file in `data` that holds it.
pub(crate) fn pair(data: &Path) -> Result<(Zeroizing<String>, PathBuf), ConfigError> {
    let path = data.join("dev-tls.pem");
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
    let made = made().map_err(|fault| error(fault.to_string()))?;
    folder(data)
        .and_then(|()| create(&path))
        .and_then(|mut file| file.write_all(made.as_bytes()))
        .map_err(|fault| failed("written", &fault))?;
    Ok((made, path))
}

fn made() -> Result<Zeroizing<String>, super::DevError> {
    let authority = Authority::new(&format!("{DEVELOPMENT}authority"))?;
    let pair = authority.issue(&Holder {
        common_name: &format!("{DEVELOPMENT}certificate"),
        names: &["localhost"],
        addresses: &[[127, 0, 0, 1]],
        uris: &[],
        until: FAR,
    })?;
    let (own, root, key) = (pair.certificate_pem(), authority.pem(), pair.key_pem());
    Ok(Zeroizing::new(format!("{own}{root}{}", &*key)))
}
