//! Callers who may not: wrong roles and scopes, other people's objects, other tenants; and denied operations.

use super::case::{Expect, Field, Key, Sent, Token};
use super::scene::{CALLER, Scene, Stage, put};
use crate::plan::{Access, OnDenied, Operation, OwnKind};
use serde_json::json;

const GARBAGE: &str = "{\"palisade\":";

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let control = stage.request(scene.plan).by(scene.token(operation, &stage.roles));
    let expect = scene.reached(operation);
    scene.add(operation, "control", "the plainest request", control, expect);
    roles(scene, stage);
    scopes(scene, stage);
    order(scene, stage);
    objects(scene, stage);
}

fn insufficient(scene: &Scene<'_>, operation: &Operation) -> Expect {
    scene
        .refused(operation, 403)
        .header("www-authenticate", scene.challenge(&["error=\"insufficient_scope\""], &[]))
        .event("authz.denied", None)
}

/// Each required set of roles: every caller outside it, with all other roles at once and with none.
fn roles(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let Some(need) = scene.need(operation) else { return };
    for set in &need.roles {
        let expect = insufficient(scene, operation);
        for (name, roles) in [("every role but those that suffice", scene.all_without(*set)), ("no role", vec![])] {
            let sent = stage.request(scene.plan).by(scene.token(operation, &roles));
            scene.add(operation, "wrong-role", name, sent, expect.clone());
        }
        // Names are compared whole.
        let sufficient = scene.plan.roles.iter().filter(|role| role.holds & set != 0);
        let alike: Vec<String> = sufficient.flat_map(|role| [role.name.to_uppercase(), format!("{} ", role.name)]).collect();
        let alike: Vec<&String> = alike.iter().filter(|name| scene.plan.roles.iter().all(|role| role.name != **name)).collect();
        if let (Some(mut token), Some(scheme)) = (scene.token(operation, &[]), scene.plan.schemes.get(need.scheme)) {
            put(&mut token.claims, &scheme.claims.roles, json!(alike));
            scene.add(operation, "wrong-role", "names that look alike", stage.request(scene.plan).by(Some(token)), expect);
        }
    }
}

/// Each required scope is missing once; every role does not help.
fn scopes(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let Some(need) = scene.need(operation) else { return };
    let Some(scheme) = scene.plan.schemes.get(need.scheme) else { return };
    for missing in &need.scopes {
        let Some(mut token) = scene.token(operation, &scene.all_without(0)) else { return };
        let rest: Vec<&str> = need.scopes.iter().filter(|scope| *scope != missing).map(String::as_str).collect();
        put(&mut token.claims, &scheme.claims.scopes, json!(rest.join(" ")));
        let expect = insufficient(scene, operation)
            .header("www-authenticate", scene.challenge(&["error=\"insufficient_scope\"", "scope=", missing], &[]));
        scene.add(operation, "wrong-scope", format!("without {missing:?}"), stage.request(scene.plan).by(Some(token)), expect);
    }
}

/// Who may not come in learns nothing about what they sent (P49).
fn order(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let Some(need) = scene.need(operation) else { return };
    let denied = need.roles.first().map(|set| scene.token(operation, &scene.all_without(*set)));
    let mut bad = Vec::new();
    if operation.body.is_some() {
        bad.push(("a body that does not parse", stage.request(scene.plan).body(GARBAGE)));
        bad.push(("a body of another type", stage.request(scene.plan).replace("Content-Type", Some("text/plain"))));
    }
    bad.push(("an unknown query parameter", stage.request(scene.plan).query("palisade-unknown=1")));
    if let Some(at) = (0..operation.params.len()).find(|at| scene.owned_by_param(operation, *at).is_some()) {
        bad.push(("an id that is none", stage.request_raw(scene.plan, at, "palisade%00")));
    }
    for (name, request) in bad {
        let expect = Expect { code: Some("missing"), ..Expect::status(401) }.event("auth.failure", Some("missing"));
        // A NUL in the path may be refused before anybody asks who is there.
        let open = name == "an id that is none";
        let expect = if open { Expect::any(&[400, 401, 404]) } else { expect };
        scene.add(operation, "order", format!("anonymous, {name}"), request.clone().by(None), expect);
        if let (Some(Some(token)), false) = (&denied, open) {
            let expect = insufficient(scene, operation);
            scene.add(operation, "order", format!("wrong role, {name}"), request.by(Some(token.clone())), expect);
        }
    }
}

