//! What holds for one operation, after inheritance: the deeper level wins key by key.

use super::access::{Further, Wanted};
use super::codes;
use super::model::{
    Access, By, CertificateScheme, Effective, KeyScheme, Level, Limits, OperationPolicy,
    PasswordScheme, RateUse, Scheme,
};
use super::need::Need;
use super::needs;
use super::operation_keys::{Declared, OperationKeys, Written};
use super::proof;
use super::rate_limits;
use super::report::Report;
use super::security::Asked;
use super::tokens;
use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::openapi::{Api, Operation};

/// What is known before the first operation is looked at.
pub(super) struct Surroundings<'p> {
    pub api: &'p Api,
    pub declared: Declared<'p>,
    pub schemes: &'p [Scheme],
    pub keys: &'p [KeyScheme],
    pub passwords: &'p [PasswordScheme],
    pub certificates: &'p [CertificateScheme],
    pub limits: &'p Limits,
    /// Whether `tokens` stands at the root, be it right or wrong.
    pub issues: bool,
}

/// One operation, what `security` asks of its caller, and its levels, the deepest first.
pub(super) struct Subject<'p> {
    pub path: usize,
    pub index: usize,
    pub operation: &'p Operation,
    pub asked: Asked,
    pub levels: [&'p OperationKeys; 3],
}

/// Decides one operation. What cannot be decided is denied, and said.
pub(super) fn decide(
    subject: &Subject,
    around: &Surroundings,
    report: &mut Report,
) -> OperationPolicy {
    let mut access = access(subject, around, report);
    if let Access::Caller(need) | Access::Optional(need) = &access.value {
        parameters(subject, need, around, report);
    }
    let owns = subject.levels.iter().find_map(|keys| keys.owns.as_ref());
    let mut kept = Vec::new();
    if !matches!(access.value, Access::Denied { .. }) {
        let wanted = owns
            .and_then(|owns| owns.value.as_deref())
            .unwrap_or_default();
        kept = proof::prove(subject, wanted, &access.value, around, report);
        // With an `owns` that was wrong nothing is known; it has been reported.
        if let Some(why) = proof::unproved(subject, &kept, &access.value, around) {
            access = Effective {
                value: Access::Denied { why },
                ..access
            };
            kept.clear();
        }
    }
    let rate_limit = rate_limit(subject, &access.value, around, report);
    let [body, body_timeout, handler_timeout] = [
        limit(subject, &around.limits.body, |keys| keys.limits.body),
        limit(subject, &around.limits.body_timeout, |keys| {
            keys.limits.body_timeout
        }),
        limit(subject, &around.limits.handler_timeout, |keys| {
            keys.limits.handler_timeout
        }),
    ];
    OperationPolicy {
        path: subject.path,
        operation: subject.index,
        access,
        owns: kept,
        rate_limit,
        body,
        body_timeout,
        handler_timeout,
        flow: tokens::flow(subject.levels[0].flow.clone(), around.issues, report),
        replies: subject.levels[0].replies.clone(),
        media: subject.levels[0].media.clone(),
    }
}

