//! Forms: what one says, spelled as the JSON text that says the same.
//!
//! A form knows texts only. The table of what may be sent says which of them are numbers, which are items of a list, and
//! from there on a body is a body: one decoder admits it, one walk words what is wrong with it. Nothing is judged here but
//! what no JSON text could say: escapes that are none, and bytes that are no text.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::CONTENT_TYPE;

use crate::enter::media::matches;
use crate::exchange::Exchange;
use crate::file::{self, File};
use crate::input::{malformed, percent};
use crate::json::{Malformed, Value, Writer, number};
use crate::multipart::{self, Broken, Part};
use crate::octets;
use crate::plain;
use crate::refusal::{Kind, Refusal};
use crate::schema::{Binary, In, Object, Schema, Text, Violation, flag, is_spelled};
use crate::spec::{Media, Policy};

#[cfg(test)]
mod tests;

/// A body as the decoder reads it.
#[derive(Debug)]
pub(crate) struct Sent {
    /// JSON.
    pub text: Bytes,
    /// Files beside it. Where one stands in the text is its number here.
    pub files: Vec<File>,
}

/// A body without files.
impl From<Bytes> for Sent {
    fn from(text: Bytes) -> Self {
        Sent {
            text,
            files: Vec::new(),
        }
    }
}

/// The body by how it is written. JSON goes on untouched.
///
/// # Errors
///
/// 400 for a form that cannot be taken apart, 413 and 415 for parts of one.
pub(crate) fn read(
    policy: &'static Policy,
    x: &Exchange,
    raw: Bytes,
    max_depth: u32,
) -> Result<Sent, Refusal> {
    let (Some(schema), Some(body), false) = (&policy.input.body, &policy.body, raw.is_empty())
    else {
        return Ok(raw.into());
    };
    match x.written {
        None | Some(Media::Json) => Ok(raw.into()),
        Some(Media::Text) => plain::json(&raw, schema).map(Sent::from),
        Some(Media::Octets) => octets::read(raw, schema, policy.body_limit),
        Some(Media::Form) => json(&raw, schema, body.parts).map(Sent::from),
        Some(Media::Multipart) => {
            let given = x.headers().get(CONTENT_TYPE);
            let given = given.and_then(|value| value.to_str().ok());
            let boundary = given.and_then(multipart::boundary);
            let boundary = boundary.ok_or_else(|| malformed("syntax", Vec::new()))?;
            let parts =
                multipart::parts(&raw, boundary, body.parts).map_err(|broken| match broken {
                    Broken::Syntax => malformed("syntax", Vec::new()),
                    Broken::TooMany => Refusal::new(Kind::BodyTooLarge),
                })?;
            several(&raw, &parts, schema, max_depth)
        }
    }
}

/// What is said under a name.
enum Said<'a> {
    /// A text, or the value that it spells.
    Text(Cow<'a, str>),
    /// JSON, whole and read before.
    Json(&'a str),
    /// The number of a file.
    File(usize),
}

/// A name, and what was said under it.
type Pair<'a> = (Cow<'a, str>, Said<'a>);

/// The body of a page's form (`application/x-www-form-urlencoded`) as JSON, of `most` pairs at most.
///
/// # Errors
///
/// 400 for what cannot be decoded, 413 for more pairs.
pub(crate) fn json(raw: &[u8], schema: &Schema, most: usize) -> Result<Bytes, Refusal> {
    // The generator refuses by name a form of anything else.
    let Schema::Object(object) = schema else {
        return Err(malformed("syntax", Vec::new()));
    };
    let text = std::str::from_utf8(raw).map_err(|_| malformed("syntax", Vec::new()))?;
    // Whoever writes forms escapes them; what stands there bare is cut or read on by the next in line.
    // guard: form-control
    if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return Err(malformed("control", Vec::new()));
    }
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    // A pair is two bytes at least, and what is kept of it many times that.
    // guard: form-pairs
    if pairs.clone().nth(most).is_some() {
        return Err(too_large());
    }
    let pairs: Vec<Pair<'_>> = pairs.map(pair).collect::<Result<_, _>>()?;
    Ok(spell(&pairs, object).into())
}

