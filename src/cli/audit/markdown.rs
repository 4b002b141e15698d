//! Findings for a pull request.
//!
//! Text of the document is shown, never obeyed: no link, no image, no mention, no table of its own.

use super::counted;
use crate::audit::{Findings, Severity};
use crate::diagnostic::escape;
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

/// Text in which back quotes tell what belongs to the document.
fn prose(text: &str) -> String {
    let mut shown = String::new();
    let pieces: Vec<&str> = text.split('`').collect();
    // A quote that is never closed quotes nothing.
    let closed = pieces.len() % 2 == 1;
    for (index, piece) in pieces.iter().enumerate() {
        if index % 2 == 1 && closed {
            shown.push_str(&code(piece));
        } else {
            shown.push_str(&plain(piece));
        }
    }
    shown
}

/// `<code>`, in which GitHub looks for nothing but HTML.
fn code(text: &str) -> String {
    format!("<code>{}</code>", html(text, "|`*_[]\\~:@#"))
}

fn plain(text: &str) -> String {
    html(text, "|`*_[]\\~@#!")
}

/// Escaped for HTML, and what Markdown would take for its own written as a reference.
fn html(text: &str, also: &str) -> String {
    let mut shown = String::new();
    for c in escape(text).chars() {
        match c {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            // A mention needs a name right behind it.
            '@' => shown.push_str("&#64;<!-- -->"),
            c if also.contains(c) => {
                let _ = write!(shown, "&#{};", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_document_is_not_obeyed() {
        let bad = "`a|b` <img src=x> [c](d) @team ``` \n# e";
        for shown in [prose(bad), code(bad), prose(&format!("`{bad}`"))] {
            let visible = shown
                .replace("<code>", "")
                .replace("</code>", "")
                .replace("<!-- -->", "");
            assert!(
                !visible.contains(['|', '`', '<', '[', '\n', '@']),
                "{shown}"
            );
            assert!(!shown.contains("@team"), "{shown}");
        }
        assert_eq!(prose("so `x` it is"), "so <code>x</code> it is");
        assert_eq!(prose("so `x"), "so x");
    }
}
