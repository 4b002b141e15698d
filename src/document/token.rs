//! Where a token begins, where the parser of YAML tells something else: it counts an anchor or a tag as part of the value,
//! a block from its first line, and an error from behind the tab that is the mistake.

use std::cell::Cell;

use super::Place;
use super::lines::{Cursor, Lines};

/// Where the value itself stands, when an anchor or a tag stands before it.
///
/// `last` is where this was asked before: places come in order, and a line of anchors would be walked once for each.
pub(super) fn behind<'t>(
    lines: &Lines<'t>,
    last: &Cell<Option<Cursor<'t>>>,
    place: Place,
) -> Place {
    let further = last.get().and_then(|cursor| cursor.forward(place));
    let Some(mut cursor) = further.or_else(|| lines.cursor(place)) else {
        return place;
    };
    last.set(Some(cursor));
    while let Some('&' | '!') = cursor.peek() {
        cursor.skip(|c| !c.is_whitespace());
        // What follows may stand on a later line, behind a comment.
        loop {
            cursor.skip(char::is_whitespace);
            if cursor.peek() == Some('#') {
                cursor.skip(|_| true);
            }
            if !cursor.at_break() {
                break;
            }
            cursor.next();
        }
    }
    cursor.place
}

/// Where the `|` or `>` of a block stands: the parser tells where its first line does.
pub(super) fn indicator(lines: &Lines<'_>, place: Place, text: &str) -> Place {
    let is_bare = text.chars().all(|c| c == '\n');
    if is_bare && lines.cursor(place).is_some_and(|at| is_header(at.rest)) {
        return place;
    }
    for number in (1..place.line).rev() {
        let line = lines.get(number).unwrap_or_default();
        let words = line.trim_start();
        if words.is_empty() || is_bare && words.starts_with('#') {
            continue;
        }
        if let Some(index) = header(line) {
            return Place {
                line: number,
                column: u32::try_from(index.saturating_add(1)).unwrap_or(u32::MAX),
                ..place
            };
        }
        break;
    }
    place
}

/// The first tab of the line, where the parser tells what stands behind it.
pub(super) fn tab_before(lines: &Lines<'_>, place: Place) -> Place {
    let Some(mut cursor) = lines.cursor(Place { column: 1, ..place }) else {
        return place;
    };
    cursor.skip(|c| c != '\t');
    match cursor.peek() {
        Some('\t') if cursor.place < place => cursor.place,
        _ => place,
    }
}

/// How many characters stand before the indicator of a block in the line that has it. What is quoted is a key.
fn header(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (index, (at, c)) in line.char_indices().enumerate() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') && !before.is_alphanumeric() => quote = Some(c),
            None if before.is_whitespace() && is_header(line.get(at..)?) => return Some(index),
            None => {}
        }
        before = c;
    }
    None
}

/// `|` or `>`, indicators, and nothing else in the line but a comment.
fn is_header(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['|', '>']) else {
        return false;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    let words = rest.trim_start_matches([' ', '\t']);
    let is_comment = words.starts_with('#') && words.len() < rest.len();
    words.is_empty() || words.starts_with(['\n', '\r']) || is_comment
}
