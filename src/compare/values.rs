//! What values are taken: bounds, patterns, words.

use super::Verdict;
use super::change::Subject;
use crate::decimal::Decimal;
use crate::plan::{File, Limit, List, Names, Real, Text, ValueKind, Whole};

/// Compares two plain values or lists of them; objects are for whoever calls. `what` is where the value stands.
pub(super) fn compare(
    what: &str,
    old: &ValueKind,
    new: &ValueKind,
    subject: &mut Subject,
    named: &mut dyn FnMut(&str, &ValueKind, &ValueKind, &mut Subject),
) {
    match (old, new) {
        (ValueKind::Boolean, ValueKind::Boolean) => {}
        (ValueKind::Integer(old), ValueKind::Integer(new)) => whole(what, old, new, subject),
        (ValueKind::Number(old), ValueKind::Number(new)) => real(what, old, new, subject),
        (ValueKind::Integer(was), ValueKind::Number(is)) => {
            other_type(Verdict::Widened, what, old, new, subject);
            real(what, &numbers(was), is, subject);
        }
        (ValueKind::Number(was), ValueKind::Integer(is)) => {
            other_type(Verdict::Narrowed, what, old, new, subject);
            real(what, was, &numbers(is), subject);
        }
        (ValueKind::Text(old), ValueKind::Text(new)) => text(what, old, new, subject),
        (ValueKind::List(old), ValueKind::List(new)) => list(what, old, new, subject, named),
        (ValueKind::File(old), ValueKind::File(new)) => file(what, old, new, subject),
        (ValueKind::Map(old), ValueKind::Map(new)) => {
            bound(
                &format!("{what} minProperties"),
                (new.min < old.min, new.min > old.min),
                (old.min, new.min),
                subject,
            );
            subject.number(&format!("{what} maxProperties"), old.max, new.max);
            names(what, old.names.as_ref(), new.names.as_ref(), subject);
            subject.switch(
                &format!("{what} null values"),
                old.values_nullable,
                new.values_nullable,
            );
            compare(
                &format!("{what}/*"),
                &old.values,
                &new.values,
                subject,
                named,
            );
        }
        (ValueKind::Json(old), ValueKind::Json(new)) => {
            subject.number(&format!("{what} strings"), old.string, new.string);
            subject.number(&format!("{what} arrays"), old.array, new.array);
            subject.number(&format!("{what} objects"), old.object, new.object);
        }
        (ValueKind::Named(_), ValueKind::Named(_)) => named(what, old, new, subject),
        (old, new) => other_type(Verdict::Widened, what, old, new, subject),
    }
}

fn other_type(
    verdict: Verdict,
    what: &str,
    old: &ValueKind,
    new: &ValueKind,
    subject: &mut Subject,
) {
    let (old, new) = (kind(old).to_owned(), kind(new).to_owned());
    subject.add(Some(verdict), format!("{what} type"), Some(old), Some(new));
}

/// Integers are numbers: those of their bounds, in steps of one.
fn numbers(whole: &Whole) -> Real {
    let of = |value: i64| Decimal::parse(&value.to_string());
    Real {
        min: of(whole.min).map(Limit::closed),
        max: of(whole.max).map(Limit::closed),
        multiple_of: of(whole.multiple_of.unwrap_or(1)),
    }
}

fn real(what: &str, old: &Real, new: &Real, subject: &mut Subject) {
    let stricter = |one: &Option<Limit>,
                    other: &Option<Limit>,
                    than: fn(&Limit, &Limit) -> bool| match (one, other) {
        (Some(one), Some(other)) => than(one, other),
        (one, other) => one.is_some() && other.is_none(),
    };
    let shown = |limit: &Option<Limit>| match limit {
        Some(limit) => format!("{}{}", limit.word("", "exclusive "), limit.at),
        None => "none".to_owned(),
    };
    for (name, was, is, than) in [
        (
            "minimum",
            &old.min,
            &new.min,
            Limit::is_above as fn(&Limit, &Limit) -> bool,
        ),
        ("maximum", &old.max, &new.max, Limit::is_below),
    ] {
        let verdict = (stricter(was, is, than), stricter(is, was, than));
        bound(
            &format!("{what} {name}"),
            verdict,
            (shown(was), shown(is)),
            subject,
        );
    }
    let (was, is) = (&old.multiple_of, &new.multiple_of);
    if was != is {
        let fewer = match (was, is) {
            // Multiples of a multiple are fewer.
            (Some(was), Some(is)) => is.is_multiple_of(was),
            (was, _) => was.is_none(),
        };
        let shown = |step: &Option<Decimal>| step.as_ref().map(Decimal::to_string);
        let verdict = Verdict::of(!fewer, true);
        subject.add(verdict, format!("{what} multipleOf"), shown(was), shown(is));
    }
}

