//! Parameters that are not what the document describes (P51, P53, P57, P60, P62; rulings 9, 10, 100).

use super::case::{Expect, Request, Sent, Violation};
use super::items;
use super::numbers;
use super::sample::Maker;
use super::scene::Scene;
use super::signature;
use super::spelled;
use super::stage::{Stage, encode};
use super::values::{self, Tries, Try, integer, text, words};
use super::witness::Alphabet;
use crate::plan::{In, Param, Shape, ValueKind};
use serde_json::{Value, json};

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    for (at, param) in operation.params.iter().enumerate() {
        // Where it stands in the path, and what object it names, is the operation's own.
        if param.location == In::Path || scene.owned_by_param(operation, at).is_some() {
            one(scene, stage, at);
            continue;
        }
        let query = stage
            .plainest
            .target
            .split_once('?')
            .map(|(_, query)| query);
        let key = format!(
            "{} {:?} {} {query:?} {} {}",
            param.name,
            param.location,
            param.required,
            signature::kind(scene.plan, &scene.signatures, &param.value),
            scene.read_by_policies(stage)
        );
        scene.family(stage, "parameter", &key, |scene| one(scene, stage, at));
    }
    let known: Vec<&str> = operation
        .params
        .iter()
        .filter(|param| param.location == In::Query)
        .map(|param| param.name.as_str())
        .filter(|name| UNKNOWN.contains(name))
        .collect();
    scene.family(stage, "query", &format!("{known:?}"), |scene| {
        unknown(scene, stage);
    });
}

/// Parameters that other services have.
const UNKNOWN: [&str; 5] = [
    "palisadeUnknown",
    "access_token",
    "_method",
    "tenant",
    "role[]",
];

pub(super) fn good(stage: &Stage<'_>, request: Request) -> Sent {
    request.by(stage.token.clone())
}

pub(super) fn place(location: In) -> &'static str {
    match location {
        In::Path => "path",
        In::Query => "query",
        In::Header => "header",
    }
}

fn one(scene: &mut Scene<'_>, stage: &Stage<'_>, at: usize) {
    let operation = stage.operation;
    let Some(param) = operation.params.get(at) else {
        return;
    };
    if let ValueKind::List(list) = &param.value {
        return items::attack(scene, stage, at, param, list);
    }
    let place = place(param.location);
    let pointer = format!("/{}", param.name.replace('~', "~0").replace('/', "~1"));
    let tries = tries(&stage.maker, param);
    for (kind, why) in tries.failed {
        scene.skip(kind, format!("{place} {}", param.name), why);
    }
    for each in tries.made {
        let Some(value) = written(&each) else {
            continue;
        };
        // An empty segment, or one of dots, is another path; in a field, control characters are no HTTP and blanks at its
        // ends are none of the value.
        if param.location == In::Path && matches!(value.as_str(), "" | "." | "..") {
            continue;
        }
        if param.location == In::Header
            && (value.trim() != value || !value.chars().all(|c| (' '..='~').contains(&c)))
        {
            continue;
        }
        let mut values = stage.values.clone();
        values.insert(at, value.clone());
        let request = stage.request_with(scene.plan, &values);
        let name = format!("{place} {}: {}", param.name, each.name);
        let codes = each.broken.iter().map(|(_, code)| *code);
        let controls = value.chars().any(char::is_control);
        if !controls
            && each.broken.is_empty()
            && each.status.is_none()
            && scene.policies_read(operation, at)
        {
            // Admitted by its schema; what a policy says of it is another question.
            continue;
        }
        let expect = if controls {
            // Refused before the schema is asked (P57), perhaps before anything is counted.
            Expect::status(400)
        } else if let Some(status) = each.status {
            scene.refused(status)
        } else if each.broken.is_empty() {
            match scene.owned_by_param(operation, at) {
                // Admitted as a text; it names no object.
                Some(_) => scene.refused(404).code("not_found"),
                None => scene.reached(),
            }
        } else {
            let errors = codes
                .map(|code| Violation {
                    place,
                    pointer: pointer.clone(),
                    code: code.map(Into::into),
                })
                .collect();
            Expect {
                more: each.more,
                ..scene.invalid().errors(errors)
            }
        };
        let sent = good(stage, request);
        scene.add(each.kind, name, sent, expect);
    }
    match param.location {
        In::Path => path(scene, stage, at, param),
        In::Query => query(scene, stage, at, param, &pointer),
        In::Header => header(scene, stage, at, param, &pointer),
    }
    if param.required && param.location != In::Path {
        let mut values = stage.values.clone();
        values.remove(&at);
        let expect = scene.invalid().errors(vec![Violation {
            place,
            pointer,
            code: Some("required".into()),
        }]);
        let sent = good(stage, stage.request_with(scene.plan, &values));
        scene.add("required", format!("{place} {}", param.name), sent, expect);
    }
}

