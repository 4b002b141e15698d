//! `allOf`, `oneOf` and `anyOf` that say one schema become that schema, before anything else looks at it.
//!
//! What a composition admits is told exactly ([`meaning`]): null or not, and the values that all of some plain schemas
//! admit. Those are put together to one ([`merge`]), or refused by name at the keyword. A composition that adds nothing to
//! a component stays a use of the component, so that it keeps its name.

mod distribute;
mod meaning;
mod merge;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use super::codes;
use super::gaps::{self, Gap};
use super::reader::Reader;
use super::schema::{DEEPEST, fits};
use super::{Composing, Composition, PathItem, Schema, SchemaUse, Spanned};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Place;

/// Puts the compositions of components and operations together.
pub(super) fn all(
    reader: &mut Reader,
    components: &mut Vec<(Spanned<String>, Schema)>,
    paths: &mut [PathItem],
) {
    if !reader.composes {
        return;
    }
    let written = std::mem::take(components);
    let known = written.iter();
    let mut composer = Composer {
        reader,
        components: known
            .map(|(name, schema)| (name.value.as_str(), schema))
            .collect(),
        open: Vec::new(),
        depth: 0,
        within: Vec::new(),
        told: HashSet::new(),
    };
    for (name, schema) in &written {
        let mut schema = schema.clone();
        composer.schema(&mut schema);
        components.push((name.clone(), schema));
    }
    for operation in paths.iter_mut().flat_map(|item| &mut item.operations) {
        for parameter in &mut operation.parameters {
            composer.used(&mut parameter.schema);
        }
        let bodies = operation.body.iter_mut().flat_map(|body| &mut body.content);
        bodies
            .flat_map(|media| &mut media.schema)
            .for_each(|schema| composer.used(schema));
        for response in &mut operation.responses {
            let content = response.content.iter_mut();
            content
                .flat_map(|media| &mut media.schema)
                .for_each(|schema| composer.used(schema));
            let headers = response.headers.iter_mut();
            headers.for_each(|header| composer.used(&mut header.schema));
        }
    }
}

struct Composer<'c, 'r, 'd> {
    reader: &'c mut Reader<'r, 'd>,
    /// As they are written.
    components: HashMap<&'c str, &'c Schema>,
    /// What is being put together, outermost first: each by the places of its schemas.
    open: Vec<Vec<Place>>,
    depth: usize,
    /// Components whose alternatives are being put together with something.
    within: Vec<String>,
    /// What was refused, by where: a component is looked at for each of its uses.
    told: HashSet<(Place, Code)>,
}

impl Composer<'_, '_, '_> {
    fn used(&mut self, used: &mut SchemaUse) {
        let SchemaUse::Inline(schema) = used else {
            return;
        };
        match self.component(schema) {
            Some(component) => *used = component,
            None => self.schema(schema),
        }
    }

    fn schema(&mut self, schema: &mut Schema) {
        if self.depth >= DEEPEST {
            return self.gap(&gaps::DEPTH, schema.place);
        }
        self.depth = self.depth.saturating_add(1);
        let opened = !schema.compositions.is_empty() && self.compose(schema);
        let properties = schema.properties.iter_mut();
        properties.for_each(|(_, member)| self.used(member));
        let values = schema
            .items
            .iter_mut()
            .chain(&mut schema.values)
            .chain(&mut schema.names);
        values.for_each(|value| self.used(value));
        if opened {
            self.open.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Puts one schema together; whether it is open now, and its members are to be looked at.
    fn compose(&mut self, schema: &mut Schema) -> bool {
        // Several alternatives, and nothing that would have to hold for each of them besides.
        let choice = schema.choice.is_some() && schema.compositions.len() == 1;
        if !choice && self.chosen(schema) {
            return false;
        }
        let one = if choice { None } else { self.one(schema) };
        let Some((one, key)) = one else {
            // What is wrong inside is told along with it.
            let parts = schema.compositions.iter_mut();
            parts
                .flat_map(|composition| &mut composition.parts)
                .for_each(|part| self.used(part));
            return false;
        };
        if self.open.contains(&key) {
            let place = schema.compositions.first().map(|first| first.place);
            self.gap(&gaps::RECURSIVE_PARTS, place.unwrap_or(schema.place));
            return false;
        }
        *schema = one;
        self.open.push(key);
        true
    }

    /// The component that a composition is, where it adds no rule to one.
    fn component(&mut self, schema: &Schema) -> Option<SchemaUse> {
        let [composition] = schema.compositions.as_slice() else {
            return None;
        };
        if !composition.whole || !schema.is_silent() || schema.only_null.is_some() {
            return None;
        }
        let all = composition.keyword == Composing::AllOf;
        let is_null = |part: &&SchemaUse| !all && is_null(part);
        let nulls = composition.parts.iter().filter(is_null).count();
        let mut others = composition.parts.iter().filter(|part| !is_null(part));
        let (Some(part), None) = (others.next(), others.next()) else {
            return None;
        };
        let part = match part {
            SchemaUse::Component { .. } => part.clone(),
            SchemaUse::Inline(inner) => self.component(inner)?,
        };
        let SchemaUse::Component {
            name,
            place,
            extension,
            mut beside,
        } = part
        else {
            return None;
        };
        if schema.extension.is_some() && extension.is_some() {
            return None;
        }
        let target = *self.components.get(name.as_str())?;
        let null = beside.nullable || self.admits_null(target, &mut Vec::new())?;
        if composition.keyword == Composing::OneOf && nulls.saturating_add(usize::from(null)) > 1 {
            return None;
        }
        beside.nullable |= nulls > 0 && !null;
        beside.read_only |= schema.read_only;
        beside.write_only |= schema.write_only;
        beside.description = schema.description.clone().or(beside.description);
        beside.default = schema.default.clone().or(beside.default);
        if let (Some(kind), Some(default)) = (&target.kind, &schema.default)
            && !fits(kind.value, null || beside.nullable, default)
        {
            let message = format!(
                "the value of `default` is {}, not of the declared type",
                default.kind()
            );
            let diagnostic = Diagnostic::new(codes::VALUE, default.place, message);
            let diagnostic = diagnostic.related(kind.place, "the type");
            self.tell(diagnostic.help("correct the value or the type"));
        }
        Some(SchemaUse::Component {
            name,
            place,
            extension: schema.extension.clone().or(extension),
            beside,
        })
    }

    fn gap(&mut self, gap: &'static Gap, place: Place) {
        if self.told.insert((place, gap.code)) {
            self.reader.gap(gap, place, "");
        }
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        if self.told.insert((diagnostic.place, diagnostic.code)) {
            self.reader.push(diagnostic);
        }
    }
}

/// Whether an alternative is null and nothing else.
fn is_null(part: &SchemaUse) -> bool {
    matches!(part, SchemaUse::Inline(part) if part.only_null.is_some() && part.is_silent())
}

/// Both of them, where one value is of two schemas.
fn both(one: SchemaUse, other: SchemaUse, at: Place) -> SchemaUse {
    let mut schema = Schema::silent(match &other {
        SchemaUse::Inline(schema) => schema.place,
        SchemaUse::Component { place, .. } => *place,
    });
    schema.compositions.push(Composition {
        keyword: Composing::AllOf,
        place: at,
        parts: vec![one, other],
        whole: true,
    });
    SchemaUse::Inline(Box::new(schema))
}
