//! From two texts to what a handshake needs. Errors name the variable and repeat nothing of its value.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::NoServerSessionStorage;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{Error, InconsistentKeys, ServerConfig};

use crate::auth::DEVELOPMENT;
use crate::config::{CERT, ConfigError, KEY};
use crate::spec;

use super::certificate::Certificate;
use super::clients::Clients;

/// Protocols that are spoken inside, the best first (RFC 7301).
const PROTOCOLS: [&[u8]; 1] = [b"http/1.1"];

/// `now`: seconds since 1970.
pub(super) fn server(
    tls: &spec::Tls,
    (certificate, key): (&str, &str),
    clients: Option<&Clients>,
    now: u64,
    production: bool,
) -> Result<ServerConfig, ConfigError> {
    let chain = chain(certificate).ok_or_else(|| {
        ConfigError::new(
            CERT,
            "must be PEM: the certificate of this service, then those between it and its root",
        )
    })?;
    let own = chain.first().and_then(|own| Certificate::read(own));
    let own = own.ok_or_else(|| ConfigError::new(CERT, "begins with what is no certificate"))?;
    let development = |name: &str| name.starts_with(DEVELOPMENT);
    if production && own.common_name().is_some_and(development) {
        return Err(ConfigError::new(CERT, "was made for development"));
    }
    if now > own.not_after {
        return Err(ConfigError::new(CERT, "has expired"));
    }
    if now < own.not_before {
        return Err(ConfigError::new(CERT, "is not valid yet"));
    }
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
        .map_err(|_| ConfigError::new(KEY, "must be a private key in PEM"))?;
    let versions: &[_] = if tls.tls12 {
        &[&TLS13, &TLS12]
    } else {
        &[&TLS13]
    };
    let refused = |error| match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            ConfigError::new(KEY, format!("is not the key of the certificate in {CERT}"))
        }
        Error::InvalidCertificate(_) => {
            ConfigError::new(CERT, "is a certificate that cannot be read")
        }
        _ => ConfigError::new(KEY, "is a key of a kind that cannot sign for TLS"),
    };
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(versions)
        .map_err(refused)?;
    let config = match clients {
        Some(clients) => config.with_client_cert_verifier(clients.asking()),
        None => config.with_no_client_auth(),
    };
    let mut config = config.with_single_cert(chain, key).map_err(refused)?;
    if clients.is_some() {
        // Who comes again shows the certificate again, and proves its key.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(config)
}

/// `None`: something in it is no PEM, or it holds no certificate.
fn chain(text: &str) -> Option<Vec<CertificateDer<'static>>> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    all.ok().filter(|chain| !chain.is_empty())
}
