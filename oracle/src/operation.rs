//! One operation: who may call it, whose objects it is about, what it takes and gives. Inheritance happens here.

use crate::Resource;
use crate::cel::Expression;
use crate::members::{self, Kind};
use crate::number::Number;
use crate::roles::Roles;
use crate::sample;
use crate::security::{self, Alternative, Scheme};
use crate::tree::{Tree, flag, items, members as entries, words};
use serde_json::Value;

#[derive(Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    /// With the mount: `/v1/patients/{patientId}`.
    pub path: String,
    pub params: Vec<Param>,
    /// What stands for query parameters that are not sent.
    pub defaults: Vec<(String, Value)>,
    pub access: Access,
    pub owns: Vec<Owns>,
    /// The body that is taken.
    pub request: Option<Request>,
    pub reply: Reply,
}

/// A parameter that a request must have.
#[derive(Debug)]
pub struct Param {
    pub name: String,
    pub in_path: bool,
    /// Index of the resource whose objects it names.
    pub resource: Option<usize>,
    /// A value its schema takes.
    pub sample: String,
    /// What it must be, where it is a number with a fraction.
    pub number: Option<Number>,
    /// The `type` of its schema.
    pub kind: String,
}

impl Param {
    pub(crate) fn is_number(&self) -> bool {
        self.kind == "integer"
    }

    /// Whether its schema takes a value, of those that are sent: texts are as they must be.
    pub(crate) fn takes(&self, sent: &str) -> bool {
        match &self.number {
            Some(number) => number.spells(sent),
            None => !self.is_number() || whole(sent).is_some(),
        }
    }

    /// The object that is meant.
    pub(crate) fn named(&self, sent: &str) -> Option<String> {
        match self.is_number() {
            true => whole(sent).map(crate::world::numbered),
            false => Some(sent.to_owned()),
        }
    }
}

/// Ruling 100: `-?(0|[1-9][0-9]*)`, within 64 bits.
fn whole(sent: &str) -> Option<i64> {
    let digits = sent.strip_prefix('-').unwrap_or(sent);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let spelled = plain && (digits == "0" || !digits.starts_with('0'));
    spelled.then(|| sent.parse().ok()).flatten()
}

#[derive(Debug)]
pub enum Access {
    /// Nobody; credentials are not looked at.
    Denied,
    /// Anybody; credentials are not looked at.
    Public,
    Caller {
        alternatives: Vec<Alternative>,
        /// One role of each list.
        roles: Vec<Vec<String>>,
        scopes: Vec<String>,
        /// Whether the caller must have authenticated lately (`fresh`).
        fresh: bool,
        /// How they must have: one of these, where there are any (`acr`).
        classes: Vec<String>,
        policy: Option<Expression>,
    },
    /// Anybody; a credential that is shown must be good.
    Optional { alternatives: Vec<Alternative> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Owner,
    Any,
    List,
    /// By a policy, in place of the owner (ruling 20).
    Policy,
}

#[derive(Debug, Clone)]
pub struct Owns {
    /// Index of the resource.
    pub resource: usize,
    pub how: How,
    pub policy: Option<Expression>,
    pub at: At,
    /// Nobody wrote it: another one is part of it.
    pub implied: bool,
}

/// Where the id of what is owned stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// Of a list, and until it is known.
    Nowhere,
    Param(String),
    /// Tokens of a pointer into the body.
    Body(Vec<String>),
    /// In the facts of what this one, by number, owns.
    Part(usize),
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Parts,
    /// `text/plain`
    Text,
}

impl Way {
    pub const ALL: [Way; 4] = [Way::Json, Way::Form, Way::Parts, Way::Text];

    /// The media type.
    pub const fn name(self) -> &'static str {
        match self {
            Way::Json => "application/json",
            Way::Form => "application/x-www-form-urlencoded",
            Way::Parts => "multipart/form-data",
            Way::Text => "text/plain",
        }
    }
}

#[derive(Debug)]
pub struct Request {
    /// However it is written, it says the same.
    pub ways: Vec<Way>,
    pub kind: Kind,
    /// A body that everyone may send, as far as the schema lets there be one.
    pub plain: Value,
    /// A body with everything in it, whoever may send that.
    pub full: Value,
    /// Other words for members that are one of several.
    pub words: Vec<(String, Value)>,
}

