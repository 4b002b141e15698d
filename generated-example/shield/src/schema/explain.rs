//! Words for what was not admitted: every rule a body or a parameter breaks, in the order of the document that was sent.
//!
//! Runs only after a decoder has refused, and decides nothing: whatever it finds, or should it find nothing, the request
//! stays refused.

use std::borrow::Cow;

use super::text::length;
use super::violation::{In, MOST, Violation, push_token};
use super::{Binary, Entries, Free, List, Member, Object, Schema, Text, Write, flag};
use crate::file::File;
use crate::grants::Grants;
use crate::json::number::{self, Whole as Number};
use crate::json::{DEEPEST, Reader, Value};

#[cfg(test)]
mod tests;

/// The members the caller may not send (P44). They are looked for first, in the whole body: 403 wins over 422 (ruling 23).
pub(crate) fn forbidden(schema: &Schema, body: &Value, by: &Grants) -> Vec<Violation> {
    let mut found = Found::new(&[]);
    found.forbidden(schema, body, by);
    found.violations
}

/// The rules the body breaks, at most [`MOST`].
pub(crate) fn violations(
    schema: &Schema,
    body: &Value,
    files: &[File],
    by: &Grants,
) -> Vec<Violation> {
    let mut found = Found::new(files);
    found.value(schema, body, by);
    found.violations
}

/// The rules the text of a parameter breaks.
pub(crate) fn parameter(schema: &Schema, text: &str) -> Vec<&'static str> {
    match schema {
        Schema::Boolean => if_not(flag(text).is_some(), "type"),
        Schema::Whole(rule) => rule.broken_text(text),
        Schema::Real(rule) => rule.broken_text(text),
        Schema::Text(rule) => rule.broken(text),
        Schema::Words(words) => if_not(words.contains(&text), "enum"),
        // No text spells `null`; one text is no list, and objects have no style: the generator refuses them by name.
        Schema::Nullable(inner) => parameter(inner, text),
        Schema::List(_)
        | Schema::Entries(_)
        | Schema::Json(_)
        | Schema::Object(_)
        | Schema::Union(_)
        | Schema::Binary(_) => {
            vec!["type"]
        }
    }
}

