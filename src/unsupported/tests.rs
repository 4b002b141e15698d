//! What remains is planned as if nothing had been beside it; everything else is denied, by name.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod corpus;
mod injected;

use super::*;
use crate::document::from_text;
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn narrowed(text: &str) -> Narrowed {
    match plan(&from_text("spec.yaml", text).unwrap(), "spec.yaml") {
        Ok(narrowed) => narrowed,
        Err(diagnostics) => panic!("{}", said(&diagnostics)),
    }
}

fn refused(text: &str) -> Vec<Code> {
    let refused = plan(&from_text("spec.yaml", text).unwrap(), "spec.yaml").unwrap_err();
    refused.iter().map(|one| one.code).collect()
}

fn said(diagnostics: &Diagnostics) -> String {
    let lines = diagnostics.iter().map(|one| {
        let place = one.place;
        format!(
            "{} {}:{} {}\n",
            one.code, place.line, place.column, one.message
        )
    });
    lines.collect()
}

/// `getThings denied 4033`, in document order.
fn fates(narrowed: &Narrowed) -> Vec<String> {
    let line = |each: &Affected| {
        let codes: BTreeSet<Code> = each.causes.iter().map(|cause| cause.code).collect();
        format!("{} {} {:?} {codes:?}", each.method, each.path, each.fate)
    };
    narrowed.operations.iter().map(line).collect()
}

/// How each planned operation can be called: `GET /things caller`.
fn access(plan: &Plan) -> Vec<String> {
    let word = |access: &Access| match access {
        Access::Denied { .. } => "denied",
        Access::Public { .. } => "public",
        Access::Optional(_) => "optional",
        Access::Caller(_) => "caller",
    };
    let line = |each: &Operation| format!("{} {} {}", each.method, each.path, word(&each.access));
    plan.operations.iter().map(line).collect()
}

use crate::plan::{Access, Means, Operation};

/// Everything that is enforced for an operation, with what it points to written out. Names of inline types are numbered in
/// the order of the document, and which types requests and replies share is not the operation's.
fn enforced(plan: &Plan, operation: &Operation) -> String {
    let mut text = format!("{operation:#?}\n");
    let mut open: Vec<usize> = types_in(&text);
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(types_in(&format!("{:#?}", plan.types[id])));
        }
    }
    let mut reached: Vec<&crate::plan::Type> = seen.iter().map(|id| &plan.types[*id]).collect();
    reached.sort_by_key(|each| (each.place, &each.name));
    for each in reached {
        let _ = writeln!(text, "{each:#?}");
    }
    let mut out = String::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut index = 0;
    while index < lines.len() {
        let line = lines[index].trim();
        // A number on a line of its own after `TypeId(`.
        if line.ends_with("TypeId(") || line.ends_with("Typed(") {
            let id: usize = lines[index + 1]
                .trim()
                .trim_end_matches(',')
                .parse()
                .unwrap();
            let _ = writeln!(out, "type {}", plan.types[id].name);
            index += 2;
        } else if !line.starts_with("request:") && !line.starts_with("reply:") {
            let _ = writeln!(out, "{line}");
        }
        index += 1;
    }
    for quota in &operation.quotas {
        let _ = writeln!(out, "{:?}", plan.quotas[*quota]);
    }
    if let Access::Caller(need) = &operation.access {
        for means in need.means() {
            let _ = match means {
                Means::Token(at) => writeln!(out, "{:?}", plan.schemes[at]),
                Means::Key(at) => writeln!(out, "{:?}", plan.keys[at]),
                Means::Password(at) => writeln!(out, "{:?}", plan.passwords[at]),
                Means::Certificate(at) => writeln!(out, "{:?}", plan.certificates[at]),
            };
        }
    }
    for owns in &operation.owns {
        let mut resource = plan.resources[owns.resource].clone();
        // What an id must look like is asked where one is taken, and a list takes none.
        if owns.kind == crate::plan::OwnKind::List {
            resource.id = crate::plan::IdRule::Text(crate::plan::Text {
                min: 0,
                max: 0,
                max_declared: false,
                pattern: None,
                format: None,
            });
        }
        let _ = writeln!(out, "{resource:?}");
    }
    // Indexes into lists that denied operations have no part in.
    let start = out.find("quotas: [").unwrap();
    let end = out[start..].find("],").map_or(out.len(), |at| start + at);
    out.replace_range(start..end, "");
    match out.find("scheme: ") {
        Some(at) => {
            let end = out[at..].find('\n').map_or(out.len(), |end| at + end);
            out.replace_range(at..end, "");
            out
        }
        None => out,
    }
}

