//! One request too many (P79 to P85; rulings 12 to 15, 105, 106, 108).

use super::accounts::{accounts, own_window};
use super::callers::put;
use super::case::{Before, Case, Expect, Field, Quota, REACHED, Request, Sent};
use super::scene::{CALLER, Scene};
use super::stage::Stage;
use crate::plan::{self, Access, By, Operation};
use serde_json::json;
use std::rc::Rc;

/// Larger windows are not filled.
const MOST: u32 = 5000;

/// Guesses at once beyond what a limit lets through (P85).
const AT_ONCE: u32 = 40;

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    if stage.operation.quotas.is_empty() {
        return;
    }
    let key = format!(
        "{:?} {} {} {:?} {}",
        stage.operation.quotas,
        scene.body_key(stage),
        scene.caller_key(stage),
        declared_failure(stage.operation),
        owner_free(stage)
    );
    scene.family(stage, "quota", &key, |scene| limits(scene, stage));
}

fn by_field(quota: &plan::Quota) -> Option<&str> {
    quota.by.iter().find_map(|by| match by {
        By::Field(name) => Some(name.as_str()),
        _ => None,
    })
}

fn limits(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let plan = scene.plan;
    let quotas: Vec<&plan::Quota> = stage
        .operation
        .quotas
        .iter()
        .filter_map(|at| plan.quotas.get(*at))
        .collect();
    for quota in &quotas {
        let name = format!("{:?}", quota.name);
        if quota.limit > MOST {
            scene.skip("quota", name, "the limit is too large to be filled");
            continue;
        }
        if let Some(field) = by_field(quota) {
            let mut others = quotas.iter().filter(|each| each.name != quota.name);
            if !others.any(|each| each.limit <= quota.limit) {
                accounts(scene, stage, quota, field);
            } else if !own_window(scene, stage, quota, field) {
                let why = "a limit that is no larger refuses before the body is looked at";
                scene.skip("quota", name, why);
            }
            continue;
        }
        // The smallest limit of those that count alike is the one that refuses; the others are attacked where they are
        // the smallest.
        let first = quotas
            .iter()
            .filter(|each| each.failures_only == quota.failures_only && by_field(each).is_none())
            .map(|each| each.limit)
            .min();
        if first != Some(quota.limit) {
            if !reached_elsewhere(scene, quota) {
                scene.skip("quota", name, "a smaller limit always refuses first");
            }
            continue;
        }
        if quota.failures_only {
            failures(scene, stage, quota);
        } else {
            every(scene, stage, quota);
        }
    }
}

/// What a handler may answer that counts as a failure (ruling 106): the first declared 4xx without a body of its own.
pub fn declared_failure(operation: &Operation) -> Option<u16> {
    if operation.flow.is_some() {
        // There is no handler that could.
        return None;
    }
    let mut replies = operation.replies.iter();
    replies
        .find(|reply| (400..500).contains(&reply.status) && reply.body.media_type().is_none())
        .map(|reply| reply.status)
}

/// No owner is compared: another caller gets in too.
fn owner_free(stage: &Stage<'_>) -> bool {
    let decides = stage.operation.decision.is_some();
    let mut owns = stage.operation.owns.iter();
    !decides
        && owns.all(|owns| matches!(owns.kind, plan::OwnKind::List | plan::OwnKind::Any { .. }))
}

/// Whether some operation has this limit as its smallest.
fn reached_elsewhere(scene: &Scene<'_>, quota: &plan::Quota) -> bool {
    scene.plan.operations.iter().any(|operation| {
        let mut limits = operation
            .quotas
            .iter()
            .filter_map(|at| scene.plan.quotas.get(*at));
        let has = limits.clone().any(|each| each.name == quota.name);
        has && limits.all(|each| each.limit >= quota.limit)
    })
}

pub fn over(quota: &plan::Quota) -> Expect {
    Expect {
        quota: Some(Quota {
            name: quota.name.clone(),
            limit: quota.limit,
            window: quota.window_seconds,
        }),
        ..Expect::status(429).event("ratelimit.exceeded", None)
    }
}

pub fn times(times: u32, status: u16, sent: Sent) -> Before {
    Before {
        times,
        status,
        at_most: None,
        failing: false,
        first: None,
        wait: None,
        sent,
    }
}

pub fn add(scene: &mut Scene<'_>, name: String, before: Before, sent: Sent, expect: Expect) {
    add_later(scene, name, before, None, sent, expect);
}

