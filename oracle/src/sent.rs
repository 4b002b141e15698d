//! Whether a body may be sent: by whom, and whether it is what its schema says.

use crate::cel::{Roots, of_json};
use crate::members::{Kind, Object};
use crate::operation::Request;
use crate::valid;
use serde_json::Value;
use std::collections::BTreeSet;

/// Ruling 23: members that only some may send (403), before those that nobody may (422) and those that are missing.
pub(crate) fn takes(
    request: &Request,
    roles: &BTreeSet<String>,
    creates: bool,
    body: Option<&Value>,
) -> Result<(), u16> {
    let Some(body) = body else {
        return Err(400);
    };
    let mut wrong = Wrong::default();
    wrong.look(&request.kind, roles, creates, body);
    // Rules are asked once the rest holds.
    wrong.invalid = wrong.invalid || !ruled(&request.kind, body);
    match (wrong.forbidden, wrong.invalid) {
        (true, _) => Err(403),
        (false, true) => Err(422),
        (false, false) => Ok(()),
    }
}

#[derive(Default)]
struct Wrong {
    forbidden: bool,
    invalid: bool,
}

impl Wrong {
    fn look(&mut self, kind: &Kind, roles: &BTreeSet<String>, creates: bool, value: &Value) {
        match (kind, value) {
            (Kind::Plain, _) => {}
            (Kind::Number(number), value) => self.invalid |= !number.takes(value),
            (Kind::Object(object), Value::Object(sent)) => {
                self.object(object, roles, creates, sent)
            }
            (Kind::List(items), Value::Array(sent)) => {
                for item in sent {
                    self.look(items, roles, creates, item);
                }
            }
            (Kind::Map(map), Value::Object(sent)) => {
                let count = sent.len() as u64;
                self.invalid |= count < map.least || map.most.is_some_and(|most| count > most);
                for value in sent.values() {
                    self.look(&map.values, roles, creates, value);
                }
            }
            (Kind::Union(union), value) => {
                self.invalid |= !union.takes(value);
                for branch in union.fitting(value) {
                    self.look(&branch.kind, roles, creates, value);
                }
                // Who may not send a member is told so where it is plain which of them is meant, whatever is wrong besides.
                let mut meant = union.branches.iter();
                let meant = meant.find(|branch| valid::meant(&branch.schema, value));
                let meant = meant.filter(|branch| {
                    let mut others = union.branches.iter();
                    !others.any(|other| valid::torn(&branch.schema, &other.schema, value))
                });
                if let (true, Some(branch)) = (self.invalid, meant) {
                    self.look(&branch.kind, roles, creates, value);
                }
            }
            (Kind::Object(_) | Kind::List(_) | Kind::Map(_), _) => self.invalid = true,
        }
    }

    fn object(
        &mut self,
        object: &Object,
        roles: &BTreeSet<String>,
        creates: bool,
        sent: &serde_json::Map<String, Value>,
    ) {
        self.invalid |= (sent.len() as u64) < object.least;
        let known = |name: &String| object.members.iter().any(|member| member.name == *name);
        for (_, value) in sent.iter().filter(|(name, _)| !known(name)) {
            match &object.rest {
                Some(rest) => self.look(rest, roles, creates, value),
                None => self.invalid = true,
            }
        }
        self.invalid |= object.most.is_some_and(|most| sent.len() as u64 > most);
        for member in &object.members {
            let Some(value) = sent.get(&member.name) else {
                self.invalid |= member.required && !member.never_sent;
                continue;
            };
            self.invalid |= member.never_sent || (member.only_created && !creates);
            let may = member.writers.iter().any(|role| roles.contains(role));
            self.forbidden |= !member.writers.is_empty() && !may;
            self.look(&member.kind, roles, creates, value);
        }
    }
}

/// Whether the rules of an object and of those in it hold; what is undecided does not.
fn ruled(kind: &Kind, body: &Value) -> bool {
    match (kind, body) {
        (Kind::Object(object), Value::Object(sent)) => {
            let this = Roots::from([("this".to_owned(), of_json(body))]);
            let holds = object.rules.iter().all(|rule| rule.says(&this) == Ok(true));
            let mut members = object.members.iter();
            holds
                && members.all(|member| {
                    let value = sent.get(&member.name);
                    value.is_none_or(|value| ruled(&member.kind, value))
                })
        }
        (Kind::Union(union), value) => {
            let mut fitting = union.fitting(value);
            fitting.all(|branch| ruled(&branch.kind, value))
        }
        (Kind::List(items), Value::Array(sent)) => sent.iter().all(|item| ruled(items, item)),
        (Kind::Map(map), Value::Object(sent)) => {
            sent.values().all(|value| ruled(&map.values, value))
        }
        _ => true,
    }
}
