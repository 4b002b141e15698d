//! The attacks: cases as data, the probe they are sent to, and the runner that sends them.
//!
//! What is expected comes from the plan and the rulings, never from running the service. The probe's handlers answer 599,
//! so that a refusal proves that no handler was reached, and a control that the same request without the attack is let in.

mod access;
mod accounts;
mod admitted;
mod answers;
mod body;
mod body_ids;
mod callers;
mod candidates;
mod case;
mod certificates;
mod change;
mod circumstances;
mod cors;
mod counts;
mod crowd;
mod decisions;
mod edges;
mod entries;
mod evaluate;
mod families;
mod field;
mod files;
mod forgeries;
mod form;
mod free;
mod grammar;
mod items;
mod keys;
pub mod kinds;
mod misbehaved;
mod numbers;
mod objects;
mod octets;
mod others;
mod outcomes;
mod params;
mod parts;
mod passwords;
mod plain;
mod probe;
mod quotas;
mod revocation;
mod routes;
mod rows;
mod rules;
mod sample;
mod scene;
mod schemes;
mod sessions;
mod shown;
mod signature;
mod spelled;
mod stage;
mod starts;
mod tokens;
mod unions;
mod values;
mod wholes;
mod witness;

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;

use super::{Emitted, Files, Owner, header};
use crate::plan::{self, Access, Holds, Plan, Setting};
use kinds::{ALWAYS, KINDS, numbers};
use scene::Scene;
use serde_json::{Map, Value, json};
use stage::Stage;

/// The name of every kind of attack, in the order in which they are reported.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.name)
}

/// The static files, byte for byte the same in every project but for their first line.
const RUNNER: &[(&str, &str, &str)] = &[
    (
        "attacks/Cargo.toml",
        "#",
        include_str!("../../../templates/attacks/Cargo.toml"),
    ),
    (
        "attacks/tests/attacks.rs",
        "//",
        include_str!("../../../templates/attacks/tests/attacks.rs"),
    ),
    (
        "attacks/tests/away.rs",
        "//",
        include_str!("../../../templates/attacks/tests/away.rs"),
    ),
    (
        "attacks/tests/cases.rs",
        "//",
        include_str!("../../../templates/attacks/tests/cases.rs"),
    ),
    (
        "attacks/tests/client.rs",
        "//",
        include_str!("../../../templates/attacks/tests/client.rs"),
    ),
    (
        "attacks/tests/crowd.rs",
        "//",
        include_str!("../../../templates/attacks/tests/crowd.rs"),
    ),
    (
        "attacks/tests/expand.rs",
        "//",
        include_str!("../../../templates/attacks/tests/expand.rs"),
    ),
    (
        "attacks/tests/judge.rs",
        "//",
        include_str!("../../../templates/attacks/tests/judge.rs"),
    ),
    (
        "attacks/tests/sessions.rs",
        "//",
        include_str!("../../../templates/attacks/tests/sessions.rs"),
    ),
    (
        "attacks/tests/stale.rs",
        "//",
        include_str!("../../../templates/attacks/tests/stale.rs"),
    ),
    (
        "attacks/tests/starts.rs",
        "//",
        include_str!("../../../templates/attacks/tests/starts.rs"),
    ),
    (
        "attacks/tests/target.rs",
        "//",
        include_str!("../../../templates/attacks/tests/target.rs"),
    ),
];

/// `attacks/`.
pub fn project(plan: &Plan, files: &mut Files) {
    for (path, comment, text) in RUNNER {
        own(files, path, format!("{}{text}", header(plan, comment)));
    }
    let scene = stage(plan);
    own(files, "attacks/cases.jsonl", lines(plan, &scene));
    probe::emit(plan, &scene, files);
}

fn own(files: &mut Files, path: &str, text: String) {
    files.insert(
        path.to_owned(),
        Emitted {
            text,
            owner: Owner::Palisade,
        },
    );
}

/// Everything that is tried on the service.
fn stage(plan: &Plan) -> Scene<'_> {
    let mut scene = Scene::new(plan);
    fill(&mut scene);
    scene
}

fn fill(scene: &mut Scene<'_>) {
    cors::settings(scene);
    let mut first = true;
    for operation in &scene.plan.operations {
        let stage = match scene.stage(operation) {
            Ok(stage) => stage,
            Err(why) => {
                scene.used.insert("control");
                scene.close_without(&operation.id, why);
                continue;
            }
        };
        if std::mem::take(&mut first) {
            routes::service(scene, &stage);
            cors::service(scene);
            quotas::flood(scene);
            crowd::service(scene, &stage);
        }
        if matches!(operation.access, Access::Denied { .. }) {
            access::denied(scene, &stage);
            routes::attack_denied(scene, &stage);
            crowd::attack(scene, &stage);
        } else {
            every(scene, &stage);
        }
        scene.close(&stage);
    }
}

