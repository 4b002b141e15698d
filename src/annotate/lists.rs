//! Which operations answer with a list of a resource's objects.

use super::ids::{Id, Ids};
use crate::document::{Map, Node};
use crate::outline::{Operation, Outline, component, reference};
use std::collections::BTreeMap;

/// What an operation answers with when all is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer<'d> {
    /// No JSON.
    None,
    One(Option<&'d str>),
    /// An array of objects, with the component that they are.
    Many(Option<&'d str>),
}

/// What tells the lists of a resource.
pub(super) struct Lists<'d> {
    /// The path of all objects of a resource.
    collections: BTreeMap<String, String>,
    /// The component that one object of a resource is answered as.
    items: BTreeMap<&'d str, Option<String>>,
}

impl<'d> Lists<'d> {
    pub(super) fn of(outline: &Outline<'d>, ids: &Ids) -> Self {
        let mut lists = Lists {
            collections: BTreeMap::new(),
            items: BTreeMap::new(),
        };
        for (path, operation) in outline.operations() {
            let Some((collection, last)) = path.key.text.rsplit_once('/') else {
                continue;
            };
            let name = last
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let Some(Id::Of(resource)) = name.and_then(|name| ids.by_name.get(name)) else {
                continue;
            };
            lists
                .collections
                .insert(collection.to_owned(), resource.clone());
            if let ("get", Answer::One(Some(item))) = (operation.method, answer(outline, operation))
            {
                let known = lists.items.entry(item);
                let known = known.or_insert_with(|| Some(resource.clone()));
                // One component for the objects of two resources tells nothing.
                if known.as_ref() != Some(resource) {
                    *known = None;
                }
            }
        }
        lists
    }

    /// The resource whose collection this is.
    pub(super) fn collection(&self, path: &str) -> Option<&str> {
        let path = path.strip_suffix('/').unwrap_or(path);
        self.collections.get(path).map(String::as_str)
    }

    /// The resource whose objects are of this component.
    pub(super) fn item(&self, component: &str) -> Option<&str> {
        self.items.get(component)?.as_deref()
    }
}

/// The first success that is JSON.
pub(super) fn answer<'d>(outline: &Outline<'d>, operation: &Operation<'d>) -> Answer<'d> {
    let responses = operation.node.as_map().and_then(|map| map.get("responses"));
    let entries = responses
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(|map| &map.entries);
    for (status, node) in entries {
        if !status.text.starts_with('2') && status.text != "default" {
            continue;
        }
        let content = outline
            .resolve(node)
            .and_then(Node::as_map)
            .and_then(|map| map.get("content"))
            .and_then(Node::as_map);
        let media = content.into_iter().flat_map(|map| &map.entries);
        for (name, media) in media {
            let json = name.text.starts_with("application/") && name.text.contains("json");
            let schema = media.as_map().and_then(|map| map.get("schema"));
            if let Some(schema) = schema.filter(|_| json || name.text == "*/*") {
                return of_schema(outline, schema);
            }
        }
    }
    Answer::None
}

fn of_schema<'d>(outline: &Outline<'d>, schema: &'d Node) -> Answer<'d> {
    let found = outline.resolve(schema).and_then(Node::as_map);
    match found.and_then(|map| map.get("items")) {
        Some(items) => match is_object(outline, items) {
            true => Answer::Many(name(items)),
            // An array of plain values names no object.
            false => Answer::One(None),
        },
        None => Answer::One(name(schema)),
    }
}

fn is_object(outline: &Outline, node: &Node) -> bool {
    let map: Option<&Map> = reference(node)
        .and_then(component)
        .and_then(|(section, name)| outline.component(section, name)?.as_map())
        .or(node.as_map());
    map.is_some_and(|map| {
        let kind = map.get("type").and_then(Node::as_str);
        kind == Some("object") || map.get("properties").is_some() || map.get("allOf").is_some()
    })
}

fn name(node: &Node) -> Option<&str> {
    match component(reference(node)?)? {
        ("schemas", name) => Some(name),
        _ => None,
    }
}
