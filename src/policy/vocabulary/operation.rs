//! `x-security` of an operation, of a path item for all its operations, and `defaults` of the root.

use super::super::gaps;
use super::Value::{
    Either, Gap, List, Mapping as Of, Named, OneOrMore, Syntax as Form, Text, Words,
};
use super::syntax::{RATE_LIMIT_NAME, RESOURCE_NAME, ROLE_NAME, STATUS};
use super::{
    ACCESS, ACCESS_WORDS, FLOWS, Mapping, OPERATION_LIMITS, OWNS, OWNS_WORDS, RATE_LIMIT, Word,
    core, second, word,
};

/// What the handler fills in of a response.
pub const REPLIES: &[Word] = &[
    word("json", "its JSON body"),
    word("text", "its body of plain text"),
    word(
        "problem",
        "nothing: the service writes the declared problem",
    ),
    word("empty", "nothing: there is no body"),
];

/// Media types of request bodies that are read.
pub const MEDIA: &[Word] = &[
    word("application/json", "JSON"),
    word(
        "application/x-www-form-urlencoded",
        "what a page's form sends",
    ),
    word(
        "multipart/form-data",
        "what it sends when there are files in it",
    ),
    word("application/octet-stream", "one file"),
];

pub static OPERATION: Mapping = Mapping {
    what: "`x-security` of an operation",
    name: "operation",
    meaning: "Who may call, whose objects, how often. A deeper level wins key by key: root `defaults`, path item, operation.",
    filled: false,
    keys: &[
        core(
            "access",
            Either(&[
                Words(ACCESS_WORDS),
                Form(&ROLE_NAME),
                List(&Form(&ROLE_NAME)),
                Of(&ACCESS),
            ]),
            "Who may call: a word, a role, a list of roles of which one is needed, or a mapping of which all is needed. `security` must hold too.",
        )
        .else_("from `security`: authenticated with its scopes where it is non-empty without `{}`; otherwise denied"),
        core(
            "owns",
            Either(&[
                Form(&RESOURCE_NAME),
                Named {
                    of: &RESOURCE_NAME,
                    to: &Either(&[Words(OWNS_WORDS), Of(&OWNS)]),
                    filled: true,
                },
            ]),
            "Whose object it is: a resource means by its owner; several resources, several members.",
        )
        .else_("an operation with the `param` of a resource is denied, unless it is public, or all its roles are in `bypass` of a resource without `tenant`"),
        core(
            "rateLimit",
            Either(&[OneOrMore(&Form(&RATE_LIMIT_NAME)), Of(&RATE_LIMIT)]),
            "Declared or built-in limits, or one written out; all of them count.",
        )
        .else_("`standard`; besides it `auth` and `authAccount` on operations with `flow` and on public operations with a `format: password` member"),
        core(
            "reason",
            Text,
            "Why this level is open: one sentence for whoever reads the audit; needed beside `access: public`, and not inherited.",
        ),
        second("limits", Of(&OPERATION_LIMITS), "Limits of this operation, inherited key by key.")
            .else_("the limits of the service"),
        second(
            "replies",
            Named {
                of: &STATUS,
                to: &Words(REPLIES),
                filled: true,
            },
            "Which responses are the handler's; the others that are declared are the service's own refusals.",
        )
        .else_("all that are declared"),
        second(
            "media",
            List(&Words(MEDIA)),
            "Which media types of the request body are taken: some of those that are declared. The others are answered with 415, and are not published.",
        )
        .else_("all that are declared"),
        second(
            "flow",
            Words(FLOWS),
            "A part of issuing tokens that the service does itself: there is no handler to write.",
        ),
        second(
            "captcha",
            Gap(&gaps::OPERATION_CAPTCHA, "`always` or `onSuspicion`"),
            "When a challenge must be solved.",
        ),
        second(
            "idempotency",
            Gap(&gaps::IDEMPOTENCY, "`required` or `optional`"),
            "Whether a request with the same `Idempotency-Key` is done once.",
        ),
        second(
            "cache",
            Gap(&gaps::CACHE, "`{private|public, etag}`"),
            "Who may keep answers, and how long.",
        )
        .else_("nobody: `no-store`"),
        second(
            "audit",
            Gap(&gaps::OPERATION_AUDIT, "`{event, severity, always}`"),
            "How calls of this operation are written down.",
        ),
        second(
            "sunset",
            Gap(&gaps::SUNSET, "a date"),
            "When the operation goes away.",
        ),
        second(
            "raw",
            Gap(&gaps::RAW, "a reason"),
            "The handler gets the body as bytes, after every guard before it.",
        ),
    ],
};
