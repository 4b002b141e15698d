//! Several plain schemas that a value is of, as one: what both say is said once, the stricter bound wins, members are
//! united (ruling 39), and what has no common word is refused by name.

use std::collections::HashSet;

use super::{Composer, both};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place, Value};
use crate::openapi::bounds::End;
use crate::openapi::{Additional, Bound, Excluded, Kind, Schema, SchemaUse, Spanned, codes, gaps};

pub(super) struct Merge<'m, 'c, 'r, 'd> {
    pub(super) composer: &'m mut Composer<'c, 'r, 'd>,
    /// The keyword that puts them together: what does not fit is told there.
    pub(super) at: Place,
}

impl Merge<'_, '_, '_, '_> {
    /// One schema of all of them; the first is what composes the others. `null`: whether null is admitted.
    pub(super) fn all(mut self, parts: Vec<Schema>, null: bool) -> Option<Schema> {
        let speaking = parts.iter().filter(|part| !part.is_blank());
        // Of several, none speaks for the whole.
        let words = (speaking.count() == 1).then(|| {
            let title = parts.iter().find_map(|part| part.title.clone());
            let description = parts.iter().find_map(|part| part.description.clone());
            (title, description)
        });
        let said = |part: &&Schema| part.enumeration.is_some() && part.constant.is_some();
        if let Some(part) = parts.iter().find(said) {
            self.differ("const", part.place);
            return None;
        }
        let closed: Vec<(HashSet<String>, Place)> = parts
            .iter()
            .filter(|part| part.additional == Additional::Forbidden)
            .map(|part| (names(part), part.place))
            .collect();
        let mut parts = parts.into_iter();
        let mut one = parts.next()?;
        let mut fits = true;
        for part in parts {
            fits &= self.meet(&mut one, part).is_some();
        }
        if !fits {
            return None;
        }
        if let Some((title, description)) = words {
            one.title = title;
            one.description = description;
        }
        self.close(&mut one, &closed)?;
        self.null(&mut one, null)?;
        self.check(&one)?;
        Some(one)
    }

