//! The source line of a place, fit to be shown: escaped, cut to a window, with the token to underline.

use std::ops::Range;

use super::Patch;
use super::escape::{escape, is_hidden};

/// What of a line is shown when it is long: minified JSON has one line of megabytes.
const BEFORE: usize = 60;
const AFTER: usize = 80;

/// A line as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// Bytes of `text` that the caret underlines; empty at the end of a line.
    pub(super) token: Range<usize>,
}

/// Cuts and escapes `line` around the token that begins at `column` (from 1, in characters).
pub(super) fn excerpt(line: &str, column: u32) -> Excerpt {
    window(line, column, token_length)
}

/// As [`excerpt`], around what `patch` replaces; and what it is replaced by, escaped. `None` when it is too long to show.
pub(super) fn replaced(line: &str, patch: &Patch) -> Option<(Excerpt, String)> {
    let length = patch.old.chars().count();
    let shown = window(line, patch.place.column, |_| length);
    let new: Vec<_> = patch.new.split('\n').map(escape).collect();
    (length < AFTER && patch.new.chars().count() < AFTER).then(|| (shown, new.join("\n")))
}

/// `length` tells how many characters the token at the start of a text has.
fn window(line: &str, column: u32, length: impl FnOnce(&str) -> usize) -> Excerpt {
    let column = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    let mut text = String::new();
    let first = column.saturating_sub(BEFORE);
    if first > 0 {
        text.push('…');
    }
    let mut rest = line.chars().skip(first);
    for c in rest.by_ref().take(column.saturating_sub(first)) {
        push(&mut text, c);
    }
    let from = text.len();
    let tail: String = rest.by_ref().take(AFTER).collect();
    let token = length(&tail);
    let mut to = from;
    for (index, c) in tail.chars().enumerate() {
        push(&mut text, c);
        if index < token {
            to = text.len();
        }
    }
    if rest.next().is_some() {
        text.push('…');
    }
    Excerpt {
        text,
        token: from..to,
    }
}

fn push(text: &mut String, c: char) {
    match c {
        '\t' => text.push_str("    "),
        c if is_hidden(c) => text.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
        c => text.push(c),
    }
}

/// How many characters the token at the start of `text` has: a quoted text whole, else up to what ends a plain one.
fn token_length(text: &str) -> usize {
    let mut chars = text.chars();
    let quote = match chars.next() {
        None => return 0,
        Some(quote @ ('"' | '\'')) => quote,
        Some(_) => {
            let end = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | ']' | '}' | '"');
            return text.chars().take_while(|&c| !end(c)).count().max(1);
        }
    };
    let mut escaped = false;
    for (index, c) in chars.enumerate() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return index.saturating_add(2),
            _ => {}
        }
    }
    1
}
