//! Who holds what: sets of roles of two documents, made comparable by the names of the roles.
//!
//! A requirement is a list of sets of which each must be met by one role. Told by the names that a token may carry, it is
//! a conjunction of disjunctions without negation; of two such, one implies the other exactly when each of its sets holds
//! a set of the other. A name that a document does not declare is ignored there (ruling 52), so it meets nothing.

use super::Both;
use crate::plan::{Plan, Role};
use std::collections::BTreeSet;

/// Names of roles any of which will do.
pub(super) type Names<'p> = BTreeSet<&'p str>;

/// The roles of both documents.
pub(super) struct Roles<'p> {
    /// In the order of the new document, then what only the old one has.
    pub names: Vec<&'p str>,
}

impl<'p> Roles<'p> {
    pub fn of(old: &'p Plan, new: &'p Plan) -> Self {
        let mut names: Vec<&str> = new.roles.iter().map(|role| role.name.as_str()).collect();
        for role in &old.roles {
            if !names.contains(&role.name.as_str()) {
                names.push(&role.name);
            }
        }
        Roles { names }
    }
}

/// The names that meet one of `bits`, through the hierarchy.
pub(super) fn meeting(roles: &[Role], bits: u64) -> Names<'_> {
    let meets = |role: &&Role| role.holds & bits != 0;
    roles
        .iter()
        .filter(meets)
        .map(|role| role.name.as_str())
        .collect()
}

/// Every set of a requirement, by names.
pub(super) fn all_of<'p>(roles: &'p [Role], sets: &[u64]) -> Vec<Names<'p>> {
    sets.iter().map(|set| meeting(roles, *set)).collect()
}

/// Whether whoever meets `strict` meets `loose`.
pub(super) fn implies(strict: &[Names], loose: &[Names]) -> bool {
    loose
        .iter()
        .all(|wanted| strict.iter().any(|given| given.is_subset(wanted)))
}

/// Whether a caller with this role alone, or with none, meets the requirement.
pub(super) fn met(requirement: &[Names], role: Option<&str>) -> bool {
    requirement
        .iter()
        .all(|names| role.is_some_and(|role| names.contains(role)))
}

/// As people say it: `admin or clinician, and auditor`.
pub(super) fn words(roles: &[Role], sets: &[u64]) -> String {
    let one = |set: &u64| {
        let held = roles.iter().enumerate();
        let named = held.filter(|(bit, _)| set >> bit & 1 == 1);
        let names: Vec<&str> = named.map(|(_, role)| role.name.as_str()).collect();
        match names.as_slice() {
            [] => "nobody".to_owned(),
            names => names.join(" or "),
        }
    };
    sets.iter().map(one).collect::<Vec<_>>().join(", and ")
}

impl<'p> Both<'p> {
    /// The two sides of a set of bits that lets more callers pass the more bits it has.
    pub fn sets(&self, old: u64, new: u64) -> (Names<'p>, Names<'p>) {
        (meeting(&self.old.roles, old), meeting(&self.new.roles, new))
    }
}