fn types_in(text: &str) -> Vec<usize> {
    let parts = text.split("TypeId(").skip(1);
    let number = |part: &str| {
        part.split(')')
            .next()?
            .trim()
            .trim_end_matches(',')
            .parse()
            .ok()
    };
    parts.filter_map(number).collect()
}

/// Things behind a bearer token, each operation with its own flaw.
fn things(x_security: &str, paths: &str, rest: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{ title: Things, version: '1' }}
x-security:
  version: 1
  auth: {{ bearer: {{ issuer: i, audience: a, algorithms: [EdDSA], keys: 'env:KEYS' }} }}
{x_security}security: [{{ bearer: [] }}]
paths:
{paths}
components:
  securitySchemes: {{ bearer: {{ type: http, scheme: bearer }} }}
{rest}"
    )
}

const OK: &str = "{ '204': { description: Done. } }";

#[test]
fn a_gap_in_an_operation_denies_that_operation() {
    let narrowed = narrowed(&things(
        "",
        &format!(
            "  /a:\n    get: {{ responses: {OK}, callbacks: {{ c: {{}} }} }}\n    delete: {{ responses: {OK} }}\n"
        ),
        "",
    ));
    assert_eq!(fates(&narrowed), ["GET /a Denied {4033}"]);
    assert_eq!(
        access(&narrowed.plan),
        ["GET /a denied", "DELETE /a caller"]
    );
    let Access::Denied { why } = &narrowed.plan.operations[0].access else {
        panic!()
    };
    assert_eq!(why, "it uses `callbacks`, which palisade cannot enforce");
}

#[test]
fn nothing_is_changed_without_a_gap() {
    for spec in ["users.yaml", "clinic.yaml"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("specs")
            .join(spec);
        let document = crate::document::load(&path).unwrap();
        let narrowed = plan(&document, spec).unwrap();
        assert!(narrowed.operations.is_empty() && narrowed.left_out.is_empty());
        let plain = stages(&document, spec, &mut Diagnostics::default()).unwrap();
        assert_eq!(
            format!("{plain:?}"),
            format!("{:?}", narrowed.plan),
            "{spec}"
        );
    }
}

