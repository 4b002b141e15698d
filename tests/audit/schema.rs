//! As much of JSON Schema as the two schemas in docs/reference/ use. A keyword that is not known fails: nothing is
//! passed over. `.ci/validate-audit` holds the same files against a whole implementation.

use regex::Regex;
use serde_json::Value;

/// Fails with the pointer of the first value that the schema does not admit.
pub fn validate(schema: &Value, value: &Value) {
    if let Err(why) = check(schema, schema, value, "") {
        panic!("{why}");
    }
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let wrong = |keyword: &str| Err(format!("{at}: {keyword}: {value}"));
    for (keyword, rule) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                check(root, root.pointer(pointer).unwrap(), value, at)?;
                true
            }
            "type" => types(rule).any(|kind| is(kind, value)),
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value
                .as_u64()
                .is_none_or(|number| number >= rule.as_u64().unwrap()),
            "minItems" => value
                .as_array()
                .is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
            "pattern" => value
                .as_str()
                .is_none_or(|text| Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)),
            "required" => value.as_object().is_none_or(|map| {
                let names = rule.as_array().unwrap().iter();
                names
                    .into_iter()
                    .all(|name| map.contains_key(name.as_str().unwrap()))
            }),
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(member) = value.get(name) {
                        check(root, inner, member, &format!("{at}/{name}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                let declared = schema.get("properties").and_then(Value::as_object);
                for (name, member) in value.as_object().into_iter().flatten() {
                    if declared.is_some_and(|declared| declared.contains_key(name)) {
                        continue;
                    }
                    if *rule == Value::Bool(false) {
                        return Err(format!("{at}/{name}: {keyword}"));
                    }
                    check(root, rule, member, &format!("{at}/{name}"))?;
                }
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}/{index}"))?;
                }
                true
            }
            "oneOf" => {
                let branches = rule.as_array().unwrap().iter();
                branches
                    .filter(|branch| check(root, branch, value, at).is_ok())
                    .count()
                    == 1
            }
            other => panic!("the keyword {other} is not known here"),
        };
        if !holds {
            return wrong(keyword);
        }
    }
    Ok(())
}

fn types(rule: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match rule {
        Value::Array(list) => Box::new(list.iter().map(|each| each.as_str().unwrap())),
        one => Box::new(one.as_str().into_iter()),
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    }
}

#[test]
#[should_panic(expected = "additionalProperties")]
fn what_is_not_declared_is_refused() {
    let schema = serde_json::json!({ "type": "object", "properties": { "a": { "type": "string" } }, "additionalProperties": false });
    validate(&schema, &serde_json::json!({ "a": "b" }));
    validate(&schema, &serde_json::json!({ "a": "b", "c": 1 }));
}
