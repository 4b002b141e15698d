//! Expressions get their types where they are used: the same policy may read another body, or another object, in another
//! operation.

use super::types::Builder;
use super::{Body, Decision, In, OwnKind, Ownership, Param, Rule, Shape, TypeId, ValueKind, Write};
use crate::cel::{self, Field, Key, Lookup, Object, Root, Type, World};
use crate::document::{Node, Place};
use crate::openapi::{self, Schema};
use crate::policy::expressions::tell;
use crate::policy::{self, AttributeKind, Expression, OperationPolicy, gaps};
use std::sync::Arc;

/// A list that nothing bounds is looked through as far as this; the service stops there too.
const MOST_ITEMS: u64 = 1_000;

/// What an operation has for its expressions.
pub(super) struct Seen<'a> {
    pub id: &'a str,
    pub operation: &'a openapi::Operation,
    pub params: &'a [Param],
    pub body: Option<&'a Body>,
    /// Rows are decided over: they are admitted by the handler, which has what was sent by then.
    pub rows: bool,
}

impl<'p> Builder<'p, '_, '_> {
    /// Types the policies of an operation: those of `owns` are put where they decide, that of `access` is handed back.
    /// What is wrong is reported, and there is no plan.
    pub(super) fn decisions(
        &mut self,
        seen: &Seen<'_>,
        held: &'p OperationPolicy,
        owns: &mut [Ownership],
    ) -> Option<Arc<Decision>> {
        let all: Vec<Ownership> = owns.to_vec();
        for (number, (held, own)) in held.owns.iter().zip(owns.iter_mut()).enumerate() {
            let Some(expression) = &held.policy else {
                continue;
            };
            // The object that is decided over is `resource`, whatever else is proved before it.
            let objects = all
                .get(number)
                .map(|own| vec![(number, own.resource)])
                .unwrap_or_default();
            let seen = Seen {
                rows: own.kind == OwnKind::List,
                ..*seen
            };
            own.decision = self.decision(&seen, &objects, expression);
        }
        let need = held.access.value.need();
        let expression = need.and_then(|need| need.policy.as_ref())?;
        let objects: Vec<(usize, usize)> = all
            .iter()
            .enumerate()
            .filter(|(_, own)| own.kind != OwnKind::List)
            .map(|(number, own)| (number, own.resource))
            .collect();
        self.decision(seen, &objects, expression)
    }

    fn decision(
        &mut self,
        seen: &Seen<'_>,
        objects: &[(usize, usize)],
        expression: &'p Expression,
    ) -> Option<Arc<Decision>> {
        let scope = Scope::Operation { seen, objects };
        let expr = self.checked(scope, expression, Some(seen.operation.place))?;
        Some(Arc::new(Decision {
            name: expression
                .name
                .clone()
                .unwrap_or_else(|| seen.id.to_owned()),
            named: expression.name.is_some(),
            text: expression.text().to_owned(),
            expr,
        }))
    }

    fn checked(
        &mut self,
        scope: Scope<'_>,
        expression: &Expression,
        within: Option<Place>,
    ) -> Option<cel::Expr> {
        let mut around = Around {
            builder: self,
            scope,
        };
        match cel::check(&expression.tree, &mut around) {
            Ok(expr) => Some(expr),
            Err(error) => {
                let sources = &self.api.sources;
                tell(&error, &expression.node, sources, within, self.report);
                None
            }
        }
    }

    /// Types the rules of an object that was built just now.
    pub(super) fn rules(&mut self, schema: &'p Schema, id: TypeId) {
        let marks = schema
            .extension
            .as_ref()
            .and_then(|node| self.policy.marks(node));
        let Some((declared, _)) = marks.and_then(|marks| marks.rules.as_ref()) else {
            return;
        };
        let mut rules = Vec::new();
        for rule in declared {
            let expr = self.checked(Scope::Rule(id), &rule.check, None);
            rules.extend(expr.map(|expr| Rule {
                id: rule.id.clone(),
                message: rule.message.clone(),
                text: rule.check.text().to_owned(),
                expr,
            }));
        }
        if let Some(Shape::Object(object)) = self.types.get_mut(id.0).map(|each| &mut each.shape) {
            object.rules = rules;
        }
    }

