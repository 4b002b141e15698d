//! `access`: who may call.

use super::Value::{OneOrMore, Syntax as Form};
use super::syntax::{CLASS, EXPRESSION, ROLE_NAME, SCOPE, SECONDS};
use super::{Mapping, Word, core, second, word};

pub const ACCESS_WORDS: &[Word] = &[
    Word {
        needs: Some("reason"),
        ..word(
            "public",
            "anyone, without a credential; needs a `reason` beside it",
        )
    },
    word("authenticated", "every caller whose credential is good"),
    word("denied", "nobody"),
    word(
        "optional",
        "anyone; a credential that is there must be good, and `security` needs `{}` among its alternatives",
    ),
];

pub static ACCESS: Mapping = Mapping {
    what: "`access`",
    name: "access",
    meaning: "All of its members must hold.",
    filled: true,
    keys: &[
        core("roles", OneOrMore(&Form(&ROLE_NAME)), "One of these roles."),
        core(
            "allRoles",
            OneOrMore(&Form(&ROLE_NAME)),
            "Every one of these roles.",
        ),
        core(
            "scopes",
            OneOrMore(&Form(&SCOPE)),
            "Every one of these scopes.",
        ),
        second(
            "policy",
            Form(&EXPRESSION),
            "A policy by name, or a CEL expression; not yes is 403.",
        ),
        second(
            "fresh",
            Form(&SECONDS),
            "How long ago the caller may have authenticated (`auth_time`).",
        ),
        second(
            "acr",
            OneOrMore(&Form(&CLASS)),
            "How the caller must have authenticated: one of these is the token's `acr`.",
        ),
    ],
};
