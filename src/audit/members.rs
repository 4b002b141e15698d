//! Members of objects: what may be sent, what is answered, what must not travel.

use super::extent::is_open;
use super::facts::Facts;
use super::finding::Found;
use super::names;
use super::objects::is_kept_from_callers;
use super::rule::{Owasp, Rule, Severity};
use super::schemas::{self, Uses};
use super::words::quote;
use crate::openapi::{Kind, SchemaUse};
use crate::policy::Sensitive;
use std::collections::HashSet;

pub(super) static CREDENTIAL: Rule = Rule {
    code: 5401,
    name: "unmarked-credential",
    owasp: Owasp::Properties,
    severity: Severity::Warning,
    sentence: "A member is named like a credential, and is neither `sensitive: secret` nor `writeOnly`.",
    why: "Unmarked, it is in the reply type like any other member, and the handler that fills it from a row sends it.",
    fix: "Write `x-security: { sensitive: secret }`: it is in no reply, redacted everywhere, and wiped from memory.",
};
pub(super) static PASSWORD: Rule = Rule {
    code: 5402,
    name: "password-without-format",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "A body has a password without `format: password`.",
    why: "The format is how a login or a sign-up is told: a public operation with such a member gets the limits `auth` and `authAccount`, which count failures.",
    fix: "Write `format: password` beside the type.",
};
pub(super) static PERSONAL: Rule = Rule {
    code: 5403,
    name: "unmarked-personal-data",
    owasp: Owasp::Properties,
    severity: Severity::Info,
    sentence: "A member is named like personal data and is not marked.",
    why: "Marked members are redacted in logs and in `Debug`, and the access matrix shows who may read them.",
    fix: "Write `x-security: { sensitive: personal }`, and `read` if not every caller may see it.",
};
pub(super) static PRIVILEGE: Rule = Rule {
    code: 5404,
    name: "privilege-in-request",
    owasp: Owasp::Properties,
    severity: Severity::Warning,
    sentence: "Every caller may write a member that decides what its holder may do.",
    why: "Whoever adds `role: admin` to the change of a profile is an administrator, unless each handler remembers to drop it.",
    fix: "Write `x-security: { write: ROLE }`, mark it `readOnly`, or leave it out of the request.",
};
pub(super) static OPEN_OBJECT: Rule = Rule {
    code: 5405,
    name: "open-object",
    owasp: Owasp::Properties,
    severity: Severity::Info,
    sentence: "A request may have members that the document does not name.",
    why: "Nobody wrote down what may arrive there, so nobody checks it, and whatever the handler passes on may be more than was meant.",
    fix: "Declare the members and remove `additionalProperties`; members that are not declared are rejected by default.",
};
pub(super) static NEVER_SENT: Rule = Rule {
    code: 5406,
    name: "secret-never-sent",
    owasp: Owasp::Properties,
    severity: Severity::Info,
    sentence: "A secret stands in replies alone, so it never travels.",
    why: "`sensitive: secret` keeps it out of every reply and no request has it. It tells readers of the document what is stored, and does nothing else.",
    fix: "Remove the member from the schema, unless the document is meant to say that it exists.",
};
pub(super) static PUBLIC_PERSONAL: Rule = Rule {
    code: 5407,
    name: "personal-data-for-everyone",
    owasp: Owasp::Properties,
    severity: Severity::Warning,
    sentence: "A public operation answers with personal data that its caller did not send.",
    why: "Anyone can read it, and anyone can collect it.",
    fix: "Ask for a caller, leave the member out of this reply, or mark it `read: [ROLE, owner]`.",
};
pub(super) static KEPT: Rule = Rule {
    code: 5408,
    name: "kept-member-in-request",
    owasp: Owasp::Properties,
    severity: Severity::Info,
    sentence: "Callers may send a member that the service usually sets itself.",
    why: "An id or a date of creation that is taken from a request overwrites another object, or rewrites history.",
    fix: "Mark it `readOnly`, or leave it out of the request.",
};
pub(super) static DEFAULT_CREDENTIAL: Rule = Rule {
    code: 5409,
    name: "default-credential",
    owasp: Owasp::Authentication,
    severity: Severity::Warning,
    sentence: "A credential has a default in the document.",
    why: "Everyone who reads the document knows it, and it is tried first.",
    fix: "Remove `default`, and require the member.",
};

pub(super) static EXCLUDED: Rule = Rule {
    code: 5410,
    name: "member-of-no-value",
    owasp: Owasp::Properties,
    severity: Severity::Warning,
    sentence: "A part of `allOf` declares a member that another part rejects.",
    why: "`additionalProperties: false` of a part rejects whatever that part does not declare, so no value can have the member: it is in no type, and whoever sends it is refused.",
    fix: "Declare it in the closed part too, remove `additionalProperties: false` there, or remove the member.",
};

