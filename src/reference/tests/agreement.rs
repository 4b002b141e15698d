//! Reader and schema say the same of one document, but for what a schema cannot see.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::{self, Node, Place, Value};
use crate::openapi::{self, Api, Schema, SchemaUse};
use crate::policy;
use jsonschema::Validator;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What is wrong with the shape of a value. What is beyond a schema is not here: undeclared names, and what two values say
/// together.
const SHAPE: &[Code] = &[
    3001, 3002, 3003, 3004, 3005, 3006, 3007, 3008, 3009, 3010, 3011, 3012, 3021, 3022, 3024, 3025,
    3030, 3034, 3060, 3062, 3070, 3072, 3073, 3076, 3077,
];
/// Gaps that are about two values, or about a value and the document.
const RELATIONS: &[std::ops::RangeInclusive<Code>] = &[4335..=4339, 4345..=4349, 4354..=4354];
/// Of the name and the kind of the security scheme, which are not in `x-security`.
const ELSEWHERE: [Code; 2] = [4321, 4326];

/// Validators by level; the whole document is `""`.
fn validators() -> &'static BTreeMap<&'static str, Validator> {
    static MADE: OnceLock<BTreeMap<&str, Validator>> = OnceLock::new();
    MADE.get_or_init(|| {
        let schema = crate::reference::schema();
        let mut made = BTreeMap::new();
        for (level, _) in policy::vocabulary::LEVELS {
            let mut one = schema.clone();
            one["$ref"] = json!(format!("#/$defs/{level}"));
            made.insert(*level, jsonschema::draft202012::new(&one).unwrap());
        }
        made.insert("", jsonschema::draft202012::new(&schema).unwrap());
        made
    })
}

/// Why the schema refuses a value of a level.
pub(crate) fn refusals(level: &str, value: &Json) -> Vec<String> {
    validators()[level]
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// Reads a document and holds it; `false` when it is not OpenAPI, or nothing was read.
pub(crate) fn of_text(name: &str, text: &str) -> bool {
    let Ok(document) = document::from_text(name, text) else {
        return false;
    };
    let mut elsewhere = Diagnostics::default();
    let Some(api) = openapi::read(&document, &mut elsewhere) else {
        return false;
    };
    let mut diagnostics = Diagnostics::default();
    policy::read(&api, &mut diagnostics);
    hold(&api, &diagnostics, text);
    if diagnostics.is_empty() && elsewhere.is_empty() {
        let whole = refusals("", &json(&document.root));
        assert!(whole.is_empty(), "{name}: the schema says {whole:?}");
    }
    true
}

/// Fails when the schema refuses what the reader accepts, or accepts what the reader refuses for its shape.
pub(crate) fn hold(api: &Api, diagnostics: &Diagnostics, text: &str) {
    let clean = diagnostics.is_empty();
    for (level, node) in levels(api) {
        let mut values = BTreeMap::new();
        let mut keys = BTreeSet::new();
        places(node, &mut values, &mut keys);
        let wrong = diagnostics
            .iter()
            .find(|each| is_shape(each, &values, &keys));
        if clean || wrong.is_some() {
            let value = json(node);
            let refused = refusals(level, &value);
            match wrong {
                Some(wrong) => assert!(
                    !refused.is_empty() || may_be_of_another_kind(wrong),
                    "the reader says PAL-{} {}, the schema accepts {value:#}\n{text}",
                    wrong.code,
                    wrong.message
                ),
                None => assert!(
                    refused.is_empty(),
                    "the reader accepts, the schema says {refused:?} of {value:#}\n{text}"
                ),
            }
        }
    }
}

/// Keys that an entry of `auth` has or lacks: what would be one of another kind of scheme is one to the schema, which does not
/// see the security scheme.
fn may_be_of_another_kind(wrong: &Diagnostic) -> bool {
    [3001, 3003].contains(&wrong.code)
        && (wrong.message.contains("an entry of `auth`")
            || wrong.message.contains("` of `auth` has no"))
}

/// Whether a schema must see what this says of the values at these places.
fn is_shape(each: &Diagnostic, values: &BTreeMap<Place, &Value>, keys: &BTreeSet<Place>) -> bool {
    let gap = (4300..4400).contains(&each.code)
        && !RELATIONS.iter().any(|codes| codes.contains(&each.code))
        && !ELSEWHERE.contains(&each.code);
    if !gap && !SHAPE.contains(&each.code) {
        return false;
    }
    match values.get(&each.place) {
        Some(value) => gap || !is_beyond(each.code, value),
        None => keys.contains(&each.place),
    }
}

/// Bounds and forms that a pattern does not express.
fn is_beyond(code: Code, value: &Value) -> bool {
    match (code, value) {
        (_, Value::Number(lexeme)) => lexeme.contains(['.', 'e', 'E', 'x', 'o']),
        (3005, Value::String(text)) => {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
            let days = match &text[end..] {
                "ms" => 86_400_000,
                "s" => 86_400,
                "m" => 1_440,
                "h" => 24,
                "d" => 1,
                _ => return false,
            };
            text[..end].parse::<u128>().is_ok_and(|n| n / days >= 3_653)
        }
        (3006, Value::String(text)) => matches(&policy::vocabulary::syntax::SIZE, text),
        (3008, Value::String(text)) => matches(&policy::vocabulary::syntax::RATE, text),
        (3060, Value::String(text)) => {
            let port = text.rsplit_once(':').map(|(_, port)| port.parse::<u32>());
            text == "*" || text.contains('[') || matches!(port, Some(Ok(65_536..)))
        }
        _ => false,
    }
}

fn matches(syntax: &policy::vocabulary::syntax::Syntax, text: &str) -> bool {
    jsonschema::is_valid(&json!({ "pattern": syntax.pattern }), &json!(text))
}

fn places<'n>(node: &'n Node, values: &mut BTreeMap<Place, &'n Value>, keys: &mut BTreeSet<Place>) {
    values.insert(node.place, &node.value);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| places(item, values, keys)),
        Value::Map(map) => {
            for (key, node) in &map.entries {
                keys.insert(key.place);
                places(node, values, keys);
            }
        }
        _ => {}
    }
}

