//! Callers who may not: wrong roles, wrong scopes; and operations that nobody may call.

use super::callers::put;
use super::case::{Expect, Field, Key, Token};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::Access;
use serde_json::json;
use std::rc::Rc;

const GARBAGE: &str = "{\"palisade\":";

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    scene.family(stage, "control", "", |scene| {
        let expect = scene.reached();
        scene.add("control", "the plainest request", stage.control(), expect);
    });
    let key = scene.caller_key(stage);
    scene.family(stage, "roles", &key, |scene| {
        roles(scene, stage);
        scopes(scene, stage);
    });
    let key = format!("{key} {}", stage.body.is_some());
    scene.family(stage, "order", &key, |scene| order(scene, stage));
    order_of_path(scene, stage);
}

fn insufficient(scene: &Scene<'_>) -> Expect {
    let expect = scene
        .refused(403)
        .header(
            "www-authenticate",
            scene.challenge(&["error=\"insufficient_scope\""], &[]),
        )
        .event("authz.denied", None);
    scene.outcome("may not", expect)
}

/// Each required set of roles: every caller outside it, with all other roles at once and with none.
fn roles(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let Some(need) = scene.need(operation) else {
        return;
    };
    for set in &need.roles {
        let expect = insufficient(scene);
        for (name, roles) in [
            ("every role but those that suffice", scene.all_without(*set)),
            ("no role", vec![]),
        ] {
            let sent = stage.request().by(scene.token(operation, &roles));
            scene.add("wrong-role", name, sent, expect.clone());
        }
        // Names are compared whole.
        let sufficient = scene.plan.roles.iter().filter(|role| role.holds & set != 0);
        let alike: Vec<String> = sufficient
            .flat_map(|role| [role.name.to_uppercase(), format!("{} ", role.name)])
            .collect();
        let alike: Vec<&String> = alike
            .iter()
            .filter(|name| scene.plan.roles.iter().all(|role| role.name != **name))
            .collect();
        if let (Some(mut token), Some(scheme)) = (
            scene.token(operation, &[]),
            scene.plan.schemes.get(need.scheme),
        ) {
            put(
                &mut Rc::make_mut(&mut token).claims,
                &scheme.claims.roles,
                json!(alike),
            );
            scene.add(
                "wrong-role",
                "names that look alike",
                stage.request().by(Some(token)),
                expect,
            );
        }
    }
}

/// Each required scope is missing once; every role does not help.
fn scopes(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let Some(need) = scene.need(operation) else {
        return;
    };
    let Some(scheme) = scene.plan.schemes.get(need.scheme) else {
        return;
    };
    for missing in &need.scopes {
        let Some(mut token) = scene.token(operation, &scene.all_without(0)) else {
            return;
        };
        let rest: Vec<&str> = need
            .scopes
            .iter()
            .filter(|scope| *scope != missing)
            .map(String::as_str)
            .collect();
        put(
            &mut Rc::make_mut(&mut token).claims,
            &scheme.claims.scopes,
            json!(rest.join(" ")),
        );
        let expect = insufficient(scene).header(
            "www-authenticate",
            scene.challenge(&["error=\"insufficient_scope\"", "scope=", missing], &[]),
        );
        scene.add(
            "wrong-scope",
            format!("without {missing:?}"),
            stage.request().by(Some(token)),
            expect,
        );
    }
}

/// Who may not come in learns nothing about what they sent (P49).
fn order(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let Some(need) = scene.need(operation) else {
        return;
    };
    let denied = need
        .roles
        .first()
        .map(|set| scene.token(operation, &scene.all_without(*set)));
    let mut bad = Vec::new();
    if operation.body.is_some() {
        bad.push(("a body that does not parse", stage.request().body(GARBAGE)));
        bad.push((
            "a body of another type",
            stage.request().replace("Content-Type", Some("text/plain")),
        ));
    }
    bad.push((
        "an unknown query parameter",
        stage.request().query("palisade-unknown=1"),
    ));
    for (name, request) in bad {
        let expect = Expect {
            code: Some("missing"),
            ..Expect::status(401)
        }
        .event("auth.failure", Some("missing"));
        scene.add(
            "order",
            format!("anonymous, {name}"),
            request.clone().by(None),
            expect,
        );
        if let Some(Some(token)) = &denied {
            let expect = insufficient(scene);
            scene.add(
                "order",
                format!("wrong role, {name}"),
                request.by(Some(token.clone())),
                expect,
            );
        }
    }
}

/// A NUL in the path may be refused before anybody asks who is there.
fn order_of_path(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let id = (0..operation.params.len()).find(|at| scene.owned_by_param(operation, *at).is_some());
    if let (Some(at), Some(_)) = (id, scene.need(operation)) {
        let request = stage.request_raw(scene.plan, at, "palisade%00");
        scene.add(
            "order",
            "anonymous, an id that is none",
            request.by(None),
            Expect::any(&[400, 401, 404]),
        );
    }
}

/// Nobody gets in, whatever they hold, and nothing is asked of them (ruling 7).
pub fn denied(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let request = stage.request();
    let expect = Expect::status(403)
        .header("www-authenticate", Field::Absent)
        .event("authz.denied", None)
        .limited(false);
    scene.add(
        "denied",
        "anonymous",
        request.clone().by(None),
        expect.clone(),
    );
    for at in 0..scene.plan.schemes.len() {
        let token = Scene::token_of(scene, at);
        scene.add(
            "denied",
            "every role",
            request.clone().by(token.clone()),
            expect.clone(),
        );
        let forged = token.map(|mut token| {
            Rc::make_mut(&mut token).key = Key::Other;
            token
        });
        scene.add(
            "denied",
            "every role, forged",
            request.clone().by(forged),
            expect.clone(),
        );
    }
}

impl Scene<'_> {
    /// A caller of a scheme with every role there is.
    fn token_of(&self, scheme: usize) -> Option<Rc<Token>> {
        let operation = self
            .plan
            .operations
            .iter()
            .find(|each| matches!(&each.access, Access::Caller(n) if n.scheme == scheme))?;
        self.token(operation, &self.all_without(0))
    }
}
