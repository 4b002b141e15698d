//! What bodies and replies hold; of members of objects, who may send them and who may receive them.

use crate::cel::Expression;
use crate::number::Number;
use crate::tree::{Tree, flag, items, members, words};
use crate::{sample, valid};
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Object {
    pub members: Vec<Member>,
    pub least: u64,
    /// Members of other names may stand there, and what each of them is.
    pub rest: Option<Box<Kind>>,
    pub most: Option<u64>,
    /// What must hold between its members when it is sent.
    pub rules: Vec<Expression>,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    pub required: bool,
    /// `readOnly`, or `write: none`.
    pub never_sent: bool,
    /// `write: create`.
    pub only_created: bool,
    /// One of these roles, where there are any.
    pub writers: Vec<String>,
    /// `write: owner`, alone or beside roles.
    pub owner_writes: bool,
    /// A secret, `writeOnly`, or `read: none`.
    pub never_received: bool,
    /// One of these roles, or the owner; `None`: everyone.
    pub readers: Option<(Vec<String>, bool)>,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub enum Kind {
    Plain,
    Number(Number),
    Object(Object),
    List(Box<Kind>),
    Map(Box<Map>),
    Union(Union),
}

/// `oneOf` or `anyOf`.
#[derive(Debug, Clone)]
pub struct Union {
    /// `oneOf`.
    pub exactly_one: bool,
    pub branches: Vec<Branch>,
}

/// An alternative.
#[derive(Debug, Clone)]
pub struct Branch {
    pub kind: Kind,
    /// Without references.
    pub schema: Value,
    /// With every member that can be sent.
    pub sample: Value,
}

impl Union {
    /// The alternatives that a value fits.
    pub(crate) fn fitting<'u>(&'u self, value: &'u Value) -> impl Iterator<Item = &'u Branch> {
        let branches = self.branches.iter();
        branches.filter(move |branch| valid::valid(&branch.schema, value))
    }

    /// Whether as many fit as must.
    pub(crate) fn takes(&self, value: &Value) -> bool {
        match (self.fitting(value).count(), self.exactly_one) {
            (count, true) => count == 1,
            (count, false) => count > 0,
        }
    }
}

/// Names that are data, and what each of them has.
#[derive(Debug, Clone)]
pub struct Map {
    pub values: Kind,
    pub least: u64,
    pub most: Option<u64>,
}

/// What a schema holds.
pub(crate) fn kind<'d>(tree: &Tree<'d>, schema: &'d Value) -> Result<Kind, String> {
    within(tree, schema, 0)
}

fn within<'d>(tree: &Tree<'d>, schema: &'d Value, depth: usize) -> Result<Kind, String> {
    let schema = tree.resolve(schema)?;
    for (key, exactly_one) in [("oneOf", true), ("anyOf", false)] {
        let Some(list) = schema.get(key).filter(|_| depth <= 8) else {
            continue;
        };
        let beside = ["properties", "required", "allOf", "enum", "const"];
        if beside.iter().any(|key| schema.get(key).is_some()) {
            return Err("a schema beyond the oracle".to_owned());
        }
        let branch = |node| {
            Ok(Branch {
                kind: within(tree, node, depth + 1)?,
                schema: valid::whole(tree, node, 0)?,
                sample: sample::value(tree, node)?,
            })
        };
        // No sample is null.
        let typed = |node: &&Value| node.get("type").and_then(Value::as_str) != Some("null");
        let branches = items(Some(list)).filter(typed).map(branch);
        return Ok(Kind::Union(Union {
            exactly_one,
            branches: branches.collect::<Result<_, String>>()?,
        }));
    }
    // Places that all say the same: a list.
    if let Some(first) = schema.get("prefixItems").and_then(|places| places.get(0)) {
        return Ok(Kind::List(Box::new(within(tree, first, depth + 1)?)));
    }
    if let Some(items) = schema.get("items") {
        return Ok(Kind::List(Box::new(within(tree, items, depth + 1)?)));
    }
    if schema.get("properties").is_some() {
        return Ok(Kind::Object(nested(tree, schema, depth)?));
    }
    match schema
        .get("additionalProperties")
        .filter(|values| values.is_object() || values.as_bool() == Some(true))
    {
        None if words(schema.get("type"))
            .iter()
            .any(|kind| kind == "object") =>
        {
            Ok(Kind::Object(nested(tree, schema, depth)?))
        }
        None => match ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(key).is_some())
        {
            true => Err("a schema beyond the oracle".to_owned()),
            false => Ok(Number::of(schema)?.map_or(Kind::Plain, Kind::Number)),
        },
        Some(values) => Ok(Kind::Map(Box::new(Map {
            values: within(tree, values, depth + 1)?,
            least: count(schema, "minProperties").unwrap_or(0),
            most: count(schema, "maxProperties"),
        }))),
    }
}

