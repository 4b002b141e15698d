//! `owns`: whose object an operation works on, as it is written at one level.

use super::codes;
use super::expressions;
use super::model::{Expression, Resource};
use super::operation_keys::Declared;
use super::reader;
use super::report::Report;
use super::vocabulary::{BY_WORDS, MODES, OWNS, OWNS_WORDS};
use crate::document::{Node, Place};

/// One resource of an `owns`.
#[derive(Debug, Clone)]
pub(super) struct WantedOwns {
    pub resource: usize,
    pub how: WantedHow,
    /// Of the name or of what is said of it.
    pub place: Place,
}

#[derive(Debug, Clone)]
pub(super) enum WantedHow {
    /// `None`: by the method.
    Owner {
        write: Option<bool>,
    },
    Policy {
        write: Option<bool>,
        policy: Expression,
    },
    Any,
    List,
}

/// Reads `owns`; `None` when it is wrong.
pub(super) fn read(
    node: &Node,
    declared: &Declared,
    report: &mut Report,
) -> Option<Vec<WantedOwns>> {
    let resources = declared.resources;
    if node.as_str().is_some() {
        let name = reader::text(node, "`owns`", report)?;
        let resource = find(name, node.place, resources, report)?;
        return Some(vec![WantedOwns {
            resource,
            how: WantedHow::Owner { write: None },
            place: node.place,
        }]);
    }
    if node.as_map().is_none() {
        return reader::wrong_kind(
            node,
            "`owns`",
            "a resource or a mapping of resources",
            report,
        );
    }
    let map = reader::entries(node, "`owns`", report)?;
    if map.entries.is_empty() {
        report.error(
            codes::EMPTY,
            node.place,
            "`owns` names no resource",
            "name one, or leave the key out",
        );
        return None;
    }
    let mut all = Vec::new();
    for (key, node) in &map.entries {
        let resource = find(&key.text, key.place, resources, report);
        let how = how(node, declared, report);
        if let (Some(resource), Some(how)) = (resource, how) {
            all.push(WantedOwns {
                resource,
                how,
                place: node.place,
            });
        }
    }
    (all.len() == map.entries.len()).then_some(all)
}

fn find(name: &str, place: Place, resources: &[Resource], report: &mut Report) -> Option<usize> {
    let found = resources.iter().position(|resource| resource.name == name);
    if found.is_none() && !report.is_broken("resource", name) {
        let help = reader::near(
            name,
            resources.iter().map(|resource| resource.name.as_str()),
        );
        report.error(
            codes::RESOURCE_UNDECLARED,
            place,
            format!("the resource `{name}` is not declared"),
            help,
        );
    }
    found
}

fn how(node: &Node, declared: &Declared, report: &mut Report) -> Option<WantedHow> {
    if node.as_map().is_none() {
        return match reader::choice(node, "`owns` of a resource", OWNS_WORDS, report)? {
            "list" => Some(WantedHow::List),
            _ => Some(WantedHow::Any),
        };
    }
    let map = reader::mapping(node, &OWNS, report)?;
    if map.is_empty() {
        let help = "write `by: owner`, `any` or `list`";
        report.error(
            codes::EMPTY,
            node.place,
            "`owns` of a resource says nothing",
            help,
        );
        return None;
    }
    if !map.is_enforced() {
        return None;
    }
    let mut policy = None;
    if let Some(by) = map.get("by") {
        let word = reader::text(by, "`by`", report)?;
        let name = word.strip_prefix("policy");
        match name.filter(|name| name.is_empty() || name.starts_with(char::is_whitespace)) {
            Some(name) if name.trim().is_empty() => {
                let help = "write `by: policy NAME`, with the name of one of `policies`";
                report.error(codes::EMPTY, by.place, "`by: policy` names no policy", help);
                return None;
            }
            Some(name) => {
                let name = name.trim();
                policy = Some(expressions::named(
                    name,
                    by.place,
                    declared.policies,
                    report,
                )?);
            }
            None => {
                reader::choice(by, "`by`", BY_WORDS, report)?;
            }
        }
    }
    let write = match map.get("mode") {
        Some(node) => Some(reader::choice(node, "`mode`", MODES, report)? == "write"),
        None => None,
    };
    Some(match policy {
        Some(policy) => WantedHow::Policy { write, policy },
        None => WantedHow::Owner { write },
    })
}
