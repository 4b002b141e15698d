//! Schemas: every bound written out, each side of a type as it holds there.

use super::policy;
use super::tree::{Map, Tree, reference, texts};
use crate::decimal::Decimal;
use crate::plan::{
    self, Default, File, Format, IdRule, List, Member, NO_NUL, Object, Plan, Read, Real, ReplyBody,
    ReplyValue, Shape, Text, Type, TypeId, Union, ValueKind, Whole, Write,
};
use std::collections::{BTreeMap, BTreeSet};

/// Of whom a schema speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The effective document has one schema for both, as the document has: `readOnly` and `writeOnly` tell them apart.
    Both,
    Request,
    Reply,
}

/// The types of a plan, with what each is called on each side.
pub struct Schemas<'a> {
    plan: &'a Plan,
    /// `None`: the name cannot be one of a component, so the type is written out where it is used.
    names: Vec<Option<Names>>,
    /// Types that may be null wherever they are used.
    nullable: BTreeSet<TypeId>,
    /// What `Problem` is called here.
    pub problem: String,
}

struct Names {
    reply: String,
    request: String,
}

impl<'a> Schemas<'a> {
    /// `split`: a type that is not the same in requests and replies gets a name for each.
    pub fn new(plan: &'a Plan, split: bool) -> Self {
        let mut taken: BTreeSet<String> = plan.types.iter().map(|each| each.name.clone()).collect();
        let mut free = |wanted: &str| {
            let mut name = wanted.to_owned();
            let mut count = 2_u32;
            while !taken.insert(name.clone()) {
                name = format!("{wanted}{count}");
                count += 1;
            }
            name
        };
        let problem = free("Problem");
        let mut differ = vec![None; plan.types.len()];
        for index in 0..plan.types.len() {
            differs(plan, TypeId(index), &mut differ);
        }
        let names = plan.types.iter().zip(&differ).map(|(each, differs)| {
            let component = !each.name.is_empty()
                && each
                    .name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
            component.then(|| Names {
                reply: each.name.clone(),
                request: match split && each.request && each.reply && *differs == Some(true) {
                    true => free(&format!("{}Request", each.name)),
                    false => each.name.clone(),
                },
            })
        });
        let names = names.collect();
        Schemas {
            plan,
            names,
            nullable: always_nullable(plan),
            problem,
        }
    }

