//! The Rust of the project: `quote!` and `prettyplease`, one emitter a file.

use super::Files;
use crate::plan::Plan;

/// `api/`: types, operations, proofs, route table.
pub fn api(_plan: &Plan, _root: &str, _files: &mut Files) {}

/// `service/`: what the person writes, as stubs, and the list of its modules.
pub fn service(_plan: &Plan, _package: &str, _files: &mut Files) {}
