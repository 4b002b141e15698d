//! Rules between members: objects that keep them, and objects that break one and nothing else (ruling 11).

use super::case::{Expect, Violation};
use super::evaluate::{Around, Undecided, Wanted, decided};
use super::field::Field;
use super::sample::{Maker, Step, pointer, whole_broken, whole_from, whole_last};
use super::scene::Scene;
use super::{unions, witness};
use crate::cel::{Key, Kind};
use crate::plan::{Format, Member, Object, Shape, TypeId, ValueKind, Write};
use serde_json::{Map, Value, json};

/// How many objects are looked at for one.
const TRIES: usize = 5_000;

/// Two moments, for members of which one must be before the other.
const TIMES: [&str; 2] = ["2001-02-03T04:05:06Z", "2030-06-01T12:00:00Z"];

impl Maker<'_> {
    /// What each rule of an object says.
    fn rules_say(&self, object: &Object, value: &Value) -> Vec<Result<bool, Undecided>> {
        let around = Around {
            this: Some(value.clone()),
            ..Around::default()
        };
        let rules = object.rules.iter();
        rules
            .map(|rule| decided(self.plan, &around, &rule.expr))
            .collect()
    }

    /// The object, or one near it that keeps the rules of its type.
    pub fn keeping_rules(&self, object: &Object, made: Value, depth: usize) -> Option<Value> {
        let keeps = |said: &[Result<bool, Undecided>]| said.iter().all(|each| *each == Ok(true));
        match keeps(&self.rules_say(object, &made)) {
            true => Some(made),
            false => self.near(object, &made, depth, false, &keeps),
        }
    }

    /// Whether everything in a value keeps its rules.
    pub fn rules_hold(&self, kind: &ValueKind, value: &Value) -> bool {
        if let Some(union) = self.union(kind) {
            let case = unions::case(union, value).and_then(|at| union.cases.get(at));
            return case.is_none_or(|case| self.rules_hold(&case.value, value));
        }
        match (kind, value) {
            (ValueKind::List(list), Value::Array(items)) => {
                items.iter().all(|item| self.rules_hold(&list.items, item))
            }
            (ValueKind::Map(map), Value::Object(members)) => members
                .values()
                .all(|value| self.rules_hold(&map.values, value)),
            (ValueKind::Named(id), Value::Object(members)) => match self.shape(*id) {
                Some(Shape::Object(object)) => {
                    let inner = object.members.iter().all(|member| {
                        let value = members.get(&member.name);
                        value.is_none_or(|value| self.rules_hold(&member.value, value))
                    });
                    inner
                        && self
                            .rules_say(object, value)
                            .iter()
                            .all(|each| *each == Ok(true))
                }
                _ => true,
            },
            _ => true,
        }
    }

    /// An object whose keywords hold and of which the rules say what is `wanted`: the members that they read are tried.
    fn near(
        &self,
        object: &Object,
        base: &Value,
        depth: usize,
        with_roles: bool,
        wanted: Wanted<'_>,
    ) -> Option<Value> {
        let read: Vec<&Member> = object
            .members
            .iter()
            .enumerate()
            .filter(|(number, member)| {
                let reads = |key| key == Key::Member(*number);
                (matches!(member.write, Write::Anyone)
                    || with_roles && matches!(member.write, Write::Roles(_)))
                    && object.rules.iter().any(|rule| rule.expr.reads(reads))
            })
            .map(|(_, member)| member)
            .collect();
        let values: Vec<Vec<Option<Value>>> = read
            .iter()
            .map(|member| self.tried(object, member, base, depth))
            .collect();
        let mut at = vec![0_usize; read.len()];
        for _ in 0..TRIES {
            let mut made: Map<String, Value> = base.as_object()?.clone();
            for ((member, values), at) in read.iter().zip(&values).zip(&at) {
                match values.get(*at).cloned().flatten() {
                    Some(value) => drop(made.insert(member.name.clone(), value)),
                    None => drop(made.remove(&member.name)),
                }
            }
            let count = u64::try_from(made.len()).unwrap_or(u64::MAX);
            let made = Value::Object(made);
            let sized = count >= object.min_properties
                && object.max_properties.is_none_or(|most| count <= most);
            let inner = object.members.iter().all(|member| {
                let value = made.get(&member.name);
                value.is_none_or(|value| self.rules_hold(&member.value, value))
            });
            if sized && inner && wanted(&self.rules_say(object, &made)) {
                return Some(made);
            }
            let mut next = at.iter_mut().zip(&values);
            loop {
                let (digit, values) = next.next()?;
                *digit += 1;
                if *digit < values.len() {
                    break;
                }
                *digit = 0;
            }
        }
        None
    }

    /// What a member is tried as: as it is, then whatever its keywords admit and the rules compare with.
    fn tried(
        &self,
        object: &Object,
        member: &Member,
        base: &Value,
        depth: usize,
    ) -> Vec<Option<Value>> {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for rule in &object.rules {
            rule.expr.walk(&mut |part| match &part.kind {
                Kind::Text(text) => texts.push(text.clone()),
                Kind::Int(value) => {
                    numbers.extend([Some(*value), value.checked_add(1), value.checked_sub(1)])
                }
                _ => {}
            });
        }
        let mut found = vec![base.get(&member.name).cloned()];
        found.extend(
            self.admitted(&member.value, texts, numbers, depth)
                .into_iter()
                .map(Some),
        );
        if member.nullable {
            found.push(Some(Value::Null));
        }
        if !member.required_in_request {
            found.push(None);
        }
        let mut kept: Vec<Option<Value>> = Vec::new();
        for value in found {
            if !kept.contains(&value) && (value.is_some() || !member.required_in_request) {
                kept.push(value);
            }
        }
        kept
    }

    fn admitted(
        &self,
        kind: &ValueKind,
        texts: Vec<String>,
        numbers: Vec<Option<i64>>,
        depth: usize,
    ) -> Vec<Value> {
        match kind {
            ValueKind::Boolean => vec![json!(true), json!(false)],
            // No rule reads one.
            ValueKind::File(_) => Vec::new(),
            ValueKind::Integer(whole) => {
                let ends = [
                    whole_from(whole, i64::MIN),
                    whole_from(whole, 1),
                    whole_last(whole),
                ];
                let all = numbers.into_iter().chain(ends).flatten();
                let good = all.filter(|value| whole_broken(whole, i128::from(*value)).is_empty());
                good.map(|value| json!(value)).collect()
            }
            // No rule reads one.
            ValueKind::Number(_) => self.sample(kind, depth + 1).into_iter().collect(),
            ValueKind::Text(text) => {
                let mut all = texts;
                if text.format == Some(Format::DateTime) {
                    all.extend(TIMES.map(str::to_owned));
                }
                let rule = witness::Rule::new(text);
                let good = |value: &String| {
                    rule.as_ref()
                        .is_some_and(|rule| rule.broken(value).is_empty())
                };
                all.retain(good);
                all.extend(witness::distinct(text, 2).unwrap_or_default());
                all.into_iter().map(Value::from).collect()
            }
            ValueKind::Named(id) => match self.shape(*id) {
                Some(Shape::Words(words)) => {
                    words.iter().take(20).map(|word| json!(word)).collect()
                }
                _ => self.sample(kind, depth + 1).into_iter().collect(),
            },
            ValueKind::Map(_) | ValueKind::Json(_) => {
                self.sample(kind, depth + 1).into_iter().collect()
            }
            ValueKind::List(list) => {
                let counts = [list.min, list.min.saturating_add(1)];
                let counts = counts.into_iter().filter(|count| *count <= list.max);
                let made = counts.filter_map(|count| {
                    self.items(&list.items, usize::try_from(count).ok()?, depth)
                });
                made.map(Value::from).collect()
            }
        }
    }
}

