//! Findings for a terminal.

use super::counted;
use crate::audit::Findings;
use std::fmt::Write as _;

/// One finding: where, how bad, which rule; what; what to do.
pub fn render(findings: &Findings, spec: &str) -> String {
    let mut text = String::new();
    for each in &findings.list {
        let _ = writeln!(
            text,
            "{}: {}[{}]: {}",
            each.place.shown(),
            each.severity.as_str(),
            each.rule(),
            each.message
        );
        if !each.fix.is_empty() {
            let _ = writeln!(text, "    {}", each.fix);
        }
    }
    if findings.uncounted > 0 {
        let _ = writeln!(text, "and {} more errors", findings.uncounted);
    }
    if !findings.list.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{spec}: {}", counted(findings));
    text
}
