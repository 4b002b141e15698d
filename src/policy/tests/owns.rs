//! Whose object it is.

use super::{ROOT, all, document, read, with_operation};
use crate::policy::{Access, How};

fn owns(value: &str) -> String {
    with_operation(&format!("x-security: {{ owns: {value} }}"))
}

#[test]
fn owns_is_strict() {
    all(
        &[
            "<3040>Usr",
            "<3002>[User]",
            "<3010>{}",
            "{ <3040>Usr: any }",
            "{ User: <3009>owner }",
            "{ User: <3010>{} }",
            "{ User: { by: <3009>ownr } }",
            "{ User: { by: <3104>policy mine } }",
            "{ User: { by: <3010>policy } }",
            "{ User: <3049>{ by: tenant } }",
            "{ User: { id: <3048>body./userId } }",
            "{ User: { id: <3024>body.userId } }",
            "{ User: { id: <3024>body./a//b } }",
            "{ User: { id: <3048>usrId } }",
            "{ User: { id: <3002>[userId] } }",
            "{ User: { by: owner, mode: <3009>rw } }",
            "{ User: { by: owner, <3001>modes: read } }",
            "{ User: any, Note: <3043>any }",
            "{ User: list, Note: <4337>list }",
        ],
        owns,
    );
}

#[test]
fn an_operation_without_the_parameter_cannot_prove() {
    let text = with_operation("x-security: { owns: User }").replace(
        "x-security: { access: denied }",
        "x-security: { owns: <3043>User }",
    );
    read(&text);
}

#[test]
fn an_id_that_may_be_absent_proves_nothing() {
    let text = with_operation("x-security: { owns: User }")
        .replace(
            "x-security: { access: denied }",
            "x-security: { owns: Note }",
        )
        .replace("- { name: noteId", "- { name: <4336>noteId");
    read(&text);
}

#[test]
fn nobody_owns_on_public_operations() {
    for (what, code) in [
        ("User", "3044"),
        ("{ User: list }", "3044"),
        ("{ User: any }", "4335"),
    ] {
        let marked = match what.split_once(": ") {
            Some((name, how)) => format!("{name}: <{code}>{how}"),
            None => format!("<{code}>{what}"),
        };
        read(&with_operation(&format!(
            "security: []\n      x-security: {{ access: public, reason: r, owns: {marked} }}"
        )));
    }
}

#[test]
fn the_method_says_what_is_done_unless_the_document_does() {
    for (method, value, how) in [
        ("get", "User", How::Owner { write: false }),
        ("delete", "User", How::Owner { write: true }),
        ("delete", "{ User: any }", How::Any { write: true }),
        (
            "post",
            "{ User: { mode: read } }",
            How::Owner { write: false },
        ),
        (
            "get",
            "{ User: { by: owner, mode: write } }",
            How::Owner { write: true },
        ),
    ] {
        let policy = read(&document(
            ROOT,
            "",
            method,
            &format!("x-security: {{ owns: {value} }}"),
        ))
        .unwrap();
        let owns = &policy.operations[0].owns;
        assert_eq!(
            (owns.len(), owns[0].resource, owns[0].how),
            (1, 0, how),
            "{method} {value}"
        );
    }
}

/// Ruling 18.
#[test]
fn an_id_that_nothing_proves_denies() {
    let denied = |extension: &str, root: &str| {
        let policy = read(&document(
            root,
            "",
            "get",
            &format!("x-security: {extension}"),
        ))
        .unwrap();
        match &policy.operations[0].access.value {
            Access::Denied { why } => {
                assert!(why.contains("`userId`"), "{why}");
                true
            }
            _ => false,
        }
    };
    assert!(denied("{ access: authenticated }", ROOT));
    assert!(denied("{ access: member }", ROOT));
    assert!(
        denied("{ access: [admin, member] }", ROOT),
        "one of the roles is not in bypass"
    );
    assert!(
        denied("{ access: { roles: [admin], allRoles: [auditor] } }", ROOT),
        "all of the roles"
    );
    // A list proves no single id.
    assert!(denied("{ owns: { User: list } }", ROOT));
    assert!(!denied("{ access: admin }", ROOT));
    assert!(!denied("{ owns: User }", ROOT));
    let tenant = ROOT.replace(
        "User: { param: userId,",
        "User: { param: userId, tenant: true,",
    );
    assert!(
        denied("{ access: admin }", &tenant),
        "bypass skips the owner, never the tenant"
    );
    let nobody = ROOT.replace(
        "User: { param: userId, bypass: [admin] }",
        "User: { param: userId, bypass: [] }",
    );
    assert!(denied("{ access: admin }", &nobody));
}

