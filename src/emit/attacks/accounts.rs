//! Limits that count by a member of the body, as those of logins do (P85, ruling 13).

use super::case::{Before, REACHED, Sent};
use super::quotas::{add, at_once, declared_failure, over, times};
use super::scene::Scene;
use super::stage::Stage;
use super::witness;
use crate::plan::{Quota, ValueKind};
use serde_json::json;
use std::rc::Rc;

/// Seconds before the end of a window.
const SHORTLY: u64 = 5;

/// N failures of one account from one address, then none (P85); another account is no worse off.
pub fn accounts(scene: &mut Scene<'_>, stage: &Stage<'_>, quota: &Quota, field: &str) {
    let name = |what: &str| format!("{:?}: {what}", quota.name);
    let Some((status, failing)) = failure(stage, quota) else {
        let why = "the document declares no failure that a handler could answer";
        return scene.skip("quota", name("failures of one account"), why);
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
    add(
        scene,
        name("another account"),
        filled,
        other.clone(),
        expect,
    );
    own_window(scene, stage, quota, field);
}

/// A limit of the address refuses before this one, as long as its window lasts. That of the account began later, and goes on
/// when the address is free again. Whether that can be tried.
pub fn own_window(scene: &mut Scene<'_>, stage: &Stage<'_>, quota: &Quota, field: &str) -> bool {
    let others = stage.operation.quotas.iter();
    let others = others
        .filter_map(|at| scene.plan.quotas.get(*at))
        .filter(|each| each.name != quota.name);
    let (least, longest) = others
        .map(|each| (each.limit, each.window_seconds))
        .fold((u32::MAX, 0), |(least, longest), (limit, window)| {
            (least.min(limit), longest.max(window))
        });
    let (Some((status, failing)), Some(other), Some(nearly)) = (
        failure(stage, quota),
        other_account(stage, field),
        longest.checked_sub(SHORTLY),
    ) else {
        return false;
    };
    // Before the address is free again, and after it: somebody else has begun its window.
    let early = least.saturating_sub(1).min(quota.limit - 1);
    let late = quota.limit - early;
    if early == 0 || late >= least || quota.window_seconds <= 2 * SHORTLY {
        return false;
    }
    let good = stage.control();
    let failed = |count| Before {
        failing,
        ..times(count, status, good.clone())
    };
    let somebody = Before {
        wait: Some(nearly),
        sent: other,
        ..failed(1)
    };
    let early = Before {
        first: Some(Box::new(somebody)),
        wait: Some(SHORTLY + 1),
        ..failed(early)
    };
    let late = Before {
        first: Some(Box::new(early)),
        ..failed(late)
    };
    let name = format!("{:?}: in the window of the account", quota.name);
    add(scene, name, late, good, over(quota));
    true
}

/// With what a handler fails, and whether it must be told to.
fn failure(stage: &Stage<'_>, quota: &Quota) -> Option<(u16, bool)> {
    if !quota.failures_only {
        return Some((REACHED, false));
    }
    declared_failure(stage.operation).map(|status| (status, true))
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