/// Objects of others (P39, P40, P43).
fn objects(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    for owns in &operation.owns {
        let (param, owner) = match owns.kind {
            OwnKind::Owner { param, .. } => (param, true),
            OwnKind::Any { param, .. } => (param, false),
            OwnKind::List => continue,
        };
        let Some(resource) = scene.plan.resources.get(owns.resource) else { continue };
        let Some(Some(planted)) = scene.planted.get(owns.resource).cloned() else { continue };
        let request = |id: &str| {
            let mut values = stage.values.clone();
            values.insert(param, id.to_owned());
            stage.request_with(scene.plan, &values)
        };
        let (sets, name) = (scene.need(operation).map(|need| need.roles.clone()).unwrap_or_default(), &resource.name);
        let hidden = scene.refused(operation, 404).code("not_found").event("authz.object_denied", None);
        let mut cases: Vec<(&'static str, String, Sent, Expect)> = Vec::new();

        let absent = request(&planted.absent).by(scene.token(operation, &stage.roles));
        cases.push(("absent-object", format!("{name} that does not exist"), absent, Expect { event: None, ..hidden.clone() }));

        // A loader that reports another object than the one it was asked for proves nothing about that one.
        let token = scene.token(operation, &stage.roles);
        let expect = Expect { event: None, ..hidden.clone() }.same_as(request(&planted.absent).by(token.clone()));
        cases.push(("absent-object", format!("{name}, and the loader reports another"), request(&planted.mixed_up).by(token), expect));

        // The strongest caller who is still not excused: every role outside the bypass.
        let outsider = scene.all_without(resource.bypass);
        let outsider_gets_in = sets.iter().all(|set| scene.holds(&outsider) & set != 0);
        if owner && outsider_gets_in {
            for (who, roles) in [("the plainest caller", &stage.roles), ("every role that is not excused", &outsider)] {
                if scene.holds(roles) & resource.bypass != 0 {
                    continue;
                }
                let token = scene.token(operation, roles);
                let expect = match resource.on_denied {
                    OnDenied::NotFound => hidden.clone().same_as(request(&planted.absent).by(token.clone())),
                    OnDenied::Forbidden => scene.refused(operation, 403).event("authz.object_denied", None),
                };
                let expect = expect.header("www-authenticate", Field::Absent);
                let sent = request(&planted.other).by(token);
                cases.push(("someone-elses-object", format!("{name}, {who}"), sent, expect));
            }
        }
        if !owner {
            let sent = request(&planted.other).by(scene.token(operation, &stage.roles));
            cases.push(("any-object", format!("{name} of someone else"), sent, scene.reached(operation)));
        }
        if owner && resource.bypass != 0 {
            let bits = (0..u64::BITS).map(|bit| 1_u64 << bit).filter(|bit| resource.bypass & bit != 0);
            for bit in bits {
                let mut wanted = sets.clone();
                wanted.push(bit);
                let Some(roles) = scene.choose(&wanted, 0) else { continue };
                let sent = request(&planted.other).by(scene.token(operation, &roles));
                let who = names(scene, &roles);
                cases.push(("bypass", format!("{name} of someone else by {who}"), sent, scene.reached(operation)));
            }
        }
        if resource.tenant {
            let everything = scene.all_without(0);
            for (who, roles) in [("its owner", &stage.roles), ("every role", &everything)] {
                let token = scene.token(operation, roles);
                let expect = hidden.clone().same_as(request(&planted.absent).by(token.clone()));
                let sent = request(&planted.foreign).by(token);
                cases.push(("other-tenant", format!("{name} of another tenant, {who}"), sent, expect));
            }
            if let Some(token) = scene.token(operation, &everything).map(|token| without_tenant(scene, operation, token)) {
                let expect = Expect { event: None, ..hidden.clone() };
                cases.push(("other-tenant", format!("{name}, a caller of no tenant"), request(&planted.own).by(Some(token)), expect));
            }
        }
        // The subject is the identity, nothing else a token says (P17).
        if owner && scene.holds(&stage.roles) & resource.bypass == 0 && resource.on_denied == OnDenied::NotFound
            && let Some(token) = scene.token(operation, &stage.roles).map(|token| disguised(scene, operation, token))
        {
            let expect = hidden.clone().same_as(request(&planted.absent).by(Some(token.clone())));
            let sent = request(&planted.own).by(Some(token));
            cases.push(("someone-elses-object", format!("{name}, a caller named otherwise"), sent, expect));
        }
        for (kind, name, sent, expect) in cases {
            scene.add(operation, kind, name, sent, expect);
        }
    }
}

fn names(scene: &Scene<'_>, roles: &[usize]) -> String {
    let names: Vec<&str> = roles.iter().filter_map(|at| scene.plan.roles.get(*at)).map(|role| role.name.as_str()).collect();
    names.join(" and ")
}

fn without_tenant(scene: &Scene<'_>, operation: &Operation, mut token: Token) -> Token {
    if let Some(scheme) = scheme(scene, operation) {
        let mut claims = json!(token.claims);
        if let Some((parent, name)) = scheme.claims.tenant.rsplit_once('/')
            && let Some(serde_json::Value::Object(members)) = claims.pointer_mut(parent)
        {
            members.remove(name);
        }
        token.claims = claims.as_object().cloned().unwrap_or_default();
    }
    token
}

/// The planted owner in every claim but the subject.
fn disguised(scene: &Scene<'_>, operation: &Operation, mut token: Token) -> Token {
    if let Some(scheme) = scheme(scene, operation) {
        for name in ["email", "preferred_username", "owner", "user_id", "client_id"] {
            token.claims.insert(name.into(), json!(CALLER));
        }
        put(&mut token.claims, &scheme.claims.subject, json!(format!("{CALLER}2")));
    }
    token
}

fn scheme<'a>(scene: &Scene<'a>, operation: &Operation) -> Option<&'a crate::plan::Scheme> {
    match &operation.access {
        Access::Caller(need) => scene.plan.schemes.get(need.scheme),
        _ => None,
    }
}

/// Nobody gets in, whatever they hold, and nothing is asked of them (ruling 7).
pub fn denied(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let request = stage.request(scene.plan);
    let expect = Expect::status(403).header("www-authenticate", Field::Absent).event("authz.denied", None).limited(false);
    scene.add(operation, "denied", "anonymous", request.clone().by(None), expect.clone());
    for at in 0..scene.plan.schemes.len() {
        let token = Scene::token_of(scene, at);
        scene.add(operation, "denied", "every role", request.clone().by(token.clone()), expect.clone());
        let forged = token.map(|token| Token { key: Key::Other, ..token });
        scene.add(operation, "denied", "every role, forged", request.clone().by(forged), expect.clone());
    }
}

impl Scene<'_> {
    /// A caller of a scheme with every role there is.
    fn token_of(&self, scheme: usize) -> Option<Token> {
        let operation = self.plan.operations.iter().find(|each| matches!(&each.access, Access::Caller(n) if n.scheme == scheme))?;
        self.token(operation, &self.all_without(0))
    }
}
