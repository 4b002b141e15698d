//! What is described is read: at every key of every mapping something right is accepted, something wrong is refused, and
//! the default that is described is the one that holds.

use super::agreement;
use super::samples::{least, read, spots, values, with};
use crate::policy::vocabulary::{Default, Key, Mapping, Value};
use serde_json::{Value as Json, json};

/// Wrong everywhere: no key holds lists of lists.
fn wrong() -> Json {
    json!([["never"]])
}

fn each() -> impl Iterator<Item = (&'static Mapping, String, &'static Key)> {
    spots().into_iter().flat_map(|(mapping, spot)| {
        mapping
            .keys
            .iter()
            .map(move |key| (mapping, spot.clone(), key))
    })
}

fn put(mapping: &'static Mapping, spot: &str, key: &Key, value: Json) -> Json {
    let mut made = least(mapping);
    made.insert(key.name.to_owned(), value);
    with(spot, made)
}

#[test]
fn a_wrong_value_is_refused_at_every_key() {
    let mut told = Vec::new();
    for (mapping, spot, key) in each().filter(|(_, _, key)| key.is_enforced()) {
        let right = values(&key.value).remove(0);
        let (_, before) = read(&put(mapping, &spot, key, right));
        let (_, after) = read(&put(mapping, &spot, key, wrong()));
        let kinds = |all: &[crate::diagnostic::Diagnostic]| {
            all.iter()
                .filter(|each| (3000..3020).contains(&each.code))
                .count()
        };
        if kinds(&after) <= kinds(&before) {
            told.push(format!("{spot}: `{}` is described and not read", key.name));
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_form_that_is_described_is_accepted() {
    let mut count = 0;
    for (mapping, spot, key) in each().filter(|(_, _, key)| key.is_enforced()) {
        for value in values(&key.value) {
            let document = put(mapping, &spot, key, value.clone());
            let (_, said) = read(&document);
            // Names that are not declared, and what contradicts the rest of the document, may be told.
            let shape: Vec<_> = said
                .iter()
                .filter(|each| (3000..3020).contains(&each.code) || each.code >= 4340)
                .collect();
            assert!(shape.is_empty(), "{spot}/{}: {value}: {shape:?}", key.name);
            agreement::of_text("case.json", &document.to_string());
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn every_gap_is_refused_by_its_code() {
    for (mapping, spot, key) in each() {
        let (_, said) = read(&put(mapping, &spot, key, json!({})));
        let codes: Vec<_> = said.iter().map(|each| each.code).collect();
        match &key.value {
            Value::Gap(gap, holds) => {
                assert!(codes.contains(&gap.code), "{spot}/{}: {codes:?}", key.name);
                assert!(!holds.is_empty());
            }
            Value::Elsewhere(..) => {
                assert!(codes.contains(&3077), "{spot}/{}: {codes:?}", key.name);
            }
            _ => {}
        }
    }
}

#[test]
fn a_key_that_must_be_there_is_missed() {
    for (mapping, spot, key) in each().filter(|(_, _, key)| key.required) {
        let mut made = least(mapping);
        made.remove(key.name);
        let (_, said) = read(&with(&spot, made));
        let missed = said
            .iter()
            .any(|each| [3003, 3004, 3099].contains(&each.code) && each.message.contains(key.name));
        assert!(missed, "{spot}/{}: {said:?}", key.name);
    }
}

#[test]
fn bounds_are_the_described_ones() {
    for (mapping, spot, key) in each() {
        let beyond = match key.value {
            Value::Number { least, most } => vec![json!(least - 1), json!(most + 1)],
            Value::Size { most } => vec![json!("0B"), json!(format!("{}B", most + 1))],
            _ => continue,
        };
        for value in beyond {
            let (_, said) = read(&put(mapping, &spot, key, value.clone()));
            let refused = said.iter().any(|each| [3006, 3008].contains(&each.code));
            assert!(refused, "{spot}/{}: {value}: {said:?}", key.name);
        }
    }
}

#[test]
fn defaults_are_the_described_ones() {
    let places = regex::Regex::new(r"Place \{[^}]*\}|level: \w+").unwrap();
    let policy = |document: &Json| {
        let (policy, said) = read(document);
        assert!(said.is_empty(), "{said:?}\n{document:#}");
        places
            .replace_all(&format!("{policy:#?}"), "…")
            .split_whitespace()
            .collect::<String>()
    };
    let mut count = 0;
    for (mapping, spot, key) in each() {
        // `{}` alone is refused there.
        if mapping.filled {
            continue;
        }
        let Default::Is(written) = key.default else {
            continue;
        };
        let value = match serde_json::from_str(written) {
            Ok(value) => value,
            Err(_) => json!(written),
        };
        let without = with(&spot, least(mapping));
        let with = put(mapping, &spot, key, value);
        if spot == "/x-security" {
            // Nothing that is declared there may be named elsewhere.
            continue;
        }
        assert_eq!(policy(&with), policy(&without), "{spot}/{}", key.name);
        count += 1;
    }
    assert!(count > 25, "{count}");
}
