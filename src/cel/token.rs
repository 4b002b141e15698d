//! The words of an expression (CEL specification, Lexis).

use super::error::{Error, What};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    /// Without its sign; at most 2^63, which only a minus in front makes an integer.
    Int(u64),
    Text(String),
    Sign(&'static str),
    End,
}

/// Longest first: `<=` is not `<` and `=`.
const SIGNS: &[&str] = &[
    "<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")",
    "[", "]", "{", "}", ",", ".",
];

/// The tokens of a text, each with its byte; the last one is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Error> {
    let mut lexer = Lexer { text, at: 0 };
    let mut all = Vec::new();
    loop {
        lexer.blanks();
        let at = lexer.at;
        let token = lexer.token()?;
        let done = token == Token::End;
        all.push((at, token));
        if done {
            return Ok(all);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at = self.at.saturating_add(c.len_utf8());
        Some(c)
    }

    fn skip(&mut self, prefix: &str) -> bool {
        let there = self.rest().starts_with(prefix);
        if there {
            self.at = self.at.saturating_add(prefix.len());
        }
        there
    }

    /// What stands here as long as it is `wanted`.
    fn while_(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(end);
        rest.get(..end).unwrap_or_default()
    }

    fn blanks(&mut self) {
        loop {
            self.while_(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}'));
            if !self.rest().starts_with("//") {
                return;
            }
            self.while_(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Result<Token, Error> {
        let at = self.at;
        let Some(first) = self.peek() else {
            return Ok(Token::End);
        };
        if matches!(first, '"' | '\'') {
            return self.quoted(at, false);
        }
        if first.is_ascii_digit() {
            return self.number(at);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.while_(|c| c.is_ascii_alphanumeric() || c == '_');
            if !matches!(self.peek(), Some('"' | '\'')) {
                return Ok(Token::Name(name.to_owned()));
            }
            return match name {
                "r" | "R" => self.quoted(at, true),
                "b" | "B" | "br" | "bR" | "Br" | "BR" | "rb" | "rB" | "Rb" | "RB" => Err(
                    Error::unsupported(at, "a text of bytes", "write a text without `b`"),
                ),
                _ => Err(syntax(self.at, "there is no operator before this text")),
            };
        }
        match SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
            Some(sign) => {
                self.at = self.at.saturating_add(sign.len());
                if *sign == "." && self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    return Err(fraction(at));
                }
                Ok(Token::Sign(sign))
            }
            None => Err(match first {
                '=' => Error::new(
                    What::Syntax,
                    at,
                    "`=` is no operator",
                    "write `==` to compare",
                ),
                '&' | '|' => Error::new(
                    What::Syntax,
                    at,
                    format!("`{first}` is no operator"),
                    format!("write `{first}{first}`"),
                ),
                _ => Error::new(
                    What::Syntax,
                    at,
                    "this character stands for nothing",
                    "names are ASCII letters, digits and `_`; texts are quoted",
                ),
            }),
        }
    }

    fn number(&mut self, at: usize) -> Result<Token, Error> {
        let hexadecimal = self.skip("0x") || self.skip("0X");
        let (digits, radix) = match hexadecimal {
            true => (self.while_(|c| c.is_ascii_hexdigit()), 16),
            false => (self.while_(|c| c.is_ascii_digit()), 10),
        };
        let mut ahead = self.rest().chars();
        match (ahead.next(), ahead.next()) {
            (Some('.'), Some(c)) if c.is_ascii_digit() => return Err(fraction(at)),
            (Some('e' | 'E'), _) => return Err(fraction(at)),
            (Some('u' | 'U'), _) => {
                return Err(Error::unsupported(
                    at,
                    "an unsigned number",
                    "write it without `u`",
                ));
            }
            (Some(c), _) if c.is_ascii_alphanumeric() || c == '_' => {
                return Err(syntax(self.at, "a letter stands in a number"));
            }
            _ => {}
        }
        let value = u64::from_str_radix(digits, radix).ok();
        match value.filter(|value| *value <= i64::MIN.unsigned_abs()) {
            Some(value) => Ok(Token::Int(value)),
            None => Err(Error::new(
                What::Syntax,
                at,
                "this is no integer of 64 bits",
                "integers go from -9223372036854775808 to 9223372036854775807",
            )),
        }
    }

    fn quoted(&mut self, at: usize, raw: bool) -> Result<Token, Error> {
        let quote = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|quote| self.skip(quote));
        let quote = quote.ok_or_else(|| syntax(at, "a text begins with a quote"))?;
        let mut text = String::new();
        loop {
            if self.skip(quote) {
                return Ok(Token::Text(text));
            }
            let here = self.at;
            match self.next() {
                None => return Err(open(at)),
                Some('\n' | '\r') if quote.len() == 1 => return Err(open(at)),
                Some('\\') if !raw => text.push(self.escape(here)?),
                Some(c) => text.push(c),
            }
        }
    }

    fn escape(&mut self, at: usize) -> Result<char, Error> {
        let wrong = || syntax(at, "there is no such escape");
        let code = match self.next().ok_or_else(wrong)? {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            same @ ('\\' | '?' | '"' | '\'' | '`') => return Ok(same),
            'x' | 'X' => self.digits(2, 16).ok_or_else(wrong)?,
            'u' => self.digits(4, 16).ok_or_else(wrong)?,
            'U' => self.digits(8, 16).ok_or_else(wrong)?,
            first @ '0'..='3' => {
                let low = self.digits(2, 8).ok_or_else(wrong)?;
                first.to_digit(8).unwrap_or_default() * 64 + low
            }
            _ => return Err(wrong()),
        };
        char::from_u32(code).ok_or_else(wrong)
    }

    fn digits(&mut self, count: usize, radix: u32) -> Option<u32> {
        let mut code = 0_u32;
        for _ in 0..count {
            let digit = self.next()?.to_digit(radix)?;
            code = code.checked_mul(radix)?.checked_add(digit)?;
        }
        Some(code)
    }
}

fn syntax(at: usize, message: &str) -> Error {
    Error::new(What::Syntax, at, message, "write one expression of CEL")
}

fn open(at: usize) -> Error {
    Error::new(
        What::Syntax,
        at,
        "this text does not end",
        "close its quote",
    )
}

fn fraction(at: usize) -> Error {
    Error::unsupported(
        at,
        "a number with a fraction or an exponent",
        "write an integer of the smallest unit",
    )
}
