#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

//! The cases of a service made by hand, small and with everything in it, and of the two specs of this repository.

use super::*;
use crate::document::Place;
use crate::plan::*;
use std::collections::BTreeSet;

fn place() -> Place {
    Place::default()
}

fn text(min: u64, max: u64) -> Text {
    Text { min, max, max_declared: true, pattern: None, format: None }
}

fn member(name: &str, value: ValueKind) -> Member {
    Member {
        name: name.into(),
        description: None,
        place: place(),
        required: false,
        required_in_request: false,
        required_in_reply: false,
        nullable: false,
        value,
        write: Write::Anyone,
        read: Read::Anyone,
        secret: false,
        personal: false,
    }
}

fn object(name: &str, members: Vec<Member>, min_properties: u64, max_properties: Option<u64>) -> Type {
    let shape = Shape::Object(Object { members, min_properties, max_properties });
    Type { name: name.into(), description: None, place: place(), request: true, reply: true, shape }
}

fn need(roles: Vec<u64>) -> Access {
    Access::Caller(Need { scheme: 0, roles, scopes: vec![] })
}

fn param(name: &str, location: In, required: bool, value: ValueKind) -> Param {
    Param { name: name.into(), location, required, description: None, value, default: None, place: place() }
}

fn operation(id: &str, method: &'static str, access: Access) -> Operation {
    Operation {
        id: id.into(),
        method,
        path: "/notes/{noteId}".into(),
        segments: vec![Segment::Literal("notes".into()), Segment::Param(0)],
        group: "notes".into(),
        summary: None,
        description: None,
        place: place(),
        access,
        params: vec![param("noteId", In::Path, true, ValueKind::Text(Text { format: Some(Format::Uuid), ..text(0, 36) }))],
        body: None,
        replies: vec![Reply { status: 200, description: String::new(), body: ReplyBody::Json(ReplyValue::One(TypeId(0))) }],
        owns: vec![Ownership { resource: 0, kind: OwnKind::Owner { param: 0, mode: Mode::Write } }],
        quotas: vec![0],
        body_bytes: 65536,
        body_timeout_ms: 1000,
        handler_timeout_ms: 1000,
    }
}

/// Every construct once.
fn plan() -> Plan {
    let whole = Whole { min: 10, max: 120, min_declared: true, max_declared: true, multiple_of: Some(5) };
    let pattern = Pattern { source: "^[a-z]+$".into(), rust: "^[a-z]+$".into() };
    let list = List {
        items: Box::new(ValueKind::Text(text(1, 60))),
        items_nullable: false,
        min: 1,
        max: 5,
        max_declared: true,
        unique: true,
    };
    let note = object(
        "Note",
        vec![
            Member { required: true, required_in_request: true, ..member("title", ValueKind::Text(text(3, 80))) },
            member("tag", ValueKind::Text(Text { pattern: Some(pattern), ..text(1, 8) })),
            member("mail", ValueKind::Text(Text { format: Some(Format::Email), ..text(0, 254) })),
            Member { nullable: true, ..member("minutes", ValueKind::Integer(whole)) },
            member("done", ValueKind::Boolean),
            member("state", ValueKind::Named(TypeId(1))),
            member("labels", ValueKind::List(list)),
            member("inner", ValueKind::Named(TypeId(2))),
            Member { write: Write::Nobody, ..member("id", ValueKind::Text(text(0, 40))) },
            Member { write: Write::Create, ..member("born", ValueKind::Text(text(0, 40))) },
            Member { write: Write::Roles(2), ..member("grade", ValueKind::Text(text(0, 40))) },
        ],
        2,
        Some(4),
    );
    let words = Type { shape: Shape::Words(vec!["open".into(), "shut".into()]), ..object("State", vec![], 0, None) };
    // Contains itself.
    let inner = object("Inner", vec![member("again", ValueKind::Named(TypeId(2))), member("name", ValueKind::Text(text(0, 9)))], 0, None);
    let mut update = operation("updateNote", "PUT", need(vec![1]));
    update.body = Some(Body { required: true, value: TypeId(0) });
    update.params.push(param("page", In::Query, true, ValueKind::Integer(Whole { min: 1, max: 9, min_declared: true, max_declared: true, multiple_of: None })));
    update.params.push(param("X-Kind", In::Header, true, ValueKind::Named(TypeId(1))));
    let mut scoped = operation("getNote", "GET", Access::Caller(Need { scheme: 0, roles: vec![], scopes: vec!["read".into(), "more".into()] }));
    scoped.owns = vec![Ownership { resource: 0, kind: OwnKind::Any { param: 0, mode: Mode::Read } }];
    let mut sign_up = operation("signUp", "POST", Access::Public { reason: "new".into() });
    (sign_up.path, sign_up.segments) = ("/notes".into(), vec![Segment::Literal("notes".into())]);
    (sign_up.params, sign_up.owns, sign_up.quotas) = (vec![], vec![], vec![1]);
    sign_up.body = Some(Body { required: true, value: TypeId(0) });
    let mut denied = operation("forgotten", "DELETE", Access::Denied { why: "nothing declared".into() });
    denied.owns = vec![];
    let quota = |name: &str, limit, failures_only| Quota {
        name: name.into(),
        limit,
        window_seconds: 60,
        by: vec![if failures_only { By::Ip } else { By::Subject }],
        failures_only,
        on_failure: OnStoreFailure::Deny,
    };
    Plan {
        document: "notes.yaml".into(),
        title: "Notes \"é\"".into(),
        version: "1".into(),
        description: None,
        mount: "/v1".into(),
        roles: ["writer", "grader"].iter().enumerate().map(|(bit, name)| Role { name: (*name).into(), description: None, holds: 1 << bit }).collect(),
        schemes: vec![Scheme {
            name: "login".into(),
            issuer: Setting::Env("NOTES_ISSUER".into()),
            audience: vec![Setting::Literal("notes".into())],
            algorithms: vec!["ES256".into()],
            keys: Setting::Env("NOTES_KEYS".into()),
            access_token_profile: true,
            leeway_seconds: 30,
            max_lifetime_seconds: 3600,
            max_bytes: 8192,
            claims: Claims {
                subject: "/sub".into(),
                roles: "/realm/roles".into(),
                scopes: "/scope".into(),
                tenant: "/tenant".into(),
                session: "/sid".into(),
            },
        }],
        resources: vec![Resource {
            name: "Note".into(),
            param: "noteId".into(),
            tenant: true,
            on_denied: OnDenied::NotFound,
            bypass: 2,
            id: Text { format: Some(Format::Uuid), ..text(0, 36) },
            place: place(),
        }],
        quotas: vec![quota("standard", 100, false), quota("auth", 10, true)],
        cors: Some(Cors { origins: Origins::Env("NOTES_ORIGINS".into()), credentials: true, max_age_seconds: Some(600), expose: vec![] }),
        limits: Limits {
            body_bytes: 65536,
            uri_bytes: 8192,
            header_bytes: 16384,
            header_count: 64,
            header_timeout_ms: 1000,
            body_timeout_ms: 1000,
            handler_timeout_ms: 1000,
            connections: 100,
            per_ip: 100,
            ip_rate: (3000, 60),
            concurrency: 100,
            json_depth: 32,
            string: 4096,
            array: 1000,
            object: 256,
        },
        types: vec![note, words, inner],
        operations: vec![scoped, update, denied, sign_up],
    }
}

