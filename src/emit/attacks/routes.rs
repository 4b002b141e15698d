//! Paths and methods that the document does not have (P47, P48, P62, P63, P67).

use super::case::{Expect, Field, Request};
use super::scene::{Scene, Stage};
use crate::plan::{Access, Operation, Plan, Segment};

const ORDER: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Whether both operations stand on the same path.
pub fn same_path(a: &Operation, b: &Operation) -> bool {
    a.path == b.path
}

/// Methods that the path answers, as `Allow` lists them (ruling 29).
pub fn allowed(plan: &Plan, operation: &Operation) -> Vec<&'static str> {
    let declared: Vec<&str> = plan.operations.iter().filter(|each| same_path(each, operation)).map(|each| each.method).collect();
    let has = |method: &str| match method {
        "HEAD" => declared.contains(&"GET"),
        "OPTIONS" => plan.cors.is_some(),
        _ => declared.contains(&method),
    };
    ORDER.into_iter().filter(|method| has(method)).collect()
}

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let plan = scene.plan;
    // Per path, under the name of its first operation.
    if plan.operations.iter().find(|each| same_path(each, stage.operation)).is_some_and(|first| first.id == stage.operation.id) {
        methods(scene, stage);
    }
    disguises(scene, stage);
    overrides(scene, stage);
    if stage.operation.method == "GET" {
        head(scene, stage);
    }
}

fn bare(request: Request, method: &str) -> Request {
    Request { method: method.to_owned(), target: request.target, ..Request::default() }
}

fn methods(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let (operation, plan) = (stage.operation, scene.plan);
    let allow = allowed(plan, operation);
    let token = scene.token(operation, &scene.all_without(0));
    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "get", "QUERY"];
    for method in all.into_iter().filter(|method| !allow.contains(method)) {
        let refused = Expect::status(405).header("allow", Field::Is(allow.join(", "))).limited(false);
        let sent = bare(stage.request(plan), method).by(token.clone());
        scene.add(operation, "method", method, sent, refused);
    }
    if plan.cors.is_some() {
        let expect = Expect::status(204).header("allow", Field::Is(allow.join(", "))).limited(false);
        scene.add(operation, "method", "OPTIONS that is no preflight", bare(stage.request(plan), "OPTIONS").by(None), expect);
    }
}

/// The same path written otherwise: no route, or the same guards; here nobody is let in.
fn disguises(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let (operation, plan) = (stage.operation, scene.plan);
    let token = scene.token(operation, &scene.all_without(0));
    let request = stage.request(plan);
    let (path, query) = match request.target.split_once('?') {
        Some((path, query)) => (path.to_owned(), format!("?{query}")),
        None => (request.target.clone(), String::new()),
    };
    let mut targets = vec![
        ("a slash behind", format!("{path}/")),
        ("a slash in front", format!("/{path}")),
        ("a dot segment", format!("/.{path}")),
        ("a way up", format!("/palisade/..{path}")),
        ("a backslash", format!("{}\\", path)),
        ("a parameter", format!("{path};a=b")),
    ];
    let literal = operation.segments.iter().find_map(|segment| match segment {
        Segment::Literal(text) => Some(text.as_str()),
        Segment::Param(_) => None,
    });
    if let Some(literal) = literal {
        targets.push(("capitals", path.replacen(literal, &literal.to_uppercase(), 1)));
        if let Some(first) = literal.bytes().next() {
            targets.push(("an escaped letter", path.replacen(literal, &format!("%{first:02x}{}", literal.get(1..).unwrap_or_default()), 1)));
        }
    }
    for (name, target) in targets {
        let sent = Request { target: format!("{target}{query}"), ..request.clone() }.by(token.clone());
        // Where a variable stands last, what is behind it is its value, and a bad one.
        scene.add(operation, "disguised-path", name, sent, Expect::any(&[400, 404, 405, 422]));
    }
    if matches!(operation.access, Access::Caller(_)) {
        let target = format!("http://palisade.example{path}{query}");
        let sent = Request { target, ..request }.by(None);
        scene.add(operation, "disguised-path", "absolute form, anonymous", sent, Expect::any(&[400, 401, 404]));
    }
}

