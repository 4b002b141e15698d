//! The effective policy of each operation, every value with the place it came from.
//!
//! Nothing is decided here: it is the policy, in the words of the vocabulary.

mod value;

use crate::audit::Site;
use crate::document::{Document, Node, Place, pointers_at};
use crate::openapi::{Api, Operation, PathItem};
use crate::plan::{Plan, operation_ids};
use crate::policy::{Level, OperationPolicy, Policy};
use crate::{plan, policy};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// One operation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    pub id: String,
    pub method: &'static str,
    pub path: String,
    pub access: Effective,
    /// Null where the operation works on nobody's object.
    pub owns: Option<Effective>,
    /// The media types of the body that are taken, where `media` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Effective>,
    /// What the service does itself; null where a handler is written.
    pub flow: Option<Effective>,
    pub rate_limit: Effective,
    /// Limits that stand beside it without being named: those of a password (rulings 13 and 107).
    pub built_in_limits: Option<Effective>,
    pub limits: Limits,
}

/// The limits that an operation may set itself; each is inherited by itself (ruling 48).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    pub body: Effective,
    pub body_timeout: Effective,
    pub handler_timeout: Effective,
}

/// A value and where it came from.
#[derive(Debug, Clone, Serialize)]
pub struct Effective {
    pub value: Value,
    /// The value as a person reads it.
    #[serde(skip)]
    pub text: String,
    pub from: From,
}

#[derive(Debug, Clone, Serialize)]
pub struct From {
    pub level: &'static str,
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub pointer: String,
}

/// Every operation, in document order.
pub fn explain(document: &Document, api: &Api, policy: &Policy, plan: &Plan) -> Vec<Explained> {
    let defaults = api
        .extension
        .as_ref()
        .and_then(|node| get(node, "defaults"));
    let mut rows = Vec::new();
    for (id, held) in operation_ids(api).into_iter().zip(&policy.operations) {
        let Some(item) = api.paths.get(held.path) else {
            continue;
        };
        if let Some(operation) = item.operations.get(held.operation) {
            let levels = [
                (Level::Operation, operation.extension.as_ref()),
                (Level::Path, item.extension.as_ref()),
                (Level::Root, defaults),
            ];
            rows.push(Row {
                id,
                item,
                operation,
                held,
                owns: owner(&levels),
            });
        }
    }
    let places = rows.iter().flat_map(|row| {
        let held = row.held;
        let own = [
            row.operation.place,
            held.access.place,
            held.rate_limit.place,
            held.body.place,
            held.body_timeout.place,
            held.handler_timeout.place,
        ];
        let media = held.media.as_ref().map(|media| media.place);
        let own = own.into_iter().chain(media);
        own.chain(row.owns.map(|(_, place)| place))
    });
    let whence = Whence {
        document,
        pointers: pointers_at(&document.root, places),
    };
    let planned: HashMap<&str, &plan::Operation> = plan
        .operations
        .iter()
        .map(|each| (each.id.as_str(), each))
        .collect();
    let explained = rows.into_iter().map(|row| {
        let quotas = planned.get(row.id.as_str()).map(|each| each.quotas.iter());
        let quotas = quotas.into_iter().flatten();
        let quotas: Vec<&plan::Quota> = quotas.filter_map(|at| plan.quotas.get(*at)).collect();
        row.explained(policy, &quotas, &whence)
    });
    explained.collect()
}

/// One operation, before it is put into words.
struct Row<'a> {
    id: String,
    item: &'a PathItem,
    operation: &'a Operation,
    held: &'a OperationPolicy,
    owns: Option<(Level, Place)>,
}

impl Row<'_> {
    fn explained(self, policy: &Policy, quotas: &[&plan::Quota], whence: &Whence) -> Explained {
        let held = self.held;
        let effective = |(value, text), level, place| Effective {
            value,
            text,
            from: whence.of(level, place),
        };
        let size = |limit: &policy::Effective<u64>| {
            effective(value::size(limit.value), limit.level, limit.place)
        };
        let time = |limit: &policy::Effective<u64>| {
            effective(value::time(limit.value), limit.level, limit.place)
        };
        let (access, rate) = (&held.access, &held.rate_limit);
        Explained {
            method: self.operation.method.as_str(),
            path: self.item.path.value.clone(),
            access: effective(
                value::access(&access.value, policy),
                access.level,
                access.place,
            ),
            owns: self
                .owns
                .filter(|_| !held.owns.is_empty())
                .map(|(level, place)| effective(value::owns(&held.owns, policy), level, place)),
            media: held
                .media
                .as_ref()
                .map(|media| effective(value::media(&media.value), media.level, media.place)),
            flow: held
                .flow
                .as_ref()
                .map(|flow| effective(value::flow(flow.value), flow.level, flow.place)),
            rate_limit: effective(
                value::rate_limit(&rate.value, policy),
                rate.level,
                rate.place,
            ),
            built_in_limits: value::beside(&rate.value, &self.id, quotas)
                .map(|shown| effective(shown, Level::Default, self.operation.place)),
            limits: Limits {
                body: size(&held.body),
                body_timeout: time(&held.body_timeout),
                handler_timeout: time(&held.handler_timeout),
            },
            id: self.id,
        }
    }
}

/// Where `owns` is written, the deepest level first.
fn owner(levels: &[(Level, Option<&Node>)]) -> Option<(Level, Place)> {
    levels.iter().find_map(|(level, node)| {
        let owns = get((*node)?, "owns")?;
        Some((*level, owns.place))
    })
}

fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.as_map()?.get(key)
}

struct Whence<'d> {
    document: &'d Document,
    pointers: BTreeMap<Place, String>,
}

impl Whence<'_> {
    fn of(&self, level: Level, place: Place) -> From {
        let site = Site::of(place, &self.document.sources, &self.pointers);
        From {
            level: match level {
                Level::Default => "default",
                Level::OpenApi => "openapi",
                Level::Root => "root",
                Level::Path => "path",
                Level::Operation => "operation",
            },
            file: site.file,
            line: site.line,
            column: site.column,
            pointer: site.pointer,
        }
    }
}
