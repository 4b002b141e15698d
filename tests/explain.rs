//! What `palisade explain` says, and where it says it stands.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "audit/schema.rs"]
mod schema;

use palisade::document::{Value as Tree, node_at};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

const SPEC: &str = "\
openapi: 3.1.0
info: { title: Notes, version: '1' }
x-security:
  version: 1
  auth:
    login: { issuer: 'https://id.example.com', audience: notes, algorithms: [EdDSA], keys: 'env:KEYS' }
  roles: { member: {}, editor: {}, admin: { includes: [member] } }
  resources: { Note: { param: noteId, bypass: [admin] } }
  rateLimits: { few: { limit: 5, window: 1h, by: [ip, subject] } }
  defaults:
    access: member
    limits: { bodyTimeout: 5s }
  limits: { body: 32KiB }
security: [{ login: [] }]
paths:
  /notes:
    x-security: { rateLimit: few }
    get:
      operationId: listNotes
      x-security: { owns: { Note: list } }
      responses: { '200': { description: Notes., content: { application/json: { schema: { type: array, maxItems: 9, items: { $ref: '#/components/schemas/Note' } } } } } }
    post:
      operationId: addNote
      x-security: { access: [editor, admin], limits: { body: 1MiB, handlerTimeout: 1500ms }, reason: Notes are long. }
      responses: { '204': { description: Done. } }
  /notes/{noteId}:
    parameters:
      - { name: noteId, in: path, required: true, schema: { type: string, format: uuid } }
    get:
      x-security: { owns: Note, access: authenticated, reason: Anyone may read their own. }
      responses: { '204': { description: Done. } }
    delete:
      operationId: deleteNote
      x-security: { access: admin, owns: { Note: any } }
      responses: { '204': { description: Done. } }
  /health:
    get:
      operationId: health
      security: []
      x-security: { access: public, reason: Probes have no account., rateLimit: { limit: 60, window: 1m, by: ip } }
      responses: { '204': { description: Done. } }
  /sessions:
    post:
      operationId: logIn
      security: []
      x-security: { access: public, reason: Whoever logs in has no token. }
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Login' } } } }
      responses: { '204': { description: Done. } }
  /old:
    get:
      operationId: old
      x-security: { access: denied }
      responses: { '204': { description: Done. } }
components:
  securitySchemes:
    login: { type: http, scheme: bearer }
  schemas:
    Note: { type: object, properties: { text: { type: string, maxLength: 9 } } }
    Login:
      type: object
      required: [name, password]
      properties: { name: { type: string, maxLength: 9 }, password: { type: string, maxLength: 9, format: password } }
";

