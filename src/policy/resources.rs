//! `resources`: kinds of objects, what identifies one, who may pass by its owner.

use super::codes;
use super::model::{Resource, Role};
use super::owns;
use super::principal;
use super::reader;
use super::report::Report;
use super::roles;
use super::vocabulary::RESOURCE;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Value};
use crate::openapi::{Api, Location};

/// Reads `x-security.resources`.
pub(super) fn read(
    node: &Node,
    api: &Api,
    declared: &[Role],
    report: &mut Report,
) -> Vec<Resource> {
    let Some(map) = reader::entries(node, "`resources`", report) else {
        return Vec::new();
    };
    let mut resources: Vec<Resource> = Vec::new();
    // Where each says what it is part of: another one may stand below it.
    let mut parents = Vec::new();
    for (key, node) in &map.entries {
        if key.text.trim().is_empty() {
            report.error(
                codes::EMPTY,
                key.place,
                "the name of a resource is empty",
                "name it",
            );
        }
        let Some(entry) = reader::mapping(node, &RESOURCE, report) else {
            report.broken("resource", &key.text);
            continue;
        };
        let what = format!("the resource `{}`", key.text);
        let param = reader::required(entry, "param", &what, key.place, report);
        let name = param.and_then(|node| reader::text(node, "`param`", report));
        let tenant = entry
            .get("tenant")
            .and_then(|node| reader::boolean(node, "`tenant`", report));
        let forbidden = entry
            .get("onDenied")
            .and_then(|node| on_denied(node, report));
        let bypass = entry.get("bypass").and_then(|node| match node.as_list() {
            // An empty list is nobody, not anyone: it may stand.
            Some([]) => Some(0),
            Some(_) => roles::set(declared, node, "`bypass`", report),
            None => reader::wrong_kind(node, "`bypass`", "a list of roles", report),
        });
        let attributes = entry
            .get("attributes")
            .map(|node| principal::of_resource(node, report))
            .unwrap_or_default();
        let (Some(param), Some(name)) = (param, name) else {
            report.broken("resource", &key.text);
            continue;
        };
        if !params(api).any(|known| known == name) {
            let near = crate::diagnostic::suggest(name, params(api));
            let help = match near {
                Some(near) => reader::meant(name, near),
                None => "name a path or query parameter".into(),
            };
            let message = format!("no operation has a path or query parameter `{name}`");
            report.error(codes::RESOURCE_PARAM, param.place, message, help);
        }
        if let Some(other) = resources.iter().find(|other| other.param == name) {
            let message = format!("`{}` and `{}` have the same `param`", other.name, key.text);
            report.push(
                Diagnostic::new(codes::RESOURCE_SAME_PARAM, param.place, message)
                    .related(other.param_place, "the other resource")
                    .help("an id identifies one kind of object; rename one of the parameters"),
            );
        }
        resources.push(Resource {
            name: key.text.clone(),
            place: key.place,
            param: name.to_owned(),
            param_place: param.place,
            tenant: tenant.unwrap_or(false),
            forbidden: forbidden.unwrap_or(false),
            bypass: bypass.unwrap_or(0),
            attributes,
            parent: None,
        });
        parents.push(entry.get("parent"));
    }
    parts(&mut resources, &parents, report);
    resources
}

/// What each is part of. Nothing is part of itself, however many stand between.
fn parts(resources: &mut [Resource], parents: &[Option<&Node>], report: &mut Report) {
    for (index, node) in parents.iter().enumerate() {
        let Some(node) = node else { continue };
        let Some(name) = reader::text(node, "`parent`", report) else {
            continue;
        };
        let found = owns::find(name, node.place, resources, report);
        // What leads back here would be asked for for ever.
        let mut above = found;
        while let Some(at) = above.filter(|at| *at != index) {
            above = resources.get(at).and_then(|resource| resource.parent);
        }
        if above.is_some() {
            let message = format!("`{name}` would be part of itself");
            let help = "remove one of the `parent`s between them";
            report.error(codes::RESOURCE_CYCLE, node.place, message, help);
            continue;
        }
        if let Some(resource) = resources.get_mut(index) {
            resource.parent = found;
        }
    }
}

fn on_denied(node: &Node, report: &mut Report) -> Option<bool> {
    match &node.value {
        Value::Number(lexeme) if lexeme == "404" => Some(false),
        Value::Number(lexeme) if lexeme == "403" => Some(true),
        Value::Number(lexeme) => {
            let message = format!("`onDenied` cannot be {lexeme}");
            report.error(codes::WORD, node.place, message, "write 404 or 403");
            None
        }
        _ => reader::wrong_kind(node, "`onDenied`", "404 or 403", report),
    }
}

/// Names of all parameters that can be an id.
pub(super) fn params(api: &Api) -> impl Iterator<Item = &str> {
    api.paths
        .iter()
        .flat_map(|item| &item.operations)
        .flat_map(|operation| &operation.parameters)
        .filter(|each| matches!(each.location, Location::Path | Location::Query))
        .map(|each| each.name.value.as_str())
}
