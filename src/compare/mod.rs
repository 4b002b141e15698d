//! What two documents allow, and to whom: every difference that matters is widened, narrowed or neutral (ruling 77).
//!
//! Plans are compared, not texts: descriptions, order and names of components make no difference. What cannot be compared
//! is called widened, since nobody can say that it is not.

mod access;
mod change;
mod credentials;
mod decisions;
mod fields;
mod input;
mod operations;
mod owns;
mod quotas;
mod reply;
mod roles;
mod service;
#[cfg(test)]
mod tests;
mod values;

pub use change::{Change, Changes, Side, Verdict};

use crate::plan::Plan;
use roles::Roles;

/// Everything that differs between `old` and `new`, first the service, then its operations in the order of `new`.
pub fn compare(old: &Plan, new: &Plan) -> Changes {
    let mut changes = Changes::default();
    let both = Both {
        old,
        new,
        roles: Roles::of(old, new),
    };
    service::compare(&both, &mut changes);
    operations::compare(&both, &mut changes);
    changes
}

/// The two plans, and the roles of both by name.
struct Both<'p> {
    old: &'p Plan,
    new: &'p Plan,
    roles: Roles<'p>,
}
