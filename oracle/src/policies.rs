//! What policies see: the caller, the objects that are loaded so far, the request.

use crate::Resource;
use crate::cel::{Expression, Roots, Value, of_json};
use crate::cells::Cell;
use crate::judge::Caller;
use crate::operation::{Operation, Param};
use crate::world::{self, Thing};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) struct Seen {
    roots: Roots,
    /// The facts of each object, by the name of its kind, in order.
    loaded: Vec<(String, Roots)>,
}

impl Seen {
    pub(crate) fn new(operation: &Operation, caller: &Caller, cell: &Cell) -> Self {
        let texts = |all: &mut dyn Iterator<Item = &String>| {
            Value::List(all.map(|each| Value::Text(each.clone())).collect())
        };
        let mut principal = Roots::from([
            ("subject".to_owned(), text(&caller.subject)),
            ("roles".to_owned(), texts(&mut caller.roles.iter())),
            ("scopes".to_owned(), texts(&mut caller.scopes.iter())),
        ]);
        principal.extend(
            caller
                .tenant
                .iter()
                .map(|name| ("tenant".to_owned(), text(name))),
        );
        let sent = |in_path: bool| {
            let params = operation.params.iter().zip(&cell.params);
            let here = params.filter(move |(param, _)| param.in_path == in_path);
            here.map(|(param, sent)| (param.name.clone(), value(param, sent)))
        };
        let defaults = operation.defaults.iter();
        let defaults = defaults.map(|(name, default)| (name.clone(), of_json(default)));
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let now = i128::try_from(now.as_nanos()).unwrap_or_default();
        let mut request = Roots::from([
            ("method".to_owned(), text(&operation.method)),
            ("path".to_owned(), Value::Map(sent(true).collect())),
            (
                "query".to_owned(),
                Value::Map(defaults.chain(sent(false)).collect()),
            ),
            ("ip".to_owned(), text(world::ADDRESS)),
            ("time".to_owned(), Value::Time(now)),
        ]);
        request.extend(
            cell.body
                .iter()
                .map(|body| ("body".to_owned(), of_json(body))),
        );
        Seen {
            roots: Roots::from([
                ("principal".to_owned(), Value::Map(principal)),
                ("request".to_owned(), Value::Map(request)),
            ]),
            loaded: Vec::new(),
        }
    }

    /// From now on the object is seen.
    pub(crate) fn load(&mut self, resource: &Resource, thing: &Thing) {
        self.loaded
            .push((resource.name.clone(), facts(resource, thing)));
        let first = self.loaded.first().map(|(name, _)| name.clone());
        self.show(&first.unwrap_or_default());
    }

    /// The same, with one more object, which `resource` is.
    pub(crate) fn with(&self, resource: &Resource, thing: &Thing) -> Seen {
        let mut seen = self.about(resource);
        seen.loaded
            .push((resource.name.clone(), facts(resource, thing)));
        seen.show(&resource.name);
        seen
    }

    /// The same, where `resource` is this one.
    pub(crate) fn about(&self, resource: &Resource) -> Seen {
        let mut seen = Seen {
            roots: self.roots.clone(),
            loaded: self.loaded.clone(),
        };
        seen.show(&resource.name);
        seen
    }

    /// `resource` is the object of this kind; by their names, it holds all (ruling 51).
    fn show(&mut self, name: &str) {
        let mut of = self.loaded.iter();
        let own = of
            .find(|(known, _)| known == name)
            .map(|(_, facts)| facts.clone());
        let mut resource = own.unwrap_or_default();
        let all = self.loaded.iter();
        resource.extend(all.map(|(name, facts)| (name.clone(), Value::Map(facts.clone()))));
        self.roots
            .insert("resource".to_owned(), Value::Map(resource));
    }

    /// What is undecided is no.
    pub(crate) fn admits(&self, policy: &Expression) -> bool {
        policy.says(&self.roots) == Ok(true)
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn value(param: &Param, sent: &str) -> Value {
    match param.kind.as_str() {
        "integer" => sent.parse().map_or(Value::Null, Value::Int),
        "boolean" => Value::Bool(sent == "true"),
        _ => text(sent),
    }
}

fn facts(resource: &Resource, thing: &Thing) -> Roots {
    // A number is its digits.
    let number = world::number(thing.id).filter(|_| resource.numbers);
    let id = number.map_or(thing.id.to_owned(), |number| number.to_string());
    let mut facts = Roots::from([
        ("id".to_owned(), text(&id)),
        ("owner".to_owned(), text(thing.owner)),
        ("version".to_owned(), Value::Int(1)),
    ]);
    if resource.tenant {
        facts.insert("tenant".to_owned(), text(thing.tenant));
    }
    for (name, kind) in &resource.attributes {
        let known = match kind.as_str() {
            "integer" => world::whole(thing, name).map(Value::Int),
            "boolean" => world::flag(thing, name).map(Value::Bool),
            "uuid" => world::uuid(thing, name).map(text),
            "time" => {
                let seconds = world::moment(thing, name);
                seconds.map(|seconds| Value::Time(i128::from(seconds) * 1_000_000_000))
            }
            "strings" => {
                let all = world::texts(thing, name).iter();
                Some(Value::List(all.map(|each| text(each)).collect()))
            }
            _ => world::text(thing, name).map(text),
        };
        facts.extend(known.map(|value| (name.clone(), value)));
    }
    facts
}
