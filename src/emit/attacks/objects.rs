//! Other people's objects, objects of other tenants, and objects there are none of (P39, P40, P43).

use super::callers::{main, put};
use super::case::{Expect, Field, Sent, Token};
use super::circumstances::Which;
use super::scene::{CALLER, Scene};
use super::stage::Stage;
use super::{body_ids, wholes};
use crate::plan::{Access, Means, OnDenied, Operation, OwnKind};
use serde_json::json;
use std::rc::Rc;

/// Objects of others (P39, P40, P43).
pub fn attack<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    let operation = stage.operation;
    wholes::attack(scene, stage);
    body_ids::attack(scene, stage);
    for (number, owns) in operation.owns.iter().enumerate() {
        let by_policy = matches!(owns.kind, OwnKind::Policy { .. });
        let owner = matches!(owns.kind, OwnKind::Owner { .. });
        let Some(param) = owns.kind.param() else {
            continue;
        };
        let Some(resource) = scene.plan.resources.get(owns.resource) else {
            continue;
        };
        let Some(Some(planted)) = scene.planted.get(owns.resource).cloned() else {
            continue;
        };
        // Of what is part of it, one that is part of someone else's goes with that one.
        let parts = wholes::of(scene, operation, number);
        let request = |id: &str| {
            let mut values = stage.values.clone();
            values.insert(param, id.to_owned());
            if *id == planted.other {
                values.extend(parts.iter().flatten().flatten().cloned());
            }
            stage.request_with(scene.plan, &values)
        };
        let together = parts.iter().all(Option::is_some);
        let (sets, name) = (scene.sets(operation), &resource.name);
        let hidden = scene
            .refused(404)
            .code("not_found")
            .event("authz.object_denied", None);
        let hidden = scene.outcome("no such object", hidden);
        let mut cases: Vec<(&'static str, String, Sent, Expect)> = Vec::new();

        let absent = request(&planted.absent).by(scene.token(operation, &stage.roles));
        cases.push((
            "absent-object",
            format!("{name} that does not exist"),
            absent,
            Expect {
                event: None,
                ..hidden.clone()
            },
        ));

        // A loader that reports another object than the one it was asked for proves nothing about that one.
        let token = scene.token(operation, &stage.roles);
        let expect = Expect {
            event: None,
            ..hidden.clone()
        }
        .same_as(request(&planted.absent).by(token.clone()));
        cases.push((
            "absent-object",
            format!("{name}, and the loader reports another"),
            request(&planted.mixed_up).by(token),
            expect,
        ));

        // The strongest caller who is still not excused: every role outside the bypass.
        let outsider = scene.all_without(resource.bypass);
        let outsider_gets_in = sets.iter().all(|set| scene.holds(&outsider) & set != 0);
        if owner && outsider_gets_in {
            for (who, roles) in [
                ("the plainest caller", &stage.roles),
                ("every role that is not excused", &outsider),
            ] {
                if scene.holds(roles) & resource.bypass != 0 {
                    continue;
                }
                let token = scene.token(operation, roles);
                let expect = match resource.on_denied {
                    OnDenied::NotFound => hidden
                        .clone()
                        .same_as(request(&planted.absent).by(token.clone())),
                    OnDenied::Forbidden => scene.refused(403).event("authz.object_denied", None),
                };
                let expect = expect.header("www-authenticate", Field::Absent);
                let sent = request(&planted.other).by(token);
                cases.push((
                    "someone-elses-object",
                    format!("{name}, {who}"),
                    sent,
                    expect,
                ));
            }
        }
        if !owner && !by_policy && together {
            let sent = request(&planted.other).by(scene.token(operation, &stage.roles));
            cases.push((
                "any-object",
                format!("{name} of someone else"),
                sent,
                scene.reached(),
            ));
        }
        if owner && resource.bypass != 0 && together {
            let bits = (0..u64::BITS)
                .map(|bit| 1_u64 << bit)
                .filter(|bit| resource.bypass & bit != 0);
            for bit in bits {
                let mut wanted = sets.clone();
                wanted.push(bit);
                let Some(roles) = scene.choose(&wanted, 0) else {
                    continue;
                };
                let sent = request(&planted.other).by(scene.token(operation, &roles));
                let who = names(scene, &roles);
                cases.push((
                    "bypass",
                    format!("{name} of someone else by {who}"),
                    sent,
                    scene.reached(),
                ));
            }
        }
        if resource.tenant {
            let everything = scene.all_without(0);
            for (who, roles) in [("its owner", &stage.roles), ("every role", &everything)] {
                let token = scene.token(operation, roles);
                let expect = hidden
                    .clone()
                    .same_as(request(&planted.absent).by(token.clone()));
                let sent = request(&planted.foreign).by(token);
                cases.push((
                    "other-tenant",
                    format!("{name} of another tenant, {who}"),
                    sent,
                    expect,
                ));
            }
            if let Some(token) = scene
                .token(operation, &everything)
                .and_then(|token| without_tenant(scene, operation, token))
            {
                let expect = Expect {
                    event: None,
                    ..hidden.clone()
                };
                cases.push((
                    "other-tenant",
                    format!("{name}, a caller of no tenant"),
                    request(&planted.own).by(Some(token)),
                    expect,
                ));
            }
        }
        // The subject is the identity, nothing else a token says (P17).
        if owner
            && scene.holds(&stage.roles) & resource.bypass == 0
            && resource.on_denied == OnDenied::NotFound
            && let Some(token) = scene
                .token(operation, &stage.roles)
                .and_then(|token| disguised(scene, operation, token))
        {
            let expect = hidden
                .clone()
                .same_as(request(&planted.absent).by(Some(token.clone())));
            let sent = request(&planted.own).by(Some(token));
            cases.push((
                "someone-elses-object",
                format!("{name}, a caller named otherwise"),
                sent,
                expect,
            ));
        }
        for (kind, name, sent, expect) in cases {
            // A policy may say no before the object is asked for, or to a control: then the case shows nothing.
            let which = match kind {
                "any-object" | "bypass" => Which::Other,
                _ => Which::Own,
            };
            if scene.policies_admit(stage, &sent, which) {
                scene.add(kind, name, sent, expect);
            }
        }
    }
}

