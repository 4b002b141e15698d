//! The pair that the settings name, or development's own.

use std::path::PathBuf;

use crate::config::{CERT, Config, ConfigError, KEY};
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
        Tls::new(tls, certificate, key, self.is_production())
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

    /// In a release build nothing stands in for what is missing.
    #[cfg(not(any(debug_assertions, feature = "testing")))]
    fn development_pair(&self) -> Result<(Given, Given), ConfigError> {
        Err(ConfigError::new(CERT, "is not set"))
    }
}
