//! Schemas become types and rules, each decided once: typed exactly, or refused by name.

use super::codes;
use super::patterns::Patterns;
use super::{Object, Shape, Type, TypeId, ValueKind};
use super::{files, integers, numbers, texts};
use crate::document::{Node, Place};
use crate::openapi::{Api, Beside, Kind, Schema, SchemaUse};
use crate::policy::Policy;
use crate::policy::gaps;
use crate::policy::report::Report;
use heck::ToUpperCamelCase;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Types as they are found.
pub(super) struct Builder<'p, 'r, 'd> {
    pub api: &'p Api,
    pub policy: &'p Policy,
    pub report: &'r mut Report<'d>,
    pub types: Vec<Type>,
    schemas: BTreeMap<&'p str, &'p Schema>,
    /// Components that became types; `None` for those that were refused.
    pub(super) built: BTreeMap<&'p str, Option<TypeId>>,
    /// Components that are being built, outermost first.
    open: Vec<&'p str>,
    names: BTreeSet<String>,
    /// The first number that may be free for a name.
    counts: BTreeMap<String, u32>,
    pub(super) patterns: Patterns,
    /// Ids in bodies: the resource, what the body says of them, and where `owns` points there.
    pub(super) body_ids: Vec<(usize, super::Text, Place)>,
}

/// A schema where it is used.
#[derive(Clone, Copy)]
pub(super) struct Used<'p> {
    pub schema: &'p Schema,
    /// The component's name, when it is one.
    pub component: Option<&'p str>,
    /// Of the `$ref`, or of the schema.
    pub place: Place,
    /// `x-security` beside the `$ref` (ruling 60).
    pub beside: Option<&'p Node>,
    /// What else stands beside the `$ref`.
    words: Option<&'p Beside>,
}

impl Used<'_> {
    pub fn read_only(&self) -> bool {
        self.schema.read_only || self.words.is_some_and(|words| words.read_only)
    }

    pub fn nullable(&self) -> bool {
        self.schema.nullable || self.said_null()
    }

    /// Whether it is the use that admits null, whatever the schema lists.
    pub fn said_null(&self) -> bool {
        self.words.is_some_and(|words| words.nullable)
    }

    /// The nearest one.
    pub fn default(&self) -> Option<&Node> {
        let words = self.words.and_then(|words| words.default.as_ref());
        words.or(self.schema.default.as_ref())
    }

    pub fn write_only(&self) -> bool {
        self.schema.write_only || self.words.is_some_and(|words| words.write_only)
    }

    /// The nearest one.
    pub fn description(&self) -> Option<String> {
        let words = self.words.and_then(|words| words.description.as_ref());
        words.or(self.schema.description.as_ref()).cloned()
    }
}

/// The rule of a value, and whether it may be null.
pub(super) struct Found {
    pub value: ValueKind,
    pub nullable: bool,
}

impl<'p, 'r, 'd> Builder<'p, 'r, 'd> {
    pub fn new(api: &'p Api, policy: &'p Policy, report: &'r mut Report<'d>) -> Self {
        Builder {
            api,
            policy,
            report,
            types: Vec::new(),
            schemas: api
                .schemas
                .iter()
                .map(|(name, schema)| (name.value.as_str(), schema))
                .collect(),
            built: BTreeMap::new(),
            counts: BTreeMap::new(),
            patterns: Patterns::default(),
            body_ids: Vec::new(),
            open: Vec::new(),
            // Inline types never take a component's name.
            names: api
                .schemas
                .iter()
                .map(|(name, _)| name.value.clone())
                .collect(),
        }
    }

