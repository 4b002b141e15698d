//! The source line of a place, fit to be shown: escaped, cut to a window, with the token to underline.

use std::ops::Range;

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

/// Where each line of a text begins; a line ends with LF, CR or CRLF.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut starts = vec![0];
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            let before_lf = matches!(bytes.peek(), Some((_, b'\n')));
            if byte == b'\n' || (byte == b'\r' && !before_lf) {
                starts.push(at.saturating_add(1));
            }
        }
        Lines { text, starts }
    }

    /// The line `number`, counted from 1, without its end.
    pub(super) fn get(&self, number: u32) -> Option<&'t str> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let start = *self.starts.get(index)?;
        let next = self.starts.get(index.saturating_add(1));
        let end = next.copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end)?;
        Some(line.trim_end_matches(['\n', '\r']))
    }
}

/// Cuts and escapes `line` around the token that begins at `column` (from 1, in characters).
pub(super) fn excerpt(line: &str, column: u32) -> Excerpt {
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
    let token = token_length(&tail);
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
