//! Sends every case of `cases.jsonl` to a service of its own and holds the answer against what the case demands.
//!
//! Behind the guards stands a probe: 599 means that its handler was reached. A refusal counts only when no handler was,
//! and a control only when the right one was. `ATTACKS=getUser` or `ATTACKS=no-token` runs what has that in its name.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod away;
mod cases;
mod client;
mod crowd;
mod expand;
mod judge;
#[rustfmt::skip]
mod probe;
mod sessions;
mod stale;
mod starts;
mod target;

use away::Away;
use cases::{list, word};
use client::Answer;
use crowd::Crowd;
use expand::{Case, Lines};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use target::{Settings, Target};

const REACHED: u16 = 599;

/// Events are written by a thread of their own.
const EVENTS: Duration = Duration::from_secs(2);

/// The same, when the answer is wrong already and it is only a matter of saying all that is.
const SOON: Duration = Duration::from_millis(50);

#[test]
fn attacks() {
    let begun = Instant::now();
    let all = cases::read();
    let only = std::env::var("ATTACKS").unwrap_or_default();
    let (skipped, chosen): (Vec<Case>, Vec<Case>) = all
        .cases()
        .into_iter()
        .filter(|case| case.title().contains(&only))
        .partition(|case| case.skipped().is_some());
    let settings = Settings::new(&all.manifest);
    let cors = all.manifest["cors"] == true;

    let (next, results) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let threads = std::thread::available_parallelism()
        .map_or(2, usize::from)
        .clamp(2, 8);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = chosen.get(at) else { return };
                    let wrong = attack(&case.whole(), &settings, cors);
                    results.lock().unwrap().insert(at, wrong);
                }
            });
        }
    });
    let results = results.into_inner().unwrap();
    let results: Vec<(Case, Vec<String>)> = chosen.into_iter().zip(results.into_values()).collect();

    let chosen = |title: &str| title.contains(&only);
    let sessions: Vec<_> = sessions::attack(&all, &settings)
        .into_iter()
        .chain(starts::attack(&all, &settings))
        .filter(|(title, _)| chosen(title))
        .collect();
    let mut lacking = Vec::new();
    if only.is_empty() {
        lacking = gaps(&all, &results);
    }
    let failed = results
        .iter()
        .filter(|(_, wrong)| !wrong.is_empty())
        .count()
        + sessions.iter().filter(|(_, wrong)| wrong.is_some()).count();
    report(&all, &results, &skipped, &lacking, begun.elapsed());
    for (title, wrong) in sessions {
        let told = match wrong {
            None => continue,
            Some(wrong) => format!("FAILED: {title}\n    {wrong}\n"),
        };
        let _ = std::io::stderr().write_all(shown(&told).as_bytes());
    }
    assert!(
        failed == 0 && lacking.is_empty(),
        "{failed} of {} attacks failed, {} are missing",
        results.len(),
        lacking.len()
    );
}

/// One case against a service that has seen nothing yet: what is wrong with the answers.
fn attack(case: &Value, settings: &Settings, cors: bool) -> Vec<String> {
    match ready(case, settings) {
        Ok((target, crowd)) => against(&target, crowd, case, settings, cors),
        Err(why) => vec![why],
    }
}

/// The service that a case is sent to, and the others who are there already.
fn ready(case: &Value, settings: &Settings) -> Result<(Target, Option<Crowd>), String> {
    let target = Target::start(settings)?;
    let crowd = Crowd::gather(case, &target, settings)?;
    Ok((target, crowd))
}

