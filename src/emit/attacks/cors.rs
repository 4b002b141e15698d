//! Pages of other origins (P90, P92; rulings 30 to 32).

use super::case::{Expect, Field, Request};
use super::routes::{allowed, declared, dress};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{Access, Carrier, Cors, In, Means, Need, Operation, Origins};

/// Origins given to a service that takes them from its environment.
const ORIGINS: [&str; 2] = [
    "https://app.palisade.example",
    "https://admin.palisade.example:8443",
];

/// Sets the variable that names the origins.
pub fn settings(scene: &mut Scene<'_>) {
    if let Some(Cors {
        origins: Origins::Env(name),
        ..
    }) = &scene.plan.cors
    {
        scene.environment.insert(name.clone(), ORIGINS.join(","));
    }
}

fn listed(cors: &Cors) -> Vec<String> {
    match &cors.origins {
        Origins::List(list) => list.clone(),
        Origins::Env(_) => ORIGINS.map(str::to_owned).to_vec(),
    }
}

/// Origins that only look like a listed one.
fn unlisted(listed: &[String]) -> Vec<(&'static str, String)> {
    let Some(first) = listed.first() else {
        return Vec::new();
    };
    let Some((scheme, host)) = first.split_once("://") else {
        return Vec::new();
    };
    let other = if scheme == "https" { "http" } else { "https" };
    let port = if host.contains(':') {
        host.split(':').next().unwrap_or(host).to_owned()
    } else {
        format!("{host}:444")
    };
    let candidates = vec![
        ("another", "https://attacker.example".to_owned()),
        ("null", "null".to_owned()),
        ("ours in front", format!("{first}.attacker.example")),
        ("ours behind", format!("{scheme}://attacker{host}")),
        ("a subdomain", format!("{scheme}://sub.{host}")),
        ("the other scheme", format!("{other}://{host}")),
        ("another port", format!("{scheme}://{port}")),
        ("a slash behind", format!("{first}/")),
        ("capitals", first.to_uppercase()),
        ("two", format!("{first} https://attacker.example")),
    ];
    candidates
        .into_iter()
        .filter(|(_, origin)| !listed.contains(origin))
        .collect()
}

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let plan = scene.plan;
    let (operation, Some(cors)) = (stage.operation, &plan.cors) else {
        return;
    };
    let listed = listed(cors);
    let (caller, fields) = (scene.need(operation).is_some(), fields(scene, operation));
    scene.family(stage, "cors", &caller.to_string(), |scene| {
        simple(scene, stage, cors, &listed);
    });
    let methods = declared(scene, operation);
    let key = format!(
        "{} {methods:?} {fields:?} {caller} {}",
        operation.method,
        dress(stage)
    );
    scene.family(stage, "preflight", &key, |scene| {
        preflights(scene, stage, cors, &listed);
    });
}

fn simple(scene: &mut Scene<'_>, stage: &Stage<'_>, cors: &Cors, listed: &[String]) {
    let operation = stage.operation;
    let control = |origin: &str| stage.request().header("Origin", origin);
    for origin in listed {
        let expect = granted(scene.reached(), cors, origin);
        let sent = control(origin).by(stage.token.clone());
        scene.add("cors", format!("{origin}, listed"), sent, expect);
    }
    for (name, origin) in unlisted(listed) {
        let expect = nothing(scene.reached());
        let sent = control(&origin).by(stage.token.clone());
        scene.add("cors", format!("{origin}: {name}"), sent, expect);
    }
    if let Some(origin) = listed.first() {
        let twice = control(origin).header("Origin", "https://attacker.example");
        let expect = nothing(scene.reached());
        let name = "a listed one, and another field".to_owned();
        scene.add("cors", name, twice.by(stage.token.clone()), expect);
    }
    // Being listed is no credential; the page may read the refusal.
    if let (Some(origin), Access::Caller(_)) = (listed.first(), &operation.access) {
        let expect = granted(scene.refused(401).code("missing"), cors, origin);
        scene.add(
            "cors",
            "listed, anonymous",
            control(origin).by(None),
            expect,
        );
    }
}

