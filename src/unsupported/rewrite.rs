//! The document without what cannot be enforced: denied operations in place of those it concerned.
//!
//! Only what the denied operations alone have is changed. A part that a remaining operation would need is never taken
//! out silently: what refers to it is an error of the next round, and that stops.

use crate::document::{Key, Map, Node, Place, Value};
use crate::outline::{EXTENSION, Operation, Outline, Path};
use std::collections::{BTreeMap, BTreeSet};

/// Where a path item stands: in `paths`, or in `components.pathItems`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    Path(String),
    Component(String),
}

impl Item {
    pub(super) fn of(path: &Path) -> Item {
        match path.component {
            Some(name) => Item::Component(name.to_owned()),
            None => Item::Path(path.key.text.clone()),
        }
    }
}

/// What becomes of one path item.
#[derive(Debug, Default)]
pub(super) struct ItemEdit {
    /// By method: what stands in its place; `None` takes it out.
    pub methods: BTreeMap<String, Option<Node>>,
    /// Keys of its `x-security` that only denied operations inherit.
    pub keys: BTreeSet<String>,
    /// All its operations are denied: nothing that they shared is needed.
    pub bare: bool,
}

/// What is taken out of a document or replaced in it.
#[derive(Debug, Default)]
pub(super) struct Edits {
    pub paths: BTreeSet<String>,
    pub items: BTreeMap<Item, ItemEdit>,
    /// Section and name.
    pub components: BTreeSet<(String, String)>,
    pub auth: BTreeSet<String>,
    pub defaults: BTreeSet<String>,
    /// Name and key.
    pub resources: BTreeSet<(String, String)>,
    pub limits: BTreeSet<String>,
    /// Keys of the root `x-security`.
    pub declarations: BTreeSet<String>,
    pub webhooks: bool,
}

impl Edits {
    /// Changes the document; whether there was anything to change.
    pub(super) fn apply(&self, root: &mut Node) -> bool {
        let Some(root) = map_mut(Some(root)) else {
            return false;
        };
        let mut changed = self.webhooks && remove(Some(root), "webhooks");
        if let Some(paths) = map_mut(root.get_mut("paths")) {
            for path in &self.paths {
                changed |= remove(Some(paths), path);
            }
        }
        for (item, edit) in &self.items {
            let found = match item {
                Item::Path(path) => root.get_mut("paths").and_then(|node| child(node, path)),
                Item::Component(name) => root
                    .get_mut("components")
                    .and_then(|node| child(node, "pathItems"))
                    .and_then(|node| child(node, name)),
            };
            if let Some(map) = map_mut(found) {
                changed |= edit.apply(map);
            }
        }
        changed |= self.components(root);
        changed | self.extension(root)
    }

    fn components(&self, root: &mut Map) -> bool {
        let mut changed = false;
        for (section, name) in &self.components {
            let named = root
                .get_mut("components")
                .and_then(|node| child(node, section));
            changed |= remove(map_mut(named), name);
            if section == "securitySchemes" {
                // Who inherits the root's `security` uses every scheme it names, and is denied.
                let named = root.get("security").is_some_and(|security| {
                    crate::outline::schemes(security).any(|key| key.text == *name)
                });
                if named {
                    remove(Some(root), "security");
                }
                let auth = extension(root).and_then(|map| map.get_mut("auth"));
                remove(map_mut(auth), name);
            }
        }
        changed
    }

    fn extension(&self, root: &mut Map) -> bool {
        let mut changed = false;
        let Some(map) = extension(root) else {
            return false;
        };
        for key in &self.declarations {
            changed |= remove(Some(map), key);
        }
        for name in &self.auth {
            changed |= remove(map_mut(map.get_mut("auth")), name);
        }
        for key in &self.defaults {
            changed |= remove(map_mut(map.get_mut("defaults")), key);
        }
        for (name, key) in &self.resources {
            let entry = map.get_mut("resources").and_then(|node| child(node, name));
            changed |= remove(map_mut(entry), key);
        }
        for name in &self.limits {
            changed |= remove(map_mut(map.get_mut("rateLimits")), name);
            let defaults = map_mut(map.get_mut("defaults"));
            if let Some(defaults) = defaults
                && defaults
                    .get("rateLimit")
                    .is_some_and(|used| mentions(used, name))
            {
                remove(Some(defaults), "rateLimit");
            }
        }
        changed
    }
}

