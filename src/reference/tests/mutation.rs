//! Documents that are valid but for a few random changes: reader and schema agree on what became of them.

use super::{agreement, documents, samples};
use crate::document;
use crate::policy::vocabulary::LEVELS;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::sync::OnceLock;

/// Valid documents, and the pointers to everything inside `x-security`.
fn bases() -> &'static Vec<(Json, Vec<String>)> {
    static MADE: OnceLock<Vec<(Json, Vec<String>)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let golden = documents()
            .into_iter()
            .filter(|path| !path.components().any(|each| each.as_os_str() == "negative"))
            .map(|path| {
                let text = std::fs::read_to_string(&path).unwrap();
                agreement::json(&document::from_text("base.yaml", &text).unwrap().root)
            });
        golden
            .chain([samples::document()])
            .map(|base| {
                let mut found = Vec::new();
                pointers(&base, String::new(), false, &mut found);
                (base, found)
            })
            .filter(|(_, found)| !found.is_empty())
            .collect()
    })
}

fn pointers(value: &Json, here: String, inside: bool, found: &mut Vec<String>) {
    if inside {
        found.push(here.clone());
    }
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                let token = key.replace('~', "~0").replace('/', "~1");
                let inside = inside || key == "x-security";
                pointers(value, format!("{here}/{token}"), inside, found);
            }
        }
        Json::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{here}/{index}"), inside, found);
            }
        }
        _ => {}
    }
}

fn palette() -> Vec<Json> {
    let mut all = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(403),
        json!(404),
        json!(1.5),
        json!(-1),
        json!(4_294_967_296_u64),
        json!(""),
        json!(" "),
        json!("x"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([{}]),
        json!(["x", "x"]),
        json!(["admin"]),
        json!(["admin", "admin"]),
        json!({ "x": {} }),
        json!({ "x": null }),
        json!({ "User": "list" }),
        json!({ "User": {} }),
        json!({ "roles": ["admin"] }),
        json!({ "limit": 1, "window": "1m", "by": "ip" }),
    ];
    for text in [
        "env:A",
        "env:",
        "ENV:A",
        "env:9",
        "file:a",
        "file: ",
        "vault:a#b",
        " env:A",
        "a\nb",
        "15m",
        "0s",
        "0ms",
        "500ms",
        "1000ms",
        "60s",
        "61s",
        "01s",
        "9999999999d",
        "4000d",
        "64KiB",
        "0B",
        "64KB",
        "2GiB",
        "3000 per 1m",
        "03 per 1m",
        "1 per 500ms",
        "public",
        "optional",
        "authenticated",
        "denied",
        "none",
        "owner",
        "create",
        "admin",
        "member",
        "list",
        "any",
        "tenant",
        "policy a",
        "read",
        "write",
        "secret",
        "personal",
        "ip",
        "all",
        "apiKey",
        "parameter:q",
        "field:/a",
        "field:/a/b",
        "field:a",
        "field:/~2",
        "subject",
        "failures",
        "local",
        "deny",
        "*",
        "https://a.example",
        "https://a.example/",
        "https://a.example:443",
        "http://a.example:443",
        "https://[::1]",
        "https://-a",
        "https://a.example:99999",
        "/a",
        "/",
        "a",
        "/~",
        "EdDSA",
        "HS256",
        "PS256",
        "none ",
        "NONE",
        "accessToken",
        "jwt",
        "X-A",
        "X A",
        "a b",
        " admin",
        "standard",
        "auth",
        "{}",
    ] {
        all.push(json!(text));
    }
    all
}

fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = samples::spots()
        .iter()
        .flat_map(|(mapping, _)| mapping.keys)
        .map(|key| key.name)
        .collect();
    names.extend(LEVELS.iter().map(|(level, _)| *level));
    names.extend([
        "acess", "x", "", " ", "admin", "member", "User", "bearer", "a b", "é",
    ]);
    names.sort_unstable();
    names.dedup();
    names
}

fn change(base: &mut Json, at: &str, how: u8, value: Json, name: &str) {
    let Some(target) = base.pointer_mut(at) else {
        return;
    };
    match (how, target) {
        (0, target) => *target = value,
        (1, Json::Object(map)) => {
            if let Some(key) = map.keys().next().cloned() {
                map.remove(&key);
            }
        }
        (2, Json::Object(map)) => {
            if let Some(key) = map.keys().next_back().cloned() {
                let moved = map.remove(&key).unwrap();
                map.insert(name.to_owned(), moved);
            }
        }
        (_, Json::Object(map)) => {
            map.insert(name.to_owned(), value);
        }
        (1, Json::Array(items)) => {
            items.pop();
        }
        (2, Json::Array(items)) => {
            if let Some(first) = items.first().cloned() {
                items.push(first);
            }
        }
        (_, Json::Array(items)) => items.push(value),
        (_, target) => *target = value,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reader_and_schema_agree_on_changed_documents(
        base in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..4_u8, prop::sample::select(palette()), prop::sample::select(names())),
            1..4,
        ),
    ) {
        let (base, places) = &bases()[base.index(bases().len())];
        let mut base = base.clone();
        for (at, how, value, name) in changes {
            change(&mut base, &places[at.index(places.len())], how, value, name);
        }
        agreement::of_text("case.json", &base.to_string());
    }
}
