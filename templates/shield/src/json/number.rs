//! What numbers are: integers of 64 bits, and all that a reader takes. Nothing is ever rounded (ruling 95).

use super::decimal::Decimal;
use super::scan::Scan;

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

/// Whether a text is a number by the grammar of JSON, with nothing around it: so parameters spell one (ruling 100).
pub(crate) fn is_spelled(text: &str) -> bool {
    Scan::new(text.as_bytes()).lexeme() == Ok(text)
}

/// Whether a double can stand for it at all: neither infinite nor, without being zero, lost to zero.
pub(crate) fn in_range(lexeme: &str) -> bool {
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

    #[test]
    fn a_parameter_spells_a_number_as_json_does() {
        for text in [
            "0", "-0", "1", "-1.50", "1e2", "1E+2", "10e-1", "0.0", "1e400",
        ] {
            assert!(is_spelled(text), "{text}");
        }
        for text in [
            "", "-", "+1", "01", "-01", ".5", "1.", "1.e2", "1e", "1e+", "0x1", " 1", "1 ", "1\n",
            "1_000", "1,0", "١", "NaN", "Infinity", "inf", "1f", "1e400x", "\"1\"", "--1", "1e2.5",
        ] {
            assert!(!is_spelled(text), "{text}");
        }
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
