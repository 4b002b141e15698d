//! Whether every object an operation works on is proved to be the caller's.

use super::codes;
use super::effective::{Subject, Surroundings};
use super::gaps;
use super::model::{Access, How, IdAt, Owns, Resource, Role};
use super::need::Need;
use super::owns::{WantedHow, WantedId, WantedOwns};
use super::parents;
use super::report::Report;
use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::openapi::{Location, Method, Operation, Parameter};

/// The parameter of this name, in the path or the query: nowhere else may an id stand.
fn parameter<'o>(operation: &'o Operation, name: &str) -> Option<&'o Parameter> {
    operation.parameters.iter().find(|each| {
        each.name.value == name && matches!(each.location, Location::Path | Location::Query)
    })
}

/// Whether the operation has the resource's parameter.
pub(super) fn identifies(operation: &Operation, resource: &Resource) -> bool {
    parameter(operation, &resource.param).is_some()
}

/// The `owns` of an operation, each held against its parameters and its callers; and what they are part of.
pub(super) fn prove(
    subject: &Subject,
    wanted: &[WantedOwns],
    access: &Access,
    around: &Surroundings,
    report: &mut Report,
) -> Vec<Owns> {
    let public = matches!(access, Access::Public { .. } | Access::Optional(_));
    let reads = matches!(subject.operation.method, Method::Get | Method::Head);
    let mut kept: Vec<Owns> = Vec::new();
    for each in wanted {
        let Some(resource) = around.declared.resources.get(each.resource) else {
            continue;
        };
        let (how, policy) = match &each.how {
            WantedHow::Owner { write } => (
                How::Owner {
                    write: write.unwrap_or(!reads),
                },
                None,
            ),
            WantedHow::Policy { write, policy } => (
                How::Policy {
                    write: write.unwrap_or(!reads),
                },
                Some(policy.clone()),
            ),
            // Within the tenant is where every object is looked for; here there must be one.
            WantedHow::Tenant { write } => (
                How::Any {
                    write: write.unwrap_or(!reads),
                },
                None,
            ),
            WantedHow::Any => (How::Any { write: !reads }, None),
            WantedHow::List { policy } => (How::List, policy.clone()),
        };
        if public && matches!(each.how, WantedHow::Any) {
            report.gap(&gaps::OWNS_PUBLIC_ANY, each.place);
            continue;
        }
        if public {
            report.push(
                Diagnostic::new(
                    codes::OWNS_PUBLIC,
                    each.place,
                    "`owns` on an operation that is open to anyone: nobody is the owner",
                )
                .related(subject.operation.place, "the operation")
                .help("remove `owns`, or ask for a caller"),
            );
            continue;
        }
        if matches!(each.how, WantedHow::Tenant { .. }) && !resource.tenant {
            let message = format!(
                "`by: tenant`, and objects of `{}` belong to none",
                resource.name
            );
            report.push(
                Diagnostic::new(codes::OWNS_TENANT, each.place, message)
                    .related(resource.place, "declared here")
                    .help("write `tenant: true` there, or `any` if everyone shares all of them"),
            );
            continue;
        }
        let lists = |other: &Owns| other.how == How::List;
        // Each row would be held against its parent too, and against what decides over that.
        if how == How::List && policy.is_some() && resource.parent.is_some() {
            report.gap(&gaps::OWNS_LIST, each.place);
        }
        if how == How::List && kept.iter().any(lists) {
            report.gap(&gaps::OWNS_TWO_LISTS, each.place);
        }
        let at = match (&each.id, how) {
            (_, How::List) => None,
            (None, _) => {
                identifies(subject.operation, resource).then(|| IdAt::Param(resource.param.clone()))
            }
            (Some((WantedId::Param(name), place)), _) => {
                if !named(subject, name, *place, each.resource, around, report) {
                    continue;
                }
                Some(IdAt::Param(name.clone()))
            }
            (Some((WantedId::Body(tokens), place)), _) => {
                if subject.operation.body.is_none() {
                    let message = "`id` points into a body, and the operation takes none";
                    let help = "name a parameter, or describe the body";
                    report.error(codes::OWNS_ID, *place, message, help);
                    continue;
                }
                Some(IdAt::Body {
                    tokens: tokens.clone(),
                    place: *place,
                })
            }
        };
        if let Some(IdAt::Param(name)) = &at {
            if kept.iter().any(|other| other.at == at) {
                let message = format!("the parameter `{name}` would be the id of two objects");
                let help = "name another parameter";
                report.error(codes::OWNS_ID, each.place, message, help);
                continue;
            }
            let optional = subject.operation.parameters.iter().find(|each| {
                each.name.value == *name && each.location == Location::Query && !each.required
            });
            if let Some(optional) = optional {
                report.gap(&gaps::OWNS_OPTIONAL_ID, optional.name.place);
            }
        }
        kept.push(Owns {
            resource: each.resource,
            how,
            at,
            policy,
            implied: false,
            place: each.place,
        });
    }
    parents::add(subject, &mut kept, around.declared.resources, report);
    placed(subject, kept, around, report)
}

