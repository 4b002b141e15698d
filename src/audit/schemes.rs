//! Credentials: how they are verified, where they travel, how long they live.

use super::facts::{Facts, get};
use super::finding::Found;
use super::names;
use super::rule::{Owasp, Rule, Severity};
use super::words::quote;
use crate::document::{Node, Place};
use crate::openapi::{Location, SchemeKind};
use crate::policy::Scheme;

pub(super) static WITHOUT_ENTRY: Rule = Rule {
    code: 5201,
    name: "scheme-without-entry",
    owasp: Owasp::Authentication,
    severity: Severity::Error,
    sentence: "A security scheme is in use, and `x-security.auth` does not say how its credentials are verified.",
    why: "OpenAPI names a kind of credential, not whose signature counts. Without issuer, audience, algorithms and keys nothing can be verified, so the operations that ask for the scheme are denied.",
    fix: "Add an entry for it to `x-security.auth`: `issuer`, `audience`, `algorithms`, `keys`.",
};
pub(super) static IMPLICIT: Rule = Rule {
    code: 5202,
    name: "oauth2-implicit",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "The scheme offers OAuth's implicit flow.",
    why: "It hands tokens out in the address of a page, where history, logs and referrers keep them. RFC 9700 says not to use it.",
    fix: "Use `authorizationCode` with PKCE.",
};
pub(super) static PASSWORD_FLOW: Rule = Rule {
    code: 5203,
    name: "oauth2-password",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "The scheme offers OAuth's password flow.",
    why: "Every client gets to see the person's password, and no second factor fits in. RFC 9700 says that it must not be used.",
    fix: "Use `authorizationCode` with PKCE, or `clientCredentials` between services.",
};
pub(super) static BASIC: Rule = Rule {
    code: 5204,
    name: "http-basic",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "The scheme sends a password with every request.",
    why: "It cannot expire, be narrowed to a scope or be revoked for one client, and each request is an occasion to guess or to leak it.",
    fix: "Use bearer tokens of an issuer. If it must stay, its entry in `x-security.auth` says why with `reason`, and the finding tells it; let a limit count failures where it is taken.",
};
pub(super) static KEY_IN_QUERY: Rule = Rule {
    code: 5205,
    name: "api-key-in-query",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "An API key travels in the address.",
    why: "Addresses are written to logs, histories and referrers of systems that keep no secrets.",
    fix: "Send the key in a header field; if it must stay, say why with `reason` in its entry of `x-security.auth`.",
};
pub(super) static ACCESS_TOKEN: Rule = Rule {
    code: 5206,
    name: "access-token-parameter",
    owasp: Owasp::Authentication,
    severity: Severity::Error,
    sentence: "A query parameter is named `access_token`.",
    why: "RFC 9700 forbids bearer tokens in the query, and a service that declares the parameter invites them. The generated service never reads a token there.",
    fix: "Remove the parameter; tokens come in `Authorization: Bearer`.",
};
pub(super) static SECRET_IN_ADDRESS: Rule = Rule {
    code: 5207,
    name: "secret-in-address",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "A path or query parameter is named like a secret.",
    why: "Addresses are written to logs, histories and referrers of systems that keep no secrets.",
    fix: "Send it in the body of a POST, or in a header field.",
};
pub(super) static LONG_LIFETIME: Rule = Rule {
    code: 5208,
    name: "long-token-lifetime",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "Tokens are accepted for more than an hour after they were issued.",
    why: "A stolen token is good for as long, and so is a role that was taken away.",
    fix: "Lower `maxLifetime` to 60m or less and let clients refresh.",
};
pub(super) static WIDE_LEEWAY: Rule = Rule {
    code: 5209,
    name: "wide-leeway",
    owasp: Owasp::Authentication,
    severity: Severity::Info,
    sentence: "Clocks may differ by more than half a minute.",
    why: "Expired tokens are accepted for so long. Machines that keep time differ by milliseconds.",
    fix: "Leave `leeway` at 30s or less.",
};
pub(super) static SHARED_SECRET: Rule = Rule {
    code: 5210,
    name: "shared-secret",
    owasp: Owasp::Authentication,
    severity: Severity::Info,
    sentence: "Tokens are verified with the secret that signs them.",
    why: "Whoever can verify with HS256 can also issue: one service that loses the secret lets its finder be anyone, everywhere.",
    fix: "Let the issuer sign with `EdDSA` or `ES256` and give services its public keys.",
};
pub(super) static ANY_JWT: Rule = Rule {
    code: 5211,
    name: "any-jwt",
    owasp: Owasp::Authentication,
    severity: Severity::Info,
    sentence: "`profile: jwt` takes any JWT of the issuer for an access token.",
    why: "Tokens that were issued for something else, such as ID tokens, have the same signature. Only `typ: at+jwt` (RFC 9068) tells them apart.",
    fix: "Leave `profile` out if the issuer can write `typ: at+jwt`; else keep the audience for access tokens alone.",
};
pub(super) static LOGIN: Rule = Rule {
    code: 5212,
    name: "login-barely-limited",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "Credentials or codes can be tried here, and no limit counts failures.",
    why: "A hundred attempts a minute find a six-digit code within a week, and a common password within the hour.",
    fix: "Name `auth` in `rateLimit`, or give the password `format: password`, which brings it.",
};