/// A method in a field is no method (P48).
fn overrides(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let (operation, plan) = (stage.operation, scene.plan);
    let others = plan.operations.iter().filter(|each| same_path(each, operation) && each.id != operation.id);
    let target = others.map(|each| each.method).next().unwrap_or(if operation.method == "DELETE" { "GET" } else { "DELETE" });
    for field in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
        let sent = stage.request(plan).header(field, target).by(scene.token(operation, &stage.roles));
        let expect = scene.reached(operation);
        scene.add(operation, "method-override", format!("{field}: {target}"), sent, expect);
    }
}

/// HEAD is GET without the body, guards and all (P47).
fn head(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let (operation, plan) = (stage.operation, scene.plan);
    let request = Request { method: "HEAD".into(), ..stage.request(plan) };
    let expect = scene.reached(operation);
    scene.add(operation, "head", "let in", request.clone().by(scene.token(operation, &stage.roles)), expect);
    if matches!(operation.access, Access::Caller(_)) {
        let expect = scene.refused(operation, 401).header("www-authenticate", scene.challenge(&[], &["error="]));
        scene.add(operation, "head", "anonymous", request.by(None), expect.event("auth.failure", Some("missing")));
    }
}

/// A denied operation still has its methods and its path.
pub fn attack_denied(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    if scene.plan.operations.iter().find(|each| same_path(each, stage.operation)).is_some_and(|first| first.id == stage.operation.id) {
        methods(scene, stage);
    }
}

/// Whether a target, without a query, could be this operation's.
fn matches(plan: &Plan, operation: &Operation, target: &str) -> bool {
    let Some(path) = target.strip_prefix(plan.mount.as_str()) else { return false };
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    parts.len() == operation.segments.len()
        && parts.iter().zip(&operation.segments).all(|(part, segment)| match segment {
            Segment::Literal(text) => part == text,
            Segment::Param(_) => true,
        })
}

/// Of the whole service, under the name of its first operation.
pub fn service(scene: &mut Scene<'_>, operation: &Operation) {
    let plan = scene.plan;
    let get = |target: String| Request { method: "GET".into(), target, ..Request::default() };
    let unknown = || Expect::status(404).code("not_found").limited(false);
    let mount = &plan.mount;
    let mut targets = vec![
        ("no such path".to_owned(), format!("{mount}/palisade-no-such-path")),
        ("the root".to_owned(), "/".to_owned()),
        ("a probe".to_owned(), "/healthz".to_owned()),
        ("the document".to_owned(), "/openapi.json".to_owned()),
    ];
    if !mount.is_empty() {
        targets.push(("without the mount".to_owned(), operation.path.clone()));
    }
    for (name, target) in targets {
        if !plan.operations.iter().any(|each| matches(plan, each, &target)) {
            scene.add(operation, "unknown-path", name, get(target).by(None), unknown());
        }
    }
    let long = format!("{mount}/{}", "a".repeat(usize::try_from(plan.limits.uri_bytes).unwrap_or(8192)));
    scene.add(operation, "unknown-path", "longer than a URI may be", get(long).by(None), Expect::status(414));
    // A host of nobody's, and two lengths: framing that a proxy in front may read otherwise (P78).
    let request = get(format!("{mount}/palisade-no-such-path"));
    let smuggled = request.clone().header("Transfer-Encoding", "chunked").header("Content-Length", "4");
    scene.add(operation, "framing", "a length and chunks", smuggled.by(None), Expect::status(400));
    let fields = usize::try_from(plan.limits.header_count).unwrap_or(64);
    let mut crowded = request;
    for number in 0..fields {
        crowded = crowded.header(&format!("X-Palisade-{number}"), "1");
    }
    scene.add(operation, "framing", "too many header fields", crowded.by(None), Expect { bare: true, ..Expect::status(431) });
}