/// What is wrong with the answers of that service.
fn against(
    target: &Target,
    crowd: Option<Crowd>,
    case: &Value,
    settings: &Settings,
    cors: bool,
) -> Vec<String> {
    let mut case = case.clone();
    let away = Away::of(&mut case);
    let case = &case;
    let later = case["wait"].as_u64().unwrap_or_default();
    let mut wrong = Vec::new();
    let passed = match case.get("before") {
        Some(before) => happened(before, target, settings),
        None => Ok(0),
    };
    target.reached();
    target.wait(later);
    let later = match passed {
        Ok(passed) => passed + later,
        Err(why) => return vec![why],
    };
    if let [by, name] = list(case, "revoke")
        && !target.revoke(
            by.as_str().unwrap_or_default(),
            name.as_str().unwrap_or_default(),
        )
    {
        return vec!["nothing could be revoked".to_owned()];
    }
    target.fail_store(case.get("no_store").is_some());
    target.answer(case["expect"].get("shape").is_some());
    let handler = word(case, "handler");
    target.misbehave(handler);
    let expect = &case["expect"];
    let answer = match asked(case, target, settings, later) {
        Err(_) if expect.get("closed").is_some() => {
            wrong.extend(reached(case, &target.reached()));
            wrong.extend(crowd.and_then(|crowd| crowd.leave(case, target, settings)));
            return wrong;
        }
        Ok(answer) => answer,
        Err(why) => return vec![why],
    };
    // What hyper answers before the shield sees a request has no fields of ours (ruling 34).
    if expect.get("bare").is_none() {
        wrong.extend(judge::always(&answer, cors));
    }
    wrong.extend(reached(case, &target.reached()));
    wrong.extend(settled(expect, &answer, target));
    wrong.extend(secrets(case, settings, target));
    wrong.extend(away.and_then(|away| away.visited()));
    if !handler.is_empty() {
        wrong.extend(goes_on(case, settings, target));
    }
    wrong.extend(crowd.and_then(|crowd| crowd.leave(case, target, settings)));

    if let Some(twin) = expect.get("same_as") {
        match send(twin, target, settings, later) {
            Ok(other) => wrong.extend(judge::alike(&answer, &other)),
            Err(why) => wrong.push(format!("the request to compare with: {why}")),
        }
    }
    wrong
}

/// Sends what comes before, and what comes before that. How many seconds have passed.
fn happened(before: &Value, target: &Target, settings: &Settings) -> Result<u64, String> {
    let passed = match before.get("first") {
        Some(first) => happened(first, target, settings)?,
        None => 0,
    };
    target.fail(before.get("failing").is_some());
    let failed = match before["at_most"].as_u64() {
        Some(most) => at_once(before, most, target, settings),
        None => one_by_one(before, target, settings, passed),
    };
    target.fail(false);
    let wait = before["wait"].as_u64().unwrap_or_default();
    target.wait(wait);
    failed.map_or(Ok(passed + wait), Err)
}

/// All of `before` have its status.
fn one_by_one(before: &Value, target: &Target, settings: &Settings, later: u64) -> Option<String> {
    (1..=before["times"].as_u64().unwrap_or_default()).find_map(|number| {
        match send(before, target, settings, later) {
            Ok(answer) if before["status"] == answer.status => None,
            Ok(answer) => Some(format!(
                "request {number} before it: {}, not {}",
                answer.status, before["status"]
            )),
            Err(why) => Some(format!("request {number} before it: {why}")),
        }
    })
}

/// Some of `before` have its status, no more than `most`; the others are one too many (P85).
fn at_once(before: &Value, most: u64, target: &Target, settings: &Settings) -> Option<String> {
    let times = before["times"].as_u64().unwrap_or_default();
    let begin = std::sync::Barrier::new(times as usize);
    let answers: Vec<Result<Answer, String>> = std::thread::scope(|scope| {
        let guess = || {
            begin.wait();
            send(before, target, settings, 0)
        };
        let threads: Vec<_> = (0..times).map(|_| scope.spawn(guess)).collect();
        let answers = threads.into_iter().map(|thread| thread.join());
        answers
            .map(|answer| answer.unwrap_or_else(|_| Err("a thread was lost".into())))
            .collect()
    });
    let mut through = 0;
    for answer in answers {
        match answer {
            Ok(answer) if before["status"] == answer.status => through += 1,
            Ok(answer) if answer.status == 429 => {}
            Ok(answer) => return Some(format!("at once, before it: {}", answer.status)),
            Err(why) => return Some(format!("at once, before it: {why}")),
        }
    }
    (through == 0 || through > most)
        .then(|| format!("{through} of {times} at once got through, not {most}"))
}

