//! The questions: every caller, every object, every member that could be sent.

use crate::members::Kind;
use crate::operation::{At, Operation, Request, Way};
use crate::world::{
    ADA, BOB, Bad, Claims, Credential, EVE, FIRST, NORTH, NOTHING, Principal, SOUTH, THINGS,
};
use crate::{Oracle, Scheme};
use serde_json::{Map, Value, json};

/// One request of an operation, whoever sends it.
#[derive(Debug, Clone)]
pub struct Cell {
    /// A value for each parameter, in their order.
    pub params: Vec<String>,
    /// What is sent, and why that.
    pub body: Option<Value>,
    pub way: Way,
    pub about: String,
    /// Asked with HEAD in place of GET.
    pub head: bool,
}

/// Every request of an operation.
pub fn of(operation: &Operation) -> Vec<Cell> {
    let mut cells = Vec::new();
    for params in places(operation) {
        let mut bodies = bodies(operation.request.as_ref());
        bodies.extend(with_ids(operation));
        for (about, body, way) in bodies {
            cells.push(Cell {
                params: params.clone(),
                body,
                way,
                about,
                head: false,
            });
        }
        if operation.method == "GET" {
            cells.push(Cell {
                params,
                body: None,
                way: Way::Json,
                about: "HEAD".to_owned(),
                head: true,
            });
        }
    }
    cells
}

/// Every object for each parameter that names one; a sample for the others.
fn places(operation: &Operation) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for param in &operation.params {
        let values: Vec<String> = match param.resource {
            _ if named(operation, &param.name) || param.resource.is_some() => {
                let ids = THINGS.iter().map(|thing| thing.id);
                ids.chain([NOTHING]).map(str::to_owned).collect()
            }
            _ => vec![param.sample.clone()],
        };
        all = all
            .iter()
            .flat_map(|before| {
                values.iter().map(|value| {
                    let mut params = before.clone();
                    params.push(value.clone());
                    params
                })
            })
            .collect();
    }
    all
}

/// Whether `owns` takes an id from this parameter.
fn named(operation: &Operation, param: &str) -> bool {
    let mut owns = operation.owns.iter();
    owns.any(|owns| owns.at == At::Param(param.to_owned()))
}

/// The plain body with every id where `owns` looks for one, alone and in a list behind and before the first.
fn with_ids(operation: &Operation) -> Vec<(String, Option<Value>, Way)> {
    let mut bodies = Vec::new();
    let Some(request) = &operation.request else {
        return bodies;
    };
    // Other places hold the first, too.
    let first = FIRST;
    let places = operation.owns.iter().filter_map(|owns| match &owns.at {
        At::Body(tokens) => Some(tokens),
        _ => None,
    });
    let mut plain = request.plain.clone();
    for tokens in places.clone() {
        put(&mut plain, &request.samples, tokens, &[first]);
    }
    for tokens in places {
        for id in THINGS.map(|thing| thing.id).into_iter().chain([NOTHING]) {
            for ids in [vec![id], vec![id, first], vec![first, id]] {
                let mut body = plain.clone();
                if put(&mut body, &request.samples, tokens, &ids) {
                    let about = format!("ids {} at {}", ids.join(" "), tokens.join("/"));
                    bodies.push((about, Some(body), Way::Json));
                }
            }
        }
    }
    bodies
}

/// Puts ids where a pointer leads: `false` where there is one place for several, or where they must differ and do not.
fn put(body: &mut Value, samples: &[(String, Value)], tokens: &[String], ids: &[&str]) -> bool {
    let Some((token, rest)) = tokens.split_first() else {
        return match (body, ids) {
            (place @ Value::Array(_), ids) => {
                *place = ids.iter().map(|id| json!(id)).collect();
                ids.len() < 2 || ids.first() != ids.last()
            }
            (place, [id]) => {
                *place = json!(id);
                true
            }
            _ => false,
        };
    };
    match body {
        Value::Array(items) if token == "*" => {
            let Some(item) = items.first().cloned() else {
                return false;
            };
            let made = ids.iter().map(|id| {
                let mut item = item.clone();
                put(&mut item, &[], rest, &[id]).then_some(item)
            });
            match made.collect::<Option<Vec<Value>>>() {
                Some(made) => *items = made,
                None => return false,
            }
            ids.len() < 2 || ids.first() != ids.last()
        }
        Value::Object(members) => {
            if !members.contains_key(token) {
                let sample = samples.iter().find(|(name, _)| name == token);
                let Some((_, sample)) = sample else {
                    return false;
                };
                members.insert(token.clone(), sample.clone());
            }
            let inner = match samples.iter().find(|(name, _)| name == token) {
                Some((_, Value::Object(inner))) => inner.clone().into_iter().collect(),
                _ => Vec::new(),
            };
            match members.get_mut(token) {
                Some(value) => put(value, &inner, rest, ids),
                None => false,
            }
        }
        _ => false,
    }
}

