//! `x-security` of a property, or of a schema that is used as one.

use super::super::gaps;
use super::Value::{
    Either, Gap, List, Mapping as Of, Number, OneOrMore, Size, Syntax as Form, True, Words,
};
use super::syntax::{FILE_NAMES, ROLE_NAME};
use super::{MOST, MOST_BODY, Mapping, RULE, Word, core, gap, second, word};

pub const SENSITIVE: &[Word] = &[
    word(
        "secret",
        "in no reply, redacted in logs and `Debug`, wiped from memory",
    ),
    word("personal", "redacted in logs and `Debug`"),
];

/// Types that are told by the first bytes of a file.
pub const FILE_TYPES: &[Word] = &[
    word("image/png", "begins with the signature of PNG"),
    word("image/jpeg", "begins with `FF D8 FF`"),
    word("image/gif", "begins with `GIF87a` or `GIF89a`"),
    word("image/webp", "RIFF with `WEBP` in it"),
    word("application/pdf", "begins with `%PDF-`"),
    word("application/zip", "begins with `PK`, 3, 4"),
    word("application/gzip", "begins with `1F 8B 08`"),
];

pub static FILES: Mapping = Mapping {
    what: "`files`",
    name: "files",
    meaning: "Which files may be sent as parts of a `multipart/form-data` body.",
    filled: true,
    keys: &[
        second(
            "mediaTypes",
            List(&Words(FILE_TYPES)),
            "Of which types. A part must say one of them, and its first bytes must say the same; else 415.",
        )
        .else_("`application/octet-stream`, whatever it holds"),
        second(
            "maxSize",
            Size { most: MOST_BODY },
            "The longest file; what is longer is 413. `limits.body` holds for the whole body.",
        )
        .else_("`maxLength`, else `limits.body`"),
        second(
            "maxCount",
            Number {
                least: 1,
                most: MOST,
            },
            "How many files a list may have; one more is 413.",
        )
        .else_("`maxItems`"),
        second(
            "names",
            Form(&FILE_NAMES),
            "A pattern that the name of a file must have, or it is 422. No name with a separator, a control character or an escape is ever taken.",
        ),
    ],
};

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
            Of(&FILES),
            "Which files may be sent, where the member is a file (`format: binary`) or a list of them, or the body is one.",
        ),
    ],
};