    /// A type where it is used.
    pub fn used(&self, id: TypeId, side: Side) -> Map<'a> {
        match self.name(id, side) {
            Some(name) => reference("schemas", name),
            None => self.written(id, side),
        }
    }

    fn name(&self, id: TypeId, side: Side) -> Option<&str> {
        let names = self.names.get(id.0)?.as_ref()?;
        Some(match side {
            Side::Request => &names.request,
            Side::Both | Side::Reply => &names.reply,
        })
    }

    /// All types, in the order of the plan.
    pub fn all(&self) -> Map<'a> {
        let mut map = Map::new();
        for index in 0..self.plan.types.len() {
            let id = TypeId(index);
            if let Some(name) = self.name(id, Side::Both) {
                map.set(name.to_owned(), self.written(id, Side::Both));
            }
        }
        map
    }

    /// Those that are reached from `used`, each side under its name.
    pub fn reached(&self, used: &[(TypeId, Side)]) -> Map<'a> {
        let mut reached = BTreeSet::new();
        let mut open = used.to_vec();
        while let Some((id, side)) = open.pop() {
            if !reached.insert((id, side)) {
                continue;
            }
            if let Some(shape) = self.shape(id) {
                let inner = shape.inner(|each| shows(each, side)).into_iter();
                open.extend(inner.map(|id| (id, side)));
            }
        }
        let mut map = Map::new();
        let mut written = BTreeSet::new();
        for (id, side) in reached {
            if let Some(name) = self.name(id, side)
                && written.insert(name)
            {
                map.set(name.to_owned(), self.written(id, side));
            }
        }
        map
    }

    fn kind(&self, id: TypeId) -> Option<&'a Type> {
        self.plan.types.get(id.0)
    }

    fn shape(&self, id: TypeId) -> Option<&'a Shape> {
        self.kind(id).map(|each| &each.shape)
    }

    fn written(&self, id: TypeId, side: Side) -> Map<'a> {
        let Some(each) = self.kind(id) else {
            return Map::new();
        };
        let nullable = self.nullable.contains(&id);
        match &each.shape {
            Shape::Words(words) => {
                let mut map = Map::new();
                map.set("type", kind("string", nullable))
                    .maybe("description", each.description.as_ref());
                let mut list: Vec<Tree> = words.iter().map(Tree::from).collect();
                if nullable {
                    list.push(Tree::Null);
                }
                map.set("enum", list);
                map
            }
            Shape::Object(object) => self.object(each, object, nullable, side),
            Shape::Union(union) => self.union(each, union, side),
        }
    }

    /// Closed alternatives exclude each other as they stand here: no word is needed that tells them apart.
    fn union(&self, each: &'a Type, union: &'a Union, side: Side) -> Map<'a> {
        let cases = union.cases.iter();
        let mut cases: Vec<Tree> = cases
            .map(|case| self.value(&case.value, false, false, side).into())
            .collect();
        // No alternative says so: that it may stand here makes a type one that is not always null.
        if union.nullable {
            let mut null = Map::new();
            null.set("type", "null");
            cases.push(null.into());
        }
        let mut map = Map::new();
        map.maybe("description", each.description.as_ref())
            .set(union.keyword(), cases);
        map
    }

    /// Whether a type is written as one that may be null.
    fn is_nullable(&self, id: TypeId) -> bool {
        match self.shape(id) {
            Some(Shape::Union(union)) => union.nullable,
            _ => self.nullable.contains(&id),
        }
    }

    fn object(&self, each: &'a Type, object: &'a Object, nullable: bool, side: Side) -> Map<'a> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut partly = false;
        for member in &object.members {
            if !shows(member, side) {
                partly = true;
                continue;
            }
            partly |= side == Side::Reply && member.read != Read::Anyone;
            let listed = match side {
                Side::Both => member.required && !self.unlisted(each, member),
                Side::Request => member.required_in_request,
                Side::Reply => member.required_in_reply,
            };
            if listed {
                required.push(Tree::from(&member.name));
            }
            properties.set(&member.name, self.member(each, member, side));
        }
        let mut map = Map::new();
        map.set("type", kind("object", nullable))
            .maybe("description", each.description.as_ref());
        if !required.is_empty() {
            map.set("required", required);
        }
        match &object.rest {
            Some(rest) => map.set(
                "additionalProperties",
                self.value(&rest.value, rest.nullable, false, side),
            ),
            None => map.set("additionalProperties", false),
        };
        // What a caller may not see is not counted for them.
        if object.min_properties > 0 && !(partly && side == Side::Reply) {
            map.set("minProperties", object.min_properties);
        }
        map.maybe("maxProperties", object.max_properties)
            .set("properties", properties);
        if side == Side::Both {
            map.maybe("x-security", policy::rules(object));
        }
        map
    }

    /// Whether a member is always there and yet not in every reply: `required` would be wrong of replies (ruling 63).
    fn unlisted(&self, each: &Type, member: &Member) -> bool {
        each.reply && matches!(member.read, Read::Some { .. })
    }

    fn member(&self, owner: &Type, member: &'a Member, side: Side) -> Map<'a> {
        let own = member.value.inner().and_then(|id| self.kind(id));
        let direct = matches!(member.value, ValueKind::Named(_));
        let mut map = self.value(&member.value, member.nullable, member.password, side);
        // The description of a type that is referred to stands there.
        let told = direct && own.is_some_and(|own| own.description == member.description);
        if !told && let Some(description) = &member.description {
            let after = map.0.len().min(1);
            map.0
                .insert(after, ("description".into(), description.into()));
        }
        let (closed, hidden) = (member.write == Write::Nobody, member.read == Read::Nobody);
        if closed && !hidden && side != Side::Request {
            map.set("readOnly", true);
        }
        if hidden && side != Side::Reply {
            map.set("writeOnly", true);
        }
        if side == Side::Both {
            let marks = policy::marks(
                self.plan,
                member,
                member.required && self.unlisted(owner, member),
            );
            if !marks.is_empty() {
                map.set("x-security", marks);
            }
        }
        map
    }

    /// The schema of a value. `password` says how a text is shown.
    pub fn value(
        &self,
        value: &'a ValueKind,
        nullable: bool,
        password: bool,
        side: Side,
    ) -> Map<'a> {
        match value {
            ValueKind::Boolean => {
                let mut map = Map::new();
                map.set("type", kind("boolean", nullable));
                map
            }
            ValueKind::Integer(rule) => whole(rule, nullable),
            ValueKind::Number(rule) => real(rule, nullable),
            ValueKind::Text(rule) => text(rule, nullable, password),
            ValueKind::File(rule) => file(rule, nullable),
            // The type is not null by itself: it is this use that admits it.
            ValueKind::Named(id) if nullable && !self.is_nullable(*id) => {
                let mut null = Map::new();
                null.set("type", "null");
                let either = vec![Tree::Map(self.used(*id, side)), Tree::Map(null)];
                let mut map = Map::new();
                map.set("oneOf", either);
                map
            }
            // No keyword says what holds at every depth; `limits` does.
            ValueKind::Json(_) => Map::new(),
            ValueKind::Named(id) => self.used(*id, side),
            ValueKind::List(rule) => self.list(rule, nullable, side),
            ValueKind::Map(rule) => {
                let mut map = Map::new();
                map.set("type", kind("object", nullable));
                if rule.min > 0 {
                    map.set("minProperties", rule.min);
                }
                let values = self.value(&rule.values, rule.values_nullable, false, side);
                map.set("maxProperties", rule.max);
                if let Some(names) = &rule.names {
                    map.set("propertyNames", data_names(names));
                }
                map.set("additionalProperties", values);
                map
            }
        }
    }

    fn list(&self, rule: &'a List, nullable: bool, side: Side) -> Map<'a> {
        let mut map = Map::new();
        map.set("type", kind("array", nullable));
        if rule.min > 0 {
            map.set("minItems", rule.min);
        }
        map.set("maxItems", rule.max);
        if rule.unique {
            map.set("uniqueItems", true);
        }
        map.set(
            "items",
            self.value(&rule.items, rule.items_nullable, false, side),
        );
        map
    }
}

