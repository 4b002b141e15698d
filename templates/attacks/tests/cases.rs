//! `cases.jsonl`, read: a manifest, cases, and what palisade could not make a case of.

use serde_json::Value;

pub struct Cases {
    pub manifest: Value,
    pub cases: Vec<Value>,
    pub skipped: Vec<Value>,
}

/// The attacks of this service. A line that is no JSON is a broken project, and said so.
pub fn read() -> Cases {
    let text = include_str!("../cases.jsonl");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("cases.jsonl holds one JSON object a line"));
    let manifest = lines.next().expect("cases.jsonl begins with its manifest");
    let (skipped, cases) = lines.partition(|line| line.get("skipped").is_some());
    Cases { manifest, cases, skipped }
}

/// A member that is a string, or nothing.
pub fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member that is an array, or nothing.
pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