    /// Adds what another schema says; `None` when both together are no schema.
    fn meet(&mut self, one: &mut Schema, other: Schema) -> Option<()> {
        let mut differ: Vec<(&'static str, Place)> = Vec::new();
        if let (Some(kind), Some(also)) = (&one.kind, &other.kind)
            && kind.value != also.value
        {
            match (kind.value, also.value) {
                // An integer is a number.
                (Kind::Integer, Kind::Number) => {}
                (Kind::Number, Kind::Integer) => one.kind.clone_from(&other.kind),
                _ => differ.push(("type", also.place)),
            }
        }
        let texts = [
            ("format", &one.format, &other.format),
            ("pattern", &one.pattern, &other.pattern),
            ("multipleOf", &one.multiple_of, &other.multiple_of),
        ];
        for (keyword, text, also) in texts {
            if let (Some(text), Some(also)) = (text, also)
                && text.value != also.value
            {
                differ.push((keyword, also.place));
            }
        }
        if let (Some(_), Some(also)) = (&one.extension, &other.extension) {
            differ.push(("x-security", also.place));
        }
        let free = |schema: &Schema| {
            schema.values.is_some() || matches!(schema.additional, Additional::Open(_))
        };
        if free(one) && speaks_of_members(&other) || free(&other) && speaks_of_members(one) {
            differ.push(("additionalProperties", other.place));
        }
        let (listed, also) = (one.lists(), other.lists());
        if let (Some(listed), Some(also)) = (listed, also) {
            match common(&listed, &also) {
                Some(words) => {
                    one.constant = None;
                    one.enumeration = Some(Spanned {
                        value: words,
                        place: also.place,
                    });
                }
                None => differ.push(("enum", also.place)),
            }
        } else {
            one.enumeration = one.enumeration.take().or(other.enumeration);
            one.constant = one.constant.take().or(other.constant);
        }
        for (keyword, place) in &differ {
            self.differ(keyword, *place);
        }
        if !differ.is_empty() {
            return None;
        }
        one.kind = one.kind.take().or(other.kind);
        one.format = one.format.take().or(other.format);
        one.pattern = one.pattern.take().or(other.pattern);
        one.multiple_of = one.multiple_of.take().or(other.multiple_of);
        one.extension = one.extension.take().or(other.extension);
        one.default = one.default.take().or(other.default);
        one.minimum = self.bound(one.minimum.take(), other.minimum, End::Lower)?;
        one.maximum = self.bound(one.maximum.take(), other.maximum, End::Upper)?;
        one.min_length = most(one.min_length.take(), other.min_length);
        one.max_length = least(one.max_length.take(), other.max_length);
        one.min_items = most(one.min_items.take(), other.min_items);
        one.max_items = least(one.max_items.take(), other.max_items);
        one.min_properties = most(one.min_properties.take(), other.min_properties);
        one.max_properties = least(one.max_properties.take(), other.max_properties);
        one.unique_items |= other.unique_items;
        one.read_only |= other.read_only;
        one.write_only |= other.write_only;
        one.items = match (one.items.take(), other.items) {
            (Some(items), Some(also)) if !is_same(&items, &also) => {
                Some(Box::new(both(*items, *also, self.at)))
            }
            (items, also) => items.or(also),
        };
        // Where both speak of members, they were refused above: at most one has names.
        one.values = one.values.take().or(other.values);
        one.names = one.names.take().or(other.names);
        if one.additional == Additional::Absent {
            one.additional = other.additional;
        }
        for (name, schema) in other.properties {
            let known = one.properties.iter_mut();
            let mut known = known.filter(|(known, _)| known.value == name.value);
            match known.next() {
                None => one.properties.push((name, schema)),
                Some((_, known)) if is_same(known, &schema) => {}
                Some((_, known)) => *known = both(known.clone(), schema, self.at),
            }
        }
        for name in other.required {
            if !one.required.iter().any(|known| known.value == name.value) {
                one.required.push(name);
            }
        }
        Some(())
    }

    fn differ(&mut self, keyword: &str, place: Place) {
        let message = format!("not supported yet: parts of one schema that differ in `{keyword}`");
        let gap = &gaps::ALL_OF;
        let diagnostic = Diagnostic::new(gap.code, self.at, message);
        let diagnostic = diagnostic.related(place, "one of the parts");
        self.composer.tell(diagnostic.help(gap.way_out));
    }

    fn bound(
        &mut self,
        one: Option<Bound>,
        other: Option<Bound>,
        end: End,
    ) -> Option<Option<Bound>> {
        match (one, other) {
            (Some(one), Some(other)) => self.composer.reader.stricter(one, other, end).map(Some),
            (one, other) => Some(one.or(other)),
        }
    }

    /// A part that says `additionalProperties: false` rejects what it does not declare, whoever else does.
    fn close(&mut self, one: &mut Schema, closed: &[(HashSet<String>, Place)]) -> Option<()> {
        let mut fits = true;
        for (name, schema) in std::mem::take(&mut one.properties) {
            let by = closed
                .iter()
                .find(|(names, _)| !names.contains(&name.value));
            let Some((_, closed)) = by else {
                one.properties.push((name, schema));
                continue;
            };
            let required = one.required.iter().find(|each| each.value == name.value);
            if let Some(required) = required {
                fits = false;
                let message = format!(
                    "`{}` is required, and another part of the schema rejects it",
                    name.value
                );
                let diagnostic = Diagnostic::new(codes::CONTRADICTION, required.place, message);
                let note = "says `additionalProperties: false` and does not declare it";
                let diagnostic = diagnostic.related(*closed, note);
                let help = "declare it there, or remove `additionalProperties`";
                self.composer.tell(diagnostic.help(help));
            }
            one.excluded.push(Excluded {
                name,
                schema,
                closed: *closed,
            });
        }
        fits.then_some(())
    }

    /// Null is admitted or not, whatever each part says of it; an enumeration says it too.
    fn null(&mut self, one: &mut Schema, null: bool) -> Option<()> {
        one.nullable = null;
        let Some(mut words) = one.lists() else {
            return Some(());
        };
        let is_null = |node: &Node| matches!(node.value, Value::Null);
        let listed = words.value.iter().any(is_null);
        if null == listed {
            return Some(());
        }
        match null {
            true => words.value.push(Node {
                place: words.place,
                value: Value::Null,
            }),
            false => words.value.retain(|node| !is_null(node)),
        }
        if words.value.is_empty() {
            let message = "no value is listed by every part";
            let diagnostic = Diagnostic::new(codes::CONTRADICTION, self.at, message);
            let diagnostic = diagnostic.related(words.place, "one of the lists");
            self.composer.tell(diagnostic.help("correct one of them"));
            return None;
        }
        one.constant = None;
        one.enumeration = Some(words);
        Some(())
    }

    /// What is checked of a schema that is written as one.
    fn check(&mut self, one: &Schema) -> Option<()> {
        let Some(kind) = &one.kind else {
            self.composer.gap(&gaps::NO_TYPE, one.place);
            return None;
        };
        if one.lists().is_some_and(|words| words.value.is_empty()) {
            let message = "no value is listed by every part";
            let diagnostic = Diagnostic::new(codes::CONTRADICTION, self.at, message);
            self.composer
                .tell(diagnostic.help("correct one of the lists"));
            return None;
        }
        if let Some((keyword, place)) = inapplicable(one, kind.value) {
            let message = format!("`{keyword}` does nothing for the type of the other parts");
            let diagnostic = Diagnostic::new(codes::INAPPLICABLE, place, message);
            let diagnostic = diagnostic.related(kind.place, "the type");
            self.composer
                .tell(diagnostic.help("remove it, or correct the `type`"));
            return None;
        }
        if one.read_only && one.write_only {
            let message = "a schema that is both `readOnly` and `writeOnly` can never be used";
            let diagnostic = Diagnostic::new(codes::CONTRADICTION, self.at, message);
            self.composer.tell(diagnostic.help("keep one of the two"));
            return None;
        }
        let declared = names(one);
        let declares = |name: &&Spanned<String>| !declared.contains(&name.value);
        if let Some(name) = one.required.iter().find(declares) {
            let message = format!(
                "`required` names `{}`, which `properties` of no part has",
                name.value
            );
            let diagnostic = Diagnostic::new(codes::UNDECLARED_PROPERTY, name.place, message);
            let help = "declare it in `properties`, or remove it from `required`";
            self.composer.tell(diagnostic.help(help));
            return None;
        }
        self.composer.reader.check_bounds(one);
        self.composer.reader.check_values(one);
        Some(())
    }
}

fn names(schema: &Schema) -> HashSet<String> {
    let names = schema.properties.iter();
    names.map(|(name, _)| name.value.clone()).collect()
}

fn speaks_of_members(schema: &Schema) -> bool {
    !schema.properties.is_empty()
        || !schema.required.is_empty()
        || schema.values.is_some()
        || schema.additional != Additional::Absent
}

/// Whether two uses are of one schema, with nothing beside it.
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

/// The words that are in both lists; `None` when a value is no word.
fn common(one: &Spanned<Vec<Node>>, other: &Spanned<Vec<Node>>) -> Option<Vec<Node>> {
    let word = |node: &Node| match &node.value {
        Value::String(text) => Some(Some(text.clone())),
        Value::Null => Some(None),
        _ => None,
    };
    let also: HashSet<Option<String>> = other.value.iter().map(word).collect::<Option<_>>()?;
    let mut kept = Vec::new();
    for node in &one.value {
        if also.contains(&word(node)?) {
            kept.push(node.clone());
        }
    }
    Some(kept)
}

fn most(one: Option<Spanned<u64>>, other: Option<Spanned<u64>>) -> Option<Spanned<u64>> {
    match (one, other) {
        (Some(one), Some(other)) if other.value > one.value => Some(other),
        (one, other) => one.or(other),
    }
}

fn least(one: Option<Spanned<u64>>, other: Option<Spanned<u64>>) -> Option<Spanned<u64>> {
    match (one, other) {
        (Some(one), Some(other)) if other.value < one.value => Some(other),
        (one, other) => one.or(other),
    }
}

/// A keyword that does nothing for the kind. A part without `type` may have any.
fn inapplicable(schema: &Schema, kind: Kind) -> Option<(&'static str, Place)> {
    let count = |count: &Option<Spanned<u64>>| count.as_ref().map(|count| count.place);
    let bound = |bound: &Option<Bound>| bound.as_ref().map(|bound| bound.place);
    let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.place);
    let member = schema.properties.first().map(|(name, _)| name.place);
    let open = schema.additional != Additional::Absent;
    let numbers = [
        ("minimum", bound(&schema.minimum)),
        ("maximum", bound(&schema.maximum)),
        ("multipleOf", text(&schema.multiple_of)),
    ];
    let texts = [
        ("minLength", count(&schema.min_length)),
        ("maxLength", count(&schema.max_length)),
        ("pattern", text(&schema.pattern)),
    ];
    let lists = [
        ("items", schema.items.as_ref().map(|_| schema.place)),
        ("minItems", count(&schema.min_items)),
        ("maxItems", count(&schema.max_items)),
        ("uniqueItems", schema.unique_items.then_some(schema.place)),
    ];
    let objects = [
        ("properties", member),
        ("required", schema.required.first().map(|name| name.place)),
        ("additionalProperties", open.then_some(schema.place)),
        ("minProperties", count(&schema.min_properties)),
        ("maxProperties", count(&schema.max_properties)),
    ];
    let of = |kinds: &[Kind], found: &[(&'static str, Option<Place>)]| {
        let mut found = found.iter();
        let said = found.find_map(|(keyword, place)| place.map(|place| (*keyword, place)));
        said.filter(|_| !kinds.contains(&kind))
    };
    of(&[Kind::Integer, Kind::Number], &numbers)
        .or(of(&[Kind::String], &texts))
        .or(of(&[Kind::Array], &lists))
        .or(of(&[Kind::Object], &objects))
}
