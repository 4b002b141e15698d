//! `x-security` of schemas, properties and parameters.

use super::codes;
use super::expressions;
use super::gaps;
use super::model::{Files, Marks, Readers, Role, Sensitive, Writers};
use super::reader;
use super::report::Report;
use super::roles;
use super::units;
use super::vocabulary::{
    FILE_TYPES, FILES, MOST, MOST_BODY, PARAMETER, PARAMETER_WORDS, PROPERTY, RESERVED_ROLES,
    SENSITIVE,
};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place, Sources};
use crate::openapi::{Api, Schema, SchemaUse};
use std::collections::BTreeMap;

/// Reads every schema and parameter of the document, also those that no operation uses.
pub(super) fn read(api: &Api, declared: &[Role], report: &mut Report) -> BTreeMap<Place, Marks> {
    let mut reader = Reading {
        declared,
        sources: &api.sources,
        report,
        marks: BTreeMap::new(),
    };
    for (_, schema) in &api.schemas {
        reader.schema(schema);
    }
    for operation in api.paths.iter().flat_map(|item| &item.operations) {
        for parameter in &operation.parameters {
            if let Some(extension) = &parameter.extension {
                parameter_marks(extension, reader.report);
            }
            reader.used(&parameter.schema);
        }
        let bodies = operation.body.iter().flat_map(|body| &body.content);
        let replies = operation
            .responses
            .iter()
            .flat_map(|response| &response.content);
        for schema in bodies
            .chain(replies)
            .filter_map(|media| media.schema.as_ref())
        {
            reader.used(schema);
        }
    }
    reader.marks
}

struct Reading<'r, 'd> {
    declared: &'r [Role],
    sources: &'r Sources,
    report: &'r mut Report<'d>,
    marks: BTreeMap<Place, Marks>,
}

impl Reading<'_, '_> {
    fn used(&mut self, used: &SchemaUse) {
        match used {
            SchemaUse::Component { extension, .. } => {
                if let Some(extension) = extension {
                    self.extension(extension);
                }
            }
            SchemaUse::Inline(schema) => self.schema(schema),
        }
    }

    fn schema(&mut self, schema: &Schema) {
        if let Some(extension) = &schema.extension {
            self.extension(extension);
        }
        for items in schema.items.iter().chain(&schema.values) {
            self.used(items);
        }
        for (_, property) in &schema.properties {
            self.used(property);
        }
        for part in schema.all_of().chain(schema.alternatives()) {
            self.used(part);
        }
        for excluded in &schema.excluded {
            self.used(&excluded.schema);
        }
    }

    fn extension(&mut self, node: &Node) {
        if !self.marks.contains_key(&node.place) {
            let marks = marks(node, self.declared, self.sources, self.report);
            self.marks.insert(node.place, marks);
        }
    }
}

fn marks(node: &Node, declared: &[Role], sources: &Sources, report: &mut Report) -> Marks {
    let mut marks = Marks {
        place: node.place,
        ..Marks::default()
    };
    let Some(map) = reader::mapping(node, &PROPERTY, report) else {
        return marks;
    };
    for (key, node) in map.entries() {
        match key.text.as_str() {
            "sensitive" => {
                marks.sensitive =
                    reader::choice(node, "`sensitive`", SENSITIVE, report).map(|word| {
                        (
                            if word == "secret" {
                                Sensitive::Secret
                            } else {
                                Sensitive::Personal
                            },
                            node.place,
                        )
                    });
            }
            "read" => {
                marks.read = readers(node, declared, report).map(|readers| (readers, node.place))
            }
            "write" => {
                marks.write = writers(node, declared, report).map(|writers| (writers, node.place))
            }
            "rules" => {
                marks.rules =
                    expressions::rules(node, sources, report).map(|rules| (rules, node.place));
            }
            "files" => marks.files = files(node, report).map(|files| (files, node.place)),
            "required" => marks.required = required(node, map.get("read").is_some(), report),
            _ => {}
        }
    }
    if let (Some((Sensitive::Secret, secret)), Some((Readers::Some { .. }, read))) =
        (&marks.sensitive, &marks.read)
    {
        report.push(
            Diagnostic::new(
                codes::MARKS_DISAGREE,
                *read,
                "`read` names readers of what nobody may read",
            )
            .related(*secret, "`sensitive: secret` is in no reply")
            .help("remove `read`"),
        );
    }
    marks
}

