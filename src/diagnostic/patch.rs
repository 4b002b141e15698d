//! Suggestions that are edits: what to write in place of what stands there.
//!
//! A stage knows values, not how they are written. It says what it means by an [`Edit`]; [`patch`] finds it in the text
//! and gives none where the text does not agree: an edit that is not exactly right is worse than a sentence.

use super::texts::Texts;
use crate::document::lines::Cursor;
use crate::document::{Place, Sources};

/// A change as a stage means it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The scalar at the place reads as `old` and should read as `new`.
    Word {
        place: Place,
        old: String,
        new: String,
    },
    /// The token at the place is written `old` and should be written `new`: numbers and booleans.
    Token {
        place: Place,
        old: String,
        new: String,
    },
    /// The mapping at the place lacks this member; the value is a plain token.
    Member {
        place: Place,
        key: &'static str,
        value: &'static str,
    },
}

/// An edit of the text: what stands at `place` and is replaced, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    pub place: Place,
    pub old: String,
    pub new: String,
}

/// How `edit` is done in the text, as far as it can be said exactly.
pub fn patch(edit: &Edit, sources: &Sources) -> Option<Patch> {
    patch_in(edit, &mut Texts::of(sources))
}

pub(super) fn patch_in(edit: &Edit, texts: &mut Texts<'_>) -> Option<Patch> {
    let (Edit::Word { place, .. } | Edit::Token { place, .. } | Edit::Member { place, .. }) = edit;
    let cursor = texts.cursor(*place)?;
    match edit {
        Edit::Word { old, new, .. } => word(cursor, old, new),
        Edit::Token { old, new, .. } => {
            let after = cursor.rest.strip_prefix(old.as_str())?;
            ends(after).then(|| at(*place, old, new.clone()))
        }
        Edit::Member { key, value, .. } => {
            let text = &texts.source(*place)?.text;
            let json = text.trim_start().starts_with('{');
            member(cursor, key, value, json)
        }
    }
}

fn at(place: Place, old: &str, new: String) -> Patch {
    Patch {
        place,
        old: old.to_owned(),
        new,
    }
}

/// The quotes stay as they are; a word that needs quotes gets them.
fn word(cursor: Cursor<'_>, old: &str, new: &str) -> Option<Patch> {
    let inner = |quote: char| {
        let rest = cursor.rest.strip_prefix(quote)?.strip_prefix(old)?;
        rest.starts_with(quote)
            .then(|| format!("{quote}{old}{quote}"))
    };
    // What is written with escapes is not found, and not patched.
    if old.is_empty() || old.contains(['\\', '"', '\'', '\n', '\r']) {
        return None;
    }
    if let Some(written) = inner('"') {
        return Some(at(cursor.place, &written, quoted(new)?));
    }
    if let Some(written) = inner('\'') {
        let new = format!("'{}'", new.replace('\'', "''"));
        return Some(at(cursor.place, &written, new));
    }
    let after = cursor.rest.strip_prefix(old)?;
    if !ends(after) {
        return None;
    }
    let new = match is_plain(new) {
        true => new.to_owned(),
        false => quoted(new)?,
    };
    Some(at(cursor.place, old, new))
}

/// As JSON writes it, which YAML reads as well.
fn quoted(text: &str) -> Option<String> {
    serde_json::to_string(text).ok()
}

/// Whether `text` may stand without quotes anywhere and is a string there: less than YAML allows.
fn is_plain(text: &str) -> bool {
    let first = |c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '/');
    let more = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '/' | '-' | '.');
    let reserved = ["null", "true", "false"];
    text.starts_with(first)
        && text.chars().all(more)
        && !reserved.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a plain token ends before `rest`.
fn ends(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        None | Some(',' | ']' | '}') => true,
        Some(':') => chars
            .next()
            .is_none_or(|c| c.is_whitespace() || matches!(c, ',' | ']' | '}')),
        Some('\n' | '\r') => true,
        // A plain scalar may go on behind blanks; a comment ends it, and a flow collection may.
        Some(c) if c.is_whitespace() => {
            let rest = rest.trim_start_matches([' ', '\t']);
            rest.is_empty() || rest.starts_with(['\n', '\r', '#', ',', ']', '}', ':'])
        }
        Some(_) => false,
    }
}

/// Before the first member of a block, or behind the brace.
fn member(cursor: Cursor<'_>, key: &str, value: &str, json: bool) -> Option<Patch> {
    let written = match json {
        true => format!("\"{key}\": {value}"),
        false => format!("{key}: {value}"),
    };
    if let Some(inner) = cursor.rest.strip_prefix('{') {
        let new = match inner.trim_start().strip_prefix('}') {
            Some(_) if inner.starts_with('}') => format!("{{ {written} "),
            Some(_) => format!("{{ {written}"),
            None if inner.starts_with(char::is_whitespace) => format!("{{ {written},"),
            None => format!("{{ {written}, "),
        };
        return Some(at(cursor.place, "{", new));
    }
    let column = usize::try_from(cursor.place.column).ok()?;
    let indentation = " ".repeat(column.saturating_sub(1));
    (!json).then(|| at(cursor.place, "", format!("{written}\n{indentation}")))
}