/// As a parameter writes it.
pub(super) fn written(each: &Try) -> Option<String> {
    match &each.value {
        values::Sent::Json(value) => Some(text_of(value)),
        values::Sent::Lexeme(lexeme) => Some(lexeme.to_string()),
    }
}

/// The text of a plain value.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Texts in place of the value.
fn tries(maker: &Maker<'_>, param: &Param) -> Tries {
    plain(maker, &param.value, param.location)
}

/// The same for the value of a parameter or of an item.
pub(super) fn plain(maker: &Maker<'_>, value: &ValueKind, location: In) -> Tries {
    let mut tries = Tries::default();
    match value {
        ValueKind::Boolean => {
            spellings(&mut tries, &["TRUE", "1", "yes", "", "true "]);
            for value in ["true", "false"] {
                tries.made.push(Try {
                    kind: "type",
                    name: value.into(),
                    value: values::Sent::Json(json!(value)),
                    broken: vec![],
                    more: false,
                    status: None,
                });
            }
        }
        ValueKind::Integer(whole) => {
            integer(whole, &mut tries);
            spellings(
                &mut tries,
                &[
                    "palisade",
                    "20.0",
                    "2e1",
                    "+20",
                    "020",
                    "0x14",
                    " 20",
                    "",
                    "-",
                    "٢٠",
                    "9223372036854775808",
                ],
            );
            // Too large may be said as a bound instead.
            if let Some(last) = tries.made.last_mut() {
                last.broken = vec![(String::new(), None)];
                last.more = true;
            }
        }
        ValueKind::Number(real) => {
            numbers::tries(real, &mut tries);
            numbers::lexemes(real, &mut tries);
            spellings(
                &mut tries,
                &[
                    "palisade", "+20", "020", "20.", ".5", "1e", "0x14", " 20", "", "-", "٢٠",
                    "NaN", "Infinity", "true", "1e400x",
                ],
            );
        }
        ValueKind::Text(rule) => {
            let alphabet = if location == In::Header {
                Alphabet::Ascii
            } else {
                Alphabet::Any
            };
            // Within the URI's limit, written as `%XX` of four bytes each.
            text(
                rule,
                alphabet,
                maker.plan.limits.uri_bytes.saturating_sub(1024) / 3,
                &mut tries,
            );
        }
        ValueKind::Named(id) => {
            if let Some(Shape::Words(known)) = maker.shape(*id) {
                words(known, &mut tries);
            }
        }
        ValueKind::List(_) | ValueKind::Map(_) | ValueKind::Json(_) | ValueKind::File(_) => {}
    }
    tries
}

fn spellings(tries: &mut Tries, wrong: &[&str]) {
    for value in wrong {
        tries.made.push(Try {
            kind: "type",
            name: format!("{value:?}"),
            value: values::Sent::Json(json!(value)),
            broken: vec![(String::new(), Some("type"))],
            more: false,
            status: None,
        });
    }
}

/// Segments that try to be something else (P62): refused, or no route; never another one.
pub(super) fn path(scene: &mut Scene<'_>, stage: &Stage<'_>, at: usize, param: &Param) {
    let own = stage
        .values
        .get(&at)
        .and_then(|value| spelled::texts(param, value))
        .unwrap_or_default()
        .concat();
    for (name, raw) in [
        ("an encoded slash", format!("{own}%2F..")),
        ("NUL", format!("{own}%00")),
        ("an encoded dot segment", "%2e%2e".to_owned()),
        ("a line feed", format!("{own}%0a")),
        ("overlong UTF-8", format!("{own}%c0%af")),
        ("half an escape", format!("{own}%")),
        ("no escape", format!("{own}%zz")),
    ] {
        let sent = good(stage, stage.request_raw(scene.plan, at, &raw));
        let name = format!("path {}: {name}", param.name);
        scene.add("path-escape", name, sent, Expect::any(&[400, 404]));
    }
}

