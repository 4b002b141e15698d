//! What a composition admits: null or not, and the values that all of some plain schemas admit.

use super::{Composer, merge};
use crate::document::{Place, Value};
use crate::openapi::gaps;
use crate::openapi::reference::{Section, count};
use crate::openapi::{Composing, Composition, Schema, SchemaUse};

/// The values of a schema.
pub(super) struct Meaning {
    /// Whether null is one of them.
    null: bool,
    /// The others are of all of these, which compose nothing; `None`: there are no others.
    parts: Option<Vec<Schema>>,
}

impl Meaning {
    fn of(schema: &Schema) -> Meaning {
        let mut plain = schema.clone();
        plain.compositions.clear();
        Meaning {
            null: takes_null(schema),
            parts: schema.only_null.is_none().then(|| vec![plain]),
        }
    }

    /// What both admit. A schema that comes in twice says nothing new.
    fn meet(&mut self, other: Meaning) {
        self.null &= other.null;
        self.parts = match (self.parts.take(), other.parts) {
            (Some(mut parts), Some(others)) => {
                for part in others {
                    let mut speaking = parts.iter().filter(|part| !part.is_blank());
                    if part.is_blank() || !speaking.any(|known| known.place == part.place) {
                        parts.push(part);
                    }
                }
                Some(parts)
            }
            _ => None,
        };
    }
}

/// Whether the schema admits null, its compositions aside. One without `type` says nothing of it.
fn takes_null(schema: &Schema) -> bool {
    let listed = |node: &crate::document::Node| matches!(node.value, Value::Null);
    let words = schema.enumeration.as_ref();
    let typed = schema.kind.is_none() || schema.nullable;
    typed
        && words.is_none_or(|words| words.value.iter().any(listed))
        && schema.constant.as_ref().is_none_or(listed)
}

impl Composer<'_, '_, '_> {
    /// The one schema, and the places of those that it was put together from.
    pub(super) fn one(&mut self, schema: &Schema) -> Option<(Schema, Vec<Place>)> {
        let meaning = self.meaning(schema, &mut Vec::new())?;
        let Some(parts) = meaning.parts else {
            self.gap(&gaps::NULL_TYPE, schema.place);
            return None;
        };
        let at = schema.compositions.first().map(|first| first.place);
        let speaking = parts.iter().filter(|part| !part.is_blank());
        let mut key: Vec<Place> = speaking.map(|part| part.place).collect();
        key.sort_unstable();
        let one = merge::Merge {
            composer: self,
            at: at.unwrap_or(schema.place),
        }
        .all(parts, meaning.null)?;
        Some((one, key))
    }

    fn meaning(&mut self, schema: &Schema, within: &mut Vec<String>) -> Option<Meaning> {
        let mut meaning = Meaning::of(schema);
        for composition in &schema.compositions {
            if !composition.whole {
                return None;
            }
            match composition.keyword {
                Composing::AllOf => {
                    for part in &composition.parts {
                        meaning.meet(self.meaning_of_use(part, within)?);
                    }
                }
                Composing::OneOf | Composing::AnyOf => {
                    meaning.meet(self.alternatives(composition, within)?);
                }
            }
        }
        Some(meaning)
    }

    /// One schema, and perhaps null besides.
    fn alternatives(
        &mut self,
        composition: &Composition,
        within: &mut Vec<String>,
    ) -> Option<Meaning> {
        let (mut nulls, mut found) = (0_usize, None);
        for part in &composition.parts {
            let meaning = self.meaning_of_use(part, within)?;
            nulls = nulls.saturating_add(usize::from(meaning.null));
            if meaning.parts.is_some() && found.is_some() {
                let one = composition.keyword == Composing::OneOf;
                let gap = if one { &gaps::ONE_OF } else { &gaps::ANY_OF };
                self.gap(gap, composition.place);
                return None;
            }
            found = found.or(meaning.parts);
        }
        if nulls > 1 && composition.keyword == Composing::OneOf {
            self.gap(&gaps::NULL_TWICE, composition.place);
            return None;
        }
        Some(Meaning {
            null: nulls > 0,
            parts: found,
        })
    }

    fn meaning_of_use(&mut self, used: &SchemaUse, within: &mut Vec<String>) -> Option<Meaning> {
        let (name, place) = match used {
            SchemaUse::Inline(schema) => return self.meaning(schema, within),
            SchemaUse::Component { name, place, .. } => (name, *place),
        };
        if within.contains(name) {
            self.gap(&gaps::RECURSIVE_PARTS, place);
            return None;
        }
        // One that was not read was refused.
        let schema = *self.components.get(name.as_str())?;
        let named = self.reader.sections.get(&Section::Schemas);
        let nodes = named.and_then(|named| named.get(name.as_str()));
        let nodes = nodes.map_or(1, |node| count(node));
        // What is put together is copied.
        self.reader.charge(nodes.saturating_add(16), place)?;
        within.push(name.clone());
        let meaning = self.meaning(schema, within);
        within.pop();
        let mut meaning = meaning?;
        if let SchemaUse::Component {
            extension, beside, ..
        } = used
        {
            meaning.null |= beside.nullable;
            let mut words = Schema::silent(place);
            words.extension.clone_from(extension);
            words.description.clone_from(&beside.description);
            words.read_only = beside.read_only;
            words.write_only = beside.write_only;
            words.default.clone_from(&beside.default);
            if let Some(parts) = &mut meaning.parts {
                parts.insert(0, words);
            }
        }
        Some(meaning)
    }

    /// Whether a schema admits null, also where it is one of several; `None` when it could not be read.
    pub(super) fn admits_null(&self, schema: &Schema, within: &mut Vec<String>) -> Option<bool> {
        let mut null = takes_null(schema);
        for composition in &schema.compositions {
            let mut nulls = 0_usize;
            for part in &composition.parts {
                nulls = nulls.saturating_add(usize::from(self.use_admits_null(part, within)?));
            }
            null &= composition.whole
                && match composition.keyword {
                    Composing::AllOf => nulls == composition.parts.len(),
                    Composing::OneOf => nulls == 1,
                    Composing::AnyOf => nulls > 0,
                };
        }
        Some(null)
    }

    fn use_admits_null(&self, used: &SchemaUse, within: &mut Vec<String>) -> Option<bool> {
        match used {
            SchemaUse::Inline(schema) => self.admits_null(schema, within),
            SchemaUse::Component { name, beside, .. } => {
                if within.contains(name) {
                    return None;
                }
                within.push(name.clone());
                let schema = *self.components.get(name.as_str())?;
                let null = self.admits_null(schema, within);
                within.pop();
                Some(beside.nullable || null?)
            }
        }
    }
}
