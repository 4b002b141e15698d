//! Writing JSON: for answers, problems and events.
//!
//! Whatever a string holds, the text stays on one line and shows no control character (P105): what a terminal, a log
//! viewer or a script tag could take for a line end or a command is written as an escape.

use std::fmt::Write as _;

use super::plain;

/// Room for an answer or an event of common size, so that it is written without moving.
const ROOM: usize = 1024;

/// Bytes that a character may begin with which is not written as it is: C0, quote, backslash, DEL, and in UTF-8 the first
/// byte of C1 and of the separators U+2028 and U+2029 (of other characters too: they are looked at one by one).
static STANDS_OUT: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        #[allow(clippy::indexing_slicing)]
        {
            table[at] = at < 0x20 || matches!(at, 0x22 | 0x5c | 0x7f | 0xc2 | 0xe2);
        }
        at += 1;
    }
    table
};

/// Builds one JSON text. Commas are its business, matching `open` with `close` is the caller's.
pub struct Writer {
    text: String,
    /// An element was written in the container at hand, so a comma comes before the next.
    comma: bool,
    /// Why none of it may be sent.
    failed: Option<&'static str>,
}

impl Writer {
    /// Not for others: only what makes an answer has a writer to give.
    pub(crate) fn new() -> Self {
        Writer {
            text: String::with_capacity(ROOM),
            comma: false,
            failed: None,
        }
    }

    /// Nothing of the text may be sent: what was to be written is nothing that leaves.
    pub fn fail(&mut self, why: &'static str) {
        self.failed = Some(why);
    }

    /// Why nothing of the text may be sent.
    pub(crate) fn failed(&self) -> Option<&'static str> {
        self.failed
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
        if value < 0 {
            self.text.push('-');
        }
        push_digits(&mut self.text, value.unsigned_abs(), 1);
    }

    /// Text that is JSON already, whole tokens: the service's own words, commas and all. What is written next is the value
    /// or the comma that must follow it.
    pub(crate) fn raw(&mut self, json: &str) {
        self.text.push_str(json);
        self.comma = false;
    }

    /// A number as it was written.
    pub(crate) fn lexeme(&mut self, lexeme: &str) {
        self.begin();
        self.text.push_str(lexeme);
    }

    /// The inside of a string: nothing that needs an escape.
    pub(crate) fn plain(&mut self, inside: impl FnOnce(&mut String)) {
        self.text.push('"');
        inside(&mut self.text);
        self.text.push('"');
        self.comma = true;
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
        if plain::all(text.as_bytes()) {
            self.text.push_str(text);
        } else {
            self.escaped(text);
        }
        self.text.push('"');
    }

    /// The inside of a string, whatever it holds.
    fn escaped(&mut self, text: &str) {
        let mut rest = text;
        loop {
            // Each byte that stands out begins a character, so this cuts between two.
            let (before, behind) = rest
                .split_at_checked(plain_length(rest))
                .unwrap_or((rest, ""));
            self.text.push_str(before);
            let mut chars = behind.chars();
            let Some(c) = chars.next() else { break };
            self.escape(c);
            rest = chars.as_str();
        }
    }

    fn escape(&mut self, c: char) {
        match c {
            '"' => self.text.push_str("\\\""),
            '\\' => self.text.push_str("\\\\"),
            '\n' => self.text.push_str("\\n"),
            '\r' => self.text.push_str("\\r"),
            '\t' => self.text.push_str("\\t"),
            // C0, DEL and C1 (which holds NEL and CSI), and the separators that some take for line ends.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                // Writing to a `String` does not fail.
                let _ = write!(self.text, "\\u{:04x}", u32::from(c));
            }
            c => self.text.push(c),
        }
    }
}

/// How many bytes at the start are written as they are.
fn plain_length(text: &str) -> usize {
    let stands_out = |byte: &u8| STANDS_OUT.get(usize::from(*byte)).is_none_or(|out| *out);
    let run = plain::run(text.as_bytes());
    let mut after = text.as_bytes().get(run..).unwrap_or_default().iter();
    after.position(stands_out).map_or(text.len(), |at| run + at)
}

/// Decimal digits, at least so many of them: what `write!` gives, without its detours.
pub(crate) fn push_digits(text: &mut String, value: u64, least: usize) {
    // Most numbers have three digits or less.
    if let (0..1000, 0..=3, Ok(value)) = (value, least, u16::try_from(value)) {
        let mut digit = |value: u16| {
            let digit = u8::try_from(value % 10).unwrap_or_default();
            text.push(char::from(b'0' + digit));
        };
        if value >= 100 || least == 3 {
            digit(value / 100);
        }
        if value >= 10 || least >= 2 {
            digit(value / 10);
        }
        return digit(value);
    }
    // 2^64 has twenty digits.
    let mut digits = [b'0'; 20];
    let mut left = value;
    let mut written = 0;
    for place in digits.iter_mut().rev() {
        if left == 0 && written >= least {
            break;
        }
        *place = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        written += 1;
    }
    let shown = digits.get(digits.len() - written..).unwrap_or_default();
    text.push_str(std::str::from_utf8(shown).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::new();
        write(&mut writer);
        String::from_utf8(writer.into_bytes()).unwrap_or_default()
    }

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for value in (-1100..=1100).chain([100_000, i64::MAX, i64::MIN]) {
            assert_eq!(written(|w| w.whole(value)), value.to_string());
        }
        for value in 0..1100 {
            for least in 0..=5 {
                let mut text = String::new();
                push_digits(&mut text, value, least);
                assert_eq!(text, format!("{value:0least$}"));
            }
        }
        let mut text = String::new();
        push_digits(&mut text, 7, 3);
        push_digits(&mut text, 1234, 3);
        push_digits(&mut text, u64::MAX, 1);
        assert_eq!(text, "007123418446744073709551615");
    }

    /// Character by character, as a reader of the rule would write it.
    fn one_by_one(text: &str) -> String {
        let inside: String = text
            .chars()
            .map(|c| match c {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                '\t' => "\\t".to_owned(),
                '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                    format!("\\u{:04x}", u32::from(c))
                }
                other => other.to_string(),
            })
            .collect();
        format!("\"{inside}\"")
    }

    #[test]
    fn every_character_is_quoted_as_one_by_one() {
        for c in '\0'..=char::MAX {
            let text = format!("a{c}{c}b");
            assert_eq!(written(|w| w.text(&text)), one_by_one(&text), "{c:?}");
        }
    }

    #[test]
    fn what_is_raw_brings_its_own_commas() {
        let text = written(|w| {
            w.raw("{\"a\":1,\"b\":");
            w.text("x");
            w.member("c").plain(|text| text.push('y'));
            w.close();
        });
        assert_eq!(text, r#"{"a":1,"b":"x","c":"y"}"#);
    }
}
