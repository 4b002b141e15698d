//! Tokens for development and for the generated attacks: keys are made here, kept in a file, and sign what is asked.
//!
//! None of it exists in a release build. What it makes is recognisable (`development-…`) and production refuses it.
#![cfg(any(debug_assertions, feature = "testing"))]

mod api_key;
#[cfg(any(feature = "tls", test))]
mod certificate;
mod file;
#[cfg(feature = "tls")]
mod pair;
mod pem;
mod signer;
mod token;

#[cfg(test)]
mod tests;

use std::fmt;

pub(crate) use api_key::{api_key, list_of_one};
#[cfg(any(feature = "tls", test))]
pub use certificate::{Authority, FAR, Holder, Pair};
pub(crate) use file::signer;
#[cfg(feature = "tls")]
pub(crate) use pair::{client, pair};
pub use signer::{Signer, unsigned};
pub use token::{Minter, TokenRequest};

/// Why a key or a token could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevError(pub(crate) String);

impl fmt::Display for DevError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DevError {}
