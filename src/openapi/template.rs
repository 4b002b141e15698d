//! Path templates: `/patients/{patientId}`.

use super::gaps::{self, Gap};
use crate::document::Key;

/// A path template that was taken apart.
#[derive(Debug, Default)]
pub(super) struct Template<'d> {
    /// Names between braces, in order.
    pub(super) variables: Vec<&'d str>,
    /// The template with its names taken out: two templates with the same shape match the same paths.
    pub(super) shape: String,
}

/// Why a template is refused; its place is the key.
pub(super) enum Refused {
    /// What is wrong, and what to do.
    Wrong(String, &'static str),
    Gap(&'static Gap),
}

/// No server accepts more in a request line without asking for trouble, and names are compared with each other.
const LONGEST: usize = 2000;

/// Takes the path of `key` apart.
pub(super) fn parse(key: &Key) -> Result<Template<'_>, Refused> {
    let wrong = |message: String, help| Err(Refused::Wrong(message, help));
    let Some(path) = key.text.strip_prefix('/') else {
        let message = format!("the path `{}` must begin with `/`", key.text);
        return wrong(message, "put a `/` before it");
    };
    if path.len() > LONGEST {
        return wrong(
            format!("a path has more than {LONGEST} bytes"),
            "shorten it",
        );
    }
    let mut template = Template::default();
    for segment in path.split('/') {
        template.shape.push('/');
        let inner = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
        match inner {
            Some(name) if !name.contains(['{', '}']) => {
                if name.is_empty() {
                    let message = "a path parameter must have a name".to_owned();
                    return wrong(message, "write a name between the braces");
                }
                if template.variables.contains(&name) {
                    let message = format!("the path has the parameter `{name}` twice");
                    return wrong(message, "give each parameter a name of its own");
                }
                template.variables.push(name);
                template.shape.push_str("{}");
            }
            _ if segment.contains(['{', '}']) => {
                if !balanced(segment) {
                    let message = format!("the braces of `{}` do not match", key.text);
                    return wrong(message, "write a parameter as `{name}`");
                }
                return Err(Refused::Gap(&gaps::PATH_SEGMENT));
            }
            _ if matches!(segment, "." | "..") => {
                let message = format!("the path `{}` has the segment `{segment}`", key.text);
                return wrong(message, "remove it: clients and proxies rewrite such paths");
            }
            _ if segment.contains(['?', '#']) => {
                let message = format!("the path `{}` has a query or a fragment", key.text);
                return wrong(
                    message,
                    "declare a query as parameters; a fragment is never sent",
                );
            }
            _ if !segment.chars().all(is_literal) => {
                return Err(Refused::Gap(&gaps::PATH_CHARACTERS));
            }
            _ => template.shape.push_str(segment),
        }
    }
    Ok(template)
}

/// What a path segment holds without percent-encoding (RFC 3986, `pchar`).
fn is_literal(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(c)
}

fn balanced(segment: &str) -> bool {
    let mut open = false;
    for c in segment.chars() {
        match (c, open) {
            ('{', false) => open = true,
            ('}', true) => open = false,
            ('{' | '}', _) => return false,
            _ => {}
        }
    }
    !open
}
