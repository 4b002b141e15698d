//! The handshake, with what is in force when the connection comes.

use std::future::Future;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::serve::linger;
use crate::stream::Stream;

/// What one connection is accepted with.
#[derive(Clone)]
pub(crate) struct Acceptor(pub(super) TlsAcceptor);

impl Acceptor {
    /// Within the time that a head has, and not when `stop` comes first: there is no request in flight that would have to end.
    /// `None`: no TLS, or none that is spoken here; plain text is told nothing (P93).
    pub async fn accept<T>(
        self,
        stream: TcpStream,
        patience: Duration,
        stop: impl Future<Output = T>,
    ) -> Option<Stream> {
        let shaking = tokio::time::timeout(patience, self.0.accept(stream).into_fallible());
        let shaken = tokio::select! {
            biased;
            shaken = shaking => shaken.ok()?,
            _ = stop => return None,
        };
        match shaken {
            Ok(stream) => Some(Stream::Tls(Box::new(stream))),
            Err((_, stream)) => {
                // The alert that says why is on its way.
                linger(stream).await;
                None
            }
        }
    }
}
