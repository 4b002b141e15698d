//! Asks every service everything, and the oracle the same: where they differ, one of them is wrong.
//!
//! A request is HTTP as the door takes it, in process: credentials are signed and verified, bodies parsed, answers
//! projected. Built and run by `cargo xtask oracle`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod credentials;
mod services;
mod tally;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use credentials::{Credentials, Sent};
use oracle::cells::{self, Cell};
use oracle::world::Principal;
use oracle::{Operation, Oracle, Place, Verdict, Way, algebra};
use serde_json::Value;
use services::SERVICES;
use shield::testing::Harness;
use shield::{Door, Peer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;
use tally::Tally;
use tower_service::Service as _;

type Start = fn(BTreeMap<String, String>, Arc<AtomicU64>) -> Result<(Harness, Door), String>;

/// One service, and the document it was emitted for.
pub struct Service {
    pub name: &'static str,
    pub document: &'static str,
    /// Every combination of caller, not every kind.
    pub every: bool,
    pub algebra: bool,
    /// What was taken out of it: then they must disagree.
    pub mutant: Option<&'static str>,
    pub start: Start,
}

fn main() -> ExitCode {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    while let Some(service) = SERVICES.get(next.fetch_add(1, Ordering::SeqCst)) {
                        let tally = ask(service);
                        println!("{}", tally.line());
                        done.push(tally);
                    }
                    done
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
    });
    match tally::sum(&tallies) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn ask(service: &Service) -> Tally {
    let begun = Instant::now();
    let document: Value = serde_json::from_str(service.document).expect("JSON");
    let oracle = match Oracle::read(&document) {
        Ok(oracle) => oracle,
        Err(error) => panic!("{}: the oracle does not understand: {error}", service.name),
    };
    let principals = match service.algebra {
        true => algebra::principals(),
        false => cells::principals(&oracle, service.every),
    };
    let mut credentials = Credentials::new(&oracle.schemes, &principals);
    if let Some(variable) = &oracle.origins {
        let origin = "https://app.example.com".to_owned();
        credentials.environment.insert(variable.clone(), origin);
    }
    let reached = Arc::new(AtomicU64::new(0));
    let started = (service.start)(credentials.environment.clone(), reached.clone());
    let (harness, door) = match started {
        Ok(started) => started,
        Err(error) => panic!("{} does not start: {error}", service.name),
    };
    let shown: Vec<_> = principals.iter().map(|principal| credentials.of(principal)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut tally = Tally::new(service.name, service.mutant);
    tally.operations = oracle.operations.len();
    tally.unjudged = oracle.unjudged.clone();
    tally.principals = principals.len();
    runtime.block_on(async {
        let mut door = door;
        for operation in &oracle.operations {
            // Once is enough to notice.
            if service.mutant.is_some() && !tally.wrong.is_empty() {
                break;
            }
            for cell in cells::of(operation) {
                for (principal, sent) in principals.iter().zip(&shown) {
                    let expected = oracle.judge(operation, principal, &cell);
                    tally.count(expected.status);
                    let before = reached.load(Ordering::SeqCst);
                    let answer = send(&mut door, operation, &cell, sent).await;
                    let calls = reached.load(Ordering::SeqCst) - before;
                    if let Some(why) = differs(&expected, &answer, calls, &cell, &mut tally.members) {
                        tally.wrong.push(told(&oracle, operation, principal, &cell, &why));
                    }
                }
            }
        }
    });
    drop(harness);
    tally.took = begun.elapsed();
    tally
}

struct Answer {
    status: u16,
    body: Vec<u8>,
}

/// The target of a cell: its parameters in their places.
fn target(operation: &Operation, cell: &Cell) -> String {
    let mut path = operation.path.clone();
    let mut query = String::new();
    for (param, value) in operation.params.iter().zip(&cell.params) {
        if param.in_path {
            path = path.replace(&format!("{{{}}}", param.name), value);
        } else {
            let sign = if query.is_empty() { '?' } else { '&' };
            // A `+` of a query is a space.
            let _ = write!(query, "{sign}{}={}", param.name, value.replace('+', "%2B"));
        }
    }
    path + &query
}

fn method<'a>(operation: &'a Operation, cell: &Cell) -> &'a str {
    if cell.head { "HEAD" } else { &operation.method }
}

async fn send(door: &mut Door, operation: &Operation, cell: &Cell, sent: &[Sent]) -> Answer {
    let address: IpAddr = oracle::world::ADDRESS.parse().expect("an address");
    let peer = Peer(SocketAddr::from((address, 40_000)));
    let mut target = target(operation, cell);
    for key in sent.iter().filter(|sent| sent.place == Place::Query) {
        let sign = if target.contains('?') { '&' } else { '?' };
        let _ = write!(target, "{sign}{}={}", key.name, key.value);
    }
    let mut request = Request::builder()
        .method(method(operation, cell))
        .uri(target)
        .header("host", "service.example.com")
        .extension(peer);
    for sent in sent {
        request = match sent.place {
            Place::Header => request.header(&sent.name, &sent.value),
            Place::Cookie => request.header("cookie", format!("{}={}", sent.name, sent.value)),
            Place::Query => request,
        };
    }
    let body = match &cell.body {
        Some(body) => {
            let (kind, text) = written(body, cell.way);
            request = request.header("content-type", kind).header("content-length", text.len());
            Body::from(text)
        }
        None => Body::empty(),
    };
    let request = request.body(body).expect("a request");
    let Ok(answer) = door.call(request).await;
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body").to_vec();
    Answer { status, body }
}

