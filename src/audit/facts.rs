//! What rules look at: operations with what holds for them, and schemas with what they are used for.

use super::extent::Extents;
use super::names;
use super::schemas::{self, Member, Uses, Whole};
use crate::document::{Node, Place};
use crate::openapi::{
    Alternative, Api, Kind, Location, Method, Operation, Parameter, PathItem, Response, Schema,
    SchemaUse,
};
use crate::policy::rate_limits::AUTH_ACCOUNT;
use crate::policy::{
    Access, Level, Marks, Need, OperationPolicy, Policy, RateLimit, RateUse, Resource,
};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};

/// An operation and what holds for it.
pub(super) struct Subject<'a> {
    pub item: &'a PathItem,
    pub operation: &'a Operation,
    pub held: &'a OperationPolicy,
    /// `security` that counts, its own or the root's.
    pub security: &'a [Alternative],
    /// The deepest `access` that is written.
    pub written: Option<&'a Node>,
}

impl<'a> Subject<'a> {
    /// Whether anyone may call who presents nothing.
    pub(super) fn is_public(&self) -> bool {
        matches!(
            self.held.access.value,
            Access::Public { .. } | Access::Optional(_)
        )
    }

    pub(super) fn is_denied(&self) -> bool {
        matches!(self.held.access.value, Access::Denied { .. })
    }

    /// What its callers must have, where it asks for any.
    pub(super) fn need(&self) -> Option<&'a Need> {
        match &self.held.access.value {
            Access::Caller(need) => Some(need),
            _ => None,
        }
    }

    /// Whether every caller with a valid token may call.
    pub(super) fn is_for_any_caller(&self) -> bool {
        self.need().is_some_and(Need::is_for_any_caller)
    }

    /// Whether it asks for a role or a scope.
    pub(super) fn is_restricted(&self) -> bool {
        self.need().is_some_and(|need| !need.is_for_any_caller())
    }

    pub(super) fn place(&self) -> Place {
        self.operation.place
    }

    /// `GET /users/{userId}`.
    pub(super) fn shown(&self) -> String {
        format!(
            "{} {}",
            self.operation.method.as_str(),
            self.item.path.value
        )
    }

    pub(super) fn changes(&self) -> bool {
        !matches!(
            self.operation.method,
            Method::Get | Method::Head | Method::Options
        )
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = &'a str> {
        self.item
            .path
            .value
            .split('/')
            .filter(|part| !part.is_empty())
    }

    /// Whether it takes the id of the resource.
    pub(super) fn identifies(&self, resource: &Resource) -> bool {
        self.operation.parameters.iter().any(|each| {
            each.name.value == resource.param
                && matches!(each.location, Location::Path | Location::Query)
        })
    }

    pub(super) fn requests(&self) -> impl Iterator<Item = &'a SchemaUse> {
        let content = self.operation.body.iter().flat_map(|body| &body.content);
        content.filter_map(|media| media.schema.as_ref())
    }

    pub(super) fn replies(&self) -> impl Iterator<Item = &'a SchemaUse> {
        let content = self
            .operation
            .responses
            .iter()
            .flat_map(|each| &each.content);
        content.filter_map(|media| media.schema.as_ref())
    }

    /// Replies that are no errors.
    pub(super) fn good_replies(&self) -> impl Iterator<Item = &'a SchemaUse> {
        let answered = self.operation.answered();
        let stands = answered.and_then(|each| each.response);
        let stands = stands.map(|each| each.status.place);
        let good = move |each: &&Response| {
            each.status.value.starts_with('2') || Some(each.status.place) == stands
        };
        let content = self.operation.responses.iter().filter(good);
        content
            .flat_map(|each| &each.content)
            .filter_map(|media| media.schema.as_ref())
    }
}

/// One document, as rules see it.
pub(super) struct Facts<'a> {
    pub api: &'a Api,
    pub policy: &'a Policy,
    pub components: &'a HashMap<&'a str, &'a Schema>,
    pub subjects: Vec<Subject<'a>>,
    /// Schemas that describe a whole value, and what that is used for.
    pub wholes: Vec<Whole<'a>>,
    /// Members of objects.
    pub members: Vec<Member<'a>>,
    pub extents: Extents<'a>,
    pub budget: Cell<usize>,
    /// Every path template.
    pub paths: HashSet<&'a str>,
}

/// A limit of so many a minute holds up whoever guesses.
const FEW_A_MINUTE: u64 = 20;

