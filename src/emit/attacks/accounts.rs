//! Limits that count by a member of the body, as those of logins do (P85, ruling 13).

use super::case::{Before, REACHED, Sent};
use super::quotas::{add, at_once, declared_failure, over, times};
use super::scene::Scene;
use super::stage::Stage;
use super::witness;
use crate::plan::{Quota, ValueKind};
use serde_json::json;
use std::rc::Rc;

/// N failures of one account from one address, then none (P85); another account is no worse off.
pub fn accounts(scene: &mut Scene<'_>, stage: &Stage<'_>, quota: &Quota, field: &str) {
    let name = |what: &str| format!("{:?}: {what}", quota.name);
    let failure = declared_failure(stage.operation);
    let (status, failing) = match (quota.failures_only, failure) {
        (false, _) => (REACHED, false),
        (true, Some(status)) => (status, true),
        (true, None) => {
            let why = "the document declares no failure that a handler could answer";
            return scene.skip("quota", name("failures of one account"), why);
        }
    };
    let good = stage.control();
    let filled = Before {
        failing,
        ..times(quota.limit, status, good.clone())
    };
    let others = stage.operation.quotas.iter();
    let room = others
        .filter_map(|at| scene.plan.quotas.get(*at))
        .filter(|each| each.name != quota.name)
        .map(|each| each.limit)
        .min();
    let many = at_once(scene, quota).min(room.unwrap_or(u32::MAX));
    if many > quota.limit {
        let guesses = Before {
            times: many,
            at_most: Some(quota.limit),
            ..filled.clone()
        };
        add(
            scene,
            name("guesses at once"),
            guesses,
            good.clone(),
            over(quota),
        );
    }
    add(
        scene,
        name("failures of one account"),
        filled.clone(),
        good,
        over(quota),
    );
    let Some(other) = other_account(stage, field) else {
        return scene.skip(
            "quota",
            name("another account"),
            "no other account was found",
        );
    };
    let expect = scene.reached();
    add(scene, name("another account"), filled, other, expect);
}

/// The plainest request for another account.
fn other_account(stage: &Stage<'_>, field: &str) -> Option<Sent> {
    let body = stage.operation.body.as_ref()?;
    let members = &stage.maker.object(body.named()?)?.members;
    let member = members.iter().find(|member| member.name == field)?;
    let ValueKind::Text(rule) = &member.value else {
        return None;
    };
    let mut value = serde_json::Value::clone(stage.body.as_ref()?);
    let account = value.get_mut(field)?;
    let mut others = witness::distinct(rule, 3)?.into_iter();
    *account = others.find(|other| *account != json!(other))?.into();
    Some(stage.request().json(Rc::new(value)).by(stage.token.clone()))
}