/// The request of the case, to the service or to the loop that the case is about.
fn asked(case: &Value, target: &Target, settings: &Settings, later: u64) -> Result<Answer, String> {
    if case.get("mounted").is_none() {
        return send(case, target, settings, later);
    }
    let (at, dialer) = target.mounted()?;
    let (mut request, token) = made(case, settings, later)?;
    if let Some(members) = request.as_object_mut() {
        // There is nothing to show it in.
        members.remove("certificate");
    }
    client::send((at, &dialer), &request, token.as_deref())
        .map_err(|error| format!("no answer: {error}"))
}

fn send(sent: &Value, target: &Target, settings: &Settings, later: u64) -> Result<Answer, String> {
    let (request, token) = made(sent, settings, later)?;
    client::send(target.address(), &request, token.as_deref())
        .map_err(|error| format!("no answer: {error}"))
}

/// The request with its keys, and its token.
fn made(
    sent: &Value,
    settings: &Settings,
    later: u64,
) -> Result<(Value, Option<String>), &'static str> {
    let by = &sent["token"];
    let token = match by.get("scheme").filter(|scheme| !scheme.is_null()) {
        Some(_) => Some(
            settings
                .token(by, later)
                .ok_or("no such token can be made")?,
        ),
        None => None,
    };
    let request = client::with_keys(&sent["request"], list(by, "keys"));
    Ok((request, token))
}

/// After a handler that panicked, failed or hung, the service serves as before, and what hung is gone (P75, P97).
fn goes_on(case: &Value, settings: &Settings, target: &Target) -> Option<String> {
    if word(case, "handler") == "hang" && target.given_up() != 1 {
        return Some("the handler that was given up is still there".to_owned());
    }
    target.misbehave("");
    match send(case, target, settings, 0) {
        // A limit may let one request through and no more.
        Ok(answer) if matches!(answer.status, REACHED | 429) => None,
        Ok(answer) => Some(format!("the same request once more: {}", answer.status)),
        Err(why) => Some(format!("the same request once more: {why}")),
    }
}

/// Refused means not reached, and a control reaches its own handler and no other.
fn reached(case: &Value, reached: &[&str]) -> Option<String> {
    let statuses = list(&case["expect"], "status").iter();
    let let_in =
        case.get("handler").is_some() || statuses.into_iter().any(|status| *status == REACHED);
    let wanted: &[&str] = if let_in {
        &[word(case, "operation")]
    } else {
        &[]
    };
    (reached != wanted).then(|| format!("reached {reached:?}, not {wanted:?}"))
}

