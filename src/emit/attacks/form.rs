//! Bodies as forms: which values a form can say, and how it says them.

use super::files;
use super::sample::Maker;
use super::stage::encode;
use crate::plan::{File, Media, Shape, TypeId, ValueKind, Write};
use serde_json::{Value, json};

/// Types of files, and how they begin.
pub const MAGIC: &[(&str, &str)] = &[
    ("image/png", "89504e470d0a1a0a"),
    ("image/jpeg", "ffd8ff"),
    ("image/gif", "474946383961"),
    ("image/webp", "524946460000000057454250"),
    ("application/pdf", "255044462d"),
    ("application/zip", "504b0304"),
    ("application/gzip", "1f8b08"),
];

/// The field that says so. The boundary is the runner's own.
pub const fn content_type(media: Media) -> &'static str {
    match media {
        Media::Multipart => "multipart/form-data; boundary=palisade",
        media => media.name(),
    }
}

/// A file that is admitted, as the runner makes it: these bytes, filled up to a length.
pub fn file(file: &File) -> Option<Value> {
    let first = file.types.first();
    let (name, hex) = match first {
        Some(first) => *MAGIC.iter().find(|(name, _)| name == first)?,
        None => ("application/octet-stream", ""),
    };
    let length = file.min.max(shortest(file));
    let named = files::name(file)?;
    (length <= file.max)
        .then(|| json!({ "~file": { "name": named, "type": name, "hex": hex, "fill": length } }))
}

/// How many bytes a file has at least that says of itself what it is.
pub fn shortest(file: &File) -> u64 {
    let first = file.types.first();
    let known = first.and_then(|first| MAGIC.iter().find(|(name, _)| name == first));
    known.map_or(0, |(_, hex)| (hex.len() / 2) as u64)
}

/// The word of the lines for it.
pub const fn word(media: Media) -> &'static str {
    match media {
        Media::Json => "json",
        Media::Form => "form",
        Media::Multipart => "parts",
        Media::Text => "text",
        Media::Octets => "bytes",
    }
}

/// The body as a form. `None` where a form would say something else: that a text is the number it looks like, for one.
pub fn text(maker: &Maker<'_>, id: TypeId, body: &Value) -> Option<String> {
    let pairs = pairs(maker, id, body)?;
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    Some(pairs.collect::<Vec<_>>().join("&"))
}

/// Adds a member to an object without any.
pub fn say_something(maker: &Maker<'_>, id: TypeId, body: &mut Value) {
    let (Some(object), Value::Object(members)) = (maker.object(id), body) else {
        return;
    };
    if !members.is_empty() {
        return;
    }
    let open = object.members.iter();
    let mut open = open.filter(|each| matches!(each.write, Write::Anyone));
    let member = open.find_map(|each| Some((each.name.clone(), maker.sample(&each.value, 1)?)));
    members.extend(member);
}

/// Whether the body can be written so.
pub fn says(media: Media, maker: &Maker<'_>, id: TypeId, body: &Value) -> bool {
    match media {
        Media::Json => true,
        Media::Form => pairs(maker, id, body).is_some(),
        Media::Multipart => are_parts(maker, id, body),
        Media::Text | Media::Octets => true,
    }
}

/// Whether parts say the same as the object.
fn are_parts(maker: &Maker<'_>, id: TypeId, body: &Value) -> bool {
    let (Some(object), Some(body)) = (maker.object(id), body.as_object()) else {
        return false;
    };
    body.iter().all(|(name, value)| {
        let known = object.members.iter().find(|member| member.name == *name);
        match (known.map(|member| &member.value), value) {
            (None, value) => value.is_string(),
            (Some(ValueKind::List(list)), Value::Array(items)) if !items.is_empty() => {
                items.iter().all(|item| is_part(maker, &list.items, item))
            }
            (Some(ValueKind::List(_)), _) => false,
            (Some(kind), value) => is_part(maker, kind, value),
        }
    })
}

fn is_part(maker: &Maker<'_>, kind: &ValueKind, value: &Value) -> bool {
    match kind {
        ValueKind::File(_) => value.is_string() || value.get("~file").is_some(),
        // The runner writes an object as JSON, and everything else as text.
        ValueKind::Named(id) if maker.object(*id).is_some() => value.is_object(),
        ValueKind::Map(_) => value.is_object(),
        // What is too long is refused as a part.
        ValueKind::Text(rule) => value
            .as_str()
            .is_some_and(|text| text.chars().count() as u64 <= rule.max),
        kind => scalar(maker, kind, value).is_some(),
    }
}

fn pairs(maker: &Maker<'_>, id: TypeId, body: &Value) -> Option<Vec<(String, String)>> {
    let object = maker.object(id)?;
    let mut pairs = Vec::new();
    for (name, value) in body.as_object()? {
        let known = object.members.iter().find(|member| member.name == *name);
        match (known.map(|member| &member.value), value) {
            (None, value) => pairs.push((name.clone(), value.as_str()?.to_owned())),
            (Some(ValueKind::List(list)), Value::Array(items)) if !items.is_empty() => {
                for item in items {
                    pairs.push((name.clone(), scalar(maker, &list.items, item)?));
                }
            }
            (Some(kind), value) => pairs.push((name.clone(), scalar(maker, kind, value)?)),
        }
    }
    // Without a pair there is no body.
    Some(pairs).filter(|pairs| !pairs.is_empty())
}

/// One value, where its text says the same of this kind.
pub fn scalar(maker: &Maker<'_>, kind: &ValueKind, value: &Value) -> Option<String> {
    match (kind, value) {
        (ValueKind::Text(_), Value::String(text)) => Some(text.clone()),
        (ValueKind::Named(id), Value::String(text)) => {
            matches!(maker.shape(*id)?, Shape::Words(_)).then(|| text.clone())
        }
        (ValueKind::Boolean, Value::Bool(value)) => Some(value.to_string()),
        (ValueKind::Boolean, Value::String(text)) => {
            (text != "true" && text != "false").then(|| text.clone())
        }
        (ValueKind::Integer(_), Value::Number(number)) => {
            Some(number.to_string()).filter(|text| is_integer(text))
        }
        (ValueKind::Integer(_), Value::String(text)) => {
            Some(text.clone()).filter(|text| !is_integer(text))
        }
        (ValueKind::Number(_), Value::Number(number)) => Some(number.to_string()),
        (ValueKind::Number(_), Value::String(text)) => {
            Some(text.clone()).filter(|text| !is_number(text))
        }
        _ => None,
    }
}

/// The grammar of JSON.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_integer(whole)
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

/// Ruling 100.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits == "0"
        || !digits.starts_with('0')
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
}
