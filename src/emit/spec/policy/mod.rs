//! The policy in its own vocabulary, every default written out: read again, it is the same policy.

mod members;
mod operation;
mod root;
mod units;

pub use members::{files, marks, rules};
pub use operation::{operation, security};
pub use root::root;
