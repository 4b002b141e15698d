//! JSON by RFC 8259, exactly, with a place for every value. Duplicate keys are refused; columns count characters.

use super::budget::{Budget, check_depth};
use super::codes;
use super::key_set::Mapping;
use super::{FileId, Key, Node, Place, Value};
use crate::diagnostic::Diagnostic;

type Refused = Box<Diagnostic>;

/// Reads `text` as one JSON value.
pub(super) fn read(text: &str, file: FileId) -> Result<Node, Refused> {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        text,
        at: 0,
        place: Place {
            file,
            line: 1,
            column: 1,
        },
        budget: Budget::new(),
    };
    reader.blanks();
    let root = reader.value(1)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(root),
        Some(_) => Err(reader.fail("something follows the end of the document")),
    }
}

/// What to do about what a message of this file says.
fn way_out(message: &str) -> &'static str {
    match message {
        _ if message.contains("comma") => "remove the comma",
        _ if message.contains("comments") => "remove the comment",
        _ if message.contains("quotes") => "write it in double quotes",
        _ if message.contains("surrogate") => "write both halves, or the character itself",
        _ if message.contains("control") => "write `\\n` for a line end and `\\t` for a tab",
        _ if message.contains("escape") => "write a backslash itself as `\\\\`",
        _ if message.contains("zero") => "remove the zero, or write a text in quotes",
        _ if message.contains("does not end") => "write the `\"` at its end",
        _ if message.contains("too early") => "write what is missing",
        _ if message.contains("follows") => "keep one value a file",
        _ => "correct it",
    }
}

struct Reader<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    /// Where the byte `at` stands. Kept up byte by byte: counting from the start of the line would be quadratic for a
    /// document in one line.
    place: Place,
    budget: Budget,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at = self.at.saturating_add(1);
        let ends_line = byte == b'\n' || (byte == b'\r' && self.peek() != Some(b'\n'));
        if ends_line {
            self.place.line = self.place.line.saturating_add(1);
            self.place.column = 1;
        } else if byte & 0b1100_0000 != 0b1000_0000 {
            // A continuation byte of UTF-8 is no further character.
            self.place.column = self.place.column.saturating_add(1);
        }
        Some(byte)
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.next();
        }
    }

    fn fail(&self, message: &str) -> Refused {
        let message = match self.peek() {
            Some(b'/' | b'#') => "JSON has no comments",
            Some(b'\'') => "a text stands in double quotes, not in single ones",
            None => "the document ends too early",
            Some(_) => message,
        };
        Self::fail_at(self.place, message)
    }

    fn fail_at(place: Place, message: &str) -> Refused {
        Box::new(
            Diagnostic::new(codes::JSON, place, format!("not valid JSON: {message}")).help(
                format!(
                    "{}; the document begins with `{{`, so it is read as JSON",
                    way_out(message)
                ),
            ),
        )
    }

    /// Reads one value; the recursion is as deep as the document, which [`check_depth`] bounds.
    fn value(&mut self, depth: usize) -> Result<Node, Refused> {
        let place = self.place;
        self.budget.nodes(1, place)?;
        let value = match self.peek() {
            Some(b'{') => {
                check_depth(depth, place)?;
                self.object(depth)?
            }
            Some(b'[') => {
                check_depth(depth, place)?;
                self.array(depth)?
            }
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return Err(self.fail("a value must begin here")),
            None => return Err(self.fail("a value must begin here")),
        };
        Ok(Node { place, value })
    }

    fn object(&mut self, depth: usize) -> Result<Value, Refused> {
        self.next();
        self.blanks();
        let mut mapping = Mapping::default();
        if self.peek() == Some(b'}') {
            self.next();
            return Ok(Value::Map(mapping.finish()));
        }
        loop {
            self.blanks();
            let place = self.place;
            if self.peek() == Some(b'}') {
                return Err(self.fail("a member must follow the comma"));
            }
            if self.peek() != Some(b'"') {
                return Err(self.fail("a member name in quotes must stand here"));
            }
            let key = Key {
                text: self.string()?,
                place,
            };
            mapping.check(&key)?;
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.fail("a `:` must stand here"));
            }
            self.next();
            self.blanks();
            let value = self.value(depth.saturating_add(1))?;
            mapping.push(key, value);
            if self.ends(b'}', "a `,` or `}` must stand here")? {
                return Ok(Value::Map(mapping.finish()));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Refused> {
        self.next();
        self.blanks();
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.next();
            return Ok(Value::List(items));
        }
        loop {
            self.blanks();
            if self.peek() == Some(b']') {
                return Err(self.fail("an item must follow the comma"));
            }
            items.push(self.value(depth.saturating_add(1))?);
            if self.ends(b']', "a `,` or `]` must stand here")? {
                return Ok(Value::List(items));
            }
        }
    }

    /// After a member or an item: whether the collection ends (`true`) or goes on after a comma.
    fn ends(&mut self, close: u8, expected: &str) -> Result<bool, Refused> {
        self.blanks();
        match self.peek() {
            Some(b',') => {
                self.next();
                Ok(false)
            }
            Some(byte) if byte == close => {
                self.next();
                Ok(true)
            }
            _ => Err(self.fail(expected)),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Refused> {
        let place = self.place;
        for expected in word.bytes() {
            if self.next() != Some(expected) {
                return Err(Self::fail_at(place, "a value must begin here"));
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<String, Refused> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.next();
        }
        match self.peek() {
            Some(b'0') => {
                self.next();
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    return Err(self.fail("a number has no leading zero"));
                }
            }
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.next();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.next();
            if let Some(b'+' | b'-') = self.peek() {
                self.next();
            }
            self.digits()?;
        }
        Ok(self.text.get(from..self.at).unwrap_or_default().to_owned())
    }

    fn digits(&mut self) -> Result<(), Refused> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.fail("a digit must stand here"));
        }
        while let Some(b'0'..=b'9') = self.peek() {
            self.next();
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Refused> {
        let opening = self.place;
        self.next();
        let mut out = String::new();
        let mut from = self.at;
        loop {
            let place = self.place;
            match self.peek() {
                None => return Err(Self::fail_at(opening, "the string does not end")),
                Some(b'"') => {
                    out.push_str(self.text.get(from..self.at).unwrap_or_default());
                    self.next();
                    return Ok(out);
                }
                Some(b'\\') => {
                    out.push_str(self.text.get(from..self.at).unwrap_or_default());
                    self.next();
                    out.push(self.escape(place)?);
                    from = self.at;
                }
                Some(0..=0x1F) => {
                    return Err(self.fail("a control character in a string must be escaped"));
                }
                Some(_) => {
                    self.next();
                }
            }
        }
    }

    fn escape(&mut self, place: Place) -> Result<char, Refused> {
        Ok(match self.next() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.unit(place)?;
                let code = match unit {
                    0xD800..=0xDBFF => {
                        if self.next() != Some(b'\\') || self.next() != Some(b'u') {
                            return Err(Self::fail_at(place, "half of a surrogate pair"));
                        }
                        let low = self.unit(place)?;
                        if !(0xDC00..=0xDFFF).contains(&low) {
                            return Err(Self::fail_at(place, "half of a surrogate pair"));
                        }
                        0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF)
                    }
                    _ => unit,
                };
                char::from_u32(code)
                    .ok_or_else(|| Self::fail_at(place, "half of a surrogate pair"))?
            }
            _ => return Err(Self::fail_at(place, "an escape that JSON does not have")),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self, place: Place) -> Result<u32, Refused> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.next().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(Self::fail_at(place, "`\\u` takes four hexadecimal digits"));
            };
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }
}
