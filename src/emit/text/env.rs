//! The environment variables that a document names.

use super::escape::{line, variable};
use crate::plan::{Holds, Origins, Plan, Setting};
use serde::Serialize;
use std::collections::BTreeMap;

/// One variable, and what it is for: on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Variable {
    pub name: String,
    pub meaning: String,
}

/// Each variable once, by name; one that is used twice says so.
pub(super) fn variables(plan: &Plan) -> Vec<Variable> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut vault = false;
    let mut add = |setting: &Setting, meaning: String| {
        vault |= matches!(setting, Setting::Vault(_));
        if let Setting::Env(name) = setting
            && let Some(name) = variable(name)
        {
            let meanings = found.entry(name.to_owned()).or_default();
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        }
    };
    for scheme in &plan.schemes {
        let name = line(&scheme.name);
        add(&scheme.issuer, format!("issuer of the tokens of {name}"));
        for audience in &scheme.audience {
            add(audience, format!("audience of the tokens of {name}"));
        }
        let keys = "a JWK set or its https address, PEM, or (HS algorithms only) a secret";
        let meaning = match scheme.keys.holds {
            Holds::Issued => format!(
                "key that signs the tokens of {name}: a PEM private key (PKCS#8), or (HS algorithms only) a secret"
            ),
            _ => format!("keys that verify the tokens of {name}: {keys}"),
        };
        add(&scheme.keys.from, meaning);
    }
    for scheme in &plan.keys {
        let list = r#"[{"id": …, "sha256": …, "roles": […]}]"#;
        let meaning = format!("API keys of {}, as JSON: {list}", line(&scheme.name));
        add(&scheme.keys, meaning);
    }
    if let Some(cors) = &plan.cors
        && let Origins::Env(name) = &cors.origins
    {
        let meaning =
            "origins that browsers may call from, separated by commas: https://app.example.com";
        add(&Setting::Env(name.clone()), meaning.to_owned());
    }
    if vault {
        let all = [
            (
                "VAULT_ADDR",
                "address of Vault: https://vault.example.com:8200",
            ),
            (
                "VAULT_TOKEN",
                "token for it; a VAULT_TOKEN_FILE is read anew each time",
            ),
            (
                "VAULT_NAMESPACE",
                "namespace of it, where there are several",
            ),
        ];
        for (name, meaning) in all {
            let meanings = found.entry(name.to_owned()).or_default();
            meanings.push(meaning.to_owned());
        }
    }
    found
        .into_iter()
        .map(|(name, meanings)| Variable {
            name,
            meaning: meanings.join("; "),
        })
        .collect()
}
