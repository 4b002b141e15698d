//! What must come back, as most cases have it: each outcome is declared once under its name.

use super::case::{Expect, Field, Limited, REACHED};
use super::keys;
use super::scene::Scene;
use crate::plan::{Means, Need, Operation};
use serde_json::{Map, Value};
use std::cell::Ref;
use std::collections::BTreeMap;

impl Scene<'_> {
    /// An outcome that many cases share, under its name.
    pub fn outcome(&self, name: &'static str, expect: Expect) -> Expect {
        let expect = Expect {
            of: Some(name),
            ..expect
        };
        if self.declared(name).is_none() {
            let members = members(&expect);
            self.declared.borrow_mut().insert(name, members);
        }
        expect
    }

    /// What is written of the outcome.
    pub fn declared(&self, name: &str) -> Option<Ref<'_, Map<String, Value>>> {
        Ref::filter_map(self.declared.borrow(), |outcomes| outcomes.get(name)).ok()
    }

    pub fn outcomes(&self) -> BTreeMap<&'static str, Map<String, Value>> {
        self.declared.borrow().clone()
    }

    /// What the handler's being reached looks like.
    pub fn reached(&self) -> Expect {
        self.outcome("let in", limited(REACHED))
    }

    /// A refusal after the trip to the counters.
    pub fn refused(&self, status: u16) -> Expect {
        match status {
            400 => self.outcome("malformed", limited(400)),
            401 => self.outcome("unauthenticated", limited(401)),
            403 => self.outcome("forbidden", limited(403)),
            404 => self.outcome("not found", limited(404)),
            _ => limited(status),
        }
    }

    /// 422 (P51 to P60, ruling 9).
    pub fn invalid(&self) -> Expect {
        self.outcome("invalid", limited(422).event("validation.failed", None))
    }

    /// The challenges of an operation, each scheme's (ruling 22).
    pub fn challenge(&self, operation: &Operation, holds: &[&str], lacks: &[&str]) -> Field {
        let realm: String = self
            .plan
            .title
            .chars()
            .filter(|c| (' '..='~').contains(c) && !matches!(c, '"' | '\\'))
            .collect();
        let mut schemes: Vec<String> = Vec::new();
        let need = operation.access.need();
        for means in need.map(Need::means).unwrap_or_default() {
            let scheme = match means {
                Means::Token(_) => format!("Bearer realm=\"{realm}\""),
                Means::Password(_) => format!("Basic realm=\"{realm}\", charset=\"UTF-8\""),
                Means::Certificate(_) => format!("MutualTLS realm=\"{realm}\""),
                Means::Key(at) => match self.plan.keys.get(at).map(keys::place) {
                    Some((place, name)) => {
                        format!("ApiKey realm=\"{realm}\", in=\"{place}\", name=\"{name}\"")
                    }
                    None => continue,
                },
            };
            if !schemes.contains(&scheme) {
                schemes.push(scheme);
            }
        }
        let by_token = schemes.iter().any(|scheme| scheme.starts_with("Bearer"));
        // Only challenges of tokens say that one was no good.
        let holds = holds
            .iter()
            .filter(|word| by_token || !word.contains("invalid_token"));
        let all: Vec<&str> = schemes
            .iter()
            .map(String::as_str)
            .chain(holds.copied())
            .collect();
        Field::holds(&all, lacks)
    }
}

fn limited(status: u16) -> Expect {
    Expect {
        limited: Some(Limited::Declared),
        ..Expect::status(status)
    }
}

fn members(expect: &Expect) -> Map<String, Value> {
    match serde_json::to_value(expect) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}
