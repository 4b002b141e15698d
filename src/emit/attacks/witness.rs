//! Strings that satisfy a text rule, and strings that break exactly one part of it.
//!
//! Every string that leaves here was held against the rule: length, pattern (with the `regex` crate, as the service does)
//! and format. Where none is found there is no attack, and the caller says so; nothing is guessed.

use crate::plan::{Format, Text};
use regex::Regex;
use regex_syntax::hir::{Hir, HirKind, Look};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Beyond it a boundary is not tried.
const LONGEST: u64 = 20_000;

/// The largest compiled pattern that values are sought for, in bytes.
const SIZE: usize = 1 << 20;

/// Characters that may be looked at in search of one value: a search that finds nothing tries every place of a long text.
const EFFORT: usize = 2_000_000;

/// Four bytes in UTF-8, two units in UTF-16, one code point: tells code points from everything else (P55).
const WIDE: char = '😀';

/// Which characters may be used where the rule leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    Any,
    /// Header fields, and bodies that would grow beyond their limit.
    Ascii,
}

/// A rule with its compiled pattern.
pub struct Rule<'a> {
    text: &'a Text,
    regex: Option<Rc<Regex>>,
}

/// What is found once per rule, however many operations have it.
#[derive(Default)]
struct Found {
    regexes: HashMap<String, Option<Rc<Regex>>>,
    samples: HashMap<String, Option<String>>,
    distinct: HashMap<(String, usize), Option<Vec<String>>>,
}

thread_local! {
    static FOUND: RefCell<Found> = RefCell::default();
}

/// All of the rule, as text.
fn key(text: &Text) -> String {
    let pattern = text.pattern.as_ref().map(|pattern| &pattern.rust);
    format!("{} {} {:?} {pattern:?}", text.min, text.max, text.format)
}

fn compiled(pattern: &str) -> Option<Rc<Regex>> {
    FOUND.with_borrow_mut(|found| {
        if let Some(known) = found.regexes.get(pattern) {
            return known.clone();
        }
        // Matching takes as many steps a character as the pattern is large: of very large ones no values are sought.
        let small = regex::RegexBuilder::new(pattern).size_limit(SIZE).build();
        let made = small.ok().map(Rc::new);
        found.regexes.insert(pattern.to_owned(), made.clone());
        made
    })
}

/// A value that the rule admits.
pub fn sample(text: &Text) -> Option<String> {
    let key = key(text);
    if let Some(known) = FOUND.with_borrow(|found| found.samples.get(&key).cloned()) {
        return known;
    }
    let made = Rule::new(text).and_then(|rule| rule.sample());
    FOUND.with_borrow_mut(|found| found.samples.insert(key, made.clone()));
    made
}

/// So many different values that the rule admits.
pub fn distinct(text: &Text, count: usize) -> Option<Vec<String>> {
    let key = (key(text), count);
    if let Some(known) = FOUND.with_borrow(|found| found.distinct.get(&key).cloned()) {
        return known;
    }
    let made = Rule::new(text).and_then(|rule| rule.distinct(count));
    FOUND.with_borrow_mut(|found| found.distinct.insert(key, made.clone()));
    made
}

/// The least and the most characters that match; there may be no most.
fn extent(hir: &Hir) -> (u64, Option<u64>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            let count = String::from_utf8_lossy(&literal.0).chars().count() as u64;
            (count, Some(count))
        }
        HirKind::Class(_) => (1, Some(1)),
        HirKind::Repetition(repeated) => {
            let (least, most) = extent(&repeated.sub);
            let times = |count: u64, of: u32| count.saturating_mul(u64::from(of));
            let most = repeated
                .max
                .and_then(|max| most.map(|most| times(most, max)));
            (times(least, repeated.min), most)
        }
        HirKind::Capture(group) => extent(&group.sub),
        HirKind::Concat(parts) => parts.iter().fold((0, Some(0)), |(least, most), part| {
            let (more, end) = extent(part);
            let end = most
                .zip(end)
                .map(|(most, end)| u64::saturating_add(most, end));
            (least.saturating_add(more), end)
        }),
        HirKind::Alternation(ways) => {
            let ways: Vec<_> = ways.iter().map(extent).collect();
            let least = ways.iter().map(|(least, _)| *least).min();
            let most = ways.iter().map(|(_, most)| *most);
            let most = most.collect::<Option<Vec<u64>>>();
            let most = most.and_then(|all| all.into_iter().max());
            (least.unwrap_or(0), most)
        }
    }
}

