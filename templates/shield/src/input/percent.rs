//! Percent-encoding (RFC 3986 §2.1), decoded once and strictly: what is no escape, no UTF-8 or a control character is
//! refused with the word for it.

use std::borrow::Cow;

/// A segment of the path.
pub(super) fn path(raw: &str) -> Result<Cow<'_, str>, &'static str> {
    if raw.contains('%') {
        decode(raw, false).map(Cow::Owned)
    } else {
        printable(raw).map(Cow::Borrowed)
    }
}

/// A name or a value of the query, where `+` is a blank.
pub(crate) fn query(raw: &str) -> Result<Cow<'_, str>, &'static str> {
    if raw.contains(['%', '+']) {
        decode(raw, true).map(Cow::Owned)
    } else {
        printable(raw).map(Cow::Borrowed)
    }
}

/// A name or a value of a form: a text may have lines, and whoever reads it on looks for what it may not have.
pub(crate) fn form(raw: &str) -> Result<Cow<'_, str>, &'static str> {
    if raw.contains(['%', '+']) {
        unescaped(raw, true).map(Cow::Owned)
    } else {
        Ok(Cow::Borrowed(raw))
    }
}

/// Whether a segment of the path is none by itself: it is empty, or a dot segment, or holds a separator.
pub(super) fn leaves(text: &str) -> bool {
    text.is_empty() || text.contains('/') || text == "." || text == ".."
}

/// The same text, if it holds no NUL and no other C0 control (P57).
pub(super) fn printable(text: &str) -> Result<&str, &'static str> {
    // All of them, so that the compiler looks at many with one instruction.
    let control = text.bytes().fold(false, |any, byte| any | (byte < 0x20));
    // guard: parameter-control
    if control {
        return Err("control");
    }
    Ok(text)
}

fn decode(raw: &str, plus: bool) -> Result<String, &'static str> {
    let text = unescaped(raw, plus)?;
    printable(&text)?;
    Ok(text)
}

fn unescaped(raw: &str, plus: bool) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                high << 4 | low
            }
            b'+' if plus => b' ',
            other => other,
        });
    }
    // Refuses overlong forms and surrogates too.
    String::from_utf8(bytes).map_err(|_| "syntax")
}

fn digit(byte: Option<u8>) -> Result<u8, &'static str> {
    let digit = byte
        .and_then(|byte| char::from(byte).to_digit(16))
        .ok_or("syntax")?;
    u8::try_from(digit).map_err(|_| "syntax")
}
