//! `roles`: what is declared, what each includes, and sets of them as bits.

use super::codes;
use super::model::Role;
use super::reader;
use super::report::Report;
use super::vocabulary::{RESERVED_ROLES, ROLE};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place};

/// A set of roles is a `u64`.
const MOST: usize = 64;

/// Reads `x-security.roles`.
pub(super) fn read(node: &Node, report: &mut Report) -> Vec<Role> {
    let Some(map) = reader::entries(node, "`roles`", report) else {
        return Vec::new();
    };
    let mut roles = Vec::new();
    for (index, (key, _)) in map.entries.iter().enumerate() {
        let name = key.text.as_str();
        if RESERVED_ROLES.contains(&name) {
            let message = format!("`{name}` has a meaning of its own and cannot name a role");
            report.error(
                codes::ROLE_RESERVED,
                key.place,
                message,
                "choose another name",
            );
        }
        if name.trim() != name || name.is_empty() || name.chars().any(char::is_control) {
            let message =
                "the name of a role is empty, has blanks around it or control characters in it";
            report.error(codes::ROLE_NAME, key.place, message, "choose another name");
        }
        if index == MOST {
            let message = format!("more than {MOST} roles");
            report.error(
                codes::ROLES_TOO_MANY,
                key.place,
                message,
                "use scopes for what is finer than a role",
            );
        }
        if index < MOST {
            roles.push(Role {
                name: key.text.clone(),
                description: None,
                holds: 1 << index,
            });
        }
    }
    // Where each role's `includes` stands, for cycles.
    let mut places = vec![None; roles.len()];
    for (index, (_, node)) in map.entries.iter().enumerate().take(roles.len()) {
        let Some(entry) = reader::mapping(node, &ROLE, report) else {
            continue;
        };
        let description = entry
            .get("description")
            .and_then(|node| reader::text(node, "`description`", report));
        let mut holds = 0;
        if let Some((key, node)) = entry.entry("includes") {
            if let Some(place) = places.get_mut(index) {
                *place = Some(key.place);
            }
            if let Some(items) = node.as_list() {
                for item in items {
                    let bit = one(&roles, item, report).unwrap_or(0);
                    if holds & bit != 0 {
                        let message = "a role stands twice in `includes`";
                        report.push(Diagnostic::new(codes::TWICE, item.place, message));
                    }
                    holds |= bit;
                }
            } else {
                reader::wrong_kind::<()>(node, "`includes`", "a list of roles", report);
            }
        }
        if let Some(role) = roles.get_mut(index) {
            role.description = description.map(str::to_owned);
            role.holds |= holds;
            // A role that includes itself is a cycle of one; its own bit cannot tell.
            if holds >> index & 1 == 1 {
                cycle(&roles, &places, 1 << index, report);
            }
        }
    }
    close(&mut roles);
    cycles(&roles, &places, report);
    roles
}

/// Every role holds what the roles it holds hold.
fn close(roles: &mut [Role]) {
    loop {
        let before: Vec<u64> = roles.iter().map(|role| role.holds).collect();
        let mut changed = false;
        for role in roles.iter_mut() {
            let all = held(&before, role.holds);
            changed |= all != role.holds;
            role.holds = all;
        }
        if !changed {
            return;
        }
    }
}

fn held(holds: &[u64], set: u64) -> u64 {
    holds
        .iter()
        .enumerate()
        .filter(|(bit, _)| set >> bit & 1 == 1)
        .fold(set, |all, (_, holds)| all | holds)
}

/// Two different roles that hold each other are part of one cycle; each cycle is told once.
fn cycles(roles: &[Role], places: &[Option<Place>], report: &mut Report) {
    let mut told = 0_u64;
    for (index, role) in roles.iter().enumerate() {
        let round = roles
            .iter()
            .enumerate()
            .filter(|(other, each)| role.holds >> other & 1 == 1 && each.holds >> index & 1 == 1)
            .fold(0_u64, |set, (other, _)| set | 1 << other);
        if round.count_ones() > 1 && round & told == 0 {
            told |= round;
            cycle(roles, places, round, report);
        }
    }
}

fn cycle(roles: &[Role], places: &[Option<Place>], round: u64, report: &mut Report) {
    let mut members = roles
        .iter()
        .zip(places)
        .enumerate()
        .filter(|(bit, _)| round >> bit & 1 == 1);
    let Some((_, (first, Some(place)))) = members.next() else {
        return;
    };
    let message = format!("the role `{}` includes itself", first.name);
    let mut diagnostic =
        Diagnostic::new(codes::ROLE_CYCLE, *place, message).help("remove one of the `includes`");
    for (_, (role, place)) in members {
        if let Some(place) = place {
            diagnostic = diagnostic.related(*place, format!("through `{}`", role.name));
        }
    }
    report.push(diagnostic);
}

/// The bit of the role that `node` names.
pub(super) fn one(roles: &[Role], node: &Node, report: &mut Report) -> Option<u64> {
    let name = reader::text(node, "a role", report)?;
    named(roles, name, node.place, report)
}

/// The bit of `name`; an error at `place` when it is not declared.
pub(super) fn named(roles: &[Role], name: &str, place: Place, report: &mut Report) -> Option<u64> {
    let bit = roles.iter().position(|role| role.name == name);
    if bit.is_none() {
        let help = reader::near(name, roles.iter().map(|role| role.name.as_str()));
        report.error(
            codes::ROLE_UNDECLARED,
            place,
            format!("the role `{name}` is not declared"),
            help,
        );
    }
    bit.map(|bit| 1 << bit)
}

/// Bits of a role or a list of roles that is not empty.
pub(super) fn set(roles: &[Role], node: &Node, what: &str, report: &mut Report) -> Option<u64> {
    let words = reader::words(node, what, report)?;
    let bits: Vec<u64> = words
        .iter()
        .filter_map(|(name, place)| named(roles, name, *place, report))
        .collect();
    (bits.len() == words.len()).then(|| bits.iter().fold(0, |set, bit| set | bit))
}
