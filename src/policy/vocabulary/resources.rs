//! `resources`: a kind of object.

use super::Value::{Flag, Named, Numbers, Set, Syntax as Form, Text, Words};
use super::syntax::{ATTRIBUTE_NAME, RESOURCE_NAME, ROLE_NAME};
use super::{FACT_KINDS, Mapping, core};

pub static RESOURCE: Mapping = Mapping {
    what: "a resource",
    name: "resource",
    meaning: "A kind of object that belongs to someone; a loader of yours reports the facts of one, and generated code compares them with the caller.",
    filled: false,
    keys: &[
        core(
            "param",
            Text,
            "The path or query parameter that identifies one; an operation that has it and no `owns` is denied.",
        )
        .required(),
        core(
            "tenant",
            Flag,
            "Whether objects belong to a tenant; then nobody ever sees another tenant's.",
        )
        .or("false"),
        core(
            "onDenied",
            Numbers(&[
                (404, "as if it were not there"),
                (
                    403,
                    "the caller learns that it is there; another tenant's is never there",
                ),
            ]),
            "What a caller gets for an object that is not theirs.",
        )
        .or("404"),
        core(
            "bypass",
            Set(&Form(&ROLE_NAME)),
            "Roles that pass by the owner, never by the tenant.",
        )
        .or("[]"),
        core(
            "parent",
            Form(&RESOURCE_NAME),
            "The resource this one is part of: the facts of one name its parent, which must be the one in the path, and is proved to be the caller's.",
        ),
        core(
            "attributes",
            Named { of: &ATTRIBUTE_NAME, to: &Words(FACT_KINDS), filled: false },
            "More facts of an object, for policies: each by its kind.",
        ),
    ],
};
