//! Integers: bounds and steps, exactly, from the text of the document.

use super::Whole;
use super::codes;
use crate::openapi::{Bound, Schema, formats};
use crate::policy::gaps;
use crate::policy::report::Report;

/// Beyond every bound that matters; far from overflow.
const FAR: i128 = 1 << 100;

/// The integer that a JSON number is: `1e2`, `10E-1` and `-0.0` are integers (ruling 95). `None` when it has a fraction.
/// What is far beyond int64 becomes [`FAR`].
pub(super) fn exact(lexeme: &str) -> Option<i128> {
    let (negative, rest) = match lexeme.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, lexeme.strip_prefix('+').unwrap_or(lexeme)),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    let trailing = digits.len() - digits.trim_end_matches('0').len();
    let exponent = match exponent.parse::<i64>() {
        Ok(exponent) => exponent,
        Err(_) if exponent.starts_with('-') => return None,
        Err(_) => i64::MAX,
    };
    let shift = exponent
        .saturating_add(i64::try_from(trailing).ok()?)
        .saturating_sub(i64::try_from(fraction.len()).ok()?);
    let shift = usize::try_from(shift).ok()?;
    let size = if significant.len().saturating_add(shift) > 30 {
        FAR
    } else {
        format!("{significant}{}", "0".repeat(shift)).parse().ok()?
    };
    Some(if negative { -size } else { size })
}

/// The rule of an integer, with its format's and int64's bounds filled in (ruling 37).
pub(super) fn read(schema: &Schema, report: &mut Report) -> Option<Whole> {
    let all = (i128::from(i64::MIN), i128::from(i64::MAX));
    let (mut min, mut max) = match &schema.format {
        None => all,
        Some(format) => match formats::integers(&format.value) {
            // What int64 does not hold is refused, never rounded (P54): of uint64 that is the upper half.
            Some((least, most)) => (least.max(all.0), most.min(all.1)),
            None => {
                report.gap(&gaps::FORMAT, format.place);
                return None;
            }
        },
    };
    let declared = schema.format.is_some();
    let (mut min_exclusive, mut max_exclusive) = (false, false);
    if let Some(low) = &schema.minimum {
        let least = bound(low, 1, report)?;
        // A format that is as strict is the one a refusal names.
        min_exclusive = low.exclusive && least > min;
        min = min.max(least);
    }
    if let Some(high) = &schema.maximum {
        let most = bound(high, -1, report)?;
        max_exclusive = high.exclusive && most < max;
        max = max.min(most);
    }
    if min > max {
        let both = schema.minimum.is_some() && schema.maximum.is_some();
        // Two bounds that contradict each other were told by the reader already.
        if !both || report.is_clean() {
            let help = "correct the bounds or the format";
            report.error(
                codes::UNSATISFIABLE,
                schema.place,
                "no integer is within these bounds",
                help,
            );
        }
        return None;
    }
    let multiple_of = match &schema.multiple_of {
        None => None,
        Some(step) => match exact(&step.value)
            .and_then(|step| i64::try_from(step).ok())
            .filter(|step| *step > 0)
        {
            Some(step) => Some(step),
            None => {
                report.gap(&gaps::MULTIPLE_OF, step.place);
                return None;
            }
        },
    };
    Some(Whole {
        min: i64::try_from(min).ok()?,
        max: i64::try_from(max).ok()?,
        min_exclusive,
        max_exclusive,
        min_declared: declared || schema.minimum.is_some(),
        max_declared: declared || schema.maximum.is_some(),
        multiple_of,
    })
}

fn bound(bound: &Bound, inwards: i128, report: &mut Report) -> Option<i128> {
    match exact(&bound.lexeme) {
        Some(value) => Some(if bound.exclusive {
            value + inwards
        } else {
            value
        }),
        None => {
            report.gap(&gaps::INTEGER_BOUND, bound.place);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexemes_are_read_exactly() {
        let cases = [
            ("0", Some(0)),
            ("-0.0", Some(0)),
            ("1e2", Some(100)),
            ("10E-1", Some(1)),
            ("120.50e1", Some(1205)),
            ("9223372036854775807", Some(i128::from(i64::MAX))),
            ("-9223372036854775808", Some(i128::from(i64::MIN))),
            ("1e400", Some(FAR)),
            ("-1e99999999999999999999", Some(-FAR)),
            ("0e99999999999999999999", Some(0)),
            ("0.5", None),
            ("1e-1", None),
            ("1e-99999999999999999999", None),
            (".inf", None),
            ("", None),
        ];
        for (lexeme, value) in cases {
            assert_eq!(exact(lexeme), value, "{lexeme}");
        }
    }
}
