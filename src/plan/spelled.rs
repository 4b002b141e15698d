//! Texts that spell integers: `type: string` with a format of whole numbers, as what can be matched.
//!
//! The range of the format is written out as a pattern, so that what is published says to the digit what is taken. Each number has one
//! text: no leading zero, no `+`, and no `-0`, or two ids would be one object.

use crate::openapi::formats;

/// The pattern of the texts of a format, and how long they are at most. `None`: it is no format of whole numbers.
pub(super) fn pattern(format: &str) -> Option<(String, u64)> {
    let (least, most) = formats::integers(format)?;
    let mut ways = vec!["0".to_owned()];
    ways.extend(up_to(most.unsigned_abs()));
    let mut longest = most.to_string().len();
    if least < 0 {
        let below = up_to(least.unsigned_abs());
        ways.push(format!("-(?:{})", below.join("|")));
        longest = longest.max(least.to_string().len());
    }
    let longest = u64::try_from(longest).ok()?;
    Some((format!("^(?:{})$", ways.join("|")), longest))
}

/// Patterns that match, together, the numbers from 1 up to this.
fn up_to(most: u128) -> Vec<String> {
    let digits: Vec<u8> = most.to_string().bytes().map(|digit| digit - b'0').collect();
    let mut ways = Vec::new();
    // All that are shorter.
    match digits.len() {
        0 | 1 => {}
        2 => ways.push("[1-9]".to_owned()),
        length => ways.push(format!("[1-9][0-9]{{0,{}}}", length - 2)),
    }
    // As long, the same up to a digit that is less; then whatever follows.
    let mut before = String::new();
    for (at, digit) in digits.iter().enumerate() {
        let least = u8::from(at == 0);
        if *digit > least {
            let rest = digits.len() - at - 1;
            ways.push(format!("{before}{}{}", range(least, digit - 1), any(rest)));
        }
        before.push_str(&digit.to_string());
    }
    ways.push(before);
    ways
}

fn range(least: u8, most: u8) -> String {
    match least == most {
        true => least.to_string(),
        false => format!("[{least}-{most}]"),
    }
}

fn any(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "[0-9]".to_owned(),
        count => format!("[0-9]{{{count}}}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_number_of_a_format_has_one_text() {
        let (pattern, longest) = pattern("uint8").unwrap();
        assert_eq!(longest, 3);
        let regex = regex::Regex::new(&pattern).unwrap();
        for number in 0..=1100 {
            let text = number.to_string();
            assert_eq!(regex.is_match(&text), number <= 255, "{text}");
        }
        let signed = regex::Regex::new(&super::pattern("int8").unwrap().0).unwrap();
        for number in -1100..=1100 {
            let text = number.to_string();
            assert_eq!(
                signed.is_match(&text),
                (-128..=127).contains(&number),
                "{text}"
            );
        }
        for text in [
            "", "-", "-0", "00", "01", "+1", "1.0", "1e1", " 1", "1 ", "1\n", "٣", "0x1",
        ] {
            assert!(!regex.is_match(text) && !signed.is_match(text), "{text:?}");
        }
    }

    #[test]
    fn bounds_are_exact() {
        for (format, within, beyond) in [
            ("u-int32", "4294967295", "4294967296"),
            ("uint64", "18446744073709551615", "18446744073709551616"),
            ("int64", "9223372036854775807", "9223372036854775808"),
            ("int64", "-9223372036854775808", "-9223372036854775809"),
            ("int32", "-2147483648", "-2147483649"),
            ("uint16", "65535", "65536"),
            ("uint16", "59999", "-1"),
            ("uint16", "9999", "100000"),
        ] {
            let (pattern, longest) = pattern(format).unwrap();
            let regex = regex::Regex::new(&pattern).unwrap();
            assert!(
                regex.is_match(within) && !regex.is_match(beyond),
                "{format}"
            );
            assert!(within.len() as u64 <= longest, "{format}");
        }
        assert_eq!(pattern("email"), None);
    }
}
