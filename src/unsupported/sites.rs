//! Which part of a document a place belongs to.

use crate::document::{Map, Node, Place, Value};
use crate::outline::{EXTENSION, Outline, Path};
use std::collections::{BTreeMap, BTreeSet};

/// A part of a document, as far as it decides who is concerned by what stands there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Site {
    /// Index of a path, and of an operation in it.
    Operation(usize, usize),
    /// What a path is called or refers to: without it there is no path.
    Template(usize),
    /// What all operations of a path share.
    Path(usize),
    /// A key of the `x-security` of a path.
    PathKey(usize, String),
    /// Section and name.
    Component(String, String),
    /// The root `security`.
    Security,
    /// An entry of `auth`.
    Auth(String),
    /// A key of `defaults`.
    Default(String),
    /// A key of a resource.
    Resource(String, String),
    /// An entry of `rateLimits`.
    Limit(String),
    /// A key of the root `x-security` that does nothing until an operation uses it; those that do are concerned themselves.
    Declaration(String),
    /// `webhooks`: what the service sends, not what it answers.
    Webhooks,
    /// Everything else holds for the whole service.
    Whole,
}

/// Keys of the root `x-security` that only operations which name them use.
const DECLARATIONS: [&str; 1] = ["captcha"];

/// Limits that operations have without naming them.
const IMPLICIT: [&str; 3] = ["standard", "auth", "authAccount"];

/// Where each of the `wanted` places is. One place is several sites when an alias copies what stands there.
pub(super) fn find(outline: &Outline, wanted: &BTreeSet<Place>) -> BTreeMap<Place, BTreeSet<Site>> {
    let mut search = Search {
        wanted,
        found: BTreeMap::new(),
    };
    for (key, node) in &outline.root.entries {
        match key.text.as_str() {
            "paths" => {
                for (index, path) in outline.paths.iter().enumerate() {
                    search.path(index, path);
                }
            }
            "components" => search.components(outline, node),
            "security" => search.whole(key.place, node, &Site::Security),
            "webhooks" => search.whole(key.place, node, &Site::Webhooks),
            EXTENSION => search.extension(key.place, node),
            _ => search.whole(key.place, node, &Site::Whole),
        }
    }
    search.found
}

struct Search<'w> {
    wanted: &'w BTreeSet<Place>,
    found: BTreeMap<Place, BTreeSet<Site>>,
}

impl Search<'_> {
    fn place(&mut self, place: Place, site: &Site) {
        if self.wanted.contains(&place) {
            self.found.entry(place).or_default().insert(site.clone());
        }
    }

    fn whole(&mut self, key: Place, node: &Node, site: &Site) {
        self.place(key, site);
        self.node(node, site);
    }

    fn node(&mut self, node: &Node, site: &Site) {
        self.own_place(node, site);
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.node(item, site)),
            Value::Map(map) => {
                for (key, value) in &map.entries {
                    self.whole(key.place, value, site);
                }
            }
            _ => {}
        }
    }

    /// A mapping in block style begins where its first key does; then the place is the key's.
    fn own_place(&mut self, node: &Node, site: &Site) {
        let first = node.as_map().and_then(|map| map.entries.first());
        if first.is_none_or(|(key, _)| key.place != node.place) {
            self.place(node.place, site);
        }
    }

    /// The entries of a mapping, each a site of its own.
    fn entries(&mut self, node: &Node, outer: &Site, site: impl Fn(&str) -> Site) {
        self.own_place(node, outer);
        for (key, value) in entries(node) {
            self.whole(key.place, value, &site(&key.text));
        }
    }

    fn path(&mut self, index: usize, path: &Path) {
        self.place(path.key.place, &Site::Template(index));
        self.own_place(path.written, &Site::Template(index));
        let inline = path.item.filter(|item| {
            path.written
                .as_map()
                .is_some_and(|map| std::ptr::eq(map, *item))
        });
        match inline {
            Some(item) => self.item(index, item, path),
            // What stands beside a reference to an item, or leads nowhere.
            None => self.node(path.written, &Site::Template(index)),
        }
    }

    fn item(&mut self, index: usize, item: &Map, path: &Path) {
        for (key, node) in &item.entries {
            let operation = path
                .operations
                .iter()
                .position(|each| each.method == key.text);
            match (key.text.as_str(), operation) {
                (_, Some(operation)) => {
                    self.whole(key.place, node, &Site::Operation(index, operation));
                }
                (EXTENSION, _) => {
                    self.place(key.place, &Site::Path(index));
                    self.entries(node, &Site::Path(index), |key| {
                        Site::PathKey(index, key.to_owned())
                    });
                }
                _ => self.whole(key.place, node, &Site::Path(index)),
            }
        }
    }

    fn components(&mut self, outline: &Outline, node: &Node) {
        self.own_place(node, &Site::Whole);
        for (section, named) in entries(node) {
            self.place(section.place, &Site::Whole);
            self.own_place(named, &Site::Whole);
            for (name, node) in entries(named) {
                let component = Site::Component(section.text.clone(), name.text.clone());
                let users: Vec<usize> = (0..outline.paths.len())
                    .filter(|index| {
                        section.text == "pathItems"
                            && outline
                                .paths
                                .get(*index)
                                .is_some_and(|path| path.component == Some(name.text.as_str()))
                    })
                    .collect();
                if users.is_empty() {
                    self.whole(name.place, node, &component);
                }
                for index in users {
                    let path = outline.paths.get(index);
                    let item = path.and_then(|path| Some((path, path.item?)));
                    if let Some((path, item)) = item {
                        self.place(name.place, &Site::Path(index));
                        self.own_place(node, &Site::Path(index));
                        self.item(index, item, path);
                    }
                }
            }
        }
    }

    fn extension(&mut self, key: Place, node: &Node) {
        self.place(key, &Site::Whole);
        self.own_place(node, &Site::Whole);
        for (key, node) in entries(node) {
            let name = key.text.as_str();
            if DECLARATIONS.contains(&name) {
                self.whole(key.place, node, &Site::Declaration(name.to_owned()));
                continue;
            }
            self.place(key.place, &Site::Whole);
            match name {
                "auth" => self.entries(node, &Site::Whole, |name| Site::Auth(name.to_owned())),
                "defaults" => {
                    self.entries(node, &Site::Whole, |key| Site::Default(key.to_owned()));
                }
                "rateLimits" => {
                    self.entries(node, &Site::Whole, |name| match IMPLICIT.contains(&name) {
                        true => Site::Whole,
                        false => Site::Limit(name.to_owned()),
                    })
                }
                "resources" => self.resources(node),
                _ => self.node(node, &Site::Whole),
            }
        }
    }

    fn resources(&mut self, node: &Node) {
        self.own_place(node, &Site::Whole);
        for (name, entry) in entries(node) {
            self.place(name.place, &Site::Whole);
            // Only these keys say nothing to the operations of other resources.
            self.entries(entry, &Site::Whole, |key| match key {
                "parent" | "attributes" => Site::Resource(name.text.clone(), key.to_owned()),
                _ => Site::Whole,
            });
        }
    }
}

fn entries(node: &Node) -> impl Iterator<Item = &(crate::document::Key, Node)> {
    node.as_map().into_iter().flat_map(|map| &map.entries)
}
