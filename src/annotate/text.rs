//! The text of a document, and what is inserted into it. Nothing of it is written anew.

use super::written::{Member, Style, block, flow, json, quoted};
use crate::document::{Key, Node, Place};
use crate::outline::EXTENSION;
use std::cell::Cell;

/// A text with the begin of each line, and how it is laid out.
pub(super) struct Text<'t> {
    text: &'t str,
    lines: Vec<usize>,
    pub(super) style: Style,
    json: bool,
    /// Then a column is an offset; a long line need not be counted through for each place in it.
    ascii: bool,
    /// The line, the offset and the column that were counted last.
    counted: Cell<(usize, usize, usize)>,
}

/// What stands before the byte `at` from now on.
pub(super) struct Insertion {
    at: usize,
    text: String,
}

impl<'t> Text<'t> {
    pub(super) fn of(text: &'t str, root: &Node) -> Self {
        let json = text.trim_start().starts_with('{');
        let mut lines = vec![0];
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            let before_lf = matches!(bytes.peek(), Some((_, b'\n')));
            if byte == b'\n' || (byte == b'\r' && !before_lf) {
                lines.push(at.saturating_add(1));
            }
        }
        let end_of_line = match text.find(['\r', '\n']).and_then(|at| text.get(at..)) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        };
        let mut found = Text {
            text,
            lines,
            style: Style {
                unit: "  ".to_owned(),
                end_of_line,
            },
            json,
            ascii: text.is_ascii(),
            counted: Cell::new((0, 0, 0)),
        };
        if let Some(unit) = found.unit(root) {
            found.style.unit = unit;
        }
        found
    }

    /// What the first member of a member of the root is indented by.
    fn unit(&self, root: &Node) -> Option<String> {
        let entries = &root.as_map()?.entries;
        if self.json {
            let (first, _) = entries.first()?;
            let indent = self.indent(self.offset(first.place)?);
            return (!indent.is_empty()).then(|| indent.to_owned());
        }
        entries.iter().find_map(|(key, node)| {
            let (inner, _) = node.as_map()?.entries.first()?;
            let wide = inner.place.column.checked_sub(key.place.column)?;
            let block = inner.place == node.place && (1..=16).contains(&wide);
            block.then(|| " ".repeat(usize::try_from(wide).unwrap_or(2)))
        })
    }

    /// Columns count characters.
    fn offset(&self, place: Place) -> Option<usize> {
        let line = usize::try_from(place.line.checked_sub(1)?).ok()?;
        let start = *self.lines.get(line)?;
        let column = usize::try_from(place.column.checked_sub(1)?).ok()?;
        if self.ascii {
            return start.checked_add(column).filter(|at| *at < self.text.len());
        }
        // Places come mostly in order, so counting goes on where it ended.
        let (line, from, known) = self.counted.get();
        let (from, known) = match line == start && known <= column {
            true => (from, known),
            false => (start, 0),
        };
        let rest = self.text.get(from..)?;
        let (at, _) = rest.char_indices().nth(column.checked_sub(known)?)?;
        let at = from.checked_add(at)?;
        self.counted.set((start, at, column));
        Some(at)
    }

    fn line_start(&self, at: usize) -> usize {
        let after = self.lines.partition_point(|start| *start <= at);
        let line = after.checked_sub(1).and_then(|index| self.lines.get(index));
        line.copied().unwrap_or(0)
    }

    /// The blanks at the beginning of the line of `at`.
    fn indent(&self, at: usize) -> &'t str {
        let line = self.text.get(self.line_start(at)..at).unwrap_or_default();
        let blanks = line
            .len()
            .saturating_sub(line.trim_start_matches([' ', '\t']).len());
        line.get(..blanks).unwrap_or_default()
    }

    /// Inserts `x-security` into the mapping `node`, before its key `before`. With `above`, comments that stand right above
    /// that key stay with it.
    ///
    /// `None` when the mapping is written in a way that is not recognised.
    pub(super) fn insert(
        &self,
        node: &Node,
        before: &Key,
        member: &Member,
        above: bool,
    ) -> Option<Insertion> {
        let open = self.offset(node.place)?;
        let flow_style = self.text.get(open..)?.starts_with('{');
        if flow_style {
            let first = &node.as_map()?.entries.first()?.0;
            return self.insert_flow(open, self.offset(first.place)?, member);
        }
        let at = self.offset(before.place)?;
        let start = self.line_start(at);
        let indent = self.text.get(start..at)?;
        if !indent.chars().all(|c| c == ' ') {
            return None;
        }
        let mut text = String::new();
        block(member, indent, &self.style, &mut text);
        let at = if above {
            self.above(start, indent)
        } else {
            start
        };
        Some(Insertion { at, text })
    }

    /// Where the comments begin that stand right above the line at `start` with the same indentation.
    fn above(&self, start: usize, indent: &str) -> usize {
        let mut start = start;
        while let Some(before) = start.checked_sub(1) {
            let line_start = self.line_start(before);
            let line = self.text.get(line_start..start).unwrap_or_default();
            let comment = line
                .strip_prefix(indent)
                .is_some_and(|rest| rest.starts_with('#'));
            if !comment || line_start == start {
                break;
            }
            start = line_start;
        }
        start
    }

    /// As the first member, with the blanks that the first one had.
    fn insert_flow(&self, open: usize, at: usize, member: &Member) -> Option<Insertion> {
        let value = member.value.as_ref()?;
        let blanks = self.text.get(open.checked_add(1)?..at)?;
        if !blanks
            .chars()
            .all(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
        {
            return None;
        }
        let text = if !self.json {
            format!("{EXTENSION}: {}, ", flow(value))
        } else if blanks.contains(['\r', '\n']) {
            let indent = self.indent(at);
            let value = json(value, Some(indent), &self.style);
            format!("{}: {value},{blanks}", quoted(EXTENSION))
        } else {
            let value = json(value, None, &self.style);
            format!("{}:{value},{blanks}", quoted(EXTENSION))
        };
        Some(Insertion { at, text })
    }

    /// The text with all `insertions`.
    pub(super) fn with(&self, mut insertions: Vec<Insertion>) -> String {
        insertions.sort_by_key(|insertion| insertion.at);
        let added: usize = insertions.iter().map(|each| each.text.len()).sum();
        let mut out = String::with_capacity(self.text.len().saturating_add(added));
        let mut from = 0;
        for insertion in insertions {
            out.push_str(self.text.get(from..insertion.at).unwrap_or_default());
            out.push_str(&insertion.text);
            from = insertion.at;
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        out
    }
}
