//! `cases.jsonl`, read, and how its values are looked at.

use crate::expand::Lines;
use serde_json::Value;

/// The attacks on this service.
pub fn read() -> Lines {
    Lines::read(include_str!("../cases.jsonl"))
}

/// A member that is a string, or nothing.
pub fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member that is an array, or nothing.
pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}
