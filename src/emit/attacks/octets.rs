//! Bodies of bytes: how long they are, and what they are. Nothing else can be wrong with them (P69, ruling 99).

use super::form::{MAGIC, shortest};
use super::values::Tries;
use crate::plan::File;
use serde_json::{Value, json};

/// What may stand behind `application/octet-stream`, and must not: it would say something of the bytes.
pub const SAID: &[&str] = &[
    "; charset=utf-8",
    "; type=image",
    "; padding=0",
    ";",
    "x",
    ", text/plain",
];

/// Bytes that begin so, filled up to a length.
fn bytes(hex: &str, fill: u64) -> Value {
    json!({ "~file": { "hex": hex, "fill": fill } })
}

/// The fewest bytes that are a body, and one that is taken.
pub fn fewest(file: &File) -> u64 {
    file.min.max(shortest(file)).max(1)
}

/// The plainest body.
pub fn plainest(file: &File) -> Option<Value> {
    let length = fewest(file);
    (length <= file.max).then_some(())?;
    Some(bytes(beginning(file)?, length))
}

/// How what is declared begins.
fn beginning(file: &File) -> Option<&'static str> {
    let Some(first) = file.types.first() else {
        return Some("");
    };
    let known = MAGIC.iter().find(|(name, _)| name == first);
    known.map(|(_, hex)| *hex)
}

/// Sizes and content. `room`: how long a body may be.
pub fn tries(file: &File, room: u64) -> Tries {
    let mut tries = Tries::default();
    let Some(begin) = beginning(file) else {
        tries.failed("file");
        return tries;
    };
    let least = fewest(file);
    // What is shorter is of no type, or no body.
    if file.min > shortest(file).max(1) {
        let few = file.min - 1;
        let name = format!("{few} bytes, too few");
        tries.good(
            "file",
            format!("{} bytes, the fewest", file.min),
            bytes(begin, file.min),
        );
        tries.bad("file", name, bytes(begin, few), &["minLength"]);
    }
    if file.max < room {
        let (most, many) = (file.max, file.max + 1);
        let name = format!("{many} bytes, too many");
        tries.good(
            "file",
            format!("{most} bytes, the most"),
            bytes(begin, most),
        );
        tries.part("file", name, bytes(begin, many), 413);
    }
    for (name, hex) in [
        ("bytes that are no text", "00ff80fe"),
        ("a program", "4d5a9000"),
        ("a page", "3c68746d6c3e"),
        ("JSON", "7b7d"),
        (
            "what the first part of a form looks like",
            "2d2d70616c6973616465",
        ),
    ] {
        let sent = bytes(hex, least);
        match file.types.is_empty() {
            true if (hex.len() / 2) as u64 <= file.max => tries.good("file", name, sent),
            true => {}
            false => tries.part("file", name, sent, 415),
        }
    }
    if file.types.is_empty() {
        return tries;
    }
    for (name, hex) in MAGIC {
        let sent = bytes(hex, least.max((hex.len() / 2) as u64));
        match file.types.iter().any(|declared| declared == name) {
            true => tries.good("file", format!("content of {name}"), sent),
            false => tries.part("file", format!("content of {name}"), sent, 415),
        }
    }
    tries
}
