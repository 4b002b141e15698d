//! `revocation` and `tokens`: which tokens can be taken back, and which this service gives out.

use super::codes;
use super::model::{Effective, Flow, Holds, Revocation, Scheme, Tokens};
use super::reader;
use super::report::Report;
use super::units;
use super::vocabulary::{MOST_GRACE, REVOCATION, TOKENS};
use crate::diagnostic::Diagnostic;
use crate::document::Node;

/// Reads `x-security.revocation`; `tokens` implies all of it.
pub(super) fn revocation(
    node: Option<&Node>,
    tokens: Option<&Tokens>,
    report: &mut Report,
) -> Option<Revocation> {
    let mut revocation = Revocation::default();
    if let Some(node) = node {
        let map = reader::mapping(node, &REVOCATION, report)?;
        let by = reader::required(map, "by", "`revocation`", node.place, report)?;
        reader::list(by, "`by`", report)?;
        reader::words(by, "`by`", report)?;
        for item in by.as_list()? {
            match reader::choice(item, "`by`", super::vocabulary::REVOKED_BY, report)? {
                "jti" => revocation.jti = true,
                "subject" => revocation.subject = true,
                _ => revocation.session = true,
            }
        }
    }
    if tokens.is_some() {
        revocation = Revocation {
            jti: true,
            subject: true,
            session: true,
        };
    }
    (node.is_some() || tokens.is_some()).then_some(revocation)
}

/// Reads `x-security.tokens` and ties it to the scheme it signs for.
pub(super) fn tokens(
    node: Option<&Node>,
    schemes: &[Scheme],
    broken: bool,
    report: &mut Report,
) -> Option<Tokens> {
    let mut issued = schemes
        .iter()
        .enumerate()
        .filter(|(_, scheme)| scheme.keys.holds == Holds::Issued);
    let (first, second) = (issued.next(), issued.next());
    if let (Some((_, first)), Some((_, second))) = (first, second) {
        report.push(
            Diagnostic::new(
                codes::ISSUED_TWICE,
                second.place,
                "this service would sign for two schemes",
            )
            .related(first.place, "the other one")
            .help("keep `source: issued` at one of them"),
        );
    }
    let Some(node) = node else {
        if let Some((_, scheme)) = first {
            let message = format!("`{}` is issued here, and nothing says how", scheme.name);
            report.error(
                codes::ISSUED_WITHOUT_TOKENS,
                scheme.place,
                message,
                "add `tokens: {}` to `x-security` of the document",
            );
        }
        return None;
    };
    let map = reader::mapping(node, &TOKENS, report)?;
    let lifetime = |key: &str, default: u64, report: &mut Report| match map.get(key) {
        Some(node) => units::seconds(node, &format!("`{key}`"), key == "grace", report),
        None => Some(default),
    };
    let access = lifetime("accessLifetime", 15 * 60, report);
    let refresh = lifetime("refreshLifetime", 30 * 86_400, report);
    let idle = lifetime("refreshIdle", 7 * 86_400, report);
    let grace = lifetime("grace", 0, report);
    let place = |key: &str| map.get(key).map_or(node.place, |node| node.place);
    if grace.is_some_and(|grace| grace > MOST_GRACE) {
        report.error(
            codes::DURATION,
            place("grace"),
            format!("`grace` is more than {MOST_GRACE}s"),
            "write `10s` or less: whoever stole a refresh token has as long",
        );
        return None;
    }
    let Some((index, scheme)) = first else {
        // An entry that was wrong may have been the one.
        if !broken {
            report.error(
                codes::TOKENS_WITHOUT_SCHEME,
                node.place,
                "`tokens` signs for no scheme",
                "write `keys: { source: issued, from: env:NAME }` at one entry of `auth`",
            );
        }
        return None;
    };
    let (access, refresh, mut idle, grace) = (access?, refresh?, idle?, grace?);
    if access > scheme.max_lifetime_seconds {
        report.push(
            Diagnostic::new(
                codes::TOKENS_LIFETIME,
                place("accessLifetime"),
                format!(
                    "an access token lasts {access}s, and `{}` believes {}s at most",
                    scheme.name, scheme.max_lifetime_seconds
                ),
            )
            .related(scheme.place, "`maxLifetime` of this entry")
            .help("lower `accessLifetime`, or raise `maxLifetime`"),
        );
    }
    if idle > refresh {
        if map.get("refreshIdle").is_some() {
            report.error(
                codes::TOKENS_LIFETIME,
                place("refreshIdle"),
                "`refreshIdle` is longer than `refreshLifetime`, so it means nothing",
                "lower it",
            );
        }
        idle = refresh;
    }
    Some(Tokens {
        scheme: index,
        access_seconds: access,
        refresh_seconds: refresh,
        idle_seconds: idle,
        grace_seconds: grace,
    })
}

/// A flow needs what it works with.
pub(super) fn flow(
    flow: Option<Effective<Flow>>,
    issues: bool,
    report: &mut Report,
) -> Option<Effective<Flow>> {
    let flow = flow?;
    if !issues {
        report.error(
            codes::FLOW_WITHOUT_TOKENS,
            flow.place,
            "`flow`, and this service issues no tokens",
            "add `tokens: {}` to `x-security` of the document, or remove `flow`",
        );
        return None;
    }
    Some(flow)
}
