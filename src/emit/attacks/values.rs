//! What can be done to one value: at each of its limits, beyond it, and of another kind altogether.

use super::entries;
use super::files;
use super::free;
use super::numbers;
use super::sample::{LARGEST, Maker, whole_broken, whole_from, whole_last};
use super::witness::{Alphabet, Rule};
use crate::plan::{Format, List, Shape, Text, ValueKind, Whole};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::HashSet;

/// One thing to send in place of a value.
pub struct Try {
    pub kind: &'static str,
    pub name: String,
    pub value: Sent,
    /// What it breaks, each below the value's own pointer; empty: it is admitted.
    pub broken: Vec<(String, Option<&'static str>)>,
    /// Something else may be said too.
    pub more: bool,
    /// It is refused with this instead of 422, and nothing more is said of it.
    pub status: Option<u16>,
}

/// A value as it is sent.
#[derive(Clone)]
pub enum Sent {
    Json(Value),
    /// A number JSON libraries would change: sent as it stands here.
    Lexeme(Cow<'static, str>),
}

/// Tries, and the kinds for which none could be made, with the reason.
#[derive(Default)]
pub struct Tries {
    pub made: Vec<Try>,
    pub failed: Vec<(&'static str, &'static str)>,
}

const NO_WITNESS: &str = "no value was found that meets the rest of the rule";

impl Tries {
    pub fn good(&mut self, kind: &'static str, name: impl Into<String>, value: impl Into<Value>) {
        self.made.push(Try {
            kind,
            name: name.into(),
            value: Sent::Json(value.into()),
            broken: vec![],
            more: false,
            status: None,
        });
    }

