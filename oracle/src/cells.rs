//! The questions: every caller, every object, every member that could be sent.

use crate::members::Kind;
use crate::operation::{At, Operation, Param, Request, Way};
use crate::world::{
    self, ADA, BOB, Bad, Claims, Credential, EVE, FIRST, NORTH, NOTHING, Principal, SOUTH,
    SPELLINGS, THINGS,
};
use crate::{Oracle, Scheme};
use serde_json::{Value, json};

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
        // Of an id that is none, one body is enough.
        if params.iter().any(|sent| SPELLINGS.contains(&sent.as_str())) {
            bodies.truncate(1);
        }
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
    let names = |param: &Param| named(operation, &param.name) || param.resource.is_some();
    for param in &operation.params {
        let values: Vec<String> = match () {
            () if param.is_number() && names(param) => {
                let ids = THINGS.iter().map(|thing| thing.id);
                let numbers = ids.chain([NOTHING]).filter_map(world::number);
                let numbers = numbers.map(|number| number.to_string());
                numbers.chain(SPELLINGS.map(str::to_owned)).collect()
            }
            () if names(param) => {
                let ids = THINGS.iter().map(|thing| thing.id);
                ids.chain([NOTHING]).map(str::to_owned).collect()
            }
            () => match &param.number {
                Some(number) => {
                    let tries = number.tries().into_iter().map(|value| value.to_string());
                    let spelled = ["+1", "01", "1.", "1e"].map(str::to_owned);
                    tries.chain(spelled).chain([param.sample.clone()]).collect()
                }
                None => vec![param.sample.clone()],
            },
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
        put(&mut plain, &request.full, tokens, &[first]);
    }
    for tokens in places {
        for id in THINGS.map(|thing| thing.id).into_iter().chain([NOTHING]) {
            for ids in [vec![id], vec![id, first], vec![first, id]] {
                let mut body = plain.clone();
                if put(&mut body, &request.full, tokens, &ids) {
                    let about = format!("ids {} at {}", ids.join(" "), tokens.join("/"));
                    bodies.push((about, Some(body), Way::Json));
                }
            }
        }
    }
    bodies
}

/// Puts ids where a pointer leads: `false` where there is one place for several, or where they must differ and do not.
fn put(body: &mut Value, full: &Value, tokens: &[String], ids: &[&str]) -> bool {
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
                put(&mut item, &Value::Null, rest, &[id]).then_some(item)
            });
            match made.collect::<Option<Vec<Value>>>() {
                Some(made) => *items = made,
                None => return false,
            }
            ids.len() < 2 || ids.first() != ids.last()
        }
        Value::Object(members) => {
            let Some(inner) = full.get(token) else {
                return false;
            };
            let value = members.entry(token).or_insert_with(|| inner.clone());
            put(value, inner, rest, ids)
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

/// What can be said in a body: every variant, everything with each other word of a member that is one of several.
fn said(request: &Request) -> Vec<(String, Value)> {
    let mut bodies = variants(&request.kind, &request.full);
    for (name, word) in &request.words {
        let mut body = request.full.clone();
        if let Some(body) = body.as_object_mut() {
            body.insert(name.clone(), word.clone());
        }
        bodies.push((format!("all, {name} as {word}"), body));
    }
    bodies
}

/// Values of a kind. Of an object: the smallest; that with every variant of each member; everything; one member that nobody
/// declared. In a list and in a map every variant stands alone and behind a small one.
fn variants(kind: &Kind, full: &Value) -> Vec<(String, Value)> {
    let small = crate::sample::plain(kind, full);
    let mut all = vec![("plain".to_owned(), small.clone())];
    match (kind, full) {
        (Kind::Object(object), Value::Object(members)) => {
            let with = |name: &str, value: Value| {
                let mut body = small.as_object().cloned().unwrap_or_default();
                body.insert(name.to_owned(), value);
                Value::Object(body)
            };
            for member in &object.members {
                let Some(inner) = members.get(&member.name) else {
                    continue;
                };
                for (about, value) in variants(&member.kind, inner) {
                    let name = &member.name;
                    all.push((format!("with {name}, {about}"), with(name, value)));
                }
            }
            all.push(("all".to_owned(), full.clone()));
            let unknown = "with ownerId, which is not declared".to_owned();
            all.push((unknown, with("ownerId", json!(EVE))));
        }
        (Kind::Number(number), _) => {
            let tries = number.tries().into_iter();
            all.extend(tries.map(|value| (value.to_string(), value)));
        }
        (Kind::Union(union), _) => {
            for (at, branch) in union.branches.iter().enumerate() {
                let inside = variants(&branch.kind, &branch.sample).into_iter();
                all.extend(inside.map(|(about, value)| (format!("as {at}, {about}"), value)));
            }
            let objects = || {
                let samples = union.branches.iter().map(|branch| &branch.sample);
                samples.filter_map(Value::as_object)
            };
            for (one, other) in objects().zip(objects().skip(1)) {
                let mut both = other.clone();
                both.extend(one.clone());
                all.push(("two of them".to_owned(), Value::Object(both)));
            }
            all.push(("none of them".to_owned(), json!([[[]]])));
        }
        (Kind::List(items), Value::Array(list)) => {
            let Some(first) = list.first() else {
                return all;
            };
            let before = crate::sample::plain(items, first);
            for (about, value) in variants(items, first) {
                if value != before {
                    all.push((format!("second {about}"), json!([before, value])));
                }
                all.push((about, json!([value])));
            }
        }
        (Kind::Map(map), Value::Object(entries)) => {
            let Some(first) = entries.values().next() else {
                return all;
            };
            let before = crate::sample::plain(&map.values, first);
            let named = |values: Vec<Value>| {
                let names = crate::sample::names();
                Value::Object(names.zip(values).collect())
            };
            for (about, value) in variants(&map.values, first) {
                let both = vec![before.clone(), value.clone()];
                all.push((format!("second {about}"), named(both)));
                all.push((about, named(vec![value])));
            }
            all.push(("no names".to_owned(), json!({})));
            // As many as there may be, and one more.
            for count in map.most.into_iter().flat_map(|most| [most, most + 1]) {
                if let Some(count) = usize::try_from(count).ok().filter(|count| *count < 50) {
                    let values = vec![before.clone(); count];
                    all.push((format!("{count} names"), named(values)));
                }
            }
        }
        _ => {}
    }
    let mut known: Vec<Value> = Vec::new();
    all.retain(|(_, value)| {
        let new = !known.contains(value);
        if new {
            known.push(value.clone());
        }
        new
    });
    all
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