/// Every body, written in every way that is declared; and the plain one in one that is not.
fn bodies(request: Option<&Request>) -> Vec<(String, Option<Value>, Way)> {
    let Some(request) = request else {
        return vec![(String::new(), None, Way::Json)];
    };
    let said = said(request);
    let mut bodies = Vec::new();
    for way in &request.ways {
        let written = said.iter().cloned();
        bodies.extend(written.map(|(about, body)| (about, Some(body), *way)));
    }
    let mut others = Way::ALL.into_iter();
    if let Some(other) = others.find(|way| !request.ways.contains(way)) {
        bodies.push(("plain".to_owned(), Some(request.plain.clone()), other));
    }
    bodies
}

/// The plain body; the plain body with each other member; with all of them, also with each other word of one that is one of
/// several; with one that nobody declared.
fn said(request: &Request) -> Vec<(String, Value)> {
    let plain = request.plain.as_object().cloned().unwrap_or_default();
    let mut bodies = Vec::new();
    let mut add = |about: String, body: Map<String, Value>| {
        bodies.push((about, Value::Object(body)));
    };
    add("plain".to_owned(), plain.clone());
    for member in &request.object.members {
        let sample = request
            .samples
            .iter()
            .find(|(name, _)| *name == member.name);
        let Some((name, sample)) = sample else {
            continue;
        };
        let with = |value: Value| {
            let mut body = plain.clone();
            body.insert(name.clone(), value);
            body
        };
        match (&member.kind, sample) {
            (Kind::Object(inner), Value::Object(all)) => {
                let all: Vec<_> = all.clone().into_iter().collect();
                let small = crate::sample::plain(inner, &all);
                add(format!("with {name}"), with(small.clone()));
                for (inside, value) in &all {
                    let mut small = small.as_object().cloned().unwrap_or_default();
                    small.insert(inside.clone(), value.clone());
                    add(format!("with {name}/{inside}"), with(Value::Object(small)));
                }
            }
            _ if !plain.contains_key(name) => add(format!("with {name}"), with(sample.clone())),
            _ => {}
        }
    }
    let all: Map<String, Value> = request.samples.iter().cloned().collect();
    for (name, word) in &request.words {
        let mut body = all.clone();
        body.insert(name.clone(), word.clone());
        add(format!("all, {name} as {word}"), body);
    }
    add("all".to_owned(), all);
    let mut unknown = plain.clone();
    unknown.insert("ownerId".to_owned(), json!(EVE));
    add("with ownerId, which is not declared".to_owned(), unknown);
    bodies
}

/// Who asks. With `every`, all combinations of roles, subject and tenant; otherwise every set of roles, and the others in turn.
pub fn principals(oracle: &Oracle, every: bool) -> Vec<Principal> {
    let mut all = vec![Principal {
        name: "nobody".to_owned(),
        shown: Vec::new(),
    }];
    let (tokens, keys): (Vec<&Scheme>, Vec<&Scheme>) =
        oracle.schemes.iter().partition(|scheme| scheme.is_token());
    if let Some(scheme) = tokens.first() {
        all.extend(Bad::ALL.map(|bad| shows(bad, &[(scheme, Credential::Bad(bad))])));
        for claims in claims(oracle, every) {
            all.push(shows(told(&claims), &[(scheme, Credential::Good(claims))]));
        }
    }
    // Every key alone, and beside some of the others.
    let others: Vec<Principal> = all.iter().step_by(5).cloned().collect();
    for scheme in keys {
        for credential in keys_of(oracle) {
            let name = match &credential {
                Credential::Good(claims) => told(claims),
                Credential::Bad(bad) => format!("{bad:?}"),
            };
            let alone = shows(format!("{}: {name}", scheme.name), &[(scheme, credential)]);
            all.extend(
                others
                    .iter()
                    .filter(|other| !other.shown.is_empty())
                    .map(|other| Principal {
                        name: format!("{} and {}", other.name, alone.name),
                        shown: other.shown.iter().chain(&alone.shown).cloned().collect(),
                    }),
            );
            all.push(alone);
        }
    }
    all
}

