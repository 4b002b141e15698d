//! `oneOf` and `anyOf` of alternatives that provably exclude each other: then both keywords say the same, and which one a value
//! is, is told before it is read. What cannot be proved is refused by name.

use super::types::{Builder, Found, Used, name_of};
use super::{Case, Mark, Object, Shape, TypeId, Union, ValueKind, exclusive};
use crate::diagnostic::Diagnostic;
use crate::openapi::{Choice, Discriminator, Kind, Schema, SchemaUse};
use crate::policy::gaps;

/// Alternatives of one value.
const MOST: usize = 200;

impl<'p> Builder<'p, '_, '_> {
    /// A schema that has alternatives.
    pub(super) fn union(&mut self, used: Used<'p>, name: &str) -> Option<Found> {
        let id = match used.component {
            None => self.new_union(used.schema, name),
            Some(component) => match self.built.get(component) {
                Some(id) => *id,
                None => {
                    let id = self.within(component, used.place, |open| {
                        open.new_union(used.schema, component)
                    });
                    self.built.insert(component, id);
                    id
                }
            },
        }?;
        let Some(Shape::Union(union)) = self.types.get(id.0).map(|each| &each.shape) else {
            return None;
        };
        Some(Found {
            nullable: union.nullable || used.said_null(),
            value: ValueKind::Named(id),
        })
    }

    fn new_union(&mut self, schema: &'p Schema, name: &str) -> Option<TypeId> {
        let choice = schema.choice.as_ref()?;
        let mut gathered = Gathered::default();
        self.gather(schema, choice, &mut gathered)?;
        let name = &self.name(schema, name);
        let (mut cases, mut nulls) = (Vec::new(), gathered.nulls);
        let strings = gathered.of(Kind::String);
        let several = strings.len() > 1;
        let mut merged = match several {
            true => Some(self.merged(choice, &strings, name)?),
            false => None,
        };
        for used in &gathered.all {
            let found = match several && kind(used) == Some(Kind::String) {
                // All of them stand where the first does.
                true => match merged.take() {
                    Some(found) => found,
                    None => continue,
                },
                false => self.value(*used, &name_of(name, &hint(used, &gathered.all)))?,
            };
            if self.holds_file(&found.value) {
                self.report.gap(&gaps::FILE_HERE, used.place);
                return None;
            }
            nulls += usize::from(found.nullable);
            cases.push((*used, found.value));
        }
        if nulls > 1 {
            let gap = &gaps::UNION_OPEN;
            let message = format!("two alternatives admit null: {}", gap.why);
            let help = "let one of them admit it";
            self.report.error(gap.code, choice.place, message, help);
            return None;
        }
        // `type` beside the alternatives takes no null, and an alternative does.
        let closed = schema.kind.as_ref().filter(|_| !schema.nullable);
        if let (Some(kind), true) = (closed, nulls > 0) {
            self.report.gap(&gaps::UNION_BESIDE, kind.place);
            return None;
        }
        let marks = self.told(choice, &cases)?;
        if let Some(discriminator) = &choice.discriminator {
            self.discriminated(discriminator, &cases)?;
        }
        let cases = cases
            .into_iter()
            .zip(marks)
            .map(|((_, value), marks)| Case {
                name: self.called(name, &value),
                value,
                marks,
            });
        let shape = Shape::Union(Union {
            exactly_one: choice.exactly_one,
            nullable: nulls == 1,
            cases: cases.collect(),
        });
        Some(self.push(schema, name.clone(), shape))
    }

    /// The alternatives; those of an alternative are alternatives, since all of them exclude each other.
    fn gather(
        &mut self,
        schema: &'p Schema,
        choice: &Choice,
        gathered: &mut Gathered<'p>,
    ) -> Option<()> {
        if let Some(place) = choice.beside {
            self.report.gap(&gaps::UNION_BESIDE, place);
            return None;
        }
        let mut whole = true;
        for each in schema.alternatives() {
            whole &= self.alternative(schema, each, gathered).is_some();
        }
        whole.then_some(())
    }

