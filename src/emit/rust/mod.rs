//! The Rust of the project: `quote!` and `prettyplease`, one emitter a file (or a folder of alike files).
//!
//! No text of the document becomes code (invariant 3): names go through [`names`], everything else is a literal.

mod access;
mod assembly;
pub mod context;
pub mod names;
mod operation;
mod person;
pub mod print;
mod reply;
mod rules;
mod spec;
mod types;
#[cfg(test)]
mod tests;
mod uses;

use super::Files;
use crate::plan::Plan;
use context::Context;

/// `api/`: types, operations, proofs, route table. `root` is `crate`, or the module in which the api stands.
pub fn api(plan: &Plan, root: &str, files: &mut Files) {
    let cx = Context::new(plan, root);
    assembly::emit(&cx, files);
    spec::emit(&cx, files);
    access::emit(&cx, files);
    types::emit(&cx, files);
    operation::emit(&cx, files);
}

/// `service/`: what the person writes, as stubs, and the list of its modules.
pub fn service(plan: &Plan, files: &mut Files) {
    person::emit(&Context::new(plan, "crate"), files);
}
