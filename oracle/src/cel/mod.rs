//! CEL, as far as the vocabulary has it: read from its text and evaluated as it stands, with values that know their kind.
//!
//! Written from the specification of CEL, not from palisade's compiler: nothing is typed beforehand and nothing becomes Rust.
//! Evaluation goes left to right, and what cannot be decided ends it (X-SECURITY.md, CEL; decision 18): `undecided || true` is
//! undecided. `tests/gym/cel/rows.yaml`, written by hand, holds this interpreter as well as what is emitted.

mod evaluate;
mod read;
#[cfg(test)]
mod tests;
mod time;
mod tokens;

pub use evaluate::Undecided;
pub use time::timestamp;

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What an expression can be about.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    /// Nanoseconds since 1970.
    Time(i128),
    /// Nanoseconds.
    Duration(i128),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

/// `principal`, `resource`, `request` or `this`, by name.
pub type Roots = BTreeMap<String, Value>;

/// An expression, understood.
#[derive(Debug, Clone)]
pub struct Expression(read::Node);

impl Expression {
    /// # Errors
    ///
    /// What of the text the oracle does not understand.
    pub fn read(text: &str) -> Result<Expression, String> {
        read::read(text).map(Expression)
    }

    /// Yes or no.
    ///
    /// # Errors
    ///
    /// Neither: something is not there, or cannot be calculated.
    pub fn says(&self, roots: &Roots) -> Result<bool, Undecided> {
        evaluate::decided(&self.0, roots)
    }

    /// Whether something of this root is read.
    pub fn reads(&self, root: &str) -> bool {
        self.0.reads(root)
    }
}

/// What a body says. Numbers that are no integers are never compared with any.
pub fn of_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Int),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(of_json).collect()),
        Json::Object(members) => {
            let members = members.iter();
            Value::Map(
                members
                    .map(|(name, value)| (name.clone(), of_json(value)))
                    .collect(),
            )
        }
    }
}