pub(super) fn in_other_letters(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower == name {
        true => lower.to_ascii_uppercase(),
        false => lower,
    }
}

/// Repeated: which of the two would count is a guess (P53).
fn header(scene: &mut Scene<'_>, stage: &Stage<'_>, at: usize, param: &Param, pointer: &str) {
    let value = stage.values.get(&at).cloned().or_else(|| {
        let made = tries(&stage.maker, param).made;
        made.iter()
            .find(|each| each.broken.is_empty())
            .and_then(written)
    });
    let Some(value) = value else { return };
    let mut values = stage.values.clone();
    values.insert(at, value.clone());
    // Names of fields are the same in any letters.
    let other = in_other_letters(&param.name);
    let twice = stage
        .request_with(scene.plan, &values)
        .header(&other, &value);
    let errors = vec![Violation {
        place: "header",
        pointer: pointer.to_owned(),
        code: Some("duplicate".into()),
    }];
    let expect = scene.refused(400).errors(errors);
    let name = format!("header {}: given twice", param.name);
    scene.add("duplicate", name, good(stage, twice), expect);
}

/// What no value of the query ends with.
pub(super) const ESCAPES: [(&str, &str); 4] = [
    ("NUL", "%00"),
    ("a line feed", "%0a"),
    ("overlong UTF-8", "%c0%af"),
    ("half an escape", "%4"),
];

/// Repeated, and badly written (P53, P57).
fn query(scene: &mut Scene<'_>, stage: &Stage<'_>, at: usize, param: &Param, pointer: &str) {
    let name = encode(&param.name);
    let value = stage.values.get(&at).cloned().or_else(|| {
        let made = tries(&stage.maker, param).made;
        made.iter()
            .find(|each| each.broken.is_empty())
            .and_then(written)
    });
    let Some(value) = value.map(|value| encode(&value)) else {
        return;
    };
    let base = || {
        let mut values = stage.values.clone();
        values.remove(&at);
        stage.request_with(scene.plan, &values)
    };
    let escaped: String = param
        .name
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect();
    let twice = |second: &str| {
        base()
            .query(&format!("{name}={value}"))
            .query(&format!("{second}={value}"))
    };
    let errors = vec![Violation {
        place: "query",
        pointer: pointer.to_owned(),
        code: Some("duplicate".into()),
    }];
    let repeated = scene.refused(400).errors(errors);
    let mut cases = vec![
        ("duplicate", "given twice", twice(&name), repeated.clone()),
        (
            "duplicate",
            "given twice, once escaped",
            twice(&escaped),
            repeated,
        ),
    ];
    for (how, raw) in ESCAPES {
        cases.push((
            "query-escape",
            how,
            base().query(&format!("{name}={raw}")),
            scene.refused(400),
        ));
    }
    for (kind, how, request, expect) in cases {
        let sent = good(stage, request);
        scene.add(kind, format!("query {}: {how}", param.name), sent, expect);
    }
}

/// Query parameters that no line of the document names (P51).
fn unknown(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let known = |name: &str| {
        operation
            .params
            .iter()
            .any(|param| param.location == In::Query && param.name == name)
    };
    for name in UNKNOWN.into_iter().filter(|name| !known(name)) {
        let request = stage
            .request()
            .query(&format!("{}=PALISADE-CANARY", encode(name)));
        let errors = vec![Violation {
            place: "query",
            pointer: format!("/{name}"),
            code: Some("unknown".into()),
        }];
        let expect = Expect {
            never: Some("PALISADE-CANARY"),
            ..scene.refused(400).errors(errors)
        };
        let sent = good(stage, request);
        scene.add("unknown", format!("query {name}"), sent, expect);
    }
    // No name holds a control character, so this is refused before anybody looks for the name (P57).
    let control = good(stage, stage.request().query("a%00b=1"));
    let expect = scene.refused(400).code("control");
    scene.add("query-escape", "a NUL in a name", control, expect);
}
