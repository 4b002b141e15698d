//! Findings for a pull request.

use super::super::markdown::{code, prose};
use super::counted;
use crate::audit::{Findings, Severity};
use std::fmt::Write as _;

/// Comments of a pull request have a greatest length; the worst are shown first.
const MOST: usize = 100;

pub fn render(findings: &Findings, spec: &str) -> String {
    let mut text = format!("### Audit of {}: {}\n", code(spec), counted(findings));
    if findings.list.is_empty() {
        return text;
    }
    text.push_str("\n| | Where | What | What to do |\n|---|---|---|---|\n");
    let mut sorted: Vec<_> = findings.list.iter().collect();
    sorted.sort_by_key(|each| std::cmp::Reverse(each.severity));
    for each in sorted.iter().take(MOST) {
        let item = each
            .owasp
            .map(|owasp| format!("<br>[{}]({})", owasp.id(), owasp.address()));
        let severity = match each.severity {
            Severity::Error => "**error**",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let operation = each
            .operation
            .as_deref()
            .map(|id| format!("<br>{}", code(id)));
        let _ = writeln!(
            text,
            "| {severity}<br>{}{} | {}{} | {} | {} |",
            each.rule(),
            item.unwrap_or_default(),
            code(&each.place.shown()),
            operation.unwrap_or_default(),
            prose(&each.message),
            prose(&each.fix),
        );
    }
    let more = findings
        .list
        .len()
        .saturating_sub(MOST)
        .saturating_add(findings.uncounted);
    if more > 0 {
        let _ = writeln!(text, "\nand {more} more");
    }
    text
}
