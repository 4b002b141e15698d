//! Whether a value is what a schema says: JSON Schema's own text, for the alternatives of `oneOf` and `anyOf`, of which it is
//! counted how many fit.
//!
//! As in all that is sent, members that are not declared are none (ruling 39), and what is `readOnly` is not missed (ruling 98).

use crate::tree::{Tree, flag, items, members, words};
use regex::Regex;
use serde_json::{Map, Value};

/// The schema with every reference written out.
pub(crate) fn whole<'d>(tree: &Tree<'d>, schema: &'d Value, depth: usize) -> Result<Value, String> {
    if depth > 12 {
        return Err("a schema beyond the oracle".to_owned());
    }
    let schema = tree.resolve(schema)?;
    Ok(match schema {
        Value::Object(keys) => {
            let mut made = Map::new();
            for (key, node) in keys {
                made.insert(key.clone(), whole(tree, node, depth + 1)?);
            }
            Value::Object(made)
        }
        Value::Array(list) => {
            let list = list.iter().map(|node| whole(tree, node, depth + 1));
            Value::Array(list.collect::<Result<_, _>>()?)
        }
        plain => plain.clone(),
    })
}

/// `schema` has no references.
pub(crate) fn valid(schema: &Value, value: &Value) -> bool {
    let fits = |schema: &&Value| valid(schema, value);
    let all = |key: &str| items(schema.get(key));
    kind(schema, value)
        && schema.get("const").is_none_or(|word| word == value)
        && schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|words| words.contains(value))
        && all("allOf").all(|part| valid(part, value))
        && (schema.get("oneOf").is_none() || all("oneOf").filter(fits).count() == 1)
        && (schema.get("anyOf").is_none() || all("anyOf").any(|part| valid(part, value)))
        && match value {
            Value::Number(number) => numbers(schema, number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => texts(schema, text),
            Value::Array(list) => lists(schema, list),
            Value::Object(sent) => objects(schema, sent),
            Value::Null | Value::Bool(_) => true,
        }
}

fn kind(schema: &Value, value: &Value) -> bool {
    let named = words(schema.get("type"));
    let is = |name: &str| match (name, value) {
        ("null", Value::Null)
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("string", Value::String(_))
        | ("array", Value::Array(_))
        | ("object", Value::Object(_)) => true,
        ("integer", Value::Number(number)) => {
            number.as_f64().is_some_and(|value| value.fract() == 0.0)
        }
        _ => false,
    };
    let null = value.is_null() && flag(schema, "nullable");
    named.is_empty() || null || named.iter().any(|name| is(name))
}

fn bound(schema: &Value, key: &str, holds: impl Fn(f64) -> bool) -> bool {
    schema.get(key).and_then(Value::as_f64).is_none_or(holds)
}

fn numbers(schema: &Value, number: f64) -> bool {
    bound(schema, "minimum", |least| number >= least)
        && bound(schema, "maximum", |most| number <= most)
        && bound(schema, "exclusiveMinimum", |least| number > least)
        && bound(schema, "exclusiveMaximum", |most| number < most)
        && bound(schema, "multipleOf", |step| (number / step).fract() == 0.0)
}

fn texts(schema: &Value, text: &str) -> bool {
    let length = text.chars().count() as f64;
    let pattern = schema.get("pattern").and_then(Value::as_str);
    bound(schema, "minLength", |least| length >= least)
        && bound(schema, "maxLength", |most| length <= most)
        && pattern.is_none_or(|pattern| Regex::new(pattern).is_ok_and(|each| each.is_match(text)))
}

fn lists(schema: &Value, list: &[Value]) -> bool {
    let count = list.len() as f64;
    let item = schema.get("items");
    let differ = || {
        let mut all = list.iter().enumerate();
        all.all(|(at, one)| list.iter().take(at).all(|other| other != one))
    };
    bound(schema, "minItems", |least| count >= least)
        && bound(schema, "maxItems", |most| count <= most)
        && item.is_none_or(|item| list.iter().all(|each| valid(item, each)))
        && (!flag(schema, "uniqueItems") || differ())
}

