//! One change of a document at a time, and what it means.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{Change, Verdict, compare};
use crate::diagnostic::Diagnostics;
use crate::document::from_text;
use crate::plan::Plan;
use crate::{openapi, plan, policy};

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
fn access() {
    let written = "access: [member, auditor]";
    says(
        written,
        "access: authenticated",
        &["+ writeNote access (a caller without a role)"],
    );
    says(
        written,
        "access: auditor",
        &["- writeNote access (member)", "- writeNote access (admin)"],
    );
    says(
        written,
        "access: { allRoles: [member, auditor] }",
        &[
            "- writeNote access (member)",
            "- writeNote access (auditor)",
            "- writeNote access (admin)",
        ],
    );
    says(
        written,
        "access: { roles: [member, auditor], scopes: [notes] }",
        &["- writeNote scope notes"],
    );
    cannot_be_told(
        "security: []\n      x-security: { access: public, reason: r }",
        "x-security: { access: public, reason: r }\n      security: [{}]",
        &[],
    );
    says(
        "security: []\n      x-security: { access: public, reason: r }",
        "x-security: { access: authenticated }",
        &["- open access (anyone, without a credential)"],
    );
    // A role that holds less can do less, wherever it is asked for.
    says(
        "admin: { includes: [member] }",
        "admin: {}",
        &[
            "- * role admin includes member",
            "- writeNote access (admin)",
        ],
    );
}

/// No single role shows it: whoever has both could, and cannot any more.
#[test]
fn several_roles_together() {
    let both = BASE.replace(
        "access: [member, auditor]",
        "access: { allRoles: [admin, auditor] }",
    );
    let none = BASE.replace(
        "access: [member, auditor]",
        "access: { allRoles: [admin, auditor], roles: [member] }",
    );
    // `admin` holds `member`, so nothing is lost.
    assert_eq!(
        told(&compare(&planned(&both), &planned(&none)).list),
        [""; 0]
    );
    let less = BASE.replace(
        "access: [member, auditor]",
        "access: { allRoles: [member, auditor] }",
    );
    let told = |old: &str, new: &str| told(&compare(&planned(old), &planned(new)).list);
    assert_eq!(
        told(&both, &less),
        ["+ writeNote access (a caller with several roles)"]
    );
    assert_eq!(
        told(&less, &both),
        ["- writeNote access (a caller with several roles)"]
    );
}

