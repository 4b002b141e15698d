//! How large a service may be. What is emitted grows with these numbers, and must be read by a compiler: a document that
//! is far beyond what people write is refused before anything is made of it.

use super::codes;
use crate::document::Place;
use crate::openapi::{Api, Schema, SchemaUse};
use crate::policy::Policy;
use crate::policy::report::Report;

const OPERATIONS: usize = 5_000;
/// Of one path: the tree of all paths is nested as deep.
const SEGMENTS: usize = 100;
/// Of one operation.
const PARAMETERS: usize = 200;
const MEMBERS: usize = 2_000;
const WORDS: usize = 10_000;
const RESOURCES: usize = 200;
/// Operations, parameters, members and words together.
const ALL: usize = 200_000;

/// Whether the service is small enough to be made.
pub(super) fn check(api: &Api, policy: &Policy, report: &mut Report) -> bool {
    let mut size = Size {
        report,
        all: 0,
        small: true,
    };
    let operations = || api.paths.iter().flat_map(|item| &item.operations);
    let over = operations().nth(OPERATIONS).map(|each| each.place);
    size.most(over, "the document", "operations", OPERATIONS);
    let over = policy.resources.get(RESOURCES).map(|each| each.place);
    size.most(over, "the document", "resources", RESOURCES);
    for path in api
        .paths
        .iter()
        .map(|item| &item.path)
        .chain(api.servers.first())
    {
        let over = path.value.matches('/').count() > SEGMENTS;
        size.most(over.then_some(path.place), "the path", "segments", SEGMENTS);
    }
    for operation in operations() {
        let over = operation.parameters.get(PARAMETERS);
        let over = over.map(|each| each.name.place);
        size.most(over, "the operation", "parameters", PARAMETERS);
        size.add(operation.parameters.len() + 1, operation.place);
        let parameters = operation.parameters.iter().map(|each| &each.schema);
        let bodies = operation.body.iter().flat_map(|body| &body.content);
        let replies = operation.responses.iter().flat_map(|reply| &reply.content);
        let content = bodies
            .chain(replies)
            .filter_map(|each| each.schema.as_ref());
        for schema in parameters.chain(content) {
            size.used(schema);
        }
    }
    for (_, schema) in &api.schemas {
        size.schema(schema);
    }
    size.small
}

struct Size<'r, 'd> {
    report: &'r mut Report<'d>,
    all: usize,
    small: bool,
}

impl Size<'_, '_> {
    /// Refuses what stands at `over`: the first of its kind that is too many.
    fn most(&mut self, over: Option<Place>, whose: &str, what: &str, most: usize) {
        if let Some(place) = over {
            self.small = false;
            let message = format!("{whose} has more than {most} {what}");
            let help = "split it: no compiler likes to read what this becomes";
            self.report.error(codes::TOO_LARGE, place, message, help);
        }
    }

    fn add(&mut self, count: usize, place: Place) {
        let before = self.all;
        self.all = before.saturating_add(count);
        if before <= ALL && self.all > ALL {
            let what = "operations, parameters, members and words";
            self.most(Some(place), "the document", what, ALL);
        }
    }

    fn used(&mut self, schema: &SchemaUse) {
        if let SchemaUse::Inline(schema) = schema {
            self.schema(schema);
        }
    }

    /// The reader bounds how deep schemas stand in one another.
    fn schema(&mut self, schema: &Schema) {
        let over = schema.properties.get(MEMBERS);
        let over = over.map(|(name, _)| name.place);
        self.most(over, "the object", "members", MEMBERS);
        self.add(schema.properties.len(), schema.place);
        if let Some(words) = &schema.enumeration {
            let over = words.value.get(WORDS).map(|word| word.place);
            self.most(over, "the enumeration", "words", WORDS);
            self.add(words.value.len(), words.place);
        }
        for (_, member) in &schema.properties {
            self.used(member);
        }
        self.add(schema.parts().count(), schema.place);
        let inside = schema.items.iter().chain(&schema.values);
        let inside = inside.chain(&schema.names);
        for items in inside.map(|items| &**items).chain(schema.parts()) {
            self.used(items);
        }
    }
}
