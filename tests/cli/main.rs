//! The real binary, in folders of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod check;
mod determinism;
mod generate;
mod invalid;
mod killed;
mod output;
mod support;
mod synthetic;
mod target;