/// What a listed origin is told.
fn granted(expect: Expect, cors: &Cors, origin: &str) -> Expect {
    let credentials = if cors.credentials {
        Field::Is("true".into())
    } else {
        Field::Absent
    };
    expect
        .header("access-control-allow-origin", Field::Is(origin.to_owned()))
        .header("access-control-allow-credentials", credentials)
        .header("vary", Field::holds(&["Origin"], &[]))
}

/// What any other is told.
fn nothing(expect: Expect) -> Expect {
    expect
        .header("access-control-allow-origin", Field::Absent)
        .header("access-control-allow-credentials", Field::Absent)
        .header("access-control-allow-methods", Field::Absent)
        .header("access-control-allow-headers", Field::Absent)
        .header("access-control-max-age", Field::Absent)
        .header("vary", Field::holds(&["Origin"], &[]))
}

fn preflights(scene: &mut Scene<'_>, stage: &Stage<'_>, cors: &Cors, listed: &[String]) {
    let operation = stage.operation;
    let Some(origin) = listed.first() else { return };
    let ask = |origin: &str, method: &str| {
        let target = stage.request().target;
        Request {
            method: "OPTIONS".into(),
            target,
            ..Request::default()
        }
        .header("Origin", origin)
        .header("Access-Control-Request-Method", method)
    };
    let answered = || Expect::status(204).limited(false);
    let age = match cors.max_age_seconds {
        Some(seconds) => Field::Is(seconds.to_string()),
        None => Field::Absent,
    };
    let fields = fields(scene, operation);
    let methods = Field::Set(
        allowed(scene, operation)
            .into_iter()
            .filter(|m| !matches!(*m, "HEAD" | "OPTIONS"))
            .map(str::to_owned)
            .collect(),
    );
    let expect = granted(answered(), cors, origin)
        .header("access-control-allow-methods", methods)
        .header("access-control-allow-headers", fields)
        .header("access-control-max-age", age);
    let asked = ask(origin, operation.method).header(
        "Access-Control-Request-Headers",
        "authorization, x-palisade",
    );
    scene.add("preflight", "listed", asked.by(None), expect);

    for (name, origin) in unlisted(listed) {
        let expect = nothing(answered()).event("cors.rejected", None);
        scene.add(
            "preflight",
            format!("{origin}: {name}"),
            ask(&origin, operation.method).by(None),
            expect,
        );
    }
    let expect =
        granted(answered(), cors, origin).header("access-control-allow-methods", Field::Absent);
    let declared = declared(scene, operation);
    for method in ["TRACE", "FOO", "DELETE", "PUT"]
        .into_iter()
        .filter(|method| !declared.contains(method))
    {
        scene.add(
            "preflight",
            format!("undeclared {method}"),
            ask(origin, method).by(None),
            expect.clone(),
        );
    }
}

/// Ruling 30; of all methods of the path or of this one alone is left open, so the least is asked for, and nothing foreign.
fn fields(scene: &Scene<'_>, operation: &Operation) -> Field {
    let mut names: Vec<&str> = operation
        .params
        .iter()
        .filter(|p| p.location == In::Header)
        .map(|p| p.name.as_str())
        .collect();
    if operation.body.is_some() {
        names.push("Content-Type");
    }
    for means in operation.access.need().map(Need::means).unwrap_or_default() {
        match means {
            Means::Token(_) | Means::Password(_) => names.push("Authorization"),
            Means::Certificate(_) => {}
            Means::Key(at) => {
                let scheme = scene.plan.keys.get(at);
                if let Some(Carrier::Header(name)) = scheme.map(|scheme| &scheme.carrier) {
                    names.push(name);
                }
            }
        }
    }
    Field::holds(&names, &["*", "x-palisade"])
}

/// Of the whole service: a path nobody declared has no preflight either.
pub fn service(scene: &mut Scene<'_>) {
    let Some(cors) = &scene.plan.cors else { return };
    let Some(origin) = listed(cors).into_iter().next() else {
        return;
    };
    let target = format!("{}/palisade-no-such-path", scene.plan.mount);
    let asked = Request {
        method: "OPTIONS".into(),
        target,
        ..Request::default()
    }
    .header("Origin", &origin)
    .header("Access-Control-Request-Method", "GET");
    scene.add(
        "preflight",
        "unknown path",
        asked.by(None),
        Expect::status(404).limited(false),
    );
}