fn objects(schema: &Value, sent: &Map<String, Value>) -> bool {
    let count = sent.len() as f64;
    let named = schema.get("properties");
    let values = schema
        .get("additionalProperties")
        .filter(|node| node.is_object());
    let declared = |name: &str| named.and_then(|named| named.get(name));
    let read_only = |name: &str| declared(name).is_some_and(|node| flag(node, "readOnly"));
    let mut required = words(schema.get("required")).into_iter();
    bound(schema, "minProperties", |least| count >= least)
        && bound(schema, "maxProperties", |most| count <= most)
        && required.all(|name| sent.contains_key(&name) || read_only(&name))
        && sent
            .iter()
            .all(|(name, value)| match (declared(name), values) {
                (Some(node), _) => valid(node, value),
                (None, Some(values)) => valid(values, value),
                (None, None) => named.is_none(),
            })
}

/// Whether an object may as well be meant to be of `other` as of an alternative that its words speak for: no word tells these
/// two apart, and it has a member that `other` requires and the alternative does not declare.
pub(crate) fn torn(alternative: &Value, other: &Value, value: &Value) -> bool {
    let node = |schema: &Value, name: &str| schema.get("properties")?.get(name).cloned();
    let required = words(alternative.get("required"));
    let fixed = |schema: &Value, name: &str| {
        node(schema, name).is_some_and(|node| node.get("const").or(node.get("enum")).is_some())
    };
    let others = words(other.get("required"));
    let told =
        |name: &String| required.contains(name) && fixed(alternative, name) && fixed(other, name);
    !others.iter().any(told)
        && others
            .iter()
            .any(|name| node(alternative, name).is_none() && value.get(name).is_some())
}

/// Whether an object is meant to be of an alternative: it has the very word in each member that must be one.
pub(crate) fn meant(schema: &Value, value: &Value) -> bool {
    let required = words(schema.get("required"));
    let mut worded = members(schema.get("properties")).filter(|(name, node)| {
        let fixed = node.get("const").is_some() || node.get("enum").is_some();
        fixed && required.contains(name)
    });
    let mut some = false;
    let all = worded.all(|(name, node)| {
        some = true;
        value.get(name).is_some_and(|value| valid(node, value))
    });
    some && all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fits_are_counted() {
        let one = json!({ "oneOf": [{ "type": "integer" }, { "minimum": 2, "type": "number" }] });
        let any = json!({ "anyOf": [{ "type": "integer" }, { "minimum": 2, "type": "number" }] });
        // An integer below two, a number above, both, neither.
        for (value, exactly, some) in [
            (json!(1), true, true),
            (json!(2.5), true, true),
            (json!(3), false, true),
            (json!(1.5), false, false),
        ] {
            assert_eq!(valid(&one, &value), exactly, "{value}");
            assert_eq!(valid(&any, &value), some, "{value}");
        }
    }

    #[test]
    fn what_is_not_declared_is_not_sent() {
        let object = json!({ "type": "object", "required": ["a", "b"], "properties": {
            "a": { "type": "string", "maxLength": 2 }, "b": { "type": "integer", "readOnly": true } } });
        for (value, fits) in [
            (json!({ "a": "x" }), true),
            (json!({ "a": "xyz" }), false),
            (json!({ "a": "x", "c": 1 }), false),
            (json!({}), false),
            (json!([]), false),
        ] {
            assert_eq!(valid(&object, &value), fits, "{value}");
        }
    }

    #[test]
    fn two_members_say_two_things() {
        let card = json!({ "required": ["by"], "properties": { "by": { "const": "card" } } });
        let cash = json!({ "required": ["by", "till"], "properties": { "by": { "const": "cash" }, "till": {} } });
        let till = json!({ "required": ["till"], "properties": { "till": {} } });
        let both = json!({ "by": "card", "till": 1 });
        assert!(torn(&card, &till, &both));
        assert!(!torn(&card, &cash, &both), "the word tells these two");
        assert!(!torn(&card, &till, &json!({ "by": "card" })));
    }

    #[test]
    fn a_word_says_what_is_meant() {
        let card = json!({ "type": "object", "required": ["by"], "properties": { "by": { "const": "card" }, "n": {} } });
        assert!(meant(&card, &json!({ "by": "card", "other": 1 })));
        assert!(!meant(&card, &json!({ "by": "cash" })));
        assert!(!meant(
            &json!({ "type": "object", "properties": {} }),
            &json!({})
        ));
    }
}
