//! Paths and methods that the document does not have (P47, P48, P62, P63, P67).

use super::case::{Expect, Field, Request};
use super::scene::Scene;
use super::stage::Stage;
use super::witness::Rule;
use crate::plan::{Access, Operation, Plan, Segment, ValueKind};

const ORDER: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Methods that are declared on the operation's path.
pub fn declared(scene: &Scene<'_>, operation: &Operation) -> Vec<&'static str> {
    let on_path = scene.on_path(operation).iter();
    on_path.map(|each| each.method).collect()
}

/// Methods that the path answers, as `Allow` lists them (ruling 29).
pub fn allowed(scene: &Scene<'_>, operation: &Operation) -> Vec<&'static str> {
    let declared = declared(scene, operation);
    let has = |method: &str| match method {
        "HEAD" => declared.contains(&"GET"),
        "OPTIONS" => scene.plan.cors.is_some(),
        _ => declared.contains(&method),
    };
    ORDER.into_iter().filter(|method| has(method)).collect()
}

/// What a request has that one without fields and body has not.
pub fn dress(stage: &Stage<'_>) -> String {
    let names = stage.plainest.headers.iter();
    let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
    format!("{names:?} {}", stage.body.is_some())
}

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    methods_of_path(scene, stage);
    disguises(scene, stage);
    let operation = stage.operation;
    let caller = scene.caller_key(stage);
    // A path of nothing begins and ends with itself.
    let root = stage.plainest.target.split('?').next() == Some("/");
    let values = ENDINGS.map(|(_, ending)| is_value(stage, ending));
    let key = format!("{caller} {root} {values:?}");
    scene.family(stage, "disguise", &key, |scene| fixed(scene, stage));
    let mut others = scene.on_path(operation).iter();
    let other = others.find(|each| each.id != operation.id);
    let other = other
        .map(|each| each.method)
        .unwrap_or(if operation.method == "DELETE" {
            "GET"
        } else {
            "DELETE"
        });
    scene.family(stage, "override", other, |scene| {
        overrides(scene, stage, other);
    });
    if operation.method == "GET" {
        scene.family(stage, "head", &caller, |scene| head(scene, stage));
    }
}

/// Per path, under the name of its first operation.
fn methods_of_path(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let first = scene.on_path(stage.operation).first();
    if first.is_some_and(|first| first.id == stage.operation.id) {
        let key = format!(
            "{} {:?} {} {}",
            stage.operation.method,
            allowed(scene, stage.operation),
            scene.caller_key(stage),
            dress(stage)
        );
        scene.family(stage, "method", &key, |scene| methods(scene, stage));
    }
}

fn bare(request: Request, method: &str) -> Request {
    Request {
        method: method.to_owned(),
        target: request.target,
        ..Request::default()
    }
}

fn methods(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let (operation, plan) = (stage.operation, scene.plan);
    let allow = allowed(scene, operation);
    let token = scene.token(operation, &scene.all_without(0));
    let all = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "get", "QUERY",
    ];
    for method in all.into_iter().filter(|method| !allow.contains(method)) {
        let refused = Expect::status(405)
            .header("allow", Field::Is(allow.join(", ")))
            .limited(false);
        let sent = bare(stage.request(), method).by(token.clone());
        scene.add("method", method, sent, refused);
    }
    if plan.cors.is_some() {
        let expect = Expect::status(204)
            .header("allow", Field::Is(allow.join(", ")))
            .limited(false);
        scene.add(
            "method",
            "OPTIONS that is no preflight",
            bare(stage.request(), "OPTIONS").by(None),
            expect,
        );
    }
}

/// What some servers cut off.
const ENDINGS: [(&str, &str); 2] = [("a backslash", "\\"), ("a parameter", ";a=b")];

