//! The guards of a running service, seen through a socket.
// Not part of an emitted project, which has no such feature set by default.
#![cfg(feature = "testing")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod client;
mod connections;
mod cors;
mod events;
mod headers;
mod prefix;
mod quotas;
mod service;