impl<'a> Rule<'a> {
    /// `None` when the pattern does not compile.
    pub fn new(text: &'a Text) -> Option<Self> {
        let regex = match &text.pattern {
            Some(pattern) => Some(compiled(&pattern.rust)?),
            None => None,
        };
        Some(Rule { text, regex })
    }

    /// The keywords that `value` breaks.
    pub fn broken(&self, value: &str) -> Vec<&'static str> {
        let length = value.chars().count() as u64;
        let mut broken = Vec::new();
        if length < self.text.min {
            broken.push("minLength");
        }
        if length > self.text.max {
            broken.push("maxLength");
        }
        if !self.matches(value) {
            broken.push("pattern");
        }
        if self.text.format.is_some_and(|format| !holds(format, value)) {
            broken.push("format");
        }
        broken
    }

    /// The least and the most characters that the pattern lets a text have, where it speaks of the whole text.
    pub fn by_pattern(&self) -> (u64, Option<u64>) {
        let pattern = self.text.pattern.as_ref();
        let parse = |rust: &str| regex_syntax::Parser::new().parse(rust).ok();
        let Some(hir) = pattern.and_then(|pattern| parse(&pattern.rust)) else {
            return (0, None);
        };
        let whole = hir.properties().look_set_prefix().contains(Look::Start)
            && hir.properties().look_set_suffix().contains(Look::End);
        if whole { extent(&hir) } else { (0, None) }
    }

    fn matches(&self, value: &str) -> bool {
        self.regex
            .as_ref()
            .is_none_or(|regex| regex.is_match(value))
    }

    /// Pattern and format hold, whatever the length.
    fn fits(&self, value: &str) -> bool {
        self.matches(value) && self.text.format.is_none_or(|format| holds(format, value))
    }

    /// A value that is admitted.
    pub fn sample(&self) -> Option<String> {
        let natural = match self.text.format {
            Some(Format::Email) => "someone@example.com".to_owned(),
            Some(Format::Uuid) => uuid(0),
            Some(Format::Date) => "2026-02-03".to_owned(),
            Some(Format::DateTime) => "2026-02-03T04:05:06Z".to_owned(),
            Some(Format::Uri) => "https://example.com/a".to_owned(),
            Some(Format::Ipv4) => "192.0.2.1".to_owned(),
            Some(Format::Ipv6) => "2001:db8::1".to_owned(),
            None => match &self.text.pattern {
                Some(pattern) => {
                    jsonschema_regex::pattern_witness(&pattern.source).unwrap_or_default()
                }
                None => "sample".to_owned(),
            },
        };
        if self.broken(&natural).is_empty() {
            return Some(natural);
        }
        let (low, high) = (
            self.text.min,
            self.text.max.min(self.text.min.saturating_add(64)),
        );
        (low..=high).chain([self.text.max]).find_map(|length| {
            self.of_length(length, Alphabet::Ascii)
                .filter(|value| self.broken(value).is_empty())
        })
    }

    /// A value of exactly this length in code points that breaks neither pattern nor format.
    pub fn of_length(&self, length: u64, alphabet: Alphabet) -> Option<String> {
        if length > LONGEST {
            return None;
        }
        let count = usize::try_from(length).ok()?;
        let plain = |c: char| std::iter::repeat_n(c, count).collect::<String>();
        let made = match (self.text.format, &self.text.pattern) {
            (Some(Format::Email), _) => email(count),
            (Some(Format::Uuid), _) => Some(uuid(0)),
            (Some(Format::Date), _) => Some("2026-02-03".to_owned()),
            (Some(Format::DateTime), _) => date_time(count),
            (Some(Format::Uri), _) => count
                .checked_sub(2)
                .map(|rest| format!("a:{}", "a".repeat(rest))),
            (Some(Format::Ipv4), _) => Some("192.0.2.1".to_owned()),
            (Some(Format::Ipv6), _) => Some("2001:db8::1".to_owned()),
            (None, None) if alphabet == Alphabet::Any => Some(plain(WIDE)),
            (None, None) => Some(plain('a')),
            (None, Some(_))
                if alphabet == Alphabet::Any && count > 0 && self.matches(&plain(WIDE)) =>
            {
                Some(plain(WIDE))
            }
            (None, Some(pattern)) => {
                let seed = jsonschema_regex::pattern_witness(&pattern.source).unwrap_or_default();
                stretch(&seed, count, |value| self.matches(value))
            }
        }?;
        (made.chars().count() == count && self.fits(&made)).then_some(made)
    }

    /// A value of admitted length and format that the pattern refuses.
    pub fn against_pattern(&self) -> Option<String> {
        self.regex.as_ref()?;
        let sample = self.sample()?;
        let characters: Vec<char> = sample.chars().collect();
        let only_pattern = |value: &String| self.broken(value) == ["pattern"];
        for bad in ['!', ' ', '-', '٣', 'é', 'Z', '0', 'a', '\n'] {
            for at in (0..characters.len())
                .rev()
                .take(places(characters.len()) / 9)
            {
                let mut changed = characters.clone();
                if let Some(slot) = changed.get_mut(at) {
                    *slot = bad;
                }
                let changed: String = changed.into_iter().collect();
                if only_pattern(&changed) {
                    return Some(changed);
                }
            }
            let longer = format!("{sample}{bad}");
            if only_pattern(&longer) {
                return Some(longer);
            }
        }
        None
    }

    /// A sample with a line feed behind it, where the pattern refuses that (ruling 96).
    pub fn with_line_feed(&self) -> Option<String> {
        let value = format!("{}\n", self.sample()?);
        (self.broken(&value) == ["pattern"]).then_some(value)
    }

    /// Values that are not of the format, each with all it breaks.
    pub fn against_format(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let candidates: &[&'static str] = match self.text.format {
            None => &[],
            Some(Format::Email) => &[
                "someone",
                "someone@",
                "@example.com",
                "some one@example.com",
                "a@b@example.com",
            ],
            Some(Format::Uuid) => &[
                "not-a-uuid",
                "00000000-0000-4000-8000-00000000000g",
                "00000000-0000-4000-8000-00000000000",
                "{00000000-0000-4000-8000-000000000000}",
            ],
            Some(Format::Date) => &["2026-02-30", "2026-13-01", "03.02.2026", "2026-2-3"],
            Some(Format::DateTime) => &[
                "2026-02-03",
                "2026-02-03T04:05:06",
                "2026-02-30T04:05:06Z",
                "2026-02-03T25:05:06Z",
            ],
            Some(Format::Uri) => &[
                "example",
                "//example.com/",
                "1https://example.com/",
                "https://example.com/%zz",
                "https://example.com/a b",
                "https://[::1/",
            ],
            Some(Format::Ipv4) => &["192.0.2", "192.0.2.256", "192.0.02.1", "1.2.3.4.5", "::1"],
            Some(Format::Ipv6) => &["2001:db8", "2001::db8::1", "[::1]", "fe80::1%1", "1.2.3.4"],
        };
        let all = candidates.iter().map(|value| (*value, self.broken(value)));
        all.filter(|(_, broken)| broken.contains(&"format"))
            .collect()
    }

    /// So many different admitted values.
    pub fn distinct(&self, count: usize) -> Option<Vec<String>> {
        let mut found: Vec<String> = Vec::with_capacity(count);
        let mut known: HashSet<String> = HashSet::new();
        if self.text.format == Some(Format::Uuid) {
            found.extend((0..count).map(uuid));
        }
        let bases = [
            self.sample(),
            self.of_length(self.text.max.min(self.text.min.max(8)), Alphabet::Ascii),
        ];
        for base in bases.into_iter().flatten() {
            let characters: Vec<char> = base.chars().collect();
            for number in 0..count.saturating_mul(8).min(places(characters.len())) {
                if found.len() >= count {
                    break;
                }
                // The number's digits, in letters or in figures, over the end of the base.
                for first in ['a', '0', '1', 'A'] {
                    let mut changed = characters.clone();
                    let mut rest = number as u32;
                    for slot in changed.iter_mut().rev() {
                        *slot = char::from_u32(first as u32 + rest % 9).unwrap_or('a');
                        rest /= 9;
                        if rest == 0 {
                            break;
                        }
                    }
                    let value: String = changed.into_iter().collect();
                    if rest == 0 && self.broken(&value).is_empty() && known.insert(value.clone()) {
                        found.push(value);
                        break;
                    }
                }
            }
        }
        found.retain(|value| self.broken(value).is_empty());
        found.truncate(count);
        (found.len() == count).then_some(found)
    }
}