/// Whether the path with this behind it is no disguise: a variable stands last, and another value of it is what that says.
fn is_value(stage: &Stage<'_>, ending: &str) -> bool {
    let operation = stage.operation;
    // Where an object is proved, the value is no object's, and nobody is let in either.
    let (Some(Segment::Param(last)), true) = (operation.segments.last(), operation.owns.is_empty())
    else {
        return false;
    };
    let (Some(param), Some(value)) = (operation.params.get(*last), stage.values.get(last)) else {
        return false;
    };
    // Of a list it is the last item that ends so.
    let (kind, value) = match &param.value {
        ValueKind::List(list) => {
            let items: Vec<String> = serde_json::from_str(value).unwrap_or_default();
            (&*list.items, items.last().cloned())
        }
        kind => (kind, Some(value.clone())),
    };
    let (ValueKind::Text(text), Some(value)) = (kind, value) else {
        return false;
    };
    let rule = Rule::new(text);
    rule.is_some_and(|rule| rule.broken(&format!("{value}{ending}")).is_empty())
}

/// The same path written otherwise: no route, or the same guards; here nobody is let in.
fn fixed(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let (path, _) = halves(stage);
    for (name, target) in [
        ("a slash behind", format!("{path}/")),
        ("a slash in front", format!("/{path}")),
        ("a dot segment", format!("/.{path}")),
        ("a way up", format!("/palisade/..{path}")),
    ] {
        disguise(scene, stage, name, &target);
    }
    for (name, ending) in ENDINGS {
        if !is_value(stage, ending) {
            disguise(scene, stage, name, &format!("{path}{ending}"));
        }
    }
    if matches!(stage.operation.access, Access::Caller(_)) {
        let sent = at(stage, &format!("http://palisade.example{path}")).by(None);
        scene.add(
            "disguised-path",
            "absolute form, anonymous",
            sent,
            Expect::any(&[400, 401, 404]),
        );
    }
}

/// The same, of a segment of its own.
fn disguises(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let literal = stage.operation.segments.iter().find_map(|each| match each {
        Segment::Literal(text) => Some(text.as_str()),
        Segment::Param(_) => None,
    });
    let Some(literal) = literal else { return };
    let (path, _) = halves(stage);
    let capitals = path.replacen(literal, &literal.to_uppercase(), 1);
    disguise(scene, stage, "capitals", &capitals);
    if let Some(first) = literal.bytes().next() {
        let rest = literal.get(1..).unwrap_or_default();
        let escaped = path.replacen(literal, &format!("%{first:02x}{rest}"), 1);
        disguise(scene, stage, "an escaped letter", &escaped);
    }
}

fn disguise(scene: &mut Scene<'_>, stage: &Stage<'_>, name: &'static str, path: &str) {
    let token = scene.token(stage.operation, &scene.all_without(0));
    // Where a variable stands last, what is behind it is its value, and a bad one. What is another path of the document has
    // guards of its own.
    let expect = scene.outcome(
        "no such route",
        Expect::any(&[400, 401, 403, 404, 405, 422]),
    );
    scene.add("disguised-path", name, at(stage, path).by(token), expect);
}

fn at(stage: &Stage<'_>, path: &str) -> Request {
    let (_, query) = halves(stage);
    Request {
        target: format!("{path}{query}"),
        ..stage.request()
    }
}

/// Path, and query with its question mark.
fn halves<'s>(stage: &'s Stage<'_>) -> (&'s str, &'s str) {
    let target = stage.plainest.target.as_str();
    target.split_at(target.find('?').unwrap_or(target.len()))
}

/// A method in a field is no method (P48).
fn overrides(scene: &mut Scene<'_>, stage: &Stage<'_>, target: &str) {
    for field in [
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
    ] {
        let sent = stage
            .request()
            .header(field, target)
            .by(stage.token.clone());
        let expect = scene.reached();
        scene.add(
            "method-override",
            format!("{field}: {target}"),
            sent,
            expect,
        );
    }
}

/// HEAD is GET without the body, guards and all (P47).
fn head(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let request = Request {
        method: "HEAD".into(),
        ..stage.request()
    };
    let expect = scene.reached();
    scene.add(
        "head",
        "let in",
        request.clone().by(stage.token.clone()),
        expect,
    );
    if matches!(operation.access, Access::Caller(_)) {
        let expect = scene.refused(401).header(
            "www-authenticate",
            scene.challenge(operation, &[], &["error="]),
        );
        scene.add(
            "head",
            "anonymous",
            request.by(None),
            expect.event("auth.failure", Some("missing")),
        );
    }
}

