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
    OneOf {
        /// Each of one or more schemes.
        alternatives: Vec<Vec<AskedScheme>>,
        /// Of the first of them.
        place: Place,
        /// Where `{}` is one of the alternatives, too.
        open: Option<Place>,
    },
}

/// A scheme by name, and what its list says.
#[derive(Debug, Clone)]
pub(super) struct AskedScheme {
    pub name: String,
    pub place: Place,
    pub roles: Vec<u64>,
    pub scopes: Vec<String>,
}

/// Checks names, scopes and roles of a `security` (ruling 27) and tells what it asks.
pub(super) fn read(
    security: Option<&[Alternative]>,
    api: &Api,
    declared: &[Role],
    report: &mut Report,
) -> Asked {
    let (mut alternatives, mut first, mut open) = (Vec::new(), None, None);
    for alternative in security.unwrap_or_default() {
        if alternative.schemes.is_empty() {
            open.get_or_insert(alternative.place);
            continue;
        }
        let schemes = alternative.schemes.iter();
        let schemes: Vec<AskedScheme> = schemes
            .map(|scheme| demands(scheme, api, declared, report))
            .collect();
        first = first.or_else(|| schemes.first().map(|scheme| scheme.place));
        alternatives.push(schemes);
    }
    match first {
        Some(place) => Asked::OneOf {
            alternatives,
            place,
            open,
        },
        None => Asked::Nothing,
    }
}

fn demands(scheme: &SchemeUse, api: &Api, declared: &[Role], report: &mut Report) -> AskedScheme {
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
    AskedScheme {
        name: name.clone(),
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
