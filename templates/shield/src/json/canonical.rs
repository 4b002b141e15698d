//! One spelling for equal values, so that equality is that of JSON Schema: `1` equals `1.0`, members have no order
//! (ruling 96).

use super::Value;
use super::decimal::Decimal;

impl Value<'_> {
    /// A spelling that two values share exactly when they are equal.
    pub(crate) fn canonical(&self) -> String {
        let mut out = String::new();
        spell(self, &mut out);
        out
    }
}

fn spell(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push('n'),
        Value::Bool(true) => out.push('t'),
        Value::Bool(false) => out.push('f'),
        Value::Number(lexeme) => {
            let decimal = Decimal::of(lexeme);
            out.push('#');
            if !decimal.is_zero() {
                out.push(if decimal.negative { '-' } else { '+' });
                out.extend(decimal.digits());
                out.push('e');
                out.push_str(&decimal.exponent.to_string());
            }
            out.push(';');
        }
        Value::String(text) => string(text, out),
        Value::Array(items) => {
            out.push('[');
            for item in items {
                spell(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            out.push('{');
            for (name, value) in sorted {
                string(name, out);
                spell(value, out);
            }
            out.push('}');
        }
    }
}

/// With its length in front, so that no content can look like structure.
fn string(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(&text.len().to_string());
    out.push(':');
    out.push_str(text);
}
