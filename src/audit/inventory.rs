//! What else the document tells about: addresses in requests, what is on its way out, what is not for everyone.

use super::facts::{Facts, get};
use super::finding::Found;
use super::names;
use super::rule::{Owasp, Rule, Severity};
use super::schemas::Uses;
use super::words::quote;
use crate::openapi::{Kind, Method};

pub(super) static ADDRESS: Rule = Rule {
    code: 5701,
    name: "address-in-request",
    owasp: Owasp::Forgery,
    severity: Severity::Info,
    sentence: "Callers send an address.",
    why: "If the service fetches it, callers reach what only the service can reach: the metadata of the cloud, neighbours, itself. If it sends people there, they are sent anywhere.",
    fix: "If it is used, allow only known schemes and hosts, by a `pattern` such as `^https://example[.]com/[a-z/]*$` or by an `enum`.",
};
pub(super) static WEBHOOK: Rule = Rule {
    code: 5702,
    name: "public-webhook",
    owasp: Owasp::Upstream,
    severity: Severity::Warning,
    sentence: "Anyone may send what only another service should send.",
    why: "Whoever knows the address can report a payment or a delivery. Addresses of webhooks do not stay secret.",
    fix: "Ask for a credential; where the sender can only sign, verify its signature in the handler before anything else, and say so in `reason`.",
};
pub(super) static DEPRECATED: Rule = Rule {
    code: 5801,
    name: "deprecated-without-end",
    owasp: Owasp::Inventory,
    severity: Severity::Info,
    sentence: "An operation is deprecated, and nothing says when it goes.",
    why: "Old operations are watched and tested less than new ones, and reach the same data. One without an end stays.",
    fix: "Remove the operation, or say when it ends with `x-security.sunset` (`palisade gaps` tells whether this version takes it).",
};
pub(super) static OTHER_STAGE: Rule = Rule {
    code: 5802,
    name: "server-of-another-stage",
    owasp: Owasp::Inventory,
    severity: Severity::Info,
    sentence: "The document names a server for tests or for inside use beside the real one.",
    why: "Such servers are guarded and watched less and often hold real data. A published document tells everyone where they are.",
    fix: "Keep it out of the document that is published.",
};
pub(super) static NO_STATUS: Rule = Rule {
    code: 5803,
    name: "answer-without-status",
    owasp: Owasp::Inventory,
    severity: Severity::Info,
    sentence: "No status says what an operation answers when it succeeds.",
    why: "palisade takes `2XX` or `default` for 200, or for 204 where there is no content, and an operation without responses for 204. Readers and clients of the document may take it for something else, such as an error.",
    fix: "Name the status: `200`, `201` or `204`.",
};

pub(super) static RULES: &[&Rule] = &[&ADDRESS, &WEBHOOK, &DEPRECATED, &OTHER_STAGE, &NO_STATUS];

pub(super) fn check(facts: &Facts, found: &mut Found) {
    for member in facts.members_of(Uses::BODY) {
        let extent = facts.extents.of_use(member.used);
        let schema = facts.schema(member.used);
        let format = schema.and_then(|schema| schema.format.as_ref());
        let is_uri =
            format.is_some_and(|format| matches!(format.value.as_str(), "uri" | "url" | "iri"));
        let narrowed = extent.listed || schema.is_some_and(|schema| schema.pattern.is_some());
        let ruled = schema
            .and_then(|schema| schema.extension.as_ref())
            .is_some_and(|node| get(node, "url").is_some());
        let is_text = extent.kind == Some(Kind::String);
        if is_text
            && (is_uri || names::is_address(&member.name.value))
            && !(narrowed || ruled || extent.read_only)
        {
            let message = format!(
                "{} is an address that callers choose",
                quote(&member.name.value)
            );
            found.push(&ADDRESS, member.name.place, message);
        }
    }
    for subject in &facts.subjects {
        let hook = subject.segments().flat_map(names::words);
        let hook = hook
            .into_iter()
            .any(|word| matches!(word.as_str(), "webhook" | "webhooks"));
        if subject.is_public() && subject.operation.method == Method::Post && hook {
            let message = format!("anyone may call {}", quote(&subject.shown()));
            found.push(&WEBHOOK, subject.place(), message);
        }
        let own = subject.operation.extension.as_ref();
        let path = subject.item.extension.as_ref();
        let sunset = own
            .into_iter()
            .chain(path)
            .any(|node| get(node, "sunset").is_some());
        if let Some(place) = subject.operation.deprecated
            && !sunset
        {
            let message = format!("{} is deprecated without an end", quote(&subject.shown()));
            found.push(&DEPRECATED, place, message);
        }
    }
    for subject in &facts.subjects {
        let named = subject.is_denied() || subject.held.replies.is_some();
        let answered = subject.operation.answered().filter(|_| !named);
        if let Some(answered) = answered {
            let response = answered.response.map(|each| &each.status);
            let message = match response {
                Some(range) => format!(
                    "{} of {} is sent as {}",
                    quote(&range.value),
                    quote(&subject.shown()),
                    answered.status
                ),
                None => format!(
                    "{} declares no answer and sends {}",
                    quote(&subject.shown()),
                    answered.status
                ),
            };
            let place = response.map_or(subject.place(), |range| range.place);
            found.push(&NO_STATUS, place, message);
        }
    }
    if facts.api.servers.len() > 1 {
        for server in facts
            .api
            .servers
            .iter()
            .filter(|each| is_other_stage(&each.value))
        {
            let message = format!("{} is not for everyone", quote(&server.value));
            found.push(&OTHER_STAGE, server.place, message);
        }
    }
}

/// By the labels of its host.
fn is_other_stage(address: &str) -> bool {
    const STAGES: [&str; 10] = [
        "localhost",
        "staging",
        "stage",
        "dev",
        "develop",
        "test",
        "testing",
        "qa",
        "uat",
        "internal",
    ];
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    host.split(['.', '-', ':'])
        .any(|label| STAGES.contains(&label.to_ascii_lowercase().as_str()))
}
