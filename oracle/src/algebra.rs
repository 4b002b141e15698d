//! `security` exhaustively: every list of up to three alternatives, each any set of three schemes, in every order.

use crate::world::{ADA, Bad, Claims, Credential, Principal};
use serde_json::{Map, Value, json};

/// The schemes in the order in which they stand in every alternative.
const SCHEMES: [&str; 3] = ["first", "second", "third"];

/// One operation: its name, its `security`, and whether callers without a credential may pass where `{}` stands.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    security: Value,
    optional: bool,
    /// Schemes that are used, as bits.
    used: usize,
    /// The second scheme is one of passwords.
    passwords: bool,
}

/// All of them, with a token and two keys.
pub fn lines() -> Vec<Line> {
    of(&[0, 1, 2, 3, 4, 5, 6, 7], false)
}

/// All of them with a token, a password and a key: the first two are in one field, so no alternative needs both.
pub fn lines_with_passwords() -> Vec<Line> {
    of(&[0, 1, 2, 4, 5, 6], true)
}

fn of(sets: &[usize], passwords: bool) -> Vec<Line> {
    let mut lists: Vec<Vec<usize>> = Vec::new();
    let sets = || sets.iter().copied();
    for first in sets() {
        lists.push(vec![first]);
        for second in sets().filter(|second| *second != first) {
            lists.push(vec![first, second]);
            let third = sets().filter(|third| *third != first && *third != second);
            lists.extend(third.map(|third| vec![first, second, third]));
        }
    }
    let mut lines = Vec::new();
    for list in lists {
        let name: String = list.iter().map(usize::to_string).collect();
        let security = list.iter().map(|set| alternative(*set)).collect();
        let used = list.iter().fold(0, |all, set| all | set);
        let line = Line {
            name: format!("s{name}"),
            security: Value::Array(security),
            optional: false,
            used,
            passwords,
        };
        if list.contains(&0) && used != 0 {
            lines.push(Line {
                name: format!("o{name}"),
                optional: true,
                ..line.clone()
            });
        }
        lines.push(line);
    }
    lines
}

fn alternative(set: usize) -> Value {
    let schemes = SCHEMES
        .iter()
        .enumerate()
        .filter(|(at, _)| set >> at & 1 == 1);
    Value::Object(
        schemes
            .map(|(_, name)| ((*name).to_owned(), json!([])))
            .collect(),
    )
}

/// A document of these operations. What each answers tells whose roles counted.
pub fn document(lines: &[Line]) -> Value {
    let used = lines.iter().fold(0, |all, line| all | line.used);
    let passwords = lines.iter().any(|line| line.passwords);
    let (mut auth, mut schemes) = (Map::new(), Map::new());
    for (at, name) in SCHEMES
        .iter()
        .enumerate()
        .filter(|(at, _)| used >> at & 1 == 1)
    {
        let variable = format!("env:ORACLE_{}", name.to_ascii_uppercase());
        let (entry, scheme) = match at {
            0 => (
                json!({ "issuer": "https://id.example.com", "audience": "oracle", "algorithms": ["EdDSA"], "keys": variable }),
                json!({ "type": "http", "scheme": "bearer" }),
            ),
            1 if passwords => (
                json!({ "reason": "To be asked about." }),
                json!({ "type": "http", "scheme": "basic" }),
            ),
            _ => (
                json!({ "keys": variable }),
                json!({ "type": "apiKey", "in": "header", "name": format!("X-{name}-Key") }),
            ),
        };
        auth.insert((*name).to_owned(), entry);
        schemes.insert((*name).to_owned(), scheme);
    }
    let mut paths = Map::new();
    for line in lines {
        let schema = json!({ "$ref": "#/components/schemas/Told" });
        let answer = json!({ "200": { "description": "Who.", "content": { "application/json": { "schema": schema } } } });
        let mut get =
            json!({ "operationId": line.name, "security": line.security, "responses": answer });
        if let (true, Some(get)) = (line.optional, get.as_object_mut()) {
            get.insert("x-security".to_owned(), json!({ "access": "optional" }));
        }
        paths.insert(format!("/{}", line.name), json!({ "get": get }));
    }
    let member =
        |name: &str| json!({ "type": "string", "maxLength": 60, "x-security": { "read": name } });
    let mut properties = Map::new();
    properties.insert(
        "id".to_owned(),
        json!({ "type": "string", "maxLength": 60 }),
    );
    for name in SCHEMES {
        properties.insert(format!("{name}Only"), member(name));
    }
    let mut policy = json!({
        "version": 1,
        "roles": { "first": {}, "second": {}, "third": {} },
    });
    if let (false, Some(policy)) = (auth.is_empty(), policy.as_object_mut()) {
        policy.insert("auth".to_owned(), Value::Object(auth));
    }
    let mut components = json!({ "schemas": { "Told": { "type": "object", "required": ["id"], "properties": properties } } });
    if let (false, Some(components)) = (schemes.is_empty(), components.as_object_mut()) {
        components.insert("securitySchemes".to_owned(), Value::Object(schemes));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Security algebra", "version": "1" },
        "x-security": policy,
        "paths": paths,
        "components": components,
    })
}

/// Every combination of a credential that is not shown, good, or bad, for each scheme.
pub fn principals() -> Vec<Principal> {
    let mut all = vec![Principal {
        name: String::new(),
        shown: Vec::new(),
    }];
    for (at, scheme) in SCHEMES.into_iter().enumerate() {
        let good = Claims {
            subject: if at == 0 {
                ADA.to_owned()
            } else {
                format!("key-{scheme}")
            },
            roles: vec![scheme.to_owned()],
            ..Claims::default()
        };
        let choices = [
            ("-", None),
            ("good", Some(Credential::Good(good))),
            ("bad", Some(Credential::Bad(Bad::Forged))),
        ];
        all = all
            .iter()
            .flat_map(|before| {
                choices.clone().map(|(word, credential)| {
                    let mut next = before.clone();
                    next.name = format!("{} {scheme}:{word}", next.name).trim().to_owned();
                    next.shown
                        .extend(credential.map(|given| (scheme.to_owned(), given)));
                    next
                })
            })
            .collect();
    }
    all
}
