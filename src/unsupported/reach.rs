//! Which operations a part of a document concerns.

use super::sites::Site;
use crate::document::{Map, Node, Value};
use crate::outline::{EXTENSION, Operation, Outline, Path, Target, references, schemes};
use std::collections::{BTreeMap, BTreeSet};

/// Index of a path, and of an operation in it.
pub(super) type Index = (usize, usize);

/// Keys that are inherited member by member; for them, whoever inherits anything is concerned.
const MERGED: [&str; 2] = ["limits", "audit"];

pub(super) struct Reach<'o, 'd> {
    outline: &'o Outline<'d>,
    /// What each component refers to by itself.
    inner: BTreeMap<Target<'d>, BTreeSet<Target<'d>>>,
    /// What each operation reaches, through and through.
    reached: BTreeMap<Index, BTreeSet<Target<'d>>>,
}

impl<'o, 'd> Reach<'o, 'd> {
    pub(super) fn of(outline: &'o Outline<'d>) -> Self {
        let mut reach = Reach {
            outline,
            inner: BTreeMap::new(),
            reached: BTreeMap::new(),
        };
        for (target, node) in outline.components() {
            let mut inner = BTreeSet::new();
            references(node, &mut inner);
            reach.inner.insert(target, inner);
        }
        for (path_index, path) in outline.paths.iter().enumerate() {
            let mut shared = BTreeSet::new();
            for (key, node) in path.item.into_iter().flat_map(|item| &item.entries) {
                if !path.operations.iter().any(|each| each.method == key.text) {
                    references(node, &mut shared);
                }
            }
            for (index, operation) in path.operations.iter().enumerate() {
                let mut open = shared.clone();
                references(operation.node, &mut open);
                open.extend(
                    reach
                        .schemes(operation)
                        .map(|name| ("securitySchemes", name)),
                );
                let reached = reach.closure(open);
                reach.reached.insert((path_index, index), reached);
            }
        }
        reach
    }

    fn closure(&self, mut open: BTreeSet<Target<'d>>) -> BTreeSet<Target<'d>> {
        let mut reached = BTreeSet::new();
        while let Some(target) = open.pop_first() {
            if reached.insert(target) {
                open.extend(self.inner.get(&target).into_iter().flatten());
            }
        }
        reached
    }

    /// The components that `holding` makes unfit: they themselves, and all that refer to them.
    pub(super) fn unfit(
        &self,
        holding: impl Iterator<Item = (String, String)>,
    ) -> BTreeSet<(String, String)> {
        let mut users: BTreeMap<Target, Vec<Target>> = BTreeMap::new();
        for (user, used) in &self.inner {
            for target in used {
                users.entry(*target).or_default().push(*user);
            }
        }
        let mut open: Vec<(String, String)> = holding.collect();
        let mut unfit = BTreeSet::new();
        while let Some(component) = open.pop() {
            let users = users.get(&(component.0.as_str(), component.1.as_str()));
            if unfit.insert(component.clone()) {
                let users = users.into_iter().flatten();
                open.extend(users.map(|(section, name)| (section.to_string(), name.to_string())));
            }
        }
        unfit
    }

    /// What one of the operations that are to be `counted` reaches.
    pub(super) fn reached(&self, counted: impl Fn(Index) -> bool) -> BTreeSet<Target<'d>> {
        let reached = self.reached.iter().filter(|(index, _)| counted(**index));
        reached
            .flat_map(|(_, reached)| reached.iter().copied())
            .collect()
    }

    /// The operations that what stands at `site` concerns.
    pub(super) fn concerned(&self, site: &Site) -> BTreeSet<Index> {
        let all = || self.reached.keys().copied();
        match site {
            Site::Operation(path, index) => BTreeSet::from([(*path, *index)]),
            Site::Template(path) | Site::Path(path) => {
                all().filter(|(each, _)| each == path).collect()
            }
            Site::PathKey(path, key) => self.filter(|index, _, operation| {
                index.0 == *path && !overrides(operation.node.as_map(), key)
            }),
            Site::Component(section, name) => self
                .reached
                .iter()
                .filter(|(_, reached)| reached.contains(&(section.as_str(), name.as_str())))
                .map(|(index, _)| *index)
                .collect(),
            Site::Security => self.filter(|_, _, operation| {
                operation
                    .node
                    .as_map()
                    .and_then(|map| map.get("security"))
                    .is_none()
            }),
            Site::Auth(name) => {
                self.filter(|_, _, operation| self.schemes(operation).any(|each| each == name))
            }
            Site::Default(key) => self.filter(|_, path, operation| {
                !overrides(operation.node.as_map(), key) && !overrides(path.item, key)
            }),
            Site::Resource(name, _) => {
                let param = self.param_of(name);
                self.filter(|_, path, operation| {
                    let parameters = self.outline.parameters(path, operation);
                    let takes = parameters.iter().any(|each| Some(each.name) == param);
                    takes || self.says(path, operation, "owns", name)
                })
            }
            Site::Limit(name) => {
                self.filter(|_, path, operation| self.says(path, operation, "rateLimit", name))
            }
            Site::Declaration(_) | Site::Webhooks | Site::Whole => BTreeSet::new(),
        }
    }

    fn filter(&self, keep: impl Fn(Index, &Path<'d>, &Operation<'d>) -> bool) -> BTreeSet<Index> {
        let mut kept = BTreeSet::new();
        for (path_index, path) in self.outline.paths.iter().enumerate() {
            for (index, operation) in path.operations.iter().enumerate() {
                if keep((path_index, index), path, operation) {
                    kept.insert((path_index, index));
                }
            }
        }
        kept
    }

    fn schemes(&self, operation: &Operation<'d>) -> impl Iterator<Item = &'d str> {
        let security = self.outline.security(operation);
        security
            .into_iter()
            .flat_map(schemes)
            .map(|key| key.text.as_str())
    }

    fn param_of(&self, resource: &str) -> Option<&'d str> {
        let resources = self.outline.extension()?.get("resources")?.as_map()?;
        resources.get(resource)?.as_map()?.get("param")?.as_str()
    }

    /// Whether a key of any level that an operation may inherit from names `name`.
    fn says(&self, path: &Path<'d>, operation: &Operation<'d>, key: &str, name: &str) -> bool {
        let defaults = self.outline.extension().and_then(|map| map.get("defaults"));
        let levels = [
            extension(operation.node.as_map()),
            extension(path.item),
            defaults.and_then(Node::as_map),
        ];
        let values = levels.iter().filter_map(|level| level.as_ref()?.get(key));
        values.into_iter().any(|value| names(value, name))
    }
}

/// Whether `name` stands in `value`: as a text, in a list, or as a key.
fn names(value: &Node, name: &str) -> bool {
    match &value.value {
        Value::String(text) => text == name,
        Value::List(items) => items.iter().any(|item| names(item, name)),
        Value::Map(map) => map.get(name).is_some(),
        _ => false,
    }
}

fn extension(map: Option<&Map>) -> Option<&Map> {
    map?.get(EXTENSION)?.as_map()
}

fn overrides(map: Option<&Map>, key: &str) -> bool {
    !MERGED.contains(&key) && extension(map).is_some_and(|map| map.get(key).is_some())
}
