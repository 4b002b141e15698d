//! The attacks: cases as data, the probe they are sent to, and the runner that sends them.

use super::Files;
use crate::plan::Plan;

/// `attacks/`.
pub fn project(_plan: &Plan, _files: &mut Files) {}
