//! Whether every object an operation works on is proved to be the caller's.

use super::codes;
use super::effective::{Subject, Surroundings};
use super::gaps;
use super::model::{Access, How, Owns, Resource, Role};
use super::need::Need;
use super::owns::{WantedHow, WantedOwns};
use super::report::Report;
use crate::diagnostic::Diagnostic;
use crate::openapi::{Location, Method, Operation};

/// Whether the operation has the resource's parameter, in the path or the query.
fn identifies(operation: &Operation, resource: &Resource) -> bool {
    operation.parameters.iter().any(|each| {
        each.name.value == resource.param
            && matches!(each.location, Location::Path | Location::Query)
    })
}

/// The `owns` of an operation, each held against its parameters and its callers.
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
        let mut policy = None;
        let how = match &each.how {
            WantedHow::Owner { write } => How::Owner {
                write: write.unwrap_or(!reads),
            },
            WantedHow::Policy {
                write,
                policy: decides,
            } => {
                policy = Some(decides.clone());
                How::Policy {
                    write: write.unwrap_or(!reads),
                }
            }
            WantedHow::Any => How::Any { write: !reads },
            WantedHow::List => How::List,
        };
        if public && matches!(how, How::Any { .. }) {
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
        if how == How::List {
            if kept.iter().any(|other| other.how == How::List) {
                report.gap(&gaps::OWNS_TWO_LISTS, each.place);
            }
        } else if !identifies(subject.operation, resource) {
            let message = format!(
                "`owns` needs the parameter `{}` of `{}`, which the operation has not",
                resource.param, resource.name
            );
            report.push(
                Diagnostic::new(codes::OWNS_WITHOUT_PARAM, each.place, message)
                    .related(subject.operation.place, "the operation")
                    .help(format!(
                        "add the parameter, or write `{}: list`",
                        resource.name
                    )),
            );
            continue;
        } else if let Some(optional) = subject.operation.parameters.iter().find(|each| {
            each.name.value == resource.param && each.location == Location::Query && !each.required
        }) {
            report.gap(&gaps::OWNS_OPTIONAL_ID, optional.name.place);
        }
        kept.push(Owns {
            resource: each.resource,
            how,
            policy,
            place: each.place,
        });
    }
    kept
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
    let resources = around.declared.resources.iter().enumerate();
    let (_, resource) = resources
        .filter(|(_, resource)| identifies(subject.operation, resource))
        .find(|(index, resource)| {
            let proved = kept
                .iter()
                .any(|owns| owns.resource == *index && owns.how != How::List);
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
