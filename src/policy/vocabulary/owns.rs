//! `owns`: whose object an operation works on.

use super::super::gaps;
use super::Value::{Either, Gap, Syntax as Form, Words};
use super::syntax::BY_POLICY;
use super::{Mapping, Word, core, gap, word};

pub const OWNS_WORDS: &[Word] = &[
    word(
        "list",
        "the reply is a list, built only from rows that were admitted",
    ),
    word(
        "any",
        "it is loaded and proved to be there, whoever's it is within the caller's tenant",
    ),
];

pub const BY_WORDS: &[Word] = &[
    word(
        "owner",
        "the caller is its owner, or has a role of `bypass`",
    ),
    gap("tenant", &gaps::OWNS_TENANT, "it is of the caller's tenant"),
];

pub const MODES: &[Word] = &[
    word("read", "the handler may read it"),
    word("write", "the handler may change it"),
];

pub static OWNS: Mapping = Mapping {
    what: "`owns` of a resource",
    name: "owns",
    meaning: "How an object of one resource is proved.",
    filled: true,
    keys: &[
        core(
            "by",
            Either(&[Words(BY_WORDS), Form(&BY_POLICY)]),
            "What makes it the caller's.",
        )
        .or("owner"),
        core("mode", Words(MODES), "What the proof lets the handler do.")
            .else_("`read` for GET and HEAD, else `write`"),
        core(
            "id",
            Gap(
                &gaps::OWNS_ID,
                "where the id stands, as in `body./patientId`",
            ),
            "Where the id stands when it is not the resource's `param`.",
        ),
    ],
};
