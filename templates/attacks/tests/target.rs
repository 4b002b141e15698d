//! The service under attack: the real shield and the real api over loopback, with the probe behind them.

use crate::cases::{list, word};
use crate::probe::Probe;
use serde_json::{Map, Value, json};
use shield::dev::{Signer, unsigned};
use shield::testing::{Dialer, Harness};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Keys of one scheme: those the service trusts, and those of an attacker, of the same kind and name.
struct Keys {
    ours: Signer,
    other: Signer,
}

/// What every start of the service needs, made once: keys and settings.
pub struct Settings {
    /// By scheme; schemes of one variable have the same.
    keys: Vec<(Option<String>, Arc<Keys>)>,
    environment: BTreeMap<String, String>,
    dialer: Dialer,
}

impl Settings {
    pub fn new(manifest: &Value) -> Self {
        let mut environment = BTreeMap::from([
            // As it runs: production, in one process.
            ("APP_STORE".to_owned(), "memory".to_owned()),
            ("APP_INSTANCES".to_owned(), "1".to_owned()),
        ]);
        let dialer = Dialer::new(&api::SPEC).expect("a certificate can be made");
        for (name, value) in dialer.settings() {
            environment.insert(name.to_owned(), value);
        }
        for (name, value) in manifest["environment"].as_object().into_iter().flatten() {
            environment.insert(name.clone(), value.as_str().unwrap_or_default().to_owned());
        }
        let mut keys: Vec<(Option<String>, Arc<Keys>)> = Vec::new();
        for scheme in list(manifest, "schemes") {
            let pair = Keys {
                ours: key(word(scheme, "algorithm")),
                other: key(word(scheme, "algorithm")),
            };
            let variable = scheme["keys"]["env"].as_str();
            let same = |(had, _): &&(Option<String>, Arc<Keys>)| {
                had.is_some() && had.as_deref() == variable
            };
            if let Some((name, pair)) = keys.iter().find(same).cloned() {
                keys.push((name, pair));
                continue;
            }
            if let Some(name) = variable {
                // A service that issues its tokens is given what signs.
                let text = match scheme["issued"] == true {
                    true => pair.ours.private_text(),
                    false => pair.ours.key_text(),
                };
                environment.insert(name.to_owned(), text);
            }
            keys.push((variable.map(str::to_owned), Arc::new(pair)));
        }
        Settings {
            keys,
            environment,
            dialer,
        }
    }

    /// The key set of a variable, its key with other members (`~key`), or with such a key beside it (`~beside`).
    pub fn keys_with(&self, variable: &str, change: &Map<String, Value>) -> Option<String> {
        let same = |(name, _): &&(Option<String>, Arc<Keys>)| name.as_deref() == Some(variable);
        let (_, keys) = self.keys.iter().find(same)?;
        let good: Value = serde_json::from_str(&keys.ours.jwk()?).ok()?;
        let (how, members) = change.iter().next()?;
        let mut other = good.clone();
        other.as_object_mut()?.extend(members.as_object()?.clone());
        let all = match how.as_str() {
            "~beside" => vec![good, other],
            _ => vec![other],
        };
        Some(json!({ "keys": all }).to_string())
    }

    /// The same with one variable set to something else, or not at all.
    pub fn with(&self, variable: &str, value: Option<&str>) -> Self {
        let mut environment = self.environment.clone();
        environment.remove(variable);
        environment.extend(value.map(|value| (variable.to_owned(), value.to_owned())));
        Settings {
            keys: self.keys.clone(),
            environment,
            dialer: self.dialer.clone(),
        }
    }

    /// The token a case describes, signed `later` seconds from now.
    pub fn token(&self, token: &Value, later: u64) -> Option<String> {
        let scheme = token.get("scheme")?.as_u64()? as usize;
        let (_, keys) = self.keys.get(scheme)?;
        let header = with_key(&token["header"], &keys.other);
        let header = text(&header, word(token, "more_header"), later);
        let claims = text(&token["claims"], word(token, "more_claims"), later);
        let signed = match word(token, "key") {
            "ours" => keys.ours.sign(&header, &claims),
            "other" => keys.other.sign(&header, &claims),
            "public_text" => Signer::with_secret("HS256", keys.ours.public_pem()?.as_bytes())
                .sign(&header, &claims),
            _ => unsigned(&header, &claims),
        };
        let signed = respelled(signed, word(token, "respelled"));
        Some(format!("{signed}{}", word(token, "tail")))
    }
}

/// The header with the attacker's public key where that is asked for.
fn with_key(header: &Value, other: &Signer) -> Value {
    let mut header = header.clone();
    if header["jwk"] == "@jwk" {
        let key = other.jwk().and_then(|key| serde_json::from_str(&key).ok());
        header["jwk"] = key.unwrap_or_default();
    }
    header
}

/// The signature as a careless decoder would read it, too: with the last bits, which are of no use, set; or with a blank.
fn respelled(mut token: String, how: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let blank = match how {
        "bits" => {
            let last = token.pop().unwrap_or_default();
            let at = LETTERS
                .iter()
                .position(|letter| char::from(*letter) == last);
            let other = LETTERS[at.unwrap_or_default() ^ 1];
            token.push(char::from(other));
            return token;
        }
        "blank" => ' ',
        "tab" => '\t',
        _ => return token,
    };
    token.insert(token.len() - 1, blank);
    token
}