fn shows(member: &Member, side: Side) -> bool {
    match side {
        Side::Both => true,
        Side::Request => member.write != Write::Nobody,
        Side::Reply => member.read != Read::Nobody,
    }
}

/// Whether a type is not the same on both sides. `None` stands for one that was not looked at; types hold no circles.
fn differs(plan: &Plan, id: TypeId, known: &mut Vec<Option<bool>>) -> bool {
    if let Some(Some(known)) = known.get(id.0) {
        return *known;
    }
    let mut different = false;
    let shape = plan.types.get(id.0).map(|each| &each.shape);
    if let Some(shape @ Shape::Union(_)) = shape {
        for id in shape.inner(|_| true) {
            different |= differs(plan, id, known);
        }
    }
    if let Some(Shape::Object(object)) = shape {
        for member in &object.members {
            let (sent, received) = (shows(member, Side::Request), shows(member, Side::Reply));
            let required = member.required_in_request != member.required_in_reply;
            let inner = member
                .value
                .inner()
                .is_some_and(|id| differs(plan, id, known));
            different |= sent != received || (sent && (required || inner));
        }
    }
    if let Some(slot) = known.get_mut(id.0) {
        *slot = Some(different);
    }
    different
}

/// Types that may be null in each of their uses: of others a use says so itself.
fn always_nullable(plan: &Plan) -> BTreeSet<TypeId> {
    let mut uses = BTreeMap::new();
    for each in &plan.types {
        match &each.shape {
            Shape::Object(object) => {
                for member in &object.members {
                    note(&member.value, member.nullable, &mut uses);
                }
            }
            Shape::Union(union) => {
                for case in &union.cases {
                    note(&case.value, false, &mut uses);
                }
            }
            Shape::Words(_) => {}
        }
    }
    for each in &plan.operations {
        for param in &each.params {
            note(&param.value, false, &mut uses);
        }
        if let Some(body) = &each.body {
            note(&body.value, false, &mut uses);
        }
        for reply in &each.replies {
            match &reply.body {
                ReplyBody::Json(ReplyValue::Plain(value)) | ReplyBody::Text(value) => {
                    note(value, false, &mut uses);
                }
                ReplyBody::Json(ReplyValue::One(id) | ReplyValue::Many(id)) => {
                    uses.insert(*id, false);
                }
                ReplyBody::Problem | ReplyBody::Empty => {}
            }
        }
    }
    let always = uses.into_iter().filter(|(_, always)| *always);
    always.map(|(id, _)| id).collect()
}