fn whole(what: &str, old: &Whole, new: &Whole, subject: &mut Subject) {
    bound(
        &format!("{what} minimum"),
        (new.min < old.min, new.min > old.min),
        (old.min, new.min),
        subject,
    );
    subject.number(&format!("{what} maximum"), old.max, new.max);
    let step = |whole: &Whole| whole.multiple_of.unwrap_or(1);
    let (was, is) = (step(old), step(new));
    if was != is {
        // Multiples of a multiple are fewer.
        let fewer = is.checked_rem(was) == Some(0);
        let verdict = Verdict::of(!fewer, true);
        let (was, is) = (Some(was.to_string()), Some(is.to_string()));
        subject.add(verdict, format!("{what} multipleOf"), was, is);
    }
}

/// What names an object may have whose names are data.
fn names(what: &str, old: Option<&Names>, new: Option<&Names>, subject: &mut Subject) {
    let what = format!("{what} names");
    match (old, new) {
        (None, None) => {}
        (Some(Names::Words(old)), Some(Names::Words(new))) => subject.names(&what, old, new),
        (Some(Names::Text(old)), Some(Names::Text(new))) => text(&what, old, new, subject),
        (old, new) => {
            let said = |names: Option<&Names>| match names {
                None => None,
                Some(Names::Text(_)) => Some("a text".to_owned()),
                Some(Names::Words(words)) => Some(format!("one of {}", words.join(", "))),
            };
            rule(&what, said(old), said(new), subject);
        }
    }
}

fn text(what: &str, old: &Text, new: &Text, subject: &mut Subject) {
    bound(
        &format!("{what} minLength"),
        (new.min < old.min, new.min > old.min),
        (old.min, new.min),
        subject,
    );
    subject.number(&format!("{what} maxLength"), old.max, new.max);
    let pattern = |text: &Text| text.pattern.as_ref().map(|pattern| pattern.source.clone());
    rule(
        &format!("{what} pattern"),
        pattern(old),
        pattern(new),
        subject,
    );
    let format = |text: &Text| {
        text.format
            .map(|format| format!("{format:?}").to_lowercase())
    };
    rule(&format!("{what} format"), format(old), format(new), subject);
}

fn file(what: &str, old: &File, new: &File, subject: &mut Subject) {
    bound(
        &format!("{what} minLength"),
        (new.min < old.min, new.min > old.min),
        (old.min, new.min),
        subject,
    );
    subject.number(&format!("{what} maxLength"), old.max, new.max);
    let most = |file: &File| file.most.unwrap_or(u64::MAX);
    subject.number(&format!("{what} maxCount"), most(old), most(new));
    let any = ["application/octet-stream".to_owned()];
    let types = |file: &File| match file.types.as_slice() {
        [] => any.to_vec(),
        types => types.to_vec(),
    };
    subject.names(&format!("{what} media type"), &types(old), &types(new));
    let names = |file: &File| file.names.as_ref().map(|names| names.source.clone());
    rule(&format!("{what} names"), names(old), names(new), subject);
}

fn list(
    what: &str,
    old: &List,
    new: &List,
    subject: &mut Subject,
    named: &mut dyn FnMut(&str, &ValueKind, &ValueKind, &mut Subject),
) {
    bound(
        &format!("{what} minItems"),
        (new.min < old.min, new.min > old.min),
        (old.min, new.min),
        subject,
    );
    subject.number(&format!("{what} maxItems"), old.max, new.max);
    subject.switch(&format!("{what} repeated items"), !old.unique, !new.unique);
    subject.switch(
        &format!("{what} null items"),
        old.items_nullable,
        new.items_nullable,
    );
    compare(&format!("{what}/*"), &old.items, &new.items, subject, named);
}

fn bound<T: ToString>(
    what: &str,
    (more, less): (bool, bool),
    (old, new): (T, T),
    subject: &mut Subject,
) {
    let (old, new) = (Some(old.to_string()), Some(new.to_string()));
    subject.add(Verdict::of(more, less), what, old, new);
}

/// A rule that is there or not; of two different ones nobody can say which takes more.
fn rule(what: &str, old: Option<String>, new: Option<String>, subject: &mut Subject) {
    let verdict = match (&old, &new) {
        (old, new) if old == new => None,
        (None, Some(_)) => Some(Verdict::Narrowed),
        _ => Some(Verdict::Widened),
    };
    subject.add(verdict, what, old, new);
}

pub(super) fn kind(value: &ValueKind) -> &'static str {
    match value {
        ValueKind::Boolean => "boolean",
        ValueKind::Integer(_) => "integer",
        ValueKind::Number(_) => "number",
        ValueKind::Text(_) => "string",
        ValueKind::Named(_) => "object or enumeration",
        ValueKind::List(_) => "array",
        ValueKind::File(_) => "file",
        ValueKind::Map(_) => "object of any names",
        ValueKind::Json(_) => "any JSON",
    }
}
