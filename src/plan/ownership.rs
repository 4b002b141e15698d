//! `owns` tied to what an operation takes: parameters, and ids in its body.
//!
//! An id in a body is a member, or the items of one. Its text is kept from every handler ([`super::Member::proved`]), so an
//! operation that takes the same schema must prove it as well, and nothing may read it before that.

use super::codes;
use super::types::Builder;
use super::{
    Body, BodyId, Count, IdAt, IdRule, In, List, Member, Mode, Operation, OwnKind, Ownership,
    Param, Shape, Step, Text, TypeId, ValueKind, Write,
};
use crate::cel::{self, Key, Kind, Object, Type};
use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::policy::{self, How, Owns, gaps};

/// Ways from a body to the ids in it: more than this are not looked at, and the document is refused.
const MOST_WAYS: usize = 10_000;

impl Builder<'_, '_, '_> {
    /// Ownerships with where their ids stand; one is left out where that is nowhere, and then it was told or is told.
    pub(super) fn ownership(
        &mut self,
        owns: &[Owns],
        params: &[Param],
        body: Option<&Body>,
    ) -> (Vec<Ownership>, Vec<BodyId>) {
        let (mut all, mut ids) = (Vec::new(), Vec::new());
        for each in owns {
            let resources = &self.policy.resources;
            let parent = resources.get(each.resource).and_then(|each| each.parent);
            let parent = owns
                .iter()
                .position(|other| Some(other.resource) == parent && other.how != How::List);
            let id = match &each.at {
                None => None,
                Some(policy::IdAt::Part(number)) => Some(IdAt::Part(*number)),
                Some(policy::IdAt::Param(name)) => params
                    .iter()
                    .position(|param| {
                        param.name == *name && matches!(param.location, In::Path | In::Query)
                    })
                    .map(IdAt::Param),
                Some(policy::IdAt::Body { tokens, place }) => {
                    let found =
                        body.and_then(|body| self.in_body(tokens, body, each.resource, *place));
                    found.map(|id| {
                        ids.push(id);
                        IdAt::Body(ids.len().saturating_sub(1))
                    })
                }
            };
            let mode = |write| if write { Mode::Write } else { Mode::Read };
            let kind = match (each.how, id) {
                (How::List, _) => Some(OwnKind::List),
                (_, None) => None,
                (How::Owner { write }, Some(id)) => Some(OwnKind::Owner {
                    id,
                    mode: mode(write),
                }),
                (How::Policy { write }, Some(id)) => Some(OwnKind::Policy {
                    id,
                    mode: mode(write),
                }),
                (How::Any { write }, Some(id)) => Some(OwnKind::Any {
                    id,
                    mode: mode(write),
                }),
            };
            all.extend(kind.map(|kind| Ownership {
                resource: each.resource,
                kind,
                decision: None,
                parent,
                implied: each.implied,
            }));
        }
        (all, ids)
    }

    /// Follows a pointer into a body. What it leads to is kept from handlers from now on.
    fn in_body(
        &mut self,
        tokens: &[String],
        body: &Body,
        resource: usize,
        place: Place,
    ) -> Option<BodyId> {
        let mut value = body.value.clone();
        let mut steps = Vec::new();
        let (mut many, mut optional, mut most) = (false, !body.required, 1_u64);
        let mut last = None;
        let wrong = |builder: &mut Self, message: String, help: &str| {
            let found = Diagnostic::new(codes::OWNS_ID, place, message).help(help.to_owned());
            builder.report.push(found);
        };
        if !self.is_object(&value) {
            let message = "the body is not an object, and pointers begin at its members".to_owned();
            wrong(self, message, "wrap it in an object");
            return None;
        }
        let mut each = |list: &List, steps: &mut Vec<Step>, most: &mut u64| {
            steps.push(Step::Each {
                nullable: list.items_nullable,
            });
            *most = most.saturating_mul(list.max);
            many = true;
        };
        for token in tokens {
            value = match value {
                ValueKind::List(list) if token == "*" => {
                    each(&list, &mut steps, &mut most);
                    *list.items
                }
                ValueKind::Named(id) => {
                    let found = self.member_of(id, token);
                    let Some((number, member)) = found else {
                        let message = format!("`{token}` is no member of what the body has there");
                        wrong(
                            self,
                            message,
                            "name members as the schema does; `*` is every element",
                        );
                        return None;
                    };
                    if member.write == Write::Nobody || member.secret {
                        let message = format!("`{token}` is not sent, or is a secret: it is no id");
                        wrong(self, message, "name a member that callers send");
                        return None;
                    }
                    optional |= !member.required_in_request || member.nullable;
                    steps.push(Step::Member {
                        object: id,
                        member: number,
                    });
                    last = Some((id, number));
                    member.value
                }
                _ => {
                    let message = format!("`{token}` stands behind a value that has no members");
                    wrong(
                        self,
                        message,
                        "end the pointer at the id; `*` is every element of a list",
                    );
                    return None;
                }
            };
        }
        // A pointer that ends at a list means every element (ruling 54).
        if let ValueKind::List(list) = value {
            each(&list, &mut steps, &mut most);
            value = *list.items;
        }
        let (Some((object, number)), ValueKind::Text(text)) = (last, value) else {
            let message = "the pointer does not lead to a plain text".to_owned();
            wrong(self, message, "point at an id, or at a list of ids");
            return None;
        };
        let limit = self.policy.limits.array.value;
        if many && most > limit {
            self.report.gap(&gaps::OWNS_MANY, place);
        }
        let count = match (many, optional) {
            (true, _) => Count::Many,
            (false, true) => Count::Optional,
            (false, false) => Count::One,
        };
        self.keep(object, number, resource, text, place);
        Some(BodyId {
            tokens: tokens.to_vec(),
            steps,
            count,
        })
    }

    fn member_of(&self, id: TypeId, name: &str) -> Option<(usize, Member)> {
        let Some(Shape::Object(object)) = self.types.get(id.0).map(|each| &each.shape) else {
            return None;
        };
        let number = object.members.iter().position(|each| each.name == name)?;
        Some((number, object.members.get(number)?.clone()))
    }

    /// Marks a member as the id of a resource. Two resources cannot both have it.
    fn keep(&mut self, object: TypeId, number: usize, resource: usize, text: Text, place: Place) {
        self.body_ids.push((resource, text, place));
        let shape = self.types.get_mut(object.0).map(|each| &mut each.shape);
        let Some(Shape::Object(object)) = shape else {
            return;
        };
        let Some(member) = object.members.get_mut(number) else {
            return;
        };
        if *member.proved.get_or_insert(resource) != resource {
            let message = format!("`{}` would be the id of two resources", member.name);
            let help = "prove it as one of them everywhere";
            self.report.error(codes::OWNS_ID, place, message, help);
        }
    }

    /// Once all operations are there: every id that is kept from handlers is proved wherever it is taken, looks like the id
    /// it is, and is read by no expression.
    pub(super) fn body_ids(
        &mut self,
        operations: &[Operation],
        resources: &[super::Resource],
        quotas: &[super::Quota],
    ) {
        for (resource, text, place) in std::mem::take(&mut self.body_ids) {
            let Some(resource) = resources.get(resource) else {
                continue;
            };
            if resource.id != IdRule::Text(text) {
                let message = format!(
                    "the id in the body and `{}` of `{}` have two schemas",
                    resource.param, resource.name
                );
                self.report.push(
                    Diagnostic::new(codes::RESOURCE_ID, place, message)
                        .help("give them one schema, best as a component"),
                );
            }
        }
        for operation in operations {
            let Some(body) = &operation.body else {
                continue;
            };
            let mut ways = Vec::new();
            if let Some(inner) = body.value.inner() {
                self.ways(inner, &mut Vec::new(), &mut ways);
            }
            let proved = |way: &(TypeId, usize)| {
                let mut all = operation.ids.iter().flat_map(|id| &id.steps);
                all.any(|step| {
                    *step
                        == Step::Member {
                            object: way.0,
                            member: way.1,
                        }
                })
            };
            let twice =
                |way: &(TypeId, usize)| ways.iter().filter(|other| *other == way).count() > 1;
            let lost = ways.iter().find(|way| !proved(way) || twice(way)).copied();
            let decided = operation
                .decisions()
                .any(|decision| self.reads_id(&decision.expr));
            let mut counted = operation.quotas.iter().filter_map(|at| quotas.get(*at));
            let counted = counted.any(|quota| {
                quota.by.iter().any(|by| match by {
                    super::By::Field(name) => body
                        .named()
                        .and_then(|id| self.member_of(id, name))
                        .is_some_and(|(_, member)| member.proved.is_some()),
                    _ => false,
                })
            });
            if let Some((object, member)) = lost {
                self.shared(object, member, operation.place);
            }
            if decided || counted {
                self.report.gap(&gaps::OWNS_READ, operation.place);
            }
        }
        let ruled = self.types.iter().filter_map(|each| match &each.shape {
            Shape::Object(object) => Some((each.place, object)),
            Shape::Words(_) | Shape::Union(_) => None,
        });
        let ruled: Vec<Place> = ruled
            .filter(|(_, object)| object.rules.iter().any(|rule| self.reads_id(&rule.expr)))
            .map(|(place, _)| place)
            .collect();
        for place in ruled {
            self.report.gap(&gaps::OWNS_READ, place);
        }
    }

    fn shared(&mut self, object: TypeId, member: usize, operation: Place) {
        let shape = self.types.get(object.0).map(|each| &each.shape);
        if let Some(Shape::Object(object)) = shape
            && let Some(member) = object.members.get(member)
        {
            let place = member.place;
            self.report
                .push(gaps::OWNS_SHARED.at(place).within(operation));
        }
    }

    /// Every way from a type to an id that is kept: types are finite, and few of them hold ids.
    fn ways(&self, id: TypeId, open: &mut Vec<TypeId>, found: &mut Vec<(TypeId, usize)>) {
        let Some(shape) = self.types.get(id.0).map(|each| &each.shape) else {
            return;
        };
        if open.contains(&id) || found.len() > MOST_WAYS {
            return;
        }
        open.push(id);
        if let Shape::Object(object) = shape {
            let members = object.members.iter().enumerate();
            let proved = members.filter(|(_, member)| member.proved.is_some());
            found.extend(proved.map(|(number, _)| (id, number)));
        }
        for inner in shape.inner(|_| true) {
            if self.holds_id(inner, &mut Vec::new()) {
                self.ways(inner, open, found);
            }
        }
        open.pop();
    }

    fn holds_id(&self, id: TypeId, seen: &mut Vec<TypeId>) -> bool {
        let Some(shape) = self.types.get(id.0).map(|each| &each.shape) else {
            return false;
        };
        if seen.contains(&id) {
            return false;
        }
        seen.push(id);
        let own = matches!(shape, Shape::Object(object) if object.members.iter().any(|member| member.proved.is_some()));
        let mut inner = shape.inner(|_| true).into_iter();
        own || inner.any(|inner| self.holds_id(inner, seen))
    }

    fn reads_id(&self, expr: &cel::Expr) -> bool {
        let mut found = false;
        expr.walk(&mut |part| {
            let (Kind::Read(probe) | Kind::Has(probe) | Kind::IsNull(probe)) = &part.kind else {
                return;
            };
            let (Type::Object(Object::Typed(id)), Key::Member(number)) =
                (&probe.on.value, probe.key)
            else {
                return;
            };
            if let Some(Shape::Object(object)) = self.types.get(*id).map(|each| &each.shape) {
                let member = object.members.get(number);
                found |= member.is_some_and(|member| member.proved.is_some());
            }
        });
        found
    }
}

impl Operation {
    /// Every policy that is asked.
    fn decisions(&self) -> impl Iterator<Item = &super::Decision> {
        let owned = self.owns.iter().map(|own| own.decision.as_deref());
        owned.chain([self.decision.as_deref()]).flatten()
    }
}
