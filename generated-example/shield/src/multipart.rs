//! Forms of several parts (RFC 7578), taken apart strictly: what two readers could take for different forms is none.
//!
//! So there is nothing before the first boundary and behind the last, no padding, no line that only begins like one; a part
//! has the fields that RFC 7578 knows, each once, and no word of them is skipped.

use std::ops::ControlFlow;

#[cfg(test)]
mod tests;

/// One part, over the bytes of the body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub name: &'a str,
    pub file_name: Option<&'a str>,
    /// As it is written; `None`: `text/plain`.
    pub media_type: Option<&'a str>,
    pub content: &'a [u8],
}

/// Why a body is no such form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    Syntax,
    TooMany,
}

/// The fields of a part are no longer than this together.
const LONGEST_HEAD: usize = 4096;

/// The boundary that `Content-Type` names: `multipart/form-data` with this one parameter (RFC 2046 §5.1.1).
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (essence, parameter) = content_type.split_once(';')?;
    let (name, value) = parameter.trim_matches([' ', '\t']).split_once('=')?;
    let exact = essence.trim_end_matches([' ', '\t']);
    if !exact.eq_ignore_ascii_case("multipart/form-data") || !name.eq_ignore_ascii_case("boundary")
    {
        return None;
    }
    let quoted = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    let allowed = |byte: u8| match quoted {
        Some(_) => byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte),
        None => byte.is_ascii_alphanumeric() || b"'+_-.".contains(&byte),
    };
    let text = quoted.unwrap_or(value);
    let good = (1..=70).contains(&text.len()) && text.bytes().all(allowed) && !text.ends_with(' ');
    // guard: boundary
    if !good {
        return None;
    }
    Some(text)
}

/// The parts in order, `most` of them at most.
pub(crate) fn parts<'a>(
    body: &'a [u8],
    boundary: &str,
    most: usize,
) -> Result<Vec<Part<'a>>, Broken> {
    let delimiter = format!("\r\n--{boundary}");
    let delimiter = delimiter.as_bytes();
    let opening = delimiter.get(2..).unwrap_or_default();
    let mut rest = body.strip_prefix(opening).ok_or(Broken::Syntax)?;
    let mut parts = Vec::new();
    loop {
        if let Some(end) = rest.strip_prefix(b"--") {
            // guard: parts-end
            if !matches!(end, b"" | b"\r\n") {
                return Err(Broken::Syntax);
            }
            return Ok(parts);
        }
        // A boundary ends its line: what goes on is another's, or none.
        rest = rest.strip_prefix(b"\r\n").ok_or(Broken::Syntax)?;
        // guard: parts
        if parts.len() >= most {
            return Err(Broken::TooMany);
        }
        let end = find(rest, b"\r\n\r\n").ok_or(Broken::Syntax)?;
        // guard: part-head
        if end > LONGEST_HEAD {
            return Err(Broken::Syntax);
        }
        let head = rest.get(..end).ok_or(Broken::Syntax)?;
        rest = rest.get(end + 4..).ok_or(Broken::Syntax)?;
        // The empty line is also the beginning of a boundary, to some: a part without content, or one that begins so.
        // guard: part-ambiguous
        if rest.starts_with(opening) {
            return Err(Broken::Syntax);
        }
        let end = find(rest, delimiter).ok_or(Broken::Syntax)?;
        let content = rest.get(..end).ok_or(Broken::Syntax)?;
        parts.push(part(head, content).ok_or(Broken::Syntax)?);
        rest = rest.get(end + delimiter.len()..).ok_or(Broken::Syntax)?;
    }
}

/// Both needles begin with a byte that they hold nowhere they could be begun again, so this looks at each byte twice at most.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

/// A part by its fields.
fn part<'a>(head: &'a [u8], content: &'a [u8]) -> Option<Part<'a>> {
    let head = std::str::from_utf8(head).ok()?;
    let (mut disposition, mut media_type, mut length) = (None, None, None);
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        let value = value.trim_matches([' ', '\t']);
        // guard: part-control
        if value.chars().any(char::is_control) {
            return None;
        }
        // Fields that nobody reads here are read by somebody else: `Content-Transfer-Encoding` would make other bytes of these.
        let slot = match name {
            _ if name.eq_ignore_ascii_case("content-disposition") => &mut disposition,
            _ if name.eq_ignore_ascii_case("content-type") => &mut media_type,
            _ if name.eq_ignore_ascii_case("content-length") => &mut length,
            _ => return None,
        };
        // guard: part-field-twice
        if slot.is_some() {
            return None;
        }
        *slot = Some(value);
    }
    // guard: part-length, where length.is_some()
    if length.is_some_and(|length| length != content.len().to_string()) {
        return None;
    }
    let (name, file_name) = names(disposition?)?;
    Some(Part {
        name,
        file_name,
        media_type,
        content,
    })
}

/// `form-data; name="…"`, perhaps with `filename="…"`: each once, and nothing else. An escaped quote is refused: half of
/// those who read it take it for the end.
fn names(disposition: &str) -> Option<(&str, Option<&str>)> {
    let (kind, mut rest) = disposition.split_once(';')?;
    let kind = kind.trim_end_matches([' ', '\t']);
    // guard: part-disposition
    if !kind.eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut file_name) = (None, None);
    loop {
        let (key, behind) = rest.trim_start_matches([' ', '\t']).split_once('=')?;
        let (value, behind) = value(behind)?;
        let slot = match key {
            _ if key.eq_ignore_ascii_case("name") => &mut name,
            _ if key.eq_ignore_ascii_case("filename") => &mut file_name,
            // `filename*` too: RFC 7578 §4.2 forbids it, and two names for one file are one too many.
            _ => return None,
        };
        // guard: part-name-twice
        if slot.is_some() {
            return None;
        }
        *slot = Some(value);
        rest = match next(behind)? {
            ControlFlow::Continue(rest) => rest,
            ControlFlow::Break(()) => {
                return Some((name.filter(|name| !name.is_empty())?, file_name));
            }
        };
    }
}

/// A quoted text without escapes, or a token; and what is behind it.
fn value(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (value, behind) = quoted.split_once('"')?;
        // guard: part-escape
        if value.contains('\\') {
            return None;
        }
        return Some((value, behind));
    }
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !token(c)).unwrap_or(text.len());
    text.split_at_checked(end)
        .filter(|(value, _)| !value.is_empty())
}

/// Whether another parameter follows.
fn next(behind: &str) -> Option<ControlFlow<(), &str>> {
    let behind = behind.trim_start_matches([' ', '\t']);
    match behind.strip_prefix(';') {
        Some(rest) => Some(ControlFlow::Continue(rest)),
        None => behind.is_empty().then_some(ControlFlow::Break(())),
    }
}