/// `None` where something of it cannot be read: what is left would take more than was meant.
fn files(node: &Node, report: &mut Report) -> Option<Files> {
    let map = reader::mapping(node, &FILES, report)?;
    if map.is_empty() {
        let help = "name `mediaTypes`, `maxSize`, `maxCount` or `names`, or remove it";
        report.error(codes::EMPTY, node.place, "`files` is empty", help);
        return None;
    }
    let mut files = Files::default();
    if let Some(node) = map.get("mediaTypes") {
        if node.as_list().is_none() {
            return reader::wrong_kind(node, "`mediaTypes`", "a list", report);
        }
        for (word, place) in reader::words(node, "`mediaTypes`", report)? {
            if reader::word(word, FILE_TYPES).is_none() {
                let message = format!("`mediaTypes` cannot be `{word}`: no first bytes tell it");
                let help = reader::near(word, reader::enforced(FILE_TYPES));
                report.error(codes::WORD, place, message, help);
                return None;
            }
            files.types.push(word.to_owned());
        }
    }
    if let Some(node) = map.get("maxSize") {
        files.size = Some(units::bytes(node, "`maxSize`", MOST_BODY, report)?);
    }
    if let Some(node) = map.get("maxCount") {
        files.count = Some(reader::count(node, "`maxCount`", 1, MOST, report)?);
    }
    if let Some(node) = map.get("names") {
        let pattern = reader::text(node, "`names`", report)?;
        files.names = Some((pattern.to_owned(), node.place));
    }
    Some(files)
}

/// Only `true`, and only beside `read`: everywhere else `required` of the schema says it.
fn required(node: &Node, read: bool, report: &mut Report) -> Option<Place> {
    if reader::boolean(node, "`required`", report)? && read {
        return Some(node.place);
    }
    let message = "`required` says that a member is always there which `read` keeps from some";
    let help = "name the member in `required` of the schema, and remove this one";
    report.error(codes::MARKS_REQUIRED, node.place, message, help);
    None
}

fn readers(node: &Node, declared: &[Role], report: &mut Report) -> Option<Readers> {
    let words = reader::words(node, "`read`", report)?;
    if let [("none", _)] = words.as_slice()
        && node.as_list().is_none()
    {
        return Some(Readers::Nobody);
    }
    let (mut set, mut owner) = (0, false);
    for (word, place) in words {
        match word {
            "owner" => owner = true,
            _ => set |= role(word, place, "read", declared, report)?,
        }
    }
    Some(Readers::Some { roles: set, owner })
}

fn writers(node: &Node, declared: &[Role], report: &mut Report) -> Option<Writers> {
    let words = reader::words(node, "`write`", report)?;
    if node.as_list().is_none() {
        match words.as_slice() {
            [("none", _)] => return Some(Writers::Nobody),
            [("create", _)] => return Some(Writers::Create),
            _ => {}
        }
    }
    let mut set = 0;
    for (word, place) in words {
        if word == "owner" {
            report.gap(&gaps::WRITE_OWNER, place);
            return None;
        }
        set |= role(word, place, "write", declared, report)?;
    }
    Some(Writers::Roles(set))
}

fn role(
    word: &str,
    place: Place,
    key: &str,
    declared: &[Role],
    report: &mut Report,
) -> Option<u64> {
    if RESERVED_ROLES.contains(&word) {
        let message = format!("`{word}` is not a role that `{key}` can name here");
        report.error(
            codes::ACCESS_RESERVED,
            place,
            message,
            "name declared roles, or write `none` alone",
        );
        return None;
    }
    roles::named(declared, word, place, report)
}

/// Parameters are never logged; that they are called sensitive is for people and for the report.
fn parameter_marks(node: &Node, report: &mut Report) {
    let Some(map) = reader::mapping(node, &PARAMETER, report) else {
        return;
    };
    let Some(node) = map.get("sensitive") else {
        return;
    };
    match node.as_bool() {
        Some(true) => {}
        Some(false) => {
            let help = "leave it out: no parameter is ever logged";
            report.error(
                codes::WORD,
                node.place,
                "`sensitive: false` would be ignored",
                help,
            );
        }
        None if node.as_str().is_some() => {
            reader::choice(node, "`sensitive`", PARAMETER_WORDS, report);
        }
        None => {
            reader::wrong_kind::<()>(
                node,
                "`sensitive`",
                "`true`, `secret` or `personal`",
                report,
            );
        }
    }
}
