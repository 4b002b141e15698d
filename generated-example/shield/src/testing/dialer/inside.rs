//! The client's end of TLS, for a certificate that was made for the occasion.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::config::{CERT, CLIENT_CA, KEY};
use crate::dev::{Authority, DevError, FAR, Holder, Pair};

#[derive(Clone)]
pub(super) struct Inside {
    pair: Pair,
    roots: Arc<RootCertStore>,
    /// Without a certificate.
    config: Arc<ClientConfig>,
    clients: Option<Arc<Clients>>,
}

/// Who signs certificates of clients, and somebody else who does.
struct Clients {
    trusted: Authority,
    other: Authority,
}

/// The first second of 2026, which is over.
const OVER: u64 = 1_767_225_600;

impl Inside {
    /// `clients`: the service asks for certificates.
    pub fn new(clients: bool) -> Result<Self, DevError> {
        let authority = Authority::new("of a test")?;
        let pair = authority.issue(&Holder {
            common_name: "the service of a test",
            names: &["localhost"],
            addresses: &[],
            uris: &[],
            until: FAR,
        })?;
        let root = CertificateDer::from_pem_slice(authority.pem().as_bytes());
        let mut roots = RootCertStore::empty();
        roots
            .add(root.map_err(|_| failed("the root is no PEM"))?)
            .map_err(|error| failed(&error.to_string()))?;
        let roots = Arc::new(roots);
        let config = Arc::new(config(&roots, None)?);
        let clients = match clients {
            true => Some(Arc::new(Clients {
                trusted: Authority::new("of clients")?,
                other: Authority::new("of clients")?,
            })),
            false => None,
        };
        Ok(Inside {
            pair,
            roots,
            config,
            clients,
        })
    }

    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let mut settings = vec![
            (CERT, self.pair.certificate_pem()),
            (KEY, self.pair.key_pem().to_string()),
        ];
        let clients = self.clients.iter();
        settings.extend(clients.map(|clients| (CLIENT_CA, clients.trusted.pem())));
        settings
    }

    pub fn over(&self, mut socket: TcpStream, shown: Option<(&str, &str)>) -> io::Result<Secured> {
        let config = match shown {
            None => self.config.clone(),
            Some(shown) => {
                let clients = self.clients.as_ref();
                let clients = clients.ok_or_else(|| io::Error::other("nobody asks for it"))?;
                let pair = clients.pair(shown).map_err(io::Error::other)?;
                Arc::new(config(&self.roots, Some(&pair)).map_err(io::Error::other)?)
            }
        };
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let mut tls = ClientConnection::new(config, name).map_err(io::Error::other)?;
        // All of a request is taken at once, however large.
        tls.set_buffer_limit(None);
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        Ok(Secured { tls, socket })
    }
}

impl Clients {
    /// How it is made and which of its names is the caller's, and that name.
    fn pair(&self, (how, subject): (&str, &str)) -> Result<Pair, DevError> {
        let (how, word) = how.split_once(' ').unwrap_or((how, ""));
        let both = [subject, "another"];
        let names = match how {
            "two" => both.as_slice(),
            _ => both.get(..1).unwrap_or_default(),
        };
        let only = |wanted: &str| match word == wanted && how != "nameless" {
            true => names,
            false => &[],
        };
        let holder = Holder {
            // Where another name is looked at, this one is no stand-in.
            common_name: match (word, how) {
                ("cn", "nameless") => "",
                _ => subject,
            },
            names: only("san-dns"),
            addresses: &[],
            uris: only("san-uri"),
            until: if how == "expired" { OVER } else { FAR },
        };
        match how {
            "other" => self.other.issue(&holder),
            "server" => self.trusted.issue_to_server(&holder),
            _ => self.trusted.issue(&holder),
        }
    }
}

fn failed(what: &str) -> DevError {
    DevError(format!("no connection can be made ready: {what}"))
}

fn config(roots: &Arc<RootCertStore>, shown: Option<&Pair>) -> Result<ClientConfig, DevError> {
    let wrong = |error: tokio_rustls::rustls::Error| failed(&error.to_string());
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(wrong)?
        .with_root_certificates(roots.clone());
    let mut config = match shown {
        None => config.with_no_client_auth(),
        Some(pair) => {
            let own = CertificateDer::from(pair.certificate.clone());
            let key = PrivateKeyDer::from_pem_slice(pair.key_pem().as_bytes());
            let key = key.map_err(|_| failed("the key is no PEM"))?;
            config
                .with_client_auth_cert(vec![own], key)
                .map_err(wrong)?
        }
    };
    // Each service is new, and knows nothing of sessions of another.
    config.resumption = Resumption::disabled();
    Ok(config)
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
