//! The service around the operations: addresses, origins, errors.

use super::facts::{Facts, get};
use super::finding::Found;
use super::names;
use super::rule::{Owasp, Rule, Severity};
use super::schemas;
use super::words::quote;
use crate::document::Place;
use crate::policy::Setting;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static PLAIN_SERVER: Rule = Rule {
    code: 5601,
    name: "plain-http-server",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Warning,
    sentence: "A server of the document is reached without TLS.",
    why: "Clients are made from this address. Tokens and data pass in the clear, and anyone on the way may change them.",
    fix: "Write `https://`.",
};
pub(super) static PLAIN_ISSUER: Rule = Rule {
    code: 5602,
    name: "plain-http-issuer",
    owasp: Owasp::Authentication,
    severity: Severity::Error,
    sentence: "Tokens come from an address without TLS.",
    why: "Whoever is on the way reads the tokens, or hands out his own keys and signs what he likes. OAuth and OpenID Connect require TLS.",
    fix: "Write `https://`.",
};
pub(super) static ANY_ORIGIN: Rule = Rule {
    code: 5603,
    name: "any-origin",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Warning,
    sentence: "Pages of every origin may read the answers.",
    why: "Any page that someone visits can call the service from their network, and read what it says.",
    fix: "Name the origins in `cors.origins`, or `env:NAME`.",
};
pub(super) static PLAIN_ORIGIN: Rule = Rule {
    code: 5604,
    name: "plain-http-origin",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Warning,
    sentence: "Pages that are loaded without TLS may read the answers.",
    why: "Whoever is on the way to such a page can put a script into it, which is then that origin.",
    fix: "Write `https://`, or leave the origin to development with `env:NAME`.",
};
pub(super) static OTHER_ERROR: Rule = Rule {
    code: 5605,
    name: "error-without-problem",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Info,
    sentence: "An error is declared as something else than `application/problem+json`.",
    why: "The guards answer with problems (RFC 9457) whatever the document says, so clients would have to read two kinds of error.",
    fix: "Declare errors as `application/problem+json`.",
};
pub(super) static INTERNALS: Rule = Rule {
    code: 5606,
    name: "error-tells-internals",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Warning,
    sentence: "An error has a member for what happened inside.",
    why: "Stack traces, exceptions and SQL tell whoever provokes an error how the service is built, and sometimes what is in it.",
    fix: "Remove the member; `instance` of a problem is the request's id, by which the event is found.",
};
pub(super) static SERVER_SECRET: Rule = Rule {
    code: 5607,
    name: "credential-in-server",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Error,
    sentence: "The address of a server holds a user name or a password.",
    why: "The document is published; so is what stands in it.",
    fix: "Remove what stands before `@`, and change the password.",
};
pub(super) static UNDECLARED_ANSWER: Rule = Rule {
    code: 5608,
    name: "undeclared-refusal",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Info,
    sentence: "The document declares a refusal (401, 403 or 429) for most operations, and not for this one.",
    why: "palisade fills in the refusals of its guards where a document declares none. Where it declares them itself, readers take a missing one for one that cannot happen.",
    fix: "Declare it here, too, or leave all of them to palisade.",
};

pub(super) static RULES: &[&Rule] = &[
    &PLAIN_SERVER,
    &PLAIN_ISSUER,
    &ANY_ORIGIN,
    &PLAIN_ORIGIN,
    &OTHER_ERROR,
    &INTERNALS,
    &SERVER_SECRET,
    &UNDECLARED_ANSWER,
];

pub(super) fn check(facts: &Facts, found: &mut Found) {
    for server in &facts.api.servers {
        let shown = quote(&server.value);
        if is_plain(&server.value) {
            let message = format!("{shown} is reached without TLS");
            found.push(&PLAIN_SERVER, server.place, message);
        }
        if authority(&server.value).is_some_and(|authority| authority.contains('@')) {
            let message = "the address of a server holds a credential";
            found.push(&SERVER_SECRET, server.place, message);
        }
    }
    for (_, scheme) in &facts.api.security_schemes {
        for address in scheme.addresses.iter().filter(|each| is_plain(&each.value)) {
            let message = format!("{} is reached without TLS", quote(&address.value));
            found.push(&PLAIN_ISSUER, address.place, message);
        }
    }
    for scheme in &facts.policy.schemes {
        if let Setting::Literal(issuer) = &scheme.issuer
            && is_plain(issuer)
        {
            let entry = facts.auth(&scheme.name);
            let node = entry.and_then(|entry| get(entry, "issuer"));
            let message = format!("{} is reached without TLS", quote(issuer));
            found.push(
                &PLAIN_ISSUER,
                node.map_or(scheme.place, |node| node.place),
                message,
            );
        }
    }
    origins(facts, found);
    errors(facts, found);
    undeclared(facts, found);
}

