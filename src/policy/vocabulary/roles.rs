//! `roles`: what a role includes.

use super::Value::{Set, Syntax as Form, Text};
use super::syntax::ROLE_NAME;
use super::{Mapping, core};

/// Words with a meaning of their own where a role may stand.
pub const RESERVED_ROLES: &[&str] = &[
    "public",
    "optional",
    "authenticated",
    "denied",
    "none",
    "owner",
    "create",
];

pub static ROLE: Mapping = Mapping {
    what: "a role",
    name: "role",
    meaning: "A role; `{}` includes no other.",
    filled: false,
    keys: &[
        core(
            "includes",
            Set(&Form(&ROLE_NAME)),
            "Roles whose rights this one has too, and theirs.",
        )
        .or("[]"),
        core("description", Text, "For people."),
    ],
};
