//! One request too many (P79 to P85; rulings 12 to 15, 105, 106, 108).

use super::case::{Before, Case, Expect, Field, Quota, REACHED, Request, Sent};
use super::scene::{CALLER, Scene, Stage, put};
use crate::plan::{self, Access, By, Operation};
use serde_json::json;

/// Larger windows are not filled.
const MOST: u32 = 5000;

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let plan = scene.plan;
    let quotas: Vec<&plan::Quota> = operation.quotas.iter().filter_map(|at| plan.quotas.get(*at)).collect();
    for quota in &quotas {
        // The smallest limit of those that count alike is the one that refuses; the others are attacked where they are
        // the smallest.
        let first = quotas.iter().filter(|each| each.failures_only == quota.failures_only).map(|each| each.limit).min();
        if first != Some(quota.limit) {
            if !reached_elsewhere(scene, quota) {
                scene.skip(operation, "quota", format!("{:?}", quota.name), "a smaller limit always refuses first");
            }
            continue;
        }
        if quota.limit > MOST {
            scene.skip(operation, "quota", format!("{:?}", quota.name), "the limit is too large to be filled");
            continue;
        }
        if quota.failures_only { failures(scene, stage, quota) } else { every(scene, stage, quota) }
    }
}

/// Whether some operation has this limit as its smallest.
fn reached_elsewhere(scene: &Scene<'_>, quota: &plan::Quota) -> bool {
    scene.plan.operations.iter().any(|operation| {
        let mut limits = operation.quotas.iter().filter_map(|at| scene.plan.quotas.get(*at));
        let has = limits.clone().any(|each| each.name == quota.name);
        has && limits.all(|each| each.limit >= quota.limit)
    })
}

fn over(quota: &plan::Quota) -> Expect {
    Expect {
        quota: Some(Quota { name: quota.name.clone(), limit: quota.limit, window: quota.window_seconds }),
        ..Expect::status(429).event("ratelimit.exceeded", None)
    }
}

fn add(scene: &mut Scene<'_>, operation: &Operation, name: String, before: Before, sent: Sent, expect: Expect) {
    add_later(scene, operation, name, before, None, sent, expect);
}

fn add_later(
    scene: &mut Scene<'_>,
    operation: &Operation,
    name: String,
    before: Before,
    wait: Option<u64>,
    sent: Sent,
    expect: Expect,
) {
    scene.used.insert("quota");
    let case = Case { operation: operation.id.clone(), kind: "quota", name, before: Some(before), wait, sent, expect };
    scene.cases.push(case);
}

/// N pass, N+1 is refused, whatever came of them.
fn every(scene: &mut Scene<'_>, stage: &Stage<'_>, quota: &plan::Quota) {
    let operation = stage.operation;
    let name = |what: &str| format!("{:?}: {what}", quota.name);
    let request = stage.request(scene.plan);
    let good = request.clone().by(scene.token(operation, &stage.roles));
    let filled = Before { times: quota.limit, status: REACHED, sent: good.clone() };
    add(scene, operation, name("one more"), filled.clone(), good.clone(), over(quota));

    // The window ends when it ends, and not before; an answer tells whole seconds.
    if let Some(nearly) = quota.window_seconds.checked_sub(5) {
        add_later(scene, operation, name("just before the window ends"), filled.clone(), Some(nearly), good.clone(), over(quota));
    }
    let (after, reached) = (Some(quota.window_seconds + 1), scene.reached(operation));
    add_later(scene, operation, name("when the window has ended"), filled.clone(), after, good.clone(), reached);

    if let Some(other) = other_caller(scene, stage) {
        let expect = if quota.by == [By::Subject] { scene.reached(operation) } else { over(quota) };
        let judged = quota.by.contains(&By::Subject) == (quota.by == [By::Subject]);
        if judged && !quota.by.iter().any(|by| matches!(by, By::Field(_))) {
            add(scene, operation, name("another caller"), filled.clone(), other, expect);
        }
    }
    if quota.by.iter().all(|by| matches!(by, By::Subject | By::Ip | By::All)) {
        // Fields in which proxies name the client change nothing where none is trusted (P82).
        let forwarded = request.clone().header("X-Forwarded-For", "203.0.113.7").header("Forwarded", "for=203.0.113.8");
        let sent = forwarded.by(scene.token(operation, &stage.roles));
        add(scene, operation, name("from a made-up address"), filled, sent, over(quota));
    }
    if matches!(operation.access, Access::Caller(_)) && quota.by.iter().all(|by| matches!(by, By::Subject | By::Ip)) {
        // What fails authentication is charged by address.
        let anonymous = request.by(None);
        let guesses = Before { times: quota.limit, status: 401, sent: anonymous.clone() };
        add(scene, operation, name("one guess too many"), guesses, anonymous, over(quota));
    }
}

