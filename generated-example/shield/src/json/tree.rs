//! Any JSON value, owned: what a handler gets and gives where the document leaves the value open.

use super::value::twice;
use super::{DEEPEST, Put, Reader, Take, Writer};
use crate::grants::Grants;
use crate::number::Number;
use crate::schema::{Free, Schema};
use std::fmt;

/// Any JSON value. Strict, as everything that is read is: no name twice in one object, no NUL, nothing beyond the range of
/// numbers.
///
/// Null is a value of it, so where it may be left out there are `None` and `Some(Json::Null)`. `Debug` shows nothing of what
/// it holds: nobody said that it may be logged.
#[derive(Clone)]
pub enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Members),
}

/// The members of an object in the order they came, each name once.
#[derive(Clone, Default)]
pub struct Members(Vec<(String, Json)>);

impl Json {
    /// An object of these members. `None` when a name stands there twice.
    pub fn object(members: impl IntoIterator<Item = (String, Json)>) -> Option<Json> {
        Members::new(members.into_iter().collect()).map(Json::Object)
    }

    /// The member of that name, if it is an object and has one.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object().and_then(|members| members.get(name))
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is an integer of 64 bits exactly; `1e2` is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Json::Number(number) => number.as_integer(),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&Members> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }
}

impl Members {
    /// `None` when a name stands there twice.
    fn new(members: Vec<(String, Json)>) -> Option<Self> {
        // guard: free-duplicate
        if twice(&members).is_some() {
            return None;
        }
        Some(Members(members))
    }

    pub fn get(&self, name: &str) -> Option<&Json> {
        let mut members = self.0.iter();
        members.find_map(|(each, value)| (each == name).then_some(value))
    }

    /// In the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Members {
    type Item = (String, Json);
    type IntoIter = std::vec::IntoIter<(String, Json)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Json::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Json::Number(value.into())
    }
}

impl From<Number> for Json {
    fn from(number: Number) -> Self {
        Json::Number(number)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::Text(text)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Json::List(items)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[JSON]")
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[JSON]")
    }
}

/// Of all values the reader reads, those that the rule bounds; the reader bounds how deep they nest.
impl Take for Json {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, _by: &Grants) -> Option<Self> {
        match schema {
            Schema::Json(rule) => json.free(rule),
            _ => None,
        }
    }
}

impl Put for Json {
    fn put(&self, w: &mut Writer, _g: &Grants) {
        put(self, DEEPEST, w);
    }
}

/// `left` containers may still be opened. A handler may have built what nobody could read.
fn put(value: &Json, left: u32, w: &mut Writer) {
    match value {
        Json::Null => w.null(),
        Json::Bool(value) => w.boolean(*value),
        Json::Number(number) => w.lexeme(number.as_str()),
        Json::Text(text) => w.text(text),
        Json::List(_) | Json::Object(_) if left == 0 => {
            w.fail("a JSON value nests too deeply to be sent");
        }
        Json::List(items) => {
            w.open_array();
            for item in items {
                put(item, left.saturating_sub(1), w);
            }
            w.close_array();
        }
        Json::Object(members) => {
            w.open();
            for (name, value) in members.iter() {
                put(value, left.saturating_sub(1), w.member(name));
            }
            w.close();
        }
    }
}

impl Reader<'_> {
    /// Any value, bounded at every depth. What is too long refuses before the rest of it is read.
    pub fn free(&mut self, rule: &'static Free) -> Option<Json> {
        match self.peek()? {
            b'{' => self.free_object(rule),
            b'[' => self.free_list(rule),
            b'"' => {
                let text = self.string()?;
                // guard: free-string
                if crate::schema::length(&text) > rule.string {
                    return None;
                }
                Some(Json::Text(text.into_owned()))
            }
            b'-' | b'0'..=b'9' => Some(Json::Number(Number::of(self.number()?))),
            _ if self.null() => Some(Json::Null),
            _ => self.boolean().map(Json::Bool),
        }
    }

    fn free_list(&mut self, rule: &'static Free) -> Option<Json> {
        let mut items = Vec::new();
        self.open_array()?;
        while self.item()? {
            // guard: free-array
            if is_full(items.len(), rule.array) {
                return None;
            }
            items.push(self.free(rule)?);
        }
        Some(Json::List(items))
    }

    fn free_object(&mut self, rule: &'static Free) -> Option<Json> {
        let mut members = Vec::new();
        self.open_object()?;
        while let Some(name) = self.key()? {
            // guard: free-object
            if is_full(members.len(), rule.object) {
                return None;
            }
            members.push((name.into_owned(), self.free(rule)?));
        }
        Members::new(members).map(Json::Object)
    }
}

fn is_full(length: usize, max: u64) -> bool {
    u64::try_from(length).map_or(true, |length| length >= max)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::json::decode;

    static RULE: Free = Free::new(3, 2, 2);

    fn read(text: &str) -> Option<Json> {
        decode(text.as_bytes(), 4, |json| json.free(&RULE))
    }

    fn written(value: &Json) -> Result<String, &'static str> {
        let mut w = Writer::new();
        value.put(&mut w, &Grants::default());
        match w.failed() {
            Some(why) => Err(why),
            None => Ok(String::from_utf8(w.into_bytes()).unwrap()),
        }
    }

    #[test]
    fn what_is_bounded_goes_in_and_out_as_it_was() {
        for text in [
            "null",
            "true",
            "false",
            "-0.10e+2",
            "123456789012345678901234567890.5",
            r#""äöü""#,
            "[]",
            "{}",
            r#"[[1,[[]]],{"b":null,"a":"abc"}]"#,
            r#"{"":{"":{"":{}}}}"#,
        ] {
            assert_eq!(written(&read(text).unwrap()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_not_bounded_is_refused_at_every_depth() {
        for inner in [
            r#""abcd""#,
            "[1,2,3]",
            r#"{"a":1,"b":2,"c":3}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":1}"#,
            r#""\u0000""#,
            r#"{"\u0000":1}"#,
            r#""\ud800""#,
            "1e400",
            "01",
            "nul",
        ] {
            for text in [
                inner.to_owned(),
                format!("[{inner}]"),
                format!(r#"{{"x":[{inner}]}}"#),
            ] {
                assert!(read(&text).is_none(), "{text}");
            }
        }
        assert!(read("[[[[]]]]").is_some());
        assert!(read("[[[[[]]]]]").is_none());
        assert!(read("1 2").is_none());
    }

    #[test]
    fn a_handler_builds_nothing_that_is_no_json() {
        let twice = [("a", 1), ("a", 2)].map(|(name, value)| (name.to_owned(), value.into()));
        assert!(Json::object(twice).is_none());
        let mut deep = Json::Null;
        for _ in 0..DEEPEST {
            deep = Json::List(vec![deep]);
        }
        assert!(written(&deep).is_ok());
        assert!(written(&vec![deep].into()).is_err());
    }

    #[test]
    fn nothing_is_shown() {
        let value = Json::object([("who".to_owned(), Json::from("secret"))]).unwrap();
        assert_eq!(format!("{value:?}"), "[JSON]");
        assert_eq!(value.get("who").and_then(Json::as_text), Some("secret"));
    }
}
