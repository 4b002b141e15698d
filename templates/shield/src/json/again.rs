//! A value as a text once more, so that a decoder can read a part of a body that was taken apart.

use super::{Value, Writer};
use std::borrow::Cow;

/// The JSON text of an object with these members.
pub(crate) fn text(members: &[(Cow<'_, str>, Value<'_>)]) -> Vec<u8> {
    let mut w = Writer::new();
    object(members, &mut w);
    w.into_bytes()
}

fn object(members: &[(Cow<'_, str>, Value<'_>)], w: &mut Writer) {
    w.open();
    for (name, value) in members {
        spell(value, w.member(name));
    }
    w.close();
}

fn spell(value: &Value<'_>, w: &mut Writer) {
    match value {
        Value::Null => w.null(),
        Value::Bool(value) => w.boolean(*value),
        Value::Number(lexeme) => w.lexeme(lexeme),
        Value::String(text) => w.text(text),
        Value::Array(items) => {
            w.open_array();
            items.iter().for_each(|item| spell(item, w));
            w.close_array();
        }
        Value::Object(members) => object(members, w),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_was_read_is_written_again() {
        let body = r#"{"a":1e2,"b":[1,2,null,true,"é\"\n",{"c":-0.0}],"~/":{}}"#;
        let Value::Object(members) = Value::parse(body.as_bytes(), 8).unwrap() else {
            panic!()
        };
        assert_eq!(String::from_utf8(text(&members)).unwrap(), body);
    }
}
