//! Values of the document's types: the plainest body that is admitted, and any other built from it.

use super::{form, numbers, unions, witness};
use crate::plan::{Member, Object, Plan, Shape, TypeId, Union, ValueKind, Whole, Write};
use serde_json::{Map, Value, json};

/// Nested objects beyond this are not walked: types may contain themselves.
pub const DEEPEST: usize = 5;

/// Values with more parts are not made: objects that hold the same objects again are small to write and large to send.
pub const LARGEST: usize = 5_000;

/// What names begin with that are data.
pub const NAME: &str = "palisade";

/// Where a value stands in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Member(String),
    /// The first item.
    Item,
    /// The value as this alternative, by its number.
    Case(usize),
}

/// RFC 6901.
pub fn pointer(path: &[Step]) -> String {
    path.iter()
        .map(|step| match step {
            Step::Member(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            Step::Item => "/0".to_owned(),
            Step::Case(_) => String::new(),
        })
        .collect()
}

/// Makes values for one operation.
#[derive(Clone, Copy)]
pub struct Maker<'a> {
    pub plan: &'a Plan,
    /// `write: create` members may be sent.
    pub creating: bool,
}

impl<'a> Maker<'a> {
    pub fn shape(&self, id: TypeId) -> Option<&'a Shape> {
        self.plan.types.get(id.0).map(|each| &each.shape)
    }

    pub fn object(&self, id: TypeId) -> Option<&'a Object> {
        match self.shape(id)? {
            Shape::Object(object) => Some(object),
            Shape::Words(_) | Shape::Union(_) => None,
        }
    }

    pub fn union(&self, kind: &ValueKind) -> Option<&'a Union> {
        match kind {
            ValueKind::Named(id) => match self.shape(*id)? {
                Shape::Union(union) => Some(union),
                Shape::Object(_) | Shape::Words(_) => None,
            },
            _ => None,
        }
    }

    /// The first alternative, where the value is one of several.
    fn first(&self, kind: &ValueKind) -> Option<&'a ValueKind> {
        let union = self.union(kind)?;
        union.cases.first().map(|case| &case.value)
    }

    /// Whether some caller may send the member.
    pub fn sendable(&self, member: &Member) -> bool {
        match member.write {
            Write::Anyone | Write::Roles(_) => true,
            Write::Nobody => false,
            Write::Create => self.creating,
        }
    }

    /// The members of the plainest object: what is required, and as many more as `minProperties` wants, those that
    /// everybody may send first.
    pub fn plainest(&self, object: &'a Object) -> Vec<&'a Member> {
        let mut members: Vec<&Member> = object
            .members
            .iter()
            .filter(|m| m.required_in_request && self.sendable(m))
            .collect();
        let mut spare: Vec<&Member> = object
            .members
            .iter()
            .filter(|m| !m.required_in_request && self.sendable(m))
            .collect();
        spare.sort_by_key(|member| matches!(member.write, Write::Roles(_)));
        let missing = usize::try_from(object.min_properties)
            .unwrap_or(usize::MAX)
            .saturating_sub(members.len());
        members.extend(spare.into_iter().take(missing));
        members
    }

    /// Role sets of which the sender of the plainest value needs one each.
    pub fn writers(&self, kind: &ValueKind, depth: usize) -> Vec<u64> {
        if let Some(first) = self.first(kind) {
            return self.writers(first, depth);
        }
        let id = match kind {
            ValueKind::Named(id) => *id,
            ValueKind::List(list) if list.min > 0 => return self.writers(&list.items, depth + 1),
            ValueKind::Map(map) if map.min > 0 => return self.writers(&map.values, depth + 1),
            _ => return Vec::new(),
        };
        let Some(object) = self.object(id).filter(|_| depth < DEEPEST) else {
            return Vec::new();
        };
        let mut sets = Vec::new();
        for member in self.plainest(object) {
            if let Write::Roles(roles) = member.write {
                sets.push(roles);
            }
            sets.extend(self.writers(&member.value, depth + 1));
        }
        sets
    }

    /// A value that is admitted, the plainest there is. `None`: none was found, or it would be too large.
    pub fn sample(&self, kind: &ValueKind, depth: usize) -> Option<Value> {
        self.parts(kind, depth, LARGEST)?;
        self.plain(kind, depth)
    }

    /// How many values the plainest value consists of; `None` when they are more than `most`, which bounds the walk too.
    fn parts(&self, kind: &ValueKind, depth: usize, most: usize) -> Option<usize> {
        if let Some(first) = self.first(kind) {
            return self.parts(first, depth, most);
        }
        let mut count = 1_usize;
        match kind {
            ValueKind::List(list) => {
                let times = usize::try_from(list.min).ok()?;
                if times > 0 {
                    let each = self.parts(&list.items, depth + 1, most)?;
                    count = count.checked_add(each.checked_mul(times)?)?;
                }
            }
            ValueKind::Map(map) => {
                let times = usize::try_from(map.min).ok()?;
                if times > 0 {
                    let each = self.parts(&map.values, depth + 1, most)?;
                    count = count.checked_add(each.checked_mul(times)?)?;
                }
            }
            ValueKind::Named(id) => {
                // Deeper ones are never made.
                if let Some(object) = self.object(*id).filter(|_| depth <= DEEPEST) {
                    for member in self.plainest(object) {
                        let left = most.checked_sub(count)?;
                        count = count.checked_add(self.parts(&member.value, depth + 1, left)?)?;
                    }
                }
            }
            _ => {}
        }
        (count <= most).then_some(count)
    }

    fn plain(&self, kind: &ValueKind, depth: usize) -> Option<Value> {
        match kind {
            ValueKind::Boolean => Some(json!(true)),
            ValueKind::Integer(whole) => sample_whole(whole).map(|number| json!(number)),
            ValueKind::Number(real) => numbers::sample(real),
            ValueKind::Text(text) => witness::sample(text).map(Value::from),
            ValueKind::File(file) => form::file(file),
            ValueKind::List(list) => self
                .items(&list.items, usize::try_from(list.min).ok()?, depth)
                .map(Value::from),
            ValueKind::Map(map) => self.entries(map, map.min, depth),
            // With a member, so that it can be given twice.
            ValueKind::Json(free) if free.object > 0 => Some(json!({ (NAME): true })),
            ValueKind::Json(_) => Some(json!(true)),
            ValueKind::Named(id) => match self.shape(*id)? {
                Shape::Words(words) => words.first().map(|word| json!(word)),
                Shape::Object(object) => {
                    let made = self.object_of(&self.plainest(object), depth)?;
                    self.keeping_rules(object, made, depth)
                }
                Shape::Union(union) => self.plain(&union.cases.first()?.value, depth),
            },
        }
    }

    /// An object of these members.
    pub fn object_of(&self, members: &[&Member], depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let mut made = Map::new();
        for member in members {
            // What is proved must be the caller's. A list of ids is: the probe knows them all but some.
            let value = match (member.proved, &member.value) {
                (Some(resource), ValueKind::Text(_)) => {
                    json!(super::scene::plant(self.plan, resource)?.own)
                }
                _ => self.plain(&member.value, depth + 1)?,
            };
            made.insert(member.name.clone(), value);
        }
        Some(Value::Object(made))
    }

    /// So many admitted items, different ones where the kind has so many.
    pub fn items(&self, kind: &ValueKind, count: usize, depth: usize) -> Option<Vec<Value>> {
        if count > LARGEST {
            return None;
        }
        let different = match kind {
            ValueKind::Text(text) => witness::distinct(text, count)
                .map(|found| found.into_iter().map(Value::from).collect()),
            ValueKind::Integer(whole) => wholes(whole, count),
            ValueKind::Number(real) => numbers::many(real, count),
            ValueKind::Named(id) => match self.shape(*id)? {
                Shape::Words(words) if words.len() >= count => {
                    Some(words.iter().take(count).map(|w| json!(w)).collect())
                }
                _ => None,
            },
            _ => None,
        };
        match different {
            Some(items) => Some(items),
            None => Some(vec![self.sample(kind, depth + 1)?; count]),
        }
    }

    /// `body` with `value` at `path`; what is missing on the way is made. `None` in `value` takes the member away.
    pub fn place(
        &self,
        body: &mut Value,
        kind: &ValueKind,
        path: &[Step],
        value: Option<Value>,
        depth: usize,
    ) -> Option<()> {
        let Some((first, rest)) = path.split_first() else {
            *body = value?;
            return Some(());
        };
        match (first, kind) {
            (Step::Case(at), kind) => {
                let union = self.union(kind)?;
                let case = union.cases.get(*at)?;
                if unions::case(union, body) != Some(*at) {
                    *body = self.sample(&case.value, depth)?;
                }
                self.place(body, &case.value, rest, value, depth)
            }
            (Step::Member(name), ValueKind::Named(id)) => {
                let members = body.as_object_mut()?;
                if rest.is_empty() && value.is_none() {
                    members.remove(name);
                    return Some(());
                }
                // A member that is not declared can be put here too.
                let object = self.object(*id)?;
                let mut declared = object.members.iter();
                let declared = declared.find(|member| member.name == *name);
                let inner = match declared {
                    Some(member) => Some(&member.value),
                    None => object.rest.as_ref().map(|rest| &*rest.value),
                };
                if rest.is_empty() {
                    members.insert(name.clone(), value?);
                    return Some(());
                }
                let inner = inner?;
                if !members.contains_key(name) {
                    members.insert(name.clone(), self.sample(inner, depth + 1)?);
                }
                self.place(members.get_mut(name)?, inner, rest, value, depth + 1)
            }
            (Step::Member(name), ValueKind::Map(map)) => {
                let entries = body.as_object_mut()?;
                if rest.is_empty() {
                    entries.insert(name.clone(), value?);
                    return Some(());
                }
                if !entries.contains_key(name) {
                    entries.insert(name.clone(), self.sample(&map.values, depth + 1)?);
                }
                self.place(entries.get_mut(name)?, &map.values, rest, value, depth + 1)
            }
            (Step::Item, ValueKind::List(list)) => {
                let items = body.as_array_mut()?;
                if items.is_empty() {
                    items.push(self.sample(&list.items, depth + 1)?);
                }
                self.place(items.first_mut()?, &list.items, rest, value, depth + 1)
            }
            _ => None,
        }
    }
}

