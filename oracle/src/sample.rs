//! Values that a schema takes.

use crate::members::{Kind, Object};
use crate::number::Number;
use crate::tree::{Tree, members as entries, words};
use regex::Regex;
use serde_json::{Map, Value, json};

/// Texts that are tried, in this order, where only a pattern or a format says what is taken.
const TEXTS: [&str; 8] = [
    "some text here",
    "abcdefgh",
    "ada@example.org",
    "2030-01-02",
    "2030-01-02T03:04:05Z",
    "+4930123456",
    "AB-1234",
    "CH",
];

/// A value for a schema.
pub(crate) fn value<'d>(tree: &Tree<'d>, schema: &'d Value) -> Result<Value, String> {
    let schema = tree.resolve(schema)?;
    if let Some(word) = schema.get("enum").and_then(|words| words.get(0)) {
        return Ok(word.clone());
    }
    if let Some(word) = schema.get("const") {
        return Ok(word.clone());
    }
    let one = schema.get("oneOf").or(schema.get("anyOf"));
    if let Some(first) = one.and_then(|list| list.get(0)) {
        return value(tree, first);
    }
    let kind = words(schema.get("type"));
    let kind = kind.iter().find(|kind| *kind != "null");
    match kind.map(String::as_str) {
        Some("boolean") => Ok(json!(true)),
        Some("integer") => integer(schema),
        Some("number") => match Number::of(schema)? {
            Some(number) => number.sample(),
            None => Err(format!("no sample of {schema}")),
        },
        Some("string") => text(schema),
        Some("array") => {
            let first = schema.get("prefixItems").and_then(|places| places.get(0));
            let items = first.or(schema.get("items"));
            let items = items.ok_or("an array without items")?;
            Ok(json!([value(tree, items)?]))
        }
        Some("object") => match schema.get("additionalProperties") {
            Some(values) if schema.get("properties").is_none() && *values != json!(false) => {
                let least = schema.get("minProperties").and_then(Value::as_u64);
                let value = value(tree, values)?;
                let names = names().take(usize::try_from(least.unwrap_or(1).max(1)).unwrap_or(1));
                Ok(Value::Object(
                    names.map(|name| (name, value.clone())).collect(),
                ))
            }
            _ => Ok(Value::Object(members(tree, schema)?.into_iter().collect())),
        },
        None if crate::members::is_free(schema) => Ok(json!({ "any": [1, null, "JSON"] })),
        other => Err(format!("no sample of {other:?}")),
    }
}

/// Names for a map.
pub(crate) fn names() -> impl Iterator<Item = String> {
    let first = ["one", "two", "a b/c~d", ""].map(str::to_owned);
    first.into_iter().chain((4..).map(|at| format!("n{at}")))
}

/// A value for every member of an object that can be sent at all.
fn members<'d>(tree: &Tree<'d>, schema: &'d Value) -> Result<Vec<(String, Value)>, String> {
    let schema = tree.resolve(schema)?;
    entries(schema.get("properties"))
        .map(|(name, node)| {
            let target = tree.resolve(node)?;
            let items = target.get("items").map(|items| tree.resolve(items));
            let value = match items.transpose()? {
                _ if is_file(target) => file(target, [node, target])?,
                Some(items) if is_file(items) => json!([file(items, [node, target])?]),
                _ => value(tree, node)?,
            };
            Ok((name.clone(), value))
        })
        .collect()
}

/// The further words of each member that is one of several: what a rule says of one it may not say of another.
pub(crate) fn words_of<'d>(
    tree: &Tree<'d>,
    schema: &'d Value,
) -> Result<Vec<(String, Value)>, String> {
    let mut found = Vec::new();
    for (name, node) in entries(tree.resolve(schema)?.get("properties")) {
        let words = tree.resolve(node)?.get("enum").and_then(Value::as_array);
        let more = words.into_iter().flatten().skip(1);
        found.extend(more.map(|word| (name.clone(), word.clone())));
    }
    Ok(found)
}

fn is_file(schema: &Value) -> bool {
    schema.get("format").and_then(Value::as_str) == Some("binary")
}

/// How files begin.
const FILES: [(&str, &[u8]); 2] = [
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("application/pdf", b"%PDF-1.7"),
];