fn authority(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

/// `http://`, and not to this machine.
fn is_plain(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme);
    let host = authority(address).unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let local = matches!(name, "localhost" | "::1")
        || name.ends_with(".localhost")
        || name
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) && !local
}

fn origins(facts: &Facts, found: &mut Found) {
    let cors = facts
        .api
        .extension
        .as_ref()
        .and_then(|node| get(node, "cors"));
    let Some(origins) = cors.and_then(|node| get(node, "origins")) else {
        return;
    };
    for node in origins.as_list().unwrap_or(std::slice::from_ref(origins)) {
        match node.as_str() {
            Some("*") => {
                let message = "pages of every origin may read the answers";
                found.push(&ANY_ORIGIN, node.place, message);
            }
            Some(origin) if is_plain(origin) => {
                let message = format!("pages of {} may read the answers", quote(origin));
                found.push(&PLAIN_ORIGIN, node.place, message);
            }
            _ => {}
        }
    }
}

fn errors(facts: &Facts, found: &mut Found) {
    // One kind of error is one decision of the author, however often it is written.
    let mut others: BTreeMap<String, (Place, &str, BTreeSet<Place>)> = BTreeMap::new();
    for subject in &facts.subjects {
        let responses = &subject.operation.responses;
        let errors = responses.iter().filter(|each| is_error(&each.status.value));
        for media in errors.flat_map(|each| &each.content) {
            let name = media.name.value.to_ascii_lowercase();
            if !name.starts_with("application/problem+") {
                let first = (media.name.place, media.name.value.as_str(), BTreeSet::new());
                let (_, _, places) = others.entry(name).or_insert(first);
                places.insert(media.name.place);
            }
            let internal = schemas::contains(
                media.schema.iter(),
                facts.components,
                &facts.budget,
                |name, _| names::is_internal(&name.value),
            );
            if let Some(name) = internal {
                let message = format!("an error tells {}", quote(&name.value));
                found.push(&INTERNALS, name.place, message);
            }
        }
    }
    for (place, name, places) in others.into_values() {
        let message = match places.len() {
            1 => format!("an error is declared as {}", quote(name)),
            count => format!(
                "{count} errors are declared as {}; here is the first",
                quote(name)
            ),
        };
        found.push(&OTHER_ERROR, place, message);
    }
}

fn is_error(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

/// Refusals that the document declares nearly everywhere. Where it declares them here and there, nobody reads anything
/// into a missing one.
fn undeclared(facts: &Facts, found: &mut Found) {
    let mut missing: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for status in ["401", "403", "429"] {
        let can = facts.subjects.iter().enumerate().filter(|(_, subject)| {
            let asks = !subject.security.is_empty()
                && subject.security.iter().all(|each| !each.schemes.is_empty());
            match status {
                "401" => asks,
                "403" => subject.is_restricted(),
                _ => true,
            }
        });
        let (with, without): (Vec<_>, Vec<_>) = can.partition(|(_, subject)| {
            let statuses = subject.operation.responses.iter();
            let mut statuses = statuses.map(|each| each.status.value.as_str());
            statuses.any(|declared| declared == status || matches!(declared, "4XX" | "default"))
        });
        if with.len() > without.len() {
            for (index, _) in without {
                missing.entry(index).or_default().push(status);
            }
        }
    }
    for (index, statuses) in missing {
        if let Some(subject) = facts.subjects.get(index) {
            let message = format!(
                "{} does not declare {}, which most operations do",
                quote(&subject.shown()),
                statuses.join(" and ")
            );
            found.push(&UNDECLARED_ANSWER, subject.place(), message);
        }
    }
}
