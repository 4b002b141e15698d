//! `x-security` of a member, and the rules of an object.

use super::root::names;
use crate::emit::spec::tree::{Map, Tree, texts};
use crate::plan::{Member, Object, Plan, Read, ValueKind, Write};

/// `x-security` of a member; `required`: it is always there, and not listed.
pub fn marks<'a>(plan: &'a Plan, member: &'a Member, required: bool) -> Map<'a> {
    let mut map = Map::new();
    if member.secret || member.personal {
        map.set(
            "sensitive",
            if member.secret { "secret" } else { "personal" },
        );
    }
    if let Read::Some { roles, owner } = member.read {
        let mut readers = names(plan, roles);
        readers.extend(owner.then_some("owner"));
        map.set("read", texts(readers));
    }
    match member.write {
        Write::Anyone => {}
        // `readOnly` says it, but beside `writeOnly` it would be a contradiction.
        Write::Nobody if member.read == Read::Nobody => {
            map.set("write", "none");
        }
        Write::Nobody => {}
        Write::Create => {
            map.set("write", "create");
        }
        Write::Roles(roles) => {
            map.set("write", texts(names(plan, roles)));
        }
    }
    if required {
        map.set("required", true);
    }
    map.maybe("files", files(&member.value));
    map
}

/// What else holds for the files of a member, or for a body that is one; their size is its `maxLength`.
pub fn files(value: &ValueKind) -> Option<Map<'_>> {
    let file = match value {
        ValueKind::File(file) => file,
        ValueKind::List(list) => return files(&list.items),
        _ => return None,
    };
    let mut map = Map::new();
    if !file.types.is_empty() {
        map.set("mediaTypes", texts(file.types.iter().map(String::as_str)));
    }
    map.maybe("maxCount", file.most)
        .maybe("names", file.names.as_ref().map(|names| &names.source));
    (!map.is_empty()).then_some(map)
}

/// `x-security` of an object: its rules.
pub fn rules(object: &Object) -> Option<Map<'_>> {
    if object.rules.is_empty() {
        return None;
    }
    let rules = object.rules.iter().map(|rule| {
        let mut entry = Map::new();
        entry
            .set("id", &rule.id)
            .set("check", &rule.text)
            .set("message", &rule.message);
        entry.into()
    });
    let mut map = Map::new();
    map.set("rules", Tree::List(rules.collect()));
    Some(map)
}
