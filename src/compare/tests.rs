//! One change of a document at a time, and what it means.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{Change, Verdict, compare};
use crate::diagnostic::Diagnostics;
use crate::document::from_text;
use crate::plan::Plan;
use crate::{openapi, plan, policy};

mod callers;
mod values;

const BASE: &str = r##"openapi: 3.1.0
info: { title: T, version: "1" }
x-security:
  version: 1
  auth:
    bearer: { issuer: "https://id.example", audience: [api, other], algorithms: [ES256, EdDSA], keys: "env:KEYS", leeway: 10s, maxLifetime: 30m }
  roles: { member: {}, auditor: {}, admin: { includes: [member] } }
  resources: { Note: { param: noteId, tenant: true, bypass: [admin] } }
  rateLimits: { slow: { limit: 5, window: 1m, by: subject, onFailure: deny } }
  cors: { origins: ["https://a.example", "https://b.example"], maxAge: 5m }
security: [{ bearer: [] }]
paths:
  /notes:
    get:
      operationId: listNotes
      x-security: { owns: { Note: list } }
      parameters:
        - { name: limit, in: query, required: true, schema: { type: integer, minimum: 1, maximum: 50, multipleOf: 2 } }
        - { name: kind, in: query, schema: { type: string, enum: [red, blue] } }
      responses: { "200": { description: d, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Note" } } } } } }
    post:
      operationId: writeNote
      x-security: { access: [member, auditor], rateLimit: slow }
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/NewNote" } } } }
      responses: { "204": { description: d } }
  /notes/{noteId}:
    get:
      operationId: getNote
      x-security: { owns: Note }
      parameters: [{ name: noteId, in: path, required: true, schema: { type: string, format: uuid } }]
      responses: { "200": { description: d, content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } } } }
  /open:
    get:
      operationId: open
      security: []
      x-security: { access: public, reason: r }
      responses: { "204": { description: d } }
  /shut:
    get:
      operationId: shut
      x-security: { access: denied }
      responses: { "204": { description: d } }
components:
  securitySchemes:
    bearer: { type: http, scheme: bearer }
  schemas:
    Note:
      type: object
      required: [id]
      properties:
        id: { type: string, maxLength: 40 }
        text: { type: string, maxLength: 100 }
        secret: { type: string, maxLength: 10, x-security: { read: [admin, owner] } }
    NewNote:
      type: object
      required: [text]
      properties:
        text: { type: string, minLength: 1, maxLength: 100, pattern: "^[a-z]+$" }
        pinned: { type: boolean, x-security: { write: admin } }
        tags: { type: array, maxItems: 5, uniqueItems: true, items: { type: string, maxLength: 10 } }
"##;

