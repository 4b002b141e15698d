//! Path templates: `/patients/{patientId}`.

use super::codes;
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
    Wrong(u16, String),
    Gap(&'static Gap),
}

/// No server accepts more in a request line without asking for trouble, and names are compared with each other.
const LONGEST: usize = 2000;

/// Takes the path of `key` apart.
pub(super) fn parse(key: &Key) -> Result<Template<'_>, Refused> {
    let wrong = |message: String| Err(Refused::Wrong(codes::PATH, message));
    let Some(path) = key.text.strip_prefix('/') else {
        return wrong(format!("the path `{}` must begin with `/`", key.text));
    };
    if path.len() > LONGEST {
        return wrong(format!("a path has more than {LONGEST} bytes"));
    }
    let mut template = Template::default();
    for segment in path.split('/') {
        template.shape.push('/');
        let inner = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
        match inner {
            Some(name) if !name.contains(['{', '}']) => {
                if name.is_empty() {
                    return wrong("a path parameter must have a name".to_owned());
                }
                if template.variables.contains(&name) {
                    return wrong(format!("the path has the parameter `{name}` twice"));
                }
                template.variables.push(name);
                template.shape.push_str("{}");
            }
            _ if segment.contains(['{', '}']) => {
                if !balanced(segment) {
                    return wrong(format!("the braces of `{}` do not match", key.text));
                }
                return Err(Refused::Gap(&gaps::PATH_SEGMENT));
            }
            _ if matches!(segment, "." | "..") => {
                return wrong(format!(
                    "the path `{}` has the segment `{segment}`",
                    key.text
                ));
            }
            _ if segment.contains(['?', '#']) => {
                return wrong(format!(
                    "the path `{}` has a query or a fragment; a path has none",
                    key.text
                ));
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