#[test]
fn credentials() {
    says(
        "algorithms: [ES256, EdDSA]",
        "algorithms: [EdDSA]",
        &["- * auth bearer algorithm ES256"],
    );
    says(
        "audience: [api, other]",
        "audience: api",
        &["- * auth bearer audience other"],
    );
    says(
        "leeway: 10s",
        "leeway: 20s",
        &["+ * auth bearer leeway seconds"],
    );
    says(
        "maxLifetime: 30m",
        "maxLifetime: 10m",
        &["- * auth bearer maxLifetime seconds"],
    );
    says(
        "maxLifetime: 30m",
        "maxLifetime: 30m, profile: jwt",
        &["+ * auth bearer takes tokens that are no access tokens"],
    );
    cannot_be_told(
        "https://id.example",
        "https://other.example",
        &["+ * auth bearer issuer"],
    );
    cannot_be_told("env:KEYS", "env:OTHER", &["+ * auth bearer keys"]);
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
fn what_is_taken() {
    says(
        "minLength: 1",
        "minLength: 2",
        &["- writeNote body/text minLength"],
    );
    says(
        "maxLength: 100, pattern",
        "maxLength: 200, pattern",
        &["+ writeNote body/text maxLength"],
    );
    says(
        ", pattern: \"^[a-z]+$\"",
        "",
        &["+ writeNote body/text pattern"],
    );
    cannot_be_told("^[a-z]+$", "^[a-y]+$", &["+ writeNote body/text pattern"]);
    says(
        "required: [text]",
        "required: [text, tags]",
        &["- writeNote body/tags may be left out"],
    );
    says(
        "maxItems: 5",
        "maxItems: 6",
        &["+ writeNote body/tags maxItems"],
    );
    says(
        "uniqueItems: true, ",
        "",
        &["+ writeNote body/tags repeated items"],
    );
    says(
        "items: { type: string, maxLength: 10 }",
        "items: { type: string, maxLength: 11 }",
        &["+ writeNote body/tags/* maxLength"],
    );
    says(
        "        pinned: {",
        "        more: { type: boolean }\n        pinned: {",
        &["+ writeNote body/more (a caller without a role)"],
    );
    says(
        "x-security: { write: admin }",
        "x-security: { write: auditor }",
        &[
            "+ writeNote body/pinned (auditor)",
            "- writeNote body/pinned (admin)",
        ],
    );
    says(
        "pinned: { type: boolean, x-security: { write: admin } }",
        "pinned: { type: boolean }",
        &["+ writeNote body/pinned (a caller without a role)"],
    );
    says(
        "maximum: 50",
        "maximum: 60",
        &["+ listNotes query limit maximum"],
    );
    says(
        "multipleOf: 2",
        "multipleOf: 4",
        &["- listNotes query limit multipleOf"],
    );
    cannot_be_told(
        "multipleOf: 2",
        "multipleOf: 3",
        &["+ listNotes query limit multipleOf"],
    );
    says(
        "in: query, required: true,",
        "in: query,",
        &["+ listNotes query limit may be left out"],
    );
    says(
        "enum: [red, blue]",
        "enum: [red]",
        &["- listNotes query kind word blue"],
    );
    says(
        "        - { name: kind, in: query, schema: { type: string, enum: [red, blue] } }\n",
        "",
        &["- listNotes query kind"],
    );
    cannot_be_told(
        "pinned: { type: boolean,",
        "pinned: { type: string, maxLength: 5,",
        &["+ writeNote body/pinned type"],
    );
    says(
        "in: path, required: true, schema: { type: string, format: uuid }",
        "in: path, required: true, schema: { type: string, maxLength: 36 }",
        &["+ getNote path noteId format"],
    );
}

#[test]
fn what_is_told() {
    says(
        "x-security: { read: [admin, owner] }",
        "x-security: { read: admin }",
        &[
            "- listNotes reply 200/secret (the owner)",
            "- getNote reply 200/secret (the owner)",
        ],
    );
    says(
        "        secret: { type: string, maxLength: 10, x-security: { read: [admin, owner] } }\n",
        "",
        &[
            "- listNotes reply 200/secret (admin)",
            "- listNotes reply 200/secret (the owner)",
            "- getNote reply 200/secret (admin)",
            "- getNote reply 200/secret (the owner)",
        ],
    );
    says(
        "x-security: { read: [admin, owner] }",
        "description: d",
        &[
            "+ listNotes reply 200/secret (a caller without a role)",
            "+ getNote reply 200/secret (a caller without a role)",
        ],
    );
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

/// One operation with these alternatives.
fn by(security: &str, access: &str) -> Plan {
    planned(&format!(
        "openapi: 3.1.0
info: {{ title: T, version: '1' }}
x-security:
  version: 1
  auth:
    login: {{ issuer: 'https://id.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS' }}
    staff: {{ issuer: 'https://staff.example', audience: api, algorithms: [EdDSA], keys: 'env:STAFF', identity: true }}
    partner: {{ keys: 'env:PARTNERS' }}
  roles: {{ member: {{}}, admin: {{ includes: [member] }} }}
security: {security}
paths:
  /a:
    get:
      operationId: a
      x-security: {{ {access} }}
      responses: {{ '204': {{ description: d }} }}
components:
  securitySchemes:
    login: {{ type: http, scheme: bearer }}
    staff: {{ type: http, scheme: bearer }}
    partner: {{ type: apiKey, in: header, name: X-Key }}
"
    ))
}

#[test]
fn an_alternative_more_is_wider_and_a_scheme_beside_is_narrower() {
    let changes = |old: (&str, &str), new: (&str, &str)| {
        told(&compare(&by(old.0, old.1), &by(new.0, new.1)).list)
    };
    let login = ("[{ login: [] }]", "access: authenticated");
    let either = ("[{ login: [] }, { partner: [] }]", "access: authenticated");
    let both = ("[{ login: [], partner: [] }]", "access: authenticated");
    assert_eq!(changes(login, either), ["+ a alternative"]);
    assert_eq!(changes(either, login), ["- a alternative"]);
    assert_eq!(changes(login, both), ["- a alternative"]);
    assert_eq!(changes(both, login), ["+ a alternative"]);
    // Both are one of either: two more ways, and the old one is no way that the new ones do not have.
    assert_eq!(
        changes(both, either),
        ["+ a alternative", "+ a alternative"]
    );
    let turned = ("[{ partner: [] }, { login: [] }]", "access: authenticated");
    assert_eq!(changes(either, turned), [""; 0]);
    // Whose object it is hangs on who is the caller.
    let first = ("[{ partner: [], login: [] }]", "access: authenticated");
    assert_eq!(changes(both, first), ["+ a caller"]);
    assert_eq!(changes(first, both), ["+ a caller"]);
    let asks = (
        "[{ login: [] }, { partner: [admin] }]",
        "access: authenticated",
    );
    assert_eq!(changes(either, asks), ["- a alternative"]);
    assert_eq!(changes(asks, either), ["+ a alternative"]);
}

#[test]
fn optional_stands_between_public_and_a_caller() {
    let public = "[]";
    let public = by(public, "access: public, reason: r");
    let optional = by("[{ login: [] }, {}]", "access: optional");
    let caller = by("[{ login: [] }]", "access: authenticated");
    let verdict = |old: &Plan, new: &Plan| compare(old, new).verdict();
    assert_eq!(verdict(&caller, &optional), Verdict::Widened);
    assert_eq!(verdict(&optional, &caller), Verdict::Narrowed);
    assert_eq!(verdict(&public, &optional), Verdict::Widened);
    assert_eq!(verdict(&optional, &public), Verdict::Narrowed);
    assert_eq!(verdict(&optional, &optional), Verdict::Neutral);
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

#[test]
fn alternatives_are_compared_by_their_names() {
    let old = "text: { type: string, minLength: 1, maxLength: 100, pattern: \"^[a-z]+$\" }";
    let with = |more: &str| {
        let text = format!(
            "text: {{ oneOf: [{{ type: integer, minimum: 1, maximum: 5 }}, {{ type: object, title: Long, required: [a], properties: {{ a: {{ type: string, maxLength: 9 }} }} }}{more}] }}"
        );
        planned(&BASE.replace(old, &text))
    };
    let (few, many) = (with(""), with(", { type: boolean }"));
    assert_eq!(
        told(&compare(&few, &many).list),
        ["+ writeNote body/text alternative Boolean"]
    );
    assert_eq!(
        told(&compare(&many, &few).list),
        ["- writeNote body/text alternative Boolean"]
    );
    let narrow = planned(&BASE.replace(
        old,
        "text: { oneOf: [{ type: integer, minimum: 1, maximum: 4 }, { type: object, title: Long, required: [a], properties: { a: { type: string, maxLength: 9 } } }] }",
    ));
    assert_eq!(
        told(&compare(&few, &narrow).list),
        ["- writeNote body/text Integer maximum"]
    );
    // From one kind of value to another nothing can be said.
    assert_eq!(
        told(&compare(&planned(BASE), &few).list),
        ["+ writeNote body/text type"]
    );
}