pub(super) static RULES: &[&Rule] = &[
    &CREDENTIAL,
    &PASSWORD,
    &PERSONAL,
    &PRIVILEGE,
    &OPEN_OBJECT,
    &NEVER_SENT,
    &PUBLIC_PERSONAL,
    &KEPT,
    &DEFAULT_CREDENTIAL,
    &EXCLUDED,
];

pub(super) fn check(facts: &Facts, found: &mut Found) {
    for member in &facts.members {
        let (name, place) = (member.name.value.as_str(), member.name.place);
        let extent = facts.extents.of_use(member.used);
        let marks = facts.marks(member.used);
        let marked = marks.iter().find_map(|marks| marks.sensitive);
        let is_text = extent.kind == Some(Kind::String);
        let shown = quote(name);
        if is_text && names::is_credential(name) {
            let secret = marked.is_some_and(|(mark, _)| mark == Sensitive::Secret);
            // A password without its format is told of below; to mark it comes after.
            let answered = member.uses.any(Uses::REPLY);
            let unformatted = names::is_password(name) && !extent.password;
            if !secret && !extent.write_only && (answered || !unformatted) {
                let message = match answered {
                    true => format!("{shown} is named like a credential and is in replies"),
                    false => format!("{shown} is named like a credential and is not marked"),
                };
                found.push(&CREDENTIAL, place, message);
            }
            let schema = facts.schema(member.used);
            if let Some(default) = schema.and_then(|schema| schema.default.as_ref())
                && default.as_str().is_some_and(|text| !text.is_empty())
            {
                let message = format!("{shown} has a default that everyone can read here");
                found.push(&DEFAULT_CREDENTIAL, default.place, message);
            }
        }
        if is_text
            && names::is_password(name)
            && member.uses.any(Uses::BODY)
            && !extent.read_only
            && !extent.password
        {
            let message = format!("{shown} has no `format: password`");
            found.push(&PASSWORD, place, message);
        }
        if is_text && names::is_personal(name) && marked.is_none() {
            let message = format!("{shown} is named like personal data");
            found.push(&PERSONAL, place, message);
        }
        if member.uses.any(Uses::OPEN_BODY) && !is_kept_from_callers(facts, member.used) {
            if names::is_privilege(name) {
                let message = format!("every caller may write {shown}");
                found.push(&PRIVILEGE, place, message);
            }
            if names::is_kept(name) && !extent.listed {
                let message = format!("callers may send {shown}");
                found.push(&KEPT, place, message);
            }
        }
        if let Some((Sensitive::Secret, mark)) = marked
            && !member.uses.any(Uses::BODY)
        {
            let message = format!("{shown} is a secret and stands in replies alone");
            found.push(&NEVER_SENT, mark, message);
        }
    }
    for whole in facts.wholes.iter().filter(|each| each.uses.any(Uses::BODY)) {
        if is_open(whole.schema)
            && let crate::openapi::Additional::Open(place) = whole.schema.additional
        {
            let message = "members that are not named may be sent";
            found.push(&OPEN_OBJECT, place, message);
        }
    }
    for excluded in facts.wholes.iter().flat_map(|each| &each.schema.excluded) {
        let name = quote(&excluded.name.value);
        let message = format!("{name} is rejected by a closed part that does not declare it");
        found.push(&EXCLUDED, excluded.name.place, message);
    }
    public_personal(facts, found);
}

/// Personal data that a public operation answers with; not what its caller has just sent.
fn public_personal(facts: &Facts, found: &mut Found) {
    for subject in facts.subjects.iter().filter(|each| each.is_public()) {
        let readable = |used| {
            let marks = facts.marks(used);
            let personal = marks
                .iter()
                .any(|marks| matches!(marks.sensitive, Some((Sensitive::Personal, _))));
            let restricted = marks.iter().any(|marks| marks.read.is_some());
            personal && !restricted && !facts.extents.of_use(used).write_only
        };
        let mut sent: HashSet<&str> = HashSet::new();
        schemas::contains(
            subject.requests(),
            facts.components,
            &facts.budget,
            |name, _| {
                sent.insert(&name.value);
                false
            },
        );
        let answered = schemas::contains(
            subject.good_replies(),
            facts.components,
            &facts.budget,
            |name, used: &SchemaUse| readable(used) && !sent.contains(name.value.as_str()),
        );
        if let Some(name) = answered {
            let message = format!(
                "{} is public and answers with {}, which is marked personal",
                quote(&subject.shown()),
                quote(&name.value)
            );
            found.push(&PUBLIC_PERSONAL, subject.place(), message);
        }
    }
}
