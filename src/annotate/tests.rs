//! What is inserted, where, and that nothing else changes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::openapi::tests::corpus;
use crate::plan::{Access, OwnKind, Plan};

mod several;

fn annotated(text: &str) -> Annotated {
    match annotate("spec.yaml", text.as_bytes()) {
        Ok(annotated) => annotated,
        Err(refused) => panic!("{refused:?}"),
    }
}

/// The lines of `new` that `old` has not; fails when a line of `old` is gone.
fn inserted(old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    let mut lines = String::new();
    for change in diff.iter_all_changes() {
        match change.tag() {
            similar::ChangeTag::Insert => lines.push_str(change.value()),
            similar::ChangeTag::Delete => panic!("gone: {}", change.value()),
            similar::ChangeTag::Equal => {}
        }
    }
    lines
}

/// Whether `new` is `old` with something put in between.
fn only_inserted(old: &str, new: &str) -> bool {
    let mut rest = new.chars();
    old.chars().all(|c| rest.any(|other| other == c))
}

fn planned(text: &str) -> Plan {
    let document = document::from_text("spec.yaml", text).unwrap();
    match crate::unsupported::plan(&document, "spec.yaml") {
        Ok(narrowed) => narrowed.plan,
        Err(diagnostics) => panic!("{diagnostics:?}"),
    }
}

/// `GET /patients/{patientId} owner Patient`.
fn guards(plan: &Plan) -> Vec<String> {
    let line = |each: &crate::plan::Operation| {
        let access = match &each.access {
            Access::Denied { .. } => "denied",
            Access::Public { .. } => "public",
            Access::Optional(_) => "optional",
            Access::Caller(_) => "caller",
        };
        let owns: Vec<String> = each
            .owns
            .iter()
            .map(|owns| {
                let how = match owns.kind {
                    OwnKind::Owner { .. } => "owner",
                    OwnKind::Policy { .. } => "policy",
                    OwnKind::Any { .. } => "any",
                    OwnKind::List => "list",
                };
                format!(" {how} {}", plan.resources[owns.resource].name)
            })
            .collect();
        format!("{} {} {access}{}", each.method, each.path, owns.concat())
    };
    plan.operations.iter().map(line).collect()
}

const CLINIC: &str = "\
openapi: 3.1.0   # the version
info:
    title: Clinic & Co. \"API\"
    version: '1'
    description: |
        # Not a comment
        paths:

# Who may call.
security:
    - token: []
paths:
    # Patients and their notes.
    /patients:
        get:
            operationId: listPatients
            # What comes back.
            responses:
                '200': { description: All., content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Patient' } } } } }
        post: { operationId: add, requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Patient' } } } }, responses: { '204': { description: Done. } } }
    /patients/{patientId}:
        parameters:
            - { name: patientId, in: path, required: true, schema: { type: string } }
        get:
            responses:
                '200': { description: One., content: { application/json: { schema: { $ref: '#/components/schemas/Patient' } } } }
    /patients/{patientId}/notes/{note_id}:
        parameters:
            - { name: patientId, in: path, required: true, schema: { type: string } }
            - { name: note_id, in: path, required: true, schema: { type: string, format: uuid } }
        delete:
            responses: { '204': { description: Gone. } }
    /health:
        get:
            security: []
            responses: { '204': { description: Well. } }
components:
    securitySchemes:
        token: { type: http, scheme: Bearer }
    schemas:
        Patient: { type: object, properties: { name: { type: string } } }
";

#[test]
fn a_yaml_document_keeps_its_comments_and_its_indentation() {
    let annotated = annotated(CLINIC);
    assert_eq!(
        inserted(CLINIC, &annotated.text.replace("{ x-security: { owns: { Patient: list } }, ", "{ ")),
        "\
x-security:
    version: 1
    auth:
        token:
            issuer: env:CLINIC_CO_API_ISSUER
            audience: env:CLINIC_CO_API_AUDIENCE
            # What the issuer signs with: RS256, ES256, EdDSA or HS256.
            algorithms: [RS256]
            # A JWK set, PEM, or with HS256 a secret.
            keys: env:CLINIC_CO_API_KEYS
    # What the path parameters identify. Every caller gets at their own objects only: `bypass: [role]` lets roles by.
    resources:
        Patient: { param: patientId }
        Note: { param: note_id }
            x-security:
                owns: { Patient: list }
            x-security:
                owns: Patient
            x-security:
                owns: { Patient: { by: owner }, Note: { by: owner } }
            # x-security: decide who may call. Until `access: public` with a `reason` stands here, or `security` names a scheme, nobody may.
"
    );
    let at = |text: &str| annotated.text.find(text).unwrap();
    assert!(
        at("x-security:\n    version") < at("# Who may call."),
        "the comment stays with its key"
    );
    assert!(at("owns: { Patient: list }") < at("# What comes back."));
    assert_eq!(
        guards(&planned(&annotated.text)),
        [
            "GET /patients caller list Patient",
            "POST /patients caller",
            "GET /patients/{patientId} caller owner Patient",
            "DELETE /patients/{patientId}/notes/{note_id} caller owner Patient owner Note",
            "GET /health denied",
        ]
    );
    assert!(
        annotated
            .decide
            .iter()
            .any(|line| line.starts_with("GET /health: no credential"))
    );
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let text = format!("\u{feff}{}", CLINIC.replace('\n', "\r\n"));
    let annotated = annotated(&text);
    assert!(annotated.text.starts_with('\u{feff}'));
    assert!(!annotated.text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(only_inserted(&text, &annotated.text));
}

const JSON: &str = r##"{
	"openapi": "3.0.3",
	"info": {"title": "Ä 9", "version": "1"},
	"paths": {
		"/pets/{id}": {
			"get": {
				"operationId": "pet",
				"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
				"responses": {"204": {"description": "One."}}
			},
			"put": {
				"security": [],
				"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
				"responses": {"204": {"description": "One."}}
			}
		}
	},
	"security": [{"oidc": []}],
	"components": {"securitySchemes": {"oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example"}}}
}
"##;

#[test]
fn json_stays_json_with_its_indentation() {
    let annotated = annotated(JSON);
    assert_eq!(
        inserted(JSON, &annotated.text),
        "\t\"x-security\": {
\t\t\"version\": 1,
\t\t\"auth\": {
\t\t\t\"oidc\": {
\t\t\t\t\"issuer\": \"env:API_ISSUER\",
\t\t\t\t\"audience\": \"env:API_AUDIENCE\",
\t\t\t\t\"algorithms\": [\"RS256\"],
\t\t\t\t\"keys\": \"env:API_KEYS\"
\t\t\t}
\t\t},
\t\t\"resources\": {
\t\t\t\"Pet\": {
\t\t\t\t\"param\": \"id\"
\t\t\t}
\t\t}
\t},
\t\t\t\t\"x-security\": {
\t\t\t\t\t\"owns\": \"Pet\"
\t\t\t\t},
"
    );
    assert_eq!(
        guards(&planned(&annotated.text)),
        ["GET /pets/{id} caller owner Pet", "PUT /pets/{id} denied"]
    );
}