fn note(value: &ValueKind, nullable: bool, uses: &mut BTreeMap<TypeId, bool>) {
    match value {
        ValueKind::Named(id) => *uses.entry(*id).or_insert(true) &= nullable,
        ValueKind::List(list) => note(&list.items, list.items_nullable, uses),
        ValueKind::Map(map) => note(&map.values, map.values_nullable, uses),
        _ => {}
    }
}

/// What identifies an object.
pub fn id(rule: &IdRule) -> Map<'_> {
    match rule {
        IdRule::Text(rule) => text(rule, false, false),
        IdRule::Whole(rule) => whole(rule, false),
    }
}

fn kind(name: &'static str, nullable: bool) -> Tree<'static> {
    match nullable {
        true => texts([name, "null"]),
        false => name.into(),
    }
}

pub fn default(default: &Default) -> Tree<'_> {
    match default {
        Default::Boolean(value) => (*value).into(),
        Default::Integer(value) => (*value).into(),
        Default::Number(value) => decimal(value),
        Default::Text(value) => value.into(),
    }
}

fn whole(rule: &Whole, nullable: bool) -> Map<'static> {
    let mut map = Map::new();
    // A format that is as strict as an exclusive bound would be the one that a refusal names.
    let narrow = i64::from(i32::MIN) < rule.min && rule.max < i64::from(i32::MAX)
        || !rule.min_exclusive
            && !rule.max_exclusive
            && i32::try_from(rule.min).is_ok()
            && i32::try_from(rule.max).is_ok();
    map.set("type", kind("integer", nullable))
        .set("format", if narrow { "int32" } else { "int64" });
    match rule.min_exclusive {
        true => map.set("exclusiveMinimum", Tree::Whole(i128::from(rule.min) - 1)),
        false => map.set("minimum", rule.min),
    };
    match rule.max_exclusive {
        true => map.set("exclusiveMaximum", Tree::Whole(i128::from(rule.max) + 1)),
        false => map.set("maximum", rule.max),
    };
    map.maybe("multipleOf", rule.multiple_of);
    map
}

fn data_names(rule: &plan::Names) -> Map<'_> {
    match rule {
        plan::Names::Text(rule) => text(rule, false, false),
        plan::Names::Words(words) => {
            let mut map = Map::new();
            map.set("type", "string")
                .set("enum", texts(words.iter().map(String::as_str)));
            map
        }
    }
}

/// What is read at all is what a double can stand for; a bound of `float` is written out.
fn real(rule: &Real, nullable: bool) -> Map<'static> {
    let mut map = Map::new();
    map.set("type", kind("number", nullable))
        .set("format", "double");
    if let Some(min) = &rule.min {
        map.set(min.word("minimum", "exclusiveMinimum"), decimal(&min.at));
    }
    if let Some(max) = &rule.max {
        map.set(max.word("maximum", "exclusiveMaximum"), decimal(&max.at));
    }
    map.maybe("multipleOf", rule.multiple_of.as_ref().map(decimal));
    map
}

fn decimal(number: &Decimal) -> Tree<'static> {
    Tree::Decimal(number.to_string().into())
}

fn file(rule: &File, nullable: bool) -> Map<'static> {
    let mut map = Map::new();
    map.set("type", kind("string", nullable))
        .set("format", "binary");
    if rule.min > 0 {
        map.set("minLength", rule.min);
    }
    map.set("maxLength", rule.max);
    map
}

pub fn text(rule: &Text, nullable: bool, password: bool) -> Map<'_> {
    let format = rule.format.map(|format| match format {
        Format::Email => "email",
        Format::Uuid => "uuid",
        Format::Date => "date",
        Format::DateTime => "date-time",
        Format::Uri => "uri",
        Format::Ipv4 => "ipv4",
        Format::Ipv6 => "ipv6",
    });
    let format = format.or(password.then_some("password"));
    let pattern = rule.pattern.as_ref().map(|pattern| pattern.source.as_str());
    let pattern = match format {
        None => Some(pattern.unwrap_or(NO_NUL)),
        Some(_) => pattern,
    };
    let mut map = Map::new();
    map.set("type", kind("string", nullable))
        .maybe("format", format)
        .maybe("pattern", pattern);
    if rule.min > 0 {
        map.set("minLength", rule.min);
    }
    map.set("maxLength", rule.max);
    map
}