/// What is wrong, once the events had time to be written.
fn settled(expect: &Value, answer: &Answer, target: &Target) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let wrong = judge::expected(expect, answer, &target.events());
        let missing = wrong.iter().filter(|why| why.starts_with("no event"));
        let patience = match missing.count() {
            0 => Duration::ZERO,
            count if count < wrong.len() => SOON,
            _ => EVENTS,
        };
        if begun.elapsed() >= patience {
            return wrong;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Every event is one line of JSON, and none holds the token or a key (P105, P106).
fn secrets(case: &Value, settings: &Settings, target: &Target) -> Option<String> {
    let token = case
        .get("token")
        .and_then(|token| settings.token(token, 0))
        .unwrap_or_default();
    let claims = token.split('.').nth(1).filter(|claims| claims.len() > 8);
    let keys = list(&case["token"], "keys")
        .iter()
        // The name in a certificate is no secret.
        .filter(|key| key[0] != "certificate")
        .filter_map(|key| key[2].as_str());
    let keys: Vec<&str> = keys.filter(|key| key.len() > 8).collect();
    target.events().iter().find_map(|line| {
        if serde_json::from_str::<Value>(line).is_err()
            || line.trim_end().contains(['\n', '\r', '\u{1b}', '\u{2028}'])
        {
            return Some(format!("an event is no line of JSON: {line:?}"));
        }
        if keys.iter().any(|key| line.contains(key)) {
            return Some("an event holds a key".to_owned());
        }
        claims
            .is_some_and(|claims| line.contains(claims))
            .then(|| "an event holds the token".to_owned())
    })
}

/// Kinds the document has a use for and no case of, operations whose control did not get in.
fn gaps(all: &expand::Lines, results: &[(Case, Vec<String>)]) -> Vec<String> {
    let manifest = &all.manifest;
    let in_session = |kind: &str| {
        let mut lines = all.sessions.iter().chain(&all.starts);
        lines.any(|line| word(line, "kind") == kind)
    };
    let kinds = kinds(manifest).map(|(kind, _)| kind);
    let without = kinds
        .filter(|kind| !results.iter().any(|(case, _)| case.kind() == *kind) && !in_session(kind));
    let without = without.map(|kind| format!("no attack of the kind {kind}"));
    let operations = list(manifest, "operations")
        .iter()
        .filter_map(Value::as_str);
    let uncontrolled = operations.filter(|operation| {
        !results.iter().any(|(case, wrong)| {
            case.kind() == "control" && case.operation() == *operation && wrong.is_empty()
        })
    });
    without
        .chain(uncontrolled.map(|operation| format!("no control of {operation} got in")))
        .collect()
}

/// Names of the kinds there is a use for, with the requirements that each shows.
fn kinds(manifest: &Value) -> impl Iterator<Item = (&str, String)> {
    list(manifest, "kinds").iter().map(|kind| {
        let shows = kind[1].as_array().into_iter().flatten();
        let shows: Vec<&str> = shows.filter_map(Value::as_str).collect();
        (kind[0].as_str().unwrap_or_default(), shows.join(" "))
    })
}

/// Written past the test harness, which would keep it to itself when all is well.
fn report(
    all: &Lines,
    results: &[(Case, Vec<String>)],
    skipped: &[Case],
    lacking: &[String],
    took: Duration,
) {
    let mut text = String::from("\n");
    let operations = list(&all.manifest, "operations").iter();
    let operations = operations.filter_map(Value::as_str);
    for (by, last, names) in [
        ("kind", "  shows", kinds(&all.manifest).collect()),
        (
            "operation",
            "",
            operations
                .map(|name| (name, String::new()))
                .collect::<Vec<_>>(),
        ),
    ] {
        let mut counts: Vec<(&str, usize, usize, String)> = names
            .into_iter()
            .map(|(name, shows)| (name, 0, 0, shows))
            .collect();
        if by == "kind" {
            for line in all.sessions.iter().chain(&all.starts) {
                let kind = word(line, "kind");
                if let Some(count) = counts.iter_mut().find(|(name, ..)| *name == kind) {
                    count.1 += 1;
                }
            }
        }
        for (case, wrong) in results {
            let name = if by == "kind" {
                case.kind()
            } else {
                case.operation()
            };
            let at = counts
                .iter()
                .position(|(had, ..)| *had == name)
                .unwrap_or_else(|| {
                    counts.push((name, 0, 0, String::new()));
                    counts.len() - 1
                });
            counts[at].1 += 1;
            counts[at].2 += usize::from(!wrong.is_empty());
        }
        text.push_str(&format!("{by:<24} {:>6} {:>6}{last}\n", "cases", "failed"));
        for (name, cases, failed, shows) in counts {
            let line = format!("{name:<24} {cases:>6} {failed:>6}  {shows}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text.push('\n');
    }
    let always = list(&all.manifest, "always").iter();
    let always: Vec<&str> = always.filter_map(Value::as_str).collect();
    text.push_str(&format!("every answer shows: {}\n", always.join(" ")));
    for case in skipped {
        let why = case.skipped().unwrap_or_default();
        text.push_str(&format!("skipped: {}: {why}\n", case.title()));
    }
    for (case, wrong) in results.iter().filter(|(_, wrong)| !wrong.is_empty()) {
        text.push_str(&format!("FAILED: {}\n", case.title()));
        wrong
            .iter()
            .for_each(|why| text.push_str(&format!("    {why}\n")));
    }
    lacking
        .iter()
        .for_each(|why| text.push_str(&format!("MISSING: {why}\n")));
    text.push_str(&format!(
        "{} attacks in {:.1} s\n",
        results.len(),
        took.as_secs_f64()
    ));
    let _ = std::io::stderr().write_all(shown(&text).as_bytes());
}

/// Names are the document's: a terminal shows them, and obeys none.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c != '\n' && (c.is_control() || hidden) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}