    pub fn bad(
        &mut self,
        kind: &'static str,
        name: impl Into<String>,
        value: impl Into<Value>,
        codes: &[&'static str],
    ) {
        let broken = codes.iter().map(|code| (String::new(), Some(*code)));
        self.made.push(Try {
            kind,
            name: name.into(),
            value: Sent::Json(value.into()),
            broken: broken.collect(),
            more: false,
            status: None,
        });
    }

    /// Refused as a part, before it is read.
    pub fn part(&mut self, kind: &'static str, name: impl Into<String>, value: Value, status: u16) {
        self.bad(kind, name, value, &[]);
        if let Some(made) = self.made.last_mut() {
            made.status = Some(status);
        }
    }

    pub fn lexeme(
        &mut self,
        kind: &'static str,
        lexeme: impl Into<Cow<'static, str>>,
        codes: &[Option<&'static str>],
    ) {
        let lexeme = lexeme.into();
        let broken = codes.iter().map(|code| (String::new(), *code)).collect();
        self.made.push(Try {
            kind,
            name: lexeme.to_string(),
            value: Sent::Lexeme(lexeme),
            broken,
            more: false,
            status: None,
        });
    }

    /// As it is written here, which nobody parses.
    pub fn malformed(&mut self, kind: &'static str, name: &str, text: &'static str) {
        self.lexeme(kind, text, &[]);
        if let Some(made) = self.made.last_mut() {
            name.clone_into(&mut made.name);
            made.status = Some(400);
        }
    }

    /// What is wrong with a part of the value.
    pub fn inside(
        &mut self,
        kind: &'static str,
        name: impl Into<String>,
        value: Value,
        (below, code): (&str, &'static str),
    ) {
        self.bad(kind, name, value, &[]);
        if let Some(made) = self.made.last_mut() {
            made.broken = vec![(below.to_owned(), Some(code))];
        }
    }

    pub fn failed(&mut self, kind: &'static str) {
        self.failed.push((kind, NO_WITNESS));
    }
}

/// All tries for a value in a JSON body. `room` is what the body's limit leaves, in bytes.
pub fn tries(maker: &Maker<'_>, kind: &ValueKind, nullable: bool, room: u64) -> Tries {
    let mut tries = Tries::default();
    if let ValueKind::File(file) = kind {
        files::tries(file, room, &mut tries);
        return tries;
    }
    if let ValueKind::Json(rule) = kind {
        free::tries(rule, room, &mut tries);
        return tries;
    }
    wrong_kinds(maker, kind, nullable, &mut tries);
    inside(maker, kind, room, &mut tries);
    tries
}

/// Tries of the right JSON type.
pub fn inside(maker: &Maker<'_>, kind: &ValueKind, room: u64, tries: &mut Tries) {
    match kind {
        ValueKind::File(_) | ValueKind::Json(_) => {}
        ValueKind::Boolean => {}
        ValueKind::Integer(whole) => {
            integer(whole, tries);
            lexemes(whole, tries);
        }
        ValueKind::Number(real) => {
            numbers::tries(real, tries);
            numbers::lexemes(real, tries);
        }
        ValueKind::Text(rule) => text(rule, Alphabet::Any, room, tries),
        ValueKind::Named(id) => {
            if let Some(Shape::Words(known)) = maker.shape(*id) {
                words(known, tries);
            }
        }
        ValueKind::List(rule) => list(maker, rule, room, tries),
        ValueKind::Map(rule) => entries::tries(maker, rule, room, tries),
    }
}

/// Values of every other JSON type.
fn wrong_kinds(maker: &Maker<'_>, kind: &ValueKind, nullable: bool, tries: &mut Tries) {
    let words =
        matches!(kind, ValueKind::Named(id) if matches!(maker.shape(*id), Some(Shape::Words(_))));
    let own = match kind {
        ValueKind::Boolean => "a boolean",
        ValueKind::Integer(_) | ValueKind::Number(_) => "a number",
        ValueKind::Text(_) => "a string",
        ValueKind::List(_) => "an array",
        ValueKind::File(_) => "a file",
        ValueKind::Map(_) => "an object",
        ValueKind::Json(_) => return,
        ValueKind::Named(_) if words => "a string",
        ValueKind::Named(_) => "an object",
    };
    for (name, value) in [
        ("a string", json!("1")),
        ("a number", json!(1)),
        ("a boolean", json!(true)),
        ("an array", json!([])),
        ("an object", json!({})),
    ] {
        if name != own {
            let at = tries.made.len();
            tries.bad("type", format!("{name} for {own}"), value, &["type"]);
            // Of the wrong type and none of the words either: which of the two is said is left open.
            if let Some(made) = tries.made.get_mut(at).filter(|_| words) {
                made.broken = vec![(String::new(), None)];
                made.more = true;
            }
        }
    }
    if nullable {
        tries.good("type", "null where it may be", Value::Null);
    } else {
        let at = tries.made.len();
        tries.bad("type", "null", Value::Null, &["type"]);
        if let Some(made) = tries.made.get_mut(at).filter(|_| words) {
            made.broken = vec![(String::new(), None)];
            made.more = true;
        }
    }
}

/// Bounds and steps; as JSON numbers, which parameters write in the same way.
pub fn integer(whole: &Whole, tries: &mut Tries) {
    if whole.min_declared {
        match whole_from(whole, whole.min) {
            Some(least) => tries.good("minimum", format!("{least}, the least"), least),
            None => tries.failed("minimum"),
        }
        if let Some(below) = whole.min.checked_sub(1) {
            tries.bad(
                "minimum",
                format!("{below}, below the least"),
                below,
                &whole_broken(whole, below.into()),
            );
        }
        // Where there are steps, one below that is on a step: the bound alone refuses it.
        if let Some(below) = step_from(whole, whole_from(whole, whole.min), -1) {
            let name = format!("{below}, a step below the least");
            tries.bad("minimum", name, below, &whole_broken(whole, below.into()));
        }
    }
    if whole.max_declared {
        match whole_last(whole) {
            Some(most) => tries.good("maximum", format!("{most}, the most"), most),
            None => tries.failed("maximum"),
        }
        if let Some(above) = whole.max.checked_add(1) {
            tries.bad(
                "maximum",
                format!("{above}, above the most"),
                above,
                &whole_broken(whole, above.into()),
            );
        }
        if let Some(above) = step_from(whole, whole_last(whole), 1) {
            let name = format!("{above}, a step above the most");
            tries.bad("maximum", name, above, &whole_broken(whole, above.into()));
        }
    }
    if whole.multiple_of.is_some() {
        let off = whole_from(whole, whole.min.max(1)).and_then(|good| {
            [good.checked_add(1), good.checked_sub(1)]
                .into_iter()
                .flatten()
                .find(|value| whole_broken(whole, (*value).into()) == ["multipleOf"])
        });
        match off {
            Some(off) => tries.bad(
                "multipleOf",
                format!("{off}, between two steps"),
                off,
                &["multipleOf"],
            ),
            None => tries.failed("multipleOf"),
        }
    }
}

/// So many steps from `good`, where the document has steps.
fn step_from(whole: &Whole, good: Option<i64>, steps: i64) -> Option<i64> {
    let step = whole
        .multiple_of
        .filter(|step| step.checked_abs() > Some(1))?;
    good?.checked_add(step.checked_mul(steps)?)
}

/// Ways of writing numbers (P54, rulings 37 and 95).
fn lexemes(whole: &Whole, tries: &mut Tries) {
    tries.lexeme("type", "1.5", &[Some("type")]);
    if let Some(made) = tries.made.last_mut() {
        // A fraction may break the bounds as well.
        made.more = true;
    }
    for (lexeme, value) in [
        ("20.0", 20),
        ("2e1", 20),
        ("200E-1", 20),
        ("100.0", 100),
        ("1e2", 100),
        ("1.0", 1),
    ] {
        if whole_broken(whole, value).is_empty() {
            tries.lexeme("type", lexeme, &[]);
        }
    }
    for lexeme in [
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
    ] {
        tries.lexeme("maximum", lexeme, &[None]);
        if let Some(made) = tries.made.last_mut() {
            made.more = true;
        }
    }
}

/// Lengths, pattern, format.
pub fn text(text: &Text, alphabet: Alphabet, room: u64, tries: &mut Tries) {
    let Some(rule) = Rule::new(text) else {
        tries
            .failed
            .push(("pattern", "the pattern does not compile"));
        return;
    };
    // A format of one length only is the format's business; the least length of a moment is, the most is not: a second may
    // be cut as fine as one likes.
    let fixed = matches!(
        text.format,
        Some(Format::Uuid | Format::Date | Format::Ipv4 | Format::Ipv6)
    );
    if !fixed && text.format != Some(Format::DateTime) {
        least(text, &rule, alphabet, tries);
    }
    if !fixed {
        most(text, &rule, alphabet, room, tries);
    }
    if text.pattern.is_some() {
        match rule.against_pattern() {
            Some(value) => tries.bad("pattern", format!("{value:?}"), value, &["pattern"]),
            None => tries.failed("pattern"),
        }
        if let Some(value) = rule.with_line_feed() {
            tries.bad("pattern", "a line feed behind", value, &["pattern"]);
        }
    }
    if text.format.is_some() {
        for (value, broken) in rule.against_format() {
            tries.bad("format", format!("{value:?}"), value, &broken);
        }
        match rule.sample() {
            Some(value) => tries.good("format", "one that is", value),
            None => tries.failed("format"),
        }
    }
}

fn least(text: &Text, rule: &Rule<'_>, alphabet: Alphabet, tries: &mut Tries) {
    // Where the pattern begins later, the length decides nothing.
    if text.min == 0 || rule.by_pattern().0 > text.min {
        return;
    }
    match rule.of_length(text.min, alphabet) {
        Some(value) => tries.good("minLength", format!("{}, the shortest", text.min), value),
        // A pattern or format may need more than the least length: then there is no such value.
        None if text.pattern.is_some() || text.format.is_some() => {}
        None => tries.failed("minLength"),
    }
    match rule
        .of_length(text.min - 1, alphabet)
        .or_else(|| (text.min == 1).then(String::new))
    {
        Some(value) => {
            let broken = rule.broken(&value);
            tries.bad(
                "minLength",
                format!("{}, too short", text.min - 1),
                value,
                &broken,
            );
        }
        None => tries.failed("minLength"),
    }
}

fn most(text: &Text, rule: &Rule<'_>, alphabet: Alphabet, room: u64, tries: &mut Tries) {
    // Where the pattern ends sooner, the length decides nothing.
    if rule.by_pattern().1.is_some_and(|most| most < text.max) {
        return;
    }
    let Some(beyond) = text.max.checked_add(1) else {
        return;
    };
    if beyond > room {
        tries.failed.push((
            "maxLength",
            "the request would be larger than its own limit",
        ));
        return;
    }
    let alphabet = if beyond.saturating_mul(4) > room {
        Alphabet::Ascii
    } else {
        alphabet
    };
    match rule.of_length(text.max, alphabet) {
        Some(value) => tries.good("maxLength", format!("{}, the longest", text.max), value),
        None => tries.failed("maxLength"),
    }
    // Too long for the format too: then both are said.
    let long = rule.of_length(beyond, alphabet).or_else(|| {
        let value = format!(
            "{}{}",
            "a".repeat(usize::try_from(beyond.checked_sub(12)?).ok()?),
            "@example.com"
        );
        (text.format == Some(Format::Email)).then_some(value)
    });
    match long {
        Some(value) => {
            let broken = rule.broken(&value);
            tries.bad("maxLength", format!("{beyond}, too long"), value, &broken);
        }
        None if text.pattern.is_some() => {} // the pattern bounds the length itself
        None => tries.failed("maxLength"),
    }
}

/// Strings that are none of the words.
pub fn words(known: &[String], tries: &mut Tries) {
    for word in known {
        tries.good("enum", format!("{word:?}"), word.as_str());
    }
    let first = known.first().map(String::as_str).unwrap_or_default();
    let mut wrong = vec!["palisade-no-such-word".to_owned(), String::new()];
    wrong.extend([first.to_uppercase(), format!("{first} ")]);
    for value in wrong.into_iter().filter(|value| !known.contains(value)) {
        tries.bad("enum", format!("{value:?}"), value, &["enum"]);
    }
}

fn list(maker: &Maker<'_>, list: &List, room: u64, tries: &mut Tries) {
    let count = |n: u64| usize::try_from(n).ok();
    let items = |n: u64| {
        let items = Value::from(maker.items(&list.items, count(n)?, 0)?);
        // Items that must differ and do not are no sample of anything.
        (items.to_string().len() as u64 <= room && (!list.unique || all_differ(&items)))
            .then_some(items)
    };
    if list.min > 0 {
        match items(list.min) {
            Some(value) => tries.good("minItems", format!("{}, the fewest", list.min), value),
            None => tries.failed("minItems"),
        }
        match items(list.min - 1) {
            Some(value) => tries.bad(
                "minItems",
                format!("{}, too few", list.min - 1),
                value,
                &["minItems"],
            ),
            None => tries.failed("minItems"),
        }
    }
    if let ValueKind::File(file) = &*list.items
        && let Some(most) = file.most.filter(|most| *most < list.max)
    {
        match (items(most), most.checked_add(1).and_then(items)) {
            (Some(at), Some(beyond)) => {
                tries.good("file", format!("{most} files, the most"), at);
                tries.part("file", format!("{} files, too many", most + 1), beyond, 413);
            }
            _ => tries.failed("file"),
        }
        return;
    }
    match (items(list.max), list.max.checked_add(1).and_then(items)) {
        (Some(at), Some(beyond)) => {
            tries.good("maxItems", format!("{}, the most", list.max), at);
            tries.bad(
                "maxItems",
                format!("{}, too many", list.max + 1),
                beyond,
                &["maxItems"],
            );
        }
        _ => tries.failed.push((
            "maxItems",
            "no so many different items within the body's limit were found",
        )),
    }
    if list.unique && list.max >= 2 {
        let same = maker
            .sample(&list.items, 0)
            .zip(count(list.min.max(2)).filter(|count| *count <= LARGEST))
            .map(|(item, count)| vec![item; count]);
        match same {
            Some(value) => tries.bad("uniqueItems", "the same twice", value, &["uniqueItems"]),
            None => tries.failed("uniqueItems"),
        }
        if let ValueKind::Number(real) = &*list.items
            && list.min <= 2
            && let Some(twice) = numbers::twice(real)
        {
            let name = "the same twice, spelled otherwise";
            tries.bad("uniqueItems", name, twice, &["uniqueItems"]);
        }
    }
}

fn all_differ(items: &Value) -> bool {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().all(|item| seen.insert(item.to_string()))
}
