//! Operations: everything that holds for one, together.

use super::codes;
use super::expressions::Seen;
use super::paths::Part;
use super::quotas::Counted;
use super::settings;
use super::types::Builder;
use super::{
    Access, In, Member, Operation, Param, Quota, Read, Reply, ReplyBody, ReplyValue, Segment,
    Shape, Text, TypeId, ValueKind, Write, paths,
};
use crate::document::Place;
use crate::openapi::{self, Location, Method, PathItem};
use crate::policy::{self, How, OperationPolicy, Owns, gaps};

impl<'p> Builder<'p, '_, '_> {
    /// All operations, in document order. What was refused is left out: there is no plan then.
    pub(super) fn operations(&mut self, mount: &str, quotas: &mut Vec<Quota>) -> Vec<Operation> {
        let (api, policy) = (self.api, self.policy);
        let ids = paths::ids(api);
        let mut operations = Vec::new();
        for (id, held) in ids.iter().zip(&policy.operations) {
            let found = api.paths.get(held.path);
            let found =
                found.and_then(|item| item.operations.get(held.operation).map(|each| (item, each)));
            if let Some((item, operation)) = found {
                operations.extend(self.operation(id, item, operation, held, mount, quotas));
            }
        }
        operations
    }

    fn operation(
        &mut self,
        id: &str,
        item: &'p PathItem,
        operation: &'p openapi::Operation,
        held: &'p OperationPolicy,
        mount: &str,
        quotas: &mut Vec<Quota>,
    ) -> Option<Operation> {
        let method = match operation.method {
            Method::Get | Method::Post | Method::Put | Method::Patch | Method::Delete => {
                operation.method.as_str()
            }
            Method::Head | Method::Options => {
                self.report.gap(&gaps::METHOD, operation.place);
                return None;
            }
        };
        let parts = paths::parts(item, mount, self.report);
        let access = settings::access(&held.access.value);
        let denied = matches!(access, Access::Denied { .. });
        // All of them before the first `?`: a person sees everything that is wrong at once.
        let (params, body, replies) = if denied {
            (
                Some(self.bare_params(operation)),
                Some(None),
                Some(Vec::new()),
            )
        } else {
            (
                self.params(id, operation),
                self.body(id, operation, held),
                self.replies(id, operation, held),
            )
        };
        let (parts, params, body, replies) = (parts?, params?, body?, replies?);
        let segments = self.segments(item, &parts, &params)?;
        let (mut owns, ids) = if denied {
            (Vec::new(), Vec::new())
        } else {
            self.ownership(&held.owns, &params, body.as_ref())
        };
        if !denied && owns.len() != held.owns.len() {
            // The policy holds `owns` against parameters; this is the second lock.
            if self.report.is_clean() {
                let message = "an `owns` of this operation could not be tied to its parameter";
                self.report
                    .error(codes::UNREAD, operation.place, message, "add the parameter");
            }
            return None;
        }
        let seen = Seen {
            id,
            operation,
            params: &params,
            body: body.as_ref(),
            rows: false,
        };
        let decision = self.decisions(&seen, held, &mut owns);
        self.check_lists(&held.owns, &replies);
        self.check_owner(&held.owns, &replies);
        if let Some(id) = body.as_ref().and_then(|body| body.value.inner()) {
            self.mark_request(id);
            if operation.method != Method::Post {
                self.check_create(id, operation.place, &mut Vec::new());
            }
        }
        for param in &params {
            if let ValueKind::Named(id) = param.value {
                self.mark_request(id);
            }
        }
        for reply in &replies {
            if let Some(id) = reply.body.inner() {
                self.mark_reply(id);
            }
        }
        let counted = Counted {
            id,
            operation,
            policy: held,
            access: &access,
            body: body.as_ref(),
        };
        let quotas = if denied {
            Vec::new()
        } else {
            self.quotas(&counted, quotas)
        };
        let issuer = self.policy.tokens.is_some()
            && held.flow.is_none()
            && matches!(access, Access::Public { .. })
            && self.takes_password(operation);
        let literal = parts.iter().find_map(|part| match part {
            Part::Literal(text) => Some((*text).to_owned()),
            Part::Param(_) => None,
        });
        Some(Operation {
            id: id.to_owned(),
            method,
            path: item.path.value.clone(),
            segments,
            group: operation
                .tags
                .first()
                .cloned()
                .or(literal)
                .unwrap_or_else(|| "operations".to_owned()),
            tags: operation.tags.clone(),
            deprecated: operation.deprecated.is_some(),
            summary: operation.summary.clone(),
            description: operation.description.clone(),
            place: operation.place,
            access,
            params,
            body,
            replies,
            flow: None,
            issuer,
            owns,
            ids,
            decision,
            quotas,
            body_bytes: held.body.value,
            body_timeout_ms: held.body_timeout.value,
            handler_timeout_ms: held.handler_timeout.value,
        })
    }

