//! Numbers compared exactly, as they are written: no float, and no memory for a large exponent.

mod arithmetic;

use std::cmp::Ordering;
use std::fmt;

/// A decimal number: `0.DIGITS × 10^magnitude`, the digits without zeros at either end; zero has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    magnitude: i64,
}

impl Decimal {
    /// Reads a number by the grammar of JSON. `None` when its exponent does not fit 64 bits.
    pub fn parse(lexeme: &str) -> Option<Self> {
        let (negative, text) = match lexeme.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, lexeme),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        if all.is_empty() || !all.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let leading = all.iter().take_while(|digit| **digit == b'0').count();
        let mut digits: Vec<u8> = all.into_iter().skip(leading).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Some(Decimal {
                negative: false,
                digits,
                magnitude: 0,
            });
        }
        let shift = i64::try_from(whole.len())
            .ok()?
            .checked_sub(i64::try_from(leading).ok()?)?;
        Some(Decimal {
            negative,
            digits,
            magnitude: exponent.checked_add(shift)?,
        })
    }

    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub fn is_positive(&self) -> bool {
        !self.negative && !self.is_zero()
    }

    /// Whether it has no fractional part (ruling 95: `1e2` and `10E-1` have none).
    pub fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|length| length <= self.magnitude.max(0))
    }

    /// Whether a reader of doubles takes it: neither beyond all of them nor, without being zero, lost to zero (ruling 95).
    pub fn is_readable(&self) -> bool {
        let double = self.to_string().parse::<f64>();
        self.is_zero() || double.is_ok_and(|double| double.is_finite() && double != 0.0)
    }

    /// How many digits it has, from the first to the last that is not zero.
    pub fn significant(&self) -> usize {
        self.digits.len()
    }

    /// As an integer of 64 bits.
    pub fn as_integer(&self) -> Option<i64> {
        let size = i128::from(self.absolute().as_count()?);
        i64::try_from(if self.negative { -size } else { size }).ok()
    }

    fn absolute(&self) -> Self {
        Decimal {
            negative: false,
            ..self.clone()
        }
    }

    /// As a count: a whole number of 0 or more that fits 64 bits.
    pub fn as_count(&self) -> Option<u64> {
        if self.negative || !self.is_integer() || self.magnitude > 20 {
            return None;
        }
        let zeros = usize::try_from(self.magnitude)
            .ok()?
            .checked_sub(self.digits.len())?;
        let digits = self.digits.iter().copied();
        digits
            .chain(std::iter::repeat_n(b'0', zeros))
            .try_fold(0_u64, |sum, digit| {
                sum.checked_mul(10)?
                    .checked_add(u64::from(digit.checked_sub(b'0')?))
            })
    }

    /// The order of absolute values: without zeros in front, the one with the larger magnitude is larger.
    fn compare_absolute(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        let by_magnitude = self.magnitude.cmp(&other.magnitude);
        by_magnitude.then_with(|| self.digits.cmp(&other.digits))
    }
}

/// As JSON and every version of YAML read it: plain where 64 bits hold what is before the point, else with a point and a signed
/// exponent.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LEAST: i64 = -6;
        const MOST: i64 = 18;
        let digits: String = self.digits.iter().copied().map(char::from).collect();
        if self.negative {
            f.write_str("-")?;
        }
        if digits.is_empty() {
            return f.write_str("0");
        }
        if !(LEAST..=MOST).contains(&self.magnitude) {
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { "0" } else { rest };
            let exponent = self.magnitude.saturating_sub(1);
            return write!(f, "{first}.{rest}e{exponent:+}");
        }
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        let whole = usize::try_from(self.magnitude).unwrap_or(0);
        match digits.split_at_checked(whole) {
            Some(("", fraction)) => write!(f, "0.{}{fraction}", zeros(-self.magnitude)),
            Some((whole, "")) => f.write_str(whole),
            Some((whole, fraction)) => write!(f, "{whole}.{fraction}"),
            None => {
                let length = i64::try_from(digits.len()).unwrap_or(0);
                write!(
                    f,
                    "{digits}{}",
                    zeros(self.magnitude.saturating_sub(length))
                )
            }
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.compare_absolute(other),
            (true, true) => other.compare_absolute(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(lexeme: &str) -> Decimal {
        Decimal::parse(lexeme).unwrap()
    }

    #[test]
    fn each_number_has_one_text_which_reads_back() {
        for (lexeme, text) in [
            ("0", "0"),
            ("-0.00e7", "0"),
            ("1.0", "1"),
            ("100", "100"),
            ("12e-1", "1.2"),
            ("-0.50", "-0.5"),
            ("0.0000001", "0.0000001"),
            ("0.00000001", "1.0e-8"),
            ("-12.5e-20", "-1.25e-19"),
            ("1e300", "1.0e+300"),
            ("1e17", "100000000000000000"),
            ("-1e18", "-1.0e+18"),
            (
                "340282346638528859811704183484516925440",
                "3.4028234663852885981170418348451692544e+38",
            ),
        ] {
            assert_eq!(read(lexeme).to_string(), text, "{lexeme}");
            assert_eq!(read(text), read(lexeme), "{lexeme}");
        }
    }

    #[test]
    fn what_a_double_cannot_stand_for_is_not_readable() {
        for lexeme in ["0", "0e999", "1e308", "-1.7e308", "5e-324", "0.1"] {
            assert!(read(lexeme).is_readable(), "{lexeme}");
        }
        for lexeme in ["1e309", "-1e400", "1e-400", "1e9999999999"] {
            assert!(!read(lexeme).is_readable(), "{lexeme}");
        }
    }

    #[test]
    fn integers_are_those_of_64_bits() {
        for (lexeme, value) in [
            ("1e2", Some(100)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775807.0", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("0.5", None),
            ("1e400", None),
        ] {
            assert_eq!(read(lexeme).as_integer(), value, "{lexeme}");
        }
    }
}
