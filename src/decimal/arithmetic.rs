//! What is left over of a division, and sums: how numbers beside a bound and on a step are found. Of numbers that a reader of
//! doubles takes, whose digits are not many.

use super::Decimal;
use std::cmp::Ordering;

impl Decimal {
    /// Ten to the power.
    pub fn power(exponent: i64) -> Self {
        Decimal {
            negative: false,
            digits: vec![b'1'],
            magnitude: exponent.saturating_add(1),
        }
    }

    /// Ten to this is what its last digit counts.
    pub fn exponent(&self) -> i64 {
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        self.magnitude.saturating_sub(length)
    }

    pub fn negated(&self) -> Self {
        Decimal {
            negative: !self.negative && !self.is_zero(),
            ..self.clone()
        }
    }

    pub fn plus(&self, other: &Self) -> Self {
        if self.is_zero() {
            return other.clone();
        }
        if other.is_zero() {
            return self.clone();
        }
        let last = self.exponent().min(other.exponent());
        let first = self.magnitude.max(other.magnitude);
        let (one, two) = (self.columns(last, first), other.columns(last, first));
        if self.negative == other.negative {
            return Decimal::of_columns(self.negative, &added(&one, &two), last);
        }
        let (negative, large, small) = match self.compare_absolute(other) {
            Ordering::Less => (other.negative, two, one),
            _ => (self.negative, one, two),
        };
        Decimal::of_columns(negative, &taken(&large, &small), last)
    }

    /// What is left over where the largest multiple of `step` is taken away that is not more: 0 or more, less than the step.
    /// `None` where the step is not positive, or so far from the last digit that nobody needs it.
    pub fn remainder(&self, step: &Self) -> Option<Self> {
        if !step.is_positive() {
            return None;
        }
        let left = match self.compare_absolute(step) {
            Ordering::Less => self.absolute(),
            _ => self.left_over(step)?,
        };
        Some(match self.negative && !left.is_zero() {
            true => step.plus(&left.negated()),
            false => left,
        })
    }

    pub fn is_multiple_of(&self, step: &Self) -> bool {
        // Its last digit would count less than that of every multiple.
        let finer = !self.is_zero() && self.exponent() < step.exponent();
        !finer && self.remainder(step).is_some_and(|left| left.is_zero())
    }

    /// The same of the absolute value, by long division.
    fn left_over(&self, step: &Self) -> Option<Self> {
        let last = self.exponent().min(step.exponent());
        let digits = step.columns(last, step.magnitude);
        let step = digits.iter().rev().try_fold(0_u128, |sum, digit| {
            sum.checked_mul(10)?.checked_add(u128::from(*digit))
        })?;
        let own = self.columns(last, self.magnitude);
        let left = own.iter().rev().try_fold(0_u128, |left, digit| {
            let next = left.checked_mul(10)?.checked_add(u128::from(*digit))?;
            next.checked_rem(step)
        })?;
        let text = Decimal::parse(&left.to_string())?;
        Some(match text.is_zero() {
            true => text,
            false => Decimal {
                magnitude: text.magnitude.saturating_add(last),
                ..text
            },
        })
    }

    /// Its digits as numbers, the last first: one for each power of ten from `last` to below `first`.
    fn columns(&self, last: i64, first: i64) -> Vec<u8> {
        let zeros = |from: i64, to: i64| usize::try_from(to.saturating_sub(from)).unwrap_or(0);
        let mut columns = vec![0; zeros(last, self.exponent())];
        let digits = self.digits.iter().rev();
        columns.extend(digits.map(|digit| digit.saturating_sub(b'0')));
        columns.resize(columns.len() + zeros(self.magnitude, first), 0);
        columns
    }

    fn of_columns(negative: bool, columns: &[u8], last: i64) -> Self {
        let first = last.saturating_add(i64::try_from(columns.len()).unwrap_or(i64::MAX));
        let digits: Vec<u8> = columns.iter().rev().map(|digit| digit + b'0').collect();
        let leading = digits.iter().take_while(|digit| **digit == b'0').count();
        let mut digits: Vec<u8> = digits.into_iter().skip(leading).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let zero = digits.is_empty();
        let leading = i64::try_from(leading).unwrap_or(i64::MAX);
        Decimal {
            negative: negative && !zero,
            digits,
            magnitude: if zero {
                0
            } else {
                first.saturating_sub(leading)
            },
        }
    }
}

fn added(one: &[u8], two: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut sum: Vec<u8> = Vec::with_capacity(one.len() + 1);
    for (one, two) in one.iter().zip(two) {
        let column = one + two + carry;
        sum.push(column % 10);
        carry = column / 10;
    }
    sum.push(carry);
    sum
}

/// `small` is not more than `large`.
fn taken(large: &[u8], small: &[u8]) -> Vec<u8> {
    let mut borrowed = 0;
    let columns = large.iter().zip(small).map(|(large, small)| {
        let column = large + 10 - small - borrowed;
        borrowed = u8::from(column < 10);
        column % 10
    });
    columns.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(lexeme: &str) -> Decimal {
        Decimal::parse(lexeme).unwrap()
    }

    /// Every number of hundredths and of thousands around zero, against integers.
    #[test]
    fn sums_and_remainders_are_those_of_integers() {
        let of = |n: i64| read(&format!("{n}e-2"));
        let numbers = (-40..40).chain([-100_000, -990, 999, 100_000, 123_456]);
        let numbers: Vec<i64> = numbers.collect();
        for one in &numbers {
            for two in &numbers {
                let name = format!("{one} {two}");
                assert_eq!(of(*one).plus(&of(*two)), of(one + two), "{name}");
                let left = (*two > 0).then(|| of(one.rem_euclid(*two)));
                assert_eq!(of(*one).remainder(&of(*two)), left, "{name}");
                let multiple = *two > 0 && one.rem_euclid(*two) == 0;
                assert_eq!(of(*one).is_multiple_of(&of(*two)), multiple, "{name}");
            }
        }
    }

    #[test]
    fn far_from_each_other() {
        let sum = read("1e30").plus(&read("-1e-9"));
        assert_eq!(sum, read("999999999999999999999999999999.999999999"));
        assert!(read("1e300").is_multiple_of(&read("0.01")));
        assert!(!read("1e300").is_multiple_of(&read("0.3")));
        assert!(!read("0.005").is_multiple_of(&read("1e300")));
        assert!(read("0").is_multiple_of(&read("1e300")));
        assert_eq!(
            read("-0.5").remainder(&read("1e20")),
            Some(read("99999999999999999999.5"))
        );
        assert_eq!(read("1").remainder(&read("0")), None);
    }
}
