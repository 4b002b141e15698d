//! A text by lines, and a cursor that knows where each of its characters stands.

use super::Place;

/// Where each line of a text begins; a line ends with LF, CR or CRLF.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
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
    pub(crate) fn get(&self, number: u32) -> Option<&'t str> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let start = *self.starts.get(index)?;
        let next = self.starts.get(index.saturating_add(1));
        let end = next.copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end)?;
        Some(line.trim_end_matches(['\n', '\r']))
    }

    /// A cursor that stands at `place`. `None` when the text has no such place.
    pub(crate) fn cursor(&self, place: Place) -> Option<Cursor<'t>> {
        let index = usize::try_from(place.line.checked_sub(1)?).ok()?;
        let start = *self.starts.get(index)?;
        let line = self.get(place.line)?;
        let before = usize::try_from(place.column.checked_sub(1)?).ok()?;
        let ends = line.char_indices().map(|(at, _)| at);
        let offset = ends.chain([line.len()]).nth(before)?;
        Some(Cursor {
            rest: self.text.get(start.checked_add(offset)?..)?,
            place,
        })
    }
}

/// What is left of a text, and where it begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'t> {
    pub(crate) rest: &'t str,
    pub(crate) place: Place,
}

impl<'t> Cursor<'t> {
    /// The cursor at `place`, when that is further on in the same line.
    pub(crate) fn forward(self, place: Place) -> Option<Self> {
        if place.file != self.place.file || place.line != self.place.line {
            return None;
        }
        let count = usize::try_from(place.column.checked_sub(self.place.column)?).ok()?;
        let (offset, _) = self.rest.char_indices().nth(count)?;
        let rest = self.rest.get(offset..)?;
        Some(Cursor { rest, place })
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// The next character; the end of a line is `\n`, however it is written.
    pub(crate) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        let length = match self.rest.starts_with("\r\n") {
            true => 2,
            false => c.len_utf8(),
        };
        self.rest = self.rest.get(length..)?;
        if matches!(c, '\n' | '\r') {
            self.place.line = self.place.line.saturating_add(1);
            self.place.column = 1;
            return Some('\n');
        }
        self.place.column = self.place.column.saturating_add(1);
        Some(c)
    }

    pub(crate) fn at_break(&self) -> bool {
        self.rest.starts_with(['\n', '\r'])
    }

    /// Passes over characters as long as they are in the line and `wanted`; how many they were.
    pub(crate) fn skip(&mut self, wanted: impl Fn(char) -> bool) -> usize {
        let mut count = 0_usize;
        while !self.at_break() && self.peek().is_some_and(&wanted) {
            self.next();
            count = count.saturating_add(1);
        }
        count
    }
}