/// The first answer that is no refusal, which the probe gives.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// A list of objects is rows.
    pub kind: Option<Kind>,
}

impl Operation {
    /// The scopes it asks for, anywhere.
    pub fn scopes(&self) -> Vec<String> {
        let Access::Caller {
            alternatives,
            scopes,
            ..
        } = &self.access
        else {
            return Vec::new();
        };
        let used = alternatives.iter().flatten().flat_map(|each| &each.scopes);
        used.chain(scopes).cloned().collect()
    }

    /// The classes of authentication it asks for.
    pub fn classes(&self) -> impl Iterator<Item = &String> {
        match &self.access {
            Access::Caller { classes, .. } => classes.iter(),
            _ => [].iter(),
        }
    }
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Operations of the document: those that are understood, and those that are not judged, each with the reason.
type All = (Vec<Operation>, Vec<(String, String)>);

pub(crate) fn all(
    tree: &Tree<'_>,
    roles: &Roles,
    resources: &[Resource],
    schemes: &[Scheme],
) -> Result<All, String> {
    let mount = mount(tree);
    let (mut all, mut unjudged) = (Vec::new(), Vec::new());
    for (path, item) in entries(tree.at("/paths")) {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let around = Around {
                tree,
                roles,
                resources,
                schemes,
                item,
                operation,
            };
            let id = operation.get("operationId").and_then(Value::as_str);
            if let Some(why) = around.unjudged() {
                unjudged.push((id.unwrap_or(path).to_owned(), why.to_owned()));
                continue;
            }
            let read = around.read(id.unwrap_or(path), method, format!("{mount}{path}"));
            all.push(read.map_err(|error| format!("{method} {path}: {error}"))?);
        }
    }
    Ok((all, unjudged))
}

/// Whether a parameter is a number, wherever it stands first.
pub(crate) fn is_number(tree: &Tree<'_>, name: &str) -> Result<bool, String> {
    for (_, item) in entries(tree.at("/paths")) {
        let operations = METHODS.iter().filter_map(|method| item.get(method));
        for level in operations.chain([item]) {
            for node in items(level.get("parameters")) {
                let node = tree.resolve(node)?;
                if node.get("name").and_then(Value::as_str) == Some(name) {
                    let schema = node.get("schema").map(|schema| tree.resolve(schema));
                    let schema = schema.transpose()?;
                    return Ok(
                        schema.is_some_and(|schema| words(schema.get("type")) == ["integer"])
                    );
                }
            }
        }
    }
    Ok(false)
}

/// How `owns` is written out: with `mode: list`, of every row.
fn in_mode(owns: &Value, of_one: How) -> How {
    match owns.get("mode").and_then(Value::as_str) {
        Some("list") => How::List,
        _ => of_one,
    }
}

/// The path of the first server.
fn mount(tree: &Tree<'_>) -> String {
    let url = tree.text_at("/servers/0/url").unwrap_or_default();
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("");
    path.trim_end_matches('/').to_owned()
}

struct Around<'a, 'd> {
    tree: &'a Tree<'d>,
    roles: &'a Roles,
    resources: &'a [Resource],
    schemes: &'a [Scheme],
    item: &'d Value,
    operation: &'d Value,
}