    /// Refuses rules where there is no object of its own that they could speak of.
    pub(super) fn misplaced_rules(&mut self, own: Option<&Node>, beside: Option<&Node>) {
        for node in own.into_iter().chain(beside) {
            let marks = self.policy.marks(node);
            if let Some((_, place)) = marks.and_then(|marks| marks.rules.as_ref()) {
                self.report.gap(&gaps::RULES_NO_OBJECT, *place);
            }
        }
    }

    /// Rules are held against what is sent: on what only leaves they would be lost.
    pub(super) fn unsent_rules(&mut self) {
        let types = self.types.iter();
        let lost: Vec<Place> = types
            .filter(|each| !each.request)
            .filter(|each| matches!(&each.shape, Shape::Object(object) if !object.rules.is_empty()))
            .map(|each| each.place)
            .collect();
        for place in lost {
            self.report.gap(&gaps::RULES_UNSENT, place);
        }
    }
}

/// Why no expression reads a number.
const ROUNDED: &str = "a number with a fraction would be rounded";

/// Where an expression stands.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Operation {
        seen: &'a Seen<'a>,
        /// Ownerships by number with their resources; the first one is `resource`.
        objects: &'a [(usize, usize)],
    },
    Rule(TypeId),
}

struct Around<'b, 'p, 'r, 'd, 's> {
    builder: &'b mut Builder<'p, 'r, 'd>,
    scope: Scope<'s>,
}