/// Takes a claim away by its pointer.
pub fn take(claims: &mut serde_json::Map<String, serde_json::Value>, pointer: &str) {
    let mut all = json!(claims);
    if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(serde_json::Value::Object(members)) = all.pointer_mut(parent)
    {
        members.remove(&name.replace("~1", "/").replace("~0", "~"));
    }
    *claims = all.as_object().cloned().unwrap_or_default();
}

fn names(scene: &Scene<'_>, roles: &[usize]) -> String {
    let names: Vec<&str> = roles
        .iter()
        .filter_map(|at| scene.plan.roles.get(*at))
        .map(|role| role.name.as_str())
        .collect();
    names.join(" and ")
}

fn without_tenant(
    scene: &Scene<'_>,
    operation: &Operation,
    mut token: Rc<Token>,
) -> Option<Rc<Token>> {
    let scheme = scheme(scene, operation)?;
    let mut claims = json!(token.claims);
    if let Some((parent, name)) = scheme.claims.tenant.rsplit_once('/')
        && let Some(serde_json::Value::Object(members)) = claims.pointer_mut(parent)
    {
        members.remove(name);
    }
    Rc::make_mut(&mut token).claims = claims.as_object().cloned().unwrap_or_default();
    Some(token)
}

/// The planted owner in every claim but the subject.
fn disguised(scene: &Scene<'_>, operation: &Operation, mut token: Rc<Token>) -> Option<Rc<Token>> {
    let scheme = scheme(scene, operation)?;
    let claims = &mut Rc::make_mut(&mut token).claims;
    for name in [
        "email",
        "preferred_username",
        "owner",
        "user_id",
        "client_id",
    ] {
        claims.insert(name.into(), json!(CALLER));
    }
    put(claims, &scheme.claims.subject, json!(format!("{CALLER}2")));
    Some(token)
}

/// Of a caller who is known by a token.
fn scheme<'a>(scene: &Scene<'a>, operation: &Operation) -> Option<&'a crate::plan::Scheme> {
    let Access::Caller(need) = &operation.access else {
        return None;
    };
    match main(need)?.caller()? {
        Means::Token(at) => scene.plan.schemes.get(at),
        Means::Key(_) | Means::Password(_) | Means::Certificate(_) => None,
    }
}
