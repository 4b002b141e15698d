//! Callers who may not: wrong roles, wrong scopes; and operations that nobody may call.

use super::callers::{main, put};
use super::case::{Expect, Field, Key, Token};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{Access, Alternative, Means, Need, Operation};
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

fn insufficient(scene: &Scene<'_>, operation: &Operation) -> Expect {
    let expect = scene
        .refused(403)
        .header(
            "www-authenticate",
            scene.challenge(operation, &["error=\"insufficient_scope\""], &[]),
        )
        .event("authz.denied", None);
    scene.outcome("may not", expect)
}

/// Each required set of roles: every caller outside it, with all other roles at once and with none.
fn roles(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let Some((need, main)) = scene.selective(operation) else {
        return;
    };
    let given = scene.given(main);
    for set in need
        .demand(main)
        .roles
        .iter()
        .filter(|set| *set & given == 0)
    {
        let expect = insufficient(scene, operation);
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
        if let (Some(mut token), Some(scheme)) =
            (scene.token(operation, &[]), scene.identity(operation))
        {
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
    let Some((need, main)) = scene.selective(operation) else {
        return;
    };
    let Some(scheme) = scene.identity(operation) else {
        return;
    };
    let scopes = need.demand(main).scopes;
    for missing in &scopes {
        let Some(mut token) = scene.token(operation, &scene.all_without(0)) else {
            return;
        };
        let rest: Vec<&str> = scopes
            .iter()
            .filter(|scope| *scope != missing)
            .copied()
            .collect();
        put(
            &mut Rc::make_mut(&mut token).claims,
            &scheme.claims.scopes,
            json!(rest.join(" ")),
        );
        let expect = insufficient(scene, operation).header(
            "www-authenticate",
            scene.challenge(
                operation,
                &["error=\"insufficient_scope\"", "scope=", missing],
                &[],
            ),
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
    if scene.need(operation).is_none() {
        return;
    }
    let denied = scene.selective(operation).and_then(|(need, main)| {
        let given = scene.given(main);
        let sets = need.demand(main).roles;
        let set = sets.into_iter().find(|set| set & given == 0)?;
        Some(scene.token(operation, &scene.all_without(set)))
    });
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
            let expect = insufficient(scene, operation);
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
    let tokens = (0..scene.plan.schemes.len()).map(Means::Token);
    let keys = (0..scene.plan.keys.len()).map(Means::Key);
    let passwords = (0..scene.plan.passwords.len()).map(Means::Password);
    let certificates = (0..scene.plan.certificates.len()).map(Means::Certificate);
    for means in tokens.chain(keys).chain(passwords).chain(certificates) {
        let token = Scene::token_of(scene, means);
        scene.add(
            "denied",
            "every role",
            request.clone().by(token.clone()),
            expect.clone(),
        );
        let forged = token
            .filter(|token| token.scheme.is_some())
            .map(|mut token| {
                Rc::make_mut(&mut token).key = Key::Other;
                token
            });
        if forged.is_none() {
            continue;
        }
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
    fn token_of(&self, scheme: Means) -> Option<Rc<Token>> {
        let operations = self.plan.operations.iter();
        let mut mains = operations.filter_map(|each| {
            let need = self.need(each)?;
            Some((each, need, main(need)?))
        });
        let (each, need, main) = mains.find(|(.., main)| main.caller() == Some(scheme))?;
        let more = self.further_claims(each);
        self.credentials(need, main, &self.all_without(0), &more)
    }

    /// What the plainest caller needs, where nothing less lets them in by another alternative.
    fn selective<'n>(&self, operation: &'n Operation) -> Option<(&'n Need, &'n Alternative)> {
        let Access::Caller(need) = &operation.access else {
            return None;
        };
        let main = main(need)?;
        let means: Vec<Means> = main.asks.iter().map(|asks| asks.means).collect();
        let others = need
            .alternatives
            .iter()
            .filter(|one| !std::ptr::eq(*one, main));
        let within = |one: &Alternative| one.asks.iter().all(|asks| means.contains(&asks.means));
        (!others.into_iter().any(within)).then_some((need, main))
    }

    /// Roles that the schemes of an alternative give to all who come by them.
    pub fn given(&self, alternative: &Alternative) -> u64 {
        let asks = alternative.asks.iter();
        let given = asks.filter_map(|asks| match asks.means {
            Means::Key(at) => self.plan.keys.get(at).map(|scheme| scheme.roles),
            Means::Password(at) => self.plan.passwords.get(at).map(|scheme| scheme.roles),
            Means::Certificate(at) => {
                let scheme = self.plan.certificates.get(at);
                scheme.map(|scheme| scheme.roles)
            }
            Means::Token(_) => None,
        });
        let bits = given.fold(0, |all, roles| all | roles);
        let roles = self.plan.roles.iter().enumerate();
        roles
            .filter(|(bit, _)| bits >> bit & 1 == 1)
            .fold(0, |held, (_, role)| held | role.holds)
    }
}