fn found(plan: &Plan) -> (Vec<serde_json::Value>, Files) {
    let mut files = Files::new();
    project(plan, &mut files);
    let lines = files["attacks/cases.jsonl"].text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    (lines, files)
}

fn of_kind<'a>(lines: &'a [serde_json::Value], operation: &str, kind: &str) -> Vec<&'a serde_json::Value> {
    lines.iter().filter(|line| line["operation"] == operation && line["kind"] == kind).collect()
}

#[test]
fn a_service_with_everything_is_attacked_in_every_way() {
    let (lines, _) = found(&plan());
    let had: BTreeSet<&str> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    let without: Vec<&&str> = kinds().iter().filter(|kind| !had.contains(**kind)).collect();
    assert!(without.is_empty(), "{without:?}");
    let unknown: Vec<&&str> = had.iter().filter(|kind| !kinds().contains(kind)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(lines.iter().filter(|line| line.get("skipped").is_some()).collect::<Vec<_>>(), Vec::<&serde_json::Value>::new());
    assert!(lines[0]["generated"].as_str().unwrap().contains("notes.yaml"));
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_no_name_twice() {
    let (lines, files) = found(&plan());
    assert_eq!(files, found(&plan()).1);
    let names: Vec<String> = lines.iter().skip(1).map(|line| format!("{} {} {}", line["operation"], line["kind"], line["name"])).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn a_control_is_a_whole_request_that_nothing_forbids() {
    let (lines, _) = found(&plan());
    let control = of_kind(&lines, "updateNote", "control")[0];
    assert_eq!(control["expect"]["status"], serde_json::json!([599]));
    assert_eq!(control["request"]["target"], "/v1/notes/00000000-0000-4000-8000-000000000001?page=1");
    assert_eq!(control["token"]["claims"]["realm"]["roles"], serde_json::json!(["writer"]));
    assert_eq!(control["token"]["claims"]["tenant"], scene::TENANT);
    assert_eq!(control["token"]["header"]["typ"], "at+jwt");
    // Two members at least, the one that is required among them.
    let body: serde_json::Value = serde_json::from_str(control["request"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 2);
    assert!(body["title"].is_string());
}

#[test]
fn whoever_is_refused_holds_everything_but_what_is_needed() {
    let (lines, _) = found(&plan());
    let wrong = of_kind(&lines, "updateNote", "wrong-role");
    let roles = |line: &serde_json::Value| line["token"]["claims"]["realm"]["roles"].clone();
    assert!(wrong.iter().any(|line| roles(line) == serde_json::json!(["grader"]) && line["expect"]["status"][0] == 403));
    // The member of the grader is sent by a writer who is none.
    let forbidden = of_kind(&lines, "updateNote", "forbidden");
    assert!(forbidden.iter().any(|line| roles(line) == serde_json::json!(["writer"]) && line["expect"]["status"][0] == 403));
    assert!(forbidden.iter().any(|line| line["expect"]["status"][0] == 599));
    for line in of_kind(&lines, "updateNote", "someone-elses-object") {
        assert_ne!(line["request"]["target"], line["expect"]["same_as"]["request"]["target"]);
        assert!(!roles(line).as_array().unwrap().contains(&"grader".into()), "a grader is excused");
    }
}

#[test]
fn limits_are_tried_at_and_beyond() {
    let (lines, _) = found(&plan());
    let minutes = |name: &str| lines.iter().find(|line| line["operation"] == "updateNote" && line["name"] == name).expect(name);
    assert_eq!(minutes("body/minutes: 120, the most")["expect"]["status"][0], 599);
    let beyond = &minutes("body/minutes: 121, above the most")["expect"];
    let codes: Vec<&str> = beyond["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["maximum", "multipleOf"]);
    assert_eq!(minutes("body/title: 81, too long")["expect"]["errors"][0]["pointer"], "/title");
    assert_eq!(minutes("body/minutes: null where it may be")["expect"]["status"][0], 599);
    assert_eq!(of_kind(&lines, "updateNote", "readOnly").len(), 2, "id, and what only a create may set");
    assert_eq!(of_kind(&lines, "signUp", "readOnly").len(), 1);
}

#[test]
fn what_cannot_be_made_is_said() {
    let mut plan = plan();
    let Shape::Object(note) = &mut plan.types[0].shape else { panic!() };
    // No text is both.
    let never = Pattern { source: "^[0-9]$".into(), rust: "^[0-9]$".into() };
    note.members[1].value = ValueKind::Text(Text { pattern: Some(never), ..text(4, 8) });
    let (lines, _) = found(&plan);
    let skipped: Vec<_> = lines.iter().filter(|line| line.get("skipped").is_some()).collect();
    assert!(!skipped.is_empty());
    assert!(skipped.iter().all(|line| line["skipped"]["why"].as_str().is_some_and(|why| !why.is_empty())));
}

#[test]
fn the_files_are_whole() {
    let (_, files) = found(&plan());
    for (path, file) in &files {
        assert!(path.starts_with("attacks/"));
        assert_eq!(file.owner, Owner::Palisade);
        if path.ends_with(".rs") {
            syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
    let probe = &files["attacks/tests/probe.rs"].text;
    assert!(probe.contains("impl api::operations::update_note::UpdateNote for Probe"));
    assert!(probe.contains("impl api::access::LoadNote for Probe"));
    assert!(!probe.contains("forgotten"), "a denied operation has no handler");
}

/// A spec of this repository as a plan.
fn spec(name: &str) -> Plan {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(name);
    let document = crate::document::load(&path).expect("the spec is readable");
    let mut diagnostics = crate::diagnostic::Diagnostics::default();
    let api = crate::openapi::read(&document, &mut diagnostics).expect("it is OpenAPI");
    let policy = crate::policy::read(&api, &mut diagnostics).expect("its policy is whole");
    crate::plan::build(&api, &policy, name, &mut diagnostics).expect("there is a plan of it")
}

/// What the two specs have no use for: neither has a denied operation, a scope, a request with a read-only member, a least
/// number of items, a most of members.
const IN_NEITHER: &[&str] = &["denied", "wrong-scope", "readOnly", "minItems", "maxProperties"];

#[test]
fn the_specs_of_this_repository_are_attacked_in_every_way() {
    let mut had = BTreeSet::new();
    for name in ["users.yaml", "clinic.yaml"] {
        let plan = spec(name);
        let (lines, files) = found(&plan);
        assert_eq!(files, found(&plan).1, "{name} twice");
        let mut counts = std::collections::BTreeMap::new();
        for line in &lines {
            if let Some(kind) = line["kind"].as_str() {
                *counts.entry(kind.to_owned()).or_insert(0) += 1;
            }
        }
        let used: Vec<&str> = lines[0]["kinds"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
        println!("{name}: {} attacks", counts.values().sum::<i32>());
        for kind in kinds().iter().filter(|kind| used.contains(*kind)) {
            println!("  {kind:<24} {:>5}", counts.get(*kind).copied().unwrap_or(0));
            assert!(counts.contains_key(*kind), "{name} has use for {kind}, and there is none");
        }
        for line in lines.iter().filter(|line| line.get("skipped").is_some()) {
            println!("  {line}");
        }
        for operation in &plan.operations {
            assert_eq!(of_kind(&lines, &operation.id, "control").len(), 1, "{name}: {}", operation.id);
        }
        had.extend(counts.into_keys());
    }
    let without: Vec<&&str> = kinds().iter().filter(|kind| !had.contains(**kind)).collect();
    assert_eq!(without, IN_NEITHER.iter().collect::<Vec<_>>());
}