/// Whether a schema asserts nothing: whatever JSON can say is of it, and nothing inside has marks.
pub(crate) fn is_free(schema: &Value) -> bool {
    const SAID: [&str; 7] = [
        "title",
        "description",
        "default",
        "example",
        "examples",
        "readOnly",
        "writeOnly",
    ];
    match schema.as_object() {
        Some(keys) => keys
            .keys()
            .all(|key| SAID.contains(&key.as_str()) || key.starts_with("x-")),
        None => schema.as_bool() == Some(true),
    }
}

fn count(schema: &Value, key: &str) -> Option<u64> {
    schema.get(key).and_then(Value::as_u64)
}

fn nested<'d>(tree: &Tree<'d>, schema: &'d Value, depth: usize) -> Result<Object, String> {
    if depth > 8
        || ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(key).is_some())
    {
        return Err("a schema beyond the oracle".to_owned());
    }
    let required = words(schema.get("required"));
    let mut all = Vec::new();
    for (name, node) in members(schema.get("properties")) {
        all.push(member(tree, name, node, &required, depth)?);
    }
    let rules = schema.pointer("/x-security/rules");
    let checks = items(rules).filter_map(|rule| rule.get("check").and_then(Value::as_str));
    Ok(Object {
        rules: checks.map(Expression::read).collect::<Result<_, _>>()?,
        members: all,
        rest: match schema.get("additionalProperties") {
            Some(Value::Bool(true)) => Some(Box::new(Kind::Plain)),
            Some(values @ Value::Object(_)) => Some(Box::new(within(tree, values, depth + 1)?)),
            _ => None,
        },
        most: count(schema, "maxProperties"),
        least: count(schema, "minProperties").unwrap_or(0),
    })
}

fn member<'d>(
    tree: &Tree<'d>,
    name: &str,
    node: &'d Value,
    required: &[String],
    depth: usize,
) -> Result<Member, String> {
    let target = tree.resolve(node)?;
    // What stands beside a `$ref` is about this use (ruling 60).
    let marks = |key: &str| {
        let here = node.get("x-security").and_then(|marks| marks.get(key));
        here.or(target.get("x-security").and_then(|marks| marks.get(key)))
    };
    let flagged = |key: &str| flag(node, key) || flag(target, key);
    let secret = marks("sensitive").and_then(Value::as_str) == Some("secret");
    let write = words(marks("write"));
    let read = words(marks("read"));
    let says = |list: &[String], word: &str| list.iter().any(|each| each == word);
    let named = |list: &[String]| -> Vec<String> {
        let own = ["none", "owner", "create"];
        let roles = list.iter().filter(|each| !own.contains(&each.as_str()));
        roles.cloned().collect()
    };
    Ok(Member {
        name: name.to_owned(),
        required: says(required, name),
        never_sent: flagged("readOnly") || says(&write, "none"),
        only_created: says(&write, "create"),
        writers: named(&write),
        owner_writes: says(&write, "owner"),
        never_received: secret || flagged("writeOnly") || says(&read, "none"),
        readers: (!read.is_empty()).then(|| (named(&read), says(&read, "owner"))),
        kind: within(tree, target, depth + 1)?,
    })
}