/// For each rule of an object, one that breaks it, whose keywords hold.
pub fn attack(
    scene: &mut Scene<'_>,
    field: &Field<'_, '_>,
    id: TypeId,
    path: &[Step],
    depth: usize,
) {
    let maker = field.stage.maker;
    let Some(object) = maker.object(id) else {
        return;
    };
    let here = pointer(path);
    for (number, rule) in object.rules.iter().enumerate() {
        let name = format!("{}{here}: {}", field.called(), rule.id);
        let broken = |said: &[Result<bool, Undecided>]| {
            said.get(number).is_some_and(|said| *said == Ok(false))
        };
        let base = maker.sample(&ValueKind::Named(id), depth);
        let value = base.and_then(|base| maker.near(object, &base, depth, true, &broken));
        let Some(value) = value else {
            scene.without("rule", name, "no object was found that breaks it");
            continue;
        };
        let said = maker.rules_say(object, &value);
        let broken = object
            .rules
            .iter()
            .zip(&said)
            .filter(|(_, said)| **said != Ok(true));
        let errors = broken.map(|(rule, _)| Violation {
            place: "body",
            pointer: here.clone(),
            code: Some(format!("rule:{}", rule.id).into()),
        });
        let errors = errors.collect();
        let expect = Expect {
            ..scene.invalid().errors(errors)
        };
        // Whoever may write all of it.
        let mut sets = field.sets.clone();
        for member in &object.members {
            if let (Write::Roles(roles), Some(_)) = (member.write, value.get(&member.name)) {
                sets.push(roles);
            }
        }
        let field = &Field {
            stage: field.stage,
            kind: field.kind.clone(),
            sets,
            cases: field.cases.clone(),
            room: field.room,
        };
        let sent = field.with(scene, path, Some(value));
        field.add(scene, "rule", name, sent, expect);
    }
}
