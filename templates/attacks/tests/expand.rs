//! Whole cases out of the lines of `cases.jsonl`.
//!
//! An operation's line has its plainest request; a case says what it sends otherwise, and what must come back. Cases that
//! operations have in common are lines of a family, which the operations name; callers and outcomes are named likewise.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The lines by what they are.
#[derive(Default)]
pub struct Lines {
    pub manifest: Value,
    outcomes: BTreeMap<String, Value>,
    callers: BTreeMap<String, Value>,
    families: BTreeMap<String, Vec<Value>>,
    operations: Vec<(Value, Vec<Value>)>,
    /// Steps of attacks on sessions.
    pub sessions: Vec<Value>,
    /// Settings with which the service must not start.
    pub starts: Vec<Value>,
}

/// A case of one operation, its own or of a family.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    lines: &'a Lines,
    operation: &'a Value,
    line: &'a Value,
}

impl Lines {
    /// A line that is no JSON is a broken project, and said so.
    pub fn read(text: &str) -> Self {
        let mut read = Lines::default();
        for line in text.lines() {
            let line: Value =
                serde_json::from_str(line).expect("cases.jsonl holds one JSON object a line");
            if line.get("plainest").is_some() {
                read.operations.push((line, Vec::new()));
            } else if line.get("operation").is_some() {
                let same = |had: &&mut (Value, _)| had.0["operation"] == line["operation"];
                if read.operations.last_mut().filter(same).is_none() {
                    // There is no request to it: what is here says why.
                    let alone = json!({ "operation": line["operation"] });
                    read.operations.push((alone, Vec::new()));
                }
                if let Some((_, own)) = read.operations.last_mut() {
                    own.push(line);
                }
            } else if line.get("session").is_some() {
                read.sessions.push(line);
            } else if line.get("start").is_some() {
                read.starts.push(line);
            } else if let Some(name) = line["family"].as_str() {
                read.families.entry(name.to_owned()).or_default().push(line);
            } else if let Some(name) = line["caller"].as_str() {
                read.callers.insert(name.to_owned(), line["token"].clone());
            } else if let Some(name) = line["outcome"].as_str() {
                read.outcomes
                    .insert(name.to_owned(), line["expect"].clone());
            } else {
                read.manifest = line;
            }
        }
        read
    }

    /// Every case, operation by operation; what is only said to be skipped too.
    pub fn cases(&self) -> Vec<Case<'_>> {
        let mut cases = Vec::new();
        for (operation, own) in &self.operations {
            let families = operation["families"].as_array().into_iter().flatten();
            let shared = families.filter_map(|name| self.families.get(name.as_str()?));
            for line in shared.flatten().chain(own) {
                cases.push(Case {
                    lines: self,
                    operation,
                    line,
                });
            }
        }
        cases
    }
}

impl<'a> Case<'a> {
    pub fn operation(&self) -> &'a str {
        self.operation["operation"].as_str().unwrap_or_default()
    }

    pub fn kind(&self) -> &'a str {
        self.line["kind"].as_str().unwrap_or_default()
    }

    pub fn name(&self) -> &'a str {
        self.line["name"].as_str().unwrap_or_default()
    }

    /// Why there is no such case.
    pub fn skipped(&self) -> Option<&'a str> {
        self.line["skipped"].as_str()
    }

    pub fn title(&self) -> String {
        format!("{} {}: {}", self.operation(), self.kind(), self.name())
    }

    /// All that is sent, and all that must come back.
    pub fn whole(&self) -> Value {
        let mut case = self.sent(self.line);
        case["operation"] = json!(self.operation());
        for name in ["kind", "name", "wait", "revoke", "no_store", "handler"] {
            if let Some(value) = self.line.get(name) {
                case[name] = value.clone();
            }
        }
        if let Some(before) = self.line.get("before") {
            let mut sent = self.sent(before);
            for name in ["times", "status", "at_most", "failing"] {
                if let Some(value) = before.get(name) {
                    sent[name] = value.clone();
                }
            }
            case["before"] = sent;
        }
        case["expect"] = self.expected();
        case
    }

    /// A name, a name and what is otherwise, or all of it.
    fn expected(&self) -> Value {
        let said = &self.line["expect"];
        let named = |name: &Value| {
            let known = name.as_str().and_then(|name| self.lines.outcomes.get(name));
            known.cloned().expect("an outcome is declared")
        };
        let mut expect = match said {
            Value::String(_) => named(said),
            Value::Array(parts) => {
                let mut expect = named(&parts[0]);
                for (name, value) in parts[1].as_object().into_iter().flatten() {
                    expect[name] = value.clone();
                }
                expect
            }
            whole => whole.clone(),
        };
        if let Some(members) = expect.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        if expect["limited"] == "declared" {
            expect["limited"] = self.operation["limited"].clone();
        }
        if let Some(twin) = expect.get("same_as") {
            expect["same_as"] = self.sent(twin);
        }
        without_nulls(expect)
    }

    /// The plainest request of the operation with `change` made to it, and who sends it.
    fn sent(&self, change: &Value) -> Value {
        let plainest = &self.operation["plainest"];
        let mut request = Map::new();
        let method = change.get("method").unwrap_or(&plainest["method"]);
        request.insert("method".into(), method.clone());
        let target = target(plainest["target"].as_str().unwrap_or_default(), change);
        request.insert("target".into(), json!(target));
        let headers = headers(&plainest["headers"], change);
        if !headers.is_empty() {
            request.insert("headers".into(), json!(headers));
        }
        if let Some(body) = body(plainest.get("body"), change) {
            request.insert("body".into(), json!(body));
        }
        for name in ["hex", "pad", "chunked", "declare", "no_host"] {
            if let Some(value) = change.get(name) {
                request.insert(name.into(), value.clone());
            }
        }
        let mut sent = json!({ "request": request });
        if let Some(token) = self.token(change) {
            sent["token"] = token;
        }
        sent
    }

    fn token(&self, change: &Value) -> Option<Value> {
        let by = change.get("by").unwrap_or(&self.operation["by"]).as_str()?;
        let mut token = self.lines.callers.get(by)?.clone();
        if let Some(changed) = change.get("token") {
            edit(&mut token, changed);
            for name in ["header", "claims"] {
                token[name] = spelled(token[name].take(), &mut Vec::new());
            }
            for name in ["key", "more_header", "more_claims", "tail", "respelled"] {
                if let Some(value) = changed.get(name) {
                    token[name] = json!(text(value));
                }
            }
            for name in ["keys", "scheme"] {
                if let Some(value) = changed.get(name) {
                    token[name] = value.clone();
                }
            }
        }
        Some(token)
    }
}

