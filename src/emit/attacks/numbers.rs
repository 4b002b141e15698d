//! Numbers with a fraction: at each bound, a little beyond it, and between two steps; by exact arithmetic, as they are judged.

use super::values::Tries;
use crate::decimal::Decimal;
use crate::plan::{Limit, Real};
use serde_json::{Value, json};

/// So many digits behind the last one of a bound, a number is still told from it.
const FINER: i64 = 9;

/// A number that every library of JSON reads and writes as it is: of few digits, near one.
pub fn plain(number: &Decimal) -> Option<Value> {
    const DIGITS: usize = 15;
    const EXPONENT: i64 = 20;
    if let Some(whole) = number.as_integer() {
        return Some(json!(whole));
    }
    if number.significant() > DIGITS || number.exponent().abs() > EXPONENT {
        return None;
    }
    let written = json!(number.to_string().parse::<f64>().ok()?);
    (Decimal::parse(&written.to_string())? == *number).then_some(written)
}

/// The plainest number that is admitted.
pub fn sample(real: &Real) -> Option<Value> {
    many(real, 1)?.into_iter().next()
}

/// So many different ones.
pub fn many(real: &Real, count: usize) -> Option<Vec<Value>> {
    let ends = [inner(real, End::Low), inner(real, End::High)];
    let starts = [
        Some(Decimal::power(0)),
        Some(zero()),
        real.multiple_of.clone(),
    ];
    let mut starts = starts.into_iter().chain(ends).flatten();
    // From there in steps of the document, or in ever finer ones.
    starts.find_map(|start| {
        let steps = match &real.multiple_of {
            Some(step) => vec![step.clone()],
            None => (-4..=0).rev().map(Decimal::power).collect(),
        };
        let ways = steps.iter().flat_map(|step| [step.clone(), step.negated()]);
        ways.into_iter()
            .find_map(|way| row(real, &start, &way, count))
    })
}

/// An integer that is admitted, with a point and without.
pub fn twice(real: &Real) -> Option<Value> {
    let whole = many(real, 1)?.first()?.as_i64()?;
    let pointed = i32::try_from(whole).map(f64::from).ok()?;
    Some(json!([whole, pointed]))
}

