//! Who may call: what was not declared, was loosened, or is open to more than it should be.

use super::facts::Facts;
use super::finding::Found;
use super::names;
use super::rule::{Owasp, Rule, Severity};
use super::words::quote;
use crate::openapi::Method;
use crate::policy::{Level, loosened};

pub(super) static UNDECLARED: Rule = Rule {
    code: 5101,
    name: "undeclared-access",
    owasp: Owasp::Functions,
    severity: Severity::Error,
    sentence: "Neither `security` nor `x-security.access` says who may call the operation.",
    why: "An operation for which nothing is declared is generated as denied: it answers 403 to everyone. In services that are written by hand the same omission is open to anyone.",
    fix: "Name a scheme in `security`, or write `access: public` with a `reason`; `access: denied` if nobody is meant.",
};
pub(super) static OPTIONAL: Rule = Rule {
    code: 5102,
    name: "optional-security",
    owasp: Owasp::Authentication,
    severity: Severity::Error,
    sentence: "`{}` stands among the alternatives of `security`, so a caller may come without a credential.",
    why: "Whoever reads the list sees schemes; whoever calls can leave them all out. Nothing says that this is meant, so the operation is denied.",
    fix: "Remove `{}` if every caller needs a credential; write `access: optional` if one may be shown and must be good then, or `security: []` and `access: public` with a `reason` if nobody needs one.",
};
pub(super) static LOOSENED: Rule = Rule {
    code: 5103,
    name: "loosened-without-reason",
    owasp: Owasp::Functions,
    severity: Severity::Warning,
    sentence: "A path item or an operation admits more than the level around it, and gives no `reason`.",
    why: "The stricter value is what the document says for everything. An exception that nobody explained is found by whoever looks for one.",
    fix: "Add `reason` beside it, one sentence, or remove the exception.",
};
pub(super) static PUBLIC_CHANGE: Rule = Rule {
    code: 5104,
    name: "public-change",
    owasp: Owasp::Functions,
    severity: Severity::Warning,
    sentence: "Anyone may replace, change or delete something without a credential.",
    why: "PUT, PATCH and DELETE work on what is already there, and without a caller nobody can be its owner.",
    fix: "Ask for a caller; where a secret in the request stands for one, use POST and a limit that counts failures.",
};
pub(super) static PUBLIC_POST: Rule = Rule {
    code: 5105,
    name: "public-post-barely-limited",
    owasp: Owasp::Flows,
    severity: Severity::Warning,
    sentence: "Anyone may POST, and only the limit that holds for everything holds here.",
    why: "What a public POST creates (accounts, messages, orders) is created by scripts as well. 100 a minute are 144 000 a day from one address.",
    fix: "Name a tighter limit in `rateLimit`, for example `auth`, or one of your own by `ip`.",
};
pub(super) static PRIVILEGED_PATH: Rule = Rule {
    code: 5106,
    name: "privileged-path-for-everyone",
    owasp: Owasp::Functions,
    severity: Severity::Warning,
    sentence: "The path says that it is for administrators or for inside use, and every caller may call it.",
    why: "Such paths are guessed first. A valid token of an ordinary account is all it takes here.",
    fix: "Name the role in `access`.",
};
pub(super) static CHANGE_BY_ANY_CALLER: Rule = Rule {
    code: 5107,
    name: "change-by-any-caller",
    owasp: Owasp::Functions,
    severity: Severity::Warning,
    sentence: "Every caller may replace, change or delete something that is nobody's.",
    why: "There is no role, no scope and no `owns`: what one account may do to this object, every account may do.",
    fix: "Name a role or a scope in `access`, or the resource in `owns`.",
};

pub(super) static RULES: &[&Rule] = &[
    &UNDECLARED,
    &OPTIONAL,
    &LOOSENED,
    &PUBLIC_CHANGE,
    &PUBLIC_POST,
    &PRIVILEGED_PATH,
    &CHANGE_BY_ANY_CALLER,
];

pub(super) fn check(facts: &Facts, found: &mut Found) {
    for subject in &facts.subjects {
        let (place, shown) = (subject.place(), quote(&subject.shown()));
        let access = &subject.held.access;
        if subject.is_denied() && access.level == Level::Default {
            found.push(
                &UNDECLARED,
                place,
                format!("nothing says who may call {shown}, so everyone is denied"),
            );
        }
        if subject.is_denied()
            && access.level == Level::OpenApi
            && let Some(open) = subject.security.iter().find(|each| each.schemes.is_empty())
        {
            found.push(
                &OPTIONAL,
                open.place,
                "`{}` leaves open who may call, so everyone is denied",
            );
        }
        let post = subject.operation.method == Method::Post;
        if subject.is_public() && subject.changes() && !post {
            found.push(
                &PUBLIC_CHANGE,
                place,
                format!("{shown} is public and changes what is there"),
            );
        }
        if subject.is_public()
            && post
            && facts.is_barely_limited(subject)
            && !facts.takes_password(subject)
            // Failures are limited by address there, too.
            && subject.held.flow.is_none()
            && !facts.is_open_to_guessing(subject)
        {
            found.push(
                &PUBLIC_POST,
                place,
                format!("{shown} is public, and nothing but `standard` limits it"),
            );
        }
        if subject.is_for_any_caller() {
            let privileged = subject
                .segments()
                .find(|part| names::is_privileged_segment(part));
            if let Some(segment) = privileged {
                let message = format!("every caller may call {shown}, below {}", quote(segment));
                found.push(&PRIVILEGED_PATH, place, message);
            }
            if subject.changes() && !post && subject.held.owns.is_empty() {
                let message = format!("every caller may call {shown}, whoever's object it is");
                found.push(&CHANGE_BY_ANY_CALLER, place, message);
            }
        }
    }
    for each in loosened(facts.api, facts.policy) {
        let around = match each.outer {
            Some(outer) => format!("line {} says", outer.line),
            None => "holds by default".to_owned(),
        };
        let message = format!(
            "`{}` admits more here than {around}, without a `reason`",
            each.key
        );
        found.push(&LOOSENED, each.place, message);
    }
}