fn add_later(
    scene: &mut Scene<'_>,
    name: String,
    before: Before,
    wait: Option<u64>,
    sent: Sent,
    expect: Expect,
) {
    scene.used.insert("quota");
    scene.cases.push(Case {
        kind: "quota",
        name,
        before: Some(before),
        wait,
        prepare: None,
        sent,
        expect,
    });
}

/// As many requests as are sent at the same time: more than the limit, and no more than the service takes at once.
pub fn at_once(scene: &Scene<'_>, quota: &plan::Quota) -> u32 {
    let limits = &scene.plan.limits;
    let wanted = quota.limit.saturating_add(AT_ONCE);
    wanted.min(limits.per_ip).min(limits.concurrency)
}

/// N pass, N+1 is refused, whatever came of them.
fn every(scene: &mut Scene<'_>, stage: &Stage<'_>, quota: &plan::Quota) {
    let operation = stage.operation;
    let name = |what: &str| format!("{:?}: {what}", quota.name);
    let request = stage.request();
    let good = request.clone().by(stage.token.clone());
    let filled = times(quota.limit, REACHED, good.clone());
    add(
        scene,
        name("one more"),
        filled.clone(),
        good.clone(),
        over(quota),
    );

    // The window ends when it ends, and not before; an answer tells whole seconds.
    if let Some(nearly) = quota.window_seconds.checked_sub(5) {
        add_later(
            scene,
            name("just before the window ends"),
            filled.clone(),
            Some(nearly),
            good.clone(),
            over(quota),
        );
    }
    let (after, reached) = (Some(quota.window_seconds + 1), scene.reached());
    add_later(
        scene,
        name("when the window has ended"),
        filled.clone(),
        after,
        good.clone(),
        reached,
    );

    if let Some(other) = other_caller(scene, stage) {
        let expect = if quota.by == [By::Subject] {
            scene.reached()
        } else {
            over(quota)
        };
        let judged = quota.by.contains(&By::Subject) == (quota.by == [By::Subject]);
        if judged && !quota.by.iter().any(|by| matches!(by, By::Field(_))) {
            add(scene, name("another caller"), filled.clone(), other, expect);
        }
    }
    if let Some(other) = other_key(scene, stage, quota) {
        let reached = scene.reached();
        add(scene, name("another key"), filled.clone(), other, reached);
    }
    if quota
        .by
        .iter()
        .all(|by| matches!(by, By::Subject | By::Ip | By::All))
    {
        // Fields in which proxies name the client change nothing where none is trusted (P82).
        let forwarded = request
            .clone()
            .header("X-Forwarded-For", "203.0.113.7")
            .header("Forwarded", "for=203.0.113.8");
        let sent = forwarded.by(stage.token.clone());
        add(
            scene,
            name("from a made-up address"),
            filled,
            sent,
            over(quota),
        );
    }
    // Others count a guess too, also those that count failures only.
    let mut others = operation
        .quotas
        .iter()
        .filter_map(|at| scene.plan.quotas.get(*at));
    if matches!(operation.access, Access::Caller(_))
        && others.all(|each| each.limit >= quota.limit)
        && quota.by.iter().all(|by| matches!(by, By::Subject | By::Ip))
    {
        // What fails authentication is charged by address.
        let anonymous = request.by(None);
        let guesses = times(quota.limit, 401, anonymous.clone());
        add(
            scene,
            name("one guess too many"),
            guesses,
            anonymous,
            over(quota),
        );
    }
}

/// Somebody else at the same address.
fn other_caller(scene: &Scene<'_>, stage: &Stage<'_>) -> Option<Sent> {
    let operation = stage.operation;
    let scheme = scene.identity(operation)?;
    // The object is the first caller's.
    if !owner_free(stage) {
        return None;
    }
    let mut token = stage.token.clone()?;
    put(
        &mut Rc::make_mut(&mut token).claims,
        &scheme.claims.subject,
        json!(format!("{CALLER}-two")),
    );
    Some(stage.request().by(Some(token)))
}

