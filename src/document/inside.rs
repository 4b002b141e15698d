//! Where a character of a scalar's text stands in the file: what is written is not what is read. Escapes, folded lines,
//! the indentation of blocks and quotes lie between the two.

use super::lines::{Cursor, Lines};
use super::{Node, Place, Sources, Value};

/// The place of the byte `offset` in the text of `node`, for a message about a part of it; the end of the text is a place
/// too. A character inside an escape stands where the escape begins.
///
/// What is written is read once more and held against the text: where they do not agree, and for what is no string, the
/// place is the node's own.
pub fn inside(sources: &Sources, node: &Node, offset: usize) -> Place {
    let found = || {
        let Value::String(text) = &node.value else {
            return None;
        };
        if offset > text.len() {
            return None;
        }
        let source = sources.get(node.place.file)?;
        let cursor = Lines::of(&source.text).cursor(node.place)?;
        letter_at(cursor, text, offset)
    };
    found().unwrap_or(node.place)
}

/// The place of the byte `offset` of `text`, which is what the scalar at `cursor` reads as.
fn letter_at(mut cursor: Cursor<'_>, text: &str, offset: usize) -> Option<Place> {
    let mut track = Track::new(text, offset);
    match cursor.peek() {
        Some('"') => {
            cursor.next();
            double_quoted(&mut cursor, &mut track);
        }
        Some('\'') => {
            cursor.next();
            single_quoted(&mut cursor, &mut track);
        }
        Some('|' | '>') => return block(cursor, text, offset),
        _ => plain(&mut cursor, &mut track),
    }
    track.place()
}

/// The text that is expected, letter by letter, until the one that is looked for.
struct Track<'n> {
    rest: std::str::CharIndices<'n>,
    length: usize,
    offset: usize,
    found: Option<Place>,
    /// Where what comes after the last letter stands.
    end: Option<Place>,
    agrees: bool,
}

impl<'n> Track<'n> {
    fn new(text: &'n str, offset: usize) -> Self {
        Track {
            rest: text.char_indices(),
            length: text.len(),
            offset,
            found: None,
            end: None,
            agrees: true,
        }
    }

    /// Takes a letter that stands between `from` and `to`. `None` when there is nothing more to be known.
    fn letter(&mut self, letter: char, from: Place, to: Place) -> Option<()> {
        let (at, expected) = self.rest.next()?;
        if letter != expected {
            self.agrees = false;
            return None;
        }
        let next = at.saturating_add(expected.len_utf8());
        if (at..next).contains(&self.offset) {
            self.found = Some(from);
            return None;
        }
        self.end = Some(to);
        (next < self.length).then_some(())
    }

    fn is_whole(&self) -> bool {
        self.agrees && self.rest.as_str().is_empty()
    }

