//! An `allOf` of which a part has several alternatives has them too: each of them together with the other parts.
//!
//! A value is of `oneOf` and of what stands beside it exactly when it is of one alternative together with that; so it is with
//! `anyOf`. Each is put together then as any `allOf` is.

use super::{Composer, is_null};
use crate::document::Place;
use crate::openapi::reference::{Section, count};
use crate::openapi::{Choice, Composing, Composition, Schema, SchemaUse};

/// What a schema is one of.
struct Distributed {
    exactly_one: bool,
    alternatives: Vec<SchemaUse>,
    /// Components that were looked into.
    from: Vec<String>,
}

impl Composer<'_, '_, '_> {
    /// Makes alternatives of an `allOf` that has some in it; whether it has.
    pub(super) fn chosen(&mut self, schema: &mut Schema) -> bool {
        let Some((found, place)) = self.among(schema) else {
            return false;
        };
        let opened = self.within.len();
        self.within.extend(found.from);
        let mut alternatives = found.alternatives;
        for each in &mut alternatives {
            self.used(each);
        }
        self.within.truncate(opened);
        let mut one = Schema::silent(schema.place);
        one.title = schema.title.take();
        one.description = schema.description.take();
        one.default = schema.default.take();
        one.read_only = schema.read_only;
        one.write_only = schema.write_only;
        one.extension = schema.extension.take();
        one.choice = Some(Choice {
            exactly_one: found.exactly_one,
            place,
            beside: None,
            discriminator: None,
        });
        one.compositions.push(Composition {
            keyword: match found.exactly_one {
                true => Composing::OneOf,
                false => Composing::AnyOf,
            },
            place,
            parts: alternatives,
            whole: true,
        });
        *schema = one;
        true
    }

    /// The alternatives of a schema that is nothing else, or of a part of it.
    fn distributed(&mut self, schema: &Schema) -> Option<Distributed> {
        let (Some(choice), [all]) = (&schema.choice, schema.compositions.as_slice()) else {
            return self.among(schema).map(|(found, _)| found);
        };
        // What is said of the alternatives as a whole would be lost.
        let alone = choice.beside.is_none() && choice.discriminator.is_none();
        (alone && schema.is_silent() && all.whole).then(|| Distributed {
            exactly_one: choice.exactly_one,
            alternatives: all.parts.clone(),
            from: Vec::new(),
        })
    }

    /// Alternatives of a part of `allOf`, with the other parts; and where it stands.
    fn among(&mut self, schema: &Schema) -> Option<(Distributed, Place)> {
        let all = schema.compositions.iter();
        let mut all = all.filter(|each| each.keyword == Composing::AllOf && each.whole);
        all.find_map(|all| {
            let parts = all.parts.iter().enumerate();
            for (at, part) in parts {
                let Some((inner, name)) = self.written(part) else {
                    continue;
                };
                let opened = self.within.len();
                self.within.extend(name.clone());
                let found = self.distributed(&inner);
                self.within.truncate(opened);
                let Some(mut found) = found else {
                    continue;
                };
                let rest = without(schema, all.place);
                let rest = (!rest.is_blank()).then(|| inline(rest));
                let others = all.parts.iter().enumerate();
                let others = others.filter(|(number, _)| *number != at);
                let others: Vec<SchemaUse> = rest
                    .into_iter()
                    .chain(others.map(|(_, part)| part.clone()))
                    .collect();
                found.alternatives = self.each(&found.alternatives, &others, all.place)?;
                found.from.extend(name);
                return Some((found, all.place));
            }
            None
        })
    }

    /// Each alternative together with `others`. Null is together with nothing.
    fn each(
        &mut self,
        alternatives: &[SchemaUse],
        others: &[SchemaUse],
        at: Place,
    ) -> Option<Vec<SchemaUse>> {
        if alternatives.iter().any(is_null) {
            return None;
        }
        let mut made = Vec::with_capacity(alternatives.len());
        for each in alternatives {
            let place = match each {
                SchemaUse::Inline(schema) => schema.place,
                SchemaUse::Component { place, .. } => *place,
            };
            // What is put together is copied.
            self.reader.charge(16, place)?;
            let mut both = Schema::silent(place);
            both.compositions.push(Composition {
                keyword: Composing::AllOf,
                place: at,
                parts: others.iter().chain([each]).cloned().collect(),
                whole: true,
            });
            made.push(inline(both));
        }
        Some(made)
    }

    /// A part as it is written, and its name where it is a component: one that is used plainly, and not within itself.
    fn written(&mut self, part: &SchemaUse) -> Option<(Schema, Option<String>)> {
        match part {
            SchemaUse::Inline(schema) => {
                let plain = schema.extension.is_none() && !schema.read_only && !schema.write_only;
                plain.then(|| ((**schema).clone(), None))
            }
            SchemaUse::Component {
                name,
                place,
                extension,
                beside,
            } => {
                let schema = *self.components.get(name.as_str())?;
                let plain = extension.is_none() && beside.is_silent() && schema.extension.is_none();
                let composes = !schema.compositions.is_empty();
                if !plain || !composes || self.within.contains(name) {
                    return None;
                }
                let named = self.reader.sections.get(&Section::Schemas);
                let nodes = named.and_then(|named| named.get(name.as_str()));
                let nodes = nodes.map_or(1, |node| count(node));
                self.reader.charge(nodes, *place)?;
                Some((schema.clone(), Some(name.clone())))
            }
        }
    }
}

fn inline(schema: Schema) -> SchemaUse {
    SchemaUse::Inline(Box::new(schema))
}

/// The rules of a schema, without a composition and without what is said of the schema as a whole.
fn without(schema: &Schema, composition: Place) -> Schema {
    let mut rest = schema.clone();
    rest.compositions.retain(|each| each.place != composition);
    rest.title = None;
    rest.description = None;
    rest.default = None;
    rest.read_only = false;
    rest.write_only = false;
    rest.extension = None;
    rest.choice = None;
    rest
}
