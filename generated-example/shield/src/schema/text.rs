//! Strings: admission, and what to say without it.

use super::format;
use super::{Pattern, Text};

impl Text {
    /// Whether the text is one of those declared. Lengths first: they are cheap, and bound what a pattern has to read.
    pub fn admits(&self, text: &str) -> bool {
        let length = length(text);
        // guard: text-min, where self.min > 0
        if length < self.min {
            return false;
        }
        // Where the format is of one length, it refuses all others: then this is no guard, only sooner done.
        // guard: text-max, where !matches!((self.format, self.max), (Some(super::Format::Uuid), 36..) | (Some(super::Format::Date), 10..))
        if length > self.max {
            return false;
        }
        // guard: text-format, where self.format.is_some()
        if self
            .format
            .is_some_and(|format| !format::admits(format, text))
        {
            return false;
        }
        // guard: text-pattern, where self.pattern.is_some()
        if self.pattern.is_some_and(|pattern| !pattern.admits(text)) {
            return false;
        }
        true
    }

    /// The text as a value of its own, if it is admitted: for parameters.
    pub fn keep(&self, text: &str) -> Option<String> {
        self.admits(text).then(|| text.to_owned())
    }

    /// Each rule that the text breaks, in the order of the keywords of ruling 11.
    pub(super) fn broken(&self, text: &str) -> Vec<&'static str> {
        let length = length(text);
        // Also what is too long is matched: the limit of the body bounds all texts of a request together, and patterns
        // take time in proportion to the text.
        let pattern = self.pattern.is_some_and(|pattern| !pattern.admits(text));
        let format = self
            .format
            .is_some_and(|format| !format::admits(format, text));
        [
            (length < self.min, "minLength"),
            (length > self.max, "maxLength"),
            (pattern, "pattern"),
            (format, "format"),
        ]
        .into_iter()
        .filter_map(|(broken, code)| broken.then_some(code))
        .collect()
    }
}

/// Length in code points (P55).
pub(crate) fn length(text: &str) -> u64 {
    u64::try_from(text.chars().count()).unwrap_or(u64::MAX)
}

impl Pattern {
    /// Whether it matches anywhere in the text. One that does not compile matches nothing: a fault of the generator
    /// refuses, it does not admit.
    pub(super) fn admits(&self, text: &str) -> bool {
        self.finds(text).unwrap_or(false)
    }

    /// The same for policies, where refusing is no answer: `None` when it does not compile.
    pub(crate) fn finds(&self, text: &str) -> Option<bool> {
        let regex = self
            .regex
            .get_or_init(|| regex::Regex::new(self.source).ok());
        regex.as_ref().map(|regex| regex.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // requirement: P55
    #[test]
    fn lengths_are_code_points() {
        static RULE: Text = Text::new(2, 3);
        for (text, broken) in [
            ("", &["minLength"][..]),
            ("é", &["minLength"]),
            ("😀", &["minLength"]),
            ("éé", &[]),
            ("😀😀😀", &[]),
            // One letter to the eye, two code points.
            ("e\u{301}", &[]),
            ("😀😀😀😀", &["maxLength"]),
        ] {
            assert_eq!(RULE.broken(text), broken, "{text}");
            assert_eq!(RULE.admits(text), broken.is_empty(), "{text}");
            assert_eq!(
                RULE.keep(text).as_deref(),
                broken.is_empty().then_some(text),
                "{text}"
            );
        }
    }

    // requirement: P56
    #[test]
    fn patterns_are_unanchored_and_dollar_is_the_very_end() {
        static ANY: Pattern = Pattern::new("b");
        static WHOLE: Pattern = Pattern::new("^[a-z]+$");
        static LOOSE: Text = Text::new(0, 9).pattern(&ANY);
        static TIGHT: Text = Text::new(0, 9).pattern(&WHOLE);
        assert!(LOOSE.admits("abc"));
        assert!(!LOOSE.admits("ac"));
        assert!(TIGHT.admits("abc"));
        for text in ["abc\n", "\nabc", "a\nc", ""] {
            assert_eq!(TIGHT.broken(text), ["pattern"], "{text:?}");
        }
    }

    #[test]
    fn a_pattern_that_does_not_compile_admits_nothing() {
        static BROKEN: Pattern = Pattern::new("(?=a)");
        static RULE: Text = Text::new(0, 9).pattern(&BROKEN);
        for text in ["", "a", "(?=a)"] {
            assert!(!RULE.admits(text));
            assert_eq!(RULE.broken(text), ["pattern"]);
        }
    }

    #[test]
    fn all_that_is_broken_is_told() {
        static WHOLE: Pattern = Pattern::new("^[a-z]+$");
        static RULE: Text = Text::new(3, 5)
            .pattern(&WHOLE)
            .format(super::super::Format::Email);
        assert_eq!(RULE.broken("A"), ["minLength", "pattern", "format"]);
        assert_eq!(RULE.broken("ABCDEF"), ["maxLength", "pattern", "format"]);
        assert_eq!(RULE.broken("abcdef"), ["maxLength", "format"]);
        assert_eq!(RULE.broken("a@b.de"), ["maxLength", "pattern"]);
    }
}