#[test]
fn one_proof_does_not_cover_another_id() {
    let two = "{ name: noteId, in: query, required: true, schema: { type: string } }";
    let text = with_operation("x-security: { owns: User }").replacen(
        "      parameters:\n",
        &format!("      parameters:\n        - {two}\n"),
        1,
    );
    let policy = read(&text).unwrap();
    assert!(
        matches!(&policy.operations[0].access.value, Access::Denied { why } if why.contains("`noteId`"))
    );
    assert!(policy.operations[0].owns.is_empty());
}

/// `x-security` of schemas and parameters.
#[test]
fn marks_are_strict() {
    let cases = [
        "{ <3001>sensitve: secret }",
        "{ sensitive: <3009>private }",
        "{ sensitive: <3002>true }",
        "{ write: <3031>amdin }",
        "{ write: [admin, <3031>amdin] }",
        "{ write: <3011>[] }",
        "{ write: <4384>owner }",
        "{ write: [admin, <3073>none] }",
        "{ write: [<3073>create] }",
        "{ read: [<3073>none, admin] }",
        "{ read: <3073>create }",
        "{ read: <3011>[] }",
        "{ read: <3080>admin, sensitive: secret }",
        "{ <4303>unknown: drop, rules: <3011>[], <4381>normalize: [trim], <4382>url: {}, files: <3010>{} }",
    ];
    for case in cases {
        let schema = format!(
            "  schemas:\n    Thing:\n      type: object\n      properties:\n        a: {{ type: string, x-security: {case} }}\n"
        );
        read(&format!(
            "{}{schema}",
            with_operation("x-security: { owns: User }")
        ));
    }
    for case in [
        "{ sensitive: <3009>false }",
        "{ sensitive: <3002>1 }",
        "{ <3001>write: admin }",
        "<3002>true",
    ] {
        let text = with_operation("x-security: { owns: User }").replace(
            "in: query, schema",
            &format!("in: query, x-security: {case}, schema"),
        );
        read(&text);
    }
}

/// A document with one operation that takes these parameters, beside one that names the id as the resource does.
fn ids(parameters: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{ title: T, version: '1' }}
x-security:
  version: 1
  auth: {{ bearer: {{ issuer: 'https://id.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS' }} }}
  resources: {{ User: {{ param: userId }}, Note: {{ param: noteId }} }}
security: [{{ bearer: [] }}]
paths:
  /users/{{userId}}:
    get:
      operationId: getUser
      x-security: {{ owns: User }}
      parameters:
        - {{ name: userId, in: path, required: true, schema: {{ type: string }} }}
{parameters}
      responses: {{ '204': {{ description: d }} }}
  /notes:
    get:
      operationId: getNote
      x-security: {{ owns: Note }}
      parameters: [{{ name: noteId, in: query, required: true, schema: {{ type: string }} }}]
      responses: {{ '204': {{ description: d }} }}
components: {{ securitySchemes: {{ bearer: {{ type: http, scheme: bearer }} }} }}
"
    )
}

#[test]
fn an_id_by_another_spelling_is_no_way_past_the_proof() {
    let cases = [
        ("userid", "query"),
        ("user_id", "query"),
        ("user-id", "header"),
        ("userId", "header"),
        ("note_id", "query"),
        ("NoteID", "cookie"),
    ];
    for (name, location) in cases {
        read(&ids(&format!(
            "        - {{ name: <3045>{name}, in: {location}, schema: {{ type: string }} }}"
        )));
    }
    let policy = read(&ids(
        "        - { name: users, in: query, schema: { type: string } }",
    ));
    assert!(policy.is_some(), "another name is another thing");
}

#[test]
fn one_proof_is_for_one_id() {
    for required in ["true", "false"] {
        let text = ids(&format!(
            "        - {{ name: <3046>userId, in: query, required: {required}, schema: {{ type: string }} }}"
        ));
        let text = match required {
            "true" => text,
            // It is also one that may be absent.
            _ => text.replace("<3046>userId", "<3046><4336>userId"),
        };
        read(&text);
    }
}
