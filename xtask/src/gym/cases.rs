//! Groups of the JSON Schema test suite, and what is added to a schema that leaves open what palisade asks for.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A schema of the suite and its instances.
pub struct Group {
    pub file: String,
    pub name: String,
    pub schema: Value,
    pub tests: Vec<Test>,
}

pub struct Test {
    pub name: String,
    pub data: Value,
    pub valid: bool,
}

/// Which keywords are about which kind of value.
const KINDS: [(&str, &[&str]); 4] = [
    ("string", &["minLength", "maxLength", "pattern", "format"]),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    (
        "object",
        &[
            "properties",
            "required",
            "minProperties",
            "maxProperties",
            "additionalProperties",
            "propertyNames",
        ],
    ),
];

impl Group {
    pub fn new(file: &str, group: &Value) -> Self {
        let text = |value: &Value, key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let tests = group.get("tests").and_then(Value::as_array);
        let test = |test: &Value| Test {
            name: text(test, "description"),
            data: test.get("data").cloned().unwrap_or(Value::Null),
            valid: test.get("valid").and_then(Value::as_bool).unwrap_or(false),
        };
        let mut schema = group.get("schema").cloned().unwrap_or(Value::Null);
        if let Some(map) = schema.as_object_mut() {
            // The dialect of the draft, and words for people.
            map.remove("$schema");
            map.remove("$comment");
        }
        Group {
            file: file.to_owned(),
            name: text(group, "description"),
            schema,
            tests: tests.into_iter().flatten().map(test).collect(),
        }
    }

    /// The schema as palisade is asked to take it: itself, or with what it leaves open filled in.
    pub fn variants(&self) -> Vec<Variant> {
        let Some(schema) = self.schema.as_object() else {
            return vec![Variant::of(self.schema.clone())];
        };
        let mut schema = schema.clone();
        let kinds = match schema.get("type") {
            // Integers are numbers: what is said of numbers alone is said of them too.
            None if kind_of(&schema) == Some("number") => vec!["integer", "number"],
            None => kind_of(&schema).into_iter().collect(),
            Some(_) => Vec::new(),
        };
        if let [one, other] = kinds[..] {
            let of = |kind: &str| {
                let mut schema = schema.clone();
                schema.insert("type".to_owned(), json!(kind));
                Variant::of(Value::Object(schema))
            };
            return vec![of(one), of(other)];
        }
        if let [kind] = kinds[..] {
            schema.insert("type".to_owned(), json!(kind));
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("array") if !schema.contains_key("items") => self.with_items(&schema),
            Some("object") if values(&schema).is_some() => {
                vec![Variant::of(Value::Object(schema))]
            }
            Some("object") => {
                let members = self.members(&schema);
                vec![Variant::of(with_members(schema, members))]
            }
            _ => vec![Variant::of(Value::Object(schema))],
        }
    }

    /// Once for each kind of item that instances have.
    fn with_items(&self, schema: &Map<String, Value>) -> Vec<Variant> {
        let items = || {
            let lists = self.tests.iter().filter_map(|test| test.data.as_array());
            lists.flatten()
        };
        let kinds = ["integer", "number", "string", "boolean"];
        let found: Vec<&str> = kinds
            .into_iter()
            .filter(|kind| items().any(|item| is(kind, item)))
            .collect();
        let made = found.into_iter().map(|kind| {
            let mut schema = schema.clone();
            schema.insert("items".to_owned(), json!({ "type": kind }));
            Variant::of(Value::Object(schema))
        });
        let made: Vec<Variant> = made.collect();
        match made.is_empty() {
            true => vec![Variant::of(Value::Object(schema.clone()))],
            false => made,
        }
    }

