//! `APP_TLS_CERT`, `APP_TLS_KEY` and `APP_TLS_CLIENT_CA`, where the document says that TLS ends here; and what may be listened on where it does
//! not.

#[cfg(feature = "tls")]
mod pair;

use crate::spec::Spec;
use crate::tls::Tls;

use super::{Config, ConfigError};

pub(crate) const CERT: &str = "APP_TLS_CERT";
pub(crate) const KEY: &str = "APP_TLS_KEY";
pub(crate) const CLIENT_CA: &str = "APP_TLS_CLIENT_CA";

impl Config {
    /// What connections are accepted with; `None`: plain text.
    pub(crate) fn tls(&self, spec: &'static Spec) -> Result<Option<Tls>, ConfigError> {
        match &spec.tls {
            Some(tls) => self.with_tls(tls).map(Some),
            None => self.without_tls(),
        }
    }

    /// No document of this service can ask for it.
    #[cfg(not(feature = "tls"))]
    fn with_tls(&self, tls: &crate::spec::Tls) -> Result<Tls, ConfigError> {
        match *tls {}
    }

    /// Who gives a certificate believes that TLS is spoken.
    fn without_tls(&self) -> Result<Option<Tls>, ConfigError> {
        for name in [CERT, KEY, CLIENT_CA] {
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
}