#[test]
fn what_is_shared_denies_whoever_shares_it() {
    let gap = "{ name: n, in: query, style: spaceDelimited, schema: { type: string } }";
    let narrowed = narrowed(&things(
        "",
        &format!(
            "  /a:
    parameters: [{gap}]
    get: {{ responses: {OK} }}
    put: {{ responses: {OK} }}
  /b/{{thingId}}:
    parameters: [{{ name: thingId, in: path, required: true, schema: {{ type: string }} }}]
    get: {{ parameters: [{{ $ref: '#/components/parameters/Wide' }}], responses: {OK} }}
    post: {{ requestBody: {{ $ref: '#/components/requestBodies/Deep' }}, responses: {OK} }}
    put: {{ responses: {OK} }}
"
        ),
        &format!(
            "  parameters: {{ Wide: {gap} }}
  requestBodies: {{ Deep: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/One' }} }} }} }} }}
  schemas:
    One: {{ type: object, properties: {{ two: {{ $ref: '#/components/schemas/Two' }} }} }}
    Two: {{ type: object, properties: {{ one: {{ $ref: '#/components/schemas/One' }}, n: {{ not: {{}}, type: string }} }} }}
    Unused: {{ allOf: [{{ type: string }}, {{ type: integer }}] }}
    Fine: {{ type: string }}
"
        ),
    ));
    assert_eq!(
        fates(&narrowed),
        [
            "GET /a Denied {4029}",
            "PUT /a Denied {4029}",
            "GET /b/{thingId} Denied {4029}",
            // That it holds itself comes up only once it is read, and it is denied by then.
            "POST /b/{thingId} Denied {4007, 4403}",
        ]
    );
    let open = access(&narrowed.plan);
    assert_eq!(open[4], "PUT /b/{thingId} caller");
    let left: Vec<Code> = narrowed.left_out.iter().map(|cause| cause.code).collect();
    assert_eq!(left, [4004], "the unused schema is named");
}

#[test]
fn inherited_keys_deny_those_who_inherit_them() {
    let param = "{ name: thingId, in: path, required: true, schema: { type: string } }";
    let part = param.replace("thingId", "partId");
    let narrowed = narrowed(&things(
        "  resources: { Thing: { param: thingId }, Part: { param: partId, parent: Thing } }
  defaults: { owns: { Thing: list, Part: list } }\n",
        &format!(
            "  /a/{{thingId}}:
    x-security: {{ owns: {{ Part: list, Thing: list }} }}
    parameters: [{param}]
    get: {{ responses: {OK} }}
    put: {{ responses: {OK}, x-security: {{ owns: Thing }} }}
  /b/{{thingId}}:
    parameters: [{param}]
    get: {{ responses: {OK} }}
    put: {{ responses: {OK}, x-security: {{ owns: Thing }} }}
  /c/{{partId}}:
    parameters: [{part}]
    get: {{ responses: {OK}, x-security: {{ owns: Part }} }}
"
        ),
        "",
    ));
    assert_eq!(
        fates(&narrowed),
        // Two lists; and neither has a reply of rows.
        [
            "GET /a/{thingId} Denied {4337, 4447}",
            "GET /b/{thingId} Denied {4337, 4447}"
        ]
    );
}

#[test]
fn a_scheme_that_is_not_verified_denies_its_operations() {
    let text = things(
        "",
        &format!(
            "  /a:
    get: {{ responses: {OK} }}
    put: {{ responses: {OK}, security: [{{ key: [] }}] }}
    post: {{ responses: {OK}, security: [{{ key: [] }}, {{ bearer: [] }}] }}
"
        ),
        "",
    );
    let text = text
        .replace("auth: { bearer", "auth: { key: { reason: r }, bearer")
        .replace(
            "Schemes: {",
            "Schemes: { key: { type: http, scheme: digest },",
        );
    let narrowed = narrowed(&text);
    assert_eq!(
        fates(&narrowed),
        ["PUT /a Denied {4321}", "POST /a Denied {4321}"]
    );
    assert_eq!(access(&narrowed.plan)[0], "GET /a caller");
}

#[test]
fn a_limit_that_cannot_be_counted_denies_who_names_it() {
    let limits = |name: &str| {
        format!("  rateLimits: {{ {name}: {{ limit: 1, window: 1m, by: ip, escalate: true }} }}\n")
    };
    let paths = format!(
        "  /a:
    get: {{ responses: {OK}, x-security: {{ rateLimit: [slow, standard] }} }}
    put: {{ responses: {OK} }}
"
    );
    let narrowed = narrowed(&things(&limits("slow"), &paths, ""));
    assert_eq!(fates(&narrowed), ["GET /a Denied {4340}"]);
    // Everyone has `standard` without naming it; without the declaration they would have the built-in one.
    assert_eq!(
        refused(&things(
            &limits("standard"),
            &paths.replace("slow, ", ""),
            ""
        )),
        [4340]
    );
}

#[test]
fn a_resource_keeps_guarding_when_its_own_operations_are_denied() {
    let paths = format!(
        "  /n/{{noteId}}:
    parameters: [{{ name: noteId, in: path, required: true, schema: {{ type: boolean }} }}]
    get: {{ responses: {OK}, x-security: {{ owns: Note }} }}
  /a:
    get: {{ responses: {OK} }}
"
    );
    let root = "  resources: { Note: { param: noteId } }\n";
    let narrowed = narrowed(&things(root, &paths, ""));
    assert_eq!(fates(&narrowed), ["GET /n/{noteId} Denied {4448}"]);
    // Another spelling of the id is an error still: nothing would prove it.
    let near = paths.replace("/a:", "/a/{noteid}:\n    parameters: [{ name: noteid, in: path, required: true, schema: { type: string } }]");
    assert!(
        refused(&things(root, &near, ""))
            .iter()
            .all(|code| *code / 1000 == 3)
    );
}

#[test]
fn what_concerns_the_whole_service_stops() {
    let path = format!("  /a:\n    get: {{ responses: {OK} }}\n");
    for (key, code) in [
        ("network: { mount: / }", 4316),
        ("unknown: drop", 4303),
        ("admin: { roles: [x] }", 4311),
        ("limits: { http2: {} }", 4352),
    ] {
        assert_eq!(
            refused(&things(&format!("  {key}\n"), &path, "")),
            [code],
            "{key}"
        );
    }
}

#[test]
fn declarations_go_with_those_who_use_them() {
    let narrowed = narrowed(&things(
        "  captcha: { verify: hook, secret: 'env:S', from: h }\n",
        &format!(
            "  /a:
    get: {{ responses: {OK}, x-security: {{ captcha: always }} }}
    put: {{ responses: {OK}, x-security: {{ audit: {{ always: true }} }} }}
    post: {{ responses: {OK} }}
"
        ),
        "",
    ));
    assert_eq!(
        fates(&narrowed),
        ["GET /a Denied {4365}", "PUT /a Denied {4368}"]
    );
    assert_eq!(narrowed.left_out.len(), 1);
}

#[test]
fn what_is_no_gap_stops_even_beside_gaps() {
    let text = things(
        "",
        &format!(
            "  /a:\n    get: {{ responses: {OK}, callbacks: {{ c: {{}} }}, x-security: {{ access: nobody }} }}\n"
        ),
        "",
    );
    assert_eq!(refused(&text), [3031]);
}

#[test]
fn a_path_that_cannot_be_routed_is_left_out() {
    let narrowed = narrowed(&things(
        "",
        &format!(
            "  /a/{{x}}.json:
    get: {{ parameters: [{{ name: x, in: path, required: true, schema: {{ type: string }} }}], responses: {OK} }}
  /b:
    get: {{ responses: {OK} }}
    trace: {{ responses: {OK} }}
    options: {{ responses: {OK} }}
  /c:
    head: {{ responses: {OK} }}
"
        ),
        "",
    ));
    assert_eq!(
        fates(&narrowed),
        [
            "GET /a/{x}.json NoPath {4039}",
            "TRACE /b NoMethod {4035}",
            "OPTIONS /b NoMethod {4430}",
            "HEAD /c NoPath {4430}",
        ]
    );
    assert_eq!(access(&narrowed.plan), ["GET /b caller"]);
}

#[test]
fn a_head_that_cannot_be_enforced_is_not_answered_by_an_open_get() {
    let narrowed = narrowed(&things(
        "  roles: { admin: {} }\n",
        &format!(
            "  /a:
    head: {{ responses: {OK}, x-security: {{ access: admin }} }}
    get: {{ responses: {OK}, security: [], x-security: {{ access: public, reason: Open. }} }}
"
        ),
        "",
    ));
    assert_eq!(access(&narrowed.plan), ["GET /a denied"]);
}

#[test]
fn a_gap_that_one_use_of_a_schema_makes_denies_that_use() {
    let body = "requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/T' } } } }";
    let narrowed = narrowed(&things(
        "",
        &format!(
            "  /a:\n    post: {{ {body}, responses: {OK} }}\n    put: {{ {body}, responses: {OK} }}\n"
        ),
        "  schemas: { T: { type: object, required: [n], properties: { n: { type: string, x-security: { write: create } } } } }\n",
    ));
    assert_eq!(fates(&narrowed), ["PUT /a Denied {4388}"]);
}

#[test]
fn a_document_without_x_security_stays_denied() {
    let text = "openapi: 3.0.0\ninfo: { title: T, version: '1' }\npaths:\n  /a/{id}:\n    get:\n      parameters: [{ name: id, in: path, required: true, schema: { type: number } }]\n      responses: { '204': { description: D } }\n    put:\n      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n      callbacks: { a: {} }\n      responses: { '204': { description: D } }\n";
    let narrowed = narrowed(text);
    // `type: number` is only met where an operation is served.
    assert_eq!(fates(&narrowed), ["PUT /a/{id} Denied {4033}"]);
    assert_eq!(
        access(&narrowed.plan),
        ["GET /a/{id} denied", "PUT /a/{id} denied"]
    );
}
