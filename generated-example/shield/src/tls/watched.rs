//! The pair that is in force, and how it changes without a restart: looked after when a connection comes (decision 16).

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::config::ConfigError;
use crate::say::say;
use crate::spec;
use crate::stamp::{PAUSE, Stamp, stamp};

use super::{Acceptor, pair};

/// A text, and the file it came from: then it is read from there again.
pub(crate) struct Given {
    /// What it is called in messages.
    pub name: String,
    pub text: Zeroizing<String>,
    pub file: Option<PathBuf>,
}

impl Given {
    fn read(&self) -> Result<Zeroizing<String>, ConfigError> {
        match &self.file {
            Some(path) => crate::config::content(&self.name, path),
            None => Ok(self.text.clone()),
        }
    }
}

/// What connections are accepted with.
pub(crate) struct Tls {
    spec: &'static spec::Tls,
    certificate: Given,
    key: Given,
    production: bool,
    held: RwLock<Acceptor>,
    looked: Mutex<Last>,
}

struct Last {
    /// Nanoseconds of the service's clock.
    at: u64,
    stamps: [Option<Stamp>; 2],
}

impl Tls {
    /// # Errors
    ///
    /// What is missing, does not fit or is over, by the name of its variable.
    pub fn new(
        spec: &'static spec::Tls,
        certificate: Given,
        key: Given,
        production: bool,
    ) -> Result<Self, ConfigError> {
        let stamps = stamps(&certificate, &key);
        let held = acceptor(spec, &certificate.text, &key.text, production)?;
        Ok(Tls {
            spec,
            certificate,
            key,
            production,
            held: RwLock::new(held),
            looked: Mutex::new(Last { at: 0, stamps }),
        })
    }

    /// For the next connection.
    pub fn acceptor(&self) -> Acceptor {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    /// Reads the files again if one has changed; at most once a second. `true`: another pair is in force now. Certificate
    /// and key are two files: until both fit, the pair from before stays.
    pub fn look(&self, now: u64) -> bool {
        let Ok(mut last) = self.looked.try_lock() else {
            return false;
        };
        if now.saturating_sub(last.at) < PAUSE {
            return false;
        }
        last.at = now;
        let stamps = stamps(&self.certificate, &self.key);
        if stamps == last.stamps {
            return false;
        }
        last.stamps = stamps;
        match self.read() {
            Ok(acceptor) => {
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
                true
            }
            Err(error) => {
                say!("{error}; the certificate that was there before stays in force");
                false
            }
        }
    }

    fn read(&self) -> Result<Acceptor, ConfigError> {
        let (certificate, key) = (self.certificate.read()?, self.key.read()?);
        acceptor(self.spec, &certificate, &key, self.production)
    }
}

fn stamps(certificate: &Given, key: &Given) -> [Option<Stamp>; 2] {
    [certificate, key].map(|given| given.file.as_deref().and_then(stamp))
}

fn acceptor(
    spec: &spec::Tls,
    certificate: &str,
    key: &str,
    production: bool,
) -> Result<Acceptor, ConfigError> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let config = pair::server(spec, (certificate, key), now, production)?;
    Ok(Acceptor(TlsAcceptor::from(Arc::new(config))))
}
