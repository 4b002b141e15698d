//! What two specifications become, and what is refused, exactly where.
//!
//! `<4402>` in a case stands right before the token that a diagnostic must point at, see [`crate::policy::tests`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod answered;
mod bodies;
mod clinic;
mod data_names;
mod integers;
mod numbers;
mod octets;
mod quotas;
mod refused;
mod schemes;
mod spelled;
mod unions;
mod users;

use super::*;
use crate::policy;
use crate::policy::tests::{api, found, marked};

/// The plan of a text, and that exactly the marked diagnostics were pushed.
fn build(text: &str) -> Option<Plan> {
    let (plain, mut expected) = marked(text);
    let api = api(&plain);
    let mut diagnostics = Diagnostics::default();
    let policy = policy::read(&api, &mut diagnostics).unwrap();
    let plan = super::build(&api, &policy, "case.yaml", &mut diagnostics);
    expected.sort_unstable();
    let said: Vec<_> = diagnostics.iter().map(|each| &each.message).collect();
    assert_eq!(found(&diagnostics), expected, "{said:?}\n{plain}");
    assert_eq!(plan.is_some(), expected.is_empty());
    plan
}

/// A document whose operations, below `paths:`, and schemas, below `schemas:`, are these.
fn document(paths: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{ title: T, version: '1' }}
x-security:
  version: 1
  auth: {{ bearer: {{ issuer: 'https://id.example', audience: api, algorithms: [EdDSA], keys: 'env:KEYS' }} }}
  roles: {{ member: {{}}, admin: {{ includes: [member] }} }}
  resources: {{ User: {{ param: userId }} }}
  rateLimits: {{ named: {{ limit: 5, window: 1m, by: [ip, 'field:/email'] }} }}
security: [{{ bearer: [] }}]
paths:
{paths}
  /users/{{userId}}:
    delete:
      operationId: deleteUser
      x-security: {{ owns: User }}
      parameters: [{{ name: userId, in: path, required: true, schema: {{ type: string, format: uuid }} }}]
      responses: {{ '204': {{ description: d }} }}
components:
  securitySchemes: {{ bearer: {{ type: http, scheme: bearer }} }}
  schemas:
    Unused: {{ type: string }}
{schemas}
"
    )
}

fn operation<'p>(plan: &'p Plan, id: &str) -> &'p Operation {
    plan.operations
        .iter()
        .find(|operation| operation.id == id)
        .unwrap()
}

fn object<'p>(plan: &'p Plan, name: &str) -> (&'p Type, &'p Object) {
    let each = plan
        .types
        .iter()
        .find(|each| each.name == name)
        .unwrap_or_else(|| panic!("no type {name}"));
    match &each.shape {
        Shape::Object(object) => (each, object),
        other => panic!("{name} is {other:?}"),
    }
}

fn member<'p>(plan: &'p Plan, object_name: &str, name: &str) -> &'p Member {
    object(plan, object_name)
        .1
        .members
        .iter()
        .find(|member| member.name == name)
        .unwrap()
}

fn quotas<'p>(plan: &'p Plan, id: &str) -> Vec<&'p str> {
    operation(plan, id)
        .quotas
        .iter()
        .map(|index| plan.quotas[*index].name.as_str())
        .collect()
}
