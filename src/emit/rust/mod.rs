//! The Rust of the project: `quote!` and `prettyplease`, one emitter a file (or a folder of alike files).
//!
//! No text of the document becomes code (invariant 3): names go through [`names`], everything else is a literal.

mod access;
mod assembly;
pub mod cel;
pub mod context;
pub mod names;
mod operation;
mod person;
mod policies;
pub mod print;
pub mod reply;
mod rules;
mod service;
mod shared;
mod spec;
#[cfg(test)]
mod tests;
mod types;

pub use operation::proof_fields;
pub use person::MODULES;
pub use types::{cases, fields, rest_field, variant};

use super::Files;
use crate::plan::Plan;
use context::Context;

/// Fewer operations than this are not worth a thread.
const WORTH_A_THREAD: usize = 100;

/// `api/`: types, operations, proofs, route table. `root` is `crate`, or the module in which the api stands.
///
/// Operations and types are emitted side by side on a large plan; each is a file of its own, so the result is the same.
pub fn api(plan: &Plan, root: &str, files: &mut Files) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let shares = cores.min(plan.operations.len() / WORTH_A_THREAD).max(1);
    let parts: Vec<Files> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..shares)
            .map(|turn| scope.spawn(move || share(plan, root, turn, shares)))
            .collect();
        let mut parts = vec![share(plan, root, 0, shares)];
        parts.extend(others.into_iter().map(|thread| match thread.join() {
            Ok(part) => part,
            // An emitter that panics must not leave a project with holes.
            Err(panic) => std::panic::resume_unwind(panic),
        }));
        parts
    });
    files.extend(parts.into_iter().flatten());
}

/// Every `shares`-th type, resource and operation, beginning with `turn`; the first share has the files of the whole as well.
fn share(plan: &Plan, root: &str, turn: usize, shares: usize) -> Files {
    // Tokens and identifiers stay on one thread, so each has names of its own, which are the same.
    let cx = Context::new(plan, root);
    let mine = |index: usize| index % shares == turn;
    let mut files = Files::new();
    if turn == 0 {
        assembly::emit(&cx, &mut files);
        service::emit(&cx, &mut files);
        spec::emit(&cx, &mut files);
        policies::emit(&cx, &mut files);
    }
    access::emit(&cx, &mine, &mut files);
    types::emit(&cx, &mine, &mut files);
    operation::emit(&cx, &mine, &mut files);
    files
}

/// A file that the person writes: the handler of an operation, or the loader of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stub {
    /// How `palisade stub` and the compiler call it: the method it implements, unique and safe in a shell.
    pub name: String,
    /// How the document calls it: an operationId or the name of a resource.
    pub id: String,
    /// Where it lies in the project; `None` for an operation that is denied to everyone.
    pub path: Option<String>,
}

/// All there is for a person to write, operations first, in the order of the document.
pub fn stubs(plan: &Plan) -> Vec<Stub> {
    person::stubs(&Context::new(plan, "crate"))
}

/// `service/`: what the person writes, as stubs, and the list of its modules.
pub fn service(plan: &Plan, files: &mut Files) {
    person::emit(&Context::new(plan, "crate"), files);
}
