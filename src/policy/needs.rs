//! From the names in `security` to what an operation needs: schemes that are verified, and who of them is the caller.

use super::access::Further;
use super::codes;
use super::effective::Surroundings;
use super::model::{Carrier, Setting};
use super::need::{Alternative, Asks, Means, Need};
use super::report::Report;
use super::security::{self, Asked, AskedScheme};
use crate::diagnostic::Diagnostic;
use crate::document::Place;

/// What callers need, with the roles and scopes of `access`; the error is why nobody passes.
pub(super) fn caller(
    asked: &Asked,
    roles: &[u64],
    scopes: &[(String, Place)],
    further: &Further,
    around: &Surroundings,
    report: &mut Report,
) -> Result<Need, String> {
    let Asked::OneOf { alternatives, .. } = asked else {
        return Err("`security` names no scheme".to_owned());
    };
    let mut read = Vec::new();
    for schemes in alternatives {
        for scheme in schemes {
            for (scope, place) in scopes {
                security::scope_of(&scheme.name, scope, *place, around.api, report);
            }
        }
        read.push(alternative(schemes, around, report)?);
    }
    let need = Need {
        alternatives: read,
        roles: once(roles),
        scopes: once(
            &scopes
                .iter()
                .map(|(scope, _)| scope.clone())
                .collect::<Vec<_>>(),
        ),
        policy: further.policy.clone(),
        fresh: further.fresh,
        acr: further.acr.clone(),
    };
    for (alternative, schemes) in need.alternatives.iter().zip(alternatives) {
        without_scopes(&need, alternative, schemes, scopes, report);
        without_login(&need, alternative, schemes, report);
        without_roles(&need, alternative, schemes, around, report);
    }
    Ok(need)
}

fn once<T: Clone + PartialEq>(all: &[T]) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for each in all {
        if !kept.contains(each) {
            kept.push(each.clone());
        }
    }
    kept
}

fn alternative(
    schemes: &[AskedScheme],
    around: &Surroundings,
    report: &mut Report,
) -> Result<Alternative, String> {
    let mut asks = Vec::new();
    let mut callers = Vec::new();
    for (at, scheme) in schemes.iter().enumerate() {
        let named = |name: &str| name == scheme.name;
        let token = around.schemes.iter().position(|known| named(&known.name));
        let key = around.keys.iter().position(|known| named(&known.name));
        let password = around.passwords.iter().position(|known| named(&known.name));
        let means = token.map(Means::Token).or(key.map(Means::Key));
        let mut certificates = around.certificates.iter();
        let certificate = certificates.position(|known| named(&known.name));
        let means = means.or(password.map(Means::Password));
        let means = means.or(certificate.map(Means::Certificate));
        let means = means.ok_or_else(|| {
            format!(
                "`x-security.auth` has no entry for `{}`, so its credentials cannot be verified",
                scheme.name
            )
        })?;
        if token.is_some_and(|at| around.schemes.get(at).is_some_and(|each| each.identity)) {
            callers.push((at, scheme.place));
        }
        asks.push(Asks {
            means,
            roles: once(&scheme.roles),
            scopes: once(&scheme.scopes),
        });
    }
    if let [(_, first), (_, second), ..] = callers.as_slice() {
        let message = "two schemes that are needed together both say who the caller is";
        report.push(
            Diagnostic::new(codes::IDENTITY, *second, message)
                .related(*first, "the other one")
                .help("keep `identity: true` in one of their entries in `auth`"),
        );
    }
    never_together(&asks, schemes, around, report);
    Ok(Alternative {
        asks,
        identity: callers.first().map_or(0, |(at, _)| *at),
    })
}

/// A request has one `Authorization` field, and a token one issuer: two schemes whose issuers differ are never both met, nor are
/// a token and a password.
fn never_together(
    asks: &[Asks],
    schemes: &[AskedScheme],
    around: &Surroundings,
    report: &mut Report,
) {
    let issuer = |asks: &Asks| match asks.means {
        Means::Token(at) => match around.schemes.get(at).map(|each| &each.issuer) {
            Some(Setting::Literal(issuer)) => Some(issuer),
            _ => None,
        },
        Means::Key(_) | Means::Password(_) | Means::Certificate(_) => None,
    };
    let in_field = |token: bool| {
        let mut both = asks.iter().zip(schemes);
        both.find_map(|(asks, scheme)| match asks.means {
            Means::Token(_) => token.then_some(scheme),
            Means::Password(_) => (!token).then_some(scheme),
            Means::Key(_) | Means::Certificate(_) => None,
        })
    };
    if let (Some(token), Some(password)) = (in_field(true), in_field(false)) {
        let message = format!(
            "`{}` is needed together with a bearer token, and a request has one `Authorization` field",
            password.name
        );
        report.push(
            Diagnostic::new(codes::NEVER_TOGETHER, password.place, message)
                .related(token.place, "the other scheme")
                .help("write them as alternatives: each in an item of its own"),
        );
    }
    let mut first = None;
    for (asks, scheme) in asks.iter().zip(schemes) {
        let Some(issuer) = issuer(asks) else { continue };
        let (other, place) = *first.get_or_insert((issuer, scheme.place));
        if other != issuer {
            let message = format!(
                "`{}` is needed together with a scheme of another issuer, and a request carries one bearer token",
                scheme.name
            );
            report.push(
                Diagnostic::new(codes::NEVER_TOGETHER, scheme.place, message)
                    .related(place, "the other scheme")
                    .help("write them as alternatives: each in an item of its own"),
            );
        }
    }
}