/// A key that production takes. A secret has no name of its own, so it is made to look like none of development's.
fn key(algorithm: &str) -> Signer {
    let made = Signer::generate_named(algorithm, "attacks")
        .expect("the shield makes keys of every algorithm it verifies");
    if made.kid().is_some() {
        return made;
    }
    let text = made.key_text();
    let secret = format!("attacks {}", text.trim_start_matches("development-"));
    Signer::with_secret(made.algorithm(), secret.as_bytes())
}

/// JSON with times filled in, and `more` before its closing brace.
fn text(members: &Value, more: &str, later: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs() as i64
        + later as i64;
    let mut members = members.clone();
    for value in members
        .as_object_mut()
        .into_iter()
        .flat_map(|members| members.values_mut())
    {
        if let Some(offset) = value.as_str().and_then(|text| text.strip_prefix("@now")) {
            *value = Value::from(now + offset.parse::<i64>().unwrap_or_default());
        }
    }
    let text = members.to_string();
    match more {
        "" => text,
        more => format!("{},{more}}}", text.strip_suffix('}').unwrap_or_default()),
    }
}

/// How a service is started.
type Start = fn(
    &'static shield::Spec,
    BTreeMap<String, String>,
    Box<dyn FnOnce(shield::Shield) -> shield::Door>,
) -> Result<Harness, shield::config::ConfigError>;

/// A service that has seen nothing yet.
pub struct Target {
    harness: Harness,
    probe: Probe,
    dialer: Dialer,
}

impl Target {
    pub fn start(settings: &Settings) -> Result<Self, String> {
        Target::with(settings, Harness::probe)
    }

    /// Which variable the service blames for that it does not start, and with what words; `None`: it does.
    pub fn refuses(settings: &Settings) -> Option<(String, String)> {
        let probe = Probe::default();
        let started = Harness::probe(&api::SPEC, settings.environment.clone(), |shield| {
            api::door(shield, probe)
        });
        let why = started.err()?;
        Some((why.variable, why.message))
    }

    /// One whose flows do what they are for.
    pub fn sessions(settings: &Settings) -> Result<Self, String> {
        Target::with(settings, Harness::start)
    }

    fn with(settings: &Settings, start: Start) -> Result<Self, String> {
        let probe = Probe::default();
        let behind = probe.clone();
        let harness = start(
            &api::SPEC,
            settings.environment.clone(),
            Box::new(|shield| api::door(shield, behind)),
        );
        let harness = harness.map_err(|error| format!("the service does not start: {error}"))?;
        Ok(Target {
            harness,
            probe,
            dialer: settings.dialer.clone(),
        })
    }

    /// Where it is, and who speaks to it.
    pub fn address(&self) -> (SocketAddr, &Dialer) {
        (self.harness.addr, &self.dialer)
    }

    /// Where it is in plain text, by another loop than the shield's; and who speaks to it.
    pub fn mounted(&self) -> Result<(SocketAddr, Dialer), String> {
        let at = self.harness.mounted().map_err(|error| error.to_string())?;
        Ok((at, Dialer::default()))
    }

    /// Of the requests that it works on at once, so many are there from now on.
    pub fn occupy(&self, places: usize) {
        self.harness.occupy(places);
    }

    /// Lets so many seconds pass for the service.
    pub fn wait(&self, seconds: u64) {
        self.harness.advance(Duration::from_secs(seconds));
    }

    /// Whether handlers answer a declared failure.
    pub fn fail(&self, failing: bool) {
        self.probe.fail(failing);
    }

    /// What handlers do from now on: `panic`, `fault`, `hang`, or nothing of it.
    pub fn misbehave(&self, how: &str) {
        self.probe.misbehave(how);
    }

    /// Handlers that hung and were given up since this was asked last.
    pub fn given_up(&self) -> usize {
        self.probe.given_up()
    }

    /// Whether handlers answer with all that is declared.
    pub fn answer(&self, answering: bool) {
        self.probe.answer(answering);
    }

    /// Operations whose handler was reached since this was asked last.
    pub fn reached(&self) -> Vec<&'static str> {
        let mut reached = self.probe.reached();
        reached.extend(self.harness.reached());
        reached
    }

    /// Revokes by `jti`, `session` or `subject`.
    pub fn revoke(&self, by: &str, name: &str) -> bool {
        self.harness.revoke(by, name, None)
    }

    /// The store cannot be asked any more, or it can again.
    pub fn fail_store(&self, failing: bool) {
        self.harness.fail_store(failing);
    }

    /// Begins a session as a login does: its access and its refresh token.
    pub fn issue(&self, login: &Value) -> Result<(String, String), String> {
        let mut session = shield::Login::of(word(login, "subject")).tenant(word(login, "tenant"));
        for role in list(login, "roles").iter().filter_map(Value::as_str) {
            session = session.role(role);
        }
        for scope in list(login, "scopes").iter().filter_map(Value::as_str) {
            session = session.scope(scope);
        }
        let issued = self
            .harness
            .issue(session)
            .ok_or("no session could begin")?;
        Ok((
            issued.access_token.expose().to_owned(),
            issued.refresh_token.expose().to_owned(),
        ))
    }

    /// Event lines so far.
    pub fn events(&self) -> Vec<String> {
        self.harness.events()
    }
}
