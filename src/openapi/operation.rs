//! An operation: a method of a path.

use std::collections::HashSet;

use super::gaps;
use super::keys;
use super::parameter::Declared;
use super::reader::Reader;
use super::{Location, Method, Operation, Version, codes};
use crate::document::{Key, Node};

/// What an operation has from its path item.
pub(super) struct Surroundings<'a, 'd> {
    pub(super) path: &'d Key,
    /// The names between braces of the path.
    pub(super) variables: &'a [&'d str],
    pub(super) shared: &'a [Declared],
}

impl<'d> Reader<'_, 'd> {
    pub(super) fn operation(
        &mut self,
        method: Method,
        key: &'d Key,
        node: &'d Node,
        around: &Surroundings<'_, 'd>,
    ) -> Option<Operation> {
        let operation = self.object(node, &keys::OPERATION)?;
        self.external_docs(&operation);
        let id = match operation.get("operationId") {
            Some(_) => self.required_text(&operation, "operationId"),
            None => None,
        };
        let own = self.declared(operation.get("parameters"));
        let overridden: HashSet<_> = own.iter().map(Declared::identity).collect();
        let merged: Vec<&Declared> = around
            .shared
            .iter()
            .filter(|shared| !overridden.contains(&shared.identity()))
            .chain(&own)
            .collect();
        self.check_path_parameters(around, &merged);
        let parameters = merged.iter().map(|one| one.parameter.clone()).collect();

        let body = match operation.map.entry("requestBody") {
            Some((key, _)) if matches!(method, Method::Get | Method::Head) => {
                self.gap(&gaps::BODY_OF_GET, key.place, "");
                None
            }
            Some((_, node)) => self.component(node),
            None => None,
        };
        let responses = match operation.get("responses") {
            Some(node) => self.responses(node),
            None => {
                // From 3.1 an operation may leave them out.
                if self.version == Version::V30 {
                    self.required(&operation, "responses");
                }
                Vec::new()
            }
        };
        let security = operation
            .get("security")
            .and_then(|node| self.alternatives(node));
        let tags = operation
            .get("tags")
            .and_then(|node| self.list(node, "tags"))
            .unwrap_or_default();
        let tags = tags
            .iter()
            .filter_map(|tag| self.text(tag, "tags").map(str::to_owned))
            .collect();
        Some(Operation {
            method,
            place: key.place,
            id,
            tags,
            summary: self.optional_text(&operation, "summary"),
            description: self.optional_text(&operation, "description"),
            parameters,
            body,
            responses,
            deprecated: operation
                .get("deprecated")
                .filter(|node| node.as_bool() == Some(true))
                .map(|node| node.place),
            security,
            extension: operation.extension(),
        })
    }

    /// Path parameters and path template must name the same things.
    pub(super) fn check_path_parameters(
        &mut self,
        around: &Surroundings<'_, 'd>,
        parameters: &[&Declared],
    ) {
        let in_path = |one: &&&Declared| one.parameter.location == Location::Path;
        for one in parameters.iter().filter(in_path) {
            let name = one.parameter.name.value.as_str();
            if !around.variables.contains(&name) {
                let message = format!("the path `{}` has no `{{{name}}}`", around.path.text);
                let help = format!("write `{{{name}}}` in the path, or remove the parameter");
                self.fail(codes::PATH_PARAMETER, one.place, message, help);
            }
        }
        for variable in around.variables {
            let declared = |one: &&Declared| one.parameter.name.value == *variable;
            if !parameters
                .iter()
                .filter(in_path)
                .copied()
                .any(|one| declared(&one))
            {
                let message = format!("the path parameter `{variable}` is not declared");
                let help = format!(
                    "declare it in `parameters`: `{{ name: {variable}, in: path, required: true, schema: … }}`"
                );
                self.fail(codes::PATH_PARAMETER, around.path.place, message, help);
            }
        }
    }
}
