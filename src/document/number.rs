//! What a plain scalar of YAML means: the core schema of YAML 1.2 (section 10.3.2), nothing of YAML 1.1.
//!
//! Numbers keep their digits; only what JSON could not write (`+5`, `010`, `.5`, `5.`, `0x1F`, `0o17`) is respelled, so
//! that every number of a tree follows the grammar of RFC 8259.

use super::Value;

/// What a plain scalar turned out to be.
#[derive(Debug)]
pub(super) enum Plain {
    Value(Value),
    /// `.inf` and `.nan`: numbers of YAML that no JSON value can be.
    NotFinite,
    /// A hexadecimal or octal number of more than 128 bits.
    TooLarge,
}

/// Reads a plain (unquoted) scalar.
pub(super) fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Value(Value::Null),
        "true" | "True" | "TRUE" => return Plain::Value(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Plain::Value(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Plain::NotFinite,
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Plain::NotFinite;
    }
    if let Some(number) = radix(text) {
        return number;
    }
    match decimal(text.starts_with('-'), unsigned) {
        Some(lexeme) => Plain::Value(Value::Number(lexeme)),
        None => Plain::Value(Value::String(text.to_owned())),
    }
}

/// `0x…` and `0o…`, which the core schema has without a sign.
fn radix(text: &str) -> Option<Plain> {
    let (digits, radix) = match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(digits), _) => (digits, 16),
        (_, Some(digits)) => (digits, 8),
        _ => return None,
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    Some(match u128::from_str_radix(digits, radix) {
        Ok(number) => Plain::Value(Value::Number(number.to_string())),
        Err(_) => Plain::TooLarge,
    })
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, respelled as JSON would.
fn decimal(negative: bool, text: &str) -> Option<String> {
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, None),
        Some((mantissa, exponent)) => {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            if digits.is_empty() || !all_digits(digits) {
                return None;
            }
            (mantissa, Some(exponent))
        }
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        None => (mantissa, None),
        Some((whole, fraction)) => (whole, Some(fraction)),
    };
    let fraction_text = fraction.unwrap_or_default();
    if !all_digits(whole) || !all_digits(fraction_text) {
        return None;
    }
    if whole.is_empty() && fraction_text.is_empty() {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let mut lexeme = String::with_capacity(text.len().saturating_add(3));
    if negative {
        lexeme.push('-');
    }
    lexeme.push_str(whole);
    if let Some(digits) = fraction {
        lexeme.push('.');
        lexeme.push_str(if digits.is_empty() { "0" } else { digits });
    }
    if let Some(exponent) = exponent {
        lexeme.push('e');
        lexeme.push_str(exponent);
    }
    Some(lexeme)
}
