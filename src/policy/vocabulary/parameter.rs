//! `x-security` of a parameter.

use super::Value::{Either, True, Words};
use super::{Mapping, Word, second, word};

pub const PARAMETER_WORDS: &[Word] = &[word("secret", "as `true`"), word("personal", "as `true`")];

pub static PARAMETER: Mapping = Mapping {
    what: "`x-security` of a parameter",
    name: "parameter",
    meaning: "What a parameter holds.",
    filled: false,
    keys: &[second(
        "sensitive",
        Either(&[True, Words(PARAMETER_WORDS)]),
        "It is sensitive; said for people, since no parameter is ever logged.",
    )],
};
