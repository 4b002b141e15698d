//! `rateLimits` and `rateLimit`: a window.

use super::super::gaps;
use super::Value::{Either, Gap, Number, OneOrMore, Syntax as Form, Words};
use super::syntax::{FIELD, SECONDS};
use super::{MOST, Mapping, Word, core, word};

pub const COUNT_BY: &[Word] = &[
    word("ip", "the address of the client; of IPv6 the first 64 bits"),
    word("subject", "the caller; the address where there is none"),
    word("tenant", "the caller's tenant"),
    word("all", "everyone together"),
    word("apiKey", "the API key; the address where there is none"),
];

pub const COUNTS: &[Word] = &[
    word("all", "every request"),
    word(
        "failures",
        "only requests that were answered with 400 to 499",
    ),
];

pub const ON_FAILURE: &[Word] = &[
    word("deny", "answer 503"),
    word("local", "count in this process"),
];

pub static RATE_LIMIT: Mapping = Mapping {
    what: "a rate limit",
    name: "rateLimit",
    meaning: "A window that starts at a key's first request: `limit` pass, the next is refused until `window` is over.",
    filled: false,
    keys: &[
        core(
            "limit",
            Number { least: 1, most: MOST },
            "How many requests pass in a window.",
        )
        .required(),
        core("window", Form(&SECONDS), "How long a window is.").required(),
        core(
            "by",
            OneOrMore(&Either(&[
                Words(COUNT_BY),
                Form(&FIELD),
                Gap(&gaps::BY_PARAMETER, "`parameter:NAME`"),
                Gap(&gaps::BY_NESTED_FIELD, "`field:` with a pointer into a nested value"),
            ])),
            "What is counted apart; a list is one combined key. A field of the body needs `ip` or `subject` beside it, else anyone could lock others out.",
        )
        .required(),
        core("count", Words(COUNTS), "What is counted.").or("all"),
        core(
            "onFailure",
            Words(ON_FAILURE),
            "What happens when the store does not answer.",
        )
        .else_("`deny` with `count: failures`, else `local`"),
        core(
            "escalate",
            Gap(
                &gaps::ESCALATE,
                "`true`, or `{after, within, base, factor, cap, forgiveAfter, challengeAfter, blockAfter}`",
            ),
            "Repeated refusals last longer.",
        ),
    ],
};
