//! From files to one tree in which every node knows its place.
//!
//! Everything later (OpenAPI reading, policy, diagnostics) works on [`Node`]; no other stage opens a file.

mod node;

pub use node::{FileId, Key, Map, Node, Place, Value};
