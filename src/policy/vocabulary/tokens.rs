//! `revocation` and `tokens`: tokens that end before their time, and tokens that this service issues.

use super::Value::{List, Syntax as Form, Words};
use super::syntax::{GRACE, SECONDS};
use super::{Mapping, Word, second, word};

/// A lost answer is asked for again at once, or not at all (P32).
pub const MOST_GRACE: u64 = 10;

pub const REVOKED_BY: &[Word] = &[
    word(
        "jti",
        "one token by its own name, which every token must then have",
    ),
    word("subject", "all tokens issued to a subject until now"),
    word("session", "all tokens of a session"),
];

pub static REVOCATION: Mapping = Mapping {
    what: "`revocation`",
    name: "revocation",
    meaning: "Tokens can be revoked before they end; a list of what is revoked is asked on every request, and where it does not answer nobody is let in.",
    filled: false,
    keys: &[second(
        "by",
        List(&Words(REVOKED_BY)),
        "By what a token can be revoked.",
    )
    .required()],
};

pub static TOKENS: Mapping = Mapping {
    what: "`tokens`",
    name: "tokens",
    meaning: "This service issues tokens for the scheme whose `keys` are `{source: issued, from: …}`; they can be revoked by all three names. `{}` takes every default.",
    filled: false,
    keys: &[
        second(
            "accessLifetime",
            Form(&SECONDS),
            "How long an access token lasts: at most `maxLifetime` of its scheme.",
        )
        .or("15m"),
        second(
            "refreshLifetime",
            Form(&SECONDS),
            "How long a session lasts, however often it is renewed.",
        )
        .or("30d"),
        second(
            "refreshIdle",
            Form(&SECONDS),
            "How long a session lasts that is not renewed.",
        )
        .or("7d"),
        second(
            "grace",
            Form(&GRACE),
            "How long a refresh token may come again for the same successor, because an answer was lost; after that it is a theft.",
        )
        .or("0s"),
    ],
};

pub const FLOWS: &[Word] = &[
    word(
        "refresh",
        "gives a new pair of tokens for a refresh token (RFC 6749 §6)",
    ),
    word(
        "logout",
        "ends the session of the caller, or of a refresh token in the body",
    ),
    word(
        "revoke",
        "revokes the token in the body, and always says 200 (RFC 7009)",
    ),
];
