//! TLS, where the document says `network: { tls: terminate }`: the pair of certificate and key, read again when its files
//! change.
//!
//! TLS 1.2 and 1.3 only, which is all that rustls speaks (P94), with the provider that verifies tokens already. No early data:
//! it could be sent twice.

mod acceptor;
mod certificate;
mod clients;
mod pair;
mod watched;

pub(crate) use acceptor::Acceptor;
pub(crate) use watched::{Given, Tls};