fn pair(pair: &str) -> Result<Pair<'_>, Refusal> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    // A name that cannot be decoded can be none of ours, and is not repeated in the answer.
    let name = percent::form(name).map_err(|code| malformed(code, Vec::new()))?;
    let value = percent::form(value).map_err(|code| {
        let violation = Violation::of_parameter(In::Body, &name, code);
        malformed(code, vec![violation])
    })?;
    Ok((name, Said::Text(value)))
}

/// A form of several parts as JSON, with its files beside it. Nothing of a part is looked at here but what a member of its
/// name bounds: how long it may be, and of which type.
///
/// # Errors
///
/// 415 for another type than the member has, or content of another type than is said; 413 for what is longer; 400 for what
/// cannot be read.
fn several(
    raw: &Bytes,
    parts: &[Part<'_>],
    schema: &Schema,
    max_depth: u32,
) -> Result<Sent, Refusal> {
    let Schema::Object(object) = schema else {
        return Err(malformed("syntax", Vec::new()));
    };
    let (mut files, mut pairs) = (Vec::new(), Vec::new());
    let mut counts = vec![0; object.members.len()];
    for part in parts {
        let said = match place(object, part.name) {
            // What it is does not matter: there is no member of its name.
            None => Said::Text("".into()),
            Some((at, schema)) => {
                let (item, listed) = match schema {
                    Schema::List(list) => (&list.items, true),
                    schema => (schema, false),
                };
                match item {
                    Schema::Binary(rule) => {
                        let count = counts.get_mut(at).ok_or_else(too_large)?;
                        *count += 1;
                        // Where one is all there can be, a second is a member given twice (ruling 99).
                        // guard: file-count, where listed
                        if listed && *count > rule.most {
                            return Err(too_large());
                        }
                        files.push(file(raw, part, rule)?);
                        Said::File(files.len() - 1)
                    }
                    Schema::Object(_) | Schema::Entries(_) => inner(part, max_depth)?,
                    item => text(part, item)?,
                }
            }
        };
        pairs.push((Cow::Borrowed(part.name), said));
    }
    Ok(Sent {
        text: spell(&pairs, object).into(),
        files,
    })
}

fn too_large() -> Refusal {
    Refusal::new(Kind::BodyTooLarge)
}

fn wrong_type() -> Refusal {
    Refusal::new(Kind::MediaType { accepted: &[] })
}

/// Bytes of what is declared: as the part says, and as they say themselves.
fn file(raw: &Bytes, part: &Part<'_>, rule: &'static Binary) -> Result<File, Refusal> {
    let given = part.media_type.unwrap_or("text/plain");
    let any = &["application/octet-stream"][..];
    let types = if rule.types.is_empty() {
        any
    } else {
        rule.types
    };
    let mut declared = types.iter().copied();
    let known = declared.find(|known| known.eq_ignore_ascii_case(given));
    // guard: part-type, with file-content
    if known.is_none() {
        return Err(wrong_type());
    }
    // guard: file-max
    if u64::try_from(part.content.len()).map_or(true, |length| length > rule.max) {
        return Err(too_large());
    }
    let media_type = known.unwrap_or("application/octet-stream");
    // guard: file-content, where !rule.types.is_empty()
    if !rule.types.is_empty() && !file::is_of(media_type, part.content) {
        return Err(wrong_type());
    }
    Ok(File {
        name: part.file_name.map(str::to_owned),
        media_type,
        bytes: raw.slice_ref(part.content),
    })
}

/// An object, or a map, is a part of JSON (OpenAPI, *Encoding Object*), whole by itself: nothing of it reaches beyond its place.
fn inner<'a>(part: &Part<'a>, max_depth: u32) -> Result<Said<'a>, Refusal> {
    let json = part
        .media_type
        .is_some_and(|given| matches(given, "application/json"));
    // guard: part-json
    if !json || part.file_name.is_some() {
        return Err(wrong_type());
    }
    // guard: part-whole
    whole(part, max_depth.saturating_sub(1))?;
    let text = std::str::from_utf8(part.content);
    text.map(Said::Json).map_err(|_| broken(part, "syntax", ""))
}

