//! API keys: the lists that the service is started with, and the keys that are sent.

use super::case::ApiKey;
use super::scene::{CALLER, Scene, TENANT};
use crate::plan::{Carrier, KeyScheme, Setting};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Keys by the variable that holds them; each is good from then on.
#[derive(Default)]
pub struct Lists {
    by_variable: BTreeMap<String, Vec<Value>>,
    /// Scheme, roles and what is the matter with it.
    known: BTreeMap<(usize, Vec<usize>, &'static str), String>,
}

/// The last moment of a key that is over.
const LONG_AGO: &str = "2001-01-01T00:00:00Z";

/// What a key is that is somebody else's.
const OTHER: &str = "other";

impl Scene<'_> {
    /// A good key of a scheme, with these roles.
    pub fn key(&self, scheme: usize, roles: &[usize]) -> Option<ApiKey> {
        self.listed(scheme, roles, "good")
    }

    /// A key that ended long ago.
    pub fn ended_key(&self, scheme: usize) -> Option<ApiKey> {
        self.listed(scheme, &[], "over")
    }

    /// A key of the list that does not begin as the scheme wants it.
    pub fn foreign_key(&self, scheme: usize) -> Option<ApiKey> {
        self.listed(scheme, &[], "foreign")
    }

    /// A key of somebody else that is good wherever this one is.
    pub fn another_key(&self, key: &ApiKey) -> Option<ApiKey> {
        let place = {
            let lists = self.keys.borrow();
            let mut known = lists.known.iter();
            known.find(|(_, text)| **text == key.2)?.0.clone()
        };
        self.listed(place.0, &place.1, OTHER)
    }

    fn listed(&self, at: usize, roles: &[usize], what: &'static str) -> Option<ApiKey> {
        let scheme = self.plan.keys.get(at)?;
        let variable = match &scheme.keys {
            Setting::Env(variable) => variable.clone(),
            Setting::Vault(reference) => format!("vault:{reference}"),
            // Its content is not known here; the runner finds the control refused and says so.
            Setting::File(_) | Setting::Literal(_) => return Some(sent(scheme, String::new())),
        };
        let mut lists = self.keys.borrow_mut();
        let place = (at, roles.to_vec(), what);
        if let Some(key) = lists.known.get(&place) {
            return Some(sent(scheme, key.clone()));
        }
        let prefix = if what == "foreign" {
            ""
        } else {
            &scheme.prefix
        };
        let key = format!("{prefix}attacks-{at}-{what}-{}", lists.known.len());
        let names = roles.iter().filter_map(|role| self.plan.roles.get(*role));
        let names: Vec<&str> = names.map(|role| role.name.as_str()).collect();
        let mut entry = Map::new();
        let id = match what {
            OTHER => format!("{CALLER}-two"),
            _ => CALLER.to_owned(),
        };
        entry.insert("id".into(), json!(id));
        entry.insert("sha256".into(), json!(sha256(&key)));
        entry.insert("roles".into(), json!(names));
        if self.has_tenant() {
            entry.insert("tenant".into(), json!(TENANT));
        }
        if what == "over" {
            entry.insert("notAfter".into(), json!(LONG_AGO));
        }
        lists.known.insert(place, key.clone());
        let list = lists.by_variable.entry(variable).or_default();
        list.push(Value::Object(entry));
        Some(sent(scheme, key))
    }

    /// What the service is started with, keys included.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut all = self.environment.clone();
        for scheme in 0..self.plan.keys.len() {
            // A service must not start without a key, whether or not one is used.
            self.key(scheme, &[]);
        }
        for (name, list) in &self.keys.borrow().by_variable {
            all.insert(name.clone(), json!(list).to_string());
        }
        all
    }
}

/// A key where its scheme has it.
pub fn sent(scheme: &KeyScheme, key: String) -> ApiKey {
    let (place, name) = place(scheme);
    ApiKey(place, name.to_owned(), key)
}

/// Where the keys of a scheme are sent, and under which name.
pub fn place(scheme: &KeyScheme) -> (&'static str, &str) {
    match &scheme.carrier {
        Carrier::Header(name) => ("header", name),
        Carrier::Query(name) => ("query", name),
        Carrier::Cookie(name) => ("cookie", name),
    }
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
