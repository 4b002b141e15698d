//! Identifiers from names of the document.
//!
//! A name is untrusted text (invariant 3): what comes out of here is always one plain Rust identifier, never a keyword,
//! never a name that emitted files use for something else, and unique within its [`Scope`].

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Longest stem of an identifier, which may also be a file name.
const LONGEST: usize = 64;

/// Keywords of edition 2024, reserved ones and weak ones that cannot be used everywhere.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Type names that every file has without importing them.
const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// What the file of a type, of an operation or of a resource uses beside its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    Types,
    Operations,
    Resources,
}

impl Within {
    fn taken(self) -> &'static [&'static str] {
        match self {
            Within::Types => &[
                "BTreeMap",
                "Entries",
                "List",
                "Member",
                "Object",
                "Pattern",
                "Rule",
                "Schema",
                "Secret",
                "Text",
                "Undecided",
                "Whole",
            ],
            Within::Operations => &[
                "Access",
                "Admitted",
                "Api",
                "At",
                "BTreeMap",
                "BoxFuture",
                "Call",
                "Compared",
                "Credential",
                "Entries",
                "Erased",
                "Exchange",
                "Fault",
                "Field",
                "Guarded",
                "Id",
                "List",
                "Load",
                "Need",
                "Owned",
                "Pattern",
                "Policy",
                "Principal",
                "Read",
                "Refusal",
                "Reply",
                "Resource",
                "Response",
                "RoleSet",
                "Schema",
                "Secret",
                "Service",
                "StatusCode",
                "Text",
                "Undecided",
                "Visible",
                "VisibleBy",
                "Whole",
                "Work",
                "Write",
            ],
            Within::Resources => &[
                "Access",
                "Admitted",
                "Arc",
                "At",
                "BTreeMap",
                "BoxFuture",
                "Compared",
                "Debug",
                "Entries",
                "Erased",
                "Exchange",
                "Fault",
                "Field",
                "Formatter",
                "Hash",
                "Hasher",
                "Id",
                "Identity",
                "List",
                "Load",
                "Loading",
                "Mode",
                "Need",
                "Ordering",
                "Owned",
                "Parse",
                "Pattern",
                "PhantomData",
                "Policy",
                "Principal",
                "Read",
                "Refusal",
                "Resource",
                "Response",
                "Role",
                "RoleSet",
                "Schema",
                "Service",
                "StatusCode",
                "Text",
                "Visible",
                "VisibleBy",
                "Whole",
                "Work",
                "Write",
            ],
        }
    }
}

/// `getUser` → `get_user`; a file name as well.
pub fn snake(name: &str) -> String {
    checked(words(name).to_snake_case(), "n_")
}

/// `getUser` → `GetUser`.
pub fn pascal(name: &str) -> String {
    checked(words(name).to_upper_camel_case(), "N")
}

/// `getUser` → `GET_USER`.
pub fn shout(name: &str) -> String {
    checked(words(name).to_shouty_snake_case(), "N_")
}

/// An identifier token of a name made by [`snake`], [`pascal`] or [`shout`], or of a word of our own.
pub fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// A type name that does not shadow what the files it stands in use.
pub fn type_name(name: &str, within: Within) -> String {
    let name = pascal(name);
    if PRELUDE.contains(&name.as_str()) || within.taken().contains(&name.as_str()) {
        return format!("{name}Model");
    }
    name
}

/// Names of one scope, each given out once.
#[derive(Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
    /// The first number that may be free for a name: a hostile document has a hundred thousand of one name.
    next: BTreeMap<String, u32>,
}

impl Scope {
    /// A scope in which `taken` cannot be given out.
    pub fn without(taken: &[&str]) -> Self {
        Scope {
            taken: taken.iter().map(|name| (*name).to_owned()).collect(),
            next: BTreeMap::new(),
        }
    }

    /// `wanted`, or `wanted` with the first number that is free.
    pub fn claim(&mut self, wanted: String) -> String {
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        // `Self_2` would be no camel case.
        let stem = wanted.trim_end_matches('_');
        let between = if stem.ends_with(|c: char| c.is_ascii_digit()) {
            "_"
        } else {
            ""
        };
        let count = self.next.entry(wanted.clone()).or_insert(2);
        loop {
            let name = format!("{stem}{between}{count}");
            *count += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Everything that is no ASCII letter or digit separates words.
fn words(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect()
}

fn checked(mut name: String, prefix: &str) -> String {
    name.truncate(LONGEST);
    if name.is_empty() || name.starts_with(|c: char| !c.is_ascii_alphabetic()) {
        name.insert_str(0, prefix);
    }
    if KEYWORDS.contains(&name.as_str()) || name == "Self" || is_device(&name) {
        name.push('_');
    }
    name
}

/// A file or folder of this name cannot be on every system.
fn is_device(name: &str) -> bool {
    matches!(name, "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].iter().any(|device| {
            let digit = name.strip_prefix(device).map(str::as_bytes);
            matches!(digit, Some([b'0'..=b'9']))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_plain_identifiers() {
        for name in [
            "",
            "type",
            "Self",
            "self",
            "crate",
            "gen",
            "_",
            "__a",
            "1st",
            "fn main() {}",
            "a\"; }",
            "../../etc/passwd",
            "é",
            "日本",
            "r#type",
            "a\nb",
            "\u{202e}x",
            "union",
            "'static",
        ] {
            for made in [
                snake(name),
                pascal(name),
                shout(name),
                type_name(name, Within::Types),
            ] {
                let parsed: Result<Ident, _> = syn::parse_str(&made);
                assert!(parsed.is_ok(), "{name:?} became {made:?}");
            }
        }
    }

    #[test]
    fn a_file_is_never_named_like_a_device() {
        assert_eq!(snake("CON"), "con_");
        assert_eq!(snake("com 1"), "com_1");
        assert_eq!(snake("COM1"), "com1_");
        assert_eq!(snake("console"), "console");
    }

    #[test]
    fn a_scope_gives_every_name_once() {
        let mut scope = Scope::without(&["body"]);
        assert_eq!(scope.claim("body".into()), "body2");
        assert_eq!(scope.claim("id".into()), "id");
        assert_eq!(scope.claim("id".into()), "id2");
        assert_eq!(scope.claim("v1".into()), "v1");
        assert_eq!(scope.claim("v1".into()), "v1_2");
        assert_eq!(scope.claim("Self_".into()), "Self_");
        assert_eq!(scope.claim("Self_".into()), "Self2");
        assert_eq!(scope.claim("Self_".into()), "Self3");
        assert_eq!(scope.claim("id3".into()), "id3");
        assert_eq!(scope.claim("id".into()), "id4");
    }
}
