//! Attacks on sessions: each line `session` of `cases.jsonl` is a list of steps, taken one after the other by a service of
//! its own whose flows are real. Its handlers are still the probe's: 599 means that a token let its caller in.

use crate::cases::{list, word};
use crate::client::{self, Answer};
use crate::expand::{Lines, written};
use crate::target::{Settings, Target};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// An access and a refresh token.
type Pair = (String, String);

/// What went wrong, by the name of the attack.
pub fn attack(all: &Lines, settings: &Settings) -> Vec<(String, Option<String>)> {
    let mut results = Vec::new();
    for line in &all.sessions {
        let title = format!("{} {}", word(line, "kind"), word(line, "session"));
        let mut run = match Target::sessions(settings) {
            Ok(target) => Run {
                all,
                target,
                pairs: BTreeMap::new(),
            },
            Err(why) => {
                results.push((title, Some(why)));
                continue;
            }
        };
        let mut steps = list(line, "steps").iter().enumerate();
        let wrong = steps.find_map(|(at, step)| {
            let wrong = run.step(step).err()?;
            Some(format!("step {}, {step}: {wrong}", at + 1))
        });
        results.push((title, wrong));
    }
    results
}

struct Run<'a> {
    all: &'a Lines,
    target: Target,
    pairs: BTreeMap<String, Pair>,
}

impl Run<'_> {
    fn step(&mut self, step: &Value) -> Result<(), String> {
        if let Some(name) = step["issue"].as_str() {
            let pair = self.target.issue(&self.all.manifest["login"])?;
            self.pairs.insert(name.to_owned(), pair);
            return Ok(());
        }
        if let Some(seconds) = step["wait"].as_u64() {
            self.target.wait(seconds);
            return Ok(());
        }
        if let Some(there) = step["store"].as_bool() {
            self.target.fail_store(!there);
            return Ok(());
        }
        if let Some(times) = step["at_once"].as_u64() {
            return self.at_once(step, times);
        }
        let answer = self.send(step)?;
        if step["status"] != answer.status {
            return Err(format!("{} {}", answer.status, answer.json()));
        }
        if step.get("code").is_some() && answer.json()["code"] != step["code"] {
            return Err(format!("another code: {}", answer.json()));
        }
        if let Some(event) = step["event"].as_str() {
            self.event(event)?;
        }
        let pair = || -> Result<Pair, String> {
            let body = answer.json();
            let token = |name: &str| match body[name].as_str() {
                Some(token) => Ok(token.to_owned()),
                None => Err(format!("no {name}")),
            };
            if body["token_type"] != "Bearer" || !body["expires_in"].is_u64() {
                return Err(format!("no pair of tokens: {body}"));
            }
            if answer.field("cache-control").as_deref() != Some("no-store") {
                return Err("tokens that may be kept by others".to_owned());
            }
            Ok((token("access_token")?, token("refresh_token")?))
        };
        if let Some(name) = step["save"].as_str() {
            let pair = pair()?;
            self.pairs.insert(name.to_owned(), pair);
        }
        if let Some(name) = step["same"].as_str() {
            let had = self.pairs.get(name).map(|(_, refresh)| refresh.clone());
            if had != Some(pair()?.1) {
                return Err("another successor".to_owned());
            }
        }
        self.silent()
    }

    fn token(&self, name: &str) -> Result<&str, String> {
        let (pair, kind) = name.split_once('.').unwrap_or_default();
        match (self.pairs.get(pair), kind) {
            (Some((access, _)), "access") => Ok(access),
            (Some((_, refresh)), "refresh") => Ok(refresh),
            _ => Err(format!("there is no token {name}")),
        }
    }

    fn send(&self, step: &Value) -> Result<Answer, String> {
        let mut request = self.all.manifest["ways"][word(step, "to")].clone();
        if let (Some(token), Some(member)) = (step["token"].as_str(), step["member"].as_str()) {
            // What else the body needs is there already.
            let body = request["body"].as_str().unwrap_or("{}");
            let mut body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
            body[member] = json!(self.token(token)?);
            let body = written(&body, request.get("as"));
            request["body"] = json!(String::from_utf8_lossy(&body));
        }
        let bearer = match step["bearer"].as_str() {
            Some(name) => Some(self.token(name)?),
            None => None,
        };
        client::send(self.target.address(), &request, bearer)
            .map_err(|error| format!("no answer: {error}"))
    }

    fn at_once(&self, step: &Value, times: u64) -> Result<(), String> {
        let begin = std::sync::Barrier::new(times as usize);
        let statuses: Vec<Result<u16, String>> = std::thread::scope(|scope| {
            let one = || {
                begin.wait();
                self.send(step).map(|answer| answer.status)
            };
            let threads: Vec<_> = (0..times).map(|_| scope.spawn(one)).collect();
            let joined = threads.into_iter().map(|thread| thread.join());
            joined
                .map(|status| status.unwrap_or_else(|_| Err("a thread was lost".into())))
                .collect()
        });
        let mut good = 0;
        for status in statuses {
            let status = status?;
            good += u64::from(step["status"] == status);
            // A quota may be the one that says no to those that come too late.
            if step["status"] != status && status != 400 && status != 429 {
                return Err(format!("one of them: {status}"));
            }
        }
        // Within a grace as many as the quotas let through.
        let most = step["good"].as_u64().unwrap_or_default();
        let wanted = if most == 1 { 1..=1 } else { 1..=most };
        if wanted.contains(&good) {
            Ok(())
        } else {
            Err(format!("{good} of {times} were served"))
        }
    }

    fn event(&self, code: &str) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let events = self.target.events();
            let mut events = events
                .iter()
                .filter_map(|line| serde_json::from_str(line).ok());
            if events.any(|event: Value| event["metadata"]["event_code"] == code) {
                return Ok(());
            }
            if begun.elapsed() > Duration::from_secs(2) {
                return Err(format!("no event {code}"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// No event holds a token (P106).
    fn silent(&self) -> Result<(), String> {
        let events = self.target.events();
        let told = |token: &String| events.iter().any(|line| line.contains(token.as_str()));
        match self
            .pairs
            .values()
            .any(|(access, refresh)| told(access) || told(refresh))
        {
            true => Err("an event holds a token".to_owned()),
            false => Ok(()),
        }
    }
}
