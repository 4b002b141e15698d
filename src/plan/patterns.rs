//! `pattern`: from ECMA-262 to the language of the `regex` crate, which matches in linear time.

use super::Pattern;
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::HashMap;

/// The longest pattern that is looked at, in bytes. Reading one costs hundreds of times its length.
const LONGEST: usize = 16 * 1024;

/// The deepest nesting of groups.
const DEEPEST: usize = 100;

/// What one pattern, and all of a document, may weigh: see [`weight`].
const HEAVIEST: u64 = 500_000;
const ALL: u64 = 1_000_000;

/// Why a pattern is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is no regular expression at all.
    Syntax,
    /// It needs look-around or back-references.
    Gap,
    /// It is too large, or all patterns of the document are.
    Size,
}

/// The patterns of a document, each translated once, however many schemas have it.
#[derive(Debug)]
pub(super) struct Patterns {
    known: HashMap<String, Result<Pattern, Refused>>,
    left: u64,
}

impl Default for Patterns {
    fn default() -> Self {
        Patterns {
            known: HashMap::new(),
            left: ALL,
        }
    }
}

impl Patterns {
    pub(super) fn translate(&mut self, source: &str) -> Result<Pattern, Refused> {
        if let Some(known) = self.known.get(source) {
            return known.clone();
        }
        let made = translate(source, &mut self.left);
        self.known.insert(source.to_owned(), made.clone());
        made
    }
}

impl Patterns {
    /// The translation for an expression, or why there is none.
    pub(super) fn in_words(&mut self, source: &str) -> Result<String, String> {
        match self.translate(source) {
            Ok(pattern) => Ok(pattern.rust),
            Err(Refused::Syntax) => Err(format!("it is no regular expression{}", why_not(source))),
            Err(Refused::Gap) => Err("it cannot be matched in linear time".to_owned()),
            Err(Refused::Size) => Err("it is too large".to_owned()),
        }
    }
}

/// The same language, compiled once to be sure that the service can compile it too.
///
/// Patterns are not anchored, and `$` never matches before a final newline (ruling 96): both are so in ECMA-262 and in
/// the `regex` crate.
fn translate(source: &str, left: &mut u64) -> Result<Pattern, Refused> {
    if source.len() > LONGEST || depth(source) > DEEPEST {
        return Err(Refused::Size);
    }
    if !jsonschema_regex::is_valid_ecma_regex(source) {
        // What is none there may be one here.
        return Err(match regex_syntax::parse(source) {
            Ok(_) => Refused::Gap,
            Err(_) => Refused::Syntax,
        });
    }
    if beyond(source) {
        return Err(Refused::Gap);
    }
    let translated = jsonschema_regex::to_rust_regex(source).map_err(|()| Refused::Gap)?;
    let rust = ascii_boundaries(&translated);
    let parsed = regex_syntax::parse(&rust).map_err(|_| Refused::Gap)?;
    let weight = weight(&parsed);
    if weight > HEAVIEST || weight > *left {
        return Err(Refused::Size);
    }
    *left -= weight;
    if !compiles(&rust) {
        return Err(Refused::Size);
    }
    Ok(Pattern {
        source: source.to_owned(),
        rust,
    })
}

/// What is wrong with a pattern, as far as the other language has the same grammar: `: unclosed group`, or nothing.
pub(super) fn why_not(source: &str) -> String {
    let Err(regex::Error::Syntax(text)) = regex::Regex::new(source) else {
        return String::new();
    };
    let last = text.lines().last().unwrap_or_default();
    match last.strip_prefix("error: ") {
        Some(why) => format!(": {why}"),
        None => String::new(),
    }
}

fn compiles(pattern: &str) -> bool {
    // The default size limit, as in the service.
    regex::Regex::new(pattern).is_ok()
}

/// How many groups stand in one another.
fn depth(source: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = source.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// About as many steps as the compiled pattern has, known without compiling it: repetitions are written out there.
fn weight(pattern: &Hir) -> u64 {
    let sum = |parts: &[Hir]| {
        let parts = parts.iter().map(weight);
        parts.fold(1_u64, u64::saturating_add)
    };
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let least = repetition.min.saturating_add(1);
            let times = repetition.max.unwrap_or(least).max(least);
            weight(&repetition.sub).saturating_mul(times.into())
        }
        HirKind::Capture(group) => weight(&group.sub).saturating_add(1),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
    }
}

