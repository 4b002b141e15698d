//! Ids of objects among the parameters: a proof holds for one parameter, and no other may carry an id past it.

use super::codes;
use super::model::Resource;
use super::report::Report;
use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::openapi::{Api, Location, Operation, Parameter};
use std::collections::BTreeSet;

/// Refuses parameters that are named like an id and are not where, or not spelt as, the resource says.
///
/// `owns` is told by the parameter's exact name. `{userid}` beside `param: userId` would reach the handler unproved, and
/// so would a second `userId` in the query.
pub(super) fn check(api: &Api, resources: &[Resource], report: &mut Report) {
    // That no operation has the parameter of a resource was told where the resource is declared.
    let has = |each: &&Resource| super::resources::params(api).any(|name| name == each.param);
    let resources: Vec<&Resource> = resources.iter().filter(has).collect();
    // A parameter of a path item or of the components stands in several operations, and is told once.
    let mut told = BTreeSet::new();
    for operation in api.paths.iter().flat_map(|item| &item.operations) {
        for parameter in &operation.parameters {
            let name = parameter.name.value.as_str();
            let exact = resources.iter().find(|each| each.param == name);
            match exact {
                Some(resource) if parameter.location == Location::Header => {
                    stray(resource, parameter, &mut told, report);
                }
                Some(resource) => twice(resource, parameter, operation, &mut told, report),
                None => {
                    let folded = fold(name);
                    if let Some(resource) =
                        resources.iter().find(|each| fold(&each.param) == folded)
                    {
                        stray(resource, parameter, &mut told, report);
                    }
                }
            }
        }
    }
}

/// Without what people vary when they mean the same name.
fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn stray(
    resource: &Resource,
    parameter: &Parameter,
    told: &mut BTreeSet<Place>,
    report: &mut Report,
) {
    if !told.insert(parameter.name.place) {
        return;
    }
    let message = format!(
        "the {} parameter `{}` looks like the id `{}` of `{}`, and no `owns` could prove it",
        parameter.location.as_str(),
        parameter.name.value,
        resource.param,
        resource.name
    );
    report.push(
        Diagnostic::new(codes::RESOURCE_NEAR, parameter.name.place, message)
            .related(resource.param_place, "the id is named here")
            .help(format!(
                "write `{}` in the path or the query, or another name",
                resource.param
            )),
    );
}

fn twice(
    resource: &Resource,
    parameter: &Parameter,
    operation: &Operation,
    told: &mut BTreeSet<Place>,
    report: &mut Report,
) {
    let is_id = |each: &&Parameter| {
        each.name.value == resource.param
            && matches!(each.location, Location::Path | Location::Query)
    };
    let first = operation.parameters.iter().find(is_id);
    let Some(first) = first.filter(|first| first.location != parameter.location) else {
        return;
    };
    if !told.insert(parameter.name.place) {
        return;
    }
    let message = format!(
        "the operation takes two ids `{}` of `{}`, and `owns` proves one",
        resource.param, resource.name
    );
    report.push(
        Diagnostic::new(codes::RESOURCE_TWICE, parameter.name.place, message)
            .related(first.name.place, "the other one")
            .help("rename one of the parameters"),
    );
}