    fn place(&self) -> Option<Place> {
        match self.found {
            Some(place) => Some(place),
            None => self.end.filter(|_| self.is_whole()),
        }
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

fn plain(cursor: &mut Cursor<'_>, track: &mut Track<'_>) {
    // Where it ends is known from the text alone.
    while flow_letter(cursor, track).is_some() {}
}

fn single_quoted(cursor: &mut Cursor<'_>, track: &mut Track<'_>) {
    empty(cursor, track);
    loop {
        let from = cursor.place;
        if cursor.rest.starts_with("''") {
            cursor.next();
            cursor.next();
            if track.letter('\'', from, cursor.place).is_none() {
                return;
            }
        } else if cursor.peek() == Some('\'') || flow_letter(cursor, track).is_none() {
            return;
        }
    }
}

/// Of YAML and of JSON, whose escapes YAML has too, all but pairs of surrogates.
fn double_quoted(cursor: &mut Cursor<'_>, track: &mut Track<'_>) {
    empty(cursor, track);
    loop {
        let more = match cursor.peek() {
            Some('"') => None,
            Some('\\') => escaped(cursor, track),
            _ => flow_letter(cursor, track),
        };
        if more.is_none() {
            return;
        }
    }
}

/// The end of a text without letters is between the quotes.
fn empty(cursor: &Cursor<'_>, track: &mut Track<'_>) {
    track.end = Some(cursor.place);
}

/// One letter, or the blanks and line ends that are folded into one.
fn flow_letter(cursor: &mut Cursor<'_>, track: &mut Track<'_>) -> Option<()> {
    let mut ahead = *cursor;
    ahead.skip(is_blank);
    if !ahead.at_break() {
        let from = cursor.place;
        let letter = cursor.next()?;
        return track.letter(letter, from, cursor.place);
    }
    *cursor = ahead;
    let from = cursor.place;
    cursor.next();
    cursor.skip(is_blank);
    if !cursor.at_break() {
        return track.letter(' ', from, cursor.place);
    }
    empty_lines(cursor, track)
}

/// Every line that is empty is one `\n`.
fn empty_lines(cursor: &mut Cursor<'_>, track: &mut Track<'_>) -> Option<()> {
    while cursor.at_break() {
        let from = cursor.place;
        cursor.next();
        cursor.skip(is_blank);
        track.letter('\n', from, cursor.place)?;
    }
    Some(())
}

fn escaped(cursor: &mut Cursor<'_>, track: &mut Track<'_>) -> Option<()> {
    let from = cursor.place;
    cursor.next();
    let letter = match cursor.next()? {
        // The line goes on in the next one.
        '\n' => {
            cursor.skip(is_blank);
            return empty_lines(cursor, track);
        }
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => char::from_u32(hexadecimal(cursor, 2)?)?,
        'U' => char::from_u32(hexadecimal(cursor, 8)?)?,
        'u' => match hexadecimal(cursor, 4)? {
            high @ 0xD800..=0xDBFF => {
                cursor.rest.strip_prefix("\\u")?;
                cursor.next();
                cursor.next();
                let low = hexadecimal(cursor, 4)?;
                char::from_u32(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))?
            }
            code => char::from_u32(code)?,
        },
        same => same,
    };
    track.letter(letter, from, cursor.place)
}

fn hexadecimal(cursor: &mut Cursor<'_>, digits: usize) -> Option<u32> {
    let mut code = 0_u32;
    for _ in 0..digits {
        code = code
            .checked_mul(16)?
            .checked_add(cursor.next()?.to_digit(16)?)?;
    }
    Some(code)
}

/// `|` and `>`: the indentation is the one of the first line that is not empty; with an indicator it depends on what is
/// around, and is the one with which the lines read as the text.
fn block(mut cursor: Cursor<'_>, text: &str, offset: usize) -> Option<Place> {
    let folded = cursor.next()? == '>';
    let header = cursor.place;
    let mut indicated = false;
    while let Some(c) = cursor.peek().filter(|c| matches!(c, '1'..='9' | '+' | '-')) {
        indicated |= c.is_ascii_digit();
        cursor.next();
    }
    cursor.skip(|_| true);
    cursor.next();
    if text.is_empty() {
        return Some(header);
    }
    if text.bytes().all(|byte| byte == b'\n') {
        let mut track = Track::new(text, offset);
        cursor.skip(is_blank);
        empty_lines(&mut cursor, &mut track);
        return track.place();
    }
    let spaces = first_indentation(cursor)?;
    let least = if indicated { 1 } else { spaces };
    (least..=spaces).find_map(|indentation| {
        // All of it must agree, or a line that begins with blanks would be found one to the left.
        let mut whole = Track::new(text, text.len());
        lines(cursor, indentation, folded, &mut whole);
        if !whole.is_whole() {
            return None;
        }
        let mut track = Track::new(text, offset);
        lines(cursor, indentation, folded, &mut track);
        track.place()
    })
}

fn first_indentation(mut cursor: Cursor<'_>) -> Option<usize> {
    let mut longest = 0;
    loop {
        let spaces = cursor.skip(|c| c == ' ');
        if cursor.peek().is_none() {
            return Some(longest.max(spaces));
        }
        if !cursor.at_break() {
            return Some(spaces);
        }
        longest = longest.max(spaces);
        cursor.next();
    }
}

/// A line of a block: where its text begins, behind the indentation.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: Cursor<'t>,
    is_empty: bool,
    /// Begins with a blank: it and its neighbours are not folded.
    is_more: bool,
    /// Stands further left: the block is over.
    is_outside: bool,
}

/// Reads one line, and leaves the cursor at its end.
fn line<'t>(cursor: &mut Cursor<'t>, indentation: usize) -> Line<'t> {
    let mut left = indentation;
    while left > 0 && cursor.peek() == Some(' ') {
        cursor.next();
        left = left.saturating_sub(1);
    }
    let text = *cursor;
    let is_empty = text.at_break() || text.peek().is_none();
    let line = Line {
        text,
        is_empty,
        is_more: text.peek().is_some_and(is_blank),
        is_outside: left > 0 && !is_empty,
    };
    cursor.skip(|_| true);
    line
}

fn lines(mut cursor: Cursor<'_>, indentation: usize, folded: bool, track: &mut Track<'_>) {
    let mut last: Option<Line<'_>> = None;
    // Line ends since the last line that was not empty.
    let mut breaks: Vec<(Place, Place)> = Vec::new();
    loop {
        let here = line(&mut cursor, indentation);
        if here.is_outside {
            broken(&breaks, true, track);
            return;
        }
        if !here.is_empty {
            let apart = last.is_none_or(|last| !folded || last.is_more || here.is_more);
            if broken(&breaks, apart, track).is_none() {
                return;
            }
            breaks.clear();
            let mut text = here.text;
            while !text.at_break() {
                let from = text.place;
                let Some(letter) = text.next() else {
                    break;
                };
                if track.letter(letter, from, text.place).is_none() {
                    return;
                }
            }
            last = Some(here);
        }
        let from = cursor.place;
        if cursor.next().is_none() {
            // What follows the last line is kept or not; the text says it.
            broken(&breaks, true, track);
            return;
        }
        breaks.push((from, cursor.place));
    }
}

/// Line ends between two lines that are not empty: as they are, or folded.
fn broken(breaks: &[(Place, Place)], apart: bool, track: &mut Track<'_>) -> Option<()> {
    let kept = match breaks {
        [(from, to)] if !apart => return track.letter(' ', *from, *to),
        [_, kept @ ..] if !apart => kept,
        all => all,
    };
    kept.iter()
        .try_for_each(|(from, to)| track.letter('\n', *from, *to))
}

#[cfg(test)]
mod tests;