impl<'a> Facts<'a> {
    pub(super) fn new(
        api: &'a Api,
        policy: &'a Policy,
        components: &'a HashMap<&'a str, &'a Schema>,
    ) -> Facts<'a> {
        let defaults = api
            .extension
            .as_ref()
            .and_then(|node| get(node, "defaults"));
        let mut subjects = Vec::new();
        for held in &policy.operations {
            let item = api.paths.get(held.path);
            let Some((item, operation)) =
                item.and_then(|item| Some((item, item.operations.get(held.operation)?)))
            else {
                continue;
            };
            let levels = [
                operation.extension.as_ref(),
                item.extension.as_ref(),
                defaults,
            ];
            let security = operation.security.as_deref().or(api.security.as_deref());
            subjects.push(Subject {
                item,
                operation,
                held,
                security: security.unwrap_or_default(),
                written: levels
                    .into_iter()
                    .flatten()
                    .find_map(|node| get(node, "access")),
            });
        }
        let (wholes, members) = schemas::collect(api, &subjects, components);
        Facts {
            api,
            policy,
            components,
            subjects,
            wholes,
            members,
            extents: Extents::new(components),
            budget: Cell::new(schemas::BUDGET),
            paths: api
                .paths
                .iter()
                .map(|item| item.path.value.as_str())
                .collect(),
        }
    }

    /// The schema that is used, behind its name.
    pub(super) fn schema(&self, used: &'a SchemaUse) -> Option<&'a Schema> {
        match used {
            SchemaUse::Inline(schema) => Some(schema),
            SchemaUse::Component { name, .. } => self.components.get(name.as_str()).copied(),
        }
    }

    /// What `x-security` says where a schema is used, at the schema itself, and at the parts of it.
    pub(super) fn marks(&self, used: &'a SchemaUse) -> Vec<&'a Marks> {
        let mut nodes: Vec<&'a Node> = Vec::new();
        let mut add = |used: &'a SchemaUse| {
            if let SchemaUse::Component { extension, .. } = used {
                nodes.extend(extension.as_ref());
            }
            let schema = self.schema(used)?;
            nodes.extend(schema.extension.as_ref());
            Some(schema)
        };
        if let Some(schema) = add(used) {
            schema.all_of().for_each(|part| {
                add(part);
            });
        }
        let marks = nodes.into_iter().filter_map(|node| self.policy.marks(node));
        marks.collect()
    }

    /// The entry of a scheme in `x-security.auth`, as it is written.
    pub(super) fn auth(&self, scheme: &str) -> Option<&'a Node> {
        get(get(self.api.extension.as_ref()?, "auth")?, scheme)
    }

    /// Whether a reply is an array, or an object around one.
    pub(super) fn is_list(&self, used: &'a SchemaUse) -> bool {
        let is_array = |used| self.extents.of_use(used).kind == Some(Kind::Array);
        is_array(used)
            || self.schema(used).is_some_and(|schema| {
                let arrays = schema.properties.iter().filter(|(_, each)| is_array(each));
                arrays.count() == 1
            })
    }

    /// Whether credentials or codes can be tried at an operation as often as anything else can be called.
    pub(super) fn is_open_to_guessing(&self, subject: &Subject<'a>) -> bool {
        if subject.operation.method != Method::Post || subject.is_denied() {
            return false;
        }
        let mut words: Vec<String> = subject.segments().flat_map(names::words).collect();
        let id = subject.operation.id.as_ref();
        words.extend(id.into_iter().flat_map(|id| names::words(&id.value)));
        let tight = |limit: &RateLimit| {
            limit.failures_only
                || u64::from(limit.limit).saturating_mul(60)
                    <= limit.window_seconds.saturating_mul(FEW_A_MINUTE)
        };
        let held = match &subject.held.rate_limit.value {
            RateUse::Inline(limit) => tight(limit),
            RateUse::Named(names) => names.iter().any(|(name, _)| {
                name == AUTH_ACCOUNT || self.policy.rate_limit(name).is_some_and(tight)
            }),
        };
        names::is_login(&words) && !held && !(subject.is_public() && self.takes_password(subject))
    }

    /// Every parameter; one that several operations share comes several times.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&Subject<'a>, &'a Parameter)> {
        self.subjects.iter().flat_map(|subject| {
            subject
                .operation
                .parameters
                .iter()
                .map(move |each| (subject, each))
        })
    }

    /// Names of the limits that `rateLimit` of an operation names.
    pub(super) fn limits(&self, subject: &Subject<'a>) -> Vec<&'a str> {
        match &subject.held.rate_limit.value {
            RateUse::Named(names) => names.iter().map(|(name, _)| name.as_str()).collect(),
            RateUse::Inline(_) => Vec::new(),
        }
    }

    /// Whether nothing but the limit for everything holds an operation.
    pub(super) fn is_barely_limited(&self, subject: &Subject<'a>) -> bool {
        let built_in = subject.held.rate_limit.level == Level::Default;
        built_in || self.limits(subject) == ["standard"]
    }

    /// Whether the body has a member with `format: password`, which brings limits of its own (ruling 13).
    pub(super) fn takes_password(&self, subject: &Subject<'a>) -> bool {
        let password = |_: &_, used| self.extents.of_use(used).password;
        schemas::contains(subject.requests(), self.components, &self.budget, password).is_some()
    }

    pub(super) fn members_of(&self, uses: Uses) -> impl Iterator<Item = &Member<'a>> {
        self.members.iter().filter(move |each| each.uses.any(uses))
    }
}

/// A member of a mapping.
pub(super) fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.as_map()?.get(key)
}
