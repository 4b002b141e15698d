//! Findings for code scanning: SARIF 2.1.0, as much of it as there is something to say for.

use crate::audit::{Finding, Findings, Severity, rules};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    /// Columns count characters (ruling 78).
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    short_description: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Help>,
    /// SARIF wants a whole address here; the rule's own page is in `help` and in `properties`.
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<String>,
    /// What code scanning sorts by.
    #[serde(rename = "security-severity")]
    security_severity: &'static str,
    page: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    name: String,
    kind: &'static str,
}

pub fn render(findings: &Findings) -> serde_json::Result<String> {
    let descriptors = descriptors(findings);
    let index: BTreeMap<String, usize> = descriptors
        .iter()
        .enumerate()
        .map(|(index, each)| (each.id.clone(), index))
        .collect();
    let mut seen = BTreeMap::new();
    let results = findings
        .list
        .iter()
        .map(|each| outcome(each, &index, &mut seen))
        .collect();
    serde_json::to_string_pretty(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "palisade",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: descriptors,
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

/// Every rule, and the codes of diagnostics that were found.
fn descriptors(findings: &Findings) -> Vec<Descriptor> {
    let refused: BTreeSet<(String, u16)> = findings
        .list
        .iter()
        .filter(|each| each.owasp.is_none())
        .map(|each| (each.rule(), each.code))
        .collect();
    let refused = refused.into_iter().map(|(id, code)| Descriptor {
        id,
        name: None,
        short_description: Text {
            text: stage(code).to_owned(),
        },
        full_description: None,
        help: None,
        help_uri: None,
        default_configuration: Configuration {
            level: level(Severity::Error),
        },
        properties: None,
    });
    let rules = rules().map(|rule| Descriptor {
        id: rule.id(),
        name: Some(rule.name),
        short_description: Text {
            text: rule.sentence.to_owned(),
        },
        full_description: Some(Text {
            text: rule.why.to_owned(),
        }),
        help: Some(Help {
            text: rule.fix.to_owned(),
            markdown: format!(
                "{}\n\n{} More: `{}` of palisade's documentation.",
                rule.why,
                rule.fix,
                rule.page()
            ),
        }),
        help_uri: Some(rule.owasp.address()),
        default_configuration: Configuration {
            level: level(rule.severity),
        },
        properties: Some(Properties {
            tags: vec!["security".to_owned(), rule.owasp.id()],
            security_severity: match rule.severity {
                Severity::Error => "8.0",
                Severity::Warning => "5.0",
                Severity::Info => "2.0",
            },
            page: rule.page(),
        }),
    });
    refused.chain(rules).collect()
}

/// What diagnostics of a stage have in common.
fn stage(code: u16) -> &'static str {
    match code / 1000 {
        1 => "The document cannot be read.",
        2 => "The document is not valid OpenAPI.",
        3 => "x-security says what cannot be.",
        4 => "The document says what this version of palisade does not enforce.",
        _ => "The document cannot be enforced.",
    }
}

fn outcome(
    each: &Finding,
    index: &BTreeMap<String, usize>,
    seen: &mut BTreeMap<String, u32>,
) -> Outcome {
    let rule = each.rule();
    Outcome {
        rule_index: index.get(&rule).copied().unwrap_or_default(),
        level: level(each.severity),
        message: Text {
            text: match each.fix.is_empty() {
                true => each.message.clone(),
                false => format!("{}. {}", each.message, each.fix),
            },
        },
        partial_fingerprints: BTreeMap::from([("palisade/v1", fingerprint(each, seen))]),
        locations: [Location {
            physical_location: Physical {
                artifact_location: Artifact {
                    uri: uri(&each.place.file),
                },
                region: Region {
                    start_line: each.place.line,
                    start_column: each.place.column,
                },
            },
            logical_locations: each
                .operation
                .iter()
                .map(|id| Logical {
                    name: id.clone(),
                    kind: "function",
                })
                .collect(),
        }],
        rule_id: rule,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// The same for the same finding when lines move: of rule, file and pointer, and a number where that is not enough.
fn fingerprint(each: &Finding, seen: &mut BTreeMap<String, u32>) -> String {
    let what = format!(
        "{}\n{}\n{}\n{}",
        each.rule(),
        each.place.file,
        each.place.pointer,
        if each.place.pointer.is_empty() {
            &each.message
        } else {
            ""
        }
    );
    let count = seen.entry(what.clone()).or_default();
    *count = count.saturating_add(1);
    let digest = Sha256::digest(format!("{what}\n{count}").as_bytes());
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    let rooted = path.starts_with('/');
    if rooted {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("specs/users.yaml"), "specs/users.yaml");
        assert_eq!(uri("/a b/é.yaml"), "file:///a%20b/%C3%A9.yaml");
        assert_eq!(uri("a:b.yaml"), "a%3Ab.yaml");
    }
}
