//! Writing JSON: for answers, problems and events.
//!
//! Whatever a string holds, the text stays on one line and shows no control character (P105): what a terminal, a log
//! viewer or a script tag could take for a line end or a command is written as an escape.

use std::fmt::Write as _;

/// Builds one JSON text. Commas are its business, matching `open` with `close` is the caller's.
#[derive(Default)]
pub struct Writer {
    text: String,
    /// An element was written in the container at hand, so a comma comes before the next.
    comma: bool,
}

impl Writer {
    pub fn new() -> Self {
        Writer::default()
    }

    /// `{`
    pub fn open(&mut self) {
        self.begin();
        self.text.push('{');
        self.comma = false;
    }

    /// `}`
    pub fn close(&mut self) {
        self.text.push('}');
        self.comma = true;
    }

    /// `[`
    pub fn open_array(&mut self) {
        self.begin();
        self.text.push('[');
        self.comma = false;
    }

    /// `]`
    pub fn close_array(&mut self) {
        self.text.push(']');
        self.comma = true;
    }

    /// The name of a member, whose value is written next.
    pub fn member(&mut self, name: &str) -> &mut Self {
        self.begin();
        self.quote(name);
        self.text.push(':');
        self.comma = false;
        self
    }

    /// A string.
    pub fn text(&mut self, text: &str) {
        self.begin();
        self.quote(text);
    }

    /// An integer.
    pub fn whole(&mut self, value: i64) {
        self.begin();
        // Writing to a `String` does not fail.
        let _ = write!(self.text, "{value}");
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.begin();
        self.text.push_str(if value { "true" } else { "false" });
    }

    /// `null`
    pub fn null(&mut self) {
        self.begin();
        self.text.push_str("null");
    }

    /// How many bytes were written so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text, done.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn begin(&mut self) {
        if self.comma {
            self.text.push(',');
        }
        self.comma = true;
    }

    fn quote(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                // C0, DEL and C1 (which holds NEL and CSI), and the separators that some take for line ends.
                c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(c));
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}
