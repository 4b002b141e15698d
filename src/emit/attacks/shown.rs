//! What leaves: members that only some may read, and rows of lists that are not the caller's (P45, P46).
//!
//! The probe's handlers answer here, with everything that the document declares and rows of everybody. Which members and
//! rows must arrive is worked out from the plan; one more, or one less, is wrong.

use super::case::{Expect, Sent};
use super::circumstances::Which;
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{
    Case, Member, Operation, OwnKind, Plan, Read, ReplyBody, ReplyValue, Shape, TypeId, Union,
    ValueKind,
};
use serde_json::{Map, Value, json};

/// How deep answers are filled with what may be absent.
pub const DEPTH: u8 = 2;

/// The one name in an object whose names are data.
pub const ENTRY: &str = "palisade";

/// An answer of more values than this is not looked at: a schema that holds others many times over has no end of them.
const MOST: usize = 2_000;

/// The answer of an operation that has members: its status, and what it holds. None of a list for whose rows there are no
/// ids.
pub fn answer<'o>(scene: &Scene<'_>, operation: &'o Operation) -> Option<(u16, &'o ReplyValue)> {
    if let Some(resource) = listed(operation) {
        scene.planted.get(resource)?.as_ref()?;
    }
    let mut replies = operation.replies.iter();
    replies.find_map(|reply| match &reply.body {
        ReplyBody::Json(value) if (200..300).contains(&reply.status) => Some((reply.status, value)),
        _ => None,
    })
}

/// Whether the member is filled with that much depth left. The same for what is answered and for what is expected.
pub fn filled(plan: &Plan, member: &Member, left: u8) -> bool {
    member.read != Read::Nobody
        && (left > 0 || member.required || !holds_objects(plan, &member.value))
}

/// Whether an object stands in the value.
pub fn holds_objects(plan: &Plan, value: &ValueKind) -> bool {
    match value {
        ValueKind::Named(id) => matches!(
            plan.types.get(id.0).map(|each| &each.shape),
            Some(Shape::Object(_) | Shape::Union(_))
        ),
        ValueKind::List(list) => holds_objects(plan, &list.items),
        ValueKind::Map(map) => holds_objects(plan, &map.values),
        _ => false,
    }
}

/// The alternative that answers have: the first with members that only some may read, or the first.
pub fn told<'p>(plan: &Plan, union: &'p Union) -> Option<(usize, &'p Case)> {
    let guarded = |case: &Case| {
        let id = case.value.inner();
        let shape = id
            .and_then(|id| plan.types.get(id.0))
            .map(|each| &each.shape);
        let by_some = |member: &Member| matches!(member.read, Read::Some { .. });
        matches!(shape, Some(Shape::Object(object)) if object.members.iter().any(by_some))
    };
    let mut cases = union.cases.iter().enumerate();
    let found = cases.clone().find(|(_, case)| guarded(case));
    found.or_else(|| cases.next())
}

/// Who looks at an object.
#[derive(Clone, Copy)]
struct Reader {
    roles: u64,
    owner: bool,
}

impl Reader {
    fn may_read(self, read: Read) -> bool {
        match read {
            Read::Anyone => true,
            Read::Nobody => false,
            Read::Some { roles, owner } => self.roles & roles != 0 || owner && self.owner,
        }
    }

    /// Members by name, `true` for what has none. `None`: more than anybody looks at.
    fn object(self, plan: &Plan, id: TypeId, left: u8, effort: &mut usize) -> Option<Value> {
        let object = match &plan.types.get(id.0)?.shape {
            Shape::Object(object) => object,
            Shape::Words(_) => return Some(json!(true)),
            Shape::Union(union) => {
                let (_, case) = told(plan, union)?;
                return self.value(plan, &case.value, left, effort);
            }
        };
        let mut members = Map::new();
        for member in &object.members {
            *effort = effort.checked_sub(1)?;
            if filled(plan, member, left) && self.may_read(member.read) {
                let value = if member.nullable && left == 0 && holds_objects(plan, &member.value) {
                    json!(true)
                } else {
                    self.value(plan, &member.value, left, effort)?
                };
                members.insert(member.name.clone(), value);
            }
        }
        if let Some(rest) = &object.rest {
            *effort = effort.checked_sub(1)?;
            members.insert(
                ENTRY.to_owned(),
                self.value(plan, &rest.value, left, effort)?,
            );
        }
        Some(members.into())
    }

    fn value(self, plan: &Plan, value: &ValueKind, left: u8, effort: &mut usize) -> Option<Value> {
        match value {
            ValueKind::Named(id) => self.object(plan, *id, left.saturating_sub(1), effort),
            ValueKind::List(list) if left == 0 && holds_objects(plan, &list.items) => {
                Some(json!([]))
            }
            ValueKind::Map(map) if left == 0 && holds_objects(plan, &map.values) => Some(json!({})),
            ValueKind::Map(map) => {
                Some(json!({ ENTRY: self.value(plan, &map.values, left, effort)? }))
            }
            ValueKind::List(list) => Some(json!([self.value(plan, &list.items, left, effort)?])),
            _ => Some(json!(true)),
        }
    }
}

