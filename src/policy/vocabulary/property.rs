//! `x-security` of a property, or of a schema that is used as one.

use super::super::gaps;
use super::Value::{Either, Gap, List, Mapping as Of, OneOrMore, Syntax as Form, True, Words};
use super::syntax::ROLE_NAME;
use super::{Mapping, RULE, Word, core, gap, second, word};

pub const SENSITIVE: &[Word] = &[
    word(
        "secret",
        "in no reply, redacted in logs and `Debug`, wiped from memory",
    ),
    word("personal", "redacted in logs and `Debug`"),
];

pub static PROPERTY: Mapping = Mapping {
    what: "`x-security` of a schema",
    name: "property",
    meaning: "Who may see a member, and who may set it. On a component it holds wherever the component is used as a property.",
    filled: false,
    keys: &[
        core("sensitive", Words(SENSITIVE), "What must not leak."),
        core(
            "read",
            Either(&[
                Words(&[word("none", "nobody")]),
                OneOrMore(&Either(&[
                    Words(&[word("owner", "the owner of the object the reply is about")]),
                    Form(&ROLE_NAME),
                ])),
            ]),
            "Who gets the member in replies; for others it is left out.",
        )
        .else_("everyone who may call"),
        core(
            "write",
            Either(&[
                Words(&[
                    word("none", "nobody"),
                    word("create", "only when the object is created (POST)"),
                    gap("owner", &gaps::WRITE_OWNER, "the owner of the object"),
                ]),
                OneOrMore(&Form(&ROLE_NAME)),
            ]),
            "Who may send the member; from others the request is refused.",
        )
        .else_("everyone who may call"),
        second(
            "required",
            True,
            "The member that `read` keeps from some is always there for those who may see it.",
        ),
        second(
            "unknown",
            Gap(&gaps::UNKNOWN, "`reject` or `drop`"),
            "What becomes of members that the schema does not name.",
        )
        .else_("they are rejected"),
        second(
            "rules",
            List(&Of(&RULE)),
            "What must hold between the members of an object; what does not is 422.",
        ),
        second(
            "normalize",
            Gap(&gaps::NORMALIZE, "`[nfc, lower, trim]`"),
            "How a string is brought into one form before it is checked.",
        ),
        second(
            "url",
            Gap(&gaps::URL, "`{schemes, hosts}`"),
            "Which addresses may be sent.",
        ),
        second(
            "files",
            Gap(&gaps::FILES, "`{mediaTypes, maxSize, maxCount, names}`"),
            "Which files may be uploaded.",
        ),
    ],
};
