//! Text of a document in Markdown, as GitHub shows it: shown, never obeyed. No link, no image, no mention, no table of its own.

use crate::diagnostic::escape;
use std::fmt::Write as _;

/// Text in which back quotes tell what belongs to the document.
pub fn prose(text: &str) -> String {
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
pub fn code(text: &str) -> String {
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
