//! Whom policies refuse: callers and objects for which one says no, or neither (P46), and authentications that are not what
//! `access` asks for (ruling 28).

use super::admitted::{Asked, Variable, asked, first};
use super::callers::put;
use super::case::{Expect, Field, Request, Sent, Token};
use super::circumstances::{Which, json_of};
use super::evaluate::Undecided;
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{OnDenied, Operation, OwnKind};
use serde_json::{Value as Json, json};
use std::rc::Rc;

/// Callers to whom a policy says no, and those of whom it cannot say (P46).
pub fn attack<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    step_up(scene, stage);
    let operation = stage.operation;
    let decisions = asked(operation);
    let Some(token) = stage.token.clone() else {
        return;
    };
    for (index, (place, decision)) in decisions.iter().enumerate() {
        for (answer, kind) in [(Ok(false), "policy"), (Err(Undecided), "policy-undecided")] {
            let name = format!(
                "{}: {}",
                decision.name,
                match answer {
                    Ok(_) => "no",
                    Err(Undecided) => "neither yes nor no",
                }
            );
            match against(scene, stage, &token, index, answer) {
                Some((sent, which)) => {
                    let expect = refused(scene, operation, *place, which, answer);
                    let absent = absent(scene, stage, *place, &sent);
                    let expect = match absent.filter(|_| expect.status == [404]) {
                        Some(absent) => expect.same_as(absent),
                        None => expect,
                    };
                    scene.add(kind, name, sent, expect);
                }
                // Most policies decide on everybody, and some cannot be answered otherwise by a caller alone.
                None if answer.is_ok() => {
                    scene.without(kind, name, "no caller was found of whom it says that");
                }
                None => {}
            }
        }
    }
}

/// The plainest request by a caller, or about an object, of whom the decision says `answer` and all before it yes.
fn against<'a>(
    scene: &mut Scene<'a>,
    stage: &Stage<'a>,
    token: &Rc<Token>,
    index: usize,
    answer: Result<bool, Undecided>,
) -> Option<(Sent, Which)> {
    let operation = stage.operation;
    let decisions = asked(operation);
    let wanted = |answers: &[Result<bool, Undecided>]| {
        answers.iter().take(index).all(|each| *each == Ok(true))
            && answers.get(index) == Some(&answer)
    };
    let foreign = operation
        .owns
        .iter()
        .all(|owns| !matches!(owns.kind, OwnKind::Owner { .. }));
    for which in [Which::Own, Which::Other, Which::Contrary, Which::Bare] {
        if which == Which::Other && !foreign {
            continue;
        }
        let Some(request) = about(scene, stage, which) else {
            continue;
        };
        let sent = request.by(Some(token.clone()));
        let mut around = scene.around_of(stage, &sent, token, which);
        let mut variables = scene.variables(operation, &decisions);
        variables.retain(|variable| match variable {
            Variable::Claim(_) | Variable::Role(_) => true,
            Variable::Fact(resource, _) => {
                which == Which::Contrary && matches!(scene.contrary.get(*resource), Some(None))
            }
        });
        // Roles that are asked for anyhow stay.
        let asked_for = scene.choose(&scene.sets(operation), 0)?;
        around.roles = scene.holds(&asked_for) | scene.by_keys(operation);
        let Some(found) = scene.search(&variables, &decisions, around, operation, &wanted) else {
            continue;
        };
        for (number, owns) in operation.owns.iter().enumerate() {
            let facts = found.facts.get(&number);
            let chosen = variables.iter().any(
                |variable| matches!(variable, Variable::Fact(resource, _) if *resource == owns.resource),
            );
            if let (Some(facts), Some(slot), true) =
                (facts, scene.contrary.get_mut(owns.resource), chosen)
            {
                *slot = Some(facts.attributes.clone());
            }
        }
        let mut token = token.clone();
        let scheme = scene.speaker(operation, &token)?;
        let claims = &mut Rc::make_mut(&mut token).claims;
        for (attribute, value) in scene.plan.principal.iter().zip(&found.claims) {
            match value {
                Some(value) => put(claims, &attribute.from, json_of(value)),
                None => super::objects::take(claims, &attribute.from),
            }
        }
        let names: Vec<&str> = scene
            .plan
            .roles
            .iter()
            .enumerate()
            .filter(|(bit, _)| found.roles >> bit & 1 == 1)
            .map(|(_, role)| role.name.as_str())
            .collect();
        put(claims, &scheme.claims.roles, json!(names));
        return Some((
            Sent {
                token: Some(token),
                ..sent
            },
            which,
        ));
    }
    None
}

