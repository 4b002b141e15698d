//! Numbers: admission by exact decimal arithmetic over their text, also from the text of a parameter (ruling 95).

use super::Schema;
use crate::json::decimal::Decimal;
use crate::json::number;
use crate::number::Number;

/// A number, with or without a fraction. Bounds and step are decimal texts: nothing is rounded (ruling 95).
#[derive(Debug)]
pub struct Real {
    pub(super) min: Option<Limit>,
    pub(super) max: Option<Limit>,
    pub(super) multiple_of: Option<&'static str>,
}

/// A bound of a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(super) at: &'static str,
    /// The bound itself is not admitted.
    pub(super) exclusive: bool,
}

impl Real {
    /// Every number that is read.
    pub const ANY: Self = Real {
        min: None,
        max: None,
        multiple_of: None,
    };

    pub const fn min(mut self, at: &'static str) -> Self {
        let exclusive = false;
        self.min = Some(Limit { at, exclusive });
        self
    }

    pub const fn exclusive_min(mut self, at: &'static str) -> Self {
        let exclusive = true;
        self.min = Some(Limit { at, exclusive });
        self
    }

    pub const fn max(mut self, at: &'static str) -> Self {
        let exclusive = false;
        self.max = Some(Limit { at, exclusive });
        self
    }

    pub const fn exclusive_max(mut self, at: &'static str) -> Self {
        let exclusive = true;
        self.max = Some(Limit { at, exclusive });
        self
    }

    /// Of a step that is positive and has 18 digits at most; others admit nothing.
    pub const fn multiple_of(mut self, step: &'static str) -> Self {
        self.multiple_of = Some(step);
        self
    }

    pub const fn schema(&'static self) -> Schema {
        Schema::Real(self)
    }

    /// Whether the number, of the grammar of JSON, is one of those declared.
    pub fn admits(&self, lexeme: &str) -> bool {
        let value = Decimal::of(lexeme);
        // guard: number-min, where self.min.is_some()
        if self.is_below(&value) {
            return false;
        }
        // guard: number-max, where self.max.is_some()
        if self.is_above(&value) {
            return false;
        }
        // guard: number-step, where self.multiple_of.is_some()
        if self.is_between_steps(&value) {
            return false;
        }
        true
    }

    /// The number a parameter spells, if it is admitted.
    pub fn parse(&self, text: &str) -> Option<Number> {
        let taken = number::is_spelled(text) && number::in_range(text) && self.admits(text);
        taken.then(|| Number::of(text))
    }

    /// Each rule that the number breaks.
    pub(super) fn broken(&self, lexeme: &str) -> Vec<&'static str> {
        let value = Decimal::of(lexeme);
        let code = |limit: &Option<Limit>, plain, exclusive| match limit {
            Some(limit) if limit.exclusive => exclusive,
            _ => plain,
        };
        [
            (
                self.is_below(&value),
                code(&self.min, "minimum", "exclusiveMinimum"),
            ),
            (
                self.is_above(&value),
                code(&self.max, "maximum", "exclusiveMaximum"),
            ),
            (self.is_between_steps(&value), "multipleOf"),
        ]
        .into_iter()
        .filter_map(|(broken, code)| broken.then_some(code))
        .collect()
    }

    /// Each rule that the text of a parameter breaks.
    pub(super) fn broken_text(&self, text: &str) -> Vec<&'static str> {
        if !number::is_spelled(text) {
            return vec!["type"];
        }
        // As in a body: it is not compared with anything.
        if !number::in_range(text) {
            return vec!["range"];
        }
        self.broken(text)
    }

    fn is_below(&self, value: &Decimal<'_>) -> bool {
        self.min.is_some_and(|limit| {
            let order = value.cmp(&Decimal::of(limit.at));
            order.is_lt() || (limit.exclusive && order.is_eq())
        })
    }

    fn is_above(&self, value: &Decimal<'_>) -> bool {
        self.max.is_some_and(|limit| {
            let order = value.cmp(&Decimal::of(limit.at));
            order.is_gt() || (limit.exclusive && order.is_eq())
        })
    }

    fn is_between_steps(&self, value: &Decimal<'_>) -> bool {
        self.multiple_of
            .is_some_and(|step| !value.is_multiple_of(&Decimal::of(step)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_met_to_the_last_digit() {
        static RULE: Real = Real::ANY.min("0.1").max("1e300");
        static OPEN: Real = Real::ANY.exclusive_min("-0.0").exclusive_max("0.3");
        static STEPS: Real = Real::ANY.min("0").max("9.99").multiple_of("0.01");
        for (rule, value, broken) in [
            (&RULE, "0.1", &[][..]),
            (&RULE, "1e-1", &[]),
            (&RULE, "0.10000000000000000000000001", &[]),
            (&RULE, "0.09999999999999999999999999", &["minimum"]),
            (&RULE, "-1e300", &["minimum"]),
            (&RULE, "10.00e299", &[]),
            (&RULE, "1.0000000000000000000000001e300", &["maximum"]),
            (&OPEN, "0", &["exclusiveMinimum"]),
            (&OPEN, "-0", &["exclusiveMinimum"]),
            (&OPEN, "0e5", &["exclusiveMinimum"]),
            (&OPEN, "5e-324", &[]),
            // Its double is that of 0.3 too.
            (&OPEN, "0.29999999999999999999", &[]),
            (&OPEN, "0.30", &["exclusiveMaximum"]),
            (&OPEN, "0.30000000000000000001", &["exclusiveMaximum"]),
            (&STEPS, "0.07", &[]),
            (&STEPS, "7e-2", &[]),
            (&STEPS, "-0.0", &[]),
            (&STEPS, "0.075", &["multipleOf"]),
            (&STEPS, "-0.01", &["minimum"]),
            (&STEPS, "10.001", &["maximum", "multipleOf"]),
        ] {
            assert_eq!(rule.broken(value), broken, "{value}");
            assert_eq!(rule.admits(value), broken.is_empty(), "{value}");
            assert_eq!(rule.parse(value).is_some(), broken.is_empty(), "{value}");
        }
    }

    #[test]
    fn a_step_that_is_none_admits_nothing() {
        for step in ["0", "-1", "1234567890123456789"] {
            assert!(!Real::ANY.multiple_of(step).admits("0"), "{step}");
        }
    }

    #[test]
    fn a_parameter_is_a_number_of_json() {
        static ALL: Real = Real::ANY;
        for text in ["0", "-0.0", "1.50", "1E+2", "1e308"] {
            assert!(ALL.parse(text).is_some(), "{text}");
            assert!(ALL.broken_text(text).is_empty(), "{text}");
        }
        for (text, code) in [
            ("", "type"),
            ("+1", "type"),
            ("01", "type"),
            (".5", "type"),
            ("1e400x", "type"),
            ("NaN", "type"),
            (" 1", "type"),
            ("1e400", "range"),
            ("-1e400", "range"),
            ("1e-400", "range"),
        ] {
            assert!(ALL.parse(text).is_none(), "{text}");
            assert_eq!(ALL.broken_text(text), [code], "{text}");
        }
        // An id has one text, and a number many.
        assert_eq!(ALL.schema().keep("1"), None);
    }
}