/// At how many places of a text of this length something may be tried.
fn places(length: usize) -> usize {
    (EFFORT / length.max(1)).max(9)
}

/// Repeats a part of `seed` until it is `length` characters long and still holds.
fn stretch(seed: &str, length: usize, holds: impl Fn(&str) -> bool) -> Option<String> {
    let characters: Vec<char> = seed.chars().collect();
    let missing = length.checked_sub(characters.len())?;
    if missing == 0 {
        return holds(seed).then(|| seed.to_owned());
    }
    let longest = characters.len().min(8);
    for size in 1..=longest {
        if !missing.is_multiple_of(size) {
            continue;
        }
        for part in (0..=characters.len() - size).rev().take(places(length) / 8) {
            let (head, tail) = characters.split_at(part);
            let repeated = tail.get(..size)?.iter().cycle().take(missing);
            let value: String = head.iter().chain(repeated).chain(tail).collect();
            if holds(&value) {
                return Some(value);
            }
        }
    }
    // A seed of nothing, or a pattern that is not anchored.
    let filler = "a".repeat(missing);
    [format!("{seed}{filler}"), format!("{filler}{seed}")]
        .into_iter()
        .find(|value| holds(value))
}

/// Different by `number`, version 4, RFC variant.
pub fn uuid(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// An address of exactly so many characters: at most 64 before the `@`, labels of at most 63 behind it.
fn email(length: usize) -> Option<String> {
    if length < 5 {
        return None;
    }
    let local = length.saturating_sub(4).clamp(1, 64);
    let mut domain = length - local - 1;
    let mut labels = Vec::new();
    while domain > 0 {
        let size = if domain > 63 {
            62.min(domain - 2)
        } else {
            domain
        };
        labels.push("d".repeat(size));
        domain = domain.saturating_sub(size + 1);
    }
    if labels.len() == 1 {
        let only = labels.pop()?;
        labels.push(format!("d.{}", "d".repeat(only.len().checked_sub(2)?)));
    }
    Some(format!("{}@{}", "a".repeat(local), labels.join(".")))
}

/// A time of exactly so many characters, with one to nine digits of a second.
fn date_time(length: usize) -> Option<String> {
    match length {
        20 => Some("2026-02-03T04:05:06Z".to_owned()),
        22.. => Some(format!("2026-02-03T04:05:06.{}Z", "0".repeat(length - 21))),
        _ => None,
    }
}

/// The formats as the standards behind them say (RFC 9562, RFC 3339, RFC 5321), for the values made here.
fn holds(format: Format, value: &str) -> bool {
    let shape = match format {
        Format::Uuid => r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        Format::Date => r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        Format::DateTime => {
            r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
        }
        Format::Uri => r"^[a-z]+:(//[a-z.]+/)?[A-Za-z0-9]*$",
        Format::Ipv4 => r"^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$)){4}$",
        Format::Ipv6 => r"^2001:db8::[0-9a-f]{1,4}$",
        Format::Email => r"^[a-z0-9.]{1,64}@([a-z0-9]{1,63}\.)+[a-z0-9]{1,63}$",
    };
    let day = || {
        value.get(5..10).is_none_or(|day| {
            !matches!(
                day,
                "02-30" | "02-31" | "04-31" | "06-31" | "09-31" | "11-31"
            )
        })
    };
    compiled(shape).is_some_and(|regex| regex.is_match(value))
        && match format {
            Format::Date | Format::DateTime => day(),
            Format::Email => value.len() <= 254,
            Format::Uri | Format::Ipv4 => !value.ends_with('.'),
            Format::Uuid | Format::Ipv6 => true,
        }
}

#[cfg(test)]
#[path = "witness_tests.rs"]
mod tests;