impl ItemEdit {
    fn apply(&self, item: &mut Map) -> bool {
        let mut changed = false;
        let entries = std::mem::take(&mut item.entries);
        for (key, node) in entries {
            match self.methods.get(&key.text) {
                Some(None) => changed = true,
                Some(Some(denied)) => {
                    changed = true;
                    item.entries.push((key, denied.clone()));
                }
                None if self.bare && !crate::outline::METHODS.contains(&key.text.as_str()) => {
                    changed = true;
                }
                None => item.entries.push((key, node)),
            }
        }
        for key in &self.keys {
            changed |= remove(map_mut(item.get_mut(EXTENSION)), key);
        }
        changed
    }
}

/// What stands in the place of an operation that is denied: what people know it by, and the parameters that make it the
/// same path and the same kind of object.
pub(super) fn denied(outline: &Outline, path: &Path, operation: &Operation) -> Node {
    let place = operation.key.place;
    let mut members = Vec::new();
    for key in ["tags", "summary", "operationId"] {
        let found = operation.node.as_map().and_then(|map| map.get(key));
        members.extend(found.map(|node| (key, node.clone())));
    }
    let mut parameters: Vec<Node> = variables(&path.key.text)
        .map(|name| parameter(name, "path", place))
        .collect();
    let ids: BTreeSet<&str> = resource_params(outline).collect();
    let taken = outline.parameters(path, operation);
    parameters.extend(
        taken
            .iter()
            .filter(|each| each.location == "query" && ids.contains(each.name))
            .map(|each| parameter(each.name, "query", place)),
    );
    if !parameters.is_empty() {
        members.push(("parameters", list(parameters, place)));
    }
    let said = map([("description", text("Denied to everyone.", place))], place);
    members.push(("responses", map([("403", said)], place)));
    // Without an `x-security` at the root there is none anywhere, and whoever asks for nobody is denied.
    members.push(match outline.root.get(EXTENSION) {
        Some(_) => (EXTENSION, map([("access", text("denied", place))], place)),
        None => ("security", list(Vec::new(), place)),
    });
    map(members, place)
}

/// The names between braces.
fn variables(template: &str) -> impl Iterator<Item = &str> {
    let name = |segment: &'_ str| -> bool { segment.starts_with('{') && segment.ends_with('}') };
    let variables = template.split('/').filter(move |segment| name(segment));
    variables.map(|segment| segment.trim_start_matches('{').trim_end_matches('}'))
}

fn resource_params<'d>(outline: &Outline<'d>) -> impl Iterator<Item = &'d str> {
    let resources = outline.extension().and_then(|map| map.get("resources"));
    let resources = resources.and_then(Node::as_map);
    let resources = resources.into_iter().flat_map(|map| &map.entries);
    resources.filter_map(|(_, node)| node.as_map()?.get("param")?.as_str())
}

fn parameter(name: &str, location: &str, place: Place) -> Node {
    let schema = map([("type", text("string", place))], place);
    let mut members = vec![
        ("name", text(name, place)),
        ("in", text(location, place)),
        ("schema", schema),
    ];
    if location == "path" {
        let value = Value::Bool(true);
        members.push(("required", Node { place, value }));
    }
    map(members, place)
}

fn text(text: &str, place: Place) -> Node {
    let value = Value::String(text.to_owned());
    Node { place, value }
}

fn list(items: Vec<Node>, place: Place) -> Node {
    let value = Value::List(items);
    Node { place, value }
}

fn map<'k>(members: impl IntoIterator<Item = (&'k str, Node)>, place: Place) -> Node {
    let entries = members.into_iter().map(|(name, node)| {
        let text = name.to_owned();
        (Key { text, place }, node)
    });
    let value = Value::Map(Map {
        entries: entries.collect(),
    });
    Node { place, value }
}

fn mentions(node: &Node, name: &str) -> bool {
    match &node.value {
        Value::String(text) => text == name,
        Value::List(items) => items.iter().any(|item| mentions(item, name)),
        _ => false,
    }
}

fn extension(root: &mut Map) -> Option<&mut Map> {
    map_mut(root.get_mut(EXTENSION))
}

fn map_mut(node: Option<&mut Node>) -> Option<&mut Map> {
    match node.map(|node| &mut node.value) {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    }
}

fn child<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    map_mut(Some(node))?.get_mut(key)
}

fn remove(map: Option<&mut Map>, key: &str) -> bool {
    let Some(map) = map else {
        return false;
    };
    let before = map.entries.len();
    map.entries.retain(|(each, _)| each.text != key);
    map.entries.len() != before
}