/// The plainest request about other objects; `None` where there are none.
fn about(scene: &Scene<'_>, stage: &Stage<'_>, which: Which) -> Option<Request> {
    if which == Which::Own {
        return Some(stage.request());
    }
    let mut values = stage.values.clone();
    let (mut changed, mut body) = (false, None);
    for (_, owns) in stage.operation.written() {
        let planted = scene.planted.get(owns.resource)?.as_ref();
        if let (Some(param), Some(planted)) = (owns.kind.param(), planted) {
            let id = match which {
                Which::Own => Some(&planted.own),
                Which::Other => Some(&planted.other),
                Which::Contrary => planted.contrary.as_ref(),
                Which::Bare => planted.bare.as_ref(),
            };
            values.insert(param, id?.clone());
            changed = true;
        }
    }
    for (_, owns) in stage.operation.written() {
        let id = owns
            .kind
            .in_body()
            .and_then(|at| stage.operation.ids.get(at));
        let planted = scene.planted.get(owns.resource)?.as_ref();
        // In a body there are own ones and those of others.
        if let (Some(id), Some(planted), Which::Other) = (id, planted, which) {
            body = super::body_ids::with(stage, id, std::slice::from_ref(&planted.other));
            changed |= body.is_some();
        }
    }
    changed.then(|| {
        let request = stage.request_with(scene.plan, &values);
        match body {
            Some(body) => request.json(body),
            None => request,
        }
    })
}

/// The same about an object that there is none of: the answer must be the same, or it would tell (P39).
fn absent(scene: &Scene<'_>, stage: &Stage<'_>, place: Asked, sent: &Sent) -> Option<Sent> {
    let Asked::Object(number) = place else {
        return None;
    };
    let owns = stage.operation.owns.get(number)?;
    let planted = scene.planted.get(owns.resource)?.as_ref()?;
    let mut values = stage.values.clone();
    values.insert(owns.kind.param()?, planted.absent.clone());
    let request = stage.request_with(scene.plan, &values);
    Some(request.by(sent.token.clone()))
}

fn refused(
    scene: &Scene<'_>,
    operation: &Operation,
    place: Asked,
    which: Which,
    answer: Result<bool, Undecided>,
) -> Expect {
    let denied = |number: usize| {
        let owns = operation.owns.get(number);
        let resource = owns.and_then(|owns| scene.plan.resources.get(owns.resource));
        resource.is_some_and(|resource| resource.on_denied == OnDenied::NotFound)
    };
    let (hidden, event) = match place {
        Asked::Object(number) => (denied(number), "authz.object_denied"),
        Asked::Before => (false, "authz.denied"),
        // Whoever owns them all is told; of others the first.
        Asked::After => (
            which == Which::Other && denied(first(operation, place)),
            "authz.denied",
        ),
    };
    let (event, reason) = match answer {
        Ok(_) => (event, "policy"),
        Err(Undecided) => ("policy.error", "undecided"),
    };
    let expect = match hidden {
        true => scene.refused(404).code("not_found"),
        false => scene.refused(403).code("forbidden"),
    };
    expect
        .event(event, Some(reason))
        .header("www-authenticate", Field::Absent)
}

/// An authentication that is too old, of another class, or of which nothing is said (RFC 9470, ruling 28).
fn step_up<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    let Some(need) = scene.need(stage.operation).filter(|need| need.is_step_up()) else {
        return;
    };
    let Some(token) = stage.token.clone() else {
        return;
    };
    // Only a token can be had anew, so no other scheme is named.
    let mut holds = vec!["Bearer realm=".to_owned()];
    holds.push("error=\"insufficient_user_authentication\"".to_owned());
    holds.extend(need.fresh.map(|seconds| format!("max_age=\"{seconds}\"")));
    if !need.acr.is_empty() {
        holds.push(format!("acr_values=\"{}\"", need.acr.join(" ")));
    }
    let holds: Vec<&str> = holds.iter().map(String::as_str).collect();
    let mut spoilt: Vec<(&str, &str, Option<Json>)> = Vec::new();
    if let Some(seconds) = need.fresh {
        let old = format!("@now-{}", seconds.saturating_add(30));
        spoilt.extend([
            ("no time of authentication", "auth_time", None),
            (
                "an authentication of long ago",
                "auth_time",
                Some(json!(old)),
            ),
            (
                "an authentication in the future",
                "auth_time",
                Some(json!("@now+100000")),
            ),
            (
                "a time that is a text",
                "auth_time",
                Some(json!("yesterday")),
            ),
        ]);
    }
    if !need.acr.is_empty() {
        spoilt.extend([
            ("no class", "acr", None),
            ("another class", "acr", Some(json!("palisade:weak"))),
            ("a list of classes", "acr", Some(json!(need.acr))),
        ]);
    }
    for (name, claim, value) in spoilt {
        let mut token = token.clone();
        let claims = &mut Rc::make_mut(&mut token).claims;
        match value {
            Some(value) => drop(claims.insert(claim.to_owned(), value)),
            None => drop(claims.remove(claim)),
        }
        let expect = scene
            .refused(401)
            .code("insufficient_user_authentication")
            .event("authz.denied", Some("stepUp"))
            .header("www-authenticate", Field::holds(&holds, &[]));
        let sent = stage.request().by(Some(token));
        scene.add("step-up", name, sent, expect);
    }
}