    fn alternative(
        &mut self,
        around: &Schema,
        each: &'p SchemaUse,
        gathered: &mut Gathered<'p>,
    ) -> Option<()> {
        gathered.seen += 1;
        if gathered.seen > MOST {
            self.report.gap(&gaps::UNION_MANY, around.place);
            return None;
        }
        let used = self.used(each)?;
        self.unmarked(used);
        let schema = used.schema;
        if let Some(choice) = &schema.choice {
            let told = choice
                .discriminator
                .is_some()
                .then_some(&gaps::UNION_DISCRIMINATOR);
            let typed = around.kind.is_some() || schema.kind.is_some();
            if let Some(gap) = told.or(typed.then_some(&gaps::UNION_BESIDE)) {
                self.report.gap(gap, used.place);
                return None;
            }
            gathered.nulls += usize::from(used.said_null());
            return match used.component {
                Some(component) => self.within(component, used.place, |open| {
                    open.gather(schema, choice, gathered)
                }),
                None => self.gather(schema, choice, gathered),
            };
        }
        let listed = schema.enumeration.is_some() || schema.constant.is_some();
        let Some(kind) = &schema.kind else {
            if schema.nullable && !listed {
                gathered.nulls += 1;
                return Some(());
            }
            self.report.gap(&gaps::UNION_UNTYPED, used.place);
            return None;
        };
        if around
            .kind
            .as_ref()
            .is_some_and(|outer| outer.value != kind.value)
        {
            self.report.gap(&gaps::UNION_BESIDE, used.place);
            return None;
        }
        gathered.all.push(used);
        Some(())
    }