/// The same caller with the key of another system, where keys alone are counted and no other limit is as small.
fn other_key(scene: &Scene<'_>, stage: &Stage<'_>, quota: &plan::Quota) -> Option<Sent> {
    let quotas = stage.operation.quotas.iter();
    let smaller = quotas.filter_map(|at| scene.plan.quotas.get(*at));
    let alone = smaller.filter(|each| each.limit <= quota.limit).count() == 1;
    let mut token = stage.token.clone()?;
    // The object is the first caller's.
    let same = token.scheme.is_some() || owner_free(stage);
    if quota.by != [By::ApiKey] || !alone || !same {
        return None;
    }
    let keys = token.keys.iter().map(|key| scene.another_key(key));
    let keys: Vec<_> = keys.collect::<Option<_>>()?;
    if keys.is_empty() {
        return None;
    }
    Rc::make_mut(&mut token).keys = keys;
    Some(stage.request().by(Some(token)))
}

/// N failures, then not even a good request; successes are free.
fn failures(scene: &mut Scene<'_>, stage: &Stage<'_>, quota: &plan::Quota) {
    let operation = stage.operation;
    let name = |what: &str| format!("{:?}: {what}", quota.name);
    let request = stage.request();
    let good = request.clone().by(stage.token.clone());
    // A wrong body is a failure after the count was taken; without a body, an unknown query parameter is.
    let (bad, status) = match &stage.body {
        Some(body) if body.is_array() => (request.clone().body("{}"), 422),
        Some(_) => (request.clone().body("[]"), 422),
        None => (request.query("palisade-unknown=1"), 400),
    };
    let bad = Sent {
        request: bad,
        token: good.token.clone(),
    };
    let filled = times(quota.limit, status, bad.clone());
    add(
        scene,
        name("one more failure"),
        filled.clone(),
        bad.clone(),
        over(quota),
    );
    if quota.by.iter().all(|by| !matches!(by, By::Field(_))) {
        add(
            scene,
            name("not even a good one"),
            filled,
            good.clone(),
            over(quota),
        );
    }
    // As many as others allow: those that count everything refuse in their own time.
    let others = operation
        .quotas
        .iter()
        .filter_map(|at| scene.plan.quotas.get(*at))
        .filter(|each| !each.failures_only);
    let room = others.map(|each| each.limit).min().unwrap_or(u32::MAX);
    let at_once = at_once(scene, quota);
    if at_once > quota.limit && room >= at_once {
        let guesses = Before {
            at_most: Some(quota.limit),
            ..times(at_once, status, bad.clone())
        };
        add(
            scene,
            name("guesses at once"),
            guesses,
            bad.clone(),
            over(quota),
        );
    } else {
        let why = "another limit refuses as many at once";
        scene.skip("quota", name("guesses at once"), why);
    }
    // What the handler refuses is charged to accounts too.
    let mut accounts = operation
        .quotas
        .iter()
        .filter_map(|at| scene.plan.quotas.get(*at))
        .filter(|each| by_field(each).is_some());
    let first = room > quota.limit && accounts.all(|each| each.limit >= quota.limit);
    if let Some(status) = declared_failure(operation).filter(|_| first) {
        let failed = Before {
            failing: true,
            ..times(quota.limit, status, good.clone())
        };
        let expect = over(quota);
        add(
            scene,
            name("failures of the handler"),
            failed,
            good.clone(),
            expect,
        );
    }
    if room > quota.limit.saturating_add(1) {
        let free = times(quota.limit + 1, REACHED, good.clone());
        let reached = scene.reached();
        add(scene, name("successes give back"), free, good, reached);
        let nearly = times(quota.limit - 1, status, bad.clone());
        let expect = scene.invalid();
        let expect = if status == 422 {
            expect
        } else {
            scene.refused(400)
        };
        add(
            scene,
            name("the last failure is still answered"),
            nearly,
            bad,
            expect,
        );
    }
}

/// The bucket in front of everything, for paths nobody declared (ruling 105). Under the first operation's name.
pub fn flood(scene: &mut Scene<'_>) {
    let (limit, _) = scene.plan.limits.ip_rate;
    if limit > MOST {
        let why = "the limit is too large to be filled";
        return scene.skip("flood", "unmatched paths", why);
    }
    let target = format!("{}/palisade-no-such-path", scene.plan.mount);
    let sent = Request {
        method: "GET".into(),
        target,
        ..Request::default()
    }
    .by(None);
    let expect = Expect::status(429)
        .limited(false)
        .header("retry-after", Field::holds(&[], &[]));
    scene.used.insert("flood");
    scene.cases.push(Case {
        kind: "flood",
        name: "unmatched paths".into(),
        before: Some(times(limit, 404, sent.clone())),
        wait: None,
        prepare: None,
        sent,
        expect,
    });
}
