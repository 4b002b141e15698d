//! The vocabulary of `x-security`, as data: each mapping, its keys, what a value may be, its default and its meaning.
//!
//! One source. The strict reader takes known keys, gaps, words and bounds from here, and [`crate::reference`] makes the
//! JSON Schema and the pages of the reference of it. A key that is not described cannot be read (`reader::Fields` asks
//! here first), and none is described without being read: a test writes something wrong at every one of them.

mod access;
mod auth;
mod cors;
mod limits;
mod network;
mod operation;
mod owns;
mod parameter;
mod principal;
mod property;
mod rate_limits;
mod resources;
mod roles;
mod root;
pub mod syntax;
mod tokens;

pub use access::{ACCESS, ACCESS_WORDS};
pub use auth::{
    ALGORITHMS, CERTIFICATE_ENTRY, CERTIFICATE_NAMES, CLAIMS, ENTRY, KEY_ENTRY, KEYS, MOST_LEEWAY,
    MOST_TOKEN_BYTES, PASSWORD_ENTRY, PROFILES, SOURCES,
};
pub use cors::CORS;
pub use limits::{
    LIMITS, MOST, MOST_BODY, MOST_DEPTH, MOST_FIELDS, MOST_HEADER, MOST_URI, OPERATION_LIMITS,
};
pub use network::{CLIENT_ADDRESSES, NETWORK, TLS_WORDS};
pub use operation::{MEDIA, OPERATION, REPLIES};
pub use owns::{BY_WORDS, MODES, OWNS, OWNS_WORDS};
pub use parameter::{PARAMETER, PARAMETER_WORDS};
pub use principal::{ATTRIBUTE, FACT_KINDS, KINDS, RULE};
pub use property::{FILE_TYPES, FILES, PROPERTY, SENSITIVE};
pub use rate_limits::{COUNT_BY, COUNTS, ON_FAILURE, RATE_LIMIT};
pub use resources::RESOURCE;
pub use roles::{RESERVED_ROLES, ROLE};
pub use root::ROOT;
pub use tokens::{FLOWS, MOST_GRACE, REVOCATION, REVOKED_BY, TOKENS};

use super::gaps::Gap;
use syntax::Syntax;

/// A mapping with keys of its own.
#[derive(Debug)]
pub struct Mapping {
    /// As a person would say it; diagnostics begin with it.
    pub what: &'static str,
    /// Among the definitions of the JSON Schema.
    pub name: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// `{}` would say nothing, and is an error.
    pub filled: bool,
    pub keys: &'static [Key],
}

/// A key of a mapping.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub shelf: Shelf,
    pub value: Value,
    pub required: bool,
    pub default: Default,
    /// One sentence.
    pub meaning: &'static str,
}

/// Who needs to know a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Enough for a safe service.
    Core,
    /// Never needed to be safe.
    Second,
}

/// What holds where a key is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// Nothing, or it must be written.
    None,
    /// This value, as it would be written.
    Is(&'static str),
    /// What takes a sentence.
    Said(&'static str),
}

/// What a value may be.
#[derive(Debug)]
pub enum Value {
    /// `true` or `false`.
    Flag,
    /// Only `true`: `false` would say nothing, or worse.
    True,
    /// A text that is not blank.
    Text,
    /// A whole number.
    Number {
        least: u64,
        most: u64,
    },
    /// One of a few numbers, each with its meaning.
    Numbers(&'static [(u64, &'static str)]),
    /// One of a few numbers with a fraction, as they are written, each with its meaning.
    Decimals(&'static [(&'static str, &'static str)]),
    Words(&'static [Word]),
    /// A text of some form.
    Syntax(&'static Syntax),
    /// A size in bytes, at least `1B`.
    Size {
        most: u64,
    },
    /// A list that is not empty, in which nothing stands twice.
    List(&'static Value),
    /// A list that may be empty.
    Set(&'static Value),
    /// One, or a [`Value::List`] of them.
    OneOrMore(&'static Value),
    /// A mapping whose keys are names.
    Named {
        of: &'static Syntax,
        to: &'static Value,
        filled: bool,
    },
    Mapping(&'static Mapping),
    /// Any of these.
    Either(&'static [Value]),
    /// Understood and refused: what it will hold.
    Gap(&'static Gap, &'static str),
    /// Known, and refused here: why, and where it belongs.
    Elsewhere(&'static str, &'static str),
}

/// A word with a meaning of its own.
#[derive(Debug)]
pub struct Word {
    pub word: &'static str,
    pub meaning: &'static str,
    /// Understood and refused.
    pub gap: Option<&'static Gap>,
    /// A key that must stand beside the key that has this word.
    pub needs: Option<&'static str>,
}

/// Where `x-security` may stand, and what it is there.
pub const LEVELS: &[(&str, &Mapping)] = &[
    ("root", &ROOT),
    ("pathItem", &OPERATION),
    ("operation", &OPERATION),
    ("parameter", &PARAMETER),
    ("schema", &PROPERTY),
    ("property", &PROPERTY),
];

impl Mapping {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl Key {
    /// Why the key is refused, when it is understood and not enforced.
    pub fn gap(&self) -> Option<&'static Gap> {
        match &self.value {
            Value::Gap(gap, _) => Some(gap),
            _ => None,
        }
    }

    /// Whether it may be written: it is no gap and it belongs here.
    pub fn is_enforced(&self) -> bool {
        !matches!(self.value, Value::Gap(..) | Value::Elsewhere(..))
    }
}

impl Word {
    pub fn is_enforced(&self) -> bool {
        self.gap.is_none()
    }
}

const fn core(name: &'static str, value: Value, meaning: &'static str) -> Key {
    Key {
        name,
        shelf: Shelf::Core,
        value,
        required: false,
        default: Default::None,
        meaning,
    }
}

const fn second(name: &'static str, value: Value, meaning: &'static str) -> Key {
    Key {
        shelf: Shelf::Second,
        ..core(name, value, meaning)
    }
}

impl Key {
    const fn required(self) -> Key {
        Key {
            required: true,
            ..self
        }
    }

    /// As it would be written.
    const fn or(self, default: &'static str) -> Key {
        Key {
            default: Default::Is(default),
            ..self
        }
    }

    /// What takes a sentence.
    const fn else_(self, default: &'static str) -> Key {
        Key {
            default: Default::Said(default),
            ..self
        }
    }
}

const fn word(word: &'static str, meaning: &'static str) -> Word {
    Word {
        word,
        meaning,
        gap: None,
        needs: None,
    }
}

const fn gap(word: &'static str, gap: &'static Gap, meaning: &'static str) -> Word {
    Word {
        word,
        meaning,
        gap: Some(gap),
        needs: None,
    }
}
