//! Numbers compared exactly, as they are written: no float, and no memory for a large exponent.

use std::cmp::Ordering;

/// A decimal number: `0.DIGITS × 10^magnitude`, the digits without zeros at either end; zero has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    magnitude: i64,
}

impl Decimal {
    /// Reads a number by the grammar of JSON. `None` when its exponent does not fit 64 bits.
    pub(super) fn parse(lexeme: &str) -> Option<Self> {
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

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(super) fn is_positive(&self) -> bool {
        !self.negative && !self.is_zero()
    }

    /// Whether it has no fractional part (ruling 95: `1e2` and `10E-1` have none).
    pub(super) fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|length| length <= self.magnitude.max(0))
    }

    /// As a count: a whole number of 0 or more that fits 64 bits.
    pub(super) fn as_count(&self) -> Option<u64> {
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
