//! Members of objects: who may send them, who receives them.

use super::codes;
use super::texts;
use super::types::{Builder, Used, name_of};
use super::{Member, Read, ValueKind, Write};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place};
use crate::openapi::{SchemaUse, Spanned};
use crate::policy::gaps;
use crate::policy::{Marks, Readers, Sensitive, Writers};

impl<'p> Builder<'p, '_, '_> {
    pub(super) fn member(
        &mut self,
        owner: &str,
        name: &Spanned<String>,
        schema: &'p SchemaUse,
        required: bool,
    ) -> Option<Member> {
        let used = self.used(schema)?;
        let marks = self.marks(used);
        let found = self.value(used, &name_of(owner, &name.value));
        let (marks, mut found) = (marks?, found?);
        self.files(&mut found.value, marks.files.as_ref(), name.place)?;
        let required = required || marks.required.is_some();
        let secret = matches!(marks.sensitive, Some((Sensitive::Secret, _)));
        if let Some((Sensitive::Secret, place)) = marks.sensitive
            && !matches!(found.value, ValueKind::Text(_))
        {
            self.report.gap(&gaps::SECRET_NOT_TEXT, place);
            return None;
        }
        let write = match (used.read_only(), marks.write) {
            (true, Some((Writers::Create | Writers::Roles(_), place))) => {
                return self.disagree(
                    place,
                    used.schema.place,
                    "`write` names writers of what is `readOnly`",
                );
            }
            (true, _) | (_, Some((Writers::Nobody, _))) => Write::Nobody,
            (_, Some((Writers::Create, _))) => Write::Create,
            (_, Some((Writers::Roles(roles), _))) => Write::Roles(roles),
            (false, None) => Write::Anyone,
        };
        let read = match (used.write_only() || secret, marks.read) {
            (true, Some((Readers::Some { .. }, place))) => {
                return self.disagree(
                    place,
                    used.schema.place,
                    "`read` names readers of what is in no reply",
                );
            }
            (true, _) | (_, Some((Readers::Nobody, _))) => Read::Nobody,
            (_, Some((Readers::Some { roles, owner }, _))) => Read::Some { roles, owner },
            (false, None) => Read::Anyone,
        };
        Some(Member {
            name: name.value.clone(),
            description: used.description(),
            place: name.place,
            required,
            required_in_request: required && write != Write::Nobody,
            required_in_reply: required && read == Read::Anyone,
            nullable: found.nullable,
            value: found.value,
            write,
            read,
            secret,
            password: texts::is_password(used.schema),
            proved: None,
            personal: matches!(marks.sensitive, Some((Sensitive::Personal, _))),
        })
    }

    fn disagree(&mut self, place: Place, schema: Place, message: &str) -> Option<Member> {
        self.report.push(
            Diagnostic::new(codes::MARKS_DISAGREE, place, message)
                .related(schema, "the schema")
                .help("keep one of the two"),
        );
        None
    }

    /// What `x-security` says of a member: beside the `$ref`, and at the schema. A key that stands at both is refused.
    pub(super) fn marks(&mut self, used: Used<'p>) -> Option<Marks> {
        let own = self.read_marks(used.schema.extension.as_ref())?;
        let beside = self.read_marks(used.beside)?;
        let twice = [
            own.read.and(beside.read).map(|(_, place)| place),
            own.write.and(beside.write).map(|(_, place)| place),
            own.sensitive.and(beside.sensitive).map(|(_, place)| place),
            own.files
                .as_ref()
                .and(beside.files.as_ref())
                .map(|(_, place)| *place),
        ];
        if let Some(place) = twice.into_iter().flatten().next() {
            self.report.gap(&gaps::MARK_TWICE, place);
            return None;
        }
        Some(Marks {
            required: own.required.or(beside.required),
            rules: own.rules.or(beside.rules),
            place: used.place,
            files: own.files.or(beside.files),
            sensitive: own.sensitive.or(beside.sensitive),
            read: own.read.or(beside.read),
            write: own.write.or(beside.write),
        })
    }

    fn read_marks(&mut self, extension: Option<&Node>) -> Option<Marks> {
        let Some(node) = extension else {
            return Some(Marks::default());
        };
        let marks = self.policy.marks(node).cloned();
        if marks.is_none() {
            let message = "this `x-security` was not read where it stands";
            self.report.error(
                codes::UNREAD,
                node.place,
                message,
                "move it to a property of an object",
            );
        }
        marks
    }

    /// Refuses marks where there is no member that they could guard.
    pub(super) fn unmarked(&mut self, used: Used<'p>) {
        for extension in used.schema.extension.iter().chain(used.beside) {
            let marks = self.policy.marks(extension);
            let idle = marks.is_some_and(|marks| {
                marks.sensitive.is_none()
                    && marks.read.is_none()
                    && marks.write.is_none()
                    && marks.files.is_none()
            });
            if !idle {
                self.report.gap(&gaps::MARK_NOT_MEMBER, extension.place);
            }
        }
        if used.read_only() || used.write_only() {
            self.report.gap(&gaps::MARK_NOT_MEMBER, used.place);
        }
    }
}