fn without_nulls(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    value
}

/// `path` or `query` instead of the plain one; `prefix`, `suffix` and `and` beside them.
fn target(plain: &str, change: &Value) -> String {
    let (path, query) = plain.split_once('?').unwrap_or((plain, ""));
    let or = |name: &str, plain: &str| change.get(name).map_or(plain.to_owned(), text);
    let mut target = format!(
        "{}{}{}",
        or("prefix", ""),
        or("path", path),
        or("suffix", "")
    );
    let mut query = or("query", query);
    if let Some(more) = change.get("and") {
        query = [query, text(more)].join("&");
    }
    let query = query.trim_start_matches('&');
    if !query.is_empty() {
        target.push('?');
        target.push_str(query);
    }
    target
}

fn headers(plain: &Value, change: &Value) -> Vec<Value> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let gone = list(&change["without"]);
    let mut fields = list(plain);
    fields.retain(|field| !gone.contains(&field[0]));
    for field in list(&change["with"]) {
        fields.push(json!([field[0], text(&field[1])]));
    }
    fields
}

/// `body` instead of the plain one, `null` for none at all; or `set` and `remove` at members of it.
fn body(plain: Option<&Value>, change: &Value) -> Option<String> {
    if change.get("hex").is_some() {
        return None;
    }
    match (change.get("body"), plain) {
        (Some(Value::Null), _) | (None, None) => None,
        (Some(raw), _) => Some(text(raw)),
        (None, Some(plain)) => {
            let mut value = plain.clone();
            edit(&mut value, change);
            let mut numbers = Vec::new();
            let mut body = spelled(value, &mut numbers).to_string();
            for (at, number) in numbers.iter().enumerate() {
                body = body.replace(&format!("\"{}\"", stand_in(at)), number);
            }
            Some(body)
        }
    }
}

/// Puts values at pointers of `set`, takes away what `remove` points at.
fn edit(value: &mut Value, change: &Value) {
    for (pointer, new) in change["set"].as_object().into_iter().flatten() {
        put(value, pointer, Some(new.clone()));
    }
    for pointer in change["remove"].as_array().into_iter().flatten() {
        put(value, pointer.as_str().unwrap_or_default(), None);
    }
}

fn put(value: &mut Value, pointer: &str, new: Option<Value>) {
    let Some((above, last)) = pointer.rsplit_once('/') else {
        *value = new.unwrap_or_default();
        return;
    };
    let last = last.replace("~1", "/").replace("~0", "~");
    match (value.pointer_mut(above), new) {
        (Some(Value::Object(members)), Some(new)) => drop(members.insert(last, new)),
        (Some(Value::Object(members)), None) => drop(members.remove(&last)),
        (Some(Value::Array(items)), Some(new)) => {
            let at: usize = last.parse().expect("an index of a list");
            items[at] = new;
        }
        _ => panic!("{pointer} points nowhere"),
    }
}

/// A text as it is, or a list of its parts: a text, or a text and how often it stands there.
pub fn text(said: &Value) -> String {
    match said {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(part).collect(),
        other => panic!("{other} is no text"),
    }
}

fn part(said: &Value) -> String {
    let Some(pair) = said.as_array() else {
        return text(said);
    };
    let times = pair[1].as_u64().unwrap_or_default() as usize;
    text(&pair[0]).repeat(times)
}

fn stand_in(number: usize) -> String {
    format!("palisade-number-{number}")
}

/// What is described rather than spelled out: `~text`, `~list` of items and how often each, `~number` as it is written.
fn spelled(value: Value, numbers: &mut Vec<String>) -> Value {
    match value {
        Value::Object(members) => {
            if let Some(parts) = members.get("~text") {
                return json!(text(parts));
            }
            if let Some(number) = members.get("~number") {
                numbers.push(text(number));
                return json!(stand_in(numbers.len() - 1));
            }
            if let Some(runs) = members.get("~list").and_then(Value::as_array) {
                let mut items = Vec::new();
                for run in runs {
                    let times = run[1].as_u64().unwrap_or_default() as usize;
                    let item = spelled(run[0].clone(), numbers);
                    items.extend(std::iter::repeat_n(item, times));
                }
                return Value::Array(items);
            }
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, member)| (name, spelled(member, numbers)))
                    .collect(),
            )
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| spelled(item, numbers))
            .collect(),
        other => other,
    }
}