/// The smallest admitted integer from `low` on.
pub fn whole_from(whole: &Whole, low: i64) -> Option<i64> {
    let low = i128::from(low.max(whole.min));
    let step = i128::from(whole.multiple_of.unwrap_or(1)).abs().max(1);
    let found = i64::try_from(low + (-low).rem_euclid(step)).ok()?;
    (found <= whole.max).then_some(found)
}

/// The largest admitted integer.
pub fn whole_last(whole: &Whole) -> Option<i64> {
    let step = i128::from(whole.multiple_of.unwrap_or(1)).abs().max(1);
    let found =
        i64::try_from(i128::from(whole.max) - i128::from(whole.max).rem_euclid(step)).ok()?;
    (found >= whole.min).then_some(found)
}

/// What an integer breaks.
pub fn whole_broken(whole: &Whole, value: i128) -> Vec<&'static str> {
    let mut broken = Vec::new();
    if value < i128::from(whole.min) {
        broken.push(if whole.min_exclusive {
            "exclusiveMinimum"
        } else {
            "minimum"
        });
    }
    if value > i128::from(whole.max) {
        broken.push(if whole.max_exclusive {
            "exclusiveMaximum"
        } else {
            "maximum"
        });
    }
    if whole
        .multiple_of
        .is_some_and(|step| step != 0 && value.rem_euclid(i128::from(step).abs()) != 0)
    {
        broken.push("multipleOf");
    }
    broken
}

fn sample_whole(whole: &Whole) -> Option<i64> {
    whole_from(whole, 1).or_else(|| whole_from(whole, i64::MIN))
}

/// So many different ones.
pub fn wholes(whole: &Whole, count: usize) -> Option<Vec<Value>> {
    let mut found = Vec::with_capacity(count);
    let mut next = sample_whole(whole)?;
    for _ in 0..count {
        found.push(json!(next));
        next = whole_from(whole, next.checked_add(1)?)?;
    }
    Some(found)
}