fn shows(name: impl std::fmt::Debug, shown: &[(&Scheme, Credential)]) -> Principal {
    let name = format!("{name:?}");
    let shown = shown.iter();
    Principal {
        name: name.trim_matches('"').to_owned(),
        shown: shown
            .map(|(scheme, given)| (scheme.name.clone(), given.clone()))
            .collect(),
    }
}

fn told(claims: &Claims) -> String {
    let place = claims.tenant.as_ref().map(|tenant| format!("@{tenant}"));
    let lists = [&claims.roles, &claims.scopes].map(|list| format!("[{}]", list.join(" ")));
    format!(
        "{}{} {}",
        claims.subject,
        place.unwrap_or_default(),
        lists.join(" ")
    )
}

/// What tokens say.
fn claims(oracle: &Oracle, every: bool) -> Vec<Claims> {
    let mut all = Vec::new();
    let scopes = subsets(&oracle.scopes);
    let tenants = [Some(NORTH), Some(SOUTH), None, Some("")];
    let mut turn = 0;
    for roles in subsets(&oracle.roles) {
        for subject in [ADA, BOB, EVE] {
            for (at, tenant) in tenants.into_iter().enumerate() {
                turn += 1;
                if !every && at != turn / 4 % 4 && at != 0 {
                    continue;
                }
                let mut roles = roles.clone();
                // Roles that no document knows give nothing.
                if turn % 5 == 0 {
                    roles.push("root".to_owned());
                }
                all.push(Claims {
                    subject: subject.to_owned(),
                    roles,
                    scopes: scopes
                        .get(turn % scopes.len().max(1))
                        .cloned()
                        .unwrap_or_default(),
                    tenant: tenant.map(str::to_owned),
                    login: turn % 3 != 0,
                    class: class(oracle, turn),
                });
            }
        }
    }
    all
}

/// A class that the document asks for, one that it does not, or none.
fn class(oracle: &Oracle, turn: usize) -> Option<String> {
    let known = oracle.classes.len();
    match turn % (known + 2) {
        at if at < known => oracle.classes.get(at).cloned(),
        at if at == known => Some("another".to_owned()),
        _ => None,
    }
}

/// What keys say: one a subject, since its id is the subject. And a key that nobody was given.
fn keys_of(oracle: &Oracle) -> Vec<Credential> {
    let first: Vec<String> = oracle.roles.iter().take(1).cloned().collect();
    let known = [
        (ADA, Vec::new(), NORTH),
        (BOB, oracle.roles.clone(), NORTH),
        (EVE, first, SOUTH),
    ];
    let good = known.map(|(subject, roles, tenant)| {
        Credential::Good(Claims {
            subject: subject.to_owned(),
            roles,
            scopes: Vec::new(),
            tenant: Some(tenant.to_owned()),
            login: false,
            class: None,
        })
    });
    good.into_iter()
        .chain([Credential::Bad(Bad::Forged)])
        .collect()
}

/// All subsets, the empty one first; of many, only of the first few.
fn subsets(names: &[String]) -> Vec<Vec<String>> {
    let names = names.get(..names.len().min(4)).unwrap_or_default();
    (0_u32..1 << names.len())
        .map(|bits| {
            let chosen = names.iter().enumerate();
            chosen
                .filter(|(at, _)| bits >> at & 1 == 1)
                .map(|(_, name)| name.clone())
                .collect()
        })
        .collect()
}