impl<'d> Around<'_, 'd> {
    fn read(&self, id: &str, method: &str, path: String) -> Result<Operation, String> {
        let params = self.params()?;
        let owns = self.owns(&params)?;
        let mut access = self.access()?;
        if self.unproved(&params, &owns, &access) {
            access = Access::Denied;
        }
        let denied = matches!(access, Access::Denied);
        Ok(Operation {
            id: id.to_owned(),
            method: method.to_ascii_uppercase(),
            path,
            params,
            defaults: self.defaults()?,
            // Of what nobody may call, nothing else matters.
            request: match denied {
                true => None,
                false => self.request()?,
            },
            reply: self.reply()?,
            owns: if denied { Vec::new() } else { owns },
            access,
        })
    }

    /// A key of the deepest level that has it: operation, path item, `defaults` of the root.
    fn key(&self, key: &str) -> Option<&'d Value> {
        let levels = [
            self.operation.get("x-security"),
            self.item.get("x-security"),
            self.tree.at("/x-security/defaults"),
        ];
        levels
            .into_iter()
            .flatten()
            .find_map(|level| level.get(key))
    }

    /// Why the operation is left out.
    fn unjudged(&self) -> Option<&'static str> {
        // What a flow answers hangs on which tokens were used before.
        self.key("flow").map(|_| "flow")
    }

    /// A policy: one of the document's by its name, else an expression (ruling 51).
    fn policy(&self, text: &str) -> Result<Expression, String> {
        let declared = self.tree.at("/x-security/policies");
        let named = declared
            .and_then(|all| all.get(text))
            .and_then(Value::as_str);
        Expression::read(named.unwrap_or(text)).map_err(|error| format!("policy {text}: {error}"))
    }

    fn access(&self) -> Result<Access, String> {
        let alternatives = security::alternatives(self.tree, self.operation);
        let open = alternatives.iter().any(Vec::is_empty);
        let asked = !alternatives.is_empty() && !open;
        // A scheme that cannot be verified lets nobody in.
        let used = alternatives.iter().flatten();
        let known = |name: &String| self.schemes.iter().any(|scheme| scheme.name == *name);
        let verifiable = used.clone().all(|each| known(&each.scheme));
        let access = self.key("access");
        let policy = access.and_then(|access| access.get("policy"));
        let policy = policy.and_then(Value::as_str);
        let policy = policy.map(|text| self.policy(text)).transpose()?;
        let caller = |roles, scopes| match verifiable {
            true => Access::Caller {
                alternatives: alternatives.clone(),
                roles,
                scopes,
                fresh: access.is_some_and(|access| access.get("fresh").is_some()),
                classes: words(access.and_then(|access| access.get("acr"))),
                policy: policy.clone(),
            },
            false => Access::Denied,
        };
        let disagree = Err("access and security disagree".to_owned());
        match access {
            None if asked => Ok(caller(Vec::new(), Vec::new())),
            None => Ok(Access::Denied),
            Some(Value::String(word)) => match word.as_str() {
                "denied" => Ok(Access::Denied),
                "public" if alternatives.iter().all(Vec::is_empty) => Ok(Access::Public),
                "optional" if open && verifiable => Ok(Access::Optional {
                    alternatives: alternatives.clone(),
                }),
                "authenticated" if asked => Ok(caller(Vec::new(), Vec::new())),
                "public" | "optional" | "authenticated" => disagree,
                role if asked => Ok(caller(vec![vec![role.to_owned()]], Vec::new())),
                _ => disagree,
            },
            Some(_) if !asked => disagree,
            Some(list @ Value::Array(_)) => Ok(caller(vec![words(Some(list))], Vec::new())),
            Some(Value::Object(members)) => {
                let known = ["roles", "allRoles", "scopes", "fresh", "acr", "policy"];
                if let Some(other) = members.keys().find(|key| !known.contains(&key.as_str())) {
                    return Err(format!("access.{other}"));
                }
                let any = words(members.get("roles"));
                let mut roles: Vec<Vec<String>> = vec![any];
                let all = words(members.get("allRoles"));
                roles.extend(all.into_iter().map(|role| vec![role]));
                roles.retain(|any| !any.is_empty());
                Ok(caller(roles, words(members.get("scopes"))))
            }
            Some(other) => Err(format!("access: {other}")),
        }
    }

    /// What is written, and then the parents of all that (ruling 81): one that nobody wrote is proved by its owner.
    fn owns(&self, params: &[Param]) -> Result<Vec<Owns>, String> {
        let mut all = self.written()?;
        let takes = |name: &str| params.iter().any(|param| param.name == name);
        for owns in &mut all {
            let resource = self.resources.get(owns.resource);
            let own = resource.map(|resource| &resource.param);
            if let (At::Nowhere, Some(own), true) = (&owns.at, own, owns.how != How::List)
                && takes(own)
            {
                owns.at = At::Param(own.clone());
            }
        }
        let mut number = 0;
        while let Some(part) = all.get(number) {
            let resource = self.resources.get(part.resource);
            if let Some(parent) = resource.and_then(|resource| resource.parent) {
                let mut known = all.iter();
                let found = known.position(|owns| owns.resource == parent && owns.how != How::List);
                let at = found.unwrap_or(all.len());
                if found.is_none() {
                    let own = self.resources.get(parent).map(|each| each.param.clone());
                    let own = own.unwrap_or_default();
                    all.push(Owns {
                        resource: parent,
                        how: How::Owner,
                        policy: None,
                        at: if takes(&own) {
                            At::Param(own)
                        } else {
                            At::Nowhere
                        },
                        implied: true,
                    });
                }
                if let Some(parent) = all.get_mut(at).filter(|parent| parent.at == At::Nowhere) {
                    parent.at = At::Part(number);
                }
            }
            number += 1;
        }
        Ok(all)
    }

    fn written(&self) -> Result<Vec<Owns>, String> {
        let find = |name: &str| {
            let mut resources = self.resources.iter();
            let found = resources.position(|resource| resource.name == name);
            found.ok_or(format!("owns: {name}"))
        };
        match self.key("owns") {
            None => Ok(Vec::new()),
            Some(Value::String(name)) => Ok(vec![Owns {
                resource: find(name)?,
                how: How::Owner,
                policy: None,
                at: At::Nowhere,
                implied: false,
            }]),
            Some(mapping) => {
                let each = |(name, how): (&String, &Value)| {
                    let by = how.get("by").map_or(Some("owner"), Value::as_str);
                    let id = how.get("id").and_then(Value::as_str);
                    let named = by.and_then(|by| by.strip_prefix("policy "));
                    let (how, policy) = match (how.as_str(), by, named) {
                        (Some("any"), ..) => (How::Any, None),
                        (Some("list"), ..) => (How::List, None),
                        (None, Some("owner"), _) => (in_mode(how, How::Owner), None),
                        // Within the tenant is where every object is looked for.
                        (None, Some("tenant"), _) => (How::Any, None),
                        (None, _, Some(name)) => {
                            (in_mode(how, How::Policy), Some(self.policy(name.trim())?))
                        }
                        _ => return Err(format!("owns: {how}")),
                    };
                    let at = match id {
                        None => At::Nowhere,
                        Some(id) => match id.strip_prefix("body./") {
                            None => At::Param(id.to_owned()),
                            Some(pointer) => {
                                let plain =
                                    |token: &str| token.replace("~1", "/").replace("~0", "~");
                                At::Body(pointer.split('/').map(plain).collect())
                            }
                        },
                    };
                    Ok(Owns {
                        resource: find(name)?,
                        how,
                        policy,
                        at,
                        implied: false,
                    })
                };
                entries(Some(mapping)).map(each).collect()
            }
        }
    }

    /// Whether the operation takes an id of which nothing says whose object that is (ruling 18).
    fn unproved(&self, params: &[Param], owns: &[Owns], access: &Access) -> bool {
        let named: Vec<&String> = match access {
            Access::Denied | Access::Public => return false,
            Access::Optional { .. } => Vec::new(),
            Access::Caller {
                alternatives,
                roles,
                ..
            } => {
                let asked = alternatives.iter().flatten().flat_map(|each| &each.roles);
                roles.iter().flatten().chain(asked).collect()
            }
        };
        let mut ids = params
            .iter()
            .filter_map(|param| Some((param, param.resource?)));
        ids.any(|(param, index)| {
            let proved = owns
                .iter()
                .any(|owns| owns.at == At::Param(param.name.clone()));
            let bypasses = self.resources.get(index).is_some_and(|resource| {
                let passes = |role: &&String| {
                    let held = self.roles.held([*role]);
                    resource.bypass.iter().any(|role| held.contains(role))
                };
                !resource.tenant && !named.is_empty() && named.iter().all(passes)
            });
            !proved && !bypasses
        })
    }

    fn params(&self) -> Result<Vec<Param>, String> {
        let own = items(self.operation.get("parameters"));
        let mut params: Vec<Param> = Vec::new();
        for node in own.chain(items(self.item.get("parameters"))) {
            let node = self.tree.resolve(node)?;
            let word = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default();
            let (name, place) = (word("name"), word("in"));
            let known = params.iter().any(|param| param.name == name);
            let wanted = place == "path" || (place == "query" && flag(node, "required"));
            if known || !wanted {
                continue;
            }
            let schema = node.get("schema").ok_or("a parameter without schema")?;
            let text = |value: Value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let sample = match sample::value(self.tree, schema)? {
                // One item is the same in every style.
                Value::Array(items) => items.into_iter().map(text).collect::<Vec<_>>().join(","),
                other => text(other),
            };
            params.push(Param {
                resource: self.resources.iter().position(|each| each.param == name),
                name: name.to_owned(),
                in_path: place == "path",
                sample,
                number: Number::of(self.tree.resolve(schema)?)?,
                kind: words(schema.get("type"))
                    .into_iter()
                    .next()
                    .unwrap_or_default(),
            });
        }
        Ok(params)
    }

    fn defaults(&self) -> Result<Vec<(String, Value)>, String> {
        let own = items(self.operation.get("parameters"));
        let mut found = Vec::new();
        for node in own.chain(items(self.item.get("parameters"))) {
            let node = self.tree.resolve(node)?;
            let name = node.get("name").and_then(Value::as_str);
            let default = node.pointer("/schema/default");
            if let (Some(name), Some(default), Some("query")) =
                (name, default, node.get("in").and_then(Value::as_str))
            {
                found.push((name.to_owned(), default.clone()));
            }
        }
        Ok(found)
    }

    fn request(&self) -> Result<Option<Request>, String> {
        let Some(body) = self.operation.get("requestBody") else {
            return Ok(None);
        };
        let body = self.tree.resolve(body)?;
        let mut ways = Vec::new();
        let mut schemas = Vec::new();
        for (name, media) in entries(body.get("content")) {
            let way = Way::ALL.into_iter().find(|way| way.name() == name);
            ways.push(way.ok_or(format!("a body of {name}"))?);
            schemas.push(media.get("schema").ok_or("a body without schema")?);
        }
        let schema = *schemas.first().ok_or("a body of no type")?;
        if schemas.iter().any(|other| *other != schema) {
            return Err("a body that is one thing or another".to_owned());
        }
        let kind = members::kind(self.tree, schema)?;
        let full = sample::value(self.tree, schema)?;
        Ok(Some(Request {
            ways,
            plain: sample::plain(&kind, &full),
            kind,
            full,
            words: sample::words_of(self.tree, schema)?,
        }))
    }

    fn reply(&self) -> Result<Reply, String> {
        let mut declared: Vec<(u16, &Value)> = entries(self.operation.get("responses"))
            .filter_map(|(status, node)| Some((status.parse().ok()?, node)))
            .filter(|(status, _)| (200..300).contains(status))
            .collect();
        declared.sort_by_key(|(status, _)| *status);
        let named = declared
            .first()
            .map(|(status, node)| (Some(*status), *node));
        // A range covers what it has no status for, and `default` what nothing else covers.
        let covers = |key: &str| self.operation.pointer(&format!("/responses/{key}"));
        let covering = || covers("2XX").or_else(|| covers("default"));
        let found = named.or_else(|| covering().map(|node| (None, node)));
        let Some((status, node)) = found else {
            return match self.operation.get("responses") {
                None => Ok(Reply {
                    status: 204,
                    kind: None,
                }),
                Some(_) => Err("no answer below 300".to_owned()),
            };
        };
        let node = self.tree.resolve(node)?;
        let of = |media: &str| node.pointer(&format!("/content/{media}/schema"));
        let content = of("application~1json").or_else(|| of("text~1plain"));
        let sent = if content.is_some() { 200 } else { 204 };
        let status = status.unwrap_or(sent);
        let kind = content.map(|schema| members::kind(self.tree, schema));
        Ok(Reply {
            status,
            kind: kind.transpose()?,
        })
    }
}
