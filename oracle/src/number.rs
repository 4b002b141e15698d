//! Numbers with a fraction, judged as whole numbers of billionths: what documents say and what is sent here has no more digits.

use crate::tree::{flag, words};
use serde_json::Value;

/// Digits behind the point.
const DIGITS: i64 = 9;
const ONE: i128 = 1_000_000_000;
/// How far beyond a bound is tried.
const LITTLE: i128 = 1_000;

#[derive(Debug, Clone)]
pub struct Number {
    least: Option<Bound>,
    most: Option<Bound>,
    step: Option<i128>,
}

#[derive(Debug, Clone, Copy)]
struct Bound {
    at: i128,
    /// It is not taken itself.
    open: bool,
}

impl Number {
    /// What a schema says, if it is one of numbers.
    pub(crate) fn of(schema: &Value) -> Result<Option<Self>, String> {
        if !words(schema.get("type"))
            .iter()
            .any(|kind| kind == "number")
        {
            return Ok(None);
        }
        let said = |key: &str| match schema.get(key) {
            Some(Value::Number(number)) => match billionths(&number.to_string()) {
                Some(at) => Ok(Some(at)),
                None => Err(format!("a number beyond the oracle: {number}")),
            },
            _ => Ok(None),
        };
        let bound = |plain: &str, open: &str, lower: bool| {
            // In 3.0 the open one is a word about the other.
            let flagged = flag(schema, open);
            let plain = said(plain)?.map(|at| Bound { at, open: flagged });
            let open = said(open)?.map(|at| Bound { at, open: true });
            Ok::<_, String>(match (plain, open) {
                (Some(plain), Some(open)) => {
                    let stricter = if lower {
                        plain.at > open.at
                    } else {
                        plain.at < open.at
                    };
                    Some(if stricter { plain } else { open })
                }
                (plain, open) => plain.or(open),
            })
        };
        Ok(Some(Number {
            least: bound("minimum", "exclusiveMinimum", true)?,
            most: bound("maximum", "exclusiveMaximum", false)?,
            step: said("multipleOf")?,
        }))
    }

    /// Whether a value is one of them.
    pub(crate) fn takes(&self, value: &Value) -> bool {
        matches!(value, Value::Number(number) if self.spells(&number.to_string()))
    }

    /// Whether the text of a parameter spells one of them: by the grammar of JSON.
    pub(crate) fn spells(&self, text: &str) -> bool {
        billionths(text).is_some_and(|value| self.has(value))
    }

    fn has(&self, value: i128) -> bool {
        let least = self
            .least
            .is_none_or(|least| value > least.at || value == least.at && !least.open);
        let most = self
            .most
            .is_none_or(|most| value < most.at || value == most.at && !most.open);
        least && most && self.step.is_none_or(|step| value % step == 0)
    }

    /// One that is taken.
    pub(crate) fn sample(&self) -> Result<Value, String> {
        let mut tried = self.tried().into_iter().chain([ONE, 0]);
        let found = tried.find(|value| self.has(*value));
        found
            .map(json)
            .ok_or_else(|| format!("no number fits {self:?}"))
    }

    /// At every bound, beside it, and between steps.
    pub(crate) fn tries(&self) -> Vec<Value> {
        self.tried().into_iter().map(json).collect()
    }

    fn tried(&self) -> Vec<i128> {
        let step = self.step.unwrap_or(ONE / 2);
        let bounds = [self.least, self.most].into_iter().flatten();
        let mut all: Vec<i128> = bounds
            .flat_map(|bound| [0, LITTLE, -LITTLE, step, -step].map(|more| bound.at + more))
            .collect();
        all.extend([ONE, ONE + LITTLE]);
        all
    }
}

fn json(value: i128) -> Value {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (
        value.unsigned_abs() / ONE.unsigned_abs(),
        value.unsigned_abs() % ONE.unsigned_abs(),
    );
    let fraction = format!("{rest:09}");
    let text = match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    };
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// A number of JSON, exactly; `None` for what is none, or is finer or larger than what is judged here.
fn billionths(text: &str) -> Option<i128> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) if digits(fraction) => (whole, fraction),
        Some(_) => return None,
        None => (mantissa, ""),
    };
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if !digits(whole) || !digits(unsigned) || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    let size: i128 = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i64 = exponent.parse().ok()?;
    let shift = DIGITS + exponent - i64::try_from(fraction.len()).ok()?;
    let power = 10_i128.checked_pow(u32::try_from(shift.unsigned_abs()).ok()?)?;
    let size = match shift >= 0 {
        true => size.checked_mul(power)?,
        false => (size % power == 0).then_some(size / power)?,
    };
    Some(sign * size)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_numbers_of_json() {
        for (text, value) in [
            ("0", 0),
            ("-0.0", 0),
            ("1.50", ONE + ONE / 2),
            ("15e-1", ONE + ONE / 2),
            ("-2E+1", -20 * ONE),
            ("0.000000001", 1),
        ] {
            assert_eq!(billionths(text), Some(value), "{text}");
        }
        for text in [
            "", "-", "+1", "01", ".5", "1.", "1e", "1e+", " 1", "1x", "NaN", "1e400",
        ] {
            assert_eq!(billionths(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_and_steps() {
        let number = |schema: &Value| Number::of(schema).unwrap().unwrap();
        let open = number(&json!({ "type": "number", "minimum": 0.1, "exclusiveMaximum": 0.3 }));
        let old = number(
            &json!({ "type": "number", "minimum": 0.1, "exclusiveMinimum": true, "multipleOf": 0.05 }),
        );
        for (value, takes, also) in [
            (json!(0.1), true, false),
            (json!(0.15), true, true),
            (json!(0.16), true, false),
            (json!(0.3), false, true),
            (json!(0.299_999_999), true, false),
            (json!(0), false, false),
            (json!("0.2"), false, false),
        ] {
            assert_eq!(open.takes(&value), takes, "{value}");
            assert_eq!(old.takes(&value), also, "{value}");
        }
        assert!(open.takes(&open.sample().unwrap()) && old.takes(&old.sample().unwrap()));
        assert!(open.tries().iter().any(|value| !open.takes(value)));
        assert!(Number::of(&json!({ "type": "integer" })).unwrap().is_none());
    }
}
