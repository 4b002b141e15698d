//! The tokens of RFC 8259, one rule each; what both readers stand on.

use std::borrow::Cow;

use super::plain;

/// Why a text is not acceptable JSON, as far as single tokens show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Syntax,
    /// A control character inside a string, or an escaped NUL (P57).
    Control,
    /// A number that no finite, non-zero double stands for (ruling 95).
    Range,
}

/// A place in the bytes.
#[derive(Clone)]
pub(super) struct Scan<'a> {
    bytes: &'a [u8],
    /// As much of them, from the start, as is UTF-8: looked at once and not for every token.
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let text = std::str::from_utf8(bytes).or_else(|error| {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid)
        });
        Scan {
            bytes,
            text: text.unwrap_or_default(),
            at: 0,
        }
    }

    /// What was passed since `start`. Not to be had where it is no UTF-8, or ends inside a character.
    fn since(&self, start: usize) -> Result<&'a str, Trouble> {
        self.text.get(start..self.at).ok_or(Trouble::Syntax)
    }

    /// The next byte that is not blank, without taking it. `None` at the end.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Takes `byte` if it comes next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.at += 1;
        }
        there
    }

    /// Takes `null`, `true` or `false`. What follows a word is for the next token to judge: no token may stand directly
    /// behind another but `, : ] }`, none of which continues a word.
    pub(super) fn word(&mut self, word: &str) -> bool {
        self.peek();
        let there = self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if there {
            self.at += word.len();
        }
        there
    }

    /// A number as it is written.
    pub(super) fn number(&mut self) -> Result<&'a str, Trouble> {
        let lexeme = self.lexeme()?;
        // guard: json-range
        if !super::number::in_range(lexeme) {
            return Err(Trouble::Range);
        }
        Ok(lexeme)
    }

    /// The same, however large: what the grammar calls a number.
    pub(super) fn lexeme(&mut self) -> Result<&'a str, Trouble> {
        self.peek();
        let start = self.at;
        self.skip(b"-");
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(Trouble::Syntax),
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        self.since(start)
    }

    /// Takes one byte of `set` if it comes next, with no blanks before it.
    fn skip(&mut self, set: &[u8]) -> bool {
        let there = self
            .bytes
            .get(self.at)
            .is_some_and(|byte| set.contains(byte));
        if there {
            self.at += 1;
        }
        there
    }

    /// At least one digit.
    fn digits(&mut self) -> Result<(), Trouble> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start {
            Err(Trouble::Syntax)
        } else {
            Ok(())
        }
    }

    /// Goes behind a string without reading it: nothing of it is copied, so that no secret is.
    pub(super) fn pass_string(&mut self) -> Option<()> {
        self.take(b'"').then_some(())?;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    /// A string without its quotes: borrowed where it holds no escape.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Trouble> {
        if !self.take(b'"') {
            return Err(Trouble::Syntax);
        }
        let start = self.at;
        self.at += plain::run(self.bytes.get(start..).unwrap_or_default());
        let mut escaped = false;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    // Whatever is escaped, a quote above all, does not end the string; `unescape` judges it.
                    escaped = true;
                    self.at += 2;
                }
                Some(byte) => {
                    // guard: json-control
                    if *byte < 0x20 {
                        return Err(Trouble::Control);
                    }
                    self.at += 1;
                }
                None => return Err(Trouble::Syntax),
            }
        }
        let inside = self.since(start)?;
        self.at += 1;
        if escaped {
            unescape(inside).map(Cow::Owned)
        } else {
            Ok(Cow::Borrowed(inside))
        }
    }
}

/// Replaces the escapes of a string. Lone surrogates are no text (ruling 97).
fn unescape(inside: &str) -> Result<String, Trouble> {
    // Never longer than it was written, so it never moves: no second copy of a secret stays behind.
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((plain, behind)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut chars = behind.chars();
        let escape = chars.next().ok_or(Trouble::Syntax)?;
        rest = chars.as_str();
        text.push(match escape {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (c, behind) = code_point(rest)?;
                rest = behind;
                c
            }
            _ => return Err(Trouble::Syntax),
        });
    }
    text.push_str(rest);
    Ok(text)
}

/// What `\u` introduces: four digits, or two such groups for what lies beyond the basic plane.
fn code_point(text: &str) -> Result<(char, &str), Trouble> {
    let (first, rest) = unit(text)?;
    // guard: json-nul
    if first == 0 {
        return Err(Trouble::Control);
    }
    if let 0xd800..=0xdbff = first {
        let (second, rest) = unit(rest.strip_prefix("\\u").ok_or(Trouble::Syntax)?)?;
        let low = second
            .checked_sub(0xdc00)
            .filter(|low| *low < 0x400)
            .ok_or(Trouble::Syntax)?;
        let point = 0x10000 + ((first - 0xd800) << 10) + low;
        return Ok((char::from_u32(point).ok_or(Trouble::Syntax)?, rest));
    }
    // A low half alone is no character, so `from_u32` refuses it.
    Ok((char::from_u32(first).ok_or(Trouble::Syntax)?, rest))
}

/// Exactly four hexadecimal digits.
fn unit(text: &str) -> Result<(u32, &str), Trouble> {
    let (digits, rest) = text.split_at_checked(4).ok_or(Trouble::Syntax)?;
    // `from_str_radix` would take a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Trouble::Syntax);
    }
    Ok((
        u32::from_str_radix(digits, 16).map_err(|_| Trouble::Syntax)?,
        rest,
    ))
}
