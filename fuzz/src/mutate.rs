//! One change to a document, as a tree.

use super::texts::{HOSTILE, TAKEN, odd};
use super::tree::{self, Position};
use palisade::document::{Key, Map, Node, Place, Value, from_text};
use std::sync::OnceLock;

/// Random numbers from a seed, the same every time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u32) -> Self {
        Dice(u64::from(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`; 0 when there is none.
    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % (most.max(1) as u64)) as usize
    }

    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        list.get(self.below(list.len()))
    }
}

/// Documents whose parts are put into others.
fn donors() -> &'static [Node] {
    static DONORS: OnceLock<Vec<Node>> = OnceLock::new();
    DONORS.get_or_init(|| {
        let texts = [
            include_str!("../../specs/users.yaml"),
            include_str!("../../specs/clinic.yaml"),
            include_str!("../../tests/golden/keywords/spec.yaml"),
            include_str!("../../tests/golden/limits/spec.yaml"),
            include_str!("../../tests/golden/oauth2/spec.yaml"),
            include_str!("../../tests/golden/ownership/spec.yaml"),
        ];
        let read = texts.iter().map(|text| from_text("donor", text));
        read.filter_map(|document| Some(document.ok()?.root))
            .collect()
    })
}

/// A text that means something to somebody.
fn text(dice: &mut Dice) -> String {
    let one = match dice.below(8) {
        0..=3 => dice.pick(HOSTILE).map(|text| (*text).to_owned()),
        4..=5 => dice.pick(TAKEN).map(|text| (*text).to_owned()),
        6 => dice.pick(&odd()).cloned(),
        // Two that meet.
        _ => {
            let (one, other) = (dice.pick(HOSTILE), dice.pick(HOSTILE));
            one.zip(other).map(|(one, other)| format!("{one}{other}"))
        }
    };
    one.unwrap_or_default()
}

/// A document that generates, with one text changed: of what grows out of other inputs nearly all is refused early, and
/// what is emitted is looked at too.
pub fn fresh(dice: &mut Dice) -> Option<Node> {
    let mut root = dice.pick(donors())?.clone();
    let positions = tree::positions(&root);
    let position = dice.pick(&positions)?.clone();
    match dice.once_in(2) {
        true => tree::replace(&mut root, &position, &text(dice)),
        false => tree::rename(&mut root, &position.text, &text(dice)),
    }
    Some(root)
}

/// Changes something, or nothing when it meets a place where that cannot be done.
pub fn mutate(root: &mut Node, dice: &mut Dice) {
    let positions = tree::positions(root);
    let Some(position) = dice.pick(&positions).cloned() else {
        return;
    };
    match dice.below(16) {
        0..=3 => tree::replace(root, &position, &text(dice)),
        4..=7 => tree::rename(root, &position.text, &text(dice)),
        8 => scalar(root, &position, dice),
        9 => entries(root, &position, |entries, at| drop(entries.remove(at))),
        10 => {
            let name = format!("{}{}", position.text, dice.below(3));
            entries(root, &position, |entries, at| {
                let (_, value) = entries[at].clone();
                entries.insert(at, (key(&name), value));
            });
        }
        11 => {
            let other = dice.next() as usize;
            entries(root, &position, |entries, at| {
                let other = other % entries.len();
                let (one, two) = (entries[at].1.clone(), entries[other].1.clone());
                (entries[at].1, entries[other].1) = (two, one);
            });
        }
        12 => {
            let Some(from) = dice.pick(&positions) else {
                return;
            };
            let copied = tree::at(root, &from.path).cloned();
            // What holds itself would only grow.
            if let (Some(copied), Some(to)) = (copied, tree::at(root, &position.path))
                && !position.path.starts_with(&from.path)
            {
                *to = copied;
            }
        }
        13..=14 => transplant(root, &position, dice),
        _ => {
            let item = Value::String(text(dice));
            if let Some(node) = tree::at(root, &position.path) {
                node.value = match dice.below(4) {
                    0 => Value::List(vec![alone(item)]),
                    1 => map(vec![(key(&text(dice)), alone(item))]).value,
                    2 => Value::Null,
                    _ => item,
                };
            }
        }
    }
}

/// A number near a bound, or the other truth.
fn scalar(root: &mut Node, position: &Position, dice: &mut Dice) {
    const NUMBERS: &[&str] = &[
        "0",
        "1",
        "-1",
        "2",
        "64",
        "255",
        "4096",
        "4294967296",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1.5",
        "1e2",
        "1e400",
        "0.1",
        "-0",
    ];
    let number = dice.pick(NUMBERS).map(|number| (*number).to_owned());
    if let (Some(number), Some(node)) = (number, tree::at(root, &position.path)) {
        match &mut node.value {
            Value::Bool(value) => *value = !*value,
            Value::Map(_) | Value::List(_) => {}
            other => *other = Value::Number(number),
        }
    }
}

/// Does something to the entries among which a key stands.
fn entries(
    root: &mut Node,
    position: &Position,
    change: impl FnOnce(&mut Vec<(Key, Node)>, usize),
) {
    let Some((last, parent)) = position.path.split_last() else {
        return;
    };
    match tree::at(root, parent).map(|node| &mut node.value) {
        Some(Value::Map(map)) if *last < map.entries.len() => change(&mut map.entries, *last),
        Some(Value::List(items)) if items.len() > 1 && *last < items.len() => {
            drop(items.remove(*last))
        }
        _ => {}
    }
}

/// Puts what another document has at a place of this kind here.
fn transplant(root: &mut Node, position: &Position, dice: &mut Dice) {
    let Some(donor) = dice.pick(donors()) else {
        return;
    };
    let places = tree::positions(donor);
    let alike: Vec<&Position> = places
        .iter()
        .filter(|place| place.key == position.key && place.kind == position.kind)
        .collect();
    let mut donor = donor.clone();
    if let Some(from) = dice.pick(&alike)
        && let Some(new) = tree::at(&mut donor, &from.path).cloned()
    {
        match position.key && dice.once_in(2) {
            // Beside what stands here.
            true => entries(root, position, |entries, at| {
                entries.insert(at, (key(&from.text), new))
            }),
            false => {
                if let Some(node) = tree::at(root, &position.path) {
                    *node = new;
                }
            }
        }
    }
}

/// A node that stands nowhere.
fn alone(value: Value) -> Node {
    Node {
        place: Place::default(),
        value,
    }
}

/// A key that stands nowhere.
fn key(text: &str) -> Key {
    Key {
        text: text.to_owned(),
        place: Place::default(),
    }
}

fn map(entries: Vec<(Key, Node)>) -> Node {
    alone(Value::Map(Map { entries }))
}
