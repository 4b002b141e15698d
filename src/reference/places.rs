//! Where `x-security` stands in an OpenAPI document: enough of its shape to find it, and nothing more.

use serde_json::{Map, Value, json};

const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// Adds a definition for each object of OpenAPI that holds `x-security`, or something that does.
pub(super) fn add(definitions: &mut Map<String, Value>) {
    let to = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
    let named = |name: &str| json!({ "additionalProperties": to(name) });
    let mut path_item = json!({
        "x-security": to("pathItem"),
        "parameters": { "items": to("in.parameter") },
    });
    if let Value::Object(members) = &mut path_item {
        for method in METHODS {
            members.insert(method.to_owned(), to("in.operation"));
        }
    }
    let objects = [
        (
            "in.document",
            json!({
                "x-security": to("root"),
                "paths": named("in.pathItem"),
                "components": { "properties": {
                    "schemas": named("in.schema"),
                    "parameters": named("in.parameter"),
                    "requestBodies": named("in.body"),
                    "responses": named("in.body"),
                    "pathItems": named("in.pathItem"),
                } },
            }),
        ),
        ("in.pathItem", path_item),
        (
            "in.operation",
            json!({
                "x-security": to("operation"),
                "parameters": { "items": to("in.parameter") },
                "requestBody": to("in.body"),
                "responses": named("in.body"),
            }),
        ),
        (
            "in.parameter",
            json!({ "x-security": to("parameter"), "schema": to("in.schema") }),
        ),
        ("in.body", json!({ "content": named("in.media") })),
        ("in.media", json!({ "schema": to("in.schema") })),
        (
            "in.schema",
            json!({
                "x-security": to("schema"),
                "properties": named("in.property"),
                "items": to("in.schema"),
            }),
        ),
        (
            "in.property",
            json!({
                "x-security": to("property"),
                "properties": named("in.property"),
                "items": to("in.schema"),
            }),
        ),
    ];
    for (name, properties) in objects {
        definitions.insert(name.to_owned(), json!({ "properties": properties }));
    }
}
