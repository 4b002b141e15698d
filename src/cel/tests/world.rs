//! A small world: a caller, a patient, a request and `this`.

use crate::cel::{Field, Key, Lookup, Object, Root, Type, World};

pub struct Clinic;

fn list(items: Type, max: u64) -> Type {
    Type::List {
        items: Box::new(items),
        nullable: false,
        max,
    }
}

fn words() -> Type {
    Type::Text(Some(["open".to_owned(), "closed".to_owned()].into()))
}

const THIS: Object = Object::Typed(0);
const LINE: Object = Object::Typed(1);

fn fields(of: Object) -> Vec<(&'static str, Field)> {
    let field = |key, value| Field {
        key,
        value,
        optional: false,
        nullable: false,
    };
    let optional = |key, value| Field {
        optional: true,
        ..field(key, value)
    };
    match of {
        Object::Principal => vec![
            ("subject", field(Key::Subject, Type::Text(None))),
            ("roles", field(Key::Roles, Type::Roles)),
            ("scopes", field(Key::Scopes, list(Type::Text(None), 100))),
            ("tenant", optional(Key::Tenant, Type::Text(None))),
            ("ward", optional(Key::Claim(0), Type::Text(None))),
            ("level", optional(Key::Claim(1), Type::Int)),
        ],
        Object::Resource => vec![
            ("owner", field(Key::Owner, Type::Text(None))),
            ("ward", optional(Key::Attribute(0), Type::Text(None))),
            ("until", optional(Key::Attribute(1), Type::Time)),
        ],
        Object::Request => vec![
            ("method", field(Key::Method, Type::Text(None))),
            ("time", field(Key::Now, Type::Time)),
        ],
        THIS => vec![
            ("status", field(Key::Member(0), words())),
            (
                "lines",
                field(Key::Member(1), list(Type::Object(LINE), 1000)),
            ),
            ("tags", field(Key::Member(2), list(Type::Text(None), 10))),
            ("count", optional(Key::Member(3), Type::Int)),
            (
                "note",
                Field {
                    nullable: true,
                    ..field(Key::Member(4), Type::Text(None))
                },
            ),
            ("odd name", field(Key::Member(5), Type::Bool)),
            (
                "holes",
                field(
                    Key::Member(6),
                    Type::List {
                        items: Box::new(Type::Int),
                        nullable: true,
                        max: 5,
                    },
                ),
            ),
            ("from", field(Key::Member(7), Type::Text(None))),
        ],
        LINE => vec![
            ("amount", field(Key::Member(0), Type::Int)),
            ("parts", field(Key::Member(1), list(Type::Int, 200))),
        ],
        _ => Vec::new(),
    }
}

impl World for Clinic {
    fn root(&self, name: &str) -> Root {
        match name {
            "principal" => Root::Object(Object::Principal),
            "resource" => Root::Object(Object::Resource),
            "request" => Root::Object(Object::Request),
            "this" => Root::Object(THIS),
            "elsewhere" => Root::Refused("not here".to_owned(), "write it there".to_owned()),
            _ => Root::Unknown,
        }
    }

    fn roots(&self) -> Vec<String> {
        ["principal", "resource", "request", "this"]
            .map(str::to_owned)
            .into()
    }

    fn member(&self, of: Object, name: &str) -> Lookup {
        let all = fields(of).into_iter();
        let found = all
            .filter(|(known, _)| *known == name)
            .map(|(_, field)| field);
        match (of, name) {
            (THIS, "secret") => Lookup::Refused("it is secret".to_owned(), "leave it".to_owned()),
            _ => found.last().map_or(Lookup::Unknown, Lookup::Found),
        }
    }

    fn members(&self, of: Object) -> Vec<String> {
        fields(of)
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    fn what(&self, of: Object) -> String {
        match of {
            Object::Principal => "`principal`",
            Object::Resource => "`resource`",
            Object::Request => "`request`",
            THIS => "`this`",
            _ => "an item",
        }
        .to_owned()
    }

    fn role(&self, name: &str) -> Option<usize> {
        ["clinician", "admin"].iter().position(|role| *role == name)
    }

    fn roles(&self) -> Vec<String> {
        vec!["clinician".to_owned(), "admin".to_owned()]
    }

    fn pattern(&mut self, source: &str) -> Result<String, String> {
        match source.contains("(?=") {
            true => Err("look-around".to_owned()),
            false => Ok(source.to_owned()),
        }
    }
}
