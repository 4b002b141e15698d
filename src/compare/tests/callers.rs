//! Who may call, and with which credentials.

use super::*;

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
