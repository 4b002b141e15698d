//! What is refused, exactly where; and what two specifications say.
//!
//! A case is a document in which `<3001>` stands right before the token that a diagnostic must point at. The marks are
//! taken out before reading; the set of codes and places must be equal, so nothing else may be said either.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod access;
mod allowed;
mod owns;
mod root;

use crate::diagnostic::{Code, Diagnostics};
use crate::document;
use crate::openapi::{self, Api};
use crate::policy::{self, Policy};

/// Takes the marks out of a text and tells where they stood: code, line, column.
pub(crate) fn marked(text: &str) -> (String, Vec<(Code, u32, u32)>) {
    let (mut plain, mut marks) = (String::new(), Vec::new());
    let (mut line, mut column) = (1, 1);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(code) = rest
            .strip_prefix('<')
            .and_then(|rest| rest.get(..4))
            .and_then(|code| code.parse().ok())
        {
            marks.push((code, line, column));
            rest = &rest[6..];
            continue;
        }
        plain.push(c);
        (line, column) = if c == '\n' {
            (line + 1, 1)
        } else {
            (line, column + 1)
        };
        rest = &rest[c.len_utf8()..];
    }
    (plain, marks)
}

pub(crate) fn api(text: &str) -> Api {
    let mut diagnostics = Diagnostics::default();
    let document =
        document::from_text("case.yaml", text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let api = openapi::read(&document, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().collect();
    assert!(said.is_empty(), "the reader refuses: {said:?}\n{text}");
    api.unwrap()
}

pub(crate) fn found(diagnostics: &Diagnostics) -> Vec<(Code, u32, u32)> {
    let mut found: Vec<_> = diagnostics
        .iter()
        .map(|each| (each.code, each.place.line, each.place.column))
        .collect();
    found.sort_unstable();
    found
}

/// The policy of a text, and that exactly the marked diagnostics were pushed.
pub(crate) fn read(text: &str) -> Option<Policy> {
    let (plain, mut expected) = marked(text);
    let api = api(&plain);
    let mut diagnostics = Diagnostics::default();
    let policy = policy::read(&api, &mut diagnostics);
    expected.sort_unstable();
    let said: Vec<_> = diagnostics.iter().map(|each| &each.message).collect();
    assert_eq!(found(&diagnostics), expected, "{said:?}\n{plain}");
    crate::reference::tests::agreement::hold(&api, &diagnostics, &plain);
    policy
}

/// A document with this `x-security` at the root. One operation takes a user's id, one a list of them.
pub(crate) fn with_root(security: &str) -> String {
    document(security, "", "get", "")
}

const ROOT: &str = "
  version: 1
  auth:
    bearer: { issuer: 'https://id.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS' }
    oauth: { issuer: 'https://id.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS' }
    other: { issuer: 'https://other.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS', identity: true }
    asked: { keys: 'env:ASKED', reason: a device that cannot send fields }
  roles: { member: {}, admin: { includes: [member] }, auditor: {} }
  resources:
    User: { param: userId, bypass: [admin] }
    Note: { param: noteId, tenant: true, bypass: [admin] }
  rateLimits:
    often: { limit: 5, window: 1m, by: ip }
    house: { limit: 5, window: 1m, by: tenant }";

/// A document with these members of `GET /users/{userId}`.
pub(crate) fn with_operation(members: &str) -> String {
    document(ROOT, "", "get", members)
}

pub(crate) fn document(security: &str, path: &str, method: &str, members: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{ title: T, version: '1' }}
x-security: {security}
security: [{{ bearer: [] }}]
paths:
  /users/{{userId}}:
    {path}
    {method}:
      operationId: one
      parameters:
        - {{ name: userId, in: path, required: true, schema: {{ type: string, format: uuid }} }}
      responses: {{ '204': {{ description: d }} }}
      {members}
  /notes:
    get:
      operationId: notes
      parameters:
        - {{ name: noteId, in: query, schema: {{ type: string }} }}
      x-security: {{ access: denied }}
      responses: {{ '204': {{ description: d }} }}
components:
  securitySchemes:
    bearer: {{ type: http, scheme: bearer }}
    basic: {{ type: http, scheme: basic }}
    digest: {{ type: http, scheme: digest }}
    key: {{ type: apiKey, in: header, name: X-Key }}
    asked: {{ type: apiKey, in: query, name: key }}
    taken: {{ type: apiKey, in: header, name: Authorization }}
    odd: {{ type: apiKey, in: header, name: 'X Key' }}
    crumb: {{ type: apiKey, in: cookie, name: 'a;b' }}
    other: {{ type: http, scheme: bearer }}
    mutual: {{ type: mutualTLS }}
    oauth:
      type: oauth2
      flows: {{ clientCredentials: {{ tokenUrl: 'https://id.example/t', scopes: {{ 'notes:read': r }} }} }}
"
    )
}

/// Every case is read; all that fail are told.
pub(crate) fn all(cases: &[&str], make: fn(&str) -> String) {
    for case in cases {
        assert!(case.contains('<'), "a negative case has a mark: {case}");
        read(&make(case));
    }
}

/// A code that stands for two errors would send people to the wrong page.
#[test]
fn every_code_is_given_once() {
    let sources = [
        include_str!("codes.rs"),
        include_str!("../plan/codes.rs"),
        include_str!("../openapi/codes.rs"),
        include_str!("../document/codes.rs"),
    ];
    let mut given = Vec::new();
    for line in sources.iter().flat_map(|source| source.lines()) {
        if let Some((_, code)) = line.split_once(": Code = ") {
            given.push(code.trim_end_matches(';').to_owned());
        }
    }
    given.extend(super::gaps::GAPS.iter().map(|gap| gap.code.to_string()));
    let count = given.len();
    given.sort_unstable();
    given.dedup();
    assert!(count > 100 && given.len() == count);
}
