//! Objects: whose they are, and whether the document proves it.

use super::facts::{Facts, Subject};
use super::finding::Found;
use super::names;
use super::rule::{Owasp, Rule, Severity};
use super::schemas::Uses;
use super::words::quote;
use crate::document::Place;
use crate::openapi::{Kind, Location, Method, SchemaUse};
use crate::policy::{IdAt, Level, Resource, Writers};
use std::collections::BTreeSet;

pub(super) static UNPROVED: Rule = Rule {
    code: 5301,
    name: "unproved-id",
    owasp: Owasp::Objects,
    severity: Severity::Error,
    sentence: "The operation takes the id of a resource, and no `owns` says whose object that may be.",
    why: "An id is all it takes to reach the object of someone else. The operation is denied until the document says who may reach which.",
    fix: "Write `owns: RESOURCE`; `owns: { RESOURCE: any }` if every admitted caller may work on every object.",
};
pub(super) static UNOWNED: Rule = Rule {
    code: 5302,
    name: "unowned-id",
    owasp: Owasp::Objects,
    severity: Severity::Warning,
    sentence: "A path variable is named like the id of an object, and belongs to no resource.",
    why: "The handler gets the bare id: nothing proves that the object is the caller's, and nothing reminds its author.",
    fix: "Declare the object in `x-security.resources` with this `param`, and write `owns` at its operations.",
};
pub(super) static LIST: Rule = Rule {
    code: 5303,
    name: "list-without-owns",
    owasp: Owasp::Objects,
    severity: Severity::Warning,
    sentence: "The operation lists objects of a resource, and does not say that they are the caller's.",
    why: "With `owns: { RESOURCE: list }` the reply can only be built from rows that were admitted. Without it, one forgotten condition in a query lists everyone's.",
    fix: "Write `owns: { RESOURCE: list }`.",
};
pub(super) static SEQUENTIAL: Rule = Rule {
    code: 5304,
    name: "countable-id",
    owasp: Owasp::Objects,
    severity: Severity::Info,
    sentence: "Objects are identified by numbers.",
    why: "Numbers can be counted through, and tell how many objects there are. It is harmless while every operation proves ownership, and makes each omission worth finding.",
    fix: "Identify objects by random UUIDs: `type: string, format: uuid`.",
};
pub(super) static OWNER: Rule = Rule {
    code: 5305,
    name: "owner-in-request",
    owasp: Owasp::Objects,
    severity: Severity::Warning,
    sentence: "Every caller may say whose the object is.",
    why: "A handler that stores what it is sent gives objects away, or takes them: the owner is the caller, and the service knows who that is.",
    fix: "Remove the member from the request, or mark it `readOnly` or `x-security: { write: ROLE }`.",
};
pub(super) static ID_IN_BODY: Rule = Rule {
    code: 5306,
    name: "id-in-body",
    owasp: Owasp::Objects,
    severity: Severity::Warning,
    sentence: "A body has a member named as the id of a resource, and nothing proves whose object that is.",
    why: "An id that no `owns` proves reaches the handler as it was sent.",
    fix: "Write `owns: { RESOURCE: { id: body./NAME } }`, take the id from the path, mark the member `readOnly`, or let only roles write it that may name any object.",
};

pub(super) static RULES: &[&Rule] = &[&UNPROVED, &UNOWNED, &LIST, &SEQUENTIAL, &OWNER, &ID_IN_BODY];

pub(super) fn check(facts: &Facts, found: &mut Found) {
    for subject in &facts.subjects {
        unproved(facts, subject, found);
        list(facts, subject, found);
    }
    ids(facts, found);
    let proved = proved(facts);
    for member in facts.members_of(Uses::OPEN_BODY) {
        let name = member.name.value.as_str();
        if is_kept_from_callers(facts, member.used) {
            continue;
        }
        if proved.contains(&member.name.place) {
            continue;
        }
        if let Some(resource) = resource_of(facts, name) {
            let message = format!(
                "{} in a body names a {}, and nothing proves whose it is",
                quote(name),
                quote(&resource.name)
            );
            found.push(&ID_IN_BODY, member.name.place, message);
        } else if names::is_owner(name) {
            let message = format!("every caller may write {}", quote(name));
            found.push(&OWNER, member.name.place, message);
        }
    }
}

