//! Numbers taken apart: their order and their multiples, by exact decimal arithmetic over the text, which is not copied
//! (ruling 95).

use std::cmp::Ordering;

/// A number taken apart: `digits` without zeros at either end, times ten to the `exponent`. Zero has no digits.
pub(crate) struct Decimal<'a> {
    pub(crate) negative: bool,
    whole: &'a str,
    fraction: &'a str,
    pub(crate) exponent: i64,
}

impl<'a> Decimal<'a> {
    /// Takes a lexeme of the JSON grammar apart.
    pub(crate) fn of(lexeme: &'a str) -> Self {
        let (negative, rest) = match lexeme.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, lexeme),
        };
        // One letter after the other: so each is looked for many bytes at a time.
        let (mantissa, exponent) = match rest.split_once('e').or_else(|| rest.split_once('E')) {
            Some((mantissa, exponent)) => (mantissa, power(exponent)),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut decimal = Decimal {
            negative,
            whole,
            fraction,
            exponent,
        };
        decimal.trim();
        decimal
    }

    /// Drops the zeros at both ends. Lengths are far below 2^40 and exponents at most 2^61, so nothing overflows.
    fn trim(&mut self) {
        self.fraction = self.fraction.trim_end_matches('0');
        if self.fraction.is_empty() {
            let trimmed = self.whole.trim_end_matches('0');
            self.exponent = self
                .exponent
                .saturating_add(length(self.whole) - length(trimmed));
            self.whole = trimmed;
        }
        self.exponent = self.exponent.saturating_sub(length(self.fraction));
        self.whole = self.whole.trim_start_matches('0');
        if self.whole.is_empty() {
            self.fraction = self.fraction.trim_start_matches('0');
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    pub(crate) fn digits(&self) -> impl Iterator<Item = char> {
        self.whole.chars().chain(self.fraction.chars())
    }

    pub(super) fn count(&self) -> i64 {
        length(self.whole) + length(self.fraction)
    }

    /// It is `0.DIGITS` times ten to this.
    fn magnitude(&self) -> i64 {
        self.count().saturating_add(self.exponent)
    }

    /// As texts are compared, run by run: a list of long numbers is compared each with each.
    fn compare_digits(&self, other: &Self) -> Ordering {
        let (mut one, mut more) = (self.whole.as_bytes(), self.fraction.as_bytes());
        let (mut two, mut rest) = (other.whole.as_bytes(), other.fraction.as_bytes());
        loop {
            if one.is_empty() {
                one = std::mem::take(&mut more);
            }
            if two.is_empty() {
                two = std::mem::take(&mut rest);
            }
            let length = one.len().min(two.len());
            if length == 0 {
                return one.len().cmp(&two.len());
            }
            let ((first, behind), (second, after)) = (one.split_at(length), two.split_at(length));
            match first.cmp(second) {
                Ordering::Equal => (one, two) = (behind, after),
                order => return order,
            }
        }
    }

    fn sign(&self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// Whether it is so many times the step. A step that is not positive, or has more digits than 10^18, has no multiples.
    pub(crate) fn is_multiple_of(&self, step: &Self) -> bool {
        let Some(modulus) = step.modulus() else {
            return false;
        };
        if self.is_zero() {
            return true;
        }
        // Its last digit, which is not zero, counts less than that of every multiple where this is negative.
        let shift = self.exponent.saturating_sub(step.exponent);
        let Ok(shift) = u64::try_from(shift) else {
            return false;
        };
        let left = self.digits().fold(0, |left, digit| {
            (left * 10 + u128::from(digit.to_digit(10).unwrap_or(0))) % modulus
        });
        (left * power_of_ten(shift, modulus)).is_multiple_of(modulus)
    }

    /// Its digits as a number that may be squared.
    fn modulus(&self) -> Option<u128> {
        const MOST: i64 = 18;
        if self.sign() != 1 || self.count() > MOST {
            return None;
        }
        let digits = self.digits().map(|digit| digit.to_digit(10).unwrap_or(0));
        Some(digits.fold(0, |sum, digit| sum * 10 + u128::from(digit)))
    }
}

/// The exponent, held within ±2^61: what lies beyond is beyond every other bound too.
fn power(exponent: &str) -> i64 {
    const FAR: i64 = 1 << 61;
    let negative = exponent.starts_with('-');
    let digits = exponent
        .trim_start_matches(['+', '-'])
        .trim_start_matches('0');
    let size = if digits.is_empty() {
        0
    } else {
        digits.parse().unwrap_or(FAR).min(FAR)
    };
    if negative { -size } else { size }
}

fn length(digits: &str) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX >> 2)
}

