//! Values that hold others whose names or number are data: lists, maps, members that nobody named, any JSON.

use super::codes;
use super::types::{Builder, Found};
use super::{Entries, Free, List, Names, Rest, ValueKind};
use super::{files, texts};
use crate::openapi::{Kind, Schema, SchemaUse};
use crate::policy::gaps;

impl<'p> Builder<'p, '_, '_> {
    pub(super) fn list(&mut self, schema: &'p Schema, name: &str) -> Option<List> {
        let Some(items) = &schema.items else {
            if self.report.is_clean() {
                self.report.gap(&gaps::NO_ITEMS, schema.place);
            }
            return None;
        };
        let used = self.used(items)?;
        self.unmarked(used);
        let item = self.value(used, &format!("{name}Item"))?;
        if matches!(item.value, ValueKind::List(_)) {
            self.report.gap(&gaps::NESTED_ARRAY, used.place);
            return None;
        }
        let file = matches!(item.value, ValueKind::File(_));
        if file && (schema.unique_items || item.nullable) {
            self.report.gap(&gaps::FILE_HERE, used.place);
            return None;
        }
        let compared = !self.is_object(&item.value)
            && !self.is_union(&item.value)
            && !matches!(item.value, ValueKind::Map(_) | ValueKind::Json(_));
        if schema.unique_items && !compared {
            self.report.gap(&gaps::UNIQUE_OBJECTS, schema.place);
            return None;
        }
        let min = schema.min_items.as_ref().map_or(0, |count| count.value);
        let max = schema
            .max_items
            .as_ref()
            .map_or(self.policy.limits.array.value, |count| count.value);
        if min > max {
            if schema.max_items.is_none() || self.report.is_clean() {
                let place = schema
                    .min_items
                    .as_ref()
                    .map_or(schema.place, |count| count.place);
                let message = format!("`minItems` is {min}, and at most {max} items are taken");
                self.report
                    .error(codes::UNSATISFIABLE, place, message, "declare `maxItems`");
            }
            return None;
        }
        Some(List {
            items: Box::new(item.value),
            items_nullable: item.nullable,
            min,
            max,
            max_declared: schema.max_items.is_some(),
            unique: schema.unique_items,
        })
    }

    pub(super) fn entries(&mut self, schema: &'p Schema, name: &str) -> Option<Entries> {
        let used = self.used(schema.values.as_deref()?)?;
        self.unmarked(used);
        let found = self.value(used, &format!("{name}Value"))?;
        // Whoever reads parts finds files by names that are declared.
        if self.holds_file(&found.value) {
            self.report.gap(&gaps::FILE_HERE, used.place);
            return None;
        }
        let names = match schema.names.as_deref() {
            Some(names) => Some(self.names(names)?),
            None => None,
        };
        let min = schema.min_properties.as_ref();
        let max = schema.max_properties.as_ref();
        let max = max.map_or(self.policy.limits.object.value, |count| count.value);
        // There are no more of them than there are words.
        let max = match &names {
            Some(Names::Words(words)) => max.min(u64::try_from(words.len()).unwrap_or(max)),
            _ => max,
        };
        if let Some(min) = min.filter(|min| min.value > max) {
            if schema.max_properties.is_none() || self.report.is_clean() {
                let message = format!(
                    "`minProperties` is {}, and at most {max} members are taken",
                    min.value
                );
                let help = match names {
                    Some(Names::Words(_)) => "lower it, or list more words in `propertyNames`",
                    _ => "declare `maxProperties`",
                };
                self.report
                    .error(codes::UNSATISFIABLE, min.place, message, help);
            }
            return None;
        }
        Some(Entries {
            values: Box::new(found.value),
            values_nullable: found.nullable,
            min: min.map_or(0, |min| min.value),
            max,
            names,
        })
    }

    /// What the names are of an object whose names are data.
    fn names(&mut self, names: &'p SchemaUse) -> Option<Names> {
        let used = self.used(names)?;
        self.unmarked(used);
        let schema = used.schema;
        let is_text = schema.kind.as_ref();
        let is_text = is_text.is_some_and(|kind| kind.value == Kind::String);
        let composed = schema.choice.is_some() || !schema.compositions.is_empty();
        if !is_text || composed || files::is_file(schema) || texts::is_password(schema) {
            self.report.gap(&gaps::NAMES, used.place);
            return None;
        }
        if schema.lists().is_some() {
            // Null is no name, whether it is listed or not.
            let (words, _) = self.word_list(schema)?;
            return Some(Names::Words(words));
        }
        let most = self.policy.limits.string.value;
        texts::read(schema, most, &mut self.patterns, self.report).map(Names::Text)
    }

    /// Any JSON value, null among them, as long as nothing in it is longer than what is taken anywhere.
    pub(super) fn free(&self) -> Found {
        let limits = &self.policy.limits;
        Found {
            value: ValueKind::Json(Free {
                string: limits.string.value,
                array: limits.array.value,
                object: limits.object.value,
            }),
            nullable: false,
        }
    }

    /// What members are that nobody named.
    pub(super) fn rest(&mut self, values: &'p SchemaUse, name: &str) -> Option<Rest> {
        let used = self.used(values)?;
        self.unmarked(used);
        let found = self.value(used, &format!("{name}Value"))?;
        if found.value.inner().is_some() {
            self.report.gap(&gaps::REST_TYPE, used.place);
            return None;
        }
        if self.holds_file(&found.value) {
            self.report.gap(&gaps::FILE_HERE, used.place);
            return None;
        }
        Some(Rest {
            value: Box::new(found.value),
            nullable: found.nullable,
        })
    }
}
