//! Strict reading of mappings: every key is known, is a named gap, or is an error; every value has its kind.

use super::codes;
use super::report::{Report, Way};
use super::vocabulary::{self, Mapping, OPERATION, PROPERTY, ROOT, Word};
use crate::diagnostic::{Diagnostic, suggest};
use crate::document::{Key, Map, Node, Place, Value};

/// A mapping whose keys were checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'n> {
    map: &'n Map,
    of: &'static Mapping,
}

impl<'n> Fields<'n> {
    pub(super) fn get(self, name: &str) -> Option<&'n Node> {
        self.entry(name).map(|(_, node)| node)
    }

    pub(super) fn entry(self, name: &str) -> Option<(&'n Key, &'n Node)> {
        debug_assert!(
            self.of.key(name).is_some(),
            "`{name}` is read and the vocabulary does not describe it in {}",
            self.of.what
        );
        self.map.entry(name)
    }

    pub(super) fn entries(self) -> impl Iterator<Item = (&'n Key, &'n Node)> {
        self.map.entries.iter().map(|(key, node)| (key, node))
    }

    pub(super) fn is_empty(self) -> bool {
        self.map.entries.is_empty()
    }

    /// Whether all that is written here is also enforced.
    pub(super) fn is_enforced(self) -> bool {
        self.entries().all(|(key, _)| {
            let key = self.of.key(&key.text);
            key.is_some_and(vocabulary::Key::is_enforced)
        })
    }
}

/// The mapping in `node`, its keys checked.
pub(super) fn mapping<'n>(
    node: &'n Node,
    of: &'static Mapping,
    report: &mut Report,
) -> Option<Fields<'n>> {
    let map = entries(node, of.what, report)?;
    for (key, _) in &map.entries {
        match of.key(&key.text).map(|key| &key.value) {
            Some(vocabulary::Value::Gap(gap, _)) => report.gap(gap, key.place),
            Some(vocabulary::Value::Elsewhere(why, instead)) => {
                let message = format!("`{}` {why}", key.text);
                report.error(codes::LIMIT_ROOT_ONLY, key.place, message, *instead);
            }
            Some(_) => {}
            None => unknown(key, map, of, report),
        }
    }
    Some(Fields { map, of })
}

fn unknown(key: &Key, map: &Map, of: &'static Mapping, report: &mut Report) {
    let known = of.keys.iter().filter(|key| key.is_enforced());
    let known: Vec<&str> = known.map(|key| key.name).collect();
    let others = of.keys.iter().filter(|key| !key.is_enforced());
    let all = known.iter().copied().chain(others.map(|key| key.name));
    // What is there already was not meant.
    let all = all.filter(|name| map.get(name).is_none());
    let help = match suggest(&key.text, all) {
        Some(near) => {
            report.broken(&member_of(map), near);
            meant(&key.text, near)
        }
        None => match elsewhere(&key.text) {
            Some(level) => level.into(),
            None => format!("known here: {}", known.join(", ")).into(),
        },
    };
    let message = format!("unknown key `{}` in {}", key.text, of.what);
    report.error(codes::UNKNOWN_KEY, key.place, message, help);
}

/// Whether a misspelt key of `map` was said to be meant as `key`.
pub(super) fn was_meant(fields: Fields, key: &str, report: &Report) -> bool {
    report.is_broken(&member_of(fields.map), key)
}

/// Names a mapping for [`Report::broken`]: what was meant by a misspelt key is not missing as well.
fn member_of(map: &Map) -> String {
    let first = map.entries.first().map(|(key, _)| key.place);
    format!("member of {first:?}")
}

/// Where a key belongs that stands at a level which has none of that name; `None` when it could be meant for several.
fn elsewhere(name: &str) -> Option<&'static str> {
    let levels: [(&Mapping, &str); 3] = [
        (
            &OPERATION,
            "it is a key of an operation: write it there, or in `defaults` at the root",
        ),
        (
            &ROOT,
            "it is a key of `x-security` at the root of the document",
        ),
        (&PROPERTY, "it is a key of a property"),
    ];
    let mut having = levels.iter().filter(|(of, _)| of.key(name).is_some());
    match (having.next(), having.next()) {
        (Some((_, level)), None) => Some(level),
        _ => None,
    }
}

/// The mapping in `node`, whatever its keys are (they are names a person chose).
pub(super) fn entries<'n>(node: &'n Node, what: &str, report: &mut Report) -> Option<&'n Map> {
    node.as_map()
        .or_else(|| wrong_kind(node, what, "a mapping", report))
}

pub(super) fn text<'n>(node: &'n Node, what: &str, report: &mut Report) -> Option<&'n str> {
    let text = node
        .as_str()
        .or_else(|| wrong_kind(node, what, "a string", report))?;
    if text.trim().is_empty() {
        let message = format!("{what} is empty");
        report.error(codes::EMPTY, node.place, message, "fill it in");
        return None;
    }
    Some(text)
}

