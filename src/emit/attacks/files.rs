//! Files, and parts that are longer than their member may be (P69, rulings 55 and 99).

use super::field::Field;
use super::form::{self, MAGIC};
use super::sample::Step;
use super::sample::pointer;
use super::scene::Scene;
use super::values::Tries;
use super::witness;
use crate::plan::{File, Media, ValueKind};
use serde_json::{Value, json};

/// Names that lead elsewhere, or show themselves as another.
const HOSTILE: &[(&str, &str)] = &[
    ("a folder", "a/b"),
    ("the folder above", "../../etc/passwd"),
    ("a parent", ".."),
    ("here", "."),
    ("a root", "/etc/passwd"),
    ("a drive", "C:a"),
    ("an escape", "..%2f..%2fa"),
    ("an escaped NUL", "a%00"),
    ("the other direction", "a\u{202e}gnp.exe"),
    ("a space that is not seen", "a\u{200b}"),
    ("a blank at the end", "a "),
    ("a stop at the end", "a."),
    ("nothing", ""),
];

/// Types, content, sizes and names.
pub fn tries(file: &File, room: u64, tries: &mut Tries) {
    let Some(good) = form::file(file) else {
        return tries.failed("file");
    };
    let made = |name: &str, value: Value| {
        let mut made = good.clone();
        let file = made.get_mut("~file").and_then(Value::as_object_mut);
        if let Some(file) = file {
            file.insert(name.to_owned(), value);
        }
        made
    };
    tries.good("file", "as it is declared", good.clone());
    tries.part("file", "a text that says of no type", json!("text"), 415);
    for other in ["text/html", "image/svg+xml", "nonsense", "application/json"] {
        tries.part(
            "file",
            format!("{other}, said"),
            made("type", json!(other)),
            415,
        );
    }
    let first = file.types.first();
    let of = first.and_then(|first| MAGIC.iter().find(|(name, _)| name == first));
    if let Some((name, _)) = of {
        let parameter = format!("{name}; a=b");
        tries.part(
            "file",
            "with a parameter",
            made("type", json!(parameter)),
            415,
        );
        tries.part(
            "file",
            "content of a program",
            made("hex", json!("4d5a9000")),
            415,
        );
        tries.part(
            "file",
            "content of a page",
            made("hex", json!("3c68746d6c3e")),
            415,
        );
        let none = made("type", json!("application/octet-stream"));
        tries.part("file", "of no type", none, 415);
        for (other, hex) in MAGIC.iter().filter(|(other, _)| other != name) {
            let content = made("hex", json!(hex));
            tries.part("file", format!("content of {other}"), content, 415);
        }
    }
    for (why, name) in HOSTILE {
        tries.bad(
            "file",
            format!("named {why}"),
            made("name", json!(name)),
            &["file"],
        );
    }
    let long = made("name", json!("x".repeat(256)));
    tries.bad("file", "a name of 256 letters", long, &["file"]);
    if file.names.is_some() {
        let mut nameless = good.clone();
        let members = nameless.get_mut("~file").and_then(Value::as_object_mut);
        if let Some(members) = members {
            members.remove("name");
        }
        tries.bad("file", "without a name", nameless, &["file"]);
    }
    sizes(file, room, tries, &made);
}

fn sizes(file: &File, room: u64, tries: &mut Tries, made: &dyn Fn(&str, Value) -> Value) {
    let least = form::shortest(file);
    if file.min > least {
        tries.good(
            "file",
            format!("{} bytes, the fewest", file.min),
            made("fill", json!(file.min)),
        );
        let few = made("fill", json!(file.min - 1));
        tries.bad(
            "file",
            format!("{} bytes, too few", file.min - 1),
            few,
            &["minLength"],
        );
    }
    if file.max < room {
        tries.good(
            "file",
            format!("{} bytes, the most", file.max),
            made("fill", json!(file.max)),
        );
        let many = made("fill", json!(file.max + 1));
        tries.part(
            "file",
            format!("{} bytes, too many", file.max + 1),
            many,
            413,
        );
    }
}

/// A text that is one code point longer than its part may be: 413, where a member of JSON is 422.
pub fn longer(scene: &mut Scene<'_>, field: &Field<'_, '_>, kind: &ValueKind, path: &[Step]) {
    let ValueKind::Text(rule) = kind else { return };
    // What is inside an object is no part of its own.
    if !matches!(path, [_] | [_, Step::Item]) {
        return;
    }
    if field.stage.media() != Media::Multipart || rule.max.saturating_mul(4) > field.room {
        return;
    }
    let Some(length) = usize::try_from(rule.max + 1).ok() else {
        return;
    };
    let sent = field.unchecked(scene, path, json!("\u{1f600}".repeat(length)));
    let (name, expect) = (
        format!("parts{}: {length} characters, too many", pointer(path)),
        scene.refused(413),
    );
    field.add(scene, "maxLength", name, sent, expect);
}

/// A name that the pattern admits.
pub fn name(file: &File) -> Option<String> {
    let Some(names) = &file.names else {
        return Some("palisade".to_owned());
    };
    witness::sample(&crate::plan::Text {
        min: 1,
        max: 100,
        max_declared: true,
        pattern: Some(names.clone()),
        format: None,
    })
}
