//! Parameters of an operation.

use super::codes;
use super::integers;
use super::types::{Builder, name_of};
use super::{Default, In, List, Param, Shape, Text, ValueKind};
use crate::decimal::Decimal;
use crate::document::{Node, Place, Value};
use crate::openapi::{Location, Operation, Parameter, fields};
use crate::policy::gaps;

impl<'p> Builder<'p, '_, '_> {
    /// All of them, in document order; `None` when one was refused.
    pub(super) fn params(&mut self, id: &str, operation: &'p Operation) -> Option<Vec<Param>> {
        let params: Vec<Param> = operation
            .parameters
            .iter()
            .filter_map(|parameter| self.param(id, parameter))
            .collect();
        (params.len() == operation.parameters.len()).then_some(params)
    }

    fn param(&mut self, id: &str, parameter: &'p Parameter) -> Option<Param> {
        let name = &parameter.name;
        let location = match parameter.location {
            Location::Path => In::Path,
            Location::Query => In::Query,
            Location::Header
                if fields::RESERVED.contains(&name.value.to_ascii_lowercase().as_str()) =>
            {
                self.report.gap(&gaps::RESERVED_HEADER, name.place);
                return None;
            }
            Location::Header => In::Header,
            Location::Cookie => {
                self.report.gap(&gaps::COOKIE, name.place);
                return None;
            }
        };
        let used = self.used(&parameter.schema)?;
        self.unmarked(used);
        let mut found = self.value(used, &name_of(id, &name.value))?;
        if matches!(found.value, ValueKind::File(_)) {
            self.report.gap(&gaps::FILE_HERE, used.place);
            return None;
        }
        let plain = match &found.value {
            ValueKind::List(list) => self.is_plain(&list.items),
            value => self.is_plain(value),
        };
        if !plain {
            self.report.gap(&gaps::PARAMETER_KIND, used.place);
            return None;
        }
        // No text says it, alone or as an item.
        let nullable = matches!(&found.value, ValueKind::List(list) if list.items_nullable);
        if used.nullable() || nullable {
            self.report.gap(&gaps::NULL_HERE, used.place);
            return None;
        }
        let mut separated = false;
        if let ValueKind::List(list) = &mut found.value {
            separated = location != In::Query || !parameter.explode;
            self.spelled(list, separated.then_some(location), used.place)?;
        }
        let default = match used.default() {
            // It would never be taken.
            Some(_) if parameter.required => None,
            Some(node) => Some(self.default(node, &found.value)?),
            None => None,
        };
        Some(Param {
            name: name.value.clone(),
            location,
            required: parameter.required,
            description: parameter.description.clone(),
            value: found.value,
            separated,
            default,
            place: name.place,
        })
    }

    /// Whether one text spells it.
    fn is_plain(&self, value: &ValueKind) -> bool {
        let whole = matches!(
            value,
            ValueKind::List(_) | ValueKind::Map(_) | ValueKind::Json(_) | ValueKind::File(_)
        );
        !whole && !self.is_object(value) && !self.is_union(value)
    }

    /// Takes what can be said between commas, and refuses by name what would be said in two ways or in none. An empty text
    /// may be one empty item or no item, so it is neither (ruling 101).
    fn spelled(&mut self, list: &mut List, between: Option<In>, place: Place) -> Option<()> {
        let Some(location) = between else {
            return Some(());
        };
        match &mut *list.items {
            ValueKind::Text(text) => {
                text.min = text.min.max(1);
                if text.max == 0 {
                    self.report.gap(&gaps::ITEM, place);
                    return None;
                }
            }
            ValueKind::Named(id) => {
                let shape = self.types.get(id.0).map(|each| &each.shape);
                let Some(Shape::Words(words)) = shape else {
                    return Some(());
                };
                // A header field is not escaped, and blanks around a comma are none of the item.
                let unsaid = |word: &String| {
                    let in_field = word.contains(',') || word.trim() != word;
                    word.is_empty() || (location == In::Header && in_field)
                };
                if words.iter().any(unsaid) {
                    self.report.gap(&gaps::ITEM, place);
                    return None;
                }
            }
            _ => {}
        }
        Some(())
    }

    /// A default takes the value's place, so it must be one.
    fn default(&mut self, node: &Node, value: &ValueKind) -> Option<Default> {
        if matches!(value, ValueKind::List(_)) {
            self.report.gap(&gaps::PARAMETER_DEFAULT, node.place);
            return None;
        }
        let default = match (value, &node.value) {
            (ValueKind::Boolean, Value::Bool(value)) => Some(Default::Boolean(*value)),
            (ValueKind::Integer(whole), Value::Number(lexeme)) => integers::exact(lexeme)
                .and_then(|number| i64::try_from(number).ok())
                .filter(|number| (whole.min..=whole.max).contains(number))
                .filter(|number| {
                    whole
                        .multiple_of
                        .is_none_or(|step| number.checked_rem(step) == Some(0))
                })
                .map(Default::Integer),
            (ValueKind::Number(real), Value::Number(lexeme)) => Decimal::parse(lexeme)
                .filter(|number| number.is_readable() && real.broken(number).is_empty())
                .map(Default::Number),
            (ValueKind::Text(text), Value::String(value)) => {
                if text.format.is_some() {
                    self.report.gap(&gaps::PARAMETER_DEFAULT, node.place);
                    return None;
                }
                admits(text, value).then(|| Default::Text(value.clone()))
            }
            (ValueKind::Named(id), Value::String(value)) => {
                match self.types.get(id.0).map(|each| &each.shape) {
                    Some(Shape::Words(words)) if words.contains(value) => {
                        Some(Default::Text(value.clone()))
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        if default.is_none() {
            let message = "the `default` is not a value of its schema";
            self.report
                .error(codes::DEFAULT, node.place, message, "correct one of them");
        }
        default
    }
}

fn admits(text: &Text, value: &str) -> bool {
    let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
    let pattern = text.pattern.as_ref().is_none_or(|pattern| {
        regex::Regex::new(&pattern.rust).is_ok_and(|regex| regex.is_match(value))
    });
    (text.min..=text.max).contains(&length) && pattern
}
