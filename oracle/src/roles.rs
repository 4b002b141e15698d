//! Roles and what they include.

use crate::tree::{members, words};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What each declared role includes directly.
#[derive(Debug)]
pub(crate) struct Roles(BTreeMap<String, Vec<String>>);

impl Roles {
    pub(crate) fn read(policy: &Value) -> Result<Roles, String> {
        let declared = members(policy.get("roles"));
        let roles: BTreeMap<String, Vec<String>> = declared
            .map(|(name, entry)| (name.clone(), words(entry.get("includes"))))
            .collect();
        let unknown = roles
            .values()
            .flatten()
            .find(|each| !roles.contains_key(*each));
        match unknown {
            Some(name) => Err(format!("includes a role that is not declared: {name}")),
            None => Ok(Roles(roles)),
        }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// What somebody holds to whom a token gives `given`. Names that the document does not know give nothing.
    pub(crate) fn held<'a>(&self, given: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
        let mut held = BTreeSet::new();
        let mut open: Vec<&String> = given.into_iter().collect();
        while let Some(name) = open.pop() {
            if let Some(includes) = self.0.get(name)
                && held.insert(name.clone())
            {
                open.extend(includes);
            }
        }
        held
    }
}
