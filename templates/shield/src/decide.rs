//! Decisions of policies and rules: what their emitted functions call, and what becomes of yes, no and neither.
//!
//! A policy is a function to `Result<bool, Undecided>`, evaluated strictly left to right: whatever it meets that cannot
//! be decided ends it there. Only here is that turned into a refusal; no expression ever sees it.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::exchange::Exchange;
use crate::refusal::{Kind, OfObject, Refusal};
use crate::schema::Pattern;
use crate::shield::Shield;

/// Neither yes nor no: a value is missing or of another kind, a number overflows, a list is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided;

/// A list that nobody bounds is not gone through any further: the steps of an expression are counted from this.
pub const MOST_ITEMS: usize = 1_000;

/// A policy did not say yes.
#[derive(Debug)]
pub struct Denial {
    policy: &'static str,
    undecided: bool,
}

/// What must hold between the members of an object that is sent.
pub struct Rule<T> {
    /// `rule:` and its id (ruling 11).
    pub code: &'static str,
    pub words: &'static str,
    pub holds: fn(&T) -> Result<bool, Undecided>,
}

impl<T> Rule<T> {
    /// Whether all of them say yes.
    pub fn hold(rules: &[Rule<T>], this: &T) -> bool {
        rules.iter().all(|rule| (rule.holds)(this) == Ok(true))
    }

    /// Codes and words of those that do not.
    pub fn broken(rules: &[Rule<T>], this: &T) -> Vec<(&'static str, &'static str)> {
        let broken = rules.iter().filter(|rule| (rule.holds)(this) != Ok(true));
        broken.map(|rule| (rule.code, rule.words)).collect()
    }
}

/// Goes on only when the policy says yes.
///
/// # Errors
///
/// Anything else; what it looks like outside is said by what is made of the [`Denial`].
pub fn decide(policy: &'static str, outcome: Result<bool, Undecided>) -> Result<(), Denial> {
    match outcome {
        Ok(true) => Ok(()),
        Ok(false) => Err(Denial {
            policy,
            undecided: false,
        }),
        Err(Undecided) => Err(Denial {
            policy,
            undecided: true,
        }),
    }
}

/// 403 (P46).
impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        denial.refusal(None, false)
    }
}

impl Denial {
    /// The policy stands for the owner: the answer is that of an object of someone else (P39).
    pub fn foreign(self, resource: &'static str, id: &str, forbidden: bool) -> Refusal {
        self.refusal(Some((resource, id, forbidden)), true)
    }

    /// The policy was asked when the object was there. Only its owner is told by a 403: to anyone else that would say
    /// that there is one, where an id of nothing is answered 404.
    pub fn beside(self, own: bool, resource: &'static str, id: &str, forbidden: bool) -> Refusal {
        self.refusal(Some((resource, id, forbidden || own)), false)
    }

    fn refusal(self, object: Option<(&'static str, &str, bool)>, foreign: bool) -> Refusal {
        Refusal::new(Kind::Policy {
            policy: self.policy,
            undecided: self.undecided,
            foreign,
            object: object.map(|(resource, id, forbidden)| OfObject {
                resource,
                hash: crate::events::hash_object(resource, id),
                forbidden,
            }),
        })
    }
}

/// How many characters a text has (P55).
pub fn length(text: &str) -> i64 {
    count(text.chars().count())
}

/// A number of items as an integer of the expression.
pub fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// A list of the service's own, when it is no longer than what was counted.
///
/// # Errors
///
/// It is longer.
pub fn bounded<T>(list: &[T]) -> Result<&[T], Undecided> {
    match list.len() <= MOST_ITEMS {
        true => Ok(list),
        false => Err(Undecided),
    }
}

/// Whether the pattern matches anywhere.
///
/// # Errors
///
/// It does not compile, which the generator has checked.
pub fn matches(pattern: &'static Pattern, text: &str) -> Result<bool, Undecided> {
    pattern.finds(text).ok_or(Undecided)
}

/// Times are nanoseconds since 1970, from the year 1 to the year 9999.
const FIRST: i128 = -62_135_596_800_000_000_000;
const LAST: i128 = 253_402_300_799_999_999_999;

/// A time that was calculated.
///
/// # Errors
///
/// It is none that a calendar has.
pub fn moment(nanos: Option<i128>) -> Result<i128, Undecided> {
    nanos
        .filter(|nanos| (FIRST..=LAST).contains(nanos))
        .ok_or(Undecided)
}

/// The longest duration there is, about 10 000 years (CEL specification, Values).
const LONGEST: i128 = 315_576_000_000_000_000_000;

/// A duration that was calculated.
///
/// # Errors
///
/// It is longer than any.
pub fn span(nanos: Option<i128>) -> Result<i128, Undecided> {
    nanos
        .filter(|nanos| (-LONGEST..=LONGEST).contains(nanos))
        .ok_or(Undecided)
}

/// A time of the service's own.
///
/// # Errors
///
/// It is none that a calendar has.
pub fn instant(time: SystemTime) -> Result<i128, Undecided> {
    let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).ok();
    moment(match time.duration_since(UNIX_EPOCH) {
        Ok(since) => nanos(since),
        Err(before) => nanos(before.duration()).map(|nanos| -nanos),
    })
}

