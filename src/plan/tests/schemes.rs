//! Schemes that some operation needs, and no others.

use super::*;

/// Three schemes, all with an entry in `auth`, and operations that say which of them they need.
fn text(operations: &[(&str, &str)]) -> String {
    let entry =
        "{ issuer: 'https://id.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS' }";
    let mut text = format!(
        "openapi: 3.1.0
info: {{ title: T, version: '1' }}
x-security:
  version: 1
  auth: {{ first: {entry}, second: {entry}, third: {entry} }}
security: [{{ first: [] }}]
components:
  securitySchemes:
    first: {{ type: http, scheme: bearer }}
    second: {{ type: http, scheme: bearer }}
    third: {{ type: http, scheme: bearer }}
paths:
"
    );
    for (id, says) in operations {
        text.push_str(&format!(
            "  /{id}:\n    get:\n      operationId: {id}\n      {says}\n      responses: {{ '204': {{ description: d }} }}\n"
        ));
    }
    text
}

/// Names of the schemes, and which of them each operation needs.
fn schemes(operations: &[(&str, &str)]) -> (Vec<String>, Vec<Option<String>>) {
    let plan = build(&text(operations)).unwrap();
    let names: Vec<String> = plan.schemes.iter().map(|each| each.name.clone()).collect();
    let needs = plan
        .operations
        .iter()
        .map(|each| match &each.access {
            Access::Caller(need) => match need.means()[..] {
                [Means::Token(at)] => Some(names[at].clone()),
                _ => panic!("{need:?}"),
            },
            _ => None,
        })
        .collect();
    (names, needs)
}

#[test]
fn a_scheme_that_no_operation_uses_needs_no_key() {
    let some = |name: &str| Some(name.to_owned());
    let (names, needs) = schemes(&[
        ("a", "security: [{ third: [] }]"),
        ("b", "security: [{ second: [] }]"),
        ("c", "security: [{ third: [] }]"),
    ]);
    assert_eq!(names, ["second", "third"]);
    assert_eq!(needs, [some("third"), some("second"), some("third")]);
}

#[test]
fn denied_and_public_operations_need_none() {
    let (names, needs) = schemes(&[
        ("a", "x-security: { access: denied }"),
        (
            "b",
            "security: []\n      x-security: { access: public, reason: r }",
        ),
        ("c", "security: []"),
    ]);
    assert!(names.is_empty(), "{names:?}");
    assert_eq!(needs, [None, None, None]);
    let (names, needs) = schemes(&[
        ("a", "x-security: { access: denied }"),
        ("b", "security: [{ third: [] }]"),
    ]);
    assert_eq!(
        (names, needs),
        (
            vec!["third".to_owned()],
            vec![None, Some("third".to_owned())]
        )
    );
}

#[test]
fn an_owner_is_a_subject_of_one_issuer() {
    let two = |other: &str, method: &str| {
        build(&format!(
            "openapi: 3.1.0
info: {{ title: T, version: '1' }}
x-security:
  version: 1
  auth:
    one: {{ issuer: 'https://id.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS' }}
    two: {{ issuer: '{other}', audience: api, algorithms: [EdDSA], keys: 'env:OTHER' }}
  resources: {{ User: {{ param: userId }} }}
components:
  securitySchemes: {{ one: {{ type: http, scheme: bearer }}, two: {{ type: http, scheme: bearer }} }}
paths:
  /users/{{userId}}:
    parameters: [{{ name: userId, in: path, required: true, schema: {{ type: string, format: uuid }} }}]
    get:
      operationId: getUser
      security: [{{ one: [] }}]
      x-security: {{ owns: User }}
      responses: {{ '204': {{ description: d }} }}
    {method}:
      operationId: other
      security: [{{ two: [] }}]
      x-security: {{ owns: User }}
      responses: {{ '204': {{ description: d }} }}
"
        ))
    };
    assert!(two("https://id.example", "delete").is_some());
    assert!(two("https://other.example", "<4339>delete").is_none());
}
