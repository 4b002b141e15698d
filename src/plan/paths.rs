//! Paths, the mount, and names made from paths.

use crate::openapi::{Api, Operation, PathItem};
use crate::policy::gaps;
use crate::policy::report::Report;
use heck::ToUpperCamelCase;
use std::collections::{BTreeMap, BTreeSet};

/// A segment of a path, by the parameter's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<'p> {
    Literal(&'p str),
    Param(&'p str),
}

/// The path prefix of the first server: empty or `/v1`.
pub(super) fn mount(api: &Api, report: &mut Report) -> Option<String> {
    let Some(server) = api.servers.first() else {
        return Some(String::new());
    };
    let address = server.value.as_str();
    let path = match address.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|at| rest.get(at..))
            .unwrap_or_default(),
        None if address.starts_with('/') && !address.starts_with("//") => address,
        None => "?",
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    let plain = path.is_empty()
        || path.strip_prefix('/').is_some_and(|path| {
            path.split('/').all(|segment| {
                !segment.is_empty() && !matches!(segment, "." | "..") && is_plain(segment)
            })
        });
    let variables = address.contains(['{', '}']);
    if variables && !report.is_clean() {
        // The reader refused them by name.
        return None;
    }
    if !plain || variables || address.contains(['?', '#']) {
        report.gap(&gaps::SERVER, server.place);
        return None;
    }
    Some(path.to_owned())
}

/// The segments of a template. `/` alone has none.
pub(super) fn parts<'p>(
    item: &'p PathItem,
    mount: &str,
    report: &mut Report,
) -> Option<Vec<Part<'p>>> {
    let place = item.path.place;
    let path = item.path.value.strip_prefix('/')?;
    if path.is_empty() {
        if !mount.is_empty() {
            report.gap(&gaps::EMPTY_SEGMENT, place);
            return None;
        }
        return Some(Vec::new());
    }
    let mut parts = Vec::new();
    for segment in path.split('/') {
        if matches!(segment, "" | "." | "..") {
            report.gap(&gaps::EMPTY_SEGMENT, place);
            return None;
        }
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(name) if !name.contains(['{', '}']) => parts.push(Part::Param(name)),
            _ if segment.contains(['{', '}']) => {
                report.gap(&gaps::PARTIAL_SEGMENT, place);
                return None;
            }
            _ if !is_plain(segment) => {
                report.gap(&gaps::LITERAL_SEGMENT, place);
                return None;
            }
            _ => parts.push(Part::Literal(segment)),
        }
    }
    Some(parts)
}

/// What a segment holds without percent-encoding (RFC 3986, `pchar`): it is matched as it is sent.
fn is_plain(segment: &str) -> bool {
    segment
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(c))
}

/// Operation ids, in the order of the document: as declared, or made from method and path; each once.
pub fn ids(api: &Api) -> Vec<String> {
    let operations = || {
        api.paths
            .iter()
            .flat_map(|item| item.operations.iter().map(move |each| (item, each)))
    };
    let mut taken: BTreeSet<String> = operations()
        .filter_map(|(_, each)| each.id.as_ref().map(|id| id.value.clone()))
        .collect();
    // The first number that may be free for a name.
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    operations()
        .map(|(item, each)| match &each.id {
            Some(id) => id.value.clone(),
            None => {
                let wanted = from_path(item, each);
                let mut id = wanted.clone();
                while !taken.insert(id.clone()) {
                    let count = counts.entry(wanted.clone()).or_insert(2);
                    id = format!("{wanted}{count}");
                    *count += 1;
                }
                id
            }
        })
        .collect()
}

/// `get /users/{userId}` → `getUsersByUserId`.
fn from_path(item: &PathItem, operation: &Operation) -> String {
    let mut name = operation.method.as_str().to_ascii_lowercase();
    for segment in item.path.value.split('/') {
        if let Some(param) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            name.push_str("By");
            name.push_str(&param.to_upper_camel_case());
        } else {
            name.push_str(&segment.to_upper_camel_case());
        }
    }
    name
}
