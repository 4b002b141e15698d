//! The pair that the settings name, and who signs the certificates of clients; or development's own.

use std::path::PathBuf;

use crate::config::{CERT, CLIENT_CA, Config, ConfigError, KEY};
#[cfg(any(debug_assertions, feature = "testing"))]
use crate::say::say;
use crate::spec;
use crate::tls::{Given, Tls};

impl Config {
    pub(super) fn with_tls(&self, tls: &'static spec::Tls) -> Result<Tls, ConfigError> {
        let (certificate, key) = match (self.given(CERT)?, self.given(KEY)?) {
            (Some(certificate), Some(key)) => (certificate, key),
            (None, None) => self.development_pair()?,
            (None, Some(_)) => return Err(ConfigError::new(CERT, "is not set")),
            (Some(_), None) => return Err(ConfigError::new(KEY, "is not set")),
        };
        let clients = self.clients(tls)?;
        Tls::new(tls, (certificate, key), clients, self.is_production())
    }

    /// Who signs the certificates of clients, where they are asked for some.
    fn clients(&self, tls: &spec::Tls) -> Result<Option<Given>, ConfigError> {
        match (self.given(CLIENT_CA)?, tls.certificates) {
            (None, []) => Ok(None),
            (Some(_), []) => Err(ConfigError::new(
                CLIENT_CA,
                "is set, and no operation of the document takes certificates; unset it",
            )),
            (Some(given), _) => Ok(Some(given)),
            (None, _) => self.development_clients().map(Some),
        }
    }

    fn given(&self, name: &str) -> Result<Option<Given>, ConfigError> {
        let Some(text) = self.value(name)? else {
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
            text,
            file: path,
        }))
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

    #[cfg(any(debug_assertions, feature = "testing"))]
    fn development_clients(&self) -> Result<Given, ConfigError> {
        if self.is_production() {
            return Err(ConfigError::new(CLIENT_CA, "is not set"));
        }
        let (text, path) = crate::dev::client(&self.data)?;
        say!(
            "{CLIENT_CA}: is not set; development has a client of its own: `curl --cert {}`",
            path.display()
        );
        Ok(Given {
            name: path.display().to_string(),
            text,
            file: None,
        })
    }

    #[cfg(not(any(debug_assertions, feature = "testing")))]
    fn development_clients(&self) -> Result<Given, ConfigError> {
        Err(ConfigError::new(CLIENT_CA, "is not set"))
    }

    /// In a release build nothing stands in for what is missing.
    #[cfg(not(any(debug_assertions, feature = "testing")))]
    fn development_pair(&self) -> Result<(Given, Given), ConfigError> {
        Err(ConfigError::new(CERT, "is not set"))
    }
}
