//! `owns`: whose object an operation works on, as it is written at one level.

use super::auth::is_pointer;
use super::codes;
use super::expressions;
use super::gaps;
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
    /// `None`: in the resource's `param`.
    pub id: Option<(WantedId, Place)>,
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
    Tenant {
        write: Option<bool>,
    },
    Any,
    /// `policy`: what decides over every row, instead of its owner.
    List {
        policy: Option<Expression>,
    },
}

/// Where an id is said to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WantedId {
    /// In the parameter of this name.
    Param(String),
    /// In the body: the tokens of a pointer.
    Body(Vec<String>),
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
            id: None,
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
        if let (Some(resource), Some((how, id))) = (resource, how) {
            all.push(WantedOwns {
                resource,
                how,
                id,
                place: node.place,
            });
        }
    }
    (all.len() == map.entries.len()).then_some(all)
}

pub(super) fn find(
    name: &str,
    place: Place,
    resources: &[Resource],
    report: &mut Report,
) -> Option<usize> {
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

type Said = (WantedHow, Option<(WantedId, Place)>);

fn how(node: &Node, declared: &Declared, report: &mut Report) -> Option<Said> {
    if node.as_map().is_none() {
        let how = match reader::choice(node, "`owns` of a resource", OWNS_WORDS, report)? {
            "list" => WantedHow::List { policy: None },
            _ => WantedHow::Any,
        };
        return Some((how, None));
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
    let (mut policy, mut tenant) = (None, false);
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
            None => tenant = reader::choice(by, "`by`", BY_WORDS, report)? == "tenant",
        }
    }
    let write = match map.get("mode") {
        Some(mode) => match reader::choice(mode, "`mode`", MODES, report)? {
            // A row is held against what decides over it, and has an id of its own.
            "list" if tenant || map.get("id").is_some() => {
                report.gap(&gaps::OWNS_LIST, node.place);
                return None;
            }
            "list" => return Some((WantedHow::List { policy }, None)),
            mode => Some(mode == "write"),
        },
        None => None,
    };
    let id = match map.get("id") {
        Some(node) => Some((place_of_id(node, report)?, node.place)),
        None => None,
    };
    let how = match policy {
        Some(policy) => WantedHow::Policy { write, policy },
        None if tenant => WantedHow::Tenant { write },
        None => WantedHow::Owner { write },
    };
    Some((how, id))
}

/// The name of a parameter, or `body.` and a pointer.
fn place_of_id(node: &Node, report: &mut Report) -> Option<WantedId> {
    let text = reader::text(node, "`id`", report)?;
    let Some(pointer) = text.strip_prefix("body.") else {
        return Some(WantedId::Param(text.to_owned()));
    };
    let tokens = pointer.strip_prefix('/').filter(|_| is_pointer(pointer));
    let tokens = tokens.map(|rest| rest.split('/').collect::<Vec<_>>());
    let Some(tokens) = tokens.filter(|tokens| tokens.iter().all(|token| !token.is_empty())) else {
        report.error(
            codes::POINTER,
            node.place,
            format!("`{pointer}` is no JSON Pointer into a body"),
            "write `body./patientId`, or `body./items/*/patientId` for every element",
        );
        return None;
    };
    let plain = |token: &str| token.replace("~1", "/").replace("~0", "~");
    Some(WantedId::Body(tokens.into_iter().map(plain).collect()))
}
