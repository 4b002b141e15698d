//! What must come back, as most cases have it: each outcome is declared once under its name.

use super::case::{Expect, Field, Limited, REACHED};
use super::scene::Scene;
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

    /// `Bearer realm="…"` of challenges (ruling 22).
    pub fn challenge(&self, holds: &[&str], lacks: &[&str]) -> Field {
        let realm: String = self
            .plan
            .title
            .chars()
            .filter(|c| (' '..='~').contains(c) && !matches!(c, '"' | '\\'))
            .collect();
        let realm = format!("Bearer realm=\"{realm}\"");
        let all: Vec<&str> = std::iter::once(realm.as_str())
            .chain(holds.iter().copied())
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
