//! The interpreter, held against what CEL says: the rows that were written by hand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::{Expression, Roots, Undecided, Value, of_json, timestamp};
use serde_json::{Map, Value as Json, json};

/// What is around the rows of a section.
fn roots(all: &Json, section: &Json) -> Roots {
    let mut given = all["given"].clone();
    merge(&mut given, &section["given"]);
    for path in section["without"].as_array().into_iter().flatten() {
        let path = path.as_str().unwrap().replace("request.", "");
        let path: Vec<&str> = path.split('.').collect();
        let (name, above) = path.split_last().unwrap();
        let mut node = &mut given;
        for name in above {
            node = &mut node[*name];
        }
        if let Some(members) = node.as_object_mut() {
            members.remove(*name);
        }
    }
    let without_ip = section["without"]
        .as_array()
        .is_some_and(|list| list.contains(&json!("request.ip")));
    // The default of the document.
    let query = given["query"].as_object_mut().unwrap();
    query.entry("limit").or_insert(json!(10));
    let mut resource = object(&given["resource"]);
    for name in ["since", "until"] {
        if let Some(Value::Text(text)) = resource.get(name).cloned() {
            resource.insert(name.to_owned(), time(&text));
        }
    }
    resource.insert("id".to_owned(), Value::Text("this one".to_owned()));
    if let Some(Value::Int(many)) = resource.remove("many") {
        let tags = (0..many).map(|at| Value::Text(format!("t{at}")));
        resource.insert("tags".to_owned(), Value::List(tags.collect()));
    }
    let mut principal = given["principal"].clone();
    let roles = principal["roles"].as_array_mut().unwrap();
    if roles.contains(&json!("writer")) {
        roles.push(json!("reader"));
    }
    let mut request = object(&json!({
        "method": "POST",
        "path": { "thingId": "this one" },
        "query": given["query"],
        "body": given["body"],
    }));
    request.insert("time".to_owned(), time(given["time"].as_str().unwrap()));
    if !without_ip {
        let ip = Value::Text("192.0.2.7".to_owned());
        request.insert("ip".to_owned(), ip);
    }
    Roots::from([
        ("principal".to_owned(), of_json(&principal)),
        ("resource".to_owned(), Value::Map(resource)),
        ("request".to_owned(), Value::Map(request)),
        ("this".to_owned(), of_json(&given["body"])),
    ])
}

fn time(text: &str) -> Value {
    Value::Time(timestamp(text).unwrap())
}

fn object(json: &Json) -> Roots {
    match of_json(json) {
        Value::Map(members) => members,
        other => panic!("{other:?}"),
    }
}

fn merge(into: &mut Json, more: &Json) {
    let none = Map::new();
    for (name, value) in more.as_object().unwrap_or(&none) {
        match (&mut into[name], value) {
            (Json::Object(_), Json::Object(_)) => merge(&mut into[name], value),
            (slot, value) => *slot = value.clone(),
        }
    }
}

#[test]
fn every_row_says_what_cel_says() {
    let text = include_str!("../../../tests/gym/cel/rows.yaml");
    let all: Json = serde_yaml::from_str(text).unwrap();
    let lists = [
        ("true", Ok(true)),
        ("false", Ok(false)),
        ("undecided", Err(Undecided)),
        ("undecided_where_true", Err(Undecided)),
        ("undecided_where_false", Err(Undecided)),
    ];
    let (mut seen, mut wrong) = (0, Vec::new());
    for section in all["sections"].as_array().unwrap() {
        let roots = roots(&all, section);
        for (list, expected) in lists {
            for row in section[list].as_array().into_iter().flatten() {
                let row = row.as_str().unwrap();
                let said = match Expression::read(row) {
                    Ok(expression) => expression.says(&roots),
                    Err(error) => panic!("`{row}`: {error}"),
                };
                seen += 1;
                if said != expected {
                    wrong.push(format!("{}: `{row}` is {said:?}", section["about"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 350, "{seen} rows");
}

#[test]
fn what_it_does_not_know_is_refused() {
    for text in [
        "",
        "1 +",
        "(1",
        "'a",
        "f(1)",
        "a.map(t, t)",
        "b'a' == b'a'",
        "1.5 > 1.0",
        "1u == 1u",
        "{'a': 1} == {'a': 1}",
        "9223372036854775808 > 0",
        "1 = 1",
        "has(principal)",
        "a.matches(b)",
        "a.matches('(')",
        "'\\q' == 'q'",
        "a[0] == 1",
        "-9223372036854775809 < 0",
    ] {
        assert!(Expression::read(text).is_err(), "`{text}`");
    }
    let deep = format!("{}true{}", "(".repeat(500), ")".repeat(500));
    assert!(Expression::read(&deep).is_err());
}

#[test]
fn what_it_reads_is_known() {
    let reads = |text: &str, root: &str| Expression::read(text).unwrap().reads(root);
    assert!(reads(
        "principal.a == 1 || [1].all(t, has(resource.b.c))",
        "resource"
    ));
    assert!(!reads("principal.resource == 'resource'", "resource"));
}