    /// Names that the schema mentions without a type, or that only instances have, with the kind of the first value.
    fn members(&self, schema: &Map<String, Value>) -> BTreeMap<String, &'static str> {
        let declared = schema.get("properties").and_then(Value::as_object);
        let open = |value: &Value| *value == json!(true) || *value == json!({});
        let mut names: Vec<String> = Vec::new();
        for (name, value) in declared.into_iter().flatten() {
            if open(value) {
                names.push(name.clone());
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        names.extend(
            required
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned)),
        );
        let objects = || self.tests.iter().filter_map(|test| test.data.as_object());
        if declared.is_none() {
            names.extend(objects().flat_map(|object| object.keys().cloned()));
        }
        names.retain(|name| {
            declared
                .and_then(|declared| declared.get(name))
                .is_none_or(open)
        });
        let kind = |name: &String| {
            let value = objects().find_map(|object| object.get(name));
            ["integer", "boolean", "string"]
                .into_iter()
                .find(|kind| value.is_some_and(|value| is(kind, value)))
                .unwrap_or("string")
        };
        names
            .iter()
            .map(|name| (name.clone(), kind(name)))
            .collect()
    }
}

/// The one kind that the keywords of a schema are about.
fn kind_of(schema: &Map<String, Value>) -> Option<&'static str> {
    let words = |values: &[Value]| values.iter().all(Value::is_string) && !values.is_empty();
    let named = schema.get("enum").and_then(Value::as_array);
    if named.is_some_and(|values| words(values))
        || schema.get("const").is_some_and(Value::is_string)
    {
        return Some("string");
    }
    let mut kinds = KINDS
        .iter()
        .filter(|(_, keywords)| keywords.iter().any(|keyword| schema.contains_key(*keyword)));
    match (kinds.next(), kinds.next()) {
        (Some((kind, _)), None) => Some(kind),
        _ => None,
    }
}

fn with_members(mut schema: Map<String, Value>, members: BTreeMap<String, &'static str>) -> Value {
    let properties = schema
        .entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Some(properties) = properties.as_object_mut() {
        for (name, kind) in members {
            properties.insert(name, json!({ "type": kind }));
        }
    }
    Value::Object(schema)
}

/// A schema as palisade is asked to take it.
pub struct Variant {
    pub schema: Value,
}

impl Variant {
    fn of(schema: Value) -> Self {
        Variant { schema }
    }

    /// Whether an instance is within what was added, or is always asked for: types, and no members but the declared ones.
    pub fn admits(&self, data: &Value) -> bool {
        within(&self.schema, data)
    }
}

/// Only types, and objects that are closed unless they say otherwise: everything else is the suite's to say.
fn within(schema: &Value, data: &Value) -> bool {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    if !kinds.iter().any(|kind| is(kind, data)) {
        return false;
    }
    match data {
        Value::Array(list) => {
            let items = schema.get("items");
            items.is_none_or(|items| list.iter().all(|item| within(items, item)))
        }
        Value::Object(object) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            // What is said of members that nobody declares lets them in, alone or beside `properties` (ruling 39).
            let values = schema.get("additionalProperties");
            let values = values.filter(|values| values.as_bool() != Some(false));
            object.iter().all(|(name, value)| {
                let declared = properties.and_then(|properties| properties.get(name));
                declared
                    .or(values)
                    .is_some_and(|schema| within(schema, value))
            })
        }
        _ => true,
    }
}

/// What the values are of an object whose names are data.
fn values(schema: &Map<String, Value>) -> Option<&Value> {
    let values = schema.get("additionalProperties")?;
    (values.is_object() && !schema.contains_key("properties")).then_some(values)
}

/// Whether a value is of a kind. `1.0` is an integer (ruling 95).
fn is(kind: &str, data: &Value) -> bool {
    match kind {
        "integer" => data.is_i64() || data.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => data.is_number(),
        "string" => data.is_string(),
        "boolean" => data.is_boolean(),
        "array" => data.is_array(),
        "object" => data.is_object(),
        "null" => data.is_null(),
        _ => false,
    }
}
