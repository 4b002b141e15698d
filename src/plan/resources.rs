//! Resources: what identifies one looks the same wherever it stands.

use super::codes;
use super::settings;
use super::types::Builder;
use super::{Access, IdRule, In, OnDenied, Operation, Resource};
use crate::diagnostic::Diagnostic;
use crate::openapi::Location;
use crate::policy::{self, gaps};

impl Builder<'_, '_, '_> {
    /// All resources, with the rule of their ids. `None` when one has no rule.
    pub(super) fn resources(&mut self, operations: &[Operation]) -> Option<Vec<Resource>> {
        let policy = self.policy;
        let resources: Vec<Resource> = policy
            .resources
            .iter()
            .enumerate()
            .filter_map(|(number, resource)| {
                let id = self.id(number, resource, operations)?;
                Some(Resource {
                    name: resource.name.clone(),
                    param: resource.param.clone(),
                    tenant: resource.tenant,
                    on_denied: if resource.forbidden {
                        OnDenied::Forbidden
                    } else {
                        OnDenied::NotFound
                    },
                    bypass: resource.bypass,
                    id,
                    attributes: settings::attributes(&resource.attributes),
                    parent: resource.parent,
                    place: resource.place,
                })
            })
            .collect();
        (resources.len() == policy.resources.len()).then_some(resources)
    }

    fn id(
        &mut self,
        number: usize,
        resource: &policy::Resource,
        operations: &[Operation],
    ) -> Option<IdRule> {
        let mut first: Option<(IdRule, crate::document::Place)> = None;
        let open = operations
            .iter()
            .filter(|operation| !matches!(operation.access, Access::Denied { .. }));
        // By its name, and where an `owns` says that another parameter holds one.
        let named = |operation: &Operation, at: usize| {
            let mut owns = operation.owns.iter();
            owns.any(|owns| owns.resource == number && owns.kind.param() == Some(at))
        };
        let params = open.flat_map(|operation| {
            let params = operation.params.iter().enumerate();
            params.map(move |(at, param)| (param, named(operation, at)))
        });
        for (param, named) in params {
            if !(named || param.name == resource.param) || param.location == In::Header {
                continue;
            }
            let Some(rule) = IdRule::of(&param.value) else {
                self.report.gap(&gaps::RESOURCE_ID, param.place);
                return None;
            };
            match &first {
                None => first = Some((rule, param.place)),
                Some((other, place)) if *other != rule => {
                    let message = format!(
                        "the id `{}` of `{}` has two schemas",
                        resource.param, resource.name
                    );
                    self.report.push(
                        Diagnostic::new(codes::RESOURCE_ID, param.place, message)
                            .related(*place, "another one here")
                            .help("give it one schema everywhere, best as a component"),
                    );
                    return None;
                }
                Some(_) => {}
            }
        }
        // No parameter that is asked for has it: bodies do, and those are compared with each other later.
        let mut sent = self.body_ids.iter();
        first
            .map(|(rule, _)| rule)
            .or_else(|| {
                let found = sent.find(|(of, ..)| *of == number);
                found.map(|(_, text, _)| IdRule::Text(text.clone()))
            })
            .or_else(|| self.id_of_denied(resource))
    }

    /// All operations of the resource are denied: its id is read all the same, so that the plan is whole.
    fn id_of_denied(&mut self, resource: &policy::Resource) -> Option<IdRule> {
        let api = self.api;
        let operations = api.paths.iter().flat_map(|item| &item.operations);
        let param = operations.flat_map(|each| &each.parameters).find(|each| {
            each.name.value == resource.param
                && matches!(each.location, Location::Path | Location::Query)
        })?;
        let used = self.used(&param.schema)?;
        let rule = IdRule::of(&self.value(used, &resource.param)?.value);
        if rule.is_none() {
            self.report.gap(&gaps::RESOURCE_ID, param.name.place);
        }
        rule
    }
}
