//! `owns`: whose object an operation works on.

use super::Value::{Either, Syntax as Form, Words};
use super::syntax::{BY_POLICY, ID_PLACE};
use super::{Mapping, Word, core, word};

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
    word(
        "tenant",
        "it is of the caller's tenant, whoever's it is there",
    ),
];

pub const MODES: &[Word] = &[
    word("read", "the handler may read it"),
    word("write", "the handler may change it"),
    word(
        "list",
        "the reply is a list of rows, each of which is held against `by`",
    ),
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
            Form(&ID_PLACE),
            "Where the id stands: the name of a parameter, or `body.` and a JSON Pointer, in which `*` is every element. A pointer that ends at an array means every element.",
        )
        .else_("the resource's `param`"),
    ],
};