pub(super) static RULES: &[&Rule] = &[
    &WITHOUT_ENTRY,
    &IMPLICIT,
    &PASSWORD_FLOW,
    &BASIC,
    &KEY_IN_QUERY,
    &ACCESS_TOKEN,
    &SECRET_IN_ADDRESS,
    &LONG_LIFETIME,
    &WIDE_LEEWAY,
    &SHARED_SECRET,
    &ANY_JWT,
    &LOGIN,
];

const LIFETIME_SECONDS: u64 = 3_600;
const LEEWAY_SECONDS: u32 = 30;

pub(super) fn check(facts: &Facts, found: &mut Found) {
    declared(facts, found);
    for scheme in &facts.policy.schemes {
        verified(facts, scheme, found);
    }
    for (_, parameter) in facts.parameters() {
        let name = parameter.name.value.as_str();
        let in_address = matches!(parameter.location, Location::Path | Location::Query);
        if parameter.location == Location::Query && name == "access_token" {
            let message = "the query parameter `access_token` invites tokens into addresses";
            found.push(&ACCESS_TOKEN, parameter.name.place, message);
        } else if in_address && (names::is_credential(name) || names::is_token(name)) {
            let message = format!(
                "the {} parameter {} puts a secret into addresses",
                parameter.location.as_str(),
                quote(name)
            );
            found.push(&SECRET_IN_ADDRESS, parameter.name.place, message);
        }
    }
    for subject in &facts.subjects {
        if facts.is_open_to_guessing(subject) {
            let message = format!(
                "credentials or codes can be tried at {}, and no limit counts failures",
                quote(&subject.shown())
            );
            found.push(&LOGIN, subject.place(), message);
        }
    }
}

/// What the document declares, whether it can be verified or not.
fn declared(facts: &Facts, found: &mut Found) {
    for (name, scheme) in &facts.api.security_schemes {
        let place = name.place;
        let shown = quote(&name.value);
        let users = facts.subjects.iter().filter(|subject| {
            let schemes = subject.security.iter().flat_map(|each| &each.schemes);
            schemes
                .into_iter()
                .any(|each| each.name.value == name.value)
        });
        let users = users.count();
        let entry = facts.auth(&name.value);
        if users > 0 && entry.is_none() {
            let whose = match users {
                1 => "the operation that asks for it is".to_owned(),
                _ => format!("the {users} operations that ask for it are"),
            };
            let message = format!("`x-security.auth` has no entry for {shown}, so {whose} denied");
            found.push(&WITHOUT_ENTRY, place, message);
        }
        let reason = entry.and_then(|entry| get(entry, "reason"));
        let reasoned = reason.is_some();
        match &scheme.kind {
            // Said or not why: whoever reads the findings should know that it is so.
            SchemeKind::Http { scheme } if matches!(scheme.as_str(), "basic" | "digest") => {
                let why = reason.and_then(Node::as_str);
                let why = why.map_or_else(String::new, |why| format!(", because {}", quote(why)));
                let message = format!("{shown} sends a password with every request{why}");
                found.push(&BASIC, place, message);
            }
            SchemeKind::ApiKey { location, .. } if location == "query" && !reasoned => {
                let message = format!("{shown} puts a key into addresses");
                found.push(&KEY_IN_QUERY, place, message);
            }
            _ => {}
        }
        for flow in &scheme.flows {
            match flow.value.as_str() {
                "implicit" => {
                    let message = format!("{shown} offers the implicit flow");
                    found.push(&IMPLICIT, flow.place, message);
                }
                "password" => {
                    let message = format!("{shown} offers the password flow");
                    found.push(&PASSWORD_FLOW, flow.place, message);
                }
                _ => {}
            }
        }
    }
}

/// What `x-security.auth` says of one scheme.
fn verified(facts: &Facts, scheme: &Scheme, found: &mut Found) {
    let shown = quote(&scheme.name);
    let entry = facts.auth(&scheme.name);
    let at = |key: &str| -> Place {
        let node: Option<&Node> = entry.and_then(|entry| get(entry, key));
        node.map_or(scheme.place, |node| node.place)
    };
    if scheme.max_lifetime_seconds > LIFETIME_SECONDS {
        let minutes = scheme.max_lifetime_seconds / 60;
        let message = format!("a token of {shown} is good for {minutes} minutes");
        found.push(&LONG_LIFETIME, at("maxLifetime"), message);
    }
    if scheme.leeway_seconds > LEEWAY_SECONDS {
        let message = format!(
            "a token of {shown} is good for {} seconds after it expired",
            scheme.leeway_seconds
        );
        found.push(&WIDE_LEEWAY, at("leeway"), message);
    }
    if scheme.algorithms.iter().any(|name| name.starts_with("HS")) {
        let message = format!("whoever verifies tokens of {shown} can issue them, too");
        found.push(&SHARED_SECRET, at("algorithms"), message);
    }
    if !scheme.access_token_profile {
        let message = format!("{shown} takes any JWT of its issuer for an access token");
        found.push(&ANY_JWT, at("profile"), message);
    }
}
