//! Bodies of `text/plain`: one value, spelled as a parameter spells it, as the JSON text that says the same.
//!
//! From there on a body is a body: one decoder admits it, one walk words what is wrong with it, at the empty pointer.

use bytes::Bytes;

use crate::form;
use crate::input::malformed;
use crate::json::Writer;
use crate::refusal::Refusal;
use crate::schema::Schema;

/// The text as JSON.
///
/// # Errors
///
/// 400 for bytes that are no UTF-8, and for control characters but those that part lines and columns.
pub(crate) fn json(raw: &[u8], schema: &Schema) -> Result<Bytes, Refusal> {
    let text = std::str::from_utf8(raw).map_err(|_| malformed("syntax", Vec::new()))?;
    // What a terminal obeys, or the next in line cuts at, is no text (P57).
    // guard: text-control
    if text.bytes().any(is_control) {
        return Err(malformed("control", Vec::new()));
    }
    let mut w = Writer::new();
    form::scalar(schema, text, &mut w);
    Ok(w.into_bytes().into())
}

fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::schema::{Real, Text, Whole};

    static TEXT: Schema = Schema::Text(&Text::new(0, 9));
    static REAL: Schema = Schema::Real(&Real::ANY);
    static WHOLE: Schema = Schema::Whole(&Whole::new(0, 99));

    fn said(raw: &[u8], schema: &Schema) -> Option<String> {
        let json = json(raw, schema).ok()?;
        Some(String::from_utf8(json.to_vec()).unwrap())
    }

    // requirement: P57
    #[test]
    fn a_text_is_the_value_that_it_spells() {
        for (raw, schema, wanted) in [
            ("12", &TEXT, r#""12""#),
            ("\"a\"", &TEXT, r#""\"a\"""#),
            ("a\tb\r\n", &TEXT, r#""a\tb\r\n""#),
            ("12", &WHOLE, "12"),
            ("-0", &WHOLE, "-0"),
            ("012", &WHOLE, r#""012""#),
            ("12\n", &WHOLE, r#""12\n""#),
            ("1e1", &WHOLE, r#""1e1""#),
            ("-0.50e+1", &REAL, "-0.50e+1"),
            ("1e400", &REAL, "1e400"),
            (".5", &REAL, r#"".5""#),
            ("0x1", &REAL, r#""0x1""#),
            ("true", &Schema::Boolean, "true"),
            ("True", &Schema::Boolean, r#""True""#),
            ("true", &TEXT, r#""true""#),
        ] {
            assert_eq!(said(raw.as_bytes(), schema).unwrap(), wanted, "{raw}");
        }
        for raw in [
            &b"a\0"[..],
            b"\x1b[2J",
            b"\x7f",
            b"\x0b",
            b"\xe9",
            b"\xed\xa0\x80",
            b"\xc0\xaf",
        ] {
            assert_eq!(said(raw, &TEXT), None, "{raw:?}");
        }
    }
}
