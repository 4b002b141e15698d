//! One GET, bounded in every direction: who is asked, how long, how much is taken (P26).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_ENCODING, HOST, HeaderName, HeaderValue};
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::address::{Address, is_public};

/// For all of it: name, connection, answer.
const LONGEST: Duration = Duration::from_secs(5);
/// Of the set, in bytes.
const LARGEST: usize = 64 * 1024;
/// Of the head of the answer, in bytes.
const HEAD: usize = 32 * 1024;

/// What is wrong, as the rest of a sentence about the set.
type Trouble = String;

/// Speaks TLS where the address asks for it.
pub(crate) struct Client(Option<TlsConnector>);

impl Client {
    /// Reads the root certificates of the system, or of `SSL_CERT_FILE`, when they are needed.
    pub fn new(address: &Address) -> Result<Self, Trouble> {
        if !address.tls {
            return Ok(Client(None));
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err("cannot be fetched: the system has no root certificates; install them, or name a file in SSL_CERT_FILE".to_owned());
        }
        Client::trusting(roots).map(Client)
    }

    fn trusting(roots: RootCertStore) -> Result<Option<TlsConnector>, Trouble> {
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("cannot be fetched: {error}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Some(TlsConnector::from(Arc::new(config))))
    }

    #[cfg(test)]
    pub fn with(roots: RootCertStore) -> Self {
        Client::trusting(roots).map_or(Client(None), Client)
    }

    /// The text of the set.
    pub async fn get(&self, address: &Address, private: bool) -> Result<String, Trouble> {
        self.get_with(address, private, &[]).await
    }

    /// The same, asked for with more fields.
    pub async fn get_with(
        &self,
        address: &Address,
        private: bool,
        fields: &[(HeaderName, HeaderValue)],
    ) -> Result<String, Trouble> {
        match tokio::time::timeout(LONGEST, self.exchange(address, private, fields)).await {
            Ok(outcome) => outcome,
            Err(_) => Err("did not arrive within 5 seconds".to_owned()),
        }
    }

    async fn exchange(
        &self,
        address: &Address,
        private: bool,
        fields: &[(HeaderName, HeaderValue)],
    ) -> Result<String, Trouble> {
        let stream = connect(address, private).await?;
        match (&self.0, address.tls) {
            (Some(tls), true) => {
                let name = ServerName::try_from(address.host.clone())
                    .map_err(|_| "cannot be fetched: its host is no name for a certificate")?;
                let stream = tls
                    .connect(name, stream)
                    .await
                    .map_err(|error| format!("cannot be fetched: {error}"))?;
                ask(TokioIo::new(stream), address, fields).await
            }
            (None, false) => ask(TokioIo::new(stream), address, fields).await,
            // Not reached: a client is made for its address.
            _ => Err("cannot be fetched without TLS".to_owned()),
        }
    }
}

/// Connects to an address that was looked at, so that a name cannot lead elsewhere between the look and the connection.
async fn connect(address: &Address, private: bool) -> Result<TcpStream, Trouble> {
    let found = tokio::net::lookup_host((address.host.as_str(), address.port))
        .await
        .map_err(|error| {
            format!(
                "cannot be fetched: its host is not found ({})",
                error.kind()
            )
        })?;
    // Plain text was admitted for this machine only, and for nothing that calls itself so.
    let allowed: Vec<SocketAddr> = found
        .filter(|peer| match address.tls {
            true => private || is_public(peer.ip()),
            false => peer.ip().is_loopback(),
        })
        .collect();
    let mut trouble = None;
    for peer in &allowed {
        match TcpStream::connect(peer).await {
            Ok(stream) => return Ok(stream),
            Err(error) => trouble = Some(error.kind()),
        }
    }
    Err(match trouble {
        Some(kind) => format!("cannot be fetched: {kind}"),
        None => "is in a private network, which the document does not allow (`private`)".to_owned(),
    })
}

/// No redirect is followed: the set is where the operator said, or it is not.
async fn ask<S>(
    stream: S,
    address: &Address,
    fields: &[(HeaderName, HeaderValue)],
) -> Result<String, Trouble>
where
    S: Read + Write + Unpin,
{
    let broken = |error: hyper::Error| format!("cannot be fetched: {error}");
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD)
        .handshake(stream)
        .await
        .map_err(broken)?;
    let host = address.uri.authority().map_or("", |host| host.as_str());
    let host = HeaderValue::from_str(host).map_err(|_| "cannot be fetched: its host is odd")?;
    let mut request = Request::get(address.target())
        .header(HOST, host)
        .header(ACCEPT, "application/jwk-set+json, application/json")
        .body(Empty::<Bytes>::new())
        .map_err(|_| "cannot be fetched: its path is odd")?;
    request.headers_mut().extend(fields.iter().cloned());
    let answer = async move {
        let response = sender.send_request(request).await.map_err(broken)?;
        match response.status() {
            StatusCode::OK => {}
            status if status.is_redirection() => {
                return Err(format!(
                    "is not where the address says ({}); redirects are not followed",
                    status.as_u16()
                ));
            }
            status => return Err(format!("is not given: status {}", status.as_u16())),
        }
        if response.headers().contains_key(CONTENT_ENCODING) {
            return Err("is compressed, which was not asked for".to_owned());
        }
        let body = Limited::new(response.into_body(), LARGEST).collect().await;
        let body = body
            .map_err(|_| format!("is larger than {} KiB, or was cut short", LARGEST / 1024))?
            .to_bytes();
        // The sender ends with this block, and the connection with it.
        String::from_utf8(body.into()).map_err(|_| "is not UTF-8".to_owned())
    };
    let (answer, _) = tokio::join!(answer, connection);
    answer
}