/// A denied operation still has its methods and its path.
pub fn attack_denied(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    methods_of_path(scene, stage);
}

/// Whether a target, without a query, could be this operation's.
fn matches(plan: &Plan, operation: &Operation, target: &str) -> bool {
    let Some(path) = target.strip_prefix(plan.mount.as_str()) else {
        return false;
    };
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    parts.len() == operation.segments.len()
        && parts
            .iter()
            .zip(&operation.segments)
            .all(|(part, segment)| match segment {
                Segment::Literal(text) => part == text,
                Segment::Param(_) => true,
            })
}

/// Of the whole service, under the name of its first operation.
pub fn service(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let plan = scene.plan;
    let get = |target: String| Request {
        method: "GET".into(),
        target,
        ..Request::default()
    };
    let unknown = || Expect::status(404).code("not_found").limited(false);
    let mount = &plan.mount;
    let mut targets = vec![
        (
            "no such path".to_owned(),
            format!("{mount}/palisade-no-such-path"),
        ),
        ("the root".to_owned(), "/".to_owned()),
        ("a probe".to_owned(), "/healthz".to_owned()),
        ("the document".to_owned(), "/openapi.json".to_owned()),
    ];
    if !mount.is_empty() {
        targets.push(("without the mount".to_owned(), stage.operation.path.clone()));
    }
    for (name, target) in targets {
        if !plan
            .operations
            .iter()
            .any(|each| matches(plan, each, &target))
        {
            scene.add("unknown-path", name, get(target).by(None), unknown());
        }
    }
    let long = format!(
        "{mount}/{}",
        "a".repeat(usize::try_from(plan.limits.uri_bytes).unwrap_or(8192))
    );
    scene.add(
        "unknown-path",
        "longer than a URI may be",
        get(long).by(None),
        Expect::status(414),
    );
    // A host of nobody's, and two lengths: framing that a proxy in front may read otherwise (P78).
    let request = get(format!("{mount}/palisade-no-such-path"));
    let smuggled = request
        .clone()
        .header("Transfer-Encoding", "chunked")
        .header("Content-Length", "4");
    scene.add(
        "framing",
        "a length and chunks",
        smuggled.by(None),
        Expect::status(400),
    );
    let lengths = request
        .clone()
        .header("Content-Length", "4")
        .header("Content-Length", "5");
    let nobody = Request {
        no_host: true,
        ..request.clone()
    };
    let twice = request.clone().header("Host", "palisade.example");
    for (name, request) in [
        ("two lengths", lengths),
        ("no host", nobody),
        ("two hosts", twice),
    ] {
        // Answered by whoever reads the head first (ruling 34).
        let expect = Expect {
            bare: true,
            ..Expect::status(400)
        };
        scene.add("framing", name, request.by(None), expect);
    }
    // Refused everywhere, also where no path is that could allow anything else (P67).
    let trace = Request {
        method: "TRACE".into(),
        ..request.clone()
    };
    let expect = Expect::status(405);
    scene.add("method", "TRACE of no such path", trace.by(None), expect);
    let asterisk = Request {
        method: "OPTIONS".into(),
        target: "*".into(),
        ..request.clone()
    };
    let expect = Expect::status(400).code("syntax");
    scene.add(
        "framing",
        "a target that is no path",
        asterisk.by(None),
        expect,
    );
    let bytes = usize::try_from(plan.limits.header_bytes).unwrap_or(16_384);
    scene.add(
        "framing",
        "larger header fields than may be",
        request
            .clone()
            .header("X-Palisade", &"a".repeat(bytes))
            .by(None),
        Expect {
            // Far from the usual, hyper answers before the shield does (ruling 34).
            bare: true,
            ..Expect::status(431)
        },
    );
    let fields = usize::try_from(plan.limits.header_count).unwrap_or(64);
    let mut crowded = request;
    for number in 0..fields {
        crowded = crowded.header(&format!("X-Palisade-{number}"), "1");
    }
    scene.add(
        "framing",
        "too many header fields",
        crowded.by(None),
        Expect {
            bare: true,
            ..Expect::status(431)
        },
    );
}
