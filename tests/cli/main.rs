//! The real binary, in folders of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod annotate;
mod check;
mod determinism;
mod diff;
mod edges;
mod generate;
mod harden;
mod invalid;
mod killed;
mod library;
mod manual;
mod output;
mod owned;
mod printing;
mod stub;
mod support;
mod synthetic;
mod target;
mod unsupported;
