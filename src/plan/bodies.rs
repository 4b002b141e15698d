//! Request bodies and replies.

use super::types::{Builder, name_of};
use super::{Body, Reply, ReplyBody, ReplyValue, TypeId, ValueKind};
use crate::openapi::{Kind, MediaType, Method, Operation, Response, SchemaUse};
use crate::policy::gaps;

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

impl<'p> Builder<'p, '_, '_> {
    /// The body of a request. `None` inside: there is none. `None` outside: it was refused.
    pub(super) fn body(&mut self, id: &str, operation: &'p Operation) -> Option<Option<Body>> {
        let Some(body) = &operation.body else {
            return Some(None);
        };
        if !matches!(operation.method, Method::Post | Method::Put | Method::Patch) {
            self.report.gap(&gaps::BODY_METHOD, body.place);
            return None;
        }
        let schema = match body.content.as_slice() {
            [
                MediaType {
                    name,
                    schema: Some(schema),
                },
            ] if name.value == JSON => schema,
            [media, ..] => {
                self.report.gap(&gaps::BODY_MEDIA_TYPE, media.name.place);
                return None;
            }
            [] => {
                self.report.gap(&gaps::BODY_MEDIA_TYPE, body.place);
                return None;
            }
        };
        let used = self.used(schema)?;
        self.unmarked(used);
        if used
            .schema
            .kind
            .as_ref()
            .is_some_and(|kind| kind.value != Kind::Object)
        {
            self.report.gap(&gaps::BODY_SCHEMA, used.place);
            return None;
        }
        if used.schema.nullable {
            self.report.gap(&gaps::NULL_HERE, used.place);
            return None;
        }
        let found = self.value(used, &name_of(id, "body"))?;
        let ValueKind::Named(value) = found.value else {
            return None;
        };
        Some(Some(Body {
            required: body.required,
            value,
        }))
    }

    /// The replies that a handler may give, in document order.
    pub(super) fn replies(&mut self, id: &str, operation: &'p Operation) -> Option<Vec<Reply>> {
        let mut replies = Vec::new();
        let mut whole = true;
        for response in &operation.responses {
            match self.reply(id, response) {
                Some(reply) => replies.extend(reply),
                None => whole = false,
            }
        }
        if whole && replies.is_empty() {
            self.report.gap(&gaps::REPLY_NONE, operation.place);
            return None;
        }
        whole.then_some(replies)
    }

    fn reply(&mut self, id: &str, response: &'p Response) -> Option<Option<Reply>> {
        let text = response.status.value.as_str();
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(status) = text.parse::<u16>().ok().filter(|_| digits) else {
            // Ranges and `default` describe problems, which palisade writes, or nothing.
            let problems = response
                .content
                .iter()
                .all(|media| media.name.value == PROBLEM);
            if !problems {
                self.report.gap(&gaps::REPLY_RANGE, response.status.place);
            }
            return problems.then_some(None);
        };
        if !(200..600).contains(&status) {
            self.report.gap(&gaps::REPLY_STATUS, response.status.place);
            return None;
        }
        let body = match response.content.as_slice() {
            [] => ReplyBody::Empty,
            [media, ..] if matches!(status, 204 | 205 | 304) => {
                self.report.gap(&gaps::REPLY_CONTENT, media.name.place);
                return None;
            }
            [media] if media.name.value == PROBLEM => {
                // A problem is an error; `Refusal` has no word for one that is a success.
                if status < 400 {
                    self.report.gap(&gaps::REPLY_CONTENT, media.name.place);
                    return None;
                }
                ReplyBody::Problem
            }
            [
                MediaType {
                    name,
                    schema: Some(schema),
                },
            ] if name.value == JSON => {
                let value = self.reply_value(&name_of(id, &format!("reply {status}")), schema)?;
                ReplyBody::Json(value)
            }
            [media, ..] => {
                self.report.gap(&gaps::REPLY_CONTENT, media.name.place);
                return None;
            }
        };
        Some(Some(Reply {
            status,
            description: response.description.clone(),
            body,
        }))
    }

    fn reply_value(&mut self, name: &str, schema: &'p SchemaUse) -> Option<ReplyValue> {
        let used = self.used(schema)?;
        self.unmarked(used);
        if used.schema.nullable {
            self.report.gap(&gaps::NULL_HERE, used.place);
            return None;
        }
        match used.schema.kind.as_ref().map(|kind| kind.value) {
            Some(Kind::Object) => self.object(used, name).map(ReplyValue::One),
            Some(Kind::Array) => {
                let ValueKind::List(list) = self.value(used, name)?.value else {
                    return None;
                };
                match *list.items {
                    ValueKind::Named(id) if self.is_object(&list.items) && !list.items_nullable => {
                        Some(ReplyValue::Many(id))
                    }
                    _ => {
                        self.report.gap(&gaps::REPLY_SCHEMA, used.place);
                        None
                    }
                }
            }
            Some(_) => {
                self.report.gap(&gaps::REPLY_SCHEMA, used.place);
                None
            }
            None => {
                if self.report.is_clean() {
                    self.report.gap(&gaps::UNTYPED, used.schema.place);
                }
                None
            }
        }
    }

    /// Marks what a request can hold, through and through.
    pub(super) fn mark_request(&mut self, id: TypeId) {
        self.mark(id, true);
    }

    /// Marks what a reply can hold; what nobody may read is in none.
    pub(super) fn mark_reply(&mut self, id: TypeId) {
        self.mark(id, false);
    }

    fn mark(&mut self, id: TypeId, request: bool) {
        let Some(each) = self.types.get_mut(id.0) else {
            return;
        };
        let marked = if request {
            &mut each.request
        } else {
            &mut each.reply
        };
        if std::mem::replace(marked, true) {
            return;
        }
        let super::Shape::Object(object) = &each.shape else {
            return;
        };
        let members = object
            .members
            .iter()
            .filter(|member| request || member.read != super::Read::Nobody);
        let inner: Vec<TypeId> = members.filter_map(|member| named(&member.value)).collect();
        for id in inner {
            self.mark(id, request);
        }
    }
}

/// The type that a value or its items have.
pub(super) fn named(value: &ValueKind) -> Option<TypeId> {
    match value {
        ValueKind::Named(id) => Some(*id),
        ValueKind::List(list) => named(&list.items),
        _ => None,
    }
}