/// Ten to the power, of which what is left over of the modulus: by squaring.
fn power_of_ten(mut exponent: u64, modulus: u128) -> u128 {
    let (mut left, mut square) = (1 % modulus, 10 % modulus);
    while exponent > 0 {
        if exponent % 2 == 1 {
            left = left * square % modulus;
        }
        square = square * square % modulus;
        exponent /= 2;
    }
    left
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let signs = self.sign().cmp(&other.sign());
        if signs.is_ne() || self.is_zero() {
            return signs;
        }
        // Without zeros at either end the one that begins further left is larger, and digits are compared as texts are.
        let sizes = self.magnitude().cmp(&other.magnitude());
        let sizes = sizes.then_with(|| self.compare_digits(other));
        if self.negative {
            sizes.reverse()
        } else {
            sizes
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal<'_> {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn of(lexeme: &str) -> Decimal<'_> {
        Decimal::of(lexeme)
    }

    #[test]
    fn numbers_have_the_order_that_they_mean() {
        let nines = "9".repeat(600);
        let long = format!("0.{nines}");
        let longer = format!("{long}1");
        let ordered = [
            "-1e300",
            "-100.5",
            "-100",
            "-1e-300",
            "0",
            "5e-324",
            "1e-8",
            "0.1",
            "0.10000000000000000000000000000000001",
            "0.99",
            &long,
            &longer,
            "1",
            "1.000000000000000000000000000000000000001",
            "123.456",
            "1234.55",
            "12345.6e-1",
            "1234.561",
            "9007199254740992",
            "9007199254740993",
            "1e300",
            "1.0000000000000000000000000001e300",
        ];
        for (at, one) in ordered.iter().enumerate() {
            for (other_at, other) in ordered.iter().enumerate() {
                assert_eq!(of(one).cmp(&of(other)), at.cmp(&other_at), "{one} {other}");
            }
        }
    }

    #[test]
    fn one_number_has_many_texts() {
        let hundred = [
            "100",
            "1e2",
            "100.0",
            "1E+2",
            "0.1e3",
            "1000e-1",
            "100.000e0",
        ];
        let zero = ["0", "-0", "-0.0", "0e400", "0.000e-5"];
        for all in [&hundred[..], &zero[..]] {
            for (one, other) in all
                .iter()
                .flat_map(|one| all.iter().map(move |other| (one, other)))
            {
                assert!(of(one) == of(other), "{one} {other}");
            }
        }
    }

    #[test]
    fn steps_of_every_size() {
        let digits = format!("{}0.3", "3".repeat(600));
        for (value, step) in [
            ("0.3", "0.1"),
            ("-0.3", "0.1"),
            ("1e300", "0.1"),
            ("1e300", "7e-300"),
            ("7e300", "7e-300"),
            ("0.00000003", "1e-8"),
            ("3e-8", "0.00000001"),
            ("-0.0", "0.1"),
            ("0", "1e300"),
            ("2e300", "1e300"),
            ("4.5", "1.5"),
            ("1e2", "100"),
            ("999999999999999999", "999999999999999999"),
            (&digits, "0.3"),
        ] {
            let wanted = (value, step) != ("1e300", "7e-300");
            assert_eq!(
                of(value).is_multiple_of(&of(step)),
                wanted,
                "{value} {step}"
            );
        }
        let longer = format!("{digits}1");
        for (value, step) in [
            ("0.35", "0.1"),
            ("0.1", "1"),
            ("1", "1e300"),
            ("15e299", "1e300"),
            ("1e-9", "1e-8"),
            ("4.6", "1.5"),
            ("0.30000000000000004", "0.1"),
            (&longer, "0.3"),
            // No step.
            ("1", "0"),
            ("1", "-1"),
            ("0", "0"),
            ("1234567890123456789", "1234567890123456789"),
        ] {
            assert!(!of(value).is_multiple_of(&of(step)), "{value} {step}");
        }
    }

    /// `digits` times ten to the `exponent`, as an integer of hundred-thousandths.
    fn scaled(digits: i64, exponent: i32) -> i128 {
        i128::from(digits) * 10_i128.pow(u32::try_from(exponent + 5).unwrap())
    }

    /// One of its texts.
    fn spelled(digits: i64, exponent: i32, zeros: usize) -> String {
        let fraction = if zeros == 0 {
            String::new()
        } else {
            format!(".{}", "0".repeat(zeros))
        };
        format!("{digits}{fraction}e{exponent}")
    }

    proptest! {
        /// Against integers, which need no decimals.
        #[test]
        fn order_and_steps_are_those_of_integers(
            one in -2000..2000_i64, e in -5..6_i32, other in -2000..2000_i64, f in -5..6_i32, zeros in 0..4_usize,
        ) {
            let (a, b) = (spelled(one, e, zeros), spelled(other, f, 0));
            let (x, y) = (scaled(one, e), scaled(other, f));
            prop_assert_eq!(of(&a).cmp(&of(&b)), x.cmp(&y), "{} {}", a, b);
            prop_assert_eq!(of(&a).is_multiple_of(&of(&b)), y > 0 && x % y == 0, "{} {}", a, b);
        }

        #[test]
        fn steps_of_many_digits(n in -1_000_000_000..1_000_000_000_i64, step in 1..1_000_000_000_000_000_000_i64, off in 0..3_i64) {
            let value = i128::from(n) * i128::from(step) + i128::from(off);
            let multiple = value % i128::from(step) == 0;
            let value = format!("{value}e-9");
            prop_assert_eq!(of(&value).is_multiple_of(&of(&format!("{step}e-9"))), multiple);
        }
    }
}
