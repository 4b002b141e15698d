//! From `x-security` to the effective policy of each operation.
//!
//! Strict: what is not in the vocabulary is an error, what is and cannot be enforced is a named gap ([`gaps`]). An
//! operation for which nothing is declared is denied.

mod access;
mod api_keys;
mod auth;
mod certificates;
mod codes;
mod cors;
mod effective;
pub(crate) mod expressions;
pub mod gaps;
mod ids;
mod keys;
mod limits;
mod loosened;
mod marks;
mod model;
mod need;
mod needs;
mod network;
mod operation_keys;
mod owns;
mod parents;
mod passwords;
mod principal;
mod proof;
pub(crate) mod rate_limits;
mod reader;
mod replies;
pub(crate) mod report;
mod resources;
mod roles;
mod security;
#[cfg(test)]
pub(crate) mod tests;
mod tokens;
mod units;
pub mod vocabulary;

pub use loosened::{Loosened, loosened};
pub use model::*;
pub use need::{Alternative, Asks, Demand, Means, Need};

use crate::diagnostic::{Diagnostic, Diagnostics, Edit};
use crate::document::{Node, Place};
use crate::openapi::Api;
use effective::{Subject, Surroundings};
use operation_keys::Declared;
use reader::Fields;
use report::Report;

/// Reads every `x-security` of the document. Whatever is wrong is pushed and reading goes on, so that later stages can
/// add what they find; no plan is made of a policy with diagnostics. `None` when the root is no mapping.
pub fn read(api: &Api, diagnostics: &mut Diagnostics) -> Option<Policy> {
    let report = &mut Report::new(diagnostics);
    let root = match &api.extension {
        Some(node) => {
            let map = reader::mapping(node, &vocabulary::ROOT, report)?;
            version(node, map, report);
            Some(map)
        }
        None => None,
    };
    let root = |key: &str| root.and_then(|map| map.get(key));
    let roles = root("roles")
        .map(|node| roles::read(node, report))
        .unwrap_or_default();
    let auth::Entries {
        schemes,
        keys,
        passwords,
        certificates,
    } = root("auth")
        .map(|node| auth::read(node, api, &roles, report))
        .unwrap_or_default();
    let entries = root("auth").and_then(Node::as_map);
    let broken = entries.is_some_and(|entries| entries.entries.len() != schemes.len());
    let tokens = tokens::tokens(root("tokens"), &schemes, broken, report);
    let revocation = tokens::revocation(root("revocation"), tokens.as_ref(), report);
    let principal = root("principal")
        .map(|node| principal::read(node, report))
        .unwrap_or_default();
    principal::issued(&principal, &schemes, report);
    let policies = root("policies")
        .map(|node| expressions::read(node, &api.sources, report))
        .unwrap_or_default();
    let resources = root("resources")
        .map(|node| resources::read(node, api, &roles, report))
        .unwrap_or_default();
    ids::check(api, &resources, report);
    let rate_limits = rate_limits::read(root("rateLimits"), report);
    let cors = root("cors").and_then(|node| cors::read(node, report));
    let place = api
        .extension
        .as_ref()
        .map_or(api.title.place, |node| node.place);
    let tls = root("network").and_then(|node| network::read(node, report));
    certificates::need_tls(&certificates, tls, root("network"), report);
    let limits = limits::read(root("limits"), place, report);
    let marks = marks::read(api, &roles, report);
    if api.extension.is_none() {
        without_root(api, marks.keys().min().copied(), report);
    }

    let around = Surroundings {
        api,
        declared: Declared {
            roles: &roles,
            resources: &resources,
            rate_limits: &rate_limits,
            policies: &policies,
            sources: &api.sources,
        },
        schemes: &schemes,
        keys: &keys,
        passwords: &passwords,
        certificates: &certificates,
        limits: &limits,
        issues: tokens.is_some() || root("tokens").is_some(),
    };
    let operations = operations(root("defaults"), &around, report);
    Some(Policy {
        operations,
        schemes,
        keys,
        passwords,
        certificates,
        roles,
        principal,
        policies,
        resources,
        rate_limits,
        revocation,
        tokens,
        cors,
        tls,
        limits,
        marks,
    })
}

fn operations(
    defaults: Option<&Node>,
    around: &Surroundings,
    report: &mut Report,
) -> Vec<OperationPolicy> {
    let api = around.api;
    let defaults = operation_keys::read(defaults, Level::Root, &around.declared, report);
    let everywhere = security::read(api.security.as_deref(), api, around.declared.roles, report);
    let mut operations = Vec::new();
    for (path, item) in api.paths.iter().enumerate() {
        let on_path = operation_keys::read(
            item.extension.as_ref(),
            Level::Path,
            &around.declared,
            report,
        );
        for (index, operation) in item.operations.iter().enumerate() {
            let own = operation_keys::read(
                operation.extension.as_ref(),
                Level::Operation,
                &around.declared,
                report,
            );
            let asked = match &operation.security {
                Some(own) => security::read(Some(own), api, around.declared.roles, report),
                None => everywhere.clone(),
            };
            let subject = Subject {
                path,
                index,
                operation,
                asked,
                levels: [&own, &on_path, &defaults],
            };
            operations.push(effective::decide(&subject, around, report));
        }
    }
    operations
}

fn version(node: &Node, map: Fields, report: &mut Report) {
    let Some(version) = map.get("version") else {
        if reader::was_meant(map, "version", report) {
            return;
        }
        let message = "`x-security` of the document has no `version`";
        let edit = Edit::Member {
            place: node.place,
            key: "version",
            value: "1",
        };
        report.push(
            Diagnostic::new(codes::VERSION, node.place, message)
                .help("add `version: 1`")
                .edit(edit),
        );
        return;
    };
    match &version.value {
        crate::document::Value::Number(lexeme) if lexeme == "1" => {}
        crate::document::Value::Number(lexeme) => {
            let message = format!("version {lexeme} of `x-security` is not known");
            let edit = Edit::Token {
                place: version.place,
                old: lexeme.clone(),
                new: "1".to_owned(),
            };
            report.push(
                Diagnostic::new(codes::VERSION, version.place, message)
                    .help("write `version: 1`")
                    .edit(edit),
            );
        }
        _ => {
            reader::wrong_kind::<()>(version, "`version`", "the number 1", report);
        }
    }
}

/// A document without any `x-security` is read, and denied; one that uses it deeper must say which version it means.
fn without_root(api: &Api, marked: Option<Place>, report: &mut Report) {
    let paths = api.paths.iter().flat_map(|item| {
        item.extension.iter().chain(
            item.operations
                .iter()
                .filter_map(|operation| operation.extension.as_ref()),
        )
    });
    if let Some(first) = paths.map(|node| node.place).chain(marked).min() {
        let message = "`x-security` is used here, and the root of the document has none";
        report.error(
            codes::NO_ROOT,
            first,
            message,
            "add `x-security: { version: 1 }` at the root",
        );
    }
}
