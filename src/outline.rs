//! What a document has, seen without judging it: its operations, and where its references lead.
//!
//! The reader of [`crate::openapi`] judges and keeps what it can use. What works on the text or the tree of a document
//! that was *not* accepted (yet) needs to find things in it all the same: [`crate::unsupported`] and [`crate::annotate`].

use crate::document::{Key, Map, Node, Value};
use std::collections::{BTreeSet, HashMap};

/// Keys of a path item that are operations, also the one that is never served.
pub const METHODS: [&str; 8] = [
    "get", "head", "post", "put", "patch", "delete", "options", "trace",
];

/// The one extension of palisade.
pub const EXTENSION: &str = "x-security";

/// Longer chains of references are not followed; the reader refuses circles.
const LONGEST_CHAIN: usize = 100;

/// The paths of a document.
#[derive(Debug)]
pub struct Outline<'d> {
    pub root: &'d Map,
    pub paths: Vec<Path<'d>>,
    components: Components<'d>,
}

/// Every component by section and name: mappings are searched entry by entry, and references are many.
type Components<'d> = HashMap<Target<'d>, &'d Node>;

/// An entry of `paths`.
#[derive(Debug)]
pub struct Path<'d> {
    pub key: &'d Key,
    /// What stands in `paths`: the item, or a reference to it.
    pub written: &'d Node,
    /// The item itself, when it is found.
    pub item: Option<&'d Map>,
    /// The name in `components.pathItems`, when the item stands there.
    pub component: Option<&'d str>,
    pub operations: Vec<Operation<'d>>,
}

/// A method of a path.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'d> {
    /// In lower case, as it is written.
    pub method: &'d str,
    pub key: &'d Key,
    pub node: &'d Node,
}

impl<'d> Outline<'d> {
    /// `None` when the document is no mapping.
    pub fn of(root: &'d Node) -> Option<Outline<'d>> {
        let root = root.as_map()?;
        let paths = root.get("paths").and_then(Node::as_map);
        let paths = paths.into_iter().flat_map(|map| &map.entries);
        let paths = paths.filter(|(key, _)| !key.text.starts_with("x-"));
        let components: Components = components(root).collect();
        Some(Outline {
            root,
            paths: paths
                .map(|(key, node)| path(&components, key, node))
                .collect(),
            components,
        })
    }

    /// Every component with its section and name.
    pub fn components(&self) -> impl Iterator<Item = (Target<'d>, &'d Node)> {
        components(self.root)
    }

    /// The component of a section that has this name.
    pub fn component(&self, section: &str, name: &str) -> Option<&'d Node> {
        self.components.get(&(section, name)).copied()
    }

    /// Path and operation of every operation, in document order.
    pub fn operations(&self) -> impl Iterator<Item = (&Path<'d>, &Operation<'d>)> {
        self.paths
            .iter()
            .flat_map(|path| path.operations.iter().map(move |each| (path, each)))
    }

    /// The root `x-security`.
    pub fn extension(&self) -> Option<&'d Map> {
        self.root.get(EXTENSION).and_then(Node::as_map)
    }

    /// `node`, or what it refers to.
    pub fn resolve(&self, node: &'d Node) -> Option<&'d Node> {
        resolve(&self.components, node).map(|(node, _)| node)
    }

    /// The `security` that holds for an operation: its own, else the root's.
    pub fn security(&self, operation: &Operation<'d>) -> Option<&'d Node> {
        let own = operation.node.as_map().and_then(|map| map.get("security"));
        own.or_else(|| self.root.get("security"))
    }

    /// The parameters of an operation, references followed: its own, and those of its path that it does not override.
    pub fn parameters(&self, path: &Path<'d>, operation: &Operation<'d>) -> Vec<Parameter<'d>> {
        let of = |map: Option<&'d Map>| -> Vec<Parameter<'d>> {
            let list = map.and_then(|map| map.get("parameters"));
            let list = list.and_then(Node::as_list).unwrap_or_default();
            list.iter()
                .filter_map(|node| self.resolve(node)?.as_map().and_then(Parameter::of))
                .collect()
        };
        let mut all = of(operation.node.as_map());
        let overridden: BTreeSet<(&str, &str)> =
            all.iter().map(|each| (each.location, each.name)).collect();
        let shared = of(path.item).into_iter();
        all.extend(shared.filter(|each| !overridden.contains(&(each.location, each.name))));
        all
    }
}

/// A parameter as far as it can be told apart.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'d> {
    pub name: &'d str,
    pub location: &'d str,
    pub map: &'d Map,
}

impl<'d> Parameter<'d> {
    fn of(map: &'d Map) -> Option<Self> {
        Some(Parameter {
            name: map.get("name")?.as_str()?,
            location: map.get("in")?.as_str()?,
            map,
        })
    }
}

fn path<'d>(components: &Components<'d>, key: &'d Key, written: &'d Node) -> Path<'d> {
    let found = resolve(components, written);
    let item = found.and_then(|(node, _)| node.as_map());
    let entries = item.into_iter().flat_map(|map| &map.entries);
    let operations = entries.filter_map(|(key, node)| {
        METHODS.contains(&key.text.as_str()).then_some(Operation {
            method: &key.text,
            key,
            node,
        })
    });
    Path {
        key,
        written,
        item,
        component: found.and_then(|(_, target)| target).map(|(_, name)| name),
        operations: operations.collect(),
    }
}

/// Section and name of a component.
pub type Target<'d> = (&'d str, &'d str);

/// `node`, or what it refers to, and the component that this is.
fn resolve<'d>(
    components: &Components<'d>,
    node: &'d Node,
) -> Option<(&'d Node, Option<Target<'d>>)> {
    let (mut node, mut last) = (node, None);
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = reference(node) else {
            return Some((node, last));
        };
        let target = component(reference)?;
        node = components.get(&target)?;
        last = Some(target);
    }
    None
}

/// The text of `$ref`, when `node` has one.
pub fn reference(node: &Node) -> Option<&str> {
    node.as_map()?.get("$ref")?.as_str()
}

/// The component that a reference names or leads into.
pub fn component(reference: &str) -> Option<Target<'_>> {
    let mut parts = reference.strip_prefix("#/components/")?.splitn(3, '/');
    Some((parts.next()?, parts.next()?))
}

/// Every component that `node` refers to anywhere; examples are not told from references.
pub fn references<'d>(node: &'d Node, found: &mut BTreeSet<Target<'d>>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| references(item, found)),
        Value::Map(map) => {
            found.extend(reference(node).and_then(component));
            map.entries
                .iter()
                .for_each(|(_, value)| references(value, found));
        }
        _ => {}
    }
}

/// The names of the security schemes of a `security` list.
pub fn schemes(security: &Node) -> impl Iterator<Item = &Key> {
    let alternatives = security.as_list().unwrap_or_default().iter();
    let maps = alternatives.filter_map(Node::as_map);
    maps.flat_map(|map| map.entries.iter().map(|(key, _)| key))
}

fn components(root: &Map) -> impl Iterator<Item = (Target<'_>, &Node)> {
    let sections = root.get("components").and_then(Node::as_map);
    let sections = sections.into_iter().flat_map(|map| &map.entries);
    sections.flat_map(|(section, named)| {
        let named = named.as_map().into_iter().flat_map(|map| &map.entries);
        named.map(|(name, node)| ((section.text.as_str(), name.text.as_str()), node))
    })
}
