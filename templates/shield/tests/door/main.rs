#![cfg(feature = "testing")]
//! The guards of a running service, seen through a socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[cfg(feature = "tls")]
mod certificates;
mod client;
mod connections;
mod cors;
mod events;
mod headers;
mod key_lists;
mod keys;
mod passwords;
mod prefix;
mod quotas;
mod revocation;
mod schemes;
mod service;
#[cfg(feature = "tls")]
mod tls;
mod tokens;
