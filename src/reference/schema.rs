//! The vocabulary as a JSON Schema (2020-12), for editors and for whoever checks documents without palisade.
//!
//! It accepts what the strict reader accepts. What it cannot see (names that must be declared, upper bounds of sizes, what
//! two values say together) the reader refuses all the same; the page of the reference lists it.

use super::gaps::shown;
use super::places;
use super::words;
use crate::policy::gaps::Gap;
use crate::policy::vocabulary::syntax::Syntax;
use crate::policy::vocabulary::{Default, Key, LEVELS, Mapping, Value, Word};
use serde_json::{Map, Value as Json, json};

/// The whole schema. At its root it describes an OpenAPI document, of which it looks at `x-security` alone; the six
/// levels are definitions.
pub fn schema() -> Json {
    let mut definitions = Definitions::default();
    for (level, mapping) in LEVELS {
        let reference = definitions.mapping(mapping);
        if *level != mapping.name {
            definitions.made.insert((*level).to_owned(), reference);
        }
    }
    places::add(&mut definitions.made);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "OpenAPI with x-security, version 1",
        "description": "What palisade reads in `x-security`; everything else in the document is left to OpenAPI.",
        "$ref": "#/$defs/in.document",
        "$defs": definitions.made,
    })
}

#[derive(std::default::Default)]
struct Definitions {
    made: Map<String, Json>,
}

fn to(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

impl Definitions {
    fn mapping(&mut self, mapping: &Mapping) -> Json {
        if !self.made.contains_key(mapping.name) {
            // Stands there before its keys are looked at, so that a mapping may hold itself.
            self.made.insert(mapping.name.to_owned(), Json::Null);
            let made = self.make(mapping);
            self.made.insert(mapping.name.to_owned(), made);
        }
        to(mapping.name)
    }

    fn make(&mut self, mapping: &Mapping) -> Json {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut rules = Vec::new();
        for key in mapping.keys {
            properties.insert(key.name.to_owned(), self.key(key));
            if key.required {
                required.push(key.name);
            }
            rules.extend(needs(key));
        }
        let mut made = json!({
            "description": mapping.meaning,
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        });
        if !required.is_empty() {
            set(&mut made, "required", json!(required));
        }
        if mapping.filled {
            set(&mut made, "minProperties", json!(1));
        }
        if !rules.is_empty() {
            set(&mut made, "allOf", json!(rules));
        }
        made
    }

    fn key(&mut self, key: &Key) -> Json {
        match &key.value {
            Value::Gap(gap, holds) => refused(gap, holds),
            Value::Elsewhere(why, instead) => json!({
                "not": {},
                "description": format!("It {why}: {instead}."),
            }),
            value => {
                let mut made = self.value(value);
                let mut says = key.meaning.to_owned();
                if let Value::Size { most } = value {
                    says.push_str(&format!(" At most {}.", words::size(*most)));
                }
                if let Default::Said(what) = key.default {
                    says.push_str(&format!(" Default: {what}."));
                }
                set(&mut made, "description", json!(says));
                if let Default::Is(written) = key.default {
                    set(&mut made, "default", default(value, written));
                }
                made
            }
        }
    }

    fn value(&mut self, value: &Value) -> Json {
        match value {
            Value::Flag => json!({ "type": "boolean" }),
            Value::True => json!({ "const": true }),
            Value::Text => json!({ "type": "string", "pattern": "\\S" }),
            Value::Number { least, most } => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Value::Numbers(numbers) => any(numbers
                .iter()
                .map(|(number, meaning)| json!({ "const": number, "description": meaning }))
                .collect()),
            Value::Decimals(numbers) => any(numbers
                .iter()
                .map(|(number, meaning)| json!({ "const": default(value, number), "description": meaning }))
                .collect()),
            Value::Words(words) => any(words
                .iter()
                .filter(|word| word.is_enforced())
                .map(|word| json!({ "const": word.word, "description": word.meaning }))
                .collect()),
            Value::Syntax(syntax) => self.syntax(syntax),
            Value::Size { .. } => self.syntax(&crate::policy::vocabulary::syntax::SIZE),
            Value::List(item) => {
                json!({ "type": "array", "items": self.value(item), "minItems": 1, "uniqueItems": true })
            }
            Value::Set(item) => {
                json!({ "type": "array", "items": self.value(item), "uniqueItems": true })
            }
            Value::OneOrMore(item) => any(vec![self.value(item), self.value(&Value::List(item))]),
            Value::Named { of, to, filled } => {
                let mut made = json!({ "type": "object", "additionalProperties": self.value(to) });
                if !of.pattern.is_empty() {
                    set(&mut made, "propertyNames", self.syntax(of));
                }
                if *filled {
                    set(&mut made, "minProperties", json!(1));
                }
                made
            }
            Value::Mapping(mapping) => self.mapping(mapping),
            Value::Either(all) => any(all
                .iter()
                .filter(|value| !matches!(value, Value::Gap(..)))
                .map(|value| self.value(value))
                .collect()),
            // Only keys are gaps or belong elsewhere as a whole.
            Value::Gap(..) | Value::Elsewhere(..) => json!({ "not": {} }),
        }
    }

    fn syntax(&mut self, syntax: &Syntax) -> Json {
        if !self.made.contains_key(syntax.name) {
            let mut made = json!({
                "description": format!("{}, like `{}`", syntax.what, syntax.example),
                "type": "string",
                "pattern": syntax.pattern,
            });
            if !syntax.except.is_empty() {
                set(&mut made, "not", json!({ "enum": syntax.except }));
            }
            self.made.insert(syntax.name.to_owned(), made);
        }
        to(syntax.name)
    }
}

/// One of them; alternatives of alternatives are alternatives.
fn any(all: Vec<Json>) -> Json {
    let mut flat = Vec::new();
    for each in all {
        match each {
            Json::Object(mut each) if each.len() == 1 && each.contains_key("anyOf") => {
                if let Some(Json::Array(inner)) = each.remove("anyOf") {
                    flat.extend(inner);
                }
            }
            each => flat.push(each),
        }
    }
    match flat.len() {
        1 => flat.remove(0),
        _ => json!({ "anyOf": flat }),
    }
}

/// An editor shows the description where it marks the key.
fn refused(gap: &Gap, holds: &str) -> Json {
    json!({
        "not": {},
        "description": format!(
            "Not enforced by this version ({}): {}. Instead: {}. It will hold {holds}.",
            shown(gap.code), gap.why, gap.instead
        ),
        "$comment": shown(gap.code),
    })
}

/// A word that needs a key beside it.
fn needs(key: &Key) -> Vec<Json> {
    let needs = |word: &Word| {
        let beside = word.needs?;
        Some(json!({
            "if": { "properties": { key.name: { "const": word.word } }, "required": [key.name] },
            "then": { "required": [beside] },
        }))
    };
    words::of(&key.value).filter_map(needs).collect()
}

fn default(value: &Value, written: &str) -> Json {
    let literal = matches!(
        value,
        Value::Flag
            | Value::Number { .. }
            | Value::Numbers(_)
            | Value::Decimals(_)
            | Value::Set(_)
            | Value::Named { .. }
            | Value::Mapping(_)
    );
    match serde_json::from_str(written) {
        Ok(parsed) if literal => parsed,
        _ => json!(written),
    }
}

fn set(object: &mut Json, key: &str, value: Json) {
    if let Json::Object(map) = object {
        map.insert(key.to_owned(), value);
    }
}