/// The rules the items of a parameter break, added to `errors` until there are [`MOST`].
pub(crate) fn items(
    schema: &Schema,
    items: &[Cow<'_, str>],
    place: In,
    name: &str,
    errors: &mut Vec<Violation>,
) {
    let whole = |code| Violation::of_parameter(place, name, code);
    let Schema::List(rule) = schema else {
        errors.push(whole("type"));
        return;
    };
    let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
    errors.extend((count < rule.min).then(|| whole("minItems")));
    errors.extend((count > rule.max).then(|| whole("maxItems")));
    if rule.unique && !differ_as_texts(&rule.items, items) {
        errors.push(whole("uniqueItems"));
    }
    for (at, item) in items.iter().enumerate() {
        if errors.len() >= MOST {
            break;
        }
        for code in parameter(&rule.items, item) {
            let mut violation = whole(code);
            push_token(&mut violation.pointer, &at.to_string());
            errors.push(violation);
        }
    }
}

/// Whether no two mean the same.
fn differ_as_texts(schema: &Schema, items: &[Cow<'_, str>]) -> bool {
    let meaning = |text: &Cow<'_, str>| match schema {
        // `-0` is `0`.
        Schema::Whole(_) => text
            .parse::<i64>()
            .map_or(text.to_string(), |n| n.to_string()),
        // `1.0` is `1`.
        Schema::Real(_) if number::is_spelled(text) => {
            Value::Number(Cow::Borrowed(text)).canonical()
        }
        _ => text.to_string(),
    };
    let mut meant: Vec<String> = items.iter().map(meaning).collect();
    all_differ(&mut meant)
}

fn if_not(holds: bool, code: &'static str) -> Vec<&'static str> {
    if holds { Vec::new() } else { vec![code] }
}

impl Write {
    /// Whether the member cannot be written in this operation, whoever calls.
    fn is_read_only(self, by: &Grants) -> bool {
        match self {
            Write::Nobody => true,
            Write::Create => !by.creating,
            Write::Anyone | Write::Roles(_) => false,
        }
    }

    /// Whether others may write it and this caller may not.
    fn is_forbidden(self, by: &Grants) -> bool {
        matches!(self, Write::Roles(roles) if !by.any(roles))
    }
}

impl Object {
    pub(crate) fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// What was found, and where the walk stands.
struct Found<'f> {
    /// Beside the body, which names them by their numbers.
    files: &'f [File],
    pointer: String,
    violations: Vec<Violation>,
}

impl<'f> Found<'f> {
    fn new(files: &'f [File]) -> Self {
        Found {
            files,
            pointer: String::new(),
            violations: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.violations.len() >= MOST
    }

    /// Reports the value the walk stands on.
    fn here(&mut self, code: &'static str) {
        self.say(code, None);
    }

    fn say(&mut self, code: &'static str, words: Option<&'static str>) {
        if !self.is_full() {
            self.violations.push(Violation {
                place: In::Body,
                pointer: self.pointer.clone(),
                code,
                words,
            });
        }
    }

    fn all(&mut self, codes: Vec<&'static str>) {
        for code in codes {
            self.here(code);
        }
    }

    /// One level further in.
    fn below(&mut self, token: &str, walk: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push_token(&mut self.pointer, token);
        walk(self);
        self.pointer.truncate(length);
    }

    fn forbidden(&mut self, schema: &Schema, value: &Value, by: &Grants) {
        match (schema, value) {
            (Schema::Nullable(inner), value) => self.forbidden(inner, value, by),
            (Schema::Union(union), value) => {
                if let Some(case) = union.of(value) {
                    self.forbidden(&case.schema, value, by);
                }
            }
            (Schema::List(list), Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    if self.is_full() {
                        break;
                    }
                    self.below(&at.to_string(), |found| {
                        found.forbidden(&list.items, item, by)
                    });
                }
            }
            (Schema::Entries(rule), Value::Object(entries)) => {
                for (name, value) in entries {
                    if self.is_full() {
                        break;
                    }
                    self.below(name, |found| found.forbidden(&rule.values, value, by));
                }
            }
            (Schema::Object(object), Value::Object(members)) => {
                for (name, value) in members {
                    let Some(member) = object.member(name) else {
                        // Nothing inside has marks: it is of no type with a name.
                        continue;
                    };
                    // Also within what nobody may send here: 403 wins over 422 (ruling 23).
                    self.below(name, |found| match member.write.is_forbidden(by) {
                        true => found.here("forbidden"),
                        false => found.forbidden(&member.schema, value, by),
                    });
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, schema: &Schema, value: &Value, by: &Grants) {
        match (schema, value) {
            (Schema::Nullable(_), Value::Null) => {}
            (Schema::Nullable(inner), value) => self.value(inner, value, by),
            // Once it is told which it is, what is wrong is wrong of that one.
            (Schema::Union(union), value) => match union.of(value) {
                Some(case) => self.value(&case.schema, value, by),
                None => self.here(union.keyword),
            },
            (Schema::Boolean, Value::Bool(_)) => {}
            (Schema::Whole(rule), Value::Number(lexeme)) => match number::whole(lexeme) {
                Number::Exact(value) => self.all(rule.broken(value)),
                Number::Fraction => self.here("type"),
                Number::Below => self.here(rule.below()),
                Number::Above => self.here(rule.above()),
            },
            (Schema::Real(rule), Value::Number(lexeme)) => self.all(rule.broken(lexeme)),
            (Schema::Text(rule), Value::String(text)) => self.text(rule, text),
            (Schema::Binary(rule), Value::Number(lexeme)) => self.file(rule, lexeme),
            // `enum` alone does not say that it holds strings, but its words are all of them.
            (Schema::Words(words), Value::String(text)) => {
                self.all(if_not(words.contains(&&**text), "enum"))
            }
            (Schema::List(rule), Value::Array(items)) => self.list(rule, items, by),
            (Schema::Entries(rule), Value::Object(entries)) => self.entries(rule, entries, by),
            (Schema::Object(rule), Value::Object(members)) => self.object(rule, members, by),
            (Schema::Json(rule), value) => self.free(rule, value),
            _ => self.here("type"),
        }
    }

    fn text(&mut self, rule: &Text, text: &str) {
        self.all(rule.broken(text));
    }

    fn file(&mut self, rule: &Binary, lexeme: &str) {
        let file = lexeme.parse().ok().and_then(|at: usize| self.files.get(at));
        match file {
            Some(file) => self.all(rule.broken(file)),
            None => self.here("type"),
        }
    }

    fn list(&mut self, rule: &List, items: &[Value], by: &Grants) {
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        self.all(if_not(count >= rule.min, "minItems"));
        self.all(if_not(count <= rule.max, "maxItems"));
        if rule.unique && !differ(items) {
            self.here("uniqueItems");
        }
        for (at, item) in items.iter().enumerate() {
            if self.is_full() {
                break;
            }
            self.below(&at.to_string(), |found| found.value(&rule.items, item, by));
        }
    }

    fn entries(&mut self, rule: &Entries, entries: &[(Cow<'_, str>, Value<'_>)], by: &Grants) {
        let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        self.all(if_not(count >= rule.min, "minProperties"));
        self.all(if_not(count <= rule.max, "maxProperties"));
        for (name, value) in entries {
            if self.is_full() {
                break;
            }
            self.below(name, |found| match rule.admits(name) {
                true => found.value(&rule.values, value, by),
                false => found.here("propertyNames"),
            });
        }
    }

    fn free(&mut self, rule: &Free, value: &Value) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(text) => self.all(if_not(length(text) <= rule.string, "maxLength")),
            Value::Array(items) => {
                let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
                self.all(if_not(count <= rule.array, "maxItems"));
                for (at, item) in items.iter().enumerate() {
                    if self.is_full() {
                        break;
                    }
                    self.below(&at.to_string(), |found| found.free(rule, item));
                }
            }
            Value::Object(members) => {
                let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
                self.all(if_not(count <= rule.object, "maxProperties"));
                for (name, value) in members {
                    if self.is_full() {
                        break;
                    }
                    self.below(name, |found| found.free(rule, value));
                }
            }
        }
    }

    fn object(&mut self, rule: &Object, members: &[(Cow<'_, str>, Value<'_>)], by: &Grants) {
        let before = self.violations.len();
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        self.all(if_not(count >= rule.min, "minProperties"));
        self.all(if_not(count <= rule.max, "maxProperties"));
        for (name, value) in members {
            if self.is_full() {
                return;
            }
            self.below(name, |found| match rule.member(name) {
                None => match rule.rest {
                    Some(rest) => found.value(rest, value, by),
                    None => found.here("unknown"),
                },
                Some(member) if member.write.is_read_only(by) => found.here("readOnly"),
                Some(member) if member.write.is_forbidden(by) => found.here("forbidden"),
                Some(member) => found.value(&member.schema, value, by),
            });
        }
        // What nobody can send is not missed (ruling 98).
        let needed = rule
            .members
            .iter()
            .filter(|member| member.required && !member.write.is_read_only(by));
        for member in needed {
            if !members.iter().any(|(name, _)| name == member.name) {
                self.below(member.name, |found| found.here("required"));
            }
        }
        // A rule speaks of an object whose keywords hold, all the way down.
        if let (Some(rules), true) = (rule.rules, self.violations.len() == before) {
            let text = crate::json::text(members);
            let mut reader = Reader::new(&text, DEEPEST).with(self.files);
            for (code, words) in rules(&mut reader, by) {
                self.say(code, Some(words));
            }
        }
    }
}

/// Whether no two are equal. By sorting, so that a long list costs no square of its length.
fn differ(items: &[Value]) -> bool {
    let mut spelled: Vec<String> = items.iter().map(Value::canonical).collect();
    all_differ(&mut spelled)
}

fn all_differ(spelled: &mut [String]) -> bool {
    spelled.sort_unstable();
    spelled
        .windows(2)
        .all(|pair| !matches!(pair, [first, second] if first == second))
}
