//! `APP_TLS_CERT` and `APP_TLS_KEY`, where the document says that TLS ends here; and what may be listened on where it does
//! not.

use std::path::PathBuf;

use zeroize::Zeroizing;

#[cfg(any(debug_assertions, feature = "testing"))]
use crate::say::say;
use crate::spec::Spec;
use crate::tls::{CERT, Given, KEY, Tls};

use super::{Config, ConfigError};

impl Config {
    /// What connections are accepted with; `None`: plain text.
    pub(crate) fn tls(&self, spec: &'static Spec) -> Result<Option<Tls>, ConfigError> {
        let Some(tls) = &spec.tls else {
            return self.without_tls();
        };
        let (certificate, key) = match (self.given(CERT)?, self.given(KEY)?) {
            (Some(certificate), Some(key)) => (certificate, key),
            (None, None) => self.development_pair()?,
            (None, Some(_)) => return Err(ConfigError::new(CERT, "is not set")),
            (Some(_), None) => return Err(ConfigError::new(KEY, "is not set")),
        };
        Tls::new(tls, certificate, key, self.is_production()).map(Some)
    }

    /// Who gives a certificate believes that TLS is spoken.
    fn without_tls(&self) -> Result<Option<Tls>, ConfigError> {
        for name in [CERT, KEY] {
            for name in [name.to_owned(), format!("{name}_FILE")] {
                if self.values.contains_key(&name) || self.unreadable.contains(&name) {
                    return Err(ConfigError::new(
                        name,
                        "is set, and the document does not say `network: { tls: terminate }`; unset it",
                    ));
                }
            }
        }
        Ok(None)
    }

    fn given(&self, name: &str) -> Result<Option<Given>, ConfigError> {
        let Some(text) = self.get(name)? else {
            return Ok(None);
        };
        let file = format!("{name}_FILE");
        let path = self.values.get(&file).map(PathBuf::from);
        Ok(Some(Given {
            name: if path.is_some() {
                file
            } else {
                name.to_owned()
            },
            text: Zeroizing::new(text),
            file: path,
        }))
    }

    /// Ruling 87: without TLS, production stays on the machine.
    pub(crate) fn check_listen(&self, spec: &Spec) -> Result<(), ConfigError> {
        if spec.tls.is_some() || !self.is_production() || self.listen.ip().is_loopback() {
            return Ok(());
        }
        Err(ConfigError::new(
            "APP_LISTEN",
            "must be a loopback address: without TLS, tokens would cross the network in plain text",
        ))
    }

    #[cfg(any(debug_assertions, feature = "testing"))]
    fn development_pair(&self) -> Result<(Given, Given), ConfigError> {
        if self.is_production() {
            return Err(ConfigError::new(CERT, "is not set"));
        }
        let (text, path) = crate::dev::pair(&self.data)?;
        say!(
            "{CERT}: is not set; development uses its own certificate for localhost: `curl --cacert {}`",
            path.display()
        );
        let given = || Given {
            name: path.display().to_string(),
            text: text.clone(),
            file: None,
        };
        Ok((given(), given()))
    }

    /// In a release build nothing stands in for what is missing.
    #[cfg(not(any(debug_assertions, feature = "testing")))]
    fn development_pair(&self) -> Result<(Given, Given), ConfigError> {
        Err(ConfigError::new(CERT, "is not set"))
    }
}
