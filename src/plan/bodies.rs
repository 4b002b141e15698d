//! Request bodies: how they may be written, and what they are. And which types stand in requests, which in replies.

use super::codes;
use super::types::{Builder, name_of};
use super::{Body, Media, TypeId, ValueKind};
use crate::document::Place;
use crate::openapi::{MediaType, Operation, RequestBody, SchemaUse};
use crate::policy::{OperationPolicy, gaps};

impl<'p> Builder<'p, '_, '_> {
    /// The body of a request. `None` inside: there is none. `None` outside: it was refused.
    pub(super) fn body(
        &mut self,
        id: &str,
        operation: &'p Operation,
        held: &OperationPolicy,
    ) -> Option<Option<Body>> {
        let taken = held.media.as_ref();
        let Some(body) = &operation.body else {
            if let Some(taken) = taken {
                let message = "`media` speaks of a body, and the operation has none";
                let help = "remove it, or describe the body";
                self.report.error(codes::MEDIA, taken.place, message, help);
                return None;
            }
            return Some(None);
        };
        let taken = taken.map(|taken| taken.value.as_slice());
        let (media, schema) = self.media(body, taken)?;
        let used = self.used(schema)?;
        let octets = media.contains(&Media::Octets);
        if !octets {
            self.unmarked(used);
        }
        if used.nullable() {
            self.report.gap(&gaps::NULL_HERE, used.place);
            return None;
        }
        let mut found = self.value(used, &name_of(id, "body"))?;
        if found.nullable {
            self.report.gap(&gaps::NULL_HERE, used.place);
            return None;
        }
        let named = |media: Media| {
            let mut named = body.content.iter();
            let named = named.find(|each| each.name.value == media.name());
            named.map_or(body.place, |each| each.name.place)
        };
        if octets {
            let limit = held.body.value;
            self.octets(used, &mut found.value, &media, named(Media::Octets), limit)?;
        } else if !self.files_are_parts(&found.value, &media) {
            let first = media.first().copied().unwrap_or(Media::Json);
            self.report.gap(&gaps::FILE_HERE, named(first));
            return None;
        }
        if media.contains(&Media::Text) && !(media.len() == 1 && self.is_text(&found.value)) {
            self.report.gap(&gaps::TEXT_BODY, named(Media::Text));
            return None;
        }
        let parts = match found.value {
            ValueKind::Named(id) if self.is_object(&found.value) => {
                let form = media.iter().find(|each| **each != Media::Json);
                if let Some(form) = form.filter(|_| self.has_union(id)) {
                    self.report.gap(&gaps::UNION_HERE, named(*form));
                    return None;
                }
                if let Some(form) = form.filter(|_| self.has_rest(id)) {
                    self.report.gap(&gaps::FORM_REST, named(*form));
                    return None;
                }
                if media.contains(&Media::Multipart) && self.has_null(id) {
                    self.report.gap(&gaps::PART_NULL, named(Media::Multipart));
                    return None;
                }
                if media.contains(&Media::Form) && !self.is_form(id) {
                    self.report.gap(&gaps::FORM_MEMBER, named(Media::Form));
                    return None;
                }
                self.parts(id)
            }
            _ => {
                // Pairs and parts have names, and nothing here is called so.
                let is_form = |each: &&Media| matches!(each, Media::Form | Media::Multipart);
                if let Some(form) = media.iter().find(is_form) {
                    self.report.gap(&gaps::FORM_SCHEMA, named(*form));
                    return None;
                }
                0
            }
        };
        Some(Some(Body {
            required: body.required,
            parts,
            media,
            value: found.value,
        }))
    }

