//! What an operation tells: the members of its JSON replies. Their bounds bind the service, not who calls.

use super::change::Subject;
use super::fields::{self, Open};
use super::input::escaped;
use super::operations::Pair;
use super::{Both, Verdict};
use crate::plan::{
    Object, Operation, Plan, Reply, ReplyBody, ReplyValue, Shape, TypeId, ValueKind,
};

pub(super) fn compare(both: &Both, pair: &Pair, subject: &mut Subject) {
    for reply in &pair.new.replies {
        let Some(new) = told(reply) else { continue };
        let what = format!("reply {}", reply.status);
        match told_by(pair.old, reply.status) {
            Some(old) => types(both, &what, old, new, subject),
            None => subject.add(
                Some(Verdict::Widened),
                what,
                None,
                Some("a JSON body".to_owned()),
            ),
        }
    }
    for reply in &pair.old.replies {
        if told(reply).is_some() && told_by(pair.new, reply.status).is_none() {
            let what = format!("reply {}", reply.status);
            let old = Some("a JSON body".to_owned());
            subject.add(Some(Verdict::Narrowed), what, old, None);
        }
    }
}

/// The type of the object, or of each row.
fn told(reply: &Reply) -> Option<TypeId> {
    match &reply.body {
        ReplyBody::Json(ReplyValue::One(id) | ReplyValue::Many(id)) => Some(*id),
        ReplyBody::Empty | ReplyBody::Problem => None,
    }
}

fn told_by(operation: &Operation, status: u16) -> Option<TypeId> {
    let reply = operation.replies.iter().find(|each| each.status == status);
    reply.and_then(told)
}

fn types(both: &Both, what: &str, old: TypeId, new: TypeId, subject: &mut Subject) {
    let (old, new) = (object(both.old, old), object(both.new, new));
    let nothing: &[_] = &[];
    let (old, new) = (
        old.map_or(nothing, |object| &object.members),
        new.map_or(nothing, |object| &object.members),
    );
    for member in new {
        let what = format!("{what}/{}", escaped(&member.name));
        let known = old.iter().find(|known| known.name == member.name);
        let was = known.map_or_else(Open::nobody, |known| {
            Open::to_read(&both.old.roles, known.read)
        });
        let is = Open::to_read(&both.new.roles, member.read);
        fields::compare(both, &what, &was, &is, subject);
        if let Some((old, new)) =
            known.and_then(|known| Some((inner(&known.value)?, inner(&member.value)?)))
        {
            types(both, &what, old, new, subject);
        }
    }
    for member in old {
        if !new.iter().any(|other| other.name == member.name) {
            let what = format!("{what}/{}", escaped(&member.name));
            let was = Open::to_read(&both.old.roles, member.read);
            fields::compare(both, &what, &was, &Open::nobody(), subject);
        }
    }
}

fn object(plan: &Plan, id: TypeId) -> Option<&Object> {
    match plan.types.get(id.0).map(|each| &each.shape) {
        Some(Shape::Object(object)) => Some(object),
        _ => None,
    }
}

/// The type inside a value: its own, or that of its items.
fn inner(value: &ValueKind) -> Option<TypeId> {
    match value {
        ValueKind::Named(id) => Some(*id),
        ValueKind::List(list) => inner(&list.items),
        ValueKind::Boolean | ValueKind::Integer(_) | ValueKind::Text(_) | ValueKind::File(_) => {
            None
        }
    }
}
