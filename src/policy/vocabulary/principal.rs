//! `principal` and `rules`: what policies know of a caller, and rules of an object.

use super::Value::{Flag, Syntax as Form, Text, Words};
use super::syntax::{EXPRESSION, POINTER, RULE_ID};
use super::{Mapping, Word, second, word};

/// Of an attribute of the caller.
pub const KINDS: &[Word] = &[
    word("string", "a text that is not empty"),
    word("integer", "an integer of 64 bits"),
    word("boolean", "true or false"),
    word("uuid", "a UUID as a text"),
    word("strings", "a list of texts"),
];

/// Of an attribute of an object.
pub const FACT_KINDS: &[Word] = &[
    word("string", "a text"),
    word("integer", "an integer of 64 bits"),
    word("boolean", "true or false"),
    word("uuid", "a UUID as a text"),
    word(
        "strings",
        "a list of texts, of which at most 1000 are looked through",
    ),
    word("time", "a moment, compared with `request.time`"),
];

pub static ATTRIBUTE: Mapping = Mapping {
    what: "an attribute of `principal`",
    name: "attribute",
    meaning: "Something a token says of its bearer. A claim of another kind is 401; one that is absent leaves a policy that reads it undecided, which is no.",
    filled: false,
    keys: &[
        second("from", Form(&POINTER), "Where the claims say it.").required(),
        second("kind", Words(KINDS), "What it is, exactly.").required(),
        second("required", Flag, "A token without it is 401.").or("false"),
    ],
};

pub static RULE: Mapping = Mapping {
    what: "a rule",
    name: "rule",
    meaning: "What must hold between the members of an object whose keywords hold.",
    filled: false,
    keys: &[
        second(
            "id",
            Form(&RULE_ID),
            "Its name in answers: `rule:` and the id.",
        )
        .required(),
        second(
            "check",
            Form(&EXPRESSION),
            "CEL over `this`, the object. What cannot be decided does not hold.",
        )
        .required(),
        second("message", Text, "For people who sent what breaks it.").required(),
    ],
};
