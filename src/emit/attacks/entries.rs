//! Objects whose names are data: how many names, and which (`propertyNames`).

use super::sample::{LARGEST, Maker, NAME, Step, pointer};
use super::values::{self, Sent, Tries};
use super::witness::{self, Alphabet};
use crate::plan::{Entries, Names};
use serde_json::{Map, Value};

/// A pointer holds no more characters of one name.
const SHOWN: usize = 100;

impl Maker<'_> {
    /// So many different names that are taken.
    pub fn names(&self, map: &Entries, count: u64) -> Option<Vec<String>> {
        let count = usize::try_from(count)
            .ok()
            .filter(|count| *count <= LARGEST)?;
        match &map.names {
            None => Some((0..count).map(|at| format!("{NAME}{at}")).collect()),
            Some(Names::Text(text)) => witness::distinct(text, count),
            Some(Names::Words(words)) => Some(words.get(..count)?.to_vec()),
        }
    }

    /// An object of so many names.
    pub fn entries(&self, map: &Entries, count: u64, depth: usize) -> Option<Value> {
        let names = self.names(map, count)?;
        if names.is_empty() {
            return Some(Map::new().into());
        }
        let value = self.sample(&map.values, depth.checked_add(1)?)?;
        let entries = names.into_iter().map(|name| (name, value.clone()));
        Some(Value::Object(entries.collect()))
    }
}

/// How many names, and which.
pub(super) fn tries(maker: &Maker<'_>, map: &Entries, room: u64, tries: &mut Tries) {
    let fits = |value: &Value| value.to_string().len() as u64 <= room;
    numbers(maker, map, fits, tries);
    let Some(rule) = &map.names else { return };
    let mut named = Tries::default();
    match rule {
        Names::Text(text) => values::text(text, Alphabet::Any, room, &mut named),
        Names::Words(words) => values::words(words, &mut named),
    }
    for each in named.made {
        let Sent::Json(Value::String(name)) = each.value else {
            continue;
        };
        let made = around(maker, map, &name).filter(fits);
        let Some(made) = made else {
            tries.failed("propertyNames");
            continue;
        };
        let said = format!("{}: {}", each.kind, each.name);
        if each.broken.is_empty() {
            tries.good("propertyNames", said, made);
        } else {
            let shown: String = name.chars().take(SHOWN).collect();
            let below = pointer(&[Step::Member(shown)]);
            tries.inside("propertyNames", said, made, (&below, "propertyNames"));
        }
    }
    for _ in named.failed {
        tries.failed("propertyNames");
    }
}

/// As few names as may be, this one among them.
fn around(maker: &Maker<'_>, map: &Entries, name: &str) -> Option<Value> {
    if map.max == 0 {
        return None;
    }
    let value = maker.sample(&map.values, 1)?;
    // As many as there must be at least: this one may be among them.
    let others = maker.names(map, map.min)?;
    let others = others.into_iter().filter(|other| other != name);
    let others = others.take(usize::try_from(map.min.saturating_sub(1)).ok()?);
    let names = std::iter::once(name.to_owned()).chain(others);
    let entries = names.map(|name| (name, value.clone()));
    Some(Value::Object(entries.collect()))
}

fn numbers(maker: &Maker<'_>, map: &Entries, fits: impl Fn(&Value) -> bool, tries: &mut Tries) {
    let of = |count: u64| maker.entries(map, count, 0).filter(&fits);
    if map.min > 0 {
        match (of(map.min), of(map.min - 1)) {
            (Some(few), Some(fewer)) => {
                let name = format!("{}, the fewest", map.min);
                tries.good("minProperties", name, few);
                let name = format!("{}, too few", map.min - 1);
                tries.bad("minProperties", name, fewer, &["minProperties"]);
            }
            _ => tries.failed("minProperties"),
        }
    }
    // Of words there are no more than so many.
    let all = matches!(&map.names, Some(Names::Words(words)) if words.len() as u64 == map.max);
    match (of(map.max), map.max.checked_add(1).and_then(of)) {
        (Some(many), None) if all => {
            tries.good("maxProperties", "every word".to_owned(), many);
        }
        (Some(many), Some(more)) => {
            tries.good("maxProperties", format!("{}, the most", map.max), many);
            let name = format!("{}, too many", map.max + 1);
            tries.bad("maxProperties", name, more, &["maxProperties"]);
        }
        _ => tries.failed.push((
            "maxProperties",
            "so many names are not within the body's limit",
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::example::{plan, text};
    use super::*;
    use crate::plan::ValueKind;

    #[test]
    fn a_name_is_tried_among_as_many_as_there_must_be() {
        let plan = plan();
        let maker = Maker {
            plan: &plan,
            creating: false,
        };
        let words = Names::Words(["a", "b", "c"].map(str::to_owned).to_vec());
        for (names, min, max) in [
            (words.clone(), 0, 3),
            (words.clone(), 2, 2),
            (words, 3, 3),
            (Names::Text(text(1, 3)), 2, 2),
            (Names::Text(text(1, 3)), 1, 9),
        ] {
            let map = Entries {
                values: Box::new(ValueKind::Boolean),
                values_nullable: false,
                min,
                max,
                names: Some(names),
            };
            let mut made = Tries::default();
            tries(&maker, &map, 10_000, &mut made);
            let tried = made.made.iter().filter(|each| each.kind == "propertyNames");
            for each in tried.clone() {
                let Sent::Json(Value::Object(sent)) = &each.value else {
                    continue;
                };
                assert_eq!(sent.len() as u64, min.max(1), "{} {sent:?}", each.name);
            }
            assert!(tried.clone().any(|each| each.broken.is_empty()));
            assert!(tried.clone().any(|each| !each.broken.is_empty()));
        }
    }
}