fn palisade(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_palisade"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

fn explained(spec: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("spec.yaml"), spec).unwrap();
    let (code, out, err) = palisade(folder.path(), &["explain", "spec.yaml", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// `value` of a key of an operation, and where that comes from: level and the source text from there on.
fn at<'v>(report: &'v Value, id: &str, key: &str) -> (&'v Value, &'v str, String) {
    let operations = report["operations"].as_array().unwrap();
    let operation = operations.iter().find(|each| each["id"] == id).unwrap();
    let effective = operation.pointer(key).unwrap();
    let from = &effective["from"];
    let number = |key: &str| usize::try_from(from[key].as_u64().unwrap()).unwrap() - 1;
    let line = SPEC.lines().nth(number("line")).unwrap();
    let text: String = line.chars().skip(number("column")).collect();
    (&effective["value"], from["level"].as_str().unwrap(), text)
}

#[test]
fn every_value_has_the_place_that_decided_it() {
    let report = explained(SPEC);
    let cases: &[(&str, &str, Value, &str, &str)] = &[
        (
            "listNotes",
            "/access",
            json!({ "roles": [["member"]] }),
            "root",
            "member",
        ),
        (
            "listNotes",
            "/owns",
            json!({ "Note": "list" }),
            "operation",
            "{ Note: list }",
        ),
        ("listNotes", "/rateLimit", json!(["few"]), "path", "few }"),
        (
            "listNotes",
            "/limits/body",
            json!("32KiB"),
            "root",
            "32KiB }",
        ),
        (
            "listNotes",
            "/limits/bodyTimeout",
            json!("5s"),
            "root",
            "5s }",
        ),
        (
            "listNotes",
            "/limits/handlerTimeout",
            json!("15s"),
            "default",
            "version: 1",
        ),
        (
            "addNote",
            "/access",
            json!({ "roles": [["editor", "admin"]] }),
            "operation",
            "[editor, admin]",
        ),
        (
            "addNote",
            "/limits/body",
            json!("1MiB"),
            "operation",
            "1MiB, ",
        ),
        (
            "addNote",
            "/limits/handlerTimeout",
            json!("1500ms"),
            "operation",
            "1500ms }",
        ),
        (
            "getNotesByNoteId",
            "/access",
            json!("authenticated"),
            "operation",
            "authenticated, ",
        ),
        (
            "getNotesByNoteId",
            "/owns",
            json!({ "Note": { "by": "owner", "mode": "read" } }),
            "operation",
            "Note, ",
        ),
        (
            "getNotesByNoteId",
            "/rateLimit",
            json!(["standard"]),
            "default",
            "get:",
        ),
        (
            "deleteNote",
            "/owns",
            json!({ "Note": "any" }),
            "operation",
            "{ Note: any }",
        ),
        (
            "health",
            "/access",
            json!("public"),
            "operation",
            "public, ",
        ),
        (
            "health",
            "/rateLimit",
            json!({ "limit": 60, "window": "1m", "by": ["ip"], "count": "all", "onFailure": "local" }),
            "operation",
            "{ limit: 60",
        ),
        (
            "logIn",
            "/builtInLimits",
            json!(["auth", "authAccount"]),
            "default",
            "post:",
        ),
        ("old", "/access", json!("denied"), "operation", "denied }"),
    ];
    for (id, key, value, level, begins) in cases {
        let (found, from, text) = at(&report, id, key);
        assert_eq!((found, from), (value, *level), "{id} {key}");
        assert!(text.starts_with(begins), "{id} {key}: {text}");
    }
    let health = &report["operations"][4];
    assert_eq!(
        (&health["id"], &health["owns"]),
        (&json!("health"), &Value::Null)
    );
}

/// Ruling 114.
#[test]
fn without_access_it_is_security_that_says_so() {
    let spec = SPEC.replace("    access: member\n", "");
    let report = explained(&spec);
    let access = &report["operations"][0]["access"];
    assert_eq!(access["value"], "authenticated");
    assert_eq!(access["from"]["level"], "openapi");
    assert_eq!(access["from"]["pointer"], "/security/0/login");
}

#[test]
fn pointers_lead_to_their_places() {
    let document = palisade::document::from_text("spec.yaml", SPEC).unwrap();
    let report = explained(SPEC);
    let mut count = 0;
    let mut open = vec![&report];
    while let Some(value) = open.pop() {
        if let Some(pointer) = value.get("pointer").and_then(Value::as_str) {
            let node = node_at(&document.root, pointer).unwrap();
            // What is built in points at what it was built in for: the operation, or `x-security`.
            if value["level"] != "default" && !matches!(node.value, Tree::Map(_)) {
                assert_eq!(value["line"], node.place.line, "{pointer}");
                assert_eq!(value["column"], node.place.column, "{pointer}");
            }
            count += 1;
        }
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(map) => open.extend(map.values()),
            _ => {}
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn json_is_what_its_schema_says() {
    let schema =
        serde_json::from_str(include_str!("../docs/reference/explain.schema.json")).unwrap();
    schema::validate(&schema, &explained(SPEC));
    for spec in ["specs/users.yaml", "specs/clinic.yaml"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (_, out, _) = palisade(root, &["explain", spec, "--format", "json"]);
        schema::validate(&schema, &serde_json::from_str(&out).unwrap());
    }
}

#[test]
fn text_is_one_block_an_operation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (code, out, err) = palisade(root, &["explain", "specs/clinic.yaml", "deletePatient"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(
        out,
        "\
deletePatient  DELETE /patients/{patientId}
  access          admin; authenticated within 15m   specs/clinic.yaml:174:17 (operation)
  owns            Patient (any, write)              specs/clinic.yaml:175:15 (operation)
  rateLimit       standard (100 per 1m by subject)  specs/clinic.yaml:169:5 (default)
  body            16KiB                             specs/clinic.yaml:66:11 (root)
  bodyTimeout     15s                               specs/clinic.yaml:16:3 (default)
  handlerTimeout  15s                               specs/clinic.yaml:16:3 (default)
"
    );
}

#[test]
fn an_operation_that_is_not_there_is_usage() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (code, out, err) = palisade(root, &["explain", "specs/clinic.yaml", "getPatiant"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(
        err,
        "error: there is no operation `getPatiant`; did you mean `getPatient`?\n"
    );
    let (code, _, err) = palisade(root, &["explain", "specs/clinic.yaml", "zzzzzzzzzzzz"]);
    assert_eq!(code, 2);
    assert!(err.contains("shows all"), "{err}");
}

#[test]
fn a_document_that_is_wrong_is_not_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let spec = "tests/golden/x-security/negative/undeclared-role.yaml";
    let (code, out, err) = palisade(root, &["explain", spec]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("error[PAL-3031]"), "{err}");
}
