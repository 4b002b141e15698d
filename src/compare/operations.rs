//! Operations, matched by method and path: a new name changes nothing for those who call.

use super::change::{Change, Changes, Side, Subject};
use super::{Both, Verdict, access, input, owns, quotas, reply};
use crate::plan::{Access, Operation, Segment};

/// Method and path, whatever its variables are called.
#[derive(PartialEq)]
struct Route<'o> {
    method: &'static str,
    segments: Vec<Option<&'o str>>,
}

impl<'o> Route<'o> {
    fn of(operation: &'o Operation) -> Self {
        let segments = operation.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => Some(text.as_str()),
            Segment::Param(_) => None,
        });
        Route {
            method: operation.method,
            segments: segments.collect(),
        }
    }
}

/// One operation of both documents.
pub(super) struct Pair<'p> {
    pub old: &'p Operation,
    pub new: &'p Operation,
}

pub(super) fn compare(both: &Both, changes: &mut Changes) {
    let old: Vec<(Route, &Operation)> = both
        .old
        .operations
        .iter()
        .map(|operation| (Route::of(operation), operation))
        .collect();
    let mut kept = vec![false; old.len()];
    for new in &both.new.operations {
        let route = Route::of(new);
        let found = old.iter().position(|(known, _)| *known == route);
        match found.and_then(|at| Some((at, old.get(at)?.1))) {
            None => arrived(both, new, changes),
            Some((at, old)) => {
                if let Some(kept) = kept.get_mut(at) {
                    *kept = true;
                }
                pair(both, &Pair { old, new }, changes);
            }
        }
    }
    for ((_, gone), _) in old.iter().zip(&kept).filter(|(_, kept)| !**kept) {
        left(both, gone, changes);
    }
}

fn pair(both: &Both, pair: &Pair, changes: &mut Changes) {
    let (old, new) = (pair.old, pair.new);
    let mut subject = Subject {
        changes,
        operation: Some(&new.id),
        places: vec![(Side::Old, old.place), (Side::New, new.place)],
    };
    access::compare(both, pair, &mut subject);
    let denied = |operation: &Operation| matches!(operation.access, Access::Denied { .. });
    // Behind a closed door nothing else matters.
    if denied(old) || denied(new) {
        return;
    }
    owns::compare(both, pair, &mut subject);
    quotas::compare(both, pair, &mut subject);
    // What it does is another thing; who may call and what is sent is told by the rest.
    let flow = |operation: &Operation| operation.flow.as_ref().map(|flow| flow.kind.word());
    let (had, has) = (flow(old), flow(new));
    if had != has {
        let word = |flow: Option<&str>| flow.map(str::to_owned);
        subject.add(Some(Verdict::Neutral), "flow", word(had), word(has));
    }
    subject.number("limits body bytes", old.body_bytes, new.body_bytes);
    subject.number(
        "limits bodyTimeout ms",
        old.body_timeout_ms,
        new.body_timeout_ms,
    );
    subject.number(
        "limits handlerTimeout ms",
        old.handler_timeout_ms,
        new.handler_timeout_ms,
    );
    input::compare(both, pair, &mut subject);
    reply::compare(both, pair, &mut subject);
}

/// An operation that only the new document has.
fn arrived(both: &Both, new: &Operation, changes: &mut Changes) {
    changes.list.push(Change {
        verdict: match new.access {
            Access::Denied { .. } => Verdict::Neutral,
            _ => Verdict::Widened,
        },
        operation: Some(new.id.clone()),
        what: "operation".to_owned(),
        principal: None,
        old: None,
        new: Some(title(new, &access::words(&both.new.roles, &new.access))),
        places: vec![(Side::New, new.place)],
    });
}

/// An operation that only the old document has.
fn left(both: &Both, old: &Operation, changes: &mut Changes) {
    changes.list.push(Change {
        verdict: match old.access {
            Access::Denied { .. } => Verdict::Neutral,
            _ => Verdict::Narrowed,
        },
        operation: Some(old.id.clone()),
        what: "operation".to_owned(),
        principal: None,
        old: Some(title(old, &access::words(&both.old.roles, &old.access))),
        new: None,
        places: vec![(Side::Old, old.place)],
    });
}

fn title(operation: &Operation, access: &str) -> String {
    format!("{} {}: {access}", operation.method, operation.path)
}
