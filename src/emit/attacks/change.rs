//! A request as what differs from the plainest one of its operation: short enough to be read, and to be kept.

use super::case::{Body, Key, LEXEME, Request, Sent, Token};
use super::form;
use crate::emit::unseen::unseen;
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// Members of a line, in reading order.
pub type Members = Vec<(&'static str, Value)>;

/// Texts up to here are spelled out. In bytes.
const SHORT: usize = 100;

/// What is repeated must cover so many characters to be described.
const WORTH: usize = 20;

/// What of `sent` is not as in `base`.
pub fn change(base: &Sent, sent: &Sent, callers: &[(String, Rc<Token>)]) -> Members {
    let mut out = Members::new();
    let (old, new) = (&base.request, &sent.request);
    if old.method != new.method {
        out.push(("method", json!(new.method)));
    }
    target(&old.target, &new.target, &mut out);
    headers(old, new, &mut out);
    body(old, new, &mut out);
    if let (Some(media), true) = (new.written, new.written != old.written) {
        out.push(("as", json!(form::word(media))));
    }
    if let Some(pad) = new.pad {
        out.push(("pad", json!(pad)));
    }
    if let Some(declare) = new.declare {
        out.push(("declare", json!(declare)));
    }
    for (name, on) in [("chunked", new.chunked), ("no_host", new.no_host)] {
        if on {
            out.push((name, json!(true)));
        }
    }
    token(base, sent, callers, &mut out);
    out
}

fn target(old: &str, new: &str, out: &mut Members) {
    if old == new {
        return;
    }
    let halves = |target: &str| match target.split_once('?') {
        Some((path, query)) => (path.to_owned(), query.to_owned()),
        None => (target.to_owned(), String::new()),
    };
    let ((old_path, old_query), (path, query)) = (halves(old), halves(new));
    if path != old_path {
        if let Some(suffix) = path.strip_prefix(&old_path) {
            out.push(("suffix", text(suffix)));
        } else if let Some(prefix) = path.strip_suffix(&old_path) {
            out.push(("prefix", text(prefix)));
        } else {
            out.push(("path", text(&path)));
        }
    }
    if query != old_query {
        let more = match old_query.as_str() {
            "" => Some(query.as_str()),
            had => query
                .strip_prefix(had)
                .and_then(|rest| rest.strip_prefix('&')),
        };
        match more {
            Some(more) => out.push(("and", text(more))),
            None => out.push(("query", text(&query))),
        }
    }
}

fn headers(old: &Request, new: &Request, out: &mut Members) {
    let gone: Vec<&str> = old
        .headers
        .iter()
        .filter(|field| !new.headers.contains(field))
        .map(|(name, _)| name.as_str())
        .collect();
    let come: Vec<Value> = new
        .headers
        .iter()
        .filter(|field| !old.headers.contains(field))
        .map(|(name, value)| json!([name, text(value)]))
        .collect();
    if !gone.is_empty() {
        out.push(("without", json!(gone)));
    }
    if !come.is_empty() {
        out.push(("with", json!(come)));
    }
}

fn body(old: &Request, new: &Request, out: &mut Members) {
    match (&old.body, &new.body) {
        (None, None) => {}
        (Some(Body::Json(old)), Some(Body::Json(new_body))) => {
            if !Rc::ptr_eq(old, new_body) {
                edits(old, new_body, new.lexeme.as_deref(), out);
            }
        }
        (_, None) => out.push(("body", Value::Null)),
        (_, Some(Body::Json(value))) => out.push(("body", text(&value.to_string()))),
        (_, Some(Body::Text(raw))) => out.push(("body", text(raw))),
        (_, Some(Body::Runs(runs))) => out.push(("body", json!(runs))),
        (_, Some(Body::Hex(hex))) => out.push(("hex", json!(hex))),
    }
}

fn token(base: &Sent, sent: &Sent, callers: &[(String, Rc<Token>)], out: &mut Members) {
    let caller = |token: &Rc<Token>| callers.get(token.caller);
    let name = |sent: &Sent| sent.token.as_ref().and_then(caller).map(|(name, _)| name);
    if name(base) != name(sent) {
        out.push(("by", json!(name(sent))));
    }
    let Some(new) = &sent.token else { return };
    let Some((_, old)) = caller(new).filter(|(_, old)| !Rc::ptr_eq(old, new)) else {
        return;
    };
    let parts = |token: &Token| json!({ "header": token.header, "claims": token.claims });
    let mut changed = Members::new();
    edits(&parts(old), &parts(new), None, &mut changed);
    if new.scheme != old.scheme {
        changed.push(("scheme", json!(new.scheme)));
    }
    if new.keys != old.keys {
        changed.push(("keys", json!(new.keys)));
    }
    if new.key != Key::Ours {
        changed.push(("key", json!(new.key)));
    }
    for (name, more) in [
        ("more_header", &new.more_header),
        ("more_claims", &new.more_claims),
        ("tail", &new.tail),
    ] {
        if !more.is_empty() {
            changed.push((name, text(more)));
        }
    }
    if !new.respelled.is_empty() {
        changed.push(("respelled", json!(new.respelled)));
    }
    out.push(("token", object(changed)));
}

/// `set` and `remove`: what makes `new` of `old`.
fn edits(old: &Value, new: &Value, lexeme: Option<&str>, out: &mut Members) {
    let (mut set, mut remove) = (Map::new(), Vec::new());
    walk(old, new, &mut String::new(), &mut |pointer, value| {
        match value {
            Some(value) => drop(set.insert(pointer.to_owned(), described(value, lexeme))),
            None => remove.push(Value::from(pointer)),
        };
    });
    if !set.is_empty() {
        out.push(("set", Value::Object(set)));
    }
    if !remove.is_empty() {
        out.push(("remove", Value::Array(remove)));
    }
}

fn walk(old: &Value, new: &Value, at: &mut String, found: &mut impl FnMut(&str, Option<&Value>)) {
    if old == new {
        return;
    }
    let mut inside = |at: &mut String, step: &str, old: Option<&Value>, new: Option<&Value>| {
        let length = at.len();
        at.push('/');
        at.push_str(&step.replace('~', "~0").replace('/', "~1"));
        match (old, new) {
            (Some(old), Some(new)) => walk(old, new, at, found),
            (_, new) => found(at, new),
        }
        at.truncate(length);
    };
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            for name in before.keys().filter(|name| !after.contains_key(*name)) {
                inside(at, name, None, None);
            }
            for (name, value) in after {
                inside(at, name, before.get(name), Some(value));
            }
        }
        (Value::Array(before), Value::Array(after))
            if before.len() == after.len() && !before.is_empty() =>
        {
            for (number, (old, new)) in before.iter().zip(after).enumerate() {
                inside(at, &number.to_string(), Some(old), Some(new));
            }
        }
        _ => found(at, Some(new)),
    }
}

