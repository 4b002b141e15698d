//! The client's end of TLS, for a certificate that was made for the occasion.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::config::{CERT, KEY};
use crate::dev::{Authority, DevError, FAR, Holder, Pair};

#[derive(Clone)]
pub(super) struct Inside {
    pair: Pair,
    config: Arc<ClientConfig>,
}

impl Inside {
    pub fn new() -> Result<Self, DevError> {
        let authority = Authority::new("of a test")?;
        let pair = authority.issue(&Holder {
            common_name: "the service of a test",
            names: &["localhost"],
            addresses: &[],
            uris: &[],
            until: FAR,
        })?;
        let failed = |what: &str| DevError(format!("no connection can be made ready: {what}"));
        let root = CertificateDer::from_pem_slice(authority.pem().as_bytes());
        let mut roots = RootCertStore::empty();
        roots
            .add(root.map_err(|_| failed("the root is no PEM"))?)
            .map_err(|error| failed(&error.to_string()))?;
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // Each service is new, and knows nothing of sessions of another.
        config.resumption = Resumption::disabled();
        let config = Arc::new(config);
        Ok(Inside { pair, config })
    }

    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            (CERT, self.pair.certificate_pem()),
            (KEY, self.pair.key_pem().to_string()),
        ]
    }

    pub fn over(&self, mut socket: TcpStream) -> io::Result<Secured> {
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let mut tls = ClientConnection::new(self.config.clone(), name).map_err(io::Error::other)?;
        // All of a request is taken at once, however large.
        tls.set_buffer_limit(None);
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        Ok(Secured { tls, socket })
    }
}

/// Unlike `rustls::Stream` it reads on when the other end takes no more: an answer may have come before that.
pub(super) struct Secured {
    tls: ClientConnection,
    socket: TcpStream,
}

impl Read for Secured {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.tls.reader().read(into) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return done,
            }
            self.tls.read_tls(&mut self.socket)?;
            self.tls.process_new_packets().map_err(io::Error::other)?;
        }
    }
}

impl Write for Secured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.tls.writer().write(bytes)?;
        self.flush()?;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        while self.tls.wants_write() {
            self.tls.write_tls(&mut self.socket)?;
        }
        Ok(())
    }
}