/// A file that `files` of the member takes: what is sent of it stands below `~file`.
fn file(schema: &Value, member: [&Value; 2]) -> Result<Value, String> {
    let mut said = member.into_iter();
    let said = said.find_map(|node| node.pointer("/x-security/files"));
    let types = words(said.and_then(|said| said.get("mediaTypes")));
    let known = FILES
        .iter()
        .find(|(name, _)| types.iter().any(|one| one == name));
    let (media_type, begin) = match known {
        Some(known) => *known,
        None if types.is_empty() => ("application/octet-stream", &b"."[..]),
        None => return Err(format!("no file of {types:?}")),
    };
    let names = said
        .and_then(|said| said.get("names"))
        .and_then(Value::as_str);
    let names = Regex::new(names.unwrap_or("")).map_err(|error| error.to_string())?;
    let mut tried = ["a.png", "scan.pdf", "photo.jpg"].into_iter();
    let name = tried.find(|name| names.is_match(name));
    let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
    let mut bytes = begin.to_vec();
    while (bytes.len() as u64) < least {
        bytes.push(b'.');
    }
    Ok(
        json!({ "~file": { "name": name.ok_or("no name fits")?, "type": media_type, "bytes": bytes } }),
    )
}

/// The smallest value of a kind that can be made of `full`, without what only some may send where that can be.
pub(crate) fn plain(kind: &Kind, full: &Value) -> Value {
    match (kind, full) {
        (Kind::Object(object), Value::Object(full)) => smallest(object, full),
        (Kind::List(items), Value::Array(full)) => {
            full.iter().map(|item| plain(items, item)).collect()
        }
        (Kind::Map(map), Value::Object(full)) => {
            let each = full.iter();
            Value::Object(
                each.map(|(name, value)| (name.clone(), plain(&map.values, value)))
                    .collect(),
            )
        }
        (Kind::Union(union), full) => match union.fitting(full).next() {
            Some(branch) => plain(&branch.kind, full),
            None => full.clone(),
        },
        (_, full) => full.clone(),
    }
}

/// What an object requires.
fn smallest(object: &Object, full: &Map<String, Value>) -> Value {
    let free = |member: &&crate::Member| {
        let anyone = member.writers.is_empty() && !member.owner_writes;
        anyone && !member.never_sent && !member.only_created
    };
    let required = object.members.iter().filter(|each| each.required);
    let mut wanted: Vec<&crate::Member> = required.filter(|each| !each.never_sent).collect();
    let more = object.members.iter().filter(|each| !each.required);
    for member in more.filter(free) {
        if (wanted.len() as u64) < object.least {
            wanted.push(member);
        }
    }
    let known = wanted.iter().filter_map(|member| {
        let value = full.get(&member.name)?;
        Some((member.name.clone(), plain(&member.kind, value)))
    });
    Value::Object(known.collect())
}

fn integer(schema: &Value) -> Result<Value, String> {
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let least = bound("minimum").or(bound("exclusiveMinimum").map(|bound| bound + 1));
    let step = bound("multipleOf").unwrap_or(1);
    let least = least.unwrap_or(1);
    Ok(json!((least + step - 1).div_euclid(step) * step))
}

fn text(schema: &Value) -> Result<Value, String> {
    let word = |key: &str| schema.get(key).and_then(Value::as_str);
    let number = |key: &str| schema.get(key).and_then(Value::as_u64);
    let fixed = match word("format") {
        Some("uuid") => Some("00000000-0000-4000-8000-00000000abcd"),
        Some("email") => Some("ada@example.org"),
        Some("date") => Some("2030-01-02"),
        Some("date-time") => Some("2030-01-02T03:04:05Z"),
        _ => None,
    };
    let pattern = match word("pattern").map(Regex::new) {
        Some(pattern) => Some(pattern.map_err(|error| error.to_string())?),
        None => None,
    };
    let fits = |text: &&str| {
        let length = text.chars().count() as u64;
        number("minLength").is_none_or(|least| length >= least)
            && number("maxLength").is_none_or(|most| length <= most)
            && pattern.as_ref().is_none_or(|each| each.is_match(text))
    };
    let mut tried = fixed.into_iter().chain(TEXTS);
    match tried.find(fits) {
        Some(text) => Ok(json!(text)),
        None => Err(format!("no text fits {schema}")),
    }
}
