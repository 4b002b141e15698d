//! Which types ask the same of a body: same members, same rules, whatever they are called.

use crate::plan::{Object, Plan, Shape, TypeId, ValueKind};
use std::collections::HashMap;
use std::fmt::Write;

/// By type: two types of one number are attacked alike.
pub fn of(plan: &Plan) -> Vec<usize> {
    let mut known = Known {
        plan,
        numbers: HashMap::new(),
        found: vec![None; plan.types.len()],
        above: Vec::new(),
    };
    (0..plan.types.len())
        .map(|at| known.number(TypeId(at)))
        .collect()
}

/// A value's rules in words; types by what they ask.
pub fn kind(plan: &Plan, signatures: &[usize], value: &ValueKind) -> String {
    let mut known = Known {
        plan,
        numbers: HashMap::new(),
        found: signatures.iter().copied().map(Some).collect(),
        above: Vec::new(),
    };
    let mut text = String::new();
    known.value(value, &mut text);
    text
}

/// Each type is put into words once, and named by its number in others: written out, a document of twelve schemas that
/// hold each other a hundred times would fill every memory.
struct Known<'a> {
    plan: &'a Plan,
    numbers: HashMap<String, usize>,
    found: Vec<Option<usize>>,
    /// Types that are being put into words.
    above: Vec<TypeId>,
}

impl Known<'_> {
    fn number(&mut self, id: TypeId) -> usize {
        if let Some(Some(number)) = self.found.get(id.0) {
            return *number;
        }
        let mut text = String::new();
        self.above.push(id);
        match self.plan.types.get(id.0).map(|each| &each.shape) {
            // Writing to a string cannot fail.
            Some(Shape::Words(words)) => {
                let _ = write!(text, "{words:?}");
            }
            Some(Shape::Object(object)) => self.object(object, &mut text),
            Some(Shape::Union(union)) => {
                let _ = write!(text, "{} {} (", union.keyword(), union.nullable);
                for case in &union.cases {
                    let _ = write!(text, "{:?} ", case.marks);
                    self.value(&case.value, &mut text);
                }
                text.push(')');
            }
            None => {}
        }
        self.above.pop();
        let next = self.numbers.len();
        let number = *self.numbers.entry(text).or_insert(next);
        if let Some(found) = self.found.get_mut(id.0) {
            *found = Some(number);
        }
        number
    }

    fn object(&mut self, object: &Object, text: &mut String) {
        let Object {
            min_properties,
            max_properties,
            rest,
            ..
        } = object;
        for rule in &object.rules {
            let _ = write!(text, "{:?} {:?} ", rule.id, rule.text);
        }
        let _ = write!(text, "{{{min_properties} {max_properties:?} {rest:?}:");
        for member in &object.members {
            let _ = write!(
                text,
                "{:?} {} {} {:?} ",
                member.name, member.required_in_request, member.nullable, member.write
            );
            self.value(&member.value, text);
        }
        text.push('}');
    }

    fn value(&mut self, kind: &ValueKind, text: &mut String) {
        match kind {
            // What contains itself is like nothing else.
            ValueKind::Named(id) if self.above.contains(id) => {
                let _ = write!(text, "itself {};", id.0);
            }
            ValueKind::Named(id) => {
                let _ = write!(text, "type {};", self.number(*id));
            }
            ValueKind::Map(map) => {
                let _ = write!(text, "<{} {} {} ", map.min, map.max, map.values_nullable);
                self.value(&map.values, text);
                text.push('>');
            }
            ValueKind::List(list) => {
                let _ = write!(
                    text,
                    "[{} {} {} {} ",
                    list.min, list.max, list.unique, list.items_nullable
                );
                self.value(&list.items, text);
                text.push(']');
            }
            other => {
                let _ = write!(text, "{other:?};");
            }
        }
    }
}
