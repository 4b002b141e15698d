//! The comment that says that a guard follows: `// guard: NAME`, and what is to be known of it.
//!
//! - `// guard: NAME, with OTHER`: OTHER holds the same, on purpose; both go off together.
//! - `// guard: NAME, where EXPR`: only then is there anything that the step could refuse, as with a bound that the document
//!   may leave out.
//! - `// guard: NAME, of the service`: it stands before anybody knows which operation is meant, so that one attack will do;
//!   `, where EXPR` may stand behind it.

const MARK: &str = "// guard: ";
const SERVICE: &str = "of the service";

/// A mark, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker<'a> {
    /// The blanks before it.
    pub indent: &'a str,
    pub name: &'a str,
    pub with: Option<&'a str>,
    pub used: Option<&'a str>,
    pub of_the_service: bool,
}

impl<'a> Marker<'a> {
    /// `None`: the line is no mark. What looks like one and is none is wrong: a guard that is left out of the count is one
    /// that nobody tries.
    pub fn read(line: &'a str) -> Result<Option<Self>, String> {
        let text = line.trim_start();
        let indent = line.get(..line.len() - text.len()).unwrap_or_default();
        let Some(said) = text.strip_prefix(MARK) else {
            let squeezed: String = line.chars().filter(|c| !c.is_whitespace()).collect();
            return if squeezed.to_lowercase().contains("//guard:") {
                Err(format!(
                    "a guard is marked by a line of its own, `{MARK}NAME`"
                ))
            } else {
                Ok(None)
            };
        };
        let (name, more) = match said.split_once(", ") {
            Some((name, more)) => (name, Some(more)),
            None => (said, None),
        };
        let (mut with, mut used) = (None, None);
        let (of_the_service, more) = match more.and_then(|more| more.strip_prefix(SERVICE)) {
            Some("") => (true, None),
            Some(behind) => (true, behind.strip_prefix(", ").or(more)),
            None => (false, more),
        };
        if let Some(more) = more {
            if let Some(other) = more.strip_prefix("with ").filter(|_| !of_the_service) {
                with = Some(other);
            } else if let Some(expression) = more.strip_prefix("where ") {
                syn::parse_str::<syn::Expr>(expression)
                    .map_err(|_| format!("`{expression}` is no expression"))?;
                used = Some(expression);
            } else {
                return Err(format!(
                    "`{more}` is none of `with OTHER`, `where EXPR`, `of the service`"
                ));
            }
        }
        match [Some(name), with]
            .into_iter()
            .flatten()
            .find(|name| !is_name(name))
        {
            Some(wrong) => Err(format!("`{wrong}` is no name of a guard")),
            None => Ok(Some(Marker {
                indent,
                name,
                with,
                used,
                of_the_service,
            })),
        }
    }
}

/// Words of small letters and digits, with hyphens between.
fn is_name(text: &str) -> bool {
    text.split('-').all(|word| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(plain)
    })
}