    /// Enumerations of strings beside each other are one of all their words.
    fn merged(&mut self, choice: &Choice, strings: &[Used<'p>], name: &str) -> Option<Found> {
        let mut words: Vec<String> = Vec::new();
        let mut null = false;
        let first = strings.first()?;
        for used in strings {
            let schema = used.schema;
            if schema.enumeration.is_none() && schema.constant.is_none() {
                let other = strings.iter().find(|other| other.place != used.place);
                return self.open(choice, used, other.unwrap_or(first));
            }
            let (more, nullable) = self.word_list(schema)?;
            let nullable = nullable || used.said_null();
            if more.iter().any(|word| words.contains(word)) {
                return self.open(choice, first, used);
            }
            words.extend(more);
            if null && nullable {
                return self.open(choice, first, used);
            }
            null |= nullable;
        }
        let schema = first.schema;
        // A name of its own, and no description: those of the parts say what their words mean.
        let name = self.claim(&name_of(name, "word"));
        let id = self.push_described(schema, name, Shape::Words(words), None);
        Some(Found {
            value: ValueKind::Named(id),
            nullable: null,
        })
    }

    /// What tells each alternative from those of its JSON type.
    fn told(&mut self, choice: &Choice, cases: &[(Used<'p>, ValueKind)]) -> Option<Vec<Vec<Mark>>> {
        let mut all: Vec<Vec<Mark>> = vec![Vec::new(); cases.len()];
        let mut objects: Vec<(usize, &Object)> = Vec::new();
        for (at, (used, value)) in cases.iter().enumerate() {
            let same = |other: &&(Used<'p>, ValueKind)| json(kind(&other.0)) == json(kind(used));
            let mut before = cases.iter().take(at).filter(same);
            let object = match value {
                ValueKind::Named(id) => self.object_at(*id),
                _ => None,
            };
            match (object, before.next()) {
                // What tells objects apart is what members they have, and this one may have any.
                (Some(object), Some((first, _))) if object.rest.is_some() => {
                    let first = *first;
                    return self.open(choice, &first, used);
                }
                (Some(object), _) => {
                    if let Some((open, _)) = objects.iter().find(|(_, other)| other.rest.is_some())
                    {
                        let first = cases.get(*open)?.0;
                        return self.open(choice, &first, used);
                    }
                    objects.push((at, object));
                }
                (None, None) => {}
                (None, Some((first, _))) => {
                    let first = *first;
                    return self.open(choice, &first, used);
                }
            }
        }
        let mapped = |(used, value): &&(Used<'p>, ValueKind)| {
            kind(used) == Some(Kind::Object) && matches!(value, ValueKind::Map(_))
        };
        if let (Some((map, _)), Some((at, _))) = (cases.iter().find(mapped), objects.first()) {
            let (map, first) = (*map, cases.get(*at)?.0);
            return self.open(choice, &first, &map);
        }
        if objects.len() > 1 {
            let only: Vec<&Object> = objects.iter().map(|(_, object)| *object).collect();
            match exclusive::marks(&only, &self.types) {
                Ok(marks) => {
                    for ((at, _), marks) in objects.iter().zip(marks) {
                        if let Some(slot) = all.get_mut(*at) {
                            *slot = marks;
                        }
                    }
                }
                Err((first, second)) => {
                    let case = |number: usize| {
                        let (at, _) = objects.get(number)?;
                        cases.get(*at).map(|(used, _)| *used)
                    };
                    let (first, second) = (case(first)?, case(second)?);
                    return self.open(choice, &first, &second);
                }
            }
        }
        Some(all)
    }

    /// Two alternatives that some value may both be.
    fn open<T>(&mut self, choice: &Choice, one: &Used<'p>, other: &Used<'p>) -> Option<T> {
        let called = |used: &Used<'p>| match (used.component, &used.schema.title) {
            (Some(name), _) => format!("`{name}`"),
            (None, Some(title)) => format!("{title:?}"),
            (None, None) => match kind(used) {
                Some(kind) => format!("of type {}", word(kind)),
                None => "without a type".to_owned(),
            },
        };
        let keyword = if choice.exactly_one { "oneOf" } else { "anyOf" };
        let gap = &gaps::UNION_OPEN;
        let (first, second) = (called(one), called(other));
        let both = match first == second {
            true => format!("two alternatives {first}"),
            false => format!("the alternatives {first} and {second}"),
        };
        let message = format!("{both} of `{keyword}` may both match: {}", gap.why);
        let found = Diagnostic::new(gap.code, choice.place, message);
        let found = found.related(other.place, "which may match what another matches");
        self.report.push(found.help(gap.instead));
        None
    }

    /// Whether the member that is named tells every alternative, and each by the words that stand for it.
    fn discriminated(
        &mut self,
        told: &Discriminator,
        cases: &[(Used<'p>, ValueKind)],
    ) -> Option<()> {
        let target = |word: &str| {
            let mapped = told.mapping.iter().find(|(key, _)| key == word);
            let target = mapped.map_or(word, |(_, target)| target.as_str());
            let plain = target.strip_prefix("#/components/schemas/");
            plain.unwrap_or(target).to_owned()
        };
        let mut known: Vec<&String> = Vec::new();
        let agrees = cases.iter().all(|(used, value)| {
            let object = match value {
                ValueKind::Named(id) => self.object_at(*id),
                _ => None,
            };
            let (Some(component), Some(object)) = (used.component, object) else {
                return false;
            };
            let mut members = object.members.iter();
            let member = members.find(|member| member.name == told.property);
            let words = member.and_then(|member| exclusive::words(member, &self.types));
            known.extend(words.into_iter().flatten());
            words.is_some_and(|words| words.iter().all(|word| target(word) == component))
        });
        let used = |(word, _): &(String, String)| known.contains(&word);
        if agrees && told.mapping.iter().all(used) {
            return Some(());
        }
        self.report.gap(&gaps::UNION_DISCRIMINATOR, told.place);
        None
    }

    fn object_at(&self, id: TypeId) -> Option<&Object> {
        match self.types.get(id.0).map(|each| &each.shape) {
            Some(Shape::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// What a variant is called: as its type, without the name of the union where it begins with that.
    fn called(&self, union: &str, value: &ValueKind) -> String {
        let name = match value {
            ValueKind::Boolean => "Boolean",
            ValueKind::Integer(_) => "Integer",
            ValueKind::Number(_) => "Number",
            ValueKind::Text(_) => "Text",
            ValueKind::List(_) => "List",
            ValueKind::Map(_) => "Map",
            ValueKind::Json(_) => "Json",
            ValueKind::File(_) => "File",
            ValueKind::Named(id) => {
                let name = self.types.get(id.0).map_or("", |each| each.name.as_str());
                let rest = name.strip_prefix(union).filter(|rest| !rest.is_empty());
                rest.unwrap_or(name)
            }
        };
        name.to_owned()
    }
}

/// The alternatives of a union, null counted.
#[derive(Default)]
struct Gathered<'p> {
    all: Vec<Used<'p>>,
    nulls: usize,
    /// How many were looked at: one that holds another twice, which holds a third twice, has no end of them.
    seen: usize,
}

impl<'p> Gathered<'p> {
    fn of(&self, wanted: Kind) -> Vec<Used<'p>> {
        let all = self.all.iter().copied();
        all.filter(|used| kind(used) == Some(wanted)).collect()
    }
}

fn kind(used: &Used<'_>) -> Option<Kind> {
    used.schema.kind.as_ref().map(|kind| kind.value)
}

/// What JSON tells apart: it has numbers, of which some are integers.
fn json(kind: Option<Kind>) -> Option<Kind> {
    match kind {
        Some(Kind::Number) => Some(Kind::Integer),
        other => other,
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Boolean => "boolean",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}

/// What an alternative that has no name is called: by its title, by the first member that it requires and others do not have, or
/// by its type.
fn hint(used: &Used<'_>, all: &[Used<'_>]) -> String {
    let schema = used.schema;
    if let Some(title) = &schema.title {
        return title.clone();
    }
    let others = || all.iter().filter(|other| other.place != used.place);
    let own = |name: &str| {
        let declares = |other: &Used<'_>| {
            let mut declared = other.schema.properties.iter();
            declared.any(|(each, _)| each.value == name)
        };
        !others().any(declares)
    };
    let mut required = schema.required.iter().map(|name| name.value.as_str());
    match (required.find(|name| own(name)), kind(used)) {
        (Some(name), _) => name.to_owned(),
        (None, Some(Kind::String)) => "word".to_owned(),
        (None, Some(kind)) => word(kind).to_owned(),
        (None, None) => "value".to_owned(),
    }
}