    /// The schema that is used. References were resolved by the reader; one that was not is never built on.
    pub fn used(&mut self, schema: &'p SchemaUse) -> Option<Used<'p>> {
        match schema {
            SchemaUse::Inline(schema) => Some(Used {
                schema,
                component: None,
                place: schema.place,
                beside: None,
                words: None,
            }),
            SchemaUse::Component {
                name,
                place,
                extension,
                beside,
            } => match self.schemas.get_key_value(name.as_str()) {
                Some((component, schema)) => Some(Used {
                    schema,
                    component: Some(component),
                    place: *place,
                    beside: extension.as_ref(),
                    words: Some(beside),
                }),
                None => {
                    if self.report.is_clean() {
                        let message = format!("the schema `{name}` was not read");
                        self.report.error(
                            codes::UNREAD,
                            *place,
                            message,
                            "declare it in `components.schemas`",
                        );
                    }
                    None
                }
            },
        }
    }

    /// The rule of a schema that stands where `name` says.
    pub fn value(&mut self, used: Used<'p>, name: &str) -> Option<Found> {
        let schema = used.schema;
        let is_object = schema
            .kind
            .as_ref()
            .is_some_and(|kind| kind.value == Kind::Object);
        // Rules speak of members that are declared.
        let is_map = is_object && schema.values.is_some() && schema.properties.is_empty();
        let is_object = is_object && !is_map && schema.choice.is_none();
        let own = schema.extension.as_ref().filter(|_| !is_object);
        self.misplaced_rules(own, used.beside);
        if schema.choice.is_some() {
            return self.union(used, name);
        }
        if schema.free {
            return Some(self.free());
        }
        let Some(kind) = &schema.kind else {
            // The reader refuses it by name; this is the second lock.
            if self.report.is_clean() {
                self.report.gap(&gaps::UNTYPED, schema.place);
            }
            return None;
        };
        if !schema.compositions.is_empty() {
            // The reader puts them together or refuses them by name; this is the second lock.
            if self.report.is_clean() {
                self.report.gap(&gaps::UNTYPED, schema.place);
            }
            return None;
        }
        let enumerated = schema.enumeration.is_some() || schema.constant.is_some();
        if kind.value != Kind::String && enumerated {
            let place = schema.enumeration.as_ref().map(|words| words.place);
            let place = place
                .or(schema.constant.as_ref().map(|node| node.place))
                .unwrap_or(schema.place);
            self.report.gap(&gaps::ENUM_KIND, place);
            return None;
        }
        if !matches!(kind.value, Kind::String | Kind::Integer | Kind::Number)
            && let Some(format) = &schema.format
        {
            self.report.gap(&gaps::FORMAT, format.place);
            return None;
        }
        let plain = |value| Found {
            value,
            nullable: used.nullable(),
        };
        match kind.value {
            Kind::Boolean => Some(plain(ValueKind::Boolean)),
            Kind::Integer => {
                integers::read(schema, self.report).map(|whole| plain(ValueKind::Integer(whole)))
            }
            Kind::Number => {
                numbers::read(schema, self.report).map(|real| plain(ValueKind::Number(real)))
            }
            Kind::String if enumerated => self.words(used, name),
            Kind::String if files::is_file(schema) => {
                let most = self.policy.limits.body.value;
                files::read(schema, most, self.report).map(|file| plain(ValueKind::File(file)))
            }
            Kind::String => {
                let most = self.policy.limits.string.value;
                texts::read(schema, most, &mut self.patterns, self.report)
                    .map(|text| plain(ValueKind::Text(text)))
            }
            Kind::Array => {
                let list = match used.component {
                    Some(component) => {
                        self.within(component, used.place, |open| open.list(schema, name))
                    }
                    None => self.list(schema, name),
                };
                list.map(|list| plain(ValueKind::List(list)))
            }
            Kind::Object if is_map => {
                let entries = match used.component {
                    Some(component) => {
                        self.within(component, used.place, |open| open.entries(schema, name))
                    }
                    None => self.entries(schema, name),
                };
                entries.map(|entries| plain(ValueKind::Map(entries)))
            }
            Kind::Object => {
                let id = self.object(used, name)?;
                Some(plain(ValueKind::Named(id)))
            }
        }
    }

    pub fn is_object(&self, value: &ValueKind) -> bool {
        let ValueKind::Named(id) = value else {
            return false;
        };
        matches!(
            self.types.get(id.0).map(|each| &each.shape),
            Some(Shape::Object(_))
        )
    }

    pub fn is_union(&self, value: &ValueKind) -> bool {
        let ValueKind::Named(id) = value else {
            return false;
        };
        matches!(
            self.types.get(id.0).map(|each| &each.shape),
            Some(Shape::Union(_))
        )
    }

    /// An object, as a type of its own.
    pub fn object(&mut self, used: Used<'p>, name: &str) -> Option<TypeId> {
        let Some(component) = used.component else {
            return self.new_object(used.schema, name);
        };
        if let Some(id) = self.built.get(component) {
            return *id;
        }
        let id = self.within(component, used.place, |open| {
            open.new_object(used.schema, component)
        });
        // Of what contains itself, the innermost use is done first; the outermost says what became of it.
        self.built.insert(component, id);
        id
    }

    /// Builds what stands in a component; a use of that component in there is refused, or it would never end.
    pub(super) fn within<T>(
        &mut self,
        component: &'p str,
        place: Place,
        build: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.open.contains(&component) {
            self.report.gap(&gaps::RECURSION, place);
            return None;
        }
        self.open.push(component);
        let built = build(self);
        self.open.pop();
        built
    }

    fn new_object(&mut self, schema: &'p Schema, name: &str) -> Option<TypeId> {
        if schema.properties.is_empty() {
            self.report.gap(&gaps::EMPTY_OBJECT, schema.place);
            return None;
        }
        let required: HashSet<&str> = schema
            .required
            .iter()
            .map(|name| name.value.as_str())
            .collect();
        // Before its members: what stands within is named after the name that it really has.
        let name = &self.name(schema, name);
        let mut members = Vec::new();
        for (property, value) in &schema.properties {
            let required = required.contains(property.value.as_str());
            members.extend(self.member(name, property, value, required));
        }
        if members.len() != schema.properties.len() {
            return None;
        }
        let declared: HashSet<&str> = members.iter().map(|member| &*member.name).collect();
        let mut wanted = schema.required.iter();
        let unknown = wanted.find(|name| !declared.contains(name.value.as_str()));
        if let Some(unknown) = unknown {
            if self.report.is_clean() {
                let message = format!(
                    "`{}` is required and not among the properties",
                    unknown.value
                );
                self.report
                    .error(codes::UNSATISFIABLE, unknown.place, message, "declare it");
            }
            return None;
        }
        let count = u64::try_from(members.len()).ok()?;
        let min_properties = schema
            .min_properties
            .as_ref()
            .map_or(0, |count| count.value);
        let rest = match schema.values.as_deref() {
            Some(values) => Some(self.rest(values, name)?),
            None => None,
        };
        let max_properties = schema.max_properties.as_ref().map(|max| max.value);
        let max_properties = match &rest {
            // All of them together.
            Some(_) => Some(max_properties.unwrap_or(self.policy.limits.object.value)),
            None => max_properties.filter(|max| *max < count),
        };
        let least = u64::try_from(
            members
                .iter()
                .filter(|member| member.required_in_request)
                .count(),
        )
        .ok()?;
        if rest.is_none() && min_properties > count
            || max_properties.is_some_and(|max| max < least || max < min_properties)
        {
            let place = schema
                .max_properties
                .as_ref()
                .or(schema.min_properties.as_ref());
            let place = place.map_or(schema.place, |count| count.place);
            let message = "no object has so many of these members";
            self.report.error(
                codes::UNSATISFIABLE,
                place,
                message,
                "correct `minProperties` or `maxProperties`",
            );
            return None;
        }
        let shape = Shape::Object(Object {
            members,
            min_properties,
            max_properties,
            rules: Vec::new(),
            rest,
        });
        let id = self.push(schema, name.clone(), shape);
        self.rules(schema, id);
        Some(id)
    }

    pub(super) fn add(&mut self, schema: &Schema, name: &str, shape: Shape) -> TypeId {
        let name = self.name(schema, name);
        self.push(schema, name, shape)
    }

    /// The component's own name, or one that nothing else has.
    pub(super) fn name(&mut self, schema: &Schema, name: &str) -> String {
        let component = self.schemas.get(name);
        if component.is_some_and(|each| each.place == schema.place) {
            name.to_owned()
        } else {
            self.claim(name)
        }
    }

    pub(super) fn push(&mut self, schema: &Schema, name: String, shape: Shape) -> TypeId {
        let description = schema.description.clone();
        self.push_described(schema, name, shape, description)
    }

    pub(super) fn push_described(
        &mut self,
        schema: &Schema,
        name: String,
        shape: Shape,
        description: Option<String>,
    ) -> TypeId {
        self.types.push(Type {
            name,
            description,
            place: schema.place,
            request: false,
            reply: false,
            shape,
        });
        TypeId(self.types.len() - 1)
    }

    pub(super) fn claim(&mut self, wanted: &str) -> String {
        if self.names.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let count = self.counts.entry(wanted.to_owned()).or_insert(2);
        loop {
            let name = format!("{wanted}{count}");
            *count += 1;
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// `signUp` + `body` → `SignUpBody`.
pub(super) fn name_of(outer: &str, inner: &str) -> String {
    format!(
        "{}{}",
        outer.to_upper_camel_case(),
        inner.to_upper_camel_case()
    )
}