/// Look-around, back-references, flags, and escapes that the two languages read differently.
fn beyond(source: &str) -> bool {
    let mut chars = source.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('1'..='9' | 'k') => return true,
                Some('p' | 'P') if !is_property(&source_after(&chars)) => return true,
                // Anchors and escapes of Rust that are plain letters in ECMA-262, and its `\b{start}`.
                Some('A' | 'z' | 'Z' | 'a' | 'U' | '<' | '>') => return true,
                Some('x') if !hexadecimal(&source_after(&chars), 2) => return true,
                Some('u')
                    if chars.peek() != Some(&'{') && !hexadecimal(&source_after(&chars), 4) =>
                {
                    return true;
                }
                Some('b' | 'B') if !in_class && chars.peek() == Some(&'{') => return true,
                _ => {}
            },
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && chars.peek() == Some(&'?') => {
                let rest = source_after(&chars);
                let named =
                    rest.starts_with("?<") && !rest.starts_with("?<=") && !rest.starts_with("?<!");
                if !rest.starts_with("?:") && !named {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Values of the general category, and properties that are true or false, as ECMA-262 spells them. Rust takes any
/// spelling, and scripts without `Script=`; in ECMA-262 those are errors, or plain letters.
const PROPERTIES: &[&str] = &[
    "ASCII",
    "Alpha",
    "Alphabetic",
    "Any",
    "C",
    "Cased",
    "Cased_Letter",
    "Cc",
    "Cf",
    "Cn",
    "Combining_Mark",
    "Co",
    "Control",
    "Currency_Symbol",
    "Decimal_Number",
    "Emoji",
    "Format",
    "Hex_Digit",
    "ID_Continue",
    "ID_Start",
    "Ideographic",
    "L",
    "LC",
    "Letter",
    "Letter_Number",
    "Line_Separator",
    "Ll",
    "Lm",
    "Lo",
    "Lower",
    "Lowercase",
    "Lowercase_Letter",
    "Lt",
    "Lu",
    "M",
    "Mark",
    "Math",
    "Math_Symbol",
    "Mc",
    "Me",
    "Mn",
    "Modifier_Letter",
    "Modifier_Symbol",
    "N",
    "Nd",
    "Nl",
    "No",
    "Number",
    "Nonspacing_Mark",
    "Other",
    "Other_Letter",
    "Other_Number",
    "Other_Punctuation",
    "Other_Symbol",
    "P",
    "Paragraph_Separator",
    "Pc",
    "Pd",
    "Pe",
    "Pf",
    "Pi",
    "Po",
    "Private_Use",
    "Ps",
    "Punctuation",
    "S",
    "Sc",
    "Separator",
    "Sk",
    "Sm",
    "So",
    "Space_Separator",
    "Spacing_Mark",
    "Symbol",
    "Titlecase_Letter",
    "Unassigned",
    "Upper",
    "Uppercase",
    "Uppercase_Letter",
    "White_Space",
    "XID_Continue",
    "XID_Start",
    "Z",
    "Zl",
    "Zp",
    "Zs",
    "cntrl",
    "digit",
    "punct",
];

/// Whether what stands behind `\p` is a property of ECMA-262 in its only spelling there.
fn is_property(rest: &str) -> bool {
    let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let Some((name, _)) = name else {
        return false;
    };
    match name.split_once('=') {
        None => PROPERTIES.contains(&name),
        Some(("gc" | "General_Category", value)) => PROPERTIES.contains(&value),
        Some(("sc" | "Script" | "scx" | "Script_Extensions", value)) => {
            value.split('_').all(|part| {
                let mut letters = part.chars();
                letters
                    .next()
                    .is_some_and(|first| first.is_ascii_uppercase())
                    && letters.all(|letter| letter.is_ascii_lowercase())
            })
        }
        Some(_) => false,
    }
}

fn source_after(chars: &std::iter::Peekable<std::str::Chars>) -> String {
    // Longer than the longest property and its value.
    chars.clone().take(80).collect()
}

/// `\x41` and `\u0041` mean the same in both languages, `\x{41}` does not.
fn hexadecimal(rest: &str, digits: usize) -> bool {
    rest.chars().take_while(char::is_ascii_hexdigit).count() >= digits
}

/// `\b` and `\B` look at ASCII letters in ECMA-262 and at all letters in Rust. There is no `\b` in a class here: the
/// translation refuses it.
fn ascii_boundaries(translated: &str) -> String {
    let mut text = String::with_capacity(translated.len());
    let mut chars = translated.chars();
    while let Some(c) = chars.next() {
        text.push(c);
        if c == '\\'
            && let Some(next) = chars.next()
        {
            if matches!(next, 'b' | 'B') {
                text.pop();
                text.push_str("(?-u:\\");
                text.push(next);
                text.push(')');
            } else {
                text.push(next);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn translate(source: &str) -> Result<Pattern, Refused> {
        Patterns::default().translate(source)
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_compiled() {
        for source in [
            "a{1000000}".to_owned(),
            "(a{1000}){1000}".to_owned(),
            "((a{100}){100}){100}".to_owned(),
            r"^[\p{L}\p{N}]{1,100000}$".to_owned(),
            "a|".repeat(LONGEST),
            format!("{}a{}", "(".repeat(101), ")".repeat(101)),
        ] {
            assert_eq!(translate(&source), Err(Refused::Size), "{:.40}", source);
        }
        assert!(translate("^[a-z]{50000}$").is_ok());
        assert!(translate(&format!("{}a{}", "(".repeat(100), ")".repeat(100))).is_ok());
    }

    #[test]
    fn the_patterns_of_a_document_have_one_bound_and_count_once() {
        let mut patterns = Patterns {
            left: 1000,
            ..Patterns::default()
        };
        let heavy = |number: usize| format!("^a{{{}}}$", 400 + number);
        let made: Vec<bool> = (0..4)
            .map(|number| patterns.translate(&heavy(number)).is_ok())
            .collect();
        assert_eq!(made, [true, true, false, false]);
        assert!(patterns.translate(&heavy(0)).is_ok());
        assert!(patterns.translate("^a$").is_ok());
    }

    fn matches(source: &str, text: &str) -> bool {
        regex::Regex::new(&translate(source).unwrap().rust)
            .unwrap()
            .is_match(text)
    }

    #[test]
    fn languages_agree_where_rust_alone_would_not() {
        assert!(!matches(r"^\d$", "٣"), "digits are ASCII");
        assert!(!matches(r"^\w$", "é"), "word characters are ASCII");
        assert!(
            matches(r"\bb", "éb"),
            "é is no word character, so there is a boundary"
        );
        assert!(
            matches(r"^\s$", "\u{feff}"),
            "a byte order mark is white space"
        );
        assert!(!matches(r"^\s$", "\u{85}"), "next line is not");
        assert!(!matches(r"^.$", "\u{2028}"), "a line separator ends a line");
    }

    #[test]
    fn patterns_are_not_anchored_and_dollar_is_the_very_end() {
        assert!(matches("b", "abc"));
        assert!(matches("^a$", "a"));
        assert!(!matches("^a$", "a\n"));
        assert!(!matches("^a$", "b\na"));
    }

    #[test]
    fn properties_are_those_of_ecma() {
        assert!(matches(r"^\p{L}$", "é"));
        assert!(matches(r"^\p{Letter}$", "é"));
        assert!(matches(r"^\p{gc=Lu}$", "É"));
        assert!(matches(r"^\p{Script=Greek}$", "α"));
        assert!(matches(r"^\P{L}$", "1"));
        // Aliases, in lower case in ECMA-262 too.
        assert!(matches(r"^\p{digit}$", "٣"));
        for source in [
            // Rust would take them for properties.
            r"^\p{Greek}$",
            r"^\p{l}$",
            r"^\p{letter}$",
            r"^\p{Script=greek}$",
            r"^\p{script=Greek}$",
            r"^\pL$",
            r"^[\p{han}]$",
        ] {
            assert!(translate(source).is_err(), "{source}");
        }
    }

    #[test]
    fn what_is_not_linear_is_refused() {
        for source in [
            "(?=a)b",
            "(?!a)b",
            "(?<=a)b",
            "(?<!a)b",
            r"(a)\1",
            r"(?<n>a)\k<n>",
            "(?i)a",
            r"^[\p{L}\p{N}]{1,100000}$",
        ] {
            assert!(translate(source).is_err(), "{source}");
        }
    }

    #[test]
    fn what_is_rust_only_is_refused_or_read_as_ecma() {
        for source in [
            r"\Aab",
            r"a\z",
            r"\x{41}",
            r"\U00000041",
            "(",
            "a**",
            r"\b{start}",
            "(?P<n>a)",
            "(?x) a",
        ] {
            assert!(translate(source).is_err(), "{source}");
        }
        // Operations on classes in Rust, plain characters in ECMA-262.
        for (source, text) in [
            ("^[a&&b]$", "&"),
            ("^[a~~b]$", "~"),
            ("^[[:alpha:]$", ":"),
            ("^[[a]$", "["),
        ] {
            assert!(matches(source, text), "{source} {text}");
            assert!(matches(source, "a"), "{source}");
            assert!(!matches(source, "z"), "{source}");
        }
    }
}
