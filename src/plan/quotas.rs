//! Which quotas an operation has, and each quota once.

use super::codes;
use super::texts::is_password;
use super::types::Builder;
use super::{Access, Body, By, Object, OnStoreFailure, Quota, Shape, ValueKind};
use crate::document::Place;
use crate::openapi::{Operation, Schema, SchemaUse};
use crate::policy::rate_limits::{AUTH, AUTH_ACCOUNT, auth_account};
use crate::policy::{self, OperationPolicy, RateLimit, RateUse};
use std::collections::BTreeSet;

/// What is looked at to find an operation's quotas.
pub(super) struct Counted<'a, 'p> {
    pub id: &'a str,
    pub operation: &'p Operation,
    pub policy: &'p OperationPolicy,
    pub access: &'a Access,
    pub body: Option<&'a Body>,
}

impl<'p> Builder<'p, '_, '_> {
    /// Indexes into `quotas`, which grows by what is new.
    pub(super) fn quotas(
        &mut self,
        counted: &Counted<'_, 'p>,
        quotas: &mut Vec<Quota>,
    ) -> Vec<usize> {
        let place = counted.policy.rate_limit.place;
        let mut wanted: Vec<(RateLimit, Place)> = Vec::new();
        match &counted.policy.rate_limit.value {
            RateUse::Inline(limit) => {
                if self.policy.rate_limit(counted.id).is_some() || counted.id == AUTH_ACCOUNT {
                    let message = format!(
                        "a limit written out is named by its operation, and `{}` is taken",
                        counted.id
                    );
                    let help = "rename the operation or the rate limit";
                    self.report.error(codes::LIMIT_NAME, place, message, help);
                }
                wanted.push((
                    RateLimit {
                        name: counted.id.to_owned(),
                        ..limit.clone()
                    },
                    place,
                ));
            }
            RateUse::Named(names) => {
                for (name, place) in names {
                    match self.limit_named(name, counted) {
                        Some(limit) => wanted.push((limit, *place)),
                        None => self.no_member(
                            *place,
                            name,
                            "exactly one required string beside its password",
                        ),
                    }
                }
            }
        }
        // Ruling 107: they stay beside what `rateLimit` names.
        let signs_in = matches!(counted.access, Access::Public { .. })
            && self.takes_password(counted.operation);
        if signs_in || counted.policy.flow.is_some() {
            for name in [AUTH, AUTH_ACCOUNT] {
                let named = wanted.iter().any(|(limit, _)| limit.name == name);
                if !named && let Some(limit) = self.limit_named(name, counted) {
                    wanted.push((limit, place));
                }
            }
        }
        let mut indexes = Vec::new();
        for (limit, place) in wanted {
            for part in &limit.by {
                if let policy::By::Field(member) = part
                    && !self.can_count(counted.body, member)
                {
                    let what = format!(
                        "the required, plain string member `{member}` at the top of its body"
                    );
                    self.no_member(place, &limit.name, &what);
                }
            }
            let quota = quota(&limit);
            let index = quotas
                .iter()
                .position(|known| *known == quota)
                .unwrap_or_else(|| {
                    quotas.push(quota);
                    quotas.len() - 1
                });
            if !indexes.contains(&index) {
                indexes.push(index);
            }
        }
        indexes
    }

    fn no_member(&mut self, place: Place, name: &str, what: &str) {
        let message =
            format!("the rate limit `{name}` counts by what the operation has not: {what}");
        self.report.error(
            codes::LIMIT_FIELD,
            place,
            message,
            "name another limit in `rateLimit`",
        );
    }

    fn limit_named(&self, name: &str, counted: &Counted) -> Option<RateLimit> {
        if let Some(limit) = self.policy.rate_limit(name) {
            return Some(limit.clone());
        }
        let members = counted.operation.body.iter().flat_map(|body| &body.content);
        let schema = members
            .filter_map(|media| media.schema.as_ref())
            .find_map(|schema| self.schema(schema))?;
        self.account(schema, counted.body)
            .map(|account| auth_account(&account))
    }

    /// Ruling 13: the one required string beside the password.
    fn account(&self, schema: &Schema, body: Option<&Body>) -> Option<String> {
        let password = |name: &str| {
            let property = schema
                .properties
                .iter()
                .find(|(known, _)| known.value == name);
            property
                .and_then(|(_, value)| self.schema(value))
                .is_some_and(is_password)
        };
        if !schema
            .properties
            .iter()
            .any(|(name, _)| password(&name.value))
        {
            return None;
        }
        let object = self.body_object(body)?;
        let mut strings = object.members.iter().filter(|member| {
            member.required_in_request
                && matches!(member.value, ValueKind::Text(_))
                && !password(&member.name)
        });
        let first = strings.next()?;
        (strings.next().is_none() && self.can_count(body, &first.name)).then(|| first.name.clone())
    }

    fn body_object(&self, body: Option<&Body>) -> Option<&Object> {
        match self.types.get(body?.named()?.0).map(|each| &each.shape) {
            Some(Shape::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// Whether a member is there, as plain text, in every body that is admitted.
    fn can_count(&self, body: Option<&Body>, name: &str) -> bool {
        let member = self
            .body_object(body)
            .and_then(|object| object.members.iter().find(|each| each.name == name));
        body.is_some_and(|body| body.required)
            && member.is_some_and(|member| {
                member.required_in_request
                    && !member.nullable
                    && !member.secret
                    && matches!(member.value, ValueKind::Text(_))
            })
    }

    /// Whether a body has a `format: password` member anywhere.
    pub(super) fn takes_password(&self, operation: &Operation) -> bool {
        let mut seen = BTreeSet::new();
        let content = operation.body.iter().flat_map(|body| &body.content);
        content
            .filter_map(|media| media.schema.as_ref())
            .any(|schema| self.has_password(schema, &mut seen))
    }

    fn has_password<'s>(&'s self, used: &'s SchemaUse, seen: &mut BTreeSet<&'s str>) -> bool {
        if let SchemaUse::Component { name, .. } = used
            && !seen.insert(name)
        {
            return false;
        }
        let Some(schema) = self.schema(used) else {
            return false;
        };
        is_password(schema)
            || schema
                .properties
                .iter()
                .any(|(_, each)| self.has_password(each, seen))
            || schema
                .items
                .iter()
                .chain(&schema.values)
                .map(|items| &**items)
                .chain(schema.parts())
                .any(|items| self.has_password(items, seen))
    }

    fn schema<'s>(&'s self, used: &'s SchemaUse) -> Option<&'s Schema> {
        match used {
            SchemaUse::Inline(schema) => Some(schema),
            SchemaUse::Component { name, .. } => self
                .api
                .schemas
                .iter()
                .find(|(known, _)| known.value == *name)
                .map(|(_, schema)| schema),
        }
    }
}

fn quota(limit: &RateLimit) -> Quota {
    let part = |by: &policy::By| match by {
        policy::By::Ip => By::Ip,
        policy::By::Subject => By::Subject,
        policy::By::Tenant => By::Tenant,
        policy::By::ApiKey => By::ApiKey,
        policy::By::All => By::All,
        policy::By::Field(name) => By::Field(name.clone()),
    };
    Quota {
        name: limit.name.clone(),
        limit: limit.limit,
        window_seconds: limit.window_seconds,
        by: limit.by.iter().map(part).collect(),
        failures_only: limit.failures_only,
        on_failure: if limit.deny_without_store {
            OnStoreFailure::Deny
        } else {
            OnStoreFailure::Local
        },
    }
}