/// Only tokens have scopes, so an alternative without one never meets any.
fn without_scopes(
    need: &Need,
    alternative: &Alternative,
    schemes: &[AskedScheme],
    scopes: &[(String, Place)],
    report: &mut Report,
) {
    let keys_alone = alternative
        .asks
        .iter()
        .all(|asks| !matches!(asks.means, Means::Token(_)));
    if let ([(scope, place), ..], Some(scheme), true) = (scopes, schemes.first(), keys_alone)
        && !need.demand(alternative).scopes.is_empty()
    {
        let message = format!(
            "`access` asks for the scope `{scope}`, and a caller by `{}` has no scopes",
            scheme.name
        );
        report.push(
            Diagnostic::new(codes::SCOPES_OF_KEY, *place, message)
                .related(scheme.place, "this alternative lets nobody in")
                .help(
                    "ask for a role, or write the scope at the scheme it belongs to in `security`",
                ),
        );
    }
}

/// A certificate says no roles: an alternative of certificates alone has those of their entries in `auth`, and is met with them
/// or never.
fn without_roles(
    need: &Need,
    alternative: &Alternative,
    schemes: &[AskedScheme],
    around: &Surroundings,
    report: &mut Report,
) {
    let mut given = 0;
    for asks in &alternative.asks {
        let Means::Certificate(at) = asks.means else {
            return;
        };
        given |= around.certificates.get(at).map_or(0, |each| each.roles);
    }
    let declared = around.declared.roles.iter().enumerate();
    let held = declared
        .filter(|(bit, _)| given >> bit & 1 == 1)
        .fold(0, |held, (_, role)| held | role.holds);
    let demand = need.demand(alternative);
    if let (Some(scheme), true) = (
        schemes.first(),
        demand.roles.iter().any(|set| set & held == 0),
    ) {
        let message = format!(
            "`access` asks for a role that nobody has who comes by `{}` alone",
            scheme.name
        );
        report.error(
            codes::ROLES_OF_CERTIFICATE,
            scheme.place,
            message,
            "write the role into `roles` of its entry in `auth`, or ask for a token too",
        );
    }
}

/// Neither a key nor a password nor a certificate says when and how its holder has authenticated, so there nobody ever has lately.
fn without_login(
    need: &Need,
    alternative: &Alternative,
    schemes: &[AskedScheme],
    report: &mut Report,
) {
    let Some(scheme) = schemes.get(alternative.identity) else {
        return;
    };
    let what = match alternative.caller() {
        Some(Means::Key(_)) => "key",
        Some(Means::Password(_)) => "password",
        Some(Means::Certificate(_)) => "certificate",
        _ => return,
    };
    if need.is_step_up() {
        let message = format!(
            "`access` asks when or how the caller has authenticated, and a {what} of `{}` does not say it",
            scheme.name
        );
        report.error(
            codes::NO_LOGIN,
            scheme.place,
            message,
            "remove this alternative, or `fresh` and `acr`; where a token is needed too, write `identity: true` at its scheme in `auth`",
        );
    }
}

/// Whether a parameter of an operation is the place of one of its credentials.
pub(super) fn is_credential(
    need: &Need,
    around: &Surroundings,
    location: &str,
    name: &str,
) -> bool {
    need.means().iter().any(|means| {
        let Means::Key(at) = means else { return false };
        match around.keys.get(*at).map(|scheme| &scheme.carrier) {
            Some(Carrier::Header(known)) => {
                location == "header" && known.eq_ignore_ascii_case(name)
            }
            Some(Carrier::Query(known)) => location == "query" && known == name,
            Some(Carrier::Cookie(known)) => location == "cookie" && known == name,
            None => false,
        }
    })
}