    /// A denied operation is matched and refused; nothing of its parameters is read.
    fn bare_params(&self, operation: &openapi::Operation) -> Vec<Param> {
        // A resource is told by its parameter, even where every operation of it is denied.
        let identifies = |each: &&openapi::Parameter| {
            let resources = self.policy.resources.iter();
            each.location == Location::Query
                && resources
                    .map(|resource| &resource.param)
                    .any(|name| *name == each.name.value)
        };
        let kept = operation
            .parameters
            .iter()
            .filter(|each| each.location == Location::Path || identifies(each));
        let text = Text {
            min: 0,
            max: self.policy.limits.string.value,
            max_declared: false,
            pattern: None,
            format: None,
        };
        kept.map(|each| Param {
            name: each.name.value.clone(),
            location: match each.location {
                Location::Path => In::Path,
                _ => In::Query,
            },
            required: each.required,
            description: each.description.clone(),
            value: ValueKind::Text(text.clone()),
            separated: false,
            default: None,
            place: each.name.place,
        })
        .collect()
    }

    fn segments(
        &mut self,
        item: &PathItem,
        parts: &[Part],
        params: &[Param],
    ) -> Option<Vec<Segment>> {
        let segments: Vec<Segment> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(text) => Some(Segment::Literal((*text).to_owned())),
                Part::Param(name) => params
                    .iter()
                    .position(|param| param.location == In::Path && param.name == *name)
                    .map(Segment::Param),
            })
            .collect();
        let in_path = params
            .iter()
            .filter(|param| param.location == In::Path)
            .count();
        let used = segments
            .iter()
            .filter(|segment| matches!(segment, Segment::Param(_)))
            .count();
        if segments.len() == parts.len() && in_path == used {
            return Some(segments);
        }
        // The reader holds templates against parameters; this is the second lock.
        if self.report.is_clean() {
            self.report.gap(&gaps::PARTIAL_SEGMENT, item.path.place);
        }
        None
    }

    /// Only rows that were admitted may be sent: every JSON reply of a list is one of rows.
    fn check_lists(&mut self, owns: &[Owns], replies: &[Reply]) {
        let Some(list) = owns.iter().find(|owns| owns.how == How::List) else {
            return;
        };
        let json = replies.iter().filter_map(|reply| match &reply.body {
            ReplyBody::Json(value) => Some(value),
            _ => None,
        });
        let (many, one): (Vec<_>, Vec<_>) =
            json.partition(|value| matches!(value, ReplyValue::Many(_)));
        let mut all = replies.iter();
        let text = all.any(|reply| matches!(reply.body, ReplyBody::Text(_)));
        if many.is_empty() || !one.is_empty() || text {
            self.report.gap(&gaps::LIST_REPLY, list.place);
        }
    }

    /// `read: owner` means the owner of what is sent; with two proofs that would be a guess. Rows of a list have their own.
    fn check_owner(&mut self, owns: &[Owns], replies: &[Reply]) {
        let proved = owns.iter().filter(|owns| owns.how != How::List);
        let mut proved = proved.filter(|owns| !owns.implied);
        let (first, second) = (proved.next(), proved.next());
        // Ids of a body may be many, or none.
        let in_body = |owns: &&Owns| matches!(owns.at, Some(policy::IdAt::Body { .. }));
        let Some(second) = second.or(first.filter(in_body)) else {
            return;
        };
        let sent = replies.iter().any(|reply| match &reply.body {
            ReplyBody::Json(ReplyValue::Many(_))
            | ReplyBody::Empty
            | ReplyBody::Problem
            | ReplyBody::Text(_) => false,
            ReplyBody::Json(value) => value
                .inner()
                .is_some_and(|id| self.has_owner(id, &mut Vec::new())),
        });
        if sent {
            self.report.gap(&gaps::OWNS_WHOSE_REPLY, second.place);
        }
    }

    fn has_owner(&self, id: TypeId, seen: &mut Vec<TypeId>) -> bool {
        if seen.contains(&id) {
            return false;
        }
        seen.push(id);
        let Some(shape) = self.types.get(id.0).map(|each| &each.shape) else {
            return false;
        };
        let by_owner = |member: &Member| matches!(member.read, Read::Some { owner: true, .. });
        let own = matches!(shape, Shape::Object(object) if object.members.iter().any(by_owner));
        let inner = shape.inner(|member| member.read != Read::Nobody);
        own || inner.into_iter().any(|inner| self.has_owner(inner, seen))
    }

    /// A required member that only a creation takes makes every update impossible.
    fn check_create(&mut self, id: TypeId, operation: Place, seen: &mut Vec<TypeId>) {
        if seen.contains(&id) {
            return;
        }
        seen.push(id);
        let Some(shape) = self.types.get(id.0).map(|each| &each.shape) else {
            return;
        };
        let members = match shape {
            Shape::Object(object) => object.members.as_slice(),
            Shape::Words(_) | Shape::Union(_) => &[],
        };
        let bad: Vec<_> = members
            .iter()
            .filter(|member| member.required_in_request && member.write == Write::Create)
            .map(|member| member.place)
            .collect();
        let inner = shape.inner(|_| true);
        for place in bad {
            // Operations that create may use the same type.
            let gap = gaps::CREATE_REQUIRED.at(place).within(operation);
            self.report.push(gap);
        }
        for id in inner {
            self.check_create(id, operation, seen);
        }
    }
}