fn planned(text: &str) -> Plan {
    let document = from_text("case.yaml", text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let mut diagnostics = Diagnostics::default();
    let api = openapi::read(&document, &mut diagnostics).unwrap();
    let policy = policy::read(&api, &mut diagnostics).unwrap();
    let plan = plan::build(&api, &policy, "case.yaml", &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().map(|each| &each.message).collect();
    plan.unwrap_or_else(|| panic!("{said:?}"))
}

fn edited(from: &str, to: &str) -> Plan {
    assert_eq!(BASE.matches(from).count(), 1, "{from}");
    planned(&BASE.replace(from, to))
}

/// `+ operation what (principal)`, where `+` is widened, `-` narrowed and `=` neutral.
fn told(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let sign = match change.verdict {
            Verdict::Widened => "+",
            Verdict::Narrowed => "-",
            Verdict::Neutral => "=",
        };
        let operation = change.operation.as_deref().unwrap_or("*");
        let principal = change.principal.as_ref();
        let principal = principal.map_or(String::new(), |who| format!(" ({who})"));
        format!("{sign} {operation} {}{principal}", change.what)
    };
    changes.iter().map(line).collect()
}

/// The edit says this, and its reverse the opposite, line by line.
fn says(from: &str, to: &str, expected: &[&str]) {
    let (old, new) = (planned(BASE), edited(from, to));
    assert_eq!(told(&compare(&old, &new).list), expected, "{from} -> {to}");
    let mut opposite: Vec<String> = expected
        .iter()
        .map(|line| match line.split_at(1) {
            ("+", rest) => format!("-{rest}"),
            ("-", rest) => format!("+{rest}"),
            (sign, rest) => format!("{sign}{rest}"),
        })
        .collect();
    let mut back = told(&compare(&new, &old).list);
    // Names that came and names that went change places.
    opposite.sort();
    back.sort();
    assert_eq!(back, opposite, "back from {to}");
}

/// What cannot be compared is widened both ways.
fn cannot_be_told(from: &str, to: &str, expected: &[&str]) {
    let (old, new) = (planned(BASE), edited(from, to));
    assert_eq!(told(&compare(&old, &new).list), expected, "{from} -> {to}");
    assert_eq!(told(&compare(&new, &old).list), expected, "back from {to}");
}

#[test]
fn nothing_differs_from_itself() {
    assert_eq!(compare(&planned(BASE), &planned(BASE)).list, []);
    for spec in ["users", "clinic"] {
        let path = format!("{}/specs/{spec}.yaml", env!("CARGO_MANIFEST_DIR"));
        let plan = planned(&std::fs::read_to_string(path).unwrap());
        assert_eq!(compare(&plan, &plan).list, []);
    }
}

#[test]
fn words_and_order_are_neutral() {
    for (from, to) in [
        ("title: T", "title: Another"),
        ("reason: r", "reason: Another reason."),
        ("operationId: getNote", "operationId: readNote"),
        (
            "{ member: {}, auditor: {}, admin: { includes: [member] } }",
            "{ admin: { includes: [member] }, auditor: {}, member: {} }",
        ),
        ("[red, blue]", "[blue, red]"),
    ] {
        assert_eq!(
            compare(&planned(BASE), &edited(from, to)).list,
            [],
            "{from} -> {to}"
        );
    }
}

#[test]
fn operations() {
    let shut = "x-security: { access: denied }";
    says(
        shut,
        "description: d",
        &["+ shut access (a caller without a role)"],
    );
    says(
        shut,
        "x-security: { access: auditor }",
        &["+ shut access (auditor)"],
    );
    let another = |access: &str| {
        format!(
            "  /more:\n    get:\n      operationId: more\n      x-security: {{ access: {access} }}\n      responses: {{ \"204\": {{ description: d }} }}\ncomponents:\n"
        )
    };
    says("components:\n", &another("member"), &["+ more operation"]);
    says("components:\n", &another("denied"), &["= more operation"]);
}

#[test]
fn ownership() {
    says(
        "x-security: { owns: Note }",
        "x-security: { owns: { Note: any } }",
        &["+ getNote owns Note"],
    );
    says(
        "bypass: [admin]",
        "bypass: [admin, auditor]",
        &[
            "+ listNotes owns Note bypassed by auditor",
            "+ getNote owns Note bypassed by auditor",
        ],
    );
    says(
        "tenant: true, ",
        "",
        &[
            "+ listNotes owns Note across tenants",
            "+ getNote owns Note across tenants",
        ],
    );
    says(
        "tenant: true, ",
        "tenant: true, onDenied: 403, ",
        &[
            "+ listNotes owns Note tells that an object exists",
            "+ getNote owns Note tells that an object exists",
        ],
    );
    says(
        "x-security: { owns: { Note: list } }",
        "description: d",
        &["+ listNotes owns Note"],
    );
}

#[test]
fn quotas_and_limits() {
    let slow = "slow: { limit: 5, window: 1m, by: subject, onFailure: deny }";
    let with = |slow: &str, line: &str| {
        says(
            "slow: { limit: 5, window: 1m, by: subject, onFailure: deny }",
            slow,
            &[line],
        );
    };
    with(
        "slow: { limit: 6, window: 1m, by: subject, onFailure: deny }",
        "+ writeNote quota slow",
    );
    with(
        "slow: { limit: 5, window: 2m, by: subject, onFailure: deny }",
        "- writeNote quota slow",
    );
    with(
        "slow: { limit: 5, window: 1m, by: subject, onFailure: local }",
        "+ writeNote quota slow",
    );
    cannot_be_told(
        slow,
        "slow: { limit: 5, window: 1m, by: ip, onFailure: deny }",
        &["+ writeNote quota slow"],
    );
    cannot_be_told(
        slow,
        "slow: { limit: 6, window: 2m, by: subject, onFailure: deny }",
        &["+ writeNote quota slow"],
    );
    says(
        "rateLimit: slow }",
        "rateLimit: [slow, standard] }",
        &["- writeNote quota standard"],
    );
    says(
        "  cors: {",
        "  limits: { jsonDepth: 16 }\n  cors: {",
        &["- * limits jsonDepth"],
    );
    says(
        "rateLimit: slow }",
        "rateLimit: slow, limits: { body: 1MiB } }",
        &["+ writeNote limits body bytes"],
    );
}

#[test]
fn origins() {
    says(
        "\"https://a.example\", ",
        "",
        &["- * cors origin https://a.example"],
    );
    says(
        "maxAge: 5m",
        "maxAge: 5m, credentials: true",
        &["+ * cors credentials"],
    );
    says(
        "  cors: { origins: [\"https://a.example\", \"https://b.example\"], maxAge: 5m }\n",
        "",
        &["- * cors"],
    );
    cannot_be_told(
        "origins: [\"https://a.example\", \"https://b.example\"]",
        "origins: env:ORIGINS",
        &["+ * cors origins"],
    );
}

#[test]
fn plain_text_and_old_tls_are_wider() {
    says(
        "  cors: {",
        "  network: { tls: terminate }\n  cors: {",
        &["- * plain text is spoken"],
    );
    says(
        "  cors: {",
        "  network: { tls: terminate, minTls: 1.3 }\n  cors: {",
        &["- * plain text is spoken", "- * TLS 1.2 is spoken"],
    );
    // That it ends elsewhere is what holds anyway.
    says("  cors: {", "  network: { tls: upstream }\n  cors: {", &[]);
}

#[test]
fn the_whole_verdict_is_the_worst() {
    let worst = |from: &str, to: &str| compare(&planned(BASE), &edited(from, to)).verdict();
    assert_eq!(worst("title: T", "title: U"), Verdict::Neutral);
    assert_eq!(worst("maxItems: 5", "maxItems: 4"), Verdict::Narrowed);
    let mixed = BASE
        .replace("maxItems: 5", "maxItems: 4")
        .replace("minLength: 1", "minLength: 0");
    assert_eq!(
        compare(&planned(BASE), &planned(&mixed)).verdict(),
        Verdict::Widened
    );
}

#[test]
fn expressions_are_equal_or_more_may_be_possible() {
    let asking = |more: &str| {
        let access = format!("access: {{ roles: [member, auditor]{more} }}");
        planned(&BASE.replace("access: [member, auditor]", &access))
    };
    let of = |old: &str, new: &str| compare(&asking(old), &asking(new)).verdict();
    let (a, b) = (", policy: \"1 < 2\"", ", policy: \"2 > 1\"");
    assert_eq!(of(a, a), Verdict::Neutral);
    assert_eq!(of("", a), Verdict::Narrowed);
    assert_eq!(of(a, ""), Verdict::Widened);
    assert_eq!(of(a, b), Verdict::Widened);
    assert_eq!(of(b, a), Verdict::Widened);
    assert_eq!(of(", fresh: 5m", ", fresh: 10m"), Verdict::Widened);
    assert_eq!(of(", fresh: 10m", ", fresh: 5m"), Verdict::Narrowed);
    assert_eq!(of(", fresh: 10m", ""), Verdict::Widened);
    assert_eq!(of(", acr: [a]", ", acr: [a, b]"), Verdict::Widened);
    assert_eq!(of(", acr: [a, b]", ", acr: [a]"), Verdict::Narrowed);
    assert_eq!(of(", acr: [a]", ""), Verdict::Widened);
}

#[test]
fn a_policy_over_rows_admits_others_than_their_owners() {
    let listing = |owns: &str, bypass: &str, policy: &str| {
        let policies = format!("version: 1\n  policies: {{ mine: {policy} }}\n");
        let text = BASE.replace("version: 1\n", &policies);
        let text = text.replace("owns: { Note: list }", owns);
        planned(&text.replace("bypass: [admin]", bypass))
    };
    let rows = "owns: { Note: { by: policy mine, mode: list } }";
    let (own, admin) = ("resource.owner == principal.subject", "bypass: [admin]");
    let owners = listing("owns: { Note: list }", admin, own);
    let mine = listing(rows, admin, own);
    let changes = |old: &Plan, new: &Plan| told(&compare(old, new).list);
    assert_eq!(changes(&owners, &mine), ["+ listNotes owns Note"]);
    assert_eq!(changes(&mine, &owners), ["+ listNotes owns Note"]);
    assert_eq!(changes(&mine, &mine), [""; 0]);
    let other = listing(rows, admin, "resource.version > 1");
    assert_eq!(changes(&mine, &other), ["+ listNotes owns Note policy"]);
    // Whoever bypasses the owner is not asked of rows; of a single object, only where its owner decides.
    let more = listing(rows, "bypass: [admin, auditor]", own);
    let all = [
        "+ listNotes owns Note bypassed by auditor",
        "+ getNote owns Note bypassed by auditor",
    ];
    assert_eq!(changes(&mine, &more), all);
}
