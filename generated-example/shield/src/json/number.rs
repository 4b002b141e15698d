//! Numbers by exact decimal arithmetic: nothing is ever rounded (ruling 95).

/// A number as an integer of 64 bits, or why it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    Exact(i64),
    /// A whole number or not: it lies below every 64-bit integer.
    Below,
    Above,
    /// Something is left behind the point, after its exponent.
    Fraction,
}

/// A number taken apart: `digits` without zeros at either end, times ten to the `exponent`. Zero has no digits.
pub(super) struct Decimal<'a> {
    pub(super) negative: bool,
    whole: &'a str,
    fraction: &'a str,
    pub(super) exponent: i64,
}

impl<'a> Decimal<'a> {
    /// Takes a lexeme of the JSON grammar apart.
    pub(super) fn of(lexeme: &'a str) -> Self {
        let (negative, rest) = match lexeme.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, lexeme),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
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

    pub(super) fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    pub(super) fn digits(&self) -> impl Iterator<Item = char> {
        self.whole.chars().chain(self.fraction.chars())
    }

    fn count(&self) -> i64 {
        length(self.whole) + length(self.fraction)
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

/// The number as a 64-bit integer, exactly.
pub(crate) fn whole(lexeme: &str) -> Whole {
    let decimal = Decimal::of(lexeme);
    if decimal.is_zero() {
        return Whole::Exact(0);
    }
    if decimal.exponent < 0 {
        return Whole::Fraction;
    }
    let beyond = if decimal.negative {
        Whole::Below
    } else {
        Whole::Above
    };
    // 2^63 has 19 digits.
    if decimal.count().saturating_add(decimal.exponent) > 19 {
        return beyond;
    }
    let zeros = usize::try_from(decimal.exponent).unwrap_or(0);
    let digits = decimal.digits().chain(std::iter::repeat_n('0', zeros));
    let size = digits.fold(0_i128, |sum, digit| {
        sum * 10 + i128::from(digit.to_digit(10).unwrap_or(0))
    });
    let value = if decimal.negative { -size } else { size };
    i64::try_from(value).map_or(beyond, Whole::Exact)
}

/// Whether a double can stand for it at all: neither infinite nor, without being zero, lost to zero.
pub(super) fn in_range(lexeme: &str) -> bool {
    // Most numbers are short; below twenty bytes without an exponent there is nothing to find.
    if lexeme.len() < 20 && !lexeme.contains(['e', 'E']) {
        return true;
    }
    if Decimal::of(lexeme).is_zero() {
        return true;
    }
    lexeme
        .parse::<f64>()
        .is_ok_and(|double| double.is_finite() && double != 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    // requirement: P54
    #[test]
    fn an_integer_is_what_has_no_fraction_after_its_exponent() {
        for (lexeme, value) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0", 0),
            ("0e999999999999999999999", 0),
            ("0.000e-5", 0),
            ("1e2", 100),
            ("1E+2", 100),
            ("10E-1", 1),
            ("1.0", 1),
            ("1.50e1", 15),
            ("-12.300e3", -12300),
            ("0.0012e4", 12),
            ("100", 100),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("-9223372036854775.808e3", i64::MIN),
            ("9223372036854775807000e-3", i64::MAX),
            ("1e18", 1_000_000_000_000_000_000),
            ("1e00000000000000000000000002", 100),
            ("9007199254740993", 9_007_199_254_740_993),
        ] {
            assert_eq!(whole(lexeme), Whole::Exact(value), "{lexeme}");
        }
    }

    #[test]
    fn what_is_none_says_on_which_side() {
        for lexeme in [
            "1.5",
            "-0.1",
            "1e-1",
            "15e-1",
            "100.0001",
            "9223372036854775807.5",
            "1e-300",
            "123456789012345678901234.5",
        ] {
            assert_eq!(whole(lexeme), Whole::Fraction, "{lexeme}");
        }
        for lexeme in [
            "9223372036854775808",
            "1e19",
            "12345678901234567890123",
            "1e300",
            "1e99999999999999999999",
        ] {
            assert_eq!(whole(lexeme), Whole::Above, "{lexeme}");
            assert_eq!(
                whole(&format!("-{lexeme}")),
                if lexeme == "9223372036854775808" {
                    Whole::Exact(i64::MIN)
                } else {
                    Whole::Below
                }
            );
        }
        assert_eq!(whole("-9223372036854775809"), Whole::Below);
    }

    // requirement: P54
    #[test]
    fn beyond_the_doubles_either_way() {
        for lexeme in [
            "1e400",
            "-1e400",
            "1e309",
            "1.8e308",
            "1e-400",
            "-1e-400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
        ] {
            assert!(!in_range(lexeme), "{lexeme}");
        }
        for lexeme in [
            "1e308",
            "-1.7e308",
            "5e-324",
            "0e400",
            "0.0e-400",
            "-0e99999999999999999999",
            "1",
            "12345678901234567890123",
        ] {
            assert!(in_range(lexeme), "{lexeme}");
        }
        let long = format!("{}e-500", "9".repeat(600));
        assert!(in_range(&long));
        assert!(!in_range(&"9".repeat(400)));
    }
}
