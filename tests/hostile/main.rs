//! Documents that somebody wrote to do harm: every one is refused, or what it says is emitted as words and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[cfg(unix)]
mod bombs;
mod inert;
mod positions;
mod texts;
mod tree;
