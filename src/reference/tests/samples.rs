//! A document that holds every mapping of the vocabulary, and values made from the tables.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document;
use crate::openapi;
use crate::policy::vocabulary::{
    ACCESS, CERTIFICATE_ENTRY, CLAIMS, CORS, ENTRY, FILES, KEY_ENTRY, KEYS, LIMITS, Mapping,
    NETWORK, OPERATION, OPERATION_LIMITS, OWNS, PARAMETER, PASSWORD_ENTRY, PROPERTY, RATE_LIMIT,
    RESOURCE, REVOCATION, ROLE, ROOT, TOKENS, Value,
};
use crate::policy::{self, Policy};
use serde_json::{Map, Value as Json, json};

const OPERATION_AT: &str = "/paths/~1users~1{userId}/get/x-security";

/// Every mapping, and where one stands in [`document`].
pub(super) fn spots() -> Vec<(&'static Mapping, String)> {
    let operation = |rest: &str| format!("{OPERATION_AT}{rest}");
    vec![
        (&ROOT, "/x-security".to_owned()),
        (&ENTRY, "/x-security/auth/bearer".to_owned()),
        (&KEY_ENTRY, "/x-security/auth/key".to_owned()),
        (&PASSWORD_ENTRY, "/x-security/auth/ward".to_owned()),
        (&CERTIFICATE_ENTRY, "/x-security/auth/machine".to_owned()),
        (&CLAIMS, "/x-security/auth/bearer/claims".to_owned()),
        (&ROLE, "/x-security/roles/admin".to_owned()),
        (&RESOURCE, "/x-security/resources/User".to_owned()),
        (&RATE_LIMIT, "/x-security/rateLimits/standard".to_owned()),
        (&KEYS, "/x-security/auth/own/keys".to_owned()),
        (&REVOCATION, "/x-security/revocation".to_owned()),
        (&TOKENS, "/x-security/tokens".to_owned()),
        (&CORS, "/x-security/cors".to_owned()),
        (&LIMITS, "/x-security/limits".to_owned()),
        (&NETWORK, "/x-security/network".to_owned()),
        (&OPERATION, "/x-security/defaults".to_owned()),
        (&OPERATION, "/paths/~1users~1{userId}/x-security".to_owned()),
        (&OPERATION, operation("")),
        (&OPERATION_LIMITS, operation("/limits")),
        (&ACCESS, operation("/access")),
        (&OWNS, operation("/owns/User")),
        (&RATE_LIMIT, operation("/rateLimit")),
        (
            &PARAMETER,
            "/paths/~1users~1{userId}/get/parameters/0/x-security".to_owned(),
        ),
        (
            &PROPERTY,
            "/components/schemas/User/properties/name/x-security".to_owned(),
        ),
        (&PROPERTY, "/components/schemas/User/x-security".to_owned()),
        (
            &FILES,
            "/components/schemas/User/properties/photo/x-security/files".to_owned(),
        ),
    ]
}

/// Valid, with every mapping in it.
pub(super) fn document() -> Json {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "T", "version": "1" },
        "x-security": {
            "version": 1,
            "auth": { "bearer": {
                "issuer": "https://id.example", "audience": "api", "algorithms": ["EdDSA"],
                "keys": "env:KEYS", "claims": { "tenant": "/org" },
            }, "own": {
                "issuer": "https://own.example", "audience": "api", "algorithms": ["EdDSA"],
                "keys": { "source": "issued", "from": "env:OWN" },
            }, "key": { "keys": "env:API_KEYS" }, "ward": { "reason": "Old devices." },
                "machine": { "subject": "san-uri" } },
            "roles": { "member": {}, "admin": { "includes": ["member"] } },
            "resources": { "User": { "param": "userId", "bypass": ["admin"] } },
            "rateLimits": { "standard": { "limit": 5, "window": "1m", "by": "ip" } },
            "revocation": { "by": ["jti"] },
            "tokens": {},
            "cors": { "origins": ["https://app.example"] },
            "limits": { "body": "16KiB" },
            "network": { "tls": "terminate" },
            "defaults": { "limits": { "bodyTimeout": "5s" } },
        },
        "security": [{ "bearer": [] }],
        "paths": { "/users/{userId}": {
            "x-security": { "rateLimit": "standard" },
            "get": {
                "operationId": "getUser",
                "parameters": [{
                    "name": "userId", "in": "path", "required": true,
                    "x-security": { "sensitive": true },
                    "schema": { "type": "string", "format": "uuid" },
                }],
                "x-security": {
                    "access": { "roles": ["member"] },
                    "owns": { "User": { "by": "owner" } },
                    "rateLimit": { "limit": 5, "window": "1m", "by": "subject" },
                    "limits": { "body": "1KiB" },
                },
                "responses": { "200": { "description": "d", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/User" } } } } },
            },
        } },
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "own": { "type": "http", "scheme": "bearer" },
                "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
                "ward": { "type": "http", "scheme": "basic" },
                "machine": { "type": "mutualTLS" },
            },
            "schemas": { "User": {
                "type": "object",
                "x-security": {},
                "properties": {
                    "name": { "type": "string", "x-security": { "read": "owner" } },
                    "photo": { "type": "string", "format": "binary",
                        "x-security": { "files": { "maxSize": "1KiB" } } },
                },
            } },
        },
    })
}