impl<'p> Around<'_, 'p, '_, '_, '_> {
    fn resource(&self, number: usize) -> Option<&'p policy::Resource> {
        let Scope::Operation { objects, .. } = self.scope else {
            return None;
        };
        let (_, resource) = objects.iter().find(|(each, _)| *each == number)?;
        self.builder.policy.resources.get(*resource)
    }

    /// `None`: names that are data, alternatives, and numbers that would be rounded have no counterpart in expressions yet.
    fn kind(&self, value: &ValueKind) -> Option<Type> {
        Some(match value {
            ValueKind::Map(_) | ValueKind::Json(_) | ValueKind::Number(_) => return None,
            ValueKind::Boolean => Type::Bool,
            ValueKind::Integer(_) => Type::Int,
            ValueKind::Text(_) => Type::Text(None),
            // No expression reads one.
            ValueKind::File(_) => Type::Text(Some([].as_slice().into())),
            ValueKind::Named(id) => match self.builder.types.get(id.0).map(|each| &each.shape) {
                Some(Shape::Words(words)) => Type::Text(Some(words.as_slice().into())),
                Some(Shape::Union(_)) => return None,
                _ => Type::Object(Object::Typed(id.0)),
            },
            ValueKind::List(list) => Type::List {
                items: Box::new(self.kind(&list.items)?),
                nullable: list.items_nullable,
                max: list.max,
            },
        })
    }

    fn principal(&self, name: &str) -> Lookup {
        let texts = |max| Type::List {
            items: Box::new(Type::Text(None)),
            nullable: false,
            max,
        };
        match name {
            "subject" => found(Key::Subject, Type::Text(None)),
            "roles" => found(Key::Roles, Type::Roles),
            "scopes" => found(Key::Scopes, texts(MOST_ITEMS)),
            "tenant" => maybe(Key::Tenant, Type::Text(None)),
            _ => {
                let attributes = &self.builder.policy.principal;
                let position = attributes.iter().position(|each| each.name == name);
                match position.and_then(|number| Some((number, attributes.get(number)?))) {
                    Some((number, each)) => maybe(Key::Claim(number), attribute(each.kind)),
                    None => Lookup::Unknown,
                }
            }
        }
    }

    fn fact(&self, resource: &policy::Resource, name: &str) -> Lookup {
        match name {
            "id" => found(Key::Id, Type::Text(None)),
            "owner" => found(Key::Owner, Type::Text(None)),
            "version" => found(Key::Version, Type::Int),
            "tenant" if resource.tenant => found(Key::FactTenant, Type::Text(None)),
            "tenant" => Lookup::Refused(
                format!("`{}` has no tenant", resource.name),
                format!("declare `tenant: true` for `{}`", resource.name),
            ),
            _ => {
                let attributes = &resource.attributes;
                let position = attributes.iter().position(|each| each.name == name);
                match position.and_then(|number| Some((number, attributes.get(number)?))) {
                    Some((number, each)) if each.kind == AttributeKind::Strings => {
                        found(Key::Attribute(number), attribute(each.kind))
                    }
                    Some((number, each)) => maybe(Key::Attribute(number), attribute(each.kind)),
                    None => Lookup::Unknown,
                }
            }
        }
    }

    fn request(&self, seen: &Seen<'_>, name: &str) -> Lookup {
        match name {
            "path" | "query" | "body" if seen.rows => Lookup::Refused(
                format!("a policy over the rows of a list reads no `request.{name}`"),
                "narrow the handler's query by it, or ask for it in `access`".to_owned(),
            ),
            "method" => found(Key::Method, Type::Text(None)),
            "path" => found(Key::Params, Type::Object(Object::Path)),
            "query" => found(Key::Params, Type::Object(Object::Query)),
            "ip" => maybe(Key::Ip, Type::Text(None)),
            "time" => found(Key::Now, Type::Time),
            "body" => match seen.body {
                None => Lookup::Refused(
                    format!("the operation `{}` takes no body", seen.id),
                    "leave it out, or use another policy here".to_owned(),
                ),
                Some(body) => match body.named().filter(|_| self.builder.is_object(&body.value)) {
                    None => Lookup::Refused(
                        format!("the body of the operation `{}` is no object", seen.id),
                        "leave it out, or use another policy here".to_owned(),
                    ),
                    Some(id) => Lookup::Found(Field {
                        key: Key::Body,
                        value: Type::Object(Object::Typed(id.0)),
                        optional: !body.required,
                        nullable: false,
                    }),
                },
            },
            _ => Lookup::Unknown,
        }
    }

    /// Whether it is a number that identifies an object.
    fn is_number_of(&self, param: &Param) -> bool {
        let mut resources = self.builder.policy.resources.iter();
        matches!(param.value, ValueKind::Integer(_))
            && param.location != In::Header
            && resources.any(|resource| resource.param == param.name)
    }

    fn param(&self, seen: &Seen<'_>, location: In, name: &str) -> Lookup {
        let found = seen
            .params
            .iter()
            .position(|param| param.location == location && param.name == name);
        match found.and_then(|number| Some((number, seen.params.get(number)?))) {
            // It is handed over as an id, which has a text and is no number.
            Some((_, param)) if self.is_number_of(param) => Lookup::Refused(
                format!("`{name}` identifies an object"),
                "use `resource.id`, its digits".to_owned(),
            ),
            Some((_, param)) if matches!(param.value, ValueKind::List(_)) => Lookup::Refused(
                format!("`{name}` is a list beside the body, which no expression reads"),
                "send it in the body, or decide it in the handler".to_owned(),
            ),
            Some((number, param)) => match self.kind(&param.value) {
                Some(value) => Lookup::Found(Field {
                    key: Key::Param(number),
                    value,
                    optional: !param.required && param.default.is_none(),
                    nullable: false,
                }),
                None => Lookup::Refused(
                    format!("no expression reads `{name}`: {ROUNDED}"),
                    "decide it in the handler".to_owned(),
                ),
            },
            None => Lookup::Unknown,
        }
    }

    fn typed(&self, id: usize, name: &str) -> Lookup {
        let Some(Shape::Object(object)) = self.builder.types.get(id).map(|each| &each.shape) else {
            return Lookup::Unknown;
        };
        let position = object.members.iter().position(|each| each.name == name);
        let Some((number, member)) =
            position.and_then(|number| Some((number, object.members.get(number)?)))
        else {
            return Lookup::Unknown;
        };
        let file = match &member.value {
            ValueKind::List(list) => matches!(*list.items, ValueKind::File(_)),
            value => matches!(value, ValueKind::File(_)),
        };
        if file {
            return Lookup::Refused(
                format!("`{name}` is a file, which no expression reads"),
                "decide it in the handler".to_owned(),
            );
        }
        if member.secret {
            return Lookup::Refused(
                format!("`{name}` is a secret, which no expression reads"),
                "decide it in the handler".to_owned(),
            );
        }
        if member.write == Write::Nobody {
            return Lookup::Refused(
                format!("`{name}` is never sent"),
                "read a member that can be written".to_owned(),
            );
        }
        let Some(value) = self.kind(&member.value) else {
            let why = match &member.value {
                ValueKind::Json(_) => "it is any JSON",
                ValueKind::Number(_) => ROUNDED,
                value if value.is_mapped() => "the names in it are data",
                _ => "it is one of several alternatives",
            };
            return Lookup::Refused(
                format!("no expression reads `{name}`: {why}"),
                "decide it in the handler".to_owned(),
            );
        };
        Lookup::Found(Field {
            key: Key::Member(number),
            value,
            optional: !member.required_in_request,
            nullable: member.nullable,
        })
    }
}