fn every<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    access::attack(scene, stage);
    objects::attack(scene, stage);
    shown::attack(scene, stage);
    decisions::attack(scene, stage);
    tokens::attack(scene, stage);
    revocation::attack(scene, stage);
    schemes::attack(scene, stage);
    body::attack(scene, stage);
    grammar::attack(scene, stage);
    params::attack(scene, stage);
    routes::attack(scene, stage);
    cors::attack(scene, stage);
    quotas::attack(scene, stage);
    misbehaved::attack(scene, stage);
    crowd::attack(scene, stage);
}

/// The manifest, what the cases refer to, families of cases, operations with their own cases: one JSON object a line.
fn lines(plan: &Plan, scene: &Scene<'_>) -> String {
    let schemes: Vec<_> = plan
        .schemes
        .iter()
        .map(|scheme| {
            let keys = match &scheme.keys.from {
                Setting::Env(name) => json!({ "env": name }),
                Setting::File(path) => json!({ "file": path }),
                // The shield of the attacks is told so under the name of the reference.
                Setting::Vault(reference) => json!({ "env": format!("vault:{reference}") }),
                Setting::Literal(_) => json!({}),
            };
            let mut members: change::Members = vec![
                ("name", json!(scheme.name)),
                ("algorithm", json!(scheme.algorithms.first())),
                ("keys", keys),
            ];
            if scheme.keys.holds == Holds::Issued {
                members.push(("issued", json!(true)));
            }
            change::object(members)
        })
        .collect();
    let controls: Vec<&str> = plan
        .operations
        .iter()
        .filter(|operation| !matches!(operation.access, Access::Denied { .. }))
        .map(|operation| operation.id.as_str())
        .collect();
    let sessions = sessions::all(plan);
    let starts = starts::all(plan);
    let tried = |kind: &&kinds::Kind| {
        scene.used.contains(kind.name)
            || sessions.iter().any(|each| each.kind == kind.name)
            || starts.iter().any(|each| each.kind == kind.name)
    };
    let used: Vec<_> = KINDS
        .iter()
        .filter(tried)
        .map(|kind| json!([kind.name, numbers(kind.shows).collect::<Vec<_>>()]))
        .collect();
    let mut manifest = vec![
        ("generated", json!(header(plan, "").trim())),
        ("schemes", json!(schemes)),
        ("environment", json!(scene.environment())),
        ("cors", json!(plan.cors.is_some())),
        ("operations", json!(controls)),
        ("kinds", json!(used)),
        ("always", json!(numbers(ALWAYS).collect::<Vec<_>>())),
    ];
    if !sessions.is_empty() {
        manifest.push(("login", sessions::login(scene)));
        manifest.push(("ways", ways(plan, scene)));
    }
    let mut text = String::new();
    change::line(&manifest, &mut text);
    for (name, outcome) in scene.outcomes() {
        let mut members: change::Members = vec![("outcome", json!(name))];
        members.push(("expect", outcome.into()));
        change::line(&members, &mut text);
    }
    scene.with_callers(|callers| {
        for (name, token) in callers {
            change::line(
                &[("caller", json!(name)), ("token", json!(**token))],
                &mut text,
            );
        }
    });
    text.push_str(&scene.families.shared);
    text.push_str(&scene.families.own);
    for session in sessions {
        let members = [
            ("session", json!(session.name)),
            ("kind", json!(session.kind)),
            ("steps", json!(session.steps)),
        ];
        change::line(&members, &mut text);
    }
    for start in starts {
        let members = [
            ("start", json!(start.name)),
            ("kind", json!(start.kind)),
            ("set", json!([start.variable, start.value])),
        ];
        change::line(&members, &mut text);
    }
    text
}

/// The plainest request to each flow, and to an operation at which a token shows whether it is good.
fn ways(plan: &Plan, scene: &Scene<'_>) -> Value {
    let mut ways = Map::new();
    let flows = plan.operations.iter().filter_map(|each| {
        let flow = each.flow.as_ref()?;
        Some((flow.kind.word(), each))
    });
    let guarded = sessions::guarded(plan).map(|each| ("guarded", each));
    for (name, operation) in flows.chain(guarded) {
        let Ok(stage) = scene.stage(operation) else {
            continue;
        };
        let request = stage.request();
        let body = match &request.body {
            Some(case::Body::Json(body)) => Some(body.to_string()),
            _ => None,
        };
        let way = json!({
            "method": request.method,
            "target": request.target,
            "headers": request.headers,
        });
        let way = match body {
            Some(body) => sessions::with(way, "body", json!(body)),
            None => way,
        };
        let way = match stage.media() {
            plan::Media::Json => way,
            media => sessions::with(way, "as", json!(form::word(media))),
        };
        ways.entry(name).or_insert(way);
    }
    Value::Object(ways)
}
