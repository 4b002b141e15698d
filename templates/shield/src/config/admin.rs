//! `APP_ADMIN`: where the service takes orders of those who run it.

use std::path::PathBuf;

use super::{Config, ConfigError};

const ADMIN: &str = "APP_ADMIN";

/// The longest path a Unix socket can have on Linux, and with room to spare elsewhere.
const LONGEST: usize = 107;

impl Config {
    pub(super) fn read_admin(&self) -> Result<Option<PathBuf>, ConfigError> {
        let Some(text) = self.get(ADMIN)? else {
            return Ok(None);
        };
        if text.starts_with("tcp:") {
            return Err(ConfigError::new(
                ADMIN,
                "control over TCP is not served by this version; use `unix:PATH`",
            ));
        }
        match text.strip_prefix("unix:") {
            None | Some("") => Err(ConfigError::new(ADMIN, "must be `unix:PATH`")),
            Some(path) if path.len() > LONGEST => Err(ConfigError::new(
                ADMIN,
                format!("is a path of more than {LONGEST} bytes, which no socket can have"),
            )),
            Some(path) => Ok(Some(PathBuf::from(path))),
        }
    }

    /// The socket alone: whoever gives an order needs no other setting.
    pub(crate) fn read_admin_of_the_process() -> Result<PathBuf, ConfigError> {
        let (values, unreadable) = super::environment_of_the_process();
        let mut config = Config::empty(values, unreadable);
        config.admin = config.read_admin()?;
        Ok(config.admin())
    }

    /// The socket: as it was said, else in the folder of the service's data.
    pub(crate) fn admin(&self) -> PathBuf {
        match &self.admin {
            Some(path) => path.clone(),
            None => self.data.join("admin.sock"),
        }
    }

    /// Whether somebody said where the socket is.
    #[cfg(feature = "testing")]
    pub(crate) fn says_admin(&self) -> bool {
        self.admin.is_some()
    }
}
