//! The spec-independent runtime of a generated service: byte for byte the same in every project of one palisade version.
//!
//! The way of a request: [`serve`] (connections) → `ingress` → `routes` → `cors` → `enter` (credentials, quotas, roles,
//! sizes) → generated code (input, ownership, handler, projection) → `finish` (problem, headers, event).
#![forbid(unsafe_code)]

#[cfg(all(feature = "testing", not(debug_assertions)))]
compile_error!("feature `testing` forges proofs; never in a release build");

#[cfg(panic = "abort")]
compile_error!(
    "with `panic = \"abort\"` one panic ends the service for everybody; take it out of the profile"
);

mod admin;
pub mod auth;
mod basic;
mod clock;
pub mod config;
mod cors;
pub mod decide;
pub mod declare;
pub mod dev;
mod door;
mod enter;
mod events;
mod exchange;
mod file;
mod finish;
mod form;
mod given;
mod grants;
mod headers;
mod ingress;
mod input;
mod issue;
pub mod json;
mod jwks;
mod multipart;
mod number;
mod octets;
mod patience;
mod plain;
mod problem;
mod quota;
mod refusal;
pub mod reply;
mod routes;
mod run;
mod say;
pub mod schema;
mod secret;
pub mod serve;
mod shield;
pub mod spec;
mod stamp;
mod store;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg_attr(not(feature = "tls"), path = "no_tls.rs")]
mod tls;
mod vault;
mod wire;
mod work;

pub use auth::Identity;
pub use axum::response::Response;
pub use basic::{Attempt, Held, Known, Passwords};
pub use bytes::Bytes;
pub use door::{BoxFuture, Door, Guarded, Peer};
pub use exchange::Exchange;
pub use file::File;
pub use given::{Given, Parse};
pub use grants::Grants;
pub use input::*;
pub use issue::{Issued, Issuer, Login};
pub use json::Json;
pub use number::Number;
pub use refusal::{AuthReason, Fault, Refusal};
pub use run::run;
pub use schema::*;
pub use secret::Secret;
pub use shield::Shield;
pub use spec::*;
pub use work::Work;