fn row(real: &Real, start: &Decimal, way: &Decimal, count: usize) -> Option<Vec<Value>> {
    let mut found = Vec::with_capacity(count);
    let mut next = start.clone();
    for _ in 0..count {
        if !real.broken(&next).is_empty() {
            return None;
        }
        found.push(plain(&next)?);
        next = next.plus(way);
    }
    Some(found)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

impl End {
    fn limit(self, real: &Real) -> Option<&Limit> {
        match self {
            End::Low => real.min.as_ref(),
            End::High => real.max.as_ref(),
        }
    }

    /// So far out of the range.
    fn out(self, far: &Decimal) -> Decimal {
        match self {
            End::Low => far.negated(),
            End::High => far.clone(),
        }
    }
}

fn zero() -> Decimal {
    Decimal::power(0).plus(&Decimal::power(0).negated())
}

/// A little, beside that number.
fn little(beside: &Decimal) -> Decimal {
    Decimal::power(beside.exponent().saturating_sub(FINER))
}

/// The last number at that end that is admitted, or one close to a bound that is not.
fn inner(real: &Real, end: End) -> Option<Decimal> {
    let limit = end.limit(real)?;
    let Some(step) = &real.multiple_of else {
        return Some(match limit.exclusive {
            true => limit.at.plus(&end.out(&little(&limit.at)).negated()),
            false => limit.at.clone(),
        });
    };
    let left = limit.at.remainder(step)?;
    let below = limit.at.plus(&left.negated());
    Some(match (left.is_zero(), end) {
        (true, _) if !limit.exclusive => below,
        (true, End::Low) | (false, End::Low) => below.plus(step),
        (true, End::High) => below.plus(&step.negated()),
        (false, End::High) => below,
    })
}

impl Tries {
    /// A number, as the rule says of it; written out where a library would change it.
    fn number(&mut self, kind: &'static str, name: &str, number: &Decimal, real: &Real) {
        if !number.is_readable() {
            return;
        }
        let name = format!("{number}, {name}");
        match plain(number) {
            Some(value) => self.bad(kind, name, value, &real.broken(number)),
            None => {
                self.written(kind, &number.to_string(), number, real);
                if let Some(made) = self.made.last_mut() {
                    made.name = name;
                }
            }
        }
    }

    /// The same, written exactly so.
    fn written(&mut self, kind: &'static str, lexeme: &str, number: &Decimal, real: &Real) {
        let codes: Vec<_> = real.broken(number).into_iter().map(Some).collect();
        self.lexeme(kind, lexeme.to_owned(), &codes);
    }
}

/// Bounds and steps.
pub fn tries(real: &Real, tries: &mut Tries) {
    for (end, kind, first, beyond) in [
        (End::Low, "minimum", "the least", "below the least"),
        (End::High, "maximum", "the most", "above the most"),
    ] {
        let Some(limit) = end.limit(real) else {
            continue;
        };
        let inner = inner(real, end).filter(|inner| real.broken(inner).is_empty());
        match &inner {
            Some(inner) => tries.number(kind, first, inner, real),
            None => tries.failed(kind),
        }
        if limit.exclusive {
            tries.number(kind, "the bound itself", &limit.at, real);
        }
        tries.number(
            kind,
            beyond,
            &limit.at.plus(&end.out(&little(&limit.at))),
            real,
        );
        // Where there are steps, one beyond that is on a step: the bound alone refuses it.
        if let (Some(inner), Some(step)) = (inner, &real.multiple_of) {
            let name = format!("a step {beyond}");
            tries.number(kind, &name, &inner.plus(&end.out(step)), real);
        }
    }
    if let Some(step) = &real.multiple_of {
        let tenth = Decimal::power(step.exponent().saturating_sub(1));
        let starts = [Some(zero()), inner(real, End::Low), inner(real, End::High)];
        let starts = starts.into_iter().flatten();
        let off = starts.flat_map(|start| {
            let ways = [tenth.clone(), tenth.negated(), little(&tenth)];
            ways.map(|way| start.plus(&way))
        });
        let off: Vec<Decimal> = off
            .filter(|off| real.broken(off) == ["multipleOf"])
            .collect();
        match (off.first(), off.last()) {
            (Some(first), Some(last)) => {
                tries.number("multipleOf", "between two steps", first, real);
                tries.number("multipleOf", "close to a step", last, real);
            }
            _ => tries.failed("multipleOf"),
        }
    }
}

/// Ways of writing numbers, and what a double would be taken for (P54, ruling 95).
pub fn lexemes(real: &Real, tries: &mut Tries) {
    for lexeme in [
        "20.0",
        "2e1",
        "200E-1",
        "0.50",
        "5e-1",
        "-0.0",
        "0e5",
        // The double of a tenth, which is no tenth.
        "0.1000000000000000055511151231257827",
        "12345678901234567890123.5",
        "1e300",
    ] {
        if let Some(number) = Decimal::parse(lexeme) {
            tries.written("type", lexeme, &number, real);
        }
    }
    for lexeme in ["1e400", "-1e400", "1e-400"] {
        tries.malformed("type", lexeme, lexeme);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::super::values::Sent;
    use super::*;

    fn read(lexeme: &str) -> Decimal {
        Decimal::parse(lexeme).unwrap()
    }

    fn real(min: Option<(&str, bool)>, max: Option<(&str, bool)>, step: Option<&str>) -> Real {
        let limit = |(at, exclusive): (&str, bool)| Limit {
            at: read(at),
            exclusive,
        };
        Real {
            min: min.map(limit),
            max: max.map(limit),
            multiple_of: step.map(read),
        }
    }

    /// Each number that is tried, with what it is said to break.
    fn tried(real: &Real) -> Vec<(String, Vec<&'static str>)> {
        let mut made = Tries::default();
        tries(real, &mut made);
        assert!(made.failed.is_empty(), "{:?}", made.failed);
        let of = |each: super::super::values::Try| {
            let text = match each.value {
                Sent::Json(value) => value.to_string(),
                Sent::Lexeme(lexeme) => lexeme.into_owned(),
            };
            let codes = each.broken.iter().filter_map(|(_, code)| *code);
            (text, codes.collect())
        };
        made.made.into_iter().map(of).collect()
    }

    fn has(real: &Real, text: &str, codes: &[&'static str]) {
        let tried = tried(real);
        let wanted = (text.to_owned(), codes.to_vec());
        assert!(tried.contains(&wanted), "{wanted:?} in {tried:?}");
    }

    #[test]
    fn bounds_are_tried_to_a_billionth_of_their_last_digit() {
        let closed = real(Some(("0.5", false)), Some(("100", false)), None);
        has(&closed, "0.5", &[]);
        has(&closed, "0.4999999999", &["minimum"]);
        has(&closed, "100", &[]);
        has(&closed, "100.0000001", &["maximum"]);
        let open = real(Some(("0", true)), Some(("1", true)), None);
        has(&open, "0", &["exclusiveMinimum"]);
        has(&open, "1e-9", &[]);
        has(&open, "-1e-9", &["exclusiveMinimum"]);
        has(&open, "0.999999999", &[]);
        has(&open, "1", &["exclusiveMaximum"]);
        // What a double would round is written out.
        let long = real(Some(("0.1234567890123456789", false)), None, None);
        has(&long, "0.1234567890123456789", &[]);
        has(&long, "0.1234567890123456788999999999", &["minimum"]);
    }

    #[test]
    fn a_bound_is_tried_on_a_step_too() {
        let steps = real(Some(("0", false)), Some(("1", false)), Some("0.3"));
        has(&steps, "0", &[]);
        has(&steps, "-0.3", &["minimum"]);
        has(&steps, "0.9", &[]);
        has(&steps, "1.2", &["maximum"]);
        has(&steps, "0.01", &["multipleOf"]);
        let open = real(Some(("0", true)), None, Some("0.5"));
        has(&open, "0.5", &[]);
        has(&open, "0", &["exclusiveMinimum"]);
    }

    #[test]
    fn samples_are_admitted_and_differ() {
        for real in [
            real(None, None, None),
            real(Some(("5.5", true)), Some(("5.6", true)), None),
            real(Some(("-0.3", false)), Some(("0", true)), Some("0.1")),
            real(Some(("1e300", false)), None, None),
            real(None, Some(("-7", false)), Some("7")),
        ] {
            let Some(found) = many(&real, 3) else {
                // Of so many digits that a library of JSON would change them.
                assert!(real.broken(&read("1e300")).is_empty());
                continue;
            };
            let numbers: Vec<Decimal> = found.iter().map(|each| read(&each.to_string())).collect();
            for (at, number) in numbers.iter().enumerate() {
                assert!(real.broken(number).is_empty(), "{number}");
                assert!(!numbers.iter().take(at).any(|other| other == number));
            }
        }
    }
}