/// A value with its long texts and long lists described.
fn described(value: &Value, lexeme: Option<&str>) -> Value {
    match value {
        Value::String(word) if word == LEXEME => match lexeme {
            Some(lexeme) => json!({ "~number": lexeme }),
            None => value.clone(),
        },
        Value::String(word) => match text(word) {
            Value::String(word) => Value::String(word),
            parts => json!({ "~text": parts }),
        },
        Value::Array(items) => {
            let mut runs: Vec<(&Value, usize)> = Vec::new();
            for item in items {
                match runs.last_mut() {
                    Some((last, count)) if *last == item => *count += 1,
                    _ => runs.push((item, 1)),
                }
            }
            if runs.len() + 2 >= items.len() {
                return items.iter().map(|item| described(item, lexeme)).collect();
            }
            let runs: Vec<Value> = runs
                .into_iter()
                .map(|(item, count)| json!([described(item, lexeme), count]))
                .collect();
            json!({ "~list": runs })
        }
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), described(value, lexeme)))
            .collect::<Map<_, _>>()
            .into(),
        _ => value.clone(),
    }
}

/// A text as it is, or, when it is long and repeats itself, as a list of parts: a text, or a text and how often.
pub fn text(whole: &str) -> Value {
    if whole.len() <= SHORT {
        return Value::from(whole);
    }
    let characters: Vec<char> = whole.chars().collect();
    let (mut parts, mut plain, mut at) = (Vec::new(), String::new(), 0);
    while let Some(rest) = characters.get(at..).filter(|rest| !rest.is_empty()) {
        let (unit, times) = repeated(rest);
        if unit * times < WORTH || times < 3 {
            plain.extend(rest.first());
            at += 1;
            continue;
        }
        if !plain.is_empty() {
            parts.push(Value::from(std::mem::take(&mut plain)));
        }
        let unit_text: String = rest.iter().take(unit).collect();
        parts.push(json!([unit_text, times]));
        at += unit * times;
    }
    if parts.is_empty() {
        return Value::from(whole);
    }
    if !plain.is_empty() {
        parts.push(Value::from(plain));
    }
    Value::Array(parts)
}

/// The unit of one to eight characters that covers most of the beginning, and how often it stands there.
fn repeated(characters: &[char]) -> (usize, usize) {
    let mut best = (1, 1);
    for unit in 1..=8.min(characters.len()) {
        let Some(first) = characters.get(..unit) else {
            break;
        };
        let times = characters
            .chunks_exact(unit)
            .take_while(|chunk| *chunk == first)
            .count();
        if times > 1 && unit * times > best.0 * best.1 {
            best = (unit, times);
        }
    }
    best
}

/// As a value; its members are sorted by name.
pub fn object(members: Members) -> Value {
    let members = members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    Value::Object(members.collect())
}

/// As a line, in the order in which the members are.
pub fn line(members: &[(&'static str, Value)], text: &mut String) {
    for (at, (name, value)) in members.iter().enumerate() {
        text.push(if at == 0 { '{' } else { ',' });
        text.push('"');
        text.push_str(name);
        text.push_str("\":");
        // Strings, numbers and maps with string keys: there is nothing here that JSON cannot say.
        for c in serde_json::to_string(value).unwrap_or_default().chars() {
            if unseen(c) {
                // As JSON has it too: a line that is shown stays one, and hides nothing.
                for unit in c.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                text.push(c);
            }
        }
    }
    text.push_str("}\n");
}
