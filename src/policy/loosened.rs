//! Where a deeper level of `x-security` admits more than the level around it and does not say why (ruling 49).

use super::access::{self, Further, Wanted};
use super::limits;
use super::model::{Level, Policy, RateLimit, RateUse, Role};
use super::operation_keys::Declared;
use super::rate_limits;
use super::report::Report;
use crate::diagnostic::Diagnostics;
use crate::document::{Map, Node, Place};
use crate::openapi::Api;

/// One key that admits more than the same key further out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosened {
    /// Of the value.
    pub place: Place,
    /// `access`, `rateLimit`, `limits.body`, …
    pub key: String,
    /// Where the stricter value stands; `None`: it is built in.
    pub outer: Option<Place>,
}

/// Everything that is loosened without a `reason` beside it, in document order. Policy that could not be read is
/// not compared: it has been reported.
pub fn loosened(api: &Api, policy: &Policy) -> Vec<Loosened> {
    // What is wrong was told when the policy was read.
    let mut told = Diagnostics::default();
    let mut compare = Compare {
        policy,
        declared: Declared {
            roles: &policy.roles,
            resources: &policy.resources,
            rate_limits: &policy.rate_limits,
            policies: &policy.policies,
            sources: &api.sources,
        },
        report: Report::new(&mut told),
        found: Vec::new(),
    };
    let root = api.extension.as_ref().and_then(Node::as_map);
    let defaults = root
        .and_then(|map| map.get("defaults"))
        .and_then(Node::as_map);
    for item in &api.paths {
        let path = item.extension.as_ref().and_then(Node::as_map);
        if let Some(path) = path {
            compare.level(path, &[defaults]);
        }
        for operation in &item.operations {
            if let Some(own) = operation.extension.as_ref().and_then(Node::as_map) {
                compare.level(own, &[path, defaults]);
            }
        }
    }
    compare.found
}

struct Compare<'p, 'd> {
    policy: &'p Policy,
    declared: Declared<'p>,
    report: Report<'d>,
    found: Vec<Loosened>,
}

impl Compare<'_, '_> {
    /// Holds the keys of one level against the nearest level outside that has them.
    fn level(&mut self, inner: &Map, outer: &[Option<&Map>]) {
        if inner.get("reason").is_some() {
            return;
        }
        let around = |key: &str| outer.iter().flatten().find_map(|map| map.get(key));
        if let (Some(new), Some(old)) = (inner.get("access"), around("access"))
            && self.access_admits_more(new, old)
        {
            self.tell("access", new, Some(old.place));
        }
        if let Some(new) = inner.get("rateLimit") {
            let old = around("rateLimit");
            if self.limit_admits_more(new, old) {
                self.tell("rateLimit", new, old.map(|old| old.place));
            }
        }
        let own = inner.get("limits").and_then(Node::as_map);
        for (key, new) in own.into_iter().flat_map(|map| &map.entries) {
            let old = outer
                .iter()
                .flatten()
                .find_map(|map| map.get("limits")?.as_map()?.get(&key.text));
            self.limit_of_size(&key.text, new, old);
        }
    }

    fn tell(&mut self, key: &str, new: &Node, outer: Option<Place>) {
        self.found.push(Loosened {
            place: new.place,
            key: key.to_owned(),
            outer,
        });
    }

    fn access_admits_more(&mut self, new: &Node, old: &Node) -> bool {
        let new = access::read(new, &self.declared, &mut self.report);
        let old = access::read(old, &self.declared, &mut self.report);
        match (&new, &old) {
            // `public` has a reason, or is refused.
            (Wanted::Broken | Wanted::Denied | Wanted::Public, _)
            | (_, Wanted::Broken | Wanted::Public) => false,
            (_, Wanted::Denied) => true,
            // Whoever is nobody there is at most nobody here.
            (_, Wanted::Optional) => false,
            (Wanted::Optional, Wanted::Caller { .. }) => true,
            (
                Wanted::Caller {
                    roles,
                    scopes,
                    further,
                },
                Wanted::Caller {
                    roles: old_roles,
                    scopes: old_scopes,
                    further: old,
                },
            ) => {
                let has = |scope: &str| scopes.iter().any(|(each, _)| each == scope);
                asks_less(further, old)
                    || !old_scopes.iter().all(|(scope, _)| has(scope))
                    || !old_roles.iter().all(|old| {
                        roles
                            .iter()
                            .any(|new| within(*new, *old, &self.policy.roles))
                    })
            }
        }
    }

