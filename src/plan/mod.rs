//! From policy and model to what must be enforced, as pure data.
//!
//! What each schema can be is decided here, once: typed exactly, or refused by name ([`crate::policy::gaps`]).

pub mod answers;
mod bodies;
mod codes;
mod contained;
mod declared;
mod exclusive;
mod expressions;
mod files;
mod flows;
mod integers;
mod members;
mod model;
mod numbers;
mod octets;
mod operations;
mod ownership;
mod params;
mod paths;
mod patterns;
mod published;
mod quotas;
mod replies;
mod resources;
mod settings;
mod size;
mod spelled;
#[cfg(test)]
mod tests;
mod texts;
mod types;
mod unions;
mod words;

pub use model::*;
pub use paths::ids as operation_ids;
pub use published::{Credential, CredentialKind, Flow, Published, Server};
pub use texts::NO_NUL;

use crate::diagnostic::Diagnostics;
use crate::openapi::Api;
use crate::policy::Policy;
use crate::policy::report::Report;
use types::Builder;

/// Decides what the service enforces. `document_name` is the file name that generated files show.
///
/// `None` as soon as anything is wrong, in this stage or before it: there is no plan of half a document.
pub fn build(
    api: &Api,
    policy: &Policy,
    document_name: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let report = &mut Report::new(diagnostics);
    if !size::check(api, policy, report) {
        return None;
    }
    let mount = paths::mount(api, report);
    let mut builder = Builder::new(api, policy, report);
    let mut quotas = Vec::new();
    let mut operations = builder.operations(mount.as_deref().unwrap_or_default(), &mut quotas);
    builder.unsent_rules();
    let resources = builder.resources(&operations);
    if let Some(resources) = &resources {
        builder.body_ids(&operations, resources, &quotas);
    }
    builder.flows(&mut operations, settings::tokens(policy).as_ref());
    let types = builder.types;
    settings::one_issuer(policy, &operations, report);
    if !report.is_clean() {
        return None;
    }
    let used = settings::used_schemes(policy, &mut operations);
    let plan = Plan {
        document: document_name.to_owned(),
        title: api.title.value.clone(),
        version: api.api_version.clone(),
        description: api.description.clone(),
        mount: mount?,
        roles: settings::roles(policy),
        principal: settings::attributes(&policy.principal),
        policies: settings::policies(&policy.policies),
        schemes: used.schemes,
        keys: used.keys,
        passwords: used.passwords,
        certificates: used.certificates,
        resources: resources?,
        quotas,
        revocation: settings::revocation(policy),
        tokens: used.tokens,
        cors: settings::cors(policy),
        tls: policy.tls.map(|tls| Tls { tls12: tls.tls12 }),
        limits: settings::limits(policy),
        types,
        operations,
        published: published::of(api),
    };
    declared::check(api, policy, &plan, report);
    report.is_clean().then_some(plan)
}
