//! Values that are one of several (`oneOf`, `anyOf`): each of them, none of them, and members of two of them together.

use super::body::tried;
use super::case::{Body, Expect, LEXEME, Sent, Violation};
use super::field::{Field, Within};
use super::sample::{Step, pointer};
use super::scene::Scene;
use super::values::{self, Tries};
use crate::plan::{Mark, Union, ValueKind};
use serde_json::{Value, json};

/// The alternative that a value may be: by its JSON type, and by what tells objects apart.
pub fn case(union: &Union, value: &Value) -> Option<usize> {
    let mut cases = union.cases.iter();
    cases.position(|case| {
        let fits = match &case.value {
            ValueKind::Boolean => value.is_boolean(),
            ValueKind::Integer(_) | ValueKind::Number(_) => {
                value.is_number() || value.as_str() == Some(LEXEME)
            }
            ValueKind::Text(_) => value.is_string(),
            ValueKind::List(_) => value.is_array(),
            ValueKind::Map(_) => value.is_object(),
            ValueKind::File(_) | ValueKind::Json(_) => false,
            // Words are the only named ones that are no objects.
            ValueKind::Named(_) => {
                value.is_object() || (case.marks.is_empty() && value.is_string())
            }
        };
        fits && case.marks.iter().all(|mark| holds(mark, value))
    })
}

fn holds(mark: &Mark, value: &Value) -> bool {
    let member = value.get(mark.member());
    match mark {
        Mark::Has(_) => member.is_some(),
        Mark::Lacks(_) => member.is_none(),
        Mark::Word(_, words) => {
            let text = member.and_then(Value::as_str);
            text.is_some_and(|text| words.iter().any(|word| word == text))
        }
    }
}

pub fn attack(
    scene: &mut Scene<'_>,
    field: &mut Field<'_, '_>,
    kind: &ValueKind,
    nullable: bool,
    path: &[Step],
    depth: usize,
) {
    let maker = field.stage.maker;
    let Some(union) = maker.union(kind) else {
        return;
    };
    let keyword = union.keyword();
    let here = pointer(path);
    let name = |what: &str| format!("{}{here}: {what}", field.called());
    for (what, value) in none(union, nullable) {
        let sent = field.with(scene, path, Some(value));
        let expect = scene
            .invalid()
            .errors(vec![Violation::body(here.as_str(), keyword)]);
        field.add(scene, keyword, name(what), sent, expect);
    }
    if nullable {
        let sent = field.with(scene, path, Some(Value::Null));
        let expect = scene.reached();
        field.add(scene, keyword, name("null where it may be"), sent, expect);
    }
    for (what, value) in mixed(field, union) {
        let sent = field.with(scene, path, Some(value));
        // Which of the two it is taken for decides what is said of it.
        let expect = scene.invalid();
        field.add(scene, keyword, name(&what), sent, expect);
    }
    for (at, case) in union.cases.iter().enumerate() {
        let path_within = [path, &[Step::Case(at)]].concat();
        let sets = field.sets.clone();
        field.sets.extend(maker.writers(&case.value, depth));
        field.cases.push(Within {
            path: path.to_vec(),
            kind: kind.clone(),
            case: at,
        });
        let value = maker.sample(&case.value, depth);
        let sent = field.with(scene, &path_within, value);
        let expect = scene.reached();
        let called = format!("{}{here}: as {}", field.called(), case.name);
        field.add(scene, keyword, called, sent, expect);
        let mut tries = Tries::default();
        values::inside(&maker, &case.value, field.room, &mut tries);
        tried(scene, field, &case.value, tries, &path_within, depth, false);
        field.cases.pop();
        field.sets = sets;
    }
}

/// Values that are none of them.
fn none(union: &Union, nullable: bool) -> Vec<(&'static str, Value)> {
    let all = [
        ("a string, and none is", json!("1")),
        ("a number, and none is", json!(1)),
        ("a boolean, and none is", json!(true)),
        ("an array, and none is", json!([])),
        ("an object of none", json!({})),
        ("null", Value::Null),
    ];
    let all = all
        .into_iter()
        .filter(|(_, value)| !nullable || !value.is_null());
    all.filter(|(_, value)| case(union, value).is_none())
        .collect()
}

/// Members of two objects together: whichever it is, it has some of the other.
fn mixed(field: &Field<'_, '_>, union: &Union) -> Vec<(String, Value)> {
    let maker = field.stage.maker;
    let mut made = Vec::new();
    for (at, one) in union.cases.iter().enumerate() {
        for other in union.cases.iter().skip(at + 1) {
            let sample = |kind: &ValueKind| maker.sample(kind, 0);
            let (Some(Value::Object(first)), Some(Value::Object(second))) =
                (sample(&one.value), sample(&other.value))
            else {
                continue;
            };
            let more = second.iter().filter(|(name, _)| !first.contains_key(*name));
            let more: Vec<_> = more
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            // What one of them takes whole is no mixture.
            let known = |kind: &ValueKind| match kind {
                ValueKind::Named(id) => maker.object(*id),
                _ => None,
            };
            let takes = |kind: &ValueKind| {
                known(kind).is_some_and(|object| {
                    let mut all = first.keys().chain(second.keys());
                    all.all(|name| object.members.iter().any(|member| member.name == *name))
                })
            };
            if more.is_empty() || takes(&one.value) || takes(&other.value) {
                continue;
            }
            let mut both = first;
            both.extend(more);
            let name = format!("members of {} and {}", one.name, other.name);
            made.push((name, Value::Object(both)));
        }
    }
    made
}

/// What is expected of a body in which something was changed inside an alternative: where it is no longer told as that one, it is
/// none of them. `None`: it is another one now, of which nothing is known here.
pub fn expected(field: &Field<'_, '_>, sent: Option<&Sent>, expect: Expect) -> Option<Expect> {
    let Some(Body::Json(body)) = sent.and_then(|sent| sent.request.body.as_ref()) else {
        return Some(expect);
    };
    for within in &field.cases {
        let (Some(value), Some(union)) = (
            body.pointer(&pointer(&within.path)),
            field.stage.maker.union(&within.kind),
        ) else {
            continue;
        };
        match case(union, value) {
            Some(at) if at == within.case => {}
            Some(_) => return None,
            None if expect.errors.is_empty() => return Some(expect),
            None => {
                let here = pointer(&within.path);
                let errors = vec![Violation::body(here.as_str(), union.keyword())];
                return Some(expect.errors(errors));
            }
        }
    }
    Some(expect)
}
