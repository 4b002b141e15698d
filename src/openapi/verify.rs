//! The reader held against another reader of 3.0: what both find must agree. For tests; generation never asks it.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Api, Version};
use crate::diagnostic::Diagnostics;
use crate::document::from_text;

/// What both readers are asked for: lines like `GET /users listUsers` and `schema User`.
type Facts = BTreeSet<String>;

/// Reads `text` (OpenAPI 3.0, YAML or JSON) with both readers and compares paths, methods, operationIds, and names of
/// schemas and security schemes.
///
/// # Errors
/// What only one of them found, or why one of them could not read the document.
pub fn against_openapiv3(text: &str) -> Result<(), String> {
    let document = from_text("verify", text).map_err(|error| format!("palisade: {error:?}"))?;
    let mut diagnostics = Diagnostics::default();
    let api = super::read(&document, &mut diagnostics).ok_or("palisade: no model")?;
    if api.version != Version::V30 {
        return Err("the other reader knows OpenAPI 3.0 only".to_owned());
    }
    // The other reader panics on some real documents.
    let theirs = catch_unwind(AssertUnwindSafe(|| theirs(text)))
        .map_err(|_| "openapiv3: panicked".to_owned())??;
    let ours = ours(&api);
    let only =
        |one: &Facts, other: &Facts| -> Vec<String> { one.difference(other).cloned().collect() };
    let (missed, invented) = (only(&theirs, &ours), only(&ours, &theirs));
    if missed.is_empty() && invented.is_empty() {
        return Ok(());
    }
    Err(format!(
        "palisade lacks {missed:?}, and alone has {invented:?}"
    ))
}

fn operation(method: &str, path: &str, id: Option<&str>) -> String {
    format!(
        "{} {path} {}",
        method.to_ascii_uppercase(),
        id.unwrap_or("-")
    )
}

fn ours(api: &Api) -> Facts {
    let mut facts = Facts::new();
    for item in &api.paths {
        facts.insert(format!("path {}", item.path.value));
        for one in &item.operations {
            let id = one.id.as_ref().map(|id| id.value.as_str());
            facts.insert(operation(one.method.as_str(), &item.path.value, id));
        }
    }
    for (name, _) in &api.schemas {
        facts.insert(format!("schema {}", name.value));
    }
    for (name, _) in &api.security_schemes {
        facts.insert(format!("scheme {}", name.value));
    }
    facts
}

fn theirs(text: &str) -> Result<Facts, String> {
    let api: openapiv3::OpenAPI = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| format!("openapiv3: {error}"))?
    } else {
        serde_yaml::from_str(text).map_err(|error| format!("openapiv3: {error}"))?
    };
    let mut facts = Facts::new();
    for (path, item) in &api.paths.paths {
        facts.insert(format!("path {path}"));
        for (method, one) in item.as_item().into_iter().flat_map(|item| item.iter()) {
            facts.insert(operation(method, path, one.operation_id.as_deref()));
        }
    }
    if let Some(components) = &api.components {
        for name in components.schemas.keys() {
            facts.insert(format!("schema {name}"));
        }
        for name in components.security_schemes.keys() {
            facts.insert(format!("scheme {name}"));
        }
    }
    Ok(facts)
}
