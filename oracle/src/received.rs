//! What of an answer its caller receives.

use crate::members::Kind;
use crate::world;
use std::collections::BTreeSet;

/// The members that a caller receives of a value: of an object its own, of a map the one name that the probe gives it.
pub(crate) fn seen(kind: &Kind, roles: &BTreeSet<String>, owner: bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut add = |name: &str, kind: &Kind| {
        let inner = seen(kind, roles, owner);
        all.extend(inner.iter().map(|inner| format!("{name}/{inner}")));
        all.insert(name.to_owned());
    };
    match kind {
        Kind::Plain | Kind::Number(_) => {}
        // The probe answers with the first.
        Kind::Union(union) => {
            let first = union.branches.first();
            return first.map_or(BTreeSet::new(), |first| seen(&first.kind, roles, owner));
        }
        Kind::List(items) => return seen(items, roles, owner),
        Kind::Map(map) => add(world::ENTRY, &map.values),
        Kind::Object(object) => {
            if let Some(rest) = &object.rest {
                add(world::ENTRY, rest);
            }
            for member in &object.members {
                let may = member.readers.as_ref().is_none_or(|(readers, owns)| {
                    (*owns && owner) || readers.iter().any(|role| roles.contains(role))
                });
                if may && !member.never_received {
                    add(&member.name, &member.kind);
                }
            }
        }
    }
    all
}
