//! The pair that is in force, whose clients are believed, and how both change without a restart: looked after when a
//! connection comes, or a caller by a certificate (decision 16).

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::CertificateDer;
use zeroize::Zeroizing;

use crate::auth::{AuthReason, Identity};
use crate::config::ConfigError;
use crate::say::say;
use crate::spec;
use crate::stamp::{PAUSE, Stamp, stamp};

use super::clients::Clients;
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
    /// Where clients are asked for certificates: who signs them.
    clients: Option<Given>,
    production: bool,
    held: RwLock<Held>,
    looked: Mutex<Last>,
}

/// All of one reading.
struct Held {
    acceptor: Acceptor,
    clients: Option<Clients>,
}

struct Last {
    /// Nanoseconds of the service's clock.
    at: u64,
    stamps: [Option<Stamp>; 3],
}

impl Tls {
    /// # Errors
    ///
    /// What is missing, does not fit or is over, by the name of its variable.
    pub fn new(
        spec: &'static spec::Tls,
        (certificate, key): (Given, Given),
        clients: Option<Given>,
        production: bool,
    ) -> Result<Self, ConfigError> {
        let stamps = stamps([Some(&certificate), Some(&key), clients.as_ref()]);
        let texts = (certificate.text.as_str(), key.text.as_str());
        let authorities = clients.as_ref();
        let authorities = authorities.map(|given| Clients::new(&given.text, production));
        let held = held(spec, texts, authorities.transpose()?, production)?;
        Ok(Tls {
            spec,
            certificate,
            key,
            clients,
            production,
            held: RwLock::new(held),
            looked: Mutex::new(Last { at: 0, stamps }),
        })
    }

    /// For the next connection.
    pub fn acceptor(&self) -> Acceptor {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.acceptor.clone()
    }

    /// Who shows this chain. `now`: seconds since 1970.
    pub fn caller(
        &self,
        scheme: usize,
        chain: &[CertificateDer<'static>],
        now: u64,
    ) -> Result<Identity, AuthReason> {
        let scheme = self.spec.certificates.get(scheme).ok_or(AuthReason::Key)?;
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let clients = held.clients.clone().ok_or(AuthReason::Key)?;
        drop(held);
        clients.caller(scheme, chain, now)
    }

    /// Reads the files again if one has changed; at most once a second. `true`: what they hold is in force now. They are
    /// several files: until all of them fit, what was there before stays.
    pub fn look(&self, now: u64) -> bool {
        let Ok(mut last) = self.looked.try_lock() else {
            return false;
        };
        if now.saturating_sub(last.at) < PAUSE {
            return false;
        }
        last.at = now;
        let all = [
            Some(&self.certificate),
            Some(&self.key),
            self.clients.as_ref(),
        ];
        let stamps = stamps(all);
        if stamps == last.stamps {
            return false;
        }
        last.stamps = stamps;
        match self.read() {
            Ok(held) => {
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
                true
            }
            Err(error) => {
                say!("{error}; what was there before stays in force");
                // An authority that is taken away does not wait for a pair that fits.
                if let Ok(Some(clients)) = self.read_clients() {
                    let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                    held.clients = Some(clients);
                }
                false
            }
        }
    }

    fn read(&self) -> Result<Held, ConfigError> {
        let (certificate, key) = (self.certificate.read()?, self.key.read()?);
        let pair = (certificate.as_str(), key.as_str());
        held(self.spec, pair, self.read_clients()?, self.production)
    }

    fn read_clients(&self) -> Result<Option<Clients>, ConfigError> {
        let Some(given) = &self.clients else {
            return Ok(None);
        };
        Clients::new(&given.read()?, self.production).map(Some)
    }
}

fn stamps(all: [Option<&Given>; 3]) -> [Option<Stamp>; 3] {
    all.map(|given| given?.file.as_deref().and_then(stamp))
}

fn held(
    spec: &spec::Tls,
    pair: (&str, &str),
    clients: Option<Clients>,
    production: bool,
) -> Result<Held, ConfigError> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let config = pair::server(spec, pair, clients.as_ref(), now, production)?;
    Ok(Held {
        acceptor: Acceptor(TlsAcceptor::from(Arc::new(config))),
        clients,
    })
}