/// One JSON text and nothing beside it: what went on would stand among the members of the form.
fn whole(part: &Part<'_>, max_depth: u32) -> Result<(), Refusal> {
    match Value::parse(part.content, max_depth) {
        Ok(_) => Ok(()),
        Err(Malformed::Duplicate(pointer)) => Err(broken(part, "duplicate", &pointer)),
        Err(other) => Err(broken(part, other.code(), "")),
    }
}

fn broken(part: &Part<'_>, code: &'static str, inside: &str) -> Refusal {
    let mut violation = Violation::of_parameter(In::Body, part.name, code);
    violation.pointer.push_str(inside);
    malformed(code, vec![violation])
}

/// A text, or a value that it spells.
fn text<'a>(part: &Part<'a>, schema: &Schema) -> Result<Said<'a>, Refusal> {
    let plain = part
        .media_type
        .is_none_or(|given| matches(given, "text/plain"));
    // guard: part-text
    if !plain || part.file_name.is_some() {
        return Err(wrong_type());
    }
    let text = std::str::from_utf8(part.content).map_err(|_| broken(part, "syntax", ""))?;
    // A part is refused as a part is: by its size (ruling 99).
    let longest = match schema {
        Schema::Text(rule) => rule.max,
        _ => u64::MAX,
    };
    // guard: part-text-max, where longest < u64::MAX
    if u64::try_from(text.chars().count()).map_or(true, |length| length > longest) {
        return Err(too_large());
    }
    Ok(Said::Text(text.into()))
}

/// Pairs of one name are the items of a list where the table has one; elsewhere they stay what they are, a member given
/// twice, which no reader of JSON takes.
fn spell(pairs: &[Pair<'_>], object: &Object) -> Vec<u8> {
    let mut w = Writer::new();
    let mut listed = vec![false; object.members.len()];
    w.open();
    for (name, value) in pairs {
        let Some((at, schema)) = place(object, name) else {
            said(&Schema::Text(&ANY), value, w.member(name));
            continue;
        };
        let Schema::List(list) = schema else {
            said(schema, value, w.member(name));
            continue;
        };
        let Some(false) = listed.get_mut(at).map(|done| std::mem::replace(done, true)) else {
            continue;
        };
        w.member(name).open_array();
        let items = pairs.iter().filter(|(other, _)| other == name);
        items.for_each(|(_, item)| said(&list.items, item, &mut w));
        w.close_array();
    }
    w.close();
    w.into_bytes()
}

/// Where a member stands in the table, and what it must be; no form spells `null`.
fn place(object: &Object, name: &str) -> Option<(usize, &'static Schema)> {
    let at = object.members.iter().position(|each| each.name == name)?;
    let schema = &object.members.get(at)?.schema;
    match schema {
        Schema::Nullable(inner) => Some((at, inner)),
        schema => Some((at, schema)),
    }
}

/// What no member names is a text.
static ANY: Text = Text::new(0, 0);

fn said(schema: &Schema, said: &Said<'_>, w: &mut Writer) {
    match said {
        Said::Text(text) => scalar(schema, text, w),
        Said::Json(json) => w.lexeme(json),
        Said::File(number) => w.whole(i64::try_from(*number).unwrap_or(-1)),
    }
}

/// A text as the value that it spells (ruling 100); as the text it is where it spells none.
pub(crate) fn scalar(schema: &Schema, text: &str, w: &mut Writer) {
    match (schema, flag(text)) {
        (Schema::Boolean, Some(value)) => w.boolean(value),
        (Schema::Whole(_), _) if is_spelled(text) => w.lexeme(text),
        (Schema::Real(_), _) if number::is_spelled(text) => w.lexeme(text),
        _ => w.text(text),
    }
}
