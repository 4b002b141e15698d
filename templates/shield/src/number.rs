//! A number as a handler gets and gives it: the text in which it was written, so that nothing is rounded.

use crate::json::decimal::Decimal;
use crate::json::number::{self, Whole};
use std::cmp::Ordering;
use std::fmt;

/// A number of JSON, never rounded: `0.1` stays a tenth, and a number of 40 digits keeps all of them. Numbers are equal, and
/// have an order, by what they mean: `1`, `1.0` and `1e0` are one number.
///
/// For exact arithmetic, read [`Number::as_str`] with a decimal library of your choice; for measurements, which are not
/// exact anyhow, there is [`Number::to_f64`].
#[derive(Clone)]
pub struct Number(Box<str>);

impl Number {
    /// A number by its text. `None` where that is none of JSON, or beyond what is read (1e400).
    pub fn new(text: &str) -> Option<Self> {
        (number::is_spelled(text) && number::in_range(text)).then(|| Number::of(text))
    }

    /// Of a text that a reader took.
    pub(crate) fn of(lexeme: &str) -> Self {
        Number(lexeme.into())
    }

    /// The double itself, exactly. `None` for infinities and what is no number: JSON has none of them.
    pub fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then(|| Number::of(&format!("{value:?}")))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// If it is an integer of 64 bits exactly; `1e2` is one.
    pub fn as_integer(&self) -> Option<i64> {
        match number::whole(&self.0) {
            Whole::Exact(value) => Some(value),
            Whole::Below | Whole::Above | Whole::Fraction => None,
        }
    }

    /// The double that is nearest: rounded, where no double is this number.
    pub fn to_f64(&self) -> f64 {
        // What is beyond every double was never read.
        self.0.parse().unwrap_or(f64::NAN)
    }

    fn decimal(&self) -> Decimal<'_> {
        Decimal::of(&self.0)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number(value.to_string().into())
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.decimal().cmp(&other.decimal())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As other values are shown: what must not be logged is hidden by what it stands in.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn number(text: &str) -> Number {
        Number::new(text).unwrap()
    }

    #[test]
    fn nothing_that_is_no_json_is_a_number() {
        for text in [
            "", " 1", "1 ", "1,2", "NaN", "01", "1e400", "1e-400", "\"1\"", "+1", ".5",
        ] {
            assert!(Number::new(text).is_none(), "{text}");
        }
    }

    #[test]
    fn it_is_what_it_means_and_shows_what_was_written() {
        let one = number("1.0");
        assert_eq!(one, Number::from(1));
        assert_ne!(one, number("1.00000000000000000000000001"));
        assert!(number("0.1") < number("0.10000000000000000001"));
        assert!(number("-1e300") < number("-5e-324"));
        assert_eq!(
            (one.as_str(), format!("{one:?} {one}")),
            ("1.0", "1.0 1.0".to_owned())
        );
        assert_eq!(
            (number("1e2").as_integer(), number("0.5").as_integer()),
            (Some(100), None)
        );
    }

    #[test]
    fn doubles_come_in_as_they_are_and_go_out_rounded() {
        for (double, text) in [
            (0.1, "0.1"),
            (-0.0, "0"),
            (1e300, "1e300"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
        ] {
            let made = Number::from_f64(double).unwrap();
            assert_eq!(made, number(text), "{text}");
            assert!(Number::new(made.as_str()).is_some(), "{text}");
            assert!((made.to_f64() - double).abs() == 0.0, "{text}");
        }
        for double in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Number::from_f64(double).is_none());
        }
        // 2^53 + 1 lies between two doubles.
        assert!((number("9007199254740993").to_f64() - 9_007_199_254_740_992.0).abs() == 0.0);
    }
}
