//! `security` of OpenAPI, as far as an operation can be guarded by it.

use super::access;
use super::codes;
use super::model::Role;
use super::report::Report;
use super::roles;
use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::openapi::{Alternative, Api, SchemeKind, SchemeUse, Version};

/// What `security` asks of the caller of an operation.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// None, `[]` or `[{}]`.
    Nothing,
    /// `{}` is one of several alternatives.
    Optional { place: Place },
    /// More than one scheme.
    Combined { place: Place },
    One {
        scheme: String,
        place: Place,
        roles: Vec<u64>,
        scopes: Vec<String>,
    },
}

/// Checks names, scopes and roles of a `security` (ruling 27) and tells what it asks.
pub(super) fn read(
    security: Option<&[Alternative]>,
    api: &Api,
    declared: &[Role],
    report: &mut Report,
) -> Asked {
    let Some(alternatives) = security else {
        return Asked::Nothing;
    };
    let mut uses = Vec::new();
    for alternative in alternatives {
        for scheme in &alternative.schemes {
            uses.push(demands(scheme, api, declared, report));
        }
    }
    let empty = alternatives
        .iter()
        .find(|alternative| alternative.schemes.is_empty());
    let second = alternatives
        .iter()
        .skip(1)
        .find(|alternative| !alternative.schemes.is_empty());
    match (alternatives, empty) {
        ([], _) => return Asked::Nothing,
        (all, Some(_)) if all.iter().all(|each| each.schemes.is_empty()) => return Asked::Nothing,
        (_, Some(empty)) => return Asked::Optional { place: empty.place },
        _ => {}
    }
    let beside = alternatives
        .iter()
        .find_map(|each| each.schemes.get(1))
        .map(|scheme| scheme.name.place);
    if let Some(place) = second.map(|each| each.place).or(beside) {
        return Asked::Combined { place };
    }
    uses.into_iter().next().unwrap_or(Asked::Nothing)
}

fn demands(scheme: &SchemeUse, api: &Api, declared: &[Role], report: &mut Report) -> Asked {
    let name = &scheme.name.value;
    let place = scheme.name.place;
    let kind = api
        .security_schemes
        .iter()
        .find(|(known, _)| known.value == *name)
        .map(|(_, scheme)| &scheme.kind);
    let (mut bits, mut scopes) = (Vec::new(), Vec::new());
    match kind {
        Some(SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. }) => {
            for scope in &scheme.scopes {
                scope_of(name, &scope.value, scope.place, api, report);
                scopes.push(scope.value.clone());
            }
        }
        Some(_) if api.version == Version::V30 => {
            if let Some(first) = scheme.scopes.first() {
                let message =
                    format!("`{name}` has no scopes: it is neither `oauth2` nor `openIdConnect`");
                report.push(
                    Diagnostic::new(codes::SCOPES_UNUSABLE, first.place, message)
                        .help("write an empty list, and roles in `x-security.access`"),
                );
            }
        }
        // From 3.1 on the list names roles; an undeclared one is an error, so is every one of an undeclared scheme.
        Some(_) | None => {
            for role in &scheme.scopes {
                bits.extend(roles::named(declared, &role.value, role.place, report));
            }
        }
    }
    Asked::One {
        scheme: name.clone(),
        place,
        roles: bits,
        scopes,
    }
}

/// A scope must be one, and where flows list them, one of them.
pub(super) fn scope_of(scheme: &str, scope: &str, place: Place, api: &Api, report: &mut Report) {
    if !access::is_scope(scope) {
        access::bad_scope(scope, place, report);
        return;
    }
    let declared = api
        .security_schemes
        .iter()
        .find(|(name, _)| name.value == scheme);
    if let Some((_, scheme)) = declared
        && let SchemeKind::OAuth2 { scopes, .. } = &scheme.kind
        && !scopes.iter().any(|known| known == scope)
    {
        let help = super::reader::near(scope, scopes.iter().map(String::as_str));
        report.error(
            codes::SCOPE_UNDECLARED,
            place,
            format!("no flow declares the scope `{scope}`"),
            help,
        );
    }
}