impl World for Around<'_, '_, '_, '_, '_> {
    fn root(&self, name: &str) -> Root {
        match (self.scope, name) {
            (Scope::Rule(id), "this") => Root::Object(Object::Typed(id.0)),
            (Scope::Operation { .. }, "principal") => Root::Object(Object::Principal),
            (Scope::Operation { .. }, "request") => Root::Object(Object::Request),
            (Scope::Operation { objects, seen }, "resource") => match objects {
                [] => Root::Refused(
                    format!("the operation `{}` proves no object", seen.id),
                    "add `owns`, with one object of a resource".to_owned(),
                ),
                _ => Root::Object(Object::Resource),
            },
            (Scope::Rule(_), "principal" | "request" | "resource") => Root::Refused(
                format!("a rule knows no `{name}`"),
                "a rule speaks of `this`; write a policy for the rest".to_owned(),
            ),
            (Scope::Operation { .. }, "this") => Root::Refused(
                "a policy knows no `this`".to_owned(),
                "read `request.body`".to_owned(),
            ),
            _ => Root::Unknown,
        }
    }

    fn roots(&self) -> Vec<String> {
        let names: &[&str] = match self.scope {
            Scope::Rule(_) => &["this"],
            Scope::Operation { .. } => &["principal", "resource", "request"],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn member(&self, of: Object, name: &str) -> Lookup {
        let Scope::Operation { seen, objects } = self.scope else {
            return match of {
                Object::Typed(id) => self.typed(id, name),
                _ => Lookup::Unknown,
            };
        };
        match of {
            Object::Principal => self.principal(name),
            Object::Request => self.request(seen, name),
            Object::Path => self.param(seen, In::Path, name),
            Object::Query => self.param(seen, In::Query, name),
            Object::Typed(id) => self.typed(id, name),
            Object::Facts(number) => match self.resource(number) {
                Some(resource) => self.fact(resource, name),
                None => Lookup::Unknown,
            },
            Object::Resource => {
                let first = objects
                    .first()
                    .and_then(|(number, _)| self.resource(*number));
                match first.map(|first| self.fact(first, name)) {
                    None | Some(Lookup::Unknown) => {}
                    Some(known) => return known,
                }
                let named = objects.iter().find(|(number, _)| {
                    self.resource(*number)
                        .is_some_and(|resource| resource.name == name)
                });
                match named {
                    Some((number, _)) => {
                        found(Key::Facts(*number), Type::Object(Object::Facts(*number)))
                    }
                    None => Lookup::Unknown,
                }
            }
        }
    }

    fn members(&self, of: Object) -> Vec<String> {
        let mut names: Vec<&str> = Vec::new();
        let (seen, objects) = match self.scope {
            Scope::Operation { seen, objects } => (Some(seen), objects),
            Scope::Rule(_) => (None, &[][..]),
        };
        let params = |location| {
            let params = seen.into_iter().flat_map(|seen| seen.params);
            params
                .filter(move |param| param.location == location)
                .map(|param| param.name.as_str())
        };
        let facts = |number: usize| {
            let mut names = vec!["id", "owner", "version"];
            if let Some(resource) = self.resource(number) {
                names.extend(resource.tenant.then_some("tenant"));
                names.extend(resource.attributes.iter().map(|each| each.name.as_str()));
            }
            names
        };
        match of {
            Object::Principal => {
                names.extend(["subject", "roles", "scopes", "tenant"]);
                let attributes = self.builder.policy.principal.iter();
                names.extend(attributes.map(|each| each.name.as_str()));
            }
            Object::Request => names.extend(["method", "path", "query", "body", "ip", "time"]),
            Object::Path => names.extend(params(In::Path)),
            Object::Query => names.extend(params(In::Query)),
            Object::Facts(number) => names.extend(facts(number)),
            Object::Resource => {
                if let Some((number, _)) = objects.first() {
                    names.extend(facts(*number));
                }
                let resources = objects
                    .iter()
                    .filter_map(|(number, _)| self.resource(*number));
                names.extend(resources.map(|resource| resource.name.as_str()));
            }
            Object::Typed(id) => {
                if let Some(Shape::Object(object)) =
                    self.builder.types.get(id).map(|each| &each.shape)
                {
                    let readable = object
                        .members
                        .iter()
                        .filter(|member| !member.secret && member.write != Write::Nobody);
                    names.extend(readable.map(|member| member.name.as_str()));
                }
            }
        }
        names.into_iter().map(str::to_owned).collect()
    }

    fn what(&self, of: Object) -> String {
        match of {
            Object::Principal => "`principal`".to_owned(),
            Object::Resource => "`resource`".to_owned(),
            Object::Facts(number) => match self.resource(number) {
                Some(resource) => format!("`resource.{}`", resource.name),
                None => "`resource`".to_owned(),
            },
            Object::Request => "`request`".to_owned(),
            Object::Path => "`request.path`".to_owned(),
            Object::Query => "`request.query`".to_owned(),
            Object::Typed(id) => match self.builder.types.get(id) {
                Some(each) => format!("`{}`", each.name),
                None => "the object".to_owned(),
            },
        }
    }

    fn role(&self, name: &str) -> Option<usize> {
        let mut roles = self.builder.policy.roles.iter();
        roles.position(|role| role.name == name)
    }

    fn roles(&self) -> Vec<String> {
        let roles = self.builder.policy.roles.iter();
        roles.map(|role| role.name.clone()).collect()
    }

    fn pattern(&mut self, source: &str) -> Result<String, String> {
        self.builder.patterns.in_words(source)
    }
}

fn found(key: Key, value: Type) -> Lookup {
    Lookup::Found(Field {
        key,
        value,
        optional: false,
        nullable: false,
    })
}

fn maybe(key: Key, value: Type) -> Lookup {
    Lookup::Found(Field {
        key,
        value,
        optional: true,
        nullable: false,
    })
}

fn attribute(kind: AttributeKind) -> Type {
    match kind {
        AttributeKind::String | AttributeKind::Uuid => Type::Text(None),
        AttributeKind::Integer => Type::Int,
        AttributeKind::Boolean => Type::Bool,
        AttributeKind::Time => Type::Time,
        AttributeKind::Strings => Type::List {
            items: Box::new(Type::Text(None)),
            nullable: false,
            max: MOST_ITEMS,
        },
    }
}
