//! Ids in bodies: one that is not the caller's, in every place of a list, refuses all of them (P40).

use super::circumstances::Which;
use super::sample::Maker;
use super::scene::{Scene, distinct};
use super::stage::Stage;
use crate::plan::{BodyId, Count, Member, OnDenied, Operation, OwnKind, Step, ValueKind};
use serde_json::{Value, json};
use std::rc::Rc;

pub fn attack<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    let operation = stage.operation;
    for owns in &operation.owns {
        let id = owns.kind.in_body().and_then(|at| operation.ids.get(at));
        let (Some(id), Some(resource)) = (id, scene.plan.resources.get(owns.resource)) else {
            continue;
        };
        let Some(Some(planted)) = scene.planted.get(owns.resource).cloned() else {
            continue;
        };
        let name = &resource.name;
        let by_owner = matches!(owns.kind, OwnKind::Owner { .. });
        let everything = scene.all_without(0);
        let outsider = scene.all_without(resource.bypass);
        let sets = scene.sets(operation);
        let gets_in = |roles: &[usize]| sets.iter().all(|set| scene.holds(roles) & set != 0);
        // Who must not be excused from what.
        let mut wrong = vec![
            (
                "absent-object",
                "that does not exist",
                planted.absent.clone(),
                &stage.roles,
            ),
            (
                "absent-object",
                "and the loader reports another",
                planted.mixed_up.clone(),
                &stage.roles,
            ),
        ];
        if by_owner && gets_in(&outsider) {
            wrong.push((
                "someone-elses-object",
                "of someone else",
                planted.other.clone(),
                &outsider,
            ));
        }
        if resource.tenant && gets_in(&everything) {
            wrong.push((
                "other-tenant",
                "of another tenant",
                planted.foreign.clone(),
                &everything,
            ));
        }
        let parent = owns.parent.and_then(|at| operation.owns.get(at));
        if let Some(stray) = planted
            .stray
            .clone()
            .filter(|_| parent.is_some() && gets_in(&everything))
        {
            wrong.push((
                "wrong-parent",
                "of another parent than the one in the path",
                stray,
                &everything,
            ));
        }
        let mine = fill(&resource.id);
        for (kind, what, bad, roles) in wrong {
            let token = scene.token(operation, roles);
            let absent = with(stage, id, std::slice::from_ref(&planted.absent));
            for (place, ids) in places(id, &bad, &mine) {
                let Some(body) = with(stage, id, &ids) else {
                    continue;
                };
                let sent = stage.request().json(body).by(token.clone());
                let forbidden =
                    kind == "someone-elses-object" && resource.on_denied == OnDenied::Forbidden;
                let expect = match (&absent, forbidden) {
                    (_, true) => scene.refused(403).event("authz.object_denied", None),
                    (Some(absent), false) => {
                        let absent = stage.request().json(absent.clone()).by(token.clone());
                        let hidden = scene.refused(404).code("not_found");
                        match kind {
                            "absent-object" if *ids == [planted.absent.clone()] => hidden,
                            "absent-object" => hidden.same_as(absent),
                            _ => hidden.event("authz.object_denied", None).same_as(absent),
                        }
                    }
                    (None, false) => scene.refused(404).code("not_found"),
                };
                if scene.policies_admit(stage, &sent, Which::Own) {
                    scene.add(
                        kind,
                        format!("{name} in the body {what}, {place}"),
                        sent,
                        expect,
                    );
                }
            }
        }
        let own = planted.own.clone();
        let mut good = vec![("the caller's own", vec![own.clone()])];
        if id.count == Count::Many {
            good.push(("the same twice", vec![own.clone(), own]));
            good.push(("none", Vec::new()));
        }
        for (what, ids) in good {
            let Some(body) =
                with(stage, id, &ids).filter(|_| !(ids.len() > 1 && is_unique(scene, id)))
            else {
                continue;
            };
            let sent = stage.request().json(body).by(stage.token.clone());
            if scene.policies_admit(stage, &sent, Which::Own) {
                scene.add(
                    "own-objects",
                    format!("{name} in the body, {what}"),
                    sent,
                    scene.reached(),
                );
            }
        }
    }
}

/// Ids that the probe takes for the caller's: those that a list is filled with anyhow.
fn fill(rule: &crate::plan::IdRule) -> Vec<String> {
    distinct(rule, 3)
        .unwrap_or_default()
        .into_iter()
        .skip(1)
        .collect()
}

/// The wrong one alone, and first, in the middle and last among right ones; and twice.
fn places(id: &BodyId, bad: &str, mine: &[String]) -> Vec<(&'static str, Vec<String>)> {
    let bad = bad.to_owned();
    let mut places = vec![("alone", vec![bad.clone()])];
    if let (Count::Many, [one, two]) = (id.count, mine) {
        let (one, two) = (one.clone(), two.clone());
        places.push(("first", vec![bad.clone(), one.clone(), two.clone()]));
        places.push(("in the middle", vec![one.clone(), bad.clone(), two.clone()]));
        places.push(("last", vec![one, two, bad]));
    }
    places
}

/// Whether items of its lists must differ.
fn is_unique(scene: &Scene<'_>, id: &BodyId) -> bool {
    let mut members = id.steps.iter().filter_map(|step| member(scene.plan, *step));
    members.any(|member| matches!(&member.value, ValueKind::List(list) if list.unique))
}

fn member(plan: &crate::plan::Plan, step: Step) -> Option<&Member> {
    match step {
        Step::Member { object, member } => match &plan.types.get(object.0)?.shape {
            crate::plan::Shape::Object(object) => object.members.get(member),
            crate::plan::Shape::Words(_) | crate::plan::Shape::Union(_) => None,
        },
        Step::Each { .. } => None,
    }
}

/// The plainest body with these ids; `None` where its lists do not hold so many.
pub fn with(stage: &Stage<'_>, id: &BodyId, ids: &[String]) -> Option<Rc<Value>> {
    let body = body(stage.operation)?;
    let plain = stage.body.as_deref().cloned();
    put(&stage.maker, plain, &body, &id.steps, ids).map(Rc::new)
}

fn body(operation: &Operation) -> Option<ValueKind> {
    operation.body.as_ref().map(|body| body.value.clone())
}

fn put(
    maker: &Maker<'_>,
    value: Option<Value>,
    kind: &ValueKind,
    steps: &[Step],
    ids: &[String],
) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else {
        return ids.first().map(|id| json!(id));
    };
    match (step, kind) {
        (Step::Member { .. }, ValueKind::Named(_)) => {
            let member = member(maker.plan, *step)?;
            let mut value = match value.filter(Value::is_object) {
                Some(value) => value,
                None => maker.sample(kind, 0)?,
            };
            let members = value.as_object_mut()?;
            let inner = put(
                maker,
                members.get(&member.name).cloned(),
                &member.value,
                rest,
                ids,
            )?;
            members.insert(member.name.clone(), inner);
            Some(value)
        }
        (Step::Each { .. }, ValueKind::List(list)) => {
            let count = ids.len() as u64;
            if count < list.min || count > list.max {
                return None;
            }
            let items = ids
                .iter()
                .map(|id| put(maker, None, &list.items, rest, std::slice::from_ref(id)));
            items.collect::<Option<Vec<Value>>>().map(Value::from)
        }
        _ => None,
    }
}