pub fn attack<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    let operation = stage.operation;
    // What the service answers itself comes from no handler, and not from the probe.
    if operation.flow.is_some() {
        return;
    }
    let Some((status, value)) = answer(scene, operation) else {
        return;
    };
    for (name, sent, roles, owner) in looks(scene, stage, status) {
        let (plan, mut effort) = (scene.plan, MOST);
        let reader = |owner| Reader { roles, owner };
        let mut row = |id: &TypeId, owner| reader(owner).object(plan, *id, DEPTH, &mut effort);
        let mut undecided = false;
        let (kind, shape) = match value {
            // Of what is no object of its own nobody is the owner by having created it.
            ReplyValue::Plain(value) => (
                "members",
                reader(owner && !operation.owns.is_empty()).value(plan, value, DEPTH, &mut effort),
            ),
            ReplyValue::One(id) => ("members", row(id, owner)),
            ReplyValue::Many(id) => match listed(operation) {
                Some(_) if scene.judged(operation).is_some() => {
                    let rows = scene.judged_rows(operation).unwrap_or_default();
                    let Some(arriving) = scene.arriving(stage, &sent, rows) else {
                        scene.skip("rows", name, "whom the policy admits is not known");
                        continue;
                    };
                    undecided = arriving.undecided;
                    let rows = arriving.rows.into_iter().filter(|(arrives, _)| *arrives);
                    ("rows", rows.map(|(_, own)| row(id, own)).collect())
                }
                Some(resource) => {
                    let bypass = plan.resources.get(resource).map_or(0, |each| each.bypass);
                    let mut rows = vec![row(id, true)];
                    if roles & bypass != 0 {
                        rows.push(row(id, false));
                    }
                    ("rows", rows.into_iter().collect())
                }
                None => ("members", row(id, owner).map(|row| json!([row]))),
            },
        };
        let shape = shape.filter(|shape| scene.charge_shown(shape).is_some());
        let Some(shape) = shape else {
            scene.skip(kind, name, "it has more members than are looked at");
            continue;
        };
        let mut expect = Expect {
            shape: Some(shape),
            ..Expect::status(status)
        };
        if undecided {
            expect = expect.event("policy.error", Some("undecided"));
        }
        scene.add(kind, name, sent, expect);
    }
}

/// The resource whose rows the answer is a list of.
pub fn listed(operation: &Operation) -> Option<usize> {
    let mut owns = operation.owns.iter();
    owns.find(|owns| owns.kind == OwnKind::List)
        .map(|owns| owns.resource)
}

/// Who asks for what: a name, the request, the roles that are held, and whether the object is the caller's.
fn looks<'a>(scene: &Scene<'a>, stage: &Stage<'a>, status: u16) -> Vec<(String, Sent, u64, bool)> {
    let operation = stage.operation;
    let object = operation.written().find_map(|(_, owns)| {
        let by_owner = matches!(owns.kind, OwnKind::Owner { .. });
        Some((owns.kind.param()?, owns.resource, by_owner))
    });
    if scene.need(operation).is_none() {
        return vec![("of anybody".to_owned(), stage.control(), 0, false)];
    }
    // Whoever creates an object owns it (ruling 23).
    let created = status == 201 && operation.method == "POST" && operation.owns.is_empty();
    let owner = created || object.is_some();
    let everything = scene.all_without(0);
    let judged = scene.judged(operation).is_some();
    // Of whoever has a role of `bypass`, no policy is asked over rows.
    let outsider = scene.all_without(scene.bypass(operation));
    let gets_in = |set: &u64| scene.holds(&outsider) & set != 0;
    let asked = judged && scene.sets(operation).iter().all(gets_in);
    let mut looks = Vec::new();
    for (who, roles) in [
        ("the plainest caller", &stage.roles),
        ("every role", &everything),
        ("every role that is not excused", &outsider),
    ] {
        if std::ptr::eq(roles, &outsider) && !asked {
            continue;
        }
        let sent = stage.request().by(scene.token(operation, roles));
        if scene.policies_admit(stage, &sent, Which::Own) {
            looks.push((format!("for {who}"), sent, scene.holds(roles), owner));
        }
    }
    let Some((param, resource, by_owner)) = object else {
        return looks;
    };
    let Some(Some(planted)) = scene.planted.get(resource) else {
        return looks;
    };
    let mut sets = scene
        .need(operation)
        .map(|need| need.roles.clone())
        .unwrap_or_default();
    if by_owner {
        match scene.bypass(operation) {
            0 => return looks,
            bypass => sets.push(bypass),
        }
    }
    let roles = match by_owner {
        true => scene.choose(&sets, 0),
        false => Some(stage.roles.clone()),
    };
    if let Some(roles) = roles {
        let mut values = stage.values.clone();
        values.insert(param, planted.other.clone());
        let sent = stage.request_with(scene.plan, &values);
        let sent = sent.by(scene.token(operation, &roles));
        if scene.policies_admit(stage, &sent, Which::Other) {
            let who = "of someone else's".to_owned();
            looks.push((who, sent, scene.holds(&roles), false));
        }
    }
    looks
}