    /// How the body may be written, and what it is however it is written.
    /// Where `taken` says which of the media types are read, nothing is read of the others.
    fn media(
        &mut self,
        body: &'p RequestBody,
        taken: Option<&[(&'static str, Place)]>,
    ) -> Option<(Vec<Media>, &'p SchemaUse)> {
        for (word, place) in taken.unwrap_or_default() {
            let mut declared = body.content.iter();
            if !declared.any(|each| each.name.value == *word) {
                let message = format!("the body is not declared as `{word}`");
                let help = "name media types that `content` has";
                self.report.error(codes::MEDIA, *place, message, help);
                return None;
            }
        }
        let is_taken = |each: &&MediaType| {
            taken.is_none_or(|taken| taken.iter().any(|(word, _)| *word == each.name.value))
        };
        let mut media = Vec::new();
        let mut found: Option<&SchemaUse> = None;
        for each in body.content.iter().filter(is_taken) {
            let mut read = Media::ALL.into_iter();
            let named = read.find(|media| media.name() == each.name.value);
            let (Some(named), Some(schema)) = (named, &each.schema) else {
                self.report.gap(&gaps::BODY_MEDIA_TYPE, each.name.place);
                return None;
            };
            if !found.is_none_or(|first| is_same(first, schema)) {
                self.report.gap(&gaps::BODY_SCHEMAS, each.name.place);
                return None;
            }
            media.push(named);
            found = found.or(Some(schema));
        }
        media.sort_unstable();
        let Some(schema) = found else {
            self.report.gap(&gaps::BODY_MEDIA_TYPE, body.place);
            return None;
        };
        Some((media, schema))
    }

    /// So many parts as every member and every item can be, and some besides, which are told what is wrong with them.
    fn parts(&self, id: TypeId) -> u64 {
        let Some(super::Shape::Object(object)) = self.types.get(id.0).map(|each| &each.shape)
        else {
            return 0;
        };
        let members = object.members.iter().map(|member| match &member.value {
            ValueKind::List(list) => list.max,
            _ => 1,
        });
        members.fold(self.policy.limits.object.value, u64::saturating_add)
    }

    /// Whether a member or an item of one may be `null`, as any JSON may.
    fn has_null(&self, id: TypeId) -> bool {
        let Some(super::Shape::Object(object)) = self.types.get(id.0).map(|each| &each.shape)
        else {
            return false;
        };
        let mut sent = object.members.iter();
        sent.any(|member| {
            let null = match &member.value {
                ValueKind::Json(_) => true,
                ValueKind::List(list) => {
                    list.items_nullable || matches!(*list.items, ValueKind::Json(_))
                }
                _ => member.nullable,
            };
            member.write != super::Write::Nobody && (member.nullable || null)
        })
    }

    /// Whether a member, or an item of one, has alternatives.
    fn has_union(&self, id: TypeId) -> bool {
        let Some(super::Shape::Object(object)) = self.types.get(id.0).map(|each| &each.shape)
        else {
            return false;
        };
        object.members.iter().any(|member| match &member.value {
            ValueKind::List(list) => self.is_union(&list.items),
            value => self.is_union(value),
        })
    }

    fn has_rest(&self, id: TypeId) -> bool {
        let shape = self.types.get(id.0).map(|each| &each.shape);
        matches!(shape, Some(super::Shape::Object(object)) if object.rest.is_some())
    }

    /// Whether a form can spell every member.
    fn is_form(&self, id: TypeId) -> bool {
        let Some(super::Shape::Object(object)) = self.types.get(id.0).map(|each| &each.shape)
        else {
            return false;
        };
        object.members.iter().all(|member| {
            let plain = match &member.value {
                ValueKind::List(list) => !list.items_nullable && self.is_spelled(&list.items),
                value => self.is_spelled(value),
            };
            // What nobody sends is not spelled either.
            member.write == super::Write::Nobody || plain && !member.nullable
        })
    }

    /// Whether a text spells it, as that of a parameter does.
    pub(super) fn is_text(&self, value: &ValueKind) -> bool {
        match value {
            ValueKind::Boolean
            | ValueKind::Integer(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_) => true,
            ValueKind::Named(id) => {
                let shape = self.types.get(id.0).map(|each| &each.shape);
                matches!(shape, Some(super::Shape::Words(_)))
            }
            ValueKind::List(_) | ValueKind::Map(_) | ValueKind::Json(_) | ValueKind::File(_) => {
                false
            }
        }
    }

    /// Whether a pair of a form can say the value.
    fn is_spelled(&self, value: &ValueKind) -> bool {
        !self.is_object(value) && !matches!(value, ValueKind::Map(_) | ValueKind::Json(_))
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
        let inner = each
            .shape
            .inner(|member| request || member.read != super::Read::Nobody);
        for id in inner {
            self.mark(id, request);
        }
    }
}

/// Whether two media types have one schema: the same component and nothing beside it, or one node of the document.
fn is_same(one: &SchemaUse, other: &SchemaUse) -> bool {
    match (one, other) {
        (SchemaUse::Inline(one), SchemaUse::Inline(other)) => one.place == other.place,
        (
            SchemaUse::Component {
                name,
                extension: None,
                beside,
                ..
            },
            SchemaUse::Component {
                name: other,
                extension: None,
                beside: also,
                ..
            },
        ) => name == other && beside.is_silent() && also.is_silent(),
        _ => false,
    }
}
