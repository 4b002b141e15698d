//! Findings for programs (ruling 75). The schema is docs/reference/audit.schema.json.

use crate::audit::{Finding, Findings, Severity};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'f> {
    version: u8,
    spec: &'f str,
    summary: Summary,
    findings: Vec<Row<'f>>,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    info: usize,
}

#[derive(Serialize)]
struct Row<'f> {
    rule: String,
    /// Null for what a stage refused.
    owasp: Option<String>,
    severity: Severity,
    message: &'f str,
    fix: &'f str,
    operation: Option<&'f str>,
    place: Place<'f>,
}

#[derive(Serialize)]
struct Place<'f> {
    file: &'f str,
    line: u32,
    column: u32,
    pointer: &'f str,
}

pub fn render(findings: &Findings, spec: &str) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&Report {
        version: 1,
        spec,
        summary: Summary {
            error: findings.count(Severity::Error),
            warning: findings.count(Severity::Warning),
            info: findings.count(Severity::Info),
        },
        findings: findings.list.iter().map(Row::of).collect(),
    })
}

impl<'f> Row<'f> {
    fn of(each: &'f Finding) -> Row<'f> {
        Row {
            rule: each.rule(),
            owasp: each.owasp.map(|owasp| owasp.id()),
            severity: each.severity,
            message: &each.message,
            fix: &each.fix,
            operation: each.operation.as_deref(),
            place: Place {
                file: &each.place.file,
                line: each.place.line,
                column: each.place.column,
                pointer: &each.place.pointer,
            },
        }
    }
}
