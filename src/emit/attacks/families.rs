//! Cases that many operations have in common are made once and written once: an operation names the families it has.

use super::case::{Before, Case, Expect, Prepare, Sent};
use super::change::{self, Members, change, object};
use super::form;
use super::scene::{Scene, Skipped};
use super::stage::Stage;
use crate::plan::Media;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// Lines written so far.
#[derive(Default)]
pub struct Families {
    known: HashMap<String, String>,
    counts: BTreeMap<&'static str, usize>,
    /// Names of those of the operation that is being looked at.
    current: Vec<String>,
    /// Lines of families, and of operations.
    pub shared: String,
    pub own: String,
    /// Nothing is shared: for tests that hold the two against each other.
    #[cfg(test)]
    pub apart: bool,
}

impl Scene<'_> {
    /// Cases that are the same changes to the plainest request for all operations with this `key`: it must name
    /// everything of the operation that they depend on.
    pub fn family(
        &mut self,
        stage: &Stage<'_>,
        what: &'static str,
        key: &str,
        make: impl FnOnce(&mut Self),
    ) {
        let key = format!("{what} {key}");
        #[cfg(test)]
        let key = if self.families.apart {
            format!("{key} {}", stage.operation.id)
        } else {
            key
        };
        if let Some(name) = self.families.known.get(&key) {
            let name = name.clone();
            return self.families.current.push(name);
        }
        let (cases, skipped) = (
            std::mem::take(&mut self.cases),
            std::mem::take(&mut self.skipped),
        );
        make(self);
        let made = std::mem::replace(&mut self.cases, cases);
        let failed = std::mem::replace(&mut self.skipped, skipped);
        let mut name = String::new();
        if !made.is_empty() || !failed.is_empty() {
            let count = self.families.counts.entry(what).or_default();
            *count += 1;
            name = format!("{what} {count}");
            let lines = self.lines(stage, ("family", &name), made, failed);
            self.families.shared.push_str(&lines);
        }
        self.families.known.insert(key, name.clone());
        self.families.current.push(name);
    }

    /// Writes the operation, and what is its own.
    pub fn close(&mut self, stage: &Stage<'_>) {
        let names = std::mem::take(&mut self.families.current);
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let (made, failed) = (
            std::mem::take(&mut self.cases),
            std::mem::take(&mut self.skipped),
        );
        let (id, request) = (&stage.operation.id, &stage.plainest);
        let mut plainest = json!({ "method": request.method, "target": request.target });
        if let Some(members) = plainest.as_object_mut() {
            if !request.headers.is_empty() {
                members.insert("headers".into(), json!(request.headers));
            }
            if let Some(body) = &stage.body {
                members.insert("body".into(), Value::clone(body));
                if stage.media() != Media::Json {
                    members.insert("as".into(), json!(form::word(stage.media())));
                }
            }
        }
        let mut members: Members = vec![("operation", json!(id)), ("plainest", plainest)];
        if let Some(token) = &stage.token {
            members.push(("by", json!(self.caller(token.caller))));
        }
        members.push(("limited", json!(self.limited(stage.operation))));
        members.push(("families", json!(names)));
        let mut text = String::new();
        change::line(&members, &mut text);
        text.push_str(&self.lines(stage, ("operation", id), made, failed));
        self.families.own.push_str(&text);
    }

    /// Says why an operation has no case at all.
    pub fn close_without(&mut self, operation: &str, why: &str) {
        let members = [
            ("operation", json!(operation)),
            ("kind", json!("control")),
            ("name", json!("every attack on the operation")),
            ("skipped", json!(why)),
        ];
        change::line(&members, &mut self.families.own);
    }

    fn lines(
        &self,
        stage: &Stage<'_>,
        of: (&'static str, &str),
        mut made: Vec<Case>,
        failed: Vec<Skipped>,
    ) -> String {
        let mut seen: HashMap<(&str, String), u32> = HashMap::new();
        let base = stage.control();
        let mut text = String::new();
        for case in &mut made {
            let count = seen.entry((case.kind, case.name.clone())).or_default();
            *count += 1;
            if *count > 1 {
                case.name = format!("{} ({count})", case.name);
            }
            change::line(&self.members(&base, of, case), &mut text);
        }
        for skipped in failed {
            let members = [
                (of.0, json!(of.1)),
                ("kind", json!(skipped.kind)),
                ("name", json!(skipped.name)),
                ("skipped", json!(skipped.why)),
            ];
            change::line(&members, &mut text);
        }
        text
    }

    fn members(&self, base: &Sent, of: (&'static str, &str), case: &Case) -> Members {
        let mut members: Members = vec![
            (of.0, json!(of.1)),
            ("kind", json!(case.kind)),
            ("name", json!(case.name)),
        ];
        if let Some(before) = &case.before {
            members.push(("before", self.before(base, before)));
        }
        if let Some(wait) = case.wait {
            members.push(("wait", json!(wait)));
        }
        match &case.prepare {
            None => {}
            Some(Prepare::Revoke(by, name)) => members.push(("revoke", json!([by, name]))),
            Some(Prepare::NoStore) => members.push(("no_store", json!(true))),
            Some(Prepare::Handler(how)) => members.push(("handler", json!(how))),
            Some(Prepare::Open(count)) => members.push(("open", json!(count))),
            Some(Prepare::Crowd { of, times, besides }) => {
                let mut crowd: Members = vec![("of", json!(of)), ("times", json!(times))];
                if *besides > 0 {
                    crowd.push(("besides", json!(besides)));
                }
                members.push(("crowd", object(crowd)));
            }
            Some(Prepare::Mounted) => members.push(("mounted", json!(true))),
        }
        members.extend(self.change(base, &case.sent));
        members.push(("expect", self.expectation(base, &case.expect)));
        members
    }

    fn before(&self, base: &Sent, before: &Before) -> Value {
        let mut members = self.change(base, &before.sent);
        members.push(("times", json!(before.times)));
        members.push(("status", json!(before.status)));
        if let Some(most) = before.at_most {
            members.push(("at_most", json!(most)));
        }
        if before.failing {
            members.push(("failing", json!(true)));
        }
        if let Some(first) = &before.first {
            members.push(("first", self.before(base, first)));
        }
        if let Some(wait) = before.wait {
            members.push(("wait", json!(wait)));
        }
        object(members)
    }

    fn change(&self, base: &Sent, sent: &Sent) -> Members {
        self.with_callers(|callers| change(base, sent, callers))
    }

    /// The name of an outcome, with what is not as there; or all of it.
    fn expectation(&self, base: &Sent, expect: &Expect) -> Value {
        let mut members = match serde_json::to_value(expect) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        if let Some(twin) = &expect.same_as {
            members.insert("same_as".into(), object(self.change(base, twin)));
        }
        let Some((name, declared)) = expect
            .of
            .and_then(|name| Some((name, self.declared(name)?)))
        else {
            return Value::Object(members);
        };
        for (name, value) in declared.iter() {
            if members.get(name) == Some(value) {
                members.remove(name);
            } else if !members.contains_key(name) {
                members.insert(name.clone(), Value::Null);
            }
        }
        if members.is_empty() {
            json!(name)
        } else {
            json!([name, members])
        }
    }
}