/// Whether the operation has the parameter that `id` names, and it is no other resource's.
fn named(
    subject: &Subject,
    name: &str,
    place: Place,
    resource: usize,
    around: &Surroundings,
    report: &mut Report,
) -> bool {
    if parameter(subject.operation, name).is_none() {
        let parameters = subject.operation.parameters.iter();
        let names = parameters.map(|each| each.name.value.as_str());
        let help = super::reader::near(name, names.collect::<Vec<_>>());
        let message = format!("the operation has no path or query parameter `{name}`");
        report.error(codes::OWNS_ID, place, message, help);
        return false;
    }
    let resources = around.declared.resources.iter().enumerate();
    let other = resources
        .filter(|(index, _)| *index != resource)
        .find(|(_, other)| other.param == name);
    if let Some((_, other)) = other {
        let message = format!("the parameter `{name}` is the id of `{}`", other.name);
        report.push(
            Diagnostic::new(codes::OWNS_ID, place, message)
                .related(other.param_place, "declared here")
                .help("name another parameter"),
        );
        return false;
    }
    true
}

/// Leaves out what is one object of which nothing says where its id stands.
fn placed(
    subject: &Subject,
    kept: Vec<Owns>,
    around: &Surroundings,
    report: &mut Report,
) -> Vec<Owns> {
    let lost = |owns: &Owns| owns.how != How::List && owns.at.is_none();
    for owns in kept.iter().filter(|owns| lost(owns)) {
        let Some(resource) = around.declared.resources.get(owns.resource) else {
            continue;
        };
        let message = format!(
            "`owns` needs the parameter `{}` of `{}`, which the operation has not",
            resource.param, resource.name
        );
        report.push(
            Diagnostic::new(codes::OWNS_WITHOUT_PARAM, owns.place, message)
                .related(subject.operation.place, "the operation")
                .help(format!(
                    "add the parameter, or write `{}: list`",
                    resource.name
                )),
        );
    }
    // Others are named by number: with one that is lost, none of them means anything.
    match kept.iter().any(lost) {
        true => Vec::new(),
        false => kept,
    }
}

/// Ruling 18: an id that no `owns` proves denies the operation. Every resource is looked at by itself, so that a proof
/// of one object never lets an unproved id of another pass.
pub(super) fn unproved(
    subject: &Subject,
    kept: &[Owns],
    access: &Access,
    around: &Surroundings,
) -> Option<String> {
    let need = match access {
        Access::Caller(need) => Some(need),
        // Whoever is nobody has no role, and no `owns` can prove anything of them (ruling 83).
        Access::Optional(_) => None,
        Access::Public { .. } | Access::Denied { .. } => return None,
    };
    let resources = around.declared.resources.iter();
    let resource = resources
        .filter(|resource| identifies(subject.operation, resource))
        .find(|resource| {
            // By this very parameter: the same kind of object may be proved by another id.
            let proved = kept.iter().any(|owns| match &owns.at {
                Some(IdAt::Param(name)) => *name == resource.param,
                _ => false,
            });
            !proved && !need.is_some_and(|need| all_bypass(need, resource, around.declared.roles))
        })?;
    Some(format!(
        "it takes the id `{}` of `{}` and no `owns` says whose object that is",
        resource.param, resource.name
    ))
}

/// All roles that the operation names are in `bypass`, and there is no tenant to hold apart.
fn all_bypass(need: &Need, resource: &Resource, roles: &[Role]) -> bool {
    let bypasses = |bit: usize| {
        roles
            .get(bit)
            .is_some_and(|role| role.holds & resource.bypass != 0)
    };
    !resource.tenant
        && need.demands().all(|demand| {
            let named = demand.roles.iter().fold(0, |all, set| all | set);
            named != 0
                && (0..roles.len())
                    .filter(|bit| named >> bit & 1 == 1)
                    .all(bypasses)
        })
}