/// A text as RFC 3339 reads it.
///
/// # Errors
///
/// It is no time.
pub fn timestamp(text: &str) -> Result<i128, Undecided> {
    crate::schema::nanos(text).ok_or(Undecided)
}

impl Shield {
    /// `request.time`.
    pub fn instant(&self) -> i128 {
        i128::try_from(self.inner().clock.unix().as_nanos()).unwrap_or(LAST)
    }
}

impl Exchange {
    /// `request.ip`, as it is counted and logged; `None` when nobody said where the request came from.
    pub fn ip(&self) -> Option<IpAddr> {
        self.address.map(|address| address.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_goes_on() {
        assert!(decide("p", Ok(true)).is_ok());
        assert!(decide("p", Ok(false)).is_err_and(|denial| !denial.undecided));
        assert!(decide("p", Err(Undecided)).is_err_and(|denial| denial.undecided));
    }

    #[test]
    fn times_are_those_of_a_calendar() {
        // date -u -d … +%s
        assert_eq!(timestamp("1970-01-01T00:00:00Z"), Ok(0));
        assert_eq!(
            timestamp("2024-02-29T12:00:00.25+02:00"),
            Ok(1_709_200_800_250_000_000)
        );
        assert_eq!(timestamp("0001-01-01T00:00:00Z"), Ok(FIRST));
        assert_eq!(timestamp("2026-02-29T00:00:00Z"), Err(Undecided));
        assert_eq!(timestamp("0000-12-31T23:59:59Z"), Err(Undecided));
        assert_eq!(timestamp("tomorrow"), Err(Undecided));
        assert_eq!(
            instant(UNIX_EPOCH - Duration::from_secs(1)),
            Ok(-1_000_000_000)
        );
        assert_eq!(moment(Some(LAST + 1)), Err(Undecided));
        assert_eq!(moment(None), Err(Undecided));
        assert_eq!(span(Some(-LONGEST)), Ok(-LONGEST));
        assert_eq!(span(Some(LONGEST + 1)), Err(Undecided));
        assert_eq!(span(None), Err(Undecided));
    }

    #[test]
    fn lists_are_bounded_and_lengths_are_characters() {
        assert!(bounded(&[0; MOST_ITEMS]).is_ok());
        assert_eq!(bounded(&[0; MOST_ITEMS + 1]), Err(Undecided));
        assert_eq!(length("é😀"), 2);
    }

    #[test]
    fn a_pattern_that_does_not_compile_decides_nothing() {
        static GOOD: Pattern = Pattern::new("^a");
        static BAD: Pattern = Pattern::new("(?=a)");
        assert_eq!(matches(&GOOD, "ab"), Ok(true));
        assert_eq!(matches(&GOOD, "b"), Ok(false));
        assert_eq!(matches(&BAD, "b"), Err(Undecided));
    }
}
