//! Integers and booleans: admission, also from the text of a parameter (ruling 100).

use super::Whole;

impl Whole {
    /// Whether the number is one of those declared. A step that is not positive admits nothing.
    pub fn admits(&self, value: i64) -> bool {
        // guard: integer-min, where self.min > i64::MIN
        if value < self.min {
            return false;
        }
        // guard: integer-max, where self.max < i64::MAX
        if value > self.max {
            return false;
        }
        // guard: integer-step, where self.multiple_of.is_some()
        if self.multiple_of.is_some_and(|step| !divides(step, value)) {
            return false;
        }
        true
    }

    /// The number a parameter spells, if it is admitted.
    pub fn parse(&self, text: &str) -> Option<i64> {
        let spelled = if is_spelled(text) {
            text.parse().ok()
        } else {
            None
        };
        spelled.filter(|value| self.admits(*value))
    }

    /// Each rule that the number breaks.
    pub(super) fn broken(&self, value: i64) -> Vec<&'static str> {
        let step = self.multiple_of.is_some_and(|step| !divides(step, value));
        [
            (value < self.min, self.below()),
            (value > self.max, self.above()),
            (step, "multipleOf"),
        ]
        .into_iter()
        .filter_map(|(broken, code)| broken.then_some(code))
        .collect()
    }

    /// Each rule that the text of a parameter breaks.
    pub(super) fn broken_text(&self, text: &str) -> Vec<&'static str> {
        if !is_spelled(text) {
            return vec!["type"];
        }
        match text.parse() {
            Ok(value) => self.broken(value),
            Err(_) if text.starts_with('-') => vec![self.below()],
            Err(_) => vec![self.above()],
        }
    }

    /// The keyword of the lower bound.
    pub(super) const fn below(&self) -> &'static str {
        if self.exclusive_min {
            "exclusiveMinimum"
        } else {
            "minimum"
        }
    }

    /// The keyword of the upper bound.
    pub(super) const fn above(&self) -> &'static str {
        if self.exclusive_max {
            "exclusiveMaximum"
        } else {
            "maximum"
        }
    }
}

fn divides(step: i64, value: i64) -> bool {
    step > 0 && value.checked_rem(step) == Some(0)
}

/// `-?(0|[1-9][0-9]*)`, and nothing else: no `+`, no leading zeros, no point, no exponent.
pub(crate) fn is_spelled(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits == "0"
        || (digits.starts_with(|c: char| matches!(c, '1'..='9'))
            && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The boolean a parameter spells: `true` or `false` (ruling 100).
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_bounds() {
        static RULE: Whole = Whole::new(-10, 10).multiple_of(5);
        for (value, broken) in [
            (-10, &[][..]),
            (0, &[]),
            (10, &[]),
            (3, &["multipleOf"]),
            (-11, &["minimum", "multipleOf"]),
            (15, &["maximum"]),
            (i64::MIN, &["minimum", "multipleOf"]),
        ] {
            assert_eq!(RULE.broken(value), broken, "{value}");
            assert_eq!(RULE.admits(value), broken.is_empty(), "{value}");
        }
        for step in [0, -1, -5] {
            for value in [0, 10, i64::MIN] {
                assert!(
                    !Whole::new(i64::MIN, i64::MAX)
                        .multiple_of(step)
                        .admits(value),
                    "{step} {value}"
                );
            }
        }
    }

    #[test]
    fn exclusive_bounds_are_another_word_for_the_same() {
        static RULE: Whole = Whole::new(1, 9).exclusive_min().exclusive_max();
        static LOW: Whole = Whole::new(1, 9).exclusive_min();
        for value in [0, 1, 5, 9, 10] {
            assert_eq!(
                RULE.admits(value),
                Whole::new(1, 9).admits(value),
                "{value}"
            );
        }
        assert_eq!(RULE.broken(0), ["exclusiveMinimum"]);
        assert_eq!(RULE.broken(10), ["exclusiveMaximum"]);
        assert_eq!(
            (LOW.broken(0), LOW.broken(10)),
            (vec!["exclusiveMinimum"], vec!["maximum"])
        );
        // Beyond 64 bits too.
        assert_eq!(
            RULE.broken_text("-9223372036854775809"),
            ["exclusiveMinimum"]
        );
        assert_eq!(
            RULE.broken_text("9223372036854775808"),
            ["exclusiveMaximum"]
        );
    }

    #[test]
    fn a_parameter_has_one_spelling() {
        static ALL: Whole = Whole::new(i64::MIN, i64::MAX);
        for (text, value) in [
            ("0", 0),
            ("7", 7),
            ("-7", -7),
            ("100", 100),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(ALL.parse(text), Some(value), "{text}");
            assert!(ALL.broken_text(text).is_empty(), "{text}");
        }
        // `-0` is spelled as ruling 100 has it: `-?(0|[1-9][0-9]*)`.
        assert_eq!(ALL.parse("-0"), Some(0));
        // As an id it has one text (P40), however it was spelled.
        assert_eq!(ALL.schema().keep("-0").as_deref(), Some("0"));
        assert_eq!(ALL.schema().keep("07"), None);
        for text in [
            "", "-", "+1", "01", "-01", "00", "1.0", "1e2", "0x1", " 1", "1 ", "1_000", "١", "1\n",
            "--1", "NaN",
        ] {
            assert_eq!(ALL.parse(text), None, "{text}");
            assert_eq!(ALL.broken_text(text), ["type"], "{text}");
        }
        for (text, code) in [
            ("9223372036854775808", "maximum"),
            ("-9223372036854775809", "minimum"),
            ("99999999999999999999999999999999999999999999", "maximum"),
        ] {
            assert_eq!(ALL.parse(text), None, "{text}");
            assert_eq!(ALL.broken_text(text), [code], "{text}");
        }
    }

    #[test]
    fn flags_are_two_words() {
        assert_eq!((flag("true"), flag("false")), (Some(true), Some(false)));
        for text in ["", "True", "FALSE", "1", "0", "yes", "true ", "null"] {
            assert_eq!(flag(text), None, "{text}");
        }
    }
}
