//! Gaps put into documents that have none: what remains must be as it was without them.

use super::*;
use crate::document::{Document, Key, Map, Node, Place, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// xorshift: the same documents on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }
}

fn at(node: &mut Node) -> &mut Map {
    match &mut node.value {
        Value::Map(map) => map,
        _ => panic!("no mapping"),
    }
}

fn put(map: &mut Map, name: &str, json: &str, line: u32) {
    let mut node = from_text("x", &format!("{{\"x\":{json}}}")).unwrap().root;
    let (_, mut node) = at(&mut node).entries.remove(0);
    let place = Place {
        line,
        ..Place::default()
    };
    node.place = place;
    map.entries.retain(|(key, _)| key.text != name);
    let text = name.to_owned();
    map.entries.push((Key { text, place }, node));
}

/// What an operation says, as text, with the text of everything it refers to.
fn reached(root: &Node, path: &str, method: &str) -> String {
    let map = |node: &Node, key: &str| node.as_map().and_then(|map| map.get(key)).cloned();
    let item = map(&map(root, "paths").unwrap(), path).unwrap();
    let shared = map(&item, "parameters").map_or(String::new(), |node| format!("{node:?}"));
    let mut text = format!("{:?}{shared}", map(&item, method).unwrap());
    let schemas = map(&map(root, "components").unwrap(), "schemas").unwrap();
    let responses = map(&map(root, "components").unwrap(), "responses");
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for (section, node) in [("schemas", Some(schemas)), ("responses", responses)] {
        for (key, node) in node.iter().flat_map(|node| &node.as_map().unwrap().entries) {
            all.insert(
                format!("\"#/components/{section}/{}\"", key.text),
                format!("{node:?}"),
            );
        }
    }
    loop {
        let next = all
            .keys()
            .find(|name| text.contains(name.as_str()))
            .cloned();
        match next {
            Some(name) => text.push_str(&all.remove(&name).unwrap()),
            None => return text,
        }
    }
}

#[test]
fn what_remains_is_as_it_was_without_the_gaps() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut denied, mut remained) = (0, 0);
    for spec in ["users.yaml", "clinic.yaml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("specs")
            .join(spec);
        let clean = crate::document::load(&path).unwrap();
        let before = stages(&clean, spec, &mut Diagnostics::default()).unwrap();
        let names: Vec<(String, String)> = before
            .operations
            .iter()
            .map(|each| (each.path.clone(), each.method.to_ascii_lowercase()))
            .collect();
        for round in 0..60 {
            let mut root = clean.root.clone();
            let mut marks: Vec<u32> = Vec::new();
            let mut own: BTreeSet<(String, String)> = BTreeSet::new();
            for index in 0..=dice.below(4) {
                let line = 100_000 + u32::try_from(index).unwrap();
                match dice.below(4) {
                    0 | 1 => {
                        let (path, method) = names[dice.below(names.len())].clone();
                        let paths = at(&mut root).get_mut("paths").unwrap();
                        let item = at(paths).get_mut(&path).unwrap();
                        let operation = at(item).get_mut(&method).unwrap();
                        put(at(operation), "callbacks", "{\"c\":{}}", line);
                        own.insert((path, method));
                    }
                    2 => {
                        let components = at(&mut root).get_mut("components").unwrap();
                        let schemas = at(components).get_mut("schemas").unwrap();
                        let schemas = at(schemas);
                        let index = dice.below(schemas.entries.len());
                        let name = schemas.entries[index].0.text.clone();
                        put(at(schemas.get_mut(&name).unwrap()), "not", "{}", line);
                        marks.push(line);
                    }
                    _ => {
                        let path = names[dice.below(names.len())].0.clone();
                        let paths = at(&mut root).get_mut("paths").unwrap();
                        let item = at(at(paths).get_mut(&path).unwrap());
                        put(item, "servers", "[{\"url\":\"https://b.example\"}]", line);
                        own.extend(names.iter().filter(|(each, _)| *each == path).cloned());
                    }
                }
            }
            // By the text of the tree, which the code under test never looks at.
            let expected: BTreeSet<(String, String)> = names
                .iter()
                .filter(|name| {
                    let text = reached(&root, &name.0, &name.1);
                    own.contains(name)
                        || marks
                            .iter()
                            .any(|line| text.contains(&format!("line: {line},")))
                })
                .cloned()
                .collect();
            let document = Document {
                root,
                sources: Sources::default(),
            };
            let narrowed = match plan(&document, spec) {
                Ok(narrowed) => narrowed,
                Err(diagnostics) => panic!("{spec} {round}: {}", super::said(&diagnostics)),
            };
            let found: BTreeSet<(String, String)> = narrowed
                .operations
                .iter()
                .map(|each| (each.path.clone(), each.method.to_ascii_lowercase()))
                .collect();
            assert_eq!(found, expected, "{spec} {round}");
            for after in &narrowed.plan.operations {
                let name = (after.path.clone(), after.method.to_ascii_lowercase());
                let old = before
                    .operations
                    .iter()
                    .find(|each| each.path == after.path && each.method == after.method)
                    .unwrap();
                if found.contains(&name) {
                    denied += 1;
                    assert!(
                        matches!(after.access, Access::Denied { .. }),
                        "{spec} {round} {name:?}"
                    );
                } else {
                    remained += 1;
                    let (old, new) = (enforced(&before, old), enforced(&narrowed.plan, after));
                    assert_eq!(old, new, "{spec} {round} {name:?}");
                }
            }
            assert_eq!(narrowed.plan.operations.len(), before.operations.len());
        }
    }
    assert!(
        denied > 200 && remained > 200,
        "{denied} denied, {remained} remained"
    );
}