/// Every `x-security` that the policy reads, with its level.
fn levels(api: &Api) -> Vec<(&'static str, &Node)> {
    let mut found: Vec<(&str, &Node)> = api.extension.iter().map(|node| ("root", node)).collect();
    for (_, schema) in &api.schemas {
        of_schema("schema", schema, &mut found);
    }
    for item in &api.paths {
        found.extend(item.extension.iter().map(|node| ("pathItem", node)));
        for operation in &item.operations {
            found.extend(operation.extension.iter().map(|node| ("operation", node)));
            for parameter in &operation.parameters {
                found.extend(parameter.extension.iter().map(|node| ("parameter", node)));
                of_use("schema", &parameter.schema, &mut found);
            }
            let bodies = operation.body.iter().flat_map(|body| &body.content);
            let replies = operation.responses.iter().flat_map(|reply| &reply.content);
            for schema in bodies
                .chain(replies)
                .filter_map(|media| media.schema.as_ref())
            {
                of_use("schema", schema, &mut found);
            }
        }
    }
    found
}

fn of_schema<'a>(
    level: &'static str,
    schema: &'a Schema,
    found: &mut Vec<(&'static str, &'a Node)>,
) {
    found.extend(schema.extension.iter().map(|node| (level, node)));
    if let Some(items) = &schema.items {
        of_use("schema", items, found);
    }
    for (_, property) in &schema.properties {
        of_use("property", property, found);
    }
}

fn of_use<'a>(level: &'static str, used: &'a SchemaUse, found: &mut Vec<(&'static str, &'a Node)>) {
    match used {
        SchemaUse::Component { extension, .. } => {
            found.extend(extension.iter().map(|node| (level, node)));
        }
        SchemaUse::Inline(schema) => of_schema(level, schema, found),
    }
}

/// As a JSON Schema sees it.
pub(crate) fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        // A lexeme that JSON has not is a number all the same.
        Value::Number(lexeme) => serde_json::from_str(lexeme).unwrap_or(json!(0.5)),
        Value::String(text) => json!(text),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(map) => map
            .entries
            .iter()
            .map(|(key, node)| (key.text.clone(), json(node)))
            .collect(),
    }
}
