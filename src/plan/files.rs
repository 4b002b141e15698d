//! Files: what `format: binary` and `files` say together, and where files may stand.

use super::codes;
use super::patterns::Refused;
use super::types::Builder;
use super::{File, Media, Read, Shape, ValueKind};
use crate::document::Place;
use crate::openapi::Schema;
use crate::policy::Files;
use crate::policy::gaps;
use crate::policy::report::Report;

/// Whether the schema is of a file.
pub(super) fn is_file(schema: &Schema) -> bool {
    schema
        .format
        .as_ref()
        .is_some_and(|format| format.value == "binary")
}

/// The bounds of the schema; `most` where it has none.
pub(super) fn read(schema: &Schema, most: u64, report: &mut Report) -> Option<File> {
    if let Some(pattern) = &schema.pattern {
        // Of text: these are bytes.
        report.gap(&gaps::PATTERN, pattern.place);
        return None;
    }
    let min = schema.min_length.as_ref().map_or(0, |length| length.value);
    let max = schema
        .max_length
        .as_ref()
        .map_or(most, |length| length.value);
    Some(File {
        min,
        max,
        max_declared: schema.max_length.is_some(),
        types: Vec::new(),
        most: None,
        names: None,
    })
}

impl Builder<'_, '_, '_> {
    /// What `files` says of a member that is a file, or a list of them.
    pub(super) fn files(
        &mut self,
        value: &mut ValueKind,
        said: Option<&(Files, Place)>,
        place: Place,
    ) -> Option<()> {
        let file = match value {
            ValueKind::File(file) => Some(file),
            ValueKind::List(list) => match &mut *list.items {
                ValueKind::File(file) => Some(file),
                _ => None,
            },
            _ => None,
        };
        let Some(file) = file else {
            return match said {
                Some((_, place)) => {
                    self.report.gap(&gaps::FILES, *place);
                    None
                }
                None => Some(()),
            };
        };
        let mut here = place;
        if let Some((files, place)) = said {
            here = *place;
            file.types.clone_from(&files.types);
            file.most = files.count;
            if let Some(size) = files.size {
                file.max = file.max.min(size);
                file.max_declared = true;
            }
            if let Some((pattern, place)) = &files.names {
                file.names = Some(match self.patterns.translate(pattern) {
                    Ok(pattern) => pattern,
                    Err(Refused::Gap) => {
                        self.report.gap(&gaps::PATTERN, *place);
                        return None;
                    }
                    Err(Refused::Size) => {
                        self.report.gap(&gaps::PATTERN_SIZE, *place);
                        return None;
                    }
                    Err(Refused::Syntax) => {
                        let message = "`names` is not a regular expression of ECMA-262";
                        let help = "correct it; a sign that stands for itself has a `\\` before it";
                        self.report
                            .error(codes::PATTERN_SYNTAX, *place, message, help);
                        return None;
                    }
                });
            }
        }
        if file.min > file.max {
            let message = format!(
                "`minLength` is {}, and at most {} bytes are taken",
                file.min, file.max
            );
            let help = "correct `minLength`, `maxLength` or `maxSize`";
            self.report.error(codes::UNSATISFIABLE, here, message, help);
            return None;
        }
        Some(())
    }

    /// Whether every file of a body that is none itself stands where one is read: among the members of a body of several parts.
    pub(super) fn files_are_parts(&self, value: &ValueKind, media: &[Media]) -> bool {
        let ValueKind::Named(id) = value else {
            return !self.holds_file(value);
        };
        let Some(Shape::Object(object)) = self.types.get(id.0).map(|each| &each.shape) else {
            return !self.holds_file(value);
        };
        object
            .members
            .iter()
            .all(|member| match innermost(&member.value) {
                ValueKind::File(_) => media == [Media::Multipart] && !member.nullable,
                value => !self.holds_file(value),
            })
    }

    /// Whether a file is in a reply.
    pub(super) fn replies_with_file(&self, value: &ValueKind) -> bool {
        self.has_file(value, |read| read != Read::Nobody)
    }

    /// Whether it is a file, or has one anywhere inside.
    pub(super) fn holds_file(&self, value: &ValueKind) -> bool {
        self.has_file(value, |_| true)
    }

    fn has_file(&self, value: &ValueKind, counts: fn(Read) -> bool) -> bool {
        let mut open = vec![value];
        let mut seen = vec![false; self.types.len()];
        while let Some(value) = open.pop() {
            let id = match innermost(value) {
                ValueKind::File(_) => return true,
                ValueKind::Named(id) => id,
                _ => continue,
            };
            let Some(false) = seen.get_mut(id.0).map(|seen| std::mem::replace(seen, true)) else {
                continue;
            };
            match self.types.get(id.0).map(|each| &each.shape) {
                Some(Shape::Object(object)) => {
                    let members = object.members.iter();
                    let members = members.filter(|member| counts(member.read));
                    open.extend(members.map(|member| &member.value));
                }
                Some(Shape::Union(union)) => {
                    open.extend(union.cases.iter().map(|case| &case.value));
                }
                Some(Shape::Words(_)) | None => {}
            }
        }
        false
    }
}

/// The value, or what a list or a map is of.
fn innermost(value: &ValueKind) -> &ValueKind {
    match value {
        ValueKind::List(list) => innermost(&list.items),
        ValueKind::Map(map) => innermost(&map.values),
        value => value,
    }
}