/// The value of `Content-Type`, and the body.
fn written(body: &Value, way: Way) -> (String, Vec<u8>) {
    let pairs = body.as_object().into_iter().flatten().flat_map(|(name, value)| {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        items.iter().map(move |item| (name, item))
    });
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    match way {
        Way::Json => (way.name().to_owned(), body.to_string().into_bytes()),
        Way::Form => {
            let pairs: Vec<String> = pairs.map(|(name, value)| format!("{}={}", escaped(name), escaped(&text(value)))).collect();
            // A form without pairs is a form; without a byte it is no body.
            let form = if pairs.is_empty() { "&".to_owned() } else { pairs.join("&") };
            (way.name().to_owned(), form.into_bytes())
        }
        Way::Text => (way.name().to_owned(), text(body).into_bytes()),
        Way::Parts => {
            let mut form = Vec::new();
            for (name, value) in pairs {
                let file = &value["~file"];
                let (about, content) = match value {
                    Value::Object(_) if file.is_object() => (
                        format!("; filename={}\r\nContent-Type: {}", file["name"], text(&file["type"])),
                        file["bytes"].as_array().into_iter().flatten().filter_map(|byte| u8::try_from(byte.as_u64()?).ok()).collect(),
                    ),
                    Value::Object(_) => ("\r\nContent-Type: application/json".to_owned(), value.to_string().into_bytes()),
                    _ => (String::new(), text(value).into_bytes()),
                };
                form.extend(format!("--Oracle\r\nContent-Disposition: form-data; name=\"{name}\"{about}\r\n\r\n").into_bytes());
                form.extend(content);
                form.extend(b"\r\n");
            }
            form.extend(b"--Oracle--\r\n");
            (format!("{}; boundary=Oracle", way.name()), form)
        }
    }
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02x}"),
    };
    text.bytes().map(byte).collect()
}

/// What of an answer is not as it must be.
fn differs(expected: &Verdict, answer: &Answer, calls: u64, cell: &Cell, compared: &mut u64) -> Option<String> {
    if answer.status != expected.status {
        return Some(format!("expected {}, answered {}", expected.status, answer.status));
    }
    let good = (200..300).contains(&expected.status);
    if calls != u64::from(good) {
        return Some(format!("{} and the handler was reached {calls} times", answer.status));
    }
    if cell.head {
        return (!answer.body.is_empty()).then(|| "HEAD with a body".to_owned());
    }
    if !good {
        return None;
    }
    let json: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    if let Some(fields) = &expected.fields {
        // A text is a value without members, and no JSON.
        let text = fields.is_empty() && !answer.body.is_empty();
        if json.is_null() && !text {
            return Some("no body where one is declared".to_owned());
        }
        let found = members(&json);
        *compared += fields.len() as u64;
        return (found != *fields).then(|| format!("expected the members {fields:?}, received {found:?}"));
    }
    if let Some(rows) = &expected.rows {
        let found: Vec<(String, BTreeSet<String>)> = json
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| (row["id"].as_str().unwrap_or_default().to_owned(), members(row)))
            .collect();
        *compared += rows.iter().map(|(_, members)| members.len() as u64 + 1).sum::<u64>();
        return (found != *rows).then(|| format!("expected the rows {rows:?}, received {found:?}"));
    }
    (!answer.body.is_empty()).then(|| "a body where none is declared".to_owned())
}

/// The members of an object, those of objects in it as `outer/inner`; of a list those of all in it.
fn members(value: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    match value {
        Value::Array(items) => all.extend(items.iter().flat_map(members)),
        Value::Object(entries) => {
            for (name, value) in entries {
                all.insert(name.clone());
                all.extend(members(value).iter().map(|inner| format!("{name}/{inner}")));
            }
        }
        _ => {}
    }
    all
}

/// Everything that is needed to see it again.
fn told(oracle: &Oracle, operation: &Operation, principal: &Principal, cell: &Cell, why: &str) -> String {
    let body = cell.body.as_ref().map(|body| format!(" -d '{body}'")).unwrap_or_default();
    format!(
        "{why}\n    {} of {}, {}\n    curl -X {} 'http://service{}' -H 'Credentials: <{}>'{body}",
        operation.id,
        oracle.title,
        match &cell.body {
            Some(_) => format!("{}, as {}", cell.about, cell.way.name()),
            None if cell.about.is_empty() => "no body".to_owned(),
            None => cell.about.clone(),
        },
        method(operation, cell),
        target(operation, cell),
        principal.name,
    )
}