    fn limit_admits_more(&mut self, new: &Node, old: Option<&Node>) -> bool {
        let Some(new) = self.limits_of(new) else {
            return false;
        };
        let old = match old {
            Some(old) => self.limits_of(old),
            None => self
                .policy
                .rate_limit(rate_limits::STANDARD)
                .map(|limit| vec![limit.clone()]),
        };
        // Not stricter: it lets more through in the same time, or counts failures only where all were counted.
        let covers = |new: &RateLimit, old: &RateLimit| {
            (old.failures_only || !new.failures_only)
                && u64::from(new.limit).saturating_mul(old.window_seconds)
                    <= u64::from(old.limit).saturating_mul(new.window_seconds)
        };
        old.is_some_and(|old| {
            old.iter()
                .any(|old| !new.iter().any(|new| covers(new, old)))
        })
    }

    /// The limits that a `rateLimit` names; `None` when one of them depends on the operation, or cannot be read.
    fn limits_of(&mut self, node: &Node) -> Option<Vec<RateLimit>> {
        match rate_limits::used(node, &self.policy.rate_limits, &mut self.report)? {
            RateUse::Inline(limit) => Some(vec![limit]),
            RateUse::Named(names) => names
                .iter()
                .map(|(name, _)| self.policy.rate_limit(name).cloned())
                .collect(),
        }
    }

    fn limit_of_size(&mut self, key: &str, new: &Node, old: Option<&Node>) {
        let pick = |own: &limits::OwnLimits| {
            let found = match key {
                "body" => own.body,
                "bodyTimeout" => own.body_timeout,
                "handlerTimeout" => own.handler_timeout,
                _ => None,
            };
            found.map(|(value, _)| value)
        };
        let root = &self.policy.limits;
        let outermost = match key {
            "body" => &root.body,
            "bodyTimeout" => &root.body_timeout,
            "handlerTimeout" => &root.handler_timeout,
            _ => return,
        };
        let one = |node: &Node, report: &mut Report| {
            let mut map = Map::default();
            let name = crate::document::Key {
                text: key.to_owned(),
                place: node.place,
            };
            map.entries.push((name, node.clone()));
            let node = Node {
                place: node.place,
                value: crate::document::Value::Map(map),
            };
            pick(&limits::own(&node, report))
        };
        let Some(value) = one(new, &mut self.report) else {
            return;
        };
        let (around, place) = match old {
            Some(old) => (one(old, &mut self.report), Some(old.place)),
            None => (
                Some(outermost.value),
                (outermost.level != Level::Default).then_some(outermost.place),
            ),
        };
        if around.is_some_and(|around| value > around) {
            self.tell(&format!("limits.{key}"), new, place);
        }
    }
}

/// Whether a policy, an age or a class that was asked for is asked for no more, or less of it. Two policies are not
/// compared: another one may admit more.
fn asks_less(new: &Further, old: &Further) -> bool {
    let text = |further: &Further| further.policy.as_ref().map(|each| each.text().to_owned());
    (old.policy.is_some() && text(new) != text(old))
        || old
            .fresh
            .is_some_and(|old| new.fresh.is_none_or(|new| new > old))
        || !old.acr.is_empty()
            && (new.acr.is_empty() || !new.acr.iter().all(|class| old.acr.contains(class)))
}

/// Whether every role of `new` holds one of `old`.
fn within(new: u64, old: u64, roles: &[Role]) -> bool {
    roles
        .iter()
        .enumerate()
        .filter(|(bit, _)| new >> bit & 1 == 1)
        .all(|(_, role)| role.holds & old != 0)
}