/// [`document`] with this mapping at its spot.
pub(super) fn with(spot: &str, mapping: Map<String, Json>) -> Json {
    let mut made = document();
    *made
        .pointer_mut(spot)
        .unwrap_or_else(|| panic!("{spot} is not in the document")) = Json::Object(mapping);
    made
}

/// What must be written, and what lets more be written.
pub(super) fn least(mapping: &'static Mapping) -> Map<String, Json> {
    let required = mapping.keys.iter().filter(|key| key.required);
    let mut made: Map<String, Json> = required
        .map(|key| (key.name.to_owned(), values(&key.value).remove(0)))
        .collect();
    if mapping.name == OPERATION.name {
        made.insert("reason".to_owned(), json!("for `public`"));
    }
    made
}

/// Values of every form that may be written.
pub(super) fn values(value: &Value) -> Vec<Json> {
    match value {
        Value::Flag => vec![json!(true), json!(false)],
        Value::True => vec![json!(true)],
        // Also the parameter of a resource.
        Value::Text => vec![json!("userId")],
        Value::Number { least, most } => vec![json!(least), json!(most)],
        Value::Numbers(numbers) => numbers.iter().map(|(number, _)| json!(number)).collect(),
        Value::Decimals(numbers) => numbers
            .iter()
            .map(|(number, _)| serde_json::from_str(number).unwrap())
            .collect(),
        Value::Words(words) => words
            .iter()
            .filter(|word| word.is_enforced())
            .map(|word| json!(word.word))
            .collect(),
        Value::Syntax(syntax) => vec![json!(syntax.example)],
        Value::Size { most } => vec![json!("1B"), json!(format!("{most}B"))],
        Value::List(item) => values(item).into_iter().map(|item| json!([item])).collect(),
        Value::Set(item) => vec![json!([]), Json::Array(values(item))],
        Value::OneOrMore(item) => values(item)
            .into_iter()
            .flat_map(|item| [json!([item.clone()]), item])
            .collect(),
        Value::Named { of, to, filled } => {
            let mut made: Vec<Json> = values(to)
                .into_iter()
                .map(|value| json!({ name_for(of.example, &value): value }))
                .collect();
            if !filled {
                made.push(json!({}));
            }
            made
        }
        Value::Mapping(mapping) => vec![filled(mapping)],
        Value::Either(all) => all.iter().flat_map(values).collect(),
        Value::Gap(..) | Value::Elsewhere(..) => Vec::new(),
    }
}

/// The name of a scheme says what its entry holds.
fn name_for<'n>(example: &'n str, value: &Json) -> &'n str {
    match example {
        "bearer" if value.get("reason").is_some() && value.get("keys").is_none() => "ward",
        "bearer" if value.get("subject").is_some() => "machine",
        "bearer" if value.get("issuer").is_none() => "key",
        other => other,
    }
}

/// With something in it where it may not be empty.
fn filled(mapping: &'static Mapping) -> Json {
    let mut made = least(mapping);
    if mapping.filled
        && made.is_empty()
        && let Some(key) = mapping.keys.iter().find(|key| key.is_enforced())
    {
        made.insert(key.name.to_owned(), values(&key.value).remove(0));
    }
    Json::Object(made)
}

/// What the policy says of a document.
pub(super) fn read(document: &Json) -> (Option<Policy>, Vec<Diagnostic>) {
    let text = document.to_string();
    let document = document::from_text("case.json", &text).unwrap();
    let mut diagnostics = Diagnostics::default();
    let api = openapi::read(&document, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().collect();
    assert!(said.is_empty(), "{said:?}\n{text}");
    let policy = policy::read(&api.unwrap(), &mut diagnostics);
    (policy, diagnostics.iter().cloned().collect())
}