pub(super) fn boolean(node: &Node, what: &str, report: &mut Report) -> Option<bool> {
    node.as_bool()
        .or_else(|| wrong_kind(node, what, "true or false", report))
}

/// A list that is not empty: an empty one never means "anyone" (ruling 50).
pub(super) fn list<'n>(node: &'n Node, what: &str, report: &mut Report) -> Option<&'n [Node]> {
    let items = node
        .as_list()
        .or_else(|| wrong_kind(node, what, "a list", report))?;
    if items.is_empty() {
        let message = format!("{what} is an empty list");
        report.error(codes::EMPTY_LIST, node.place, message, "name at least one");
        return None;
    }
    Some(items)
}

/// One string or a list of strings that is not empty, without repetitions.
pub(super) fn words<'n>(
    node: &'n Node,
    what: &str,
    report: &mut Report,
) -> Option<Vec<(&'n str, Place)>> {
    if node.as_str().is_some() {
        return Some(vec![(text(node, what, report)?, node.place)]);
    }
    if node.as_list().is_none() {
        return wrong_kind(node, what, "a string or a list of strings", report);
    }
    let mut words: Vec<(&str, Place)> = Vec::new();
    let mut whole = true;
    for item in list(node, what, report)? {
        match text(item, what, report) {
            Some(word) => match words.iter().find(|(other, _)| *other == word) {
                Some((_, first)) => {
                    let message = format!("`{word}` stands twice in {what}");
                    report.push(
                        Diagnostic::new(codes::TWICE, item.place, message)
                            .related(*first, "first named here")
                            .help("remove one of the two"),
                    );
                    whole = false;
                }
                None => words.push((word, item.place)),
            },
            None => whole = false,
        }
    }
    whole.then_some(words)
}

/// A whole number within `least..=most`.
pub(super) fn count(
    node: &Node,
    what: &str,
    least: u64,
    most: u64,
    report: &mut Report,
) -> Option<u64> {
    let Value::Number(lexeme) = &node.value else {
        if node.as_str().is_some_and(super::units::is_reference) {
            report.gap(&super::gaps::LIMIT_REFERENCE, node.place);
            return None;
        }
        return wrong_kind(node, what, "a whole number", report);
    };
    match lexeme.parse::<u64>() {
        Ok(number) if (least..=most).contains(&number) => Some(number),
        _ => {
            let message = format!("{what} must be a whole number from {least} to {most}");
            let help = "write a number in that range, without quotes, sign and fraction";
            report.error(codes::RANGE, node.place, message, help);
            None
        }
    }
}

/// One of a few words.
pub(super) fn choice(
    node: &Node,
    what: &str,
    options: &'static [Word],
    report: &mut Report,
) -> Option<&'static str> {
    let text = text(node, what, report)?;
    match word(text, options) {
        Some(Word {
            gap: None, word, ..
        }) => Some(word),
        Some(Word { gap: Some(gap), .. }) => {
            report.gap(gap, node.place);
            None
        }
        None => {
            let message = format!("{what} cannot be `{text}`");
            let help = near(text, enforced(options));
            report.error(codes::WORD, node.place, message, help);
            None
        }
    }
}

pub(super) fn word(text: &str, options: &'static [Word]) -> Option<&'static Word> {
    options.iter().find(|option| option.word == text)
}

/// Words that may be written.
pub(super) fn enforced(options: &[Word]) -> impl Iterator<Item = &str> + Clone {
    options
        .iter()
        .filter(|option| option.is_enforced())
        .map(|option| option.word)
}

/// "Did you mean" for a name that is not declared, or what is.
pub(super) fn near<'c>(word: &str, options: impl IntoIterator<Item = &'c str> + Clone) -> Way {
    match suggest(word, options.clone()) {
        Some(near) => meant(word, near),
        None => {
            let all: Vec<String> = options
                .into_iter()
                .map(|option| format!("`{option}`"))
                .collect();
            if all.is_empty() {
                "declare it; there is none yet".into()
            } else {
                format!("it is one of {}", all.join(", ")).into()
            }
        }
    }
}

pub(super) fn meant(word: &str, near: &str) -> Way {
    Way::Meant {
        word: word.to_owned(),
        near: near.to_owned(),
    }
}

/// A key that must be there.
pub(super) fn required<'n>(
    map: Fields<'n>,
    key: &str,
    what: &str,
    place: Place,
    report: &mut Report,
) -> Option<&'n Node> {
    let node = map.get(key);
    if node.is_none() && !was_meant(map, key, report) {
        let message = format!("{what} has no `{key}`");
        report.error(codes::MISSING_KEY, place, message, format!("add `{key}`"));
    }
    node
}

pub(super) fn wrong_kind<T>(
    node: &Node,
    what: &str,
    wanted: &str,
    report: &mut Report,
) -> Option<T> {
    let message = format!("{what} is {}, not {wanted}", node.kind());
    report.error(
        codes::WRONG_KIND,
        node.place,
        message,
        format!("write {wanted}"),
    );
    None
}
