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
        for name in [
            "kind", "name", "wait", "revoke", "no_store", "handler", "open", "mounted",
        ] {
            if let Some(value) = self.line.get(name) {
                case[name] = value.clone();
            }
        }
        if let Some(crowd) = self.line.get("crowd") {
            case["crowd"] = self.crowd(crowd);
        }
        if let Some(before) = self.line.get("before") {
            case["before"] = self.before(before);
        }
        case["expect"] = self.expected();
        case
    }

    /// What is sent before, and before that.
    fn before(&self, before: &Value) -> Value {
        let mut sent = self.sent(before);
        for name in ["times", "status", "at_most", "failing", "wait"] {
            if let Some(value) = before.get(name) {
                sent[name] = value.clone();
            }
        }
        if let Some(first) = before.get("first") {
            sent["first"] = self.before(first);
        }
        sent
    }

    /// The plainest request of another operation, and how often it is sent.
    fn crowd(&self, crowd: &Value) -> Value {
        let operations = &self.lines.operations;
        let of = |(line, _): &&(Value, Vec<Value>)| line["operation"] == crowd["of"];
        let (operation, _) = operations.iter().find(of).expect("the operation is there");
        let mut sent = Case { operation, ..*self }.sent(&Value::Null);
        for name in ["of", "times", "besides"] {
            sent[name] = crowd[name].clone();
        }
        sent
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
        let way = change.get("as").or(plainest.get("as"));
        match body(plainest.get("body"), change, way).map(String::from_utf8) {
            None => {}
            Some(Ok(text)) => drop(request.insert("body".into(), json!(text))),
            Some(Err(bytes)) => {
                let digits = bytes.as_bytes().iter().map(|byte| format!("{byte:02x}"));
                request.insert("hex".into(), json!(digits.collect::<String>()));
            }
        }
        // What fills a form up says nothing in it.
        if way.is_some_and(|way| way == "form") {
            request.insert("filler".into(), json!("&"));
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
fn body(plain: Option<&Value>, change: &Value, way: Option<&Value>) -> Option<Vec<u8>> {
    if change.get("hex").is_some() {
        return None;
    }
    match (change.get("body"), plain) {
        (Some(Value::Null), _) | (None, None) => None,
        (Some(raw), _) => Some(text(raw).into_bytes()),
        (None, Some(plain)) => {
            let mut value = plain.clone();
            edit(&mut value, change);
            let mut numbers = Vec::new();
            let mut body = written(&spelled(value, &mut numbers), way);
            if !numbers.is_empty() {
                let mut text = String::from_utf8(body).expect("numbers stand in JSON");
                for (at, number) in numbers.iter().enumerate() {
                    text = text.replace(&format!("\"{}\"", stand_in(at)), number);
                }
                body = text.into_bytes();
            }
            Some(body)
        }
    }
}

/// A body as JSON, or as what `way` says.
pub fn written(value: &Value, way: Option<&Value>) -> Vec<u8> {
    match way.and_then(Value::as_str) {
        None | Some("json") => value.to_string().into_bytes(),
        Some("form") => form(value).into_bytes(),
        Some("parts") => parts(value),
        Some("bytes") => file_bytes(&value["~file"]),
        Some("text") => match value.as_str() {
            Some(text) => text.to_owned().into_bytes(),
            None => value.to_string().into_bytes(),
        },
        Some(other) => panic!("{other} is no way to write a body"),
    }
}

/// A part for each member, one for each item of a list: objects as JSON, files as bytes, everything else as text.
fn parts(value: &Value) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let one = std::slice::from_ref(value);
        for item in value.as_array().map_or(one, Vec::as_slice) {
            let (more, content) = match (item, item.get("~file")) {
                (_, Some(file)) => (file_head(file), file_bytes(file)),
                (Value::String(text), _) => (String::new(), text.clone().into_bytes()),
                (Value::Object(_), _) => (
                    "\r\nContent-Type: application/json".to_owned(),
                    item.to_string().into_bytes(),
                ),
                (other, _) => (String::new(), other.to_string().into_bytes()),
            };
            let name = format!("Content-Disposition: form-data; name=\"{name}\"{more}");
            body.extend(format!("--palisade\r\n{name}\r\n\r\n").into_bytes());
            body.extend(content);
            body.extend(b"\r\n");
        }
    }
    body.extend(b"--palisade--\r\n");
    body
}

fn file_head(file: &Value) -> String {
    let name = file["name"].as_str();
    let name = name.map(|name| format!("; filename=\"{name}\""));
    let kind = file["type"].as_str();
    let kind = kind.map(|kind| format!("\r\nContent-Type: {kind}"));
    [name, kind].into_iter().flatten().collect()
}

/// How it begins, filled up to its length.
fn file_bytes(file: &Value) -> Vec<u8> {
    let mut bytes = bytes(file["hex"].as_str().unwrap_or_default());
    let length = file["fill"].as_u64().unwrap_or_default() as usize;
    bytes.resize(bytes.len().max(length), b'.');
    bytes
}

/// Bytes by their digits.
pub fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// Everything but unreserved characters as `%XX`.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A pair for each member, one for each item of a list.
fn form(value: &Value) -> String {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let one = std::slice::from_ref(value);
        for item in value.as_array().map_or(one, Vec::as_slice) {
            let text = match item {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            pairs.push(format!("{}={}", escaped(name), escaped(&text)));
        }
    }
    pairs.join("&")
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