#[test]
fn minified_json_stays_on_its_line() {
    let minified = serde_json::from_str::<serde_json::Value>(JSON)
        .unwrap()
        .to_string();
    let annotated = annotated(&minified);
    assert!(!annotated.text.contains('\n'));
    assert!(only_inserted(&minified, &annotated.text));
    assert!(
        annotated.text.contains(r#""x-security":{"owns":"Pet"},"#),
        "{}",
        annotated.text
    );
}

#[test]
fn what_is_not_clear_is_denied() {
    let param = |name: &str, more: &str| {
        format!("{{ name: {name}, in: path, required: true, schema: {{ type: string{more} }} }}")
    };
    let ok = "responses: { '204': { description: Done. } }";
    let one = |schema: &str| {
        format!(
            "responses: {{ '200': {{ description: A., content: {{ application/json: {{ schema: {schema} }} }} }} }}"
        )
    };
    let page = "{ type: object, properties: { items: { type: string } } }";
    let text = format!(
        "openapi: 3.1.0
info: {{ title: T, version: '1' }}
security: [{{ token: [] }}]
paths:
  /users/{{id}}: {{ get: {{ parameters: [{id}], {ok} }} }}
  /orders/{{id}}: {{ get: {{ parameters: [{id}], {ok} }} }}
  /cats/{{catId}}: {{ get: {{ parameters: [{cat}], {ok} }} }}
  /dogs/{{cat_id}}: {{ get: {{ parameters: [{other}], {ok} }} }}
  /pages: {{ get: {{ {page} }} }}
  /pages/{{pageId}}: {{ get: {{ parameters: [{page_id}], {ok} }}, put: {{ parameters: [{page_id}], {ok} }}, delete: {{ parameters: [{long}], {ok} }} }}
  /search: {{ get: {{ parameters: [{{ name: pageId, in: query, schema: {{ type: string }} }}], {ok} }}, post: {{ parameters: [{{ name: pageId, in: query, required: true, schema: {{ type: string }} }}], {ok} }} }}
  /head: {{ get: {{ parameters: [{{ name: boxId, in: header, schema: {{ type: string }} }}], {ok} }} }}
  /boxes/{{boxId}}: {{ get: {{ parameters: [{box_id}], {ok} }} }}
  /maybe: {{ get: {{ security: [{{ token: [] }}, {{}}], {ok} }} }}
components: {{ securitySchemes: {{ token: {{ type: http, scheme: bearer }} }} }}
",
        id = param("id", ""),
        cat = param("catId", ""),
        other = param("cat_id", ""),
        page = one(page),
        page_id = param("pageId", ""),
        long = param("pageId", ", maxLength: 9"),
        box_id = param("boxId", ""),
    );
    let annotated = annotated(&text);
    assert_eq!(
        guards(&planned(&annotated.text)),
        [
            "GET /users/{id} denied",
            "GET /orders/{id} denied",
            "GET /cats/{catId} denied",
            "GET /dogs/{cat_id} denied",
            "GET /pages denied",
            "GET /pages/{pageId} caller owner Page",
            "PUT /pages/{pageId} caller owner Page",
            "DELETE /pages/{pageId} denied",
            "GET /search denied",
            "POST /search caller owner Page",
            "GET /head caller",
            "GET /boxes/{boxId} denied",
            "GET /maybe denied",
        ],
        "{}",
        annotated.text
    );
    for told in [
        "GET /users/{id}",
        "GET /cats/{catId}",
        "GET /pages",
        "DELETE /pages/{pageId}",
        "GET /search",
        "GET /maybe",
    ] {
        assert!(
            annotated
                .decide
                .iter()
                .any(|line| line.starts_with(&format!("{told}: "))),
            "{told}"
        );
    }
}

#[test]
fn schemes_that_are_not_verified_get_no_entry() {
    for (scheme, why) in [
        (
            "type: apiKey, in: query, name: k",
            "keys in addresses end up in logs",
        ),
        (
            "type: http, scheme: Basic",
            "a password goes with every request; its entry needs a `reason`",
        ),
        (
            "type: http, scheme: digest",
            "palisade verifies bearer tokens and passwords, not this HTTP authentication",
        ),
    ] {
        let annotated = annotated(&CLINIC.replace("type: http, scheme: Bearer", scheme));
        assert!(!annotated.text.contains("auth:"));
        let said = format!("# No entry for token: {why}");
        assert!(annotated.text.contains(&said), "{scheme}");
        let mut decide = annotated.decide.iter();
        assert!(decide.any(|line| line.starts_with("auth.token: ")));
        let guards = guards(&planned(&annotated.text));
        assert!(guards.iter().all(|line| line.contains("denied")));
    }
}

#[test]
fn api_keys_get_a_list() {
    let text = CLINIC.replace(
        "type: http, scheme: Bearer",
        "type: apiKey, in: header, name: k",
    );
    let annotated = annotated(&text);
    assert!(
        annotated.text.contains("keys: env:CLINIC_CO_API_KEYS"),
        "{}",
        annotated.text
    );
    assert!(
        guards(&planned(&annotated.text))
            .iter()
            .any(|line| line.contains("caller"))
    );
}

#[test]
fn roles_are_those_that_security_names() {
    let text = CLINIC.replace("- token: []", "- token: [nurse, 'head \"nurse\"']");
    let annotated = annotated(&text);
    assert!(
        annotated
            .text
            .contains("    roles:\n        nurse: {}\n        \"head \\\"nurse\\\"\": {}\n")
    );
    assert_eq!(planned(&annotated.text).roles.len(), 2);
}

#[test]
fn a_document_that_has_x_security_is_refused() {
    for text in [
        CLINIC.replace("paths:\n    #", "x-security: { version: 1 }\npaths:\n    #"),
        CLINIC.replace(
            "{ name: { type: string } }",
            "{ name: { type: string, x-security: {} } }",
        ),
    ] {
        assert!(matches!(
            annotate("s", text.as_bytes()),
            Err(Refused::Document(..))
        ));
    }
    for text in ["", "a: [", "swagger: '2.0'", "openapi: 3.2.0", "[]"] {
        assert!(annotate("s", text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn what_looks_like_a_comment_in_a_block_of_text_stays_text() {
    let text = CLINIC.replace(
        "            # What comes back.\n",
        "            description: >-\n                Text\n            # What comes back.\n",
    );
    let annotated = annotated(&text);
    let document = document::from_text("s", &annotated.text).unwrap();
    assert!(format!("{:?}", document.root).contains("\"Text\""));
}

/// Documents of the corpus: what is annotated reads as before, only more was put in.
#[test]
fn real_documents_are_only_added_to() {
    let Some(paths) = corpus::paths() else {
        return;
    };
    let (mut done, mut refused) = (0, 0);
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        if bytes.len() > 500_000 {
            continue;
        }
        let name = path.display().to_string();
        match annotate(&name, &bytes) {
            Ok(annotated) => {
                let text = String::from_utf8(bytes).unwrap();
                assert!(only_inserted(&text, &annotated.text), "{name}");
                done += 1;
            }
            Err(Refused::Layout(why)) => panic!("{name}: {why}"),
            Err(_) => refused += 1,
        }
    }
    eprintln!("{done} annotated, {refused} refused");
    assert!(done > 100, "{done} annotated, {refused} refused");
}
