//! What an operation tells: the members of its JSON replies. Their bounds bind the service, not who calls.

use super::change::Subject;
use super::fields::{self, Open};
use super::input::escaped;
use super::operations::Pair;
use super::{Both, Verdict, values};
use crate::plan::{Object, Operation, Plan, Reply, ReplyBody, ReplyValue, Shape, TypeId, Union};

pub(super) fn compare(both: &Both, pair: &Pair, subject: &mut Subject) {
    for reply in &pair.new.replies {
        let Some(new) = told(reply) else { continue };
        let what = format!("reply {}", reply.status);
        match told_by(pair.old, reply.status) {
            Some(old) => values_of(both, &what, old, new, subject),
            None => subject.add(
                Some(Verdict::Widened),
                what,
                None,
                Some("a JSON body".to_owned()),
            ),
        }
    }
    texts(pair, subject);
    for reply in &pair.old.replies {
        if told(reply).is_some() && told_by(pair.new, reply.status).is_none() {
            let what = format!("reply {}", reply.status);
            let old = Some("a JSON body".to_owned());
            subject.add(Some(Verdict::Narrowed), what, old, None);
        }
    }
}

/// What is told as plain text: a value without members.
fn texts(pair: &Pair, subject: &mut Subject) {
    let text = |operation: &Operation, status: u16| {
        let mut replies = operation.replies.iter();
        let same = replies.find(|reply| reply.status == status);
        same.is_some_and(|reply| matches!(reply.body, ReplyBody::Text(_)))
    };
    let told = || Some("a body of plain text".to_owned());
    for Reply { status, .. } in &pair.new.replies {
        if text(pair.new, *status) && !text(pair.old, *status) {
            let what = format!("reply {status}");
            subject.add(Some(Verdict::Widened), what, None, told());
        }
    }
    for Reply { status, .. } in &pair.old.replies {
        if text(pair.old, *status) && !text(pair.new, *status) {
            let what = format!("reply {status}");
            subject.add(Some(Verdict::Narrowed), what, told(), None);
        }
    }
}

fn values_of(both: &Both, what: &str, old: &ReplyValue, new: &ReplyValue, subject: &mut Subject) {
    let (was, is) = (kind(old), kind(new));
    if was != is {
        // What another kind of value tells cannot be compared.
        let what = format!("{what} type");
        let (was, is) = (Some(was.to_owned()), Some(is.to_owned()));
        subject.add(Some(Verdict::Widened), what, was, is);
    }
    if let Some(new) = new.inner() {
        types(both, what, old.inner(), new, subject);
    }
}

fn kind(value: &ReplyValue) -> &'static str {
    match value {
        ReplyValue::One(_) => "object",
        ReplyValue::Many(_) => "array of objects",
        ReplyValue::Plain(value) => values::kind(value),
    }
}

/// What is answered as JSON.
fn told(reply: &Reply) -> Option<&ReplyValue> {
    match &reply.body {
        ReplyBody::Json(value) => Some(value),
        ReplyBody::Empty | ReplyBody::Problem | ReplyBody::Text(_) => None,
    }
}

fn told_by(operation: &Operation, status: u16) -> Option<&ReplyValue> {
    let reply = operation.replies.iter().find(|each| each.status == status);
    reply.and_then(told)
}

fn types(both: &Both, what: &str, old: Option<TypeId>, new: TypeId, subject: &mut Subject) {
    let was = old.and_then(|old| union(both.old, old));
    if let Some(is) = union(both.new, new) {
        return unions(both, what, was, is, subject);
    }
    let (old, new) = (
        old.and_then(|old| object(both.old, old)),
        object(both.new, new),
    );
    let open = |object: Option<&Object>| object.is_some_and(|object| object.rest.is_some());
    subject.switch(&format!("{what} members of any name"), open(old), open(new));
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
            known.and_then(|known| Some((known.value.inner()?, member.value.inner()?)))
        {
            types(both, &what, Some(old), new, subject);
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

/// Alternatives are those of one name; one that was not answered before tells more.
fn unions(both: &Both, what: &str, old: Option<&Union>, new: &Union, subject: &mut Subject) {
    let names = |union: Option<&Union>| -> Vec<String> {
        let cases = union.into_iter().flat_map(|union| &union.cases);
        cases.map(|case| case.name.clone()).collect()
    };
    let (was, is) = (names(old), names(Some(new)));
    subject.names(&format!("{what} alternative"), &was, &is);
    for case in &new.cases {
        let mut known = old.into_iter().flat_map(|union| &union.cases);
        let known = known.find(|known| known.name == case.name);
        let known = known.and_then(|known| known.value.inner());
        if let Some(new) = case.value.inner() {
            types(both, &format!("{what} {}", case.name), known, new, subject);
        }
    }
}

fn union(plan: &Plan, id: TypeId) -> Option<&Union> {
    match plan.types.get(id.0).map(|each| &each.shape) {
        Some(Shape::Union(union)) => Some(union),
        _ => None,
    }
}
