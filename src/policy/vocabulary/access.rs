//! `access`: who may call.

use super::super::gaps;
use super::Value::{Gap, OneOrMore, Syntax as Form};
use super::syntax::{ROLE_NAME, SCOPE};
use super::{Mapping, Word, core, word};

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
        core(
            "policy",
            Gap(
                &gaps::ACCESS_POLICY,
                "a policy by name, or a CEL expression",
            ),
            "A decision about caller and request.",
        ),
        core(
            "fresh",
            Gap(&gaps::ACCESS_FRESH, "a duration"),
            "How long ago the caller may have authenticated.",
        ),
        core(
            "acr",
            Gap(&gaps::ACCESS_ACR, "authentication classes"),
            "How the caller must have authenticated.",
        ),
    ],
};
