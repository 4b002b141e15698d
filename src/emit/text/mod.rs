//! Every file of the project that is not made from Rust tokens.

use super::Files;
use crate::plan::Plan;

/// Manifests, documentation, environment, and the shield.
pub fn project(_plan: &Plan, _package: &str, _files: &mut Files) {}