/// Ruling 8: `access` and `security` must both hold, and must agree.
fn access(subject: &Subject, around: &Surroundings, report: &mut Report) -> Effective<Access> {
    let found = subject
        .levels
        .iter()
        .find_map(|keys| keys.access.as_ref().map(|access| (*keys, access)));
    let asked = &subject.asked;
    let Some((keys, written)) = found else {
        let (value, place, level) = match asked {
            Asked::Nothing => {
                let why = "neither `security` nor `x-security.access` says who may call";
                (denied(why), subject.operation.place, Level::Default)
            }
            Asked::OneOf {
                open: Some(place), ..
            } => {
                let why = "`{}` among the alternatives of `security` leaves open who may call";
                (denied(why), *place, Level::OpenApi)
            }
            asked => (
                needs::caller(asked, &[], &[], &Further::default(), around, report)
                    .map_or_else(|why| denied(&why), Access::Caller),
                place_of(asked, subject),
                Level::OpenApi,
            ),
        };
        return Effective {
            value,
            level,
            place,
        };
    };
    let mut disagrees = |message: &str, said: &str, help: &str| {
        report.push(
            Diagnostic::new(codes::ACCESS_DISAGREES, written.place, message)
                .related(place_of(asked, subject), said)
                .help(help),
        );
        denied("`access` and `security` disagree")
    };
    let value = match (&written.value, asked) {
        (Wanted::Broken, _) => denied("its `access` cannot be read"),
        (Wanted::Denied, _) => denied(keys.reason.as_deref().unwrap_or("`access` is `denied`")),
        (Wanted::Public, Asked::Nothing) => Access::Public {
            reason: keys.reason.clone().unwrap_or_default(),
        },
        (Wanted::Public, Asked::OneOf { .. }) => disagrees(
            "`access` is `public`, and `security` asks for a credential",
            "asked for here",
            "add `security: []` to the operation, or remove `public`",
        ),
        (Wanted::Optional, Asked::OneOf { open: Some(_), .. }) => {
            needs::caller(asked, &[], &[], &Further::default(), around, report)
                .map_or_else(|why| denied(&why), Access::Optional)
        }
        (Wanted::Optional, Asked::OneOf { open: None, .. }) => disagrees(
            "`access` is `optional`, and `security` asks everyone for a credential",
            "asked for here",
            "add `{}` to the alternatives of `security`, or write `authenticated`",
        ),
        (Wanted::Optional, Asked::Nothing) => disagrees(
            "`access` is `optional`, and `security` names no scheme",
            "here",
            "write the scheme and `{}` as alternatives in `security`, or make the operation `public`",
        ),
        (Wanted::Caller { .. }, Asked::Nothing | Asked::OneOf { open: Some(_), .. }) => disagrees(
            "`access` asks for a caller, and `security` lets anyone pass without a credential",
            "here",
            "name a scheme in `security` and remove `{}` from it, or make the operation `public` or `optional`",
        ),
        (
            Wanted::Caller {
                roles,
                scopes,
                further,
            },
            asked,
        ) => needs::caller(asked, roles, scopes, further, around, report)
            .map_or_else(|why| denied(&why), Access::Caller),
    };
    Effective {
        value,
        level: written.level,
        place: written.place,
    }
}

/// A credential is the guard's alone: no handler may see it as a parameter.
fn parameters(subject: &Subject, need: &Need, around: &Surroundings, report: &mut Report) {
    for parameter in &subject.operation.parameters {
        let (location, name) = (parameter.location.as_str(), &parameter.name);
        if needs::is_credential(need, around, location, &name.value) {
            let message = format!(
                "the parameter `{}` is where a key of `security` is sent",
                name.value
            );
            report.error(
                codes::KEY_PARAMETER,
                name.place,
                message,
                "remove the parameter: the security scheme declares it",
            );
        }
    }
}

fn denied(why: &str) -> Access {
    Access::Denied {
        why: why.to_owned(),
    }
}

fn place_of(asked: &Asked, subject: &Subject) -> Place {
    match asked {
        Asked::Nothing => subject.operation.place,
        Asked::OneOf { open, place, .. } => open.unwrap_or(*place),
    }
}

fn rate_limit(
    subject: &Subject,
    access: &Access,
    around: &Surroundings,
    report: &mut Report,
) -> Effective<RateUse> {
    let written = subject
        .levels
        .iter()
        .find_map(|keys| keys.rate_limit.as_ref());
    let standard = |place| RateUse::Named(vec![(rate_limits::STANDARD.to_owned(), place)]);
    let used = match written {
        Some(Written {
            value: Some(value),
            place,
            level,
        }) => Effective {
            value: value.clone(),
            level: *level,
            place: *place,
        },
        Some(Written {
            value: None,
            place,
            level,
        }) => Effective {
            value: standard(*place),
            level: *level,
            place: *place,
        },
        None => Effective {
            value: standard(subject.operation.place),
            level: Level::Default,
            place: subject.operation.place,
        },
    };
    if matches!(access, Access::Public { .. } | Access::Optional(_)) {
        let by_tenant = |by: &[By]| by.contains(&By::Tenant);
        let limits = around.declared.rate_limits;
        let bad = match &used.value {
            RateUse::Inline(limit) => by_tenant(&limit.by).then_some(used.place),
            RateUse::Named(names) => names
                .iter()
                .find(|(name, _)| {
                    limits
                        .iter()
                        .any(|limit| limit.name == *name && by_tenant(&limit.by))
                })
                .map(|(_, place)| *place),
        };
        if let Some(place) = bad {
            report.error(
                codes::LIMIT_TENANT,
                place,
                "a limit by tenant on a public operation: nobody has a tenant",
                "name another limit in `rateLimit`, for example one by `ip`",
            );
        }
    }
    used
}

fn limit(
    subject: &Subject,
    root: &Effective<u64>,
    pick: impl Fn(&OperationKeys) -> Option<(u64, Place)>,
) -> Effective<u64> {
    let levels = [Level::Operation, Level::Path, Level::Root];
    subject
        .levels
        .iter()
        .zip(levels)
        .find_map(|(keys, level)| {
            pick(keys).map(|(value, place)| Effective {
                value,
                level,
                place,
            })
        })
        .unwrap_or_else(|| root.clone())
}
