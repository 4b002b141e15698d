//! The environment variables that a document names.

use super::escape::{line, variable};
use crate::plan::{Origins, Plan, Setting};
use serde::Serialize;
use std::collections::BTreeMap;

/// One variable, and what it is for: on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Variable {
    pub name: String,
    pub meaning: String,
    /// Whether it is better given as the path of a file, in `NAME_FILE`.
    pub secret: bool,
}

/// Each variable once, by name; one that is used twice says so.
pub(super) fn variables(plan: &Plan) -> Vec<Variable> {
    let mut found: BTreeMap<String, (Vec<String>, bool)> = BTreeMap::new();
    let mut add = |setting: &Setting, meaning: String, secret: bool| {
        if let Setting::Env(name) = setting
            && let Some(name) = variable(name)
        {
            let entry = found.entry(name.to_owned()).or_default();
            if !entry.0.contains(&meaning) {
                entry.0.push(meaning);
            }
            entry.1 |= secret;
        }
    };
    for scheme in &plan.schemes {
        let name = line(&scheme.name);
        add(
            &scheme.issuer,
            format!("issuer of the tokens of {name}"),
            false,
        );
        for audience in &scheme.audience {
            add(audience, format!("audience of the tokens of {name}"), false);
        }
        add(
            &scheme.keys,
            format!(
                "keys that verify the tokens of {name}: a JWK set, PEM, or (HS algorithms only) a secret"
            ),
            true,
        );
    }
    if let Some(cors) = &plan.cors
        && let Origins::Env(name) = &cors.origins
    {
        let setting = Setting::Env(name.clone());
        let meaning =
            "origins that browsers may call from, separated by commas: https://app.example.com";
        add(&setting, meaning.to_owned(), false);
    }
    found
        .into_iter()
        .map(|(name, (meanings, secret))| Variable {
            name,
            meaning: meanings.join("; "),
            secret,
        })
        .collect()
}
