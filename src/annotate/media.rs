//! Bodies that are described in several media types of which palisade reads some: which those are.

use crate::document::{Map, Node};
use crate::outline::{Operation, Outline};

const JSON: &str = "application/json";
const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/// What to take of a body, and what is left: only where it is described as something that is read, and as something else.
pub(super) struct Split<'d> {
    pub taken: Vec<&'d str>,
    pub left: Vec<&'d str>,
}

pub(super) fn split<'d>(outline: &Outline<'d>, operation: &Operation<'d>) -> Option<Split<'d>> {
    let body = operation.node.as_map()?.get("requestBody")?;
    let content = resolve(outline, "requestBodies", body)?.get("content")?;
    let entries = &content.as_map()?.entries;
    let json = entries.iter().find(|(key, _)| key.text == JSON);
    let schema = |media: &'d Node| media.as_map()?.get("schema");
    let json = json.and_then(|(_, media)| schema(media))?;
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for (key, media) in entries {
        let name = key.text.as_str();
        let form = FORMS.contains(&name)
            && schema(media).is_some_and(|form| is_same(form, json) && is_plain(outline, form));
        match name == JSON || form {
            true => taken.push(name),
            false => left.push(name),
        }
    }
    (!left.is_empty()).then_some(Split { taken, left })
}

fn resolve<'d>(outline: &Outline<'d>, section: &'static str, node: &'d Node) -> Option<&'d Map> {
    let map = node.as_map()?;
    let Some(reference) = map.get("$ref") else {
        return Some(map);
    };
    let prefix = format!("#/components/{section}/");
    let name = reference.as_str()?.strip_prefix(&prefix)?;
    let target = outline.component(section, name)?.as_map()?;
    // A name for a name is nothing to guess about.
    target.get("$ref").is_none().then_some(target)
}

/// One body has one schema: the same reference.
fn is_same(one: &Node, other: &Node) -> bool {
    let reference = |node: &Node| {
        let map = node.as_map()?;
        let text = map.get("$ref")?.as_str()?.to_owned();
        (map.entries.len() == 1).then_some(text)
    };
    reference(one).is_some_and(|one| reference(other) == Some(one))
}

/// Whether a form can spell every member: plain values and lists of them.
fn is_plain(outline: &Outline, schema: &Node) -> bool {
    let plain = |node: &Node| {
        const PLAIN: [&str; 3] = ["string", "integer", "boolean"];
        let map = node.as_map();
        let kind = map.and_then(|map| map.get("type")).and_then(Node::as_str);
        let null = map.and_then(|map| map.get("nullable"));
        null.is_none() && kind.is_some_and(|kind| PLAIN.contains(&kind))
    };
    let members = resolve(outline, "schemas", schema).and_then(|map| map.get("properties"));
    let Some(members) = members.and_then(Node::as_map) else {
        return false;
    };
    members.entries.iter().all(|(_, member)| {
        let items = member.as_map().and_then(|map| map.get("items"));
        plain(member) || items.is_some_and(plain)
    })
}