/// Members of bodies whose ids some `owns` proves. Where one operation proves it, all that take it must (PAL-4347).
fn proved(facts: &Facts) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    for subject in &facts.subjects {
        let body = subject.operation.body.iter().flat_map(|body| &body.content);
        let schemas: Vec<&SchemaUse> = body.filter_map(|content| content.schema.as_ref()).collect();
        for owns in &subject.held.owns {
            let Some(IdAt::Body { tokens, .. }) = &owns.at else {
                continue;
            };
            for schema in &schemas {
                let (mut used, mut last) = (Some(*schema), None);
                for token in tokens {
                    let schema = used.and_then(|used| facts.schema(used));
                    used = schema.and_then(|schema| {
                        if token == "*" {
                            return schema.items.as_deref();
                        }
                        let mut members = schema.properties.iter();
                        let (name, inner) = members.find(|(name, _)| name.value == *token)?;
                        last = Some(name.place);
                        Some(inner)
                    });
                }
                places.extend(last.filter(|_| used.is_some()));
            }
        }
    }
    places
}

/// Whether a member cannot be sent by every caller.
pub(super) fn is_kept_from_callers<'a>(facts: &Facts<'a>, used: &'a SchemaUse) -> bool {
    facts.extents.of_use(used).read_only
        || facts
            .marks(used)
            .iter()
            .any(|marks| matches!(marks.write, Some((Writers::Nobody | Writers::Roles(_), _))))
}

fn resource_of<'a>(facts: &Facts<'a>, param: &str) -> Option<&'a Resource> {
    facts
        .policy
        .resources
        .iter()
        .find(|each| each.param == param)
}

/// Ruling 18, told where the operation stands.
fn unproved(facts: &Facts, subject: &Subject, found: &mut Found) {
    let explicit = subject
        .written
        .is_some_and(|node| node.as_str() == Some("denied"));
    let declared = subject.held.access.level != Level::Default
        && subject.security.iter().all(|each| !each.schemes.is_empty());
    if !subject.is_denied() || explicit || !declared || subject.security.is_empty() {
        return;
    }
    let schemes = subject.security.iter().flat_map(|each| &each.schemes);
    if schemes
        .into_iter()
        .any(|each| facts.auth(&each.name.value).is_none())
    {
        return;
    }
    let resources = &facts.policy.resources;
    if let Some(resource) = resources.iter().find(|each| subject.identifies(each)) {
        let message = format!(
            "{} takes the id {} of {} and proves nothing about it, so everyone is denied",
            quote(&subject.shown()),
            quote(&resource.param),
            quote(&resource.name)
        );
        found.push(&UNPROVED, subject.place(), message);
    }
}

/// Ruling 19, and ids that can be counted through.
fn ids(facts: &Facts, found: &mut Found) {
    for (subject, parameter) in facts.parameters() {
        let name = parameter.name.value.as_str();
        let resource = resource_of(facts, name);
        let in_path = parameter.location == Location::Path;
        if !(resource.is_some() || (in_path && names::is_id(name))) {
            continue;
        }
        if resource.is_none() && subject.need().is_some() {
            let message = format!(
                "{} looks like an id and belongs to no resource",
                quote(name)
            );
            found.push(&UNOWNED, parameter.name.place, message);
        }
        let extent = facts.extents.of_use(&parameter.schema);
        if extent.kind == Some(Kind::Integer) && !extent.listed {
            let message = format!("{} is a number that can be counted through", quote(name));
            found.push(&SEQUENTIAL, parameter.name.place, message);
        }
    }
}

/// A collection whose members are objects of a resource: `/notes` beside `/notes/{noteId}`.
fn list<'a>(facts: &Facts<'a>, subject: &Subject<'a>, found: &mut Found) {
    let Some(need) = subject.need() else {
        return;
    };
    if subject.operation.method != Method::Get || !subject.held.owns.is_empty() {
        return;
    }
    let path = subject.item.path.value.trim_end_matches('/');
    let resource = facts.policy.resources.iter().find(|resource| {
        let one = format!("{path}/{{{}}}", resource.param);
        facts.paths.contains(one.as_str())
    });
    let Some(resource) = resource else {
        return;
    };
    // Callers that pass by every owner anyway are not told apart by `owns`.
    let named = need.roles.iter().fold(0, |all, set| all | set);
    let bypass = facts
        .policy
        .roles
        .iter()
        .enumerate()
        .filter(|(bit, _)| named >> bit & 1 == 1)
        .all(|(_, role)| role.holds & resource.bypass != 0);
    if named != 0 && bypass && !resource.tenant {
        return;
    }
    let lists = subject.good_replies().any(|used| facts.is_list(used));
    if lists {
        let message = format!(
            "{} lists objects of {}, whoever's they are",
            quote(&subject.shown()),
            quote(&resource.name)
        );
        found.push(&LIST, subject.place(), message);
    }
}