/// Somebody else at the same address.
fn other_caller(scene: &Scene<'_>, stage: &Stage<'_>) -> Option<Sent> {
    let operation = stage.operation;
    let need = scene.need(operation)?;
    let scheme = scene.plan.schemes.get(need.scheme)?;
    // The object is the first caller's: another one gets in only where no owner is compared.
    if !operation.owns.iter().all(|owns| matches!(owns.kind, plan::OwnKind::List | plan::OwnKind::Any { .. })) {
        return None;
    }
    let mut token = scene.token(operation, &stage.roles)?;
    put(&mut token.claims, &scheme.claims.subject, json!(format!("{CALLER}-two")));
    Some(stage.request(scene.plan).by(Some(token)))
}

/// N failures, then not even a good request; successes are free.
fn failures(scene: &mut Scene<'_>, stage: &Stage<'_>, quota: &plan::Quota) {
    let operation = stage.operation;
    let name = |what: &str| format!("{:?}: {what}", quota.name);
    let request = stage.request(scene.plan);
    let good = request.clone().by(scene.token(operation, &stage.roles));
    // A wrong body is a failure after the count was taken; without a body, an unknown query parameter is.
    let (bad, status) = match &stage.body {
        Some(_) => (request.clone().body("[]"), 422),
        None => (request.query("palisade-unknown=1"), 400),
    };
    let bad = Sent { request: bad, token: good.token.clone() };
    let filled = Before { times: quota.limit, status, sent: bad.clone() };
    add(scene, operation, name("one more failure"), filled.clone(), bad.clone(), over(quota));
    if quota.by.iter().all(|by| !matches!(by, By::Field(_))) {
        add(scene, operation, name("not even a good one"), filled, good.clone(), over(quota));
    }
    // As many as others allow: those that count everything refuse in their own time.
    let others = operation.quotas.iter().filter_map(|at| scene.plan.quotas.get(*at)).filter(|each| !each.failures_only);
    let room = others.map(|each| each.limit).min().unwrap_or(u32::MAX);
    if room > quota.limit.saturating_add(1) {
        let free = Before { times: quota.limit + 1, status: REACHED, sent: good.clone() };
        let reached = scene.reached(operation);
        add(scene, operation, name("successes give back"), free, good, reached);
        let nearly = Before { times: quota.limit - 1, status, sent: bad.clone() };
        let expect = scene.invalid(operation);
        let expect = if status == 422 { expect } else { scene.refused(operation, 400) };
        add(scene, operation, name("the last failure is still answered"), nearly, bad, expect);
    }
}

/// The bucket in front of everything, for paths nobody declared (ruling 105). Under the first operation's name.
pub fn flood(scene: &mut Scene<'_>, operation: &Operation) {
    let (limit, _) = scene.plan.limits.ip_rate;
    if limit > MOST {
        return scene.skip(operation, "flood", "unmatched paths", "the limit is too large to be filled");
    }
    let target = format!("{}/palisade-no-such-path", scene.plan.mount);
    let sent = Request { method: "GET".into(), target, ..Request::default() }.by(None);
    let expect = Expect::status(429).limited(false).header("retry-after", Field::holds(&[], &[]));
    let before = Some(Before { times: limit, status: 404, sent: sent.clone() });
    scene.used.insert("flood");
    let operation = operation.id.clone();
    scene.cases.push(Case { operation, kind: "flood", name: "unmatched paths".into(), before, wait: None, sent, expect });
}
