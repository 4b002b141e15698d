//! Which types ask the same of a body: same members, same rules, whatever they are called.

use crate::plan::{Plan, Shape, TypeId, ValueKind};
use std::collections::HashMap;
use std::fmt::Write;

/// Types nested deeper are told apart by their number.
const DEEPEST: usize = 12;

/// By type: two types of one number are attacked alike.
pub fn of(plan: &Plan) -> Vec<usize> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::with_capacity(plan.types.len());
    for at in 0..plan.types.len() {
        let mut text = String::new();
        named(plan, TypeId(at), &mut vec![], &mut text);
        let next = known.len();
        found.push(*known.entry(text).or_insert(next));
    }
    found
}

/// A value's rules in words; types by what they ask.
pub fn kind(plan: &Plan, signatures: &[usize], value: &ValueKind) -> String {
    match value {
        ValueKind::Named(id) => format!("type {:?}", signatures.get(id.0)),
        other => {
            let mut text = String::new();
            self::value(plan, other, &mut vec![], &mut text);
            text
        }
    }
}

fn named(plan: &Plan, id: TypeId, above: &mut Vec<TypeId>, text: &mut String) {
    // Writing to a string cannot fail.
    if let Some(up) = above.iter().rev().position(|each| *each == id) {
        let _ = write!(text, "up {up};");
        return;
    }
    if above.len() > DEEPEST {
        let _ = write!(text, "number {};", id.0);
        return;
    }
    match plan.types.get(id.0).map(|each| &each.shape) {
        Some(Shape::Words(words)) => drop(write!(text, "{words:?};")),
        Some(Shape::Object(object)) => {
            above.push(id);
            let _ = write!(
                text,
                "{{{} {:?}:",
                object.min_properties, object.max_properties
            );
            for member in &object.members {
                let _ = write!(
                    text,
                    "{:?} {} {} {:?} ",
                    member.name, member.required_in_request, member.nullable, member.write
                );
                value(plan, &member.value, above, text);
            }
            text.push('}');
            above.pop();
        }
        None => {}
    }
}

fn value(plan: &Plan, kind: &ValueKind, above: &mut Vec<TypeId>, text: &mut String) {
    match kind {
        ValueKind::Named(id) => named(plan, *id, above, text),
        ValueKind::List(list) => {
            let _ = write!(
                text,
                "[{} {} {} {} ",
                list.min, list.max, list.unique, list.items_nullable
            );
            value(plan, &list.items, above, text);
            text.push(']');
        }
        other => drop(write!(text, "{other:?};")),
    }
}
