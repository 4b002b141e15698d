//! What all attacks share: who calls, which objects are planted, and the plainest request of each operation that gets in.

use super::case::{Case, Expect, Field, Key, REACHED, Request, Sent, Token};
use super::sample::{Maker, whole_from};
use super::witness::Rule;
use crate::plan::{
    Access, By, In, Need, Operation, OwnKind, Param, Plan, Segment, Setting, Shape, ValueKind,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Subject of every caller, and owner of what is theirs.
pub const CALLER: &str = "caller";
/// Owner of what is not.
pub const SOMEONE_ELSE: &str = "someone-else";
pub const TENANT: &str = "tenant-one";
pub const OTHER_TENANT: &str = "tenant-two";

/// An attack that could not be made, said aloud.
#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    pub operation: String,
    pub kind: &'static str,
    pub name: String,
    pub why: &'static str,
}

/// Ids of one resource that the probe's loader knows; `absent` it does not.
#[derive(Debug, Clone)]
pub struct Planted {
    pub own: String,
    pub other: String,
    /// The caller's, in another tenant.
    pub foreign: String,
    /// Asked for it, the loader reports facts of `own`.
    pub mixed_up: String,
    pub absent: String,
}

/// Collects the cases.
pub struct Scene<'a> {
    pub plan: &'a Plan,
    /// By resource; `None` where no ids were found.
    pub planted: Vec<Option<Planted>>,
    /// Values for settings that are references, given to the service when it starts.
    pub environment: BTreeMap<String, String>,
    pub cases: Vec<Case>,
    pub skipped: Vec<Skipped>,
    /// Kinds that the document has a use for: none of them may end up without a case.
    pub used: BTreeSet<&'static str>,
}

/// An operation with all that its plainest request needs.
pub struct Stage<'a> {
    pub operation: &'a Operation,
    pub maker: Maker<'a>,
    /// Roles of the plainest caller, as bits of the plan.
    pub roles: Vec<usize>,
    /// Parameter values that get in, by index, not encoded.
    pub values: BTreeMap<usize, String>,
    /// The plainest body.
    pub body: Option<Value>,
}

impl<'a> Scene<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let mut scene = Scene {
            plan,
            planted: plan.resources.iter().map(|resource| plant(&resource.id)).collect(),
            environment: BTreeMap::new(),
            cases: Vec::new(),
            skipped: Vec::new(),
            used: BTreeSet::new(),
        };
        for (at, scheme) in plan.schemes.iter().enumerate() {
            scene.reference(&scheme.issuer, format!("https://issuer-{at}.example"));
            for (number, audience) in scheme.audience.iter().enumerate() {
                scene.reference(audience, format!("audience-{at}-{number}"));
            }
        }
        scene
    }

    fn reference(&mut self, setting: &Setting, value: String) {
        if let Setting::Env(name) = setting {
            self.environment.entry(name.clone()).or_insert(value);
        }
    }

    fn setting(&self, setting: &Setting) -> String {
        match setting {
            Setting::Literal(text) => text.clone(),
            Setting::Env(name) => self.environment.get(name).cloned().unwrap_or_default(),
            // Its content is not known here; the runner finds the control refused and says so.
            Setting::File(_) => String::new(),
        }
    }

    /// The plainest request, or why there is none.
    pub fn stage(&self, operation: &'a Operation) -> Result<Stage<'a>, &'static str> {
        let maker = Maker { plan: self.plan, creating: operation.method == "POST" };
        let mut values = BTreeMap::new();
        for (at, param) in operation.params.iter().enumerate() {
            if !param.required {
                continue;
            }
            let value = match self.owned_by_param(operation, at) {
                Some(resource) => self.planted.get(resource).cloned().flatten().map(|planted| planted.own),
                None => param_sample(self.plan, param),
            };
            values.insert(at, value.ok_or("no value was found for a required parameter")?);
        }
        let (mut sets, mut body) = (self.need(operation).map(|need| need.roles.clone()).unwrap_or_default(), None);
        if let Some(declared) = &operation.body {
            let kind = ValueKind::Named(declared.value);
            body = Some(maker.sample(&kind, 0).ok_or("no body was found that is admitted")?);
            let writers = maker.writers(declared.value, 0);
            if self.need(operation).is_none() && !writers.is_empty() {
                return Err("nobody without a token may send what is required");
            }
            sets.extend(writers);
        }
        let roles = self.choose(&sets, self.bypass(operation)).ok_or("no role admits a caller")?;
        Ok(Stage { operation, maker, roles, values, body })
    }

    pub fn need(&self, operation: &'a Operation) -> Option<&'a Need> {
        match &operation.access {
            Access::Caller(need) => Some(need),
            _ => None,
        }
    }

    /// The resource that a parameter identifies.
    pub fn owned_by_param(&self, operation: &Operation, param: usize) -> Option<usize> {
        operation.owns.iter().find_map(|owns| match owns.kind {
            OwnKind::Owner { param: at, .. } | OwnKind::Any { param: at, .. } if at == param => Some(owns.resource),
            _ => None,
        })
    }

    /// Roles that skip an owner on this operation.
    pub fn bypass(&self, operation: &Operation) -> u64 {
        operation.owns.iter().filter_map(|owns| self.plan.resources.get(owns.resource)).fold(0, |all, r| all | r.bypass)
    }

    pub fn holds(&self, roles: &[usize]) -> u64 {
        roles.iter().filter_map(|at| self.plan.roles.get(*at)).fold(0, |all, role| all | role.holds)
    }

    /// Roles that hold one of each set, those outside `avoid` and with the least reach first.
    pub fn choose(&self, sets: &[u64], avoid: u64) -> Option<Vec<usize>> {
        let mut chosen = Vec::new();
        for set in sets {
            if self.holds(&chosen) & set != 0 {
                continue;
            }
            let best = self
                .plan
                .roles
                .iter()
                .enumerate()
                .filter(|(_, role)| role.holds & set != 0)
                .min_by_key(|(at, role)| (role.holds & avoid != 0, role.holds.count_ones(), *at))?;
            chosen.push(best.0);
        }
        Some(chosen)
    }

    /// Every role that holds none of `set`.
    pub fn all_without(&self, set: u64) -> Vec<usize> {
        let roles = self.plan.roles.iter().enumerate();
        roles.filter(|(_, role)| role.holds & set == 0).map(|(at, _)| at).collect()
    }

    /// A good token; `None` for operations that want none.
    pub fn token(&self, operation: &'a Operation, roles: &[usize]) -> Option<Token> {
        let need = self.need(operation)?;
        let scheme = self.plan.schemes.get(need.scheme)?;
        let mut header = Map::new();
        header.insert("alg".into(), json!(scheme.algorithms.first()?));
        header.insert("typ".into(), json!(if scheme.access_token_profile { "at+jwt" } else { "JWT" }));
        let mut claims = Map::new();
        claims.insert("iss".into(), json!(self.setting(&scheme.issuer)));
        claims.insert("aud".into(), json!(scheme.audience.first().map(|audience| self.setting(audience))));
        claims.insert("iat".into(), json!("@now"));
        claims.insert("exp".into(), json!(format!("@now+{}", scheme.max_lifetime_seconds.min(300))));
        claims.insert("jti".into(), json!("token-1"));
        let names: Vec<&str> = roles.iter().filter_map(|at| self.plan.roles.get(*at)).map(|r| r.name.as_str()).collect();
        put(&mut claims, &scheme.claims.subject, json!(CALLER));
        put(&mut claims, &scheme.claims.roles, json!(names));
        put(&mut claims, &scheme.claims.session, json!("session-1"));
        if !need.scopes.is_empty() {
            put(&mut claims, &scheme.claims.scopes, json!(need.scopes.join(" ")));
        }
        if self.plan.resources.iter().any(|resource| resource.tenant) || self.by_tenant() {
            put(&mut claims, &scheme.claims.tenant, json!(TENANT));
        }
        Some(Token {
            scheme: need.scheme,
            header,
            claims,
            key: Key::Ours,
            more_header: String::new(),
            more_claims: String::new(),
            tail: String::new(),
        })
    }

    fn by_tenant(&self) -> bool {
        self.plan.quotas.iter().any(|quota| quota.by.contains(&By::Tenant))
    }

    /// Whether answers given after the trip to the counters carry `RateLimit` (ruling 15).
    pub fn limited(&self, operation: &Operation) -> bool {
        let after_validation = |by: &By| matches!(by, By::Field(_));
        let mut quotas = operation.quotas.iter().filter_map(|at| self.plan.quotas.get(*at));
        !matches!(operation.access, Access::Denied { .. }) && quotas.any(|quota| !quota.by.iter().any(after_validation))
    }

    pub fn add(&mut self, operation: &Operation, kind: &'static str, name: impl Into<String>, sent: Sent, expect: Expect) {
        self.used.insert(kind);
        let operation = operation.id.clone();
        self.cases.push(Case { operation, kind, name: name.into(), before: None, wait: None, sent, expect });
    }

    pub fn skip(&mut self, operation: &Operation, kind: &'static str, name: impl Into<String>, why: &'static str) {
        self.used.insert(kind);
        self.skipped.push(Skipped { operation: operation.id.clone(), kind, name: name.into(), why });
    }

    /// What the handler's being reached looks like.
    pub fn reached(&self, operation: &Operation) -> Expect {
        Expect::status(REACHED).limited(self.limited(operation))
    }

    /// A refusal after the trip to the counters.
    pub fn refused(&self, operation: &Operation, status: u16) -> Expect {
        Expect::status(status).limited(self.limited(operation))
    }

    /// 422 (P51 to P60, ruling 9).
    pub fn invalid(&self, operation: &Operation) -> Expect {
        self.refused(operation, 422).event("validation.failed", None)
    }

    /// `Bearer realm="…"` of challenges (ruling 22).
    pub fn challenge(&self, holds: &[&str], lacks: &[&str]) -> Field {
        let realm: String = self.plan.title.chars().filter(|c| (' '..='~').contains(c) && !matches!(c, '"' | '\\')).collect();
        let realm = format!("Bearer realm=\"{realm}\"");
        let all: Vec<&str> = std::iter::once(realm.as_str()).chain(holds.iter().copied()).collect();
        Field::holds(&all, lacks)
    }
}

impl<'a> Stage<'a> {
    /// The plainest request with other parameter values.
    pub fn request_with(&self, plan: &Plan, values: &BTreeMap<usize, String>) -> Request {
        self.assemble(plan, |at| values.get(&at).map(|value| encode(value)))
    }

    pub fn request(&self, plan: &Plan) -> Request {
        self.request_with(plan, &self.values)
    }

    /// The plainest request with one parameter written exactly so.
    pub fn request_raw(&self, plan: &Plan, param: usize, raw: &str) -> Request {
        self.assemble(plan, |at| if at == param { Some(raw.to_owned()) } else { self.values.get(&at).map(|v| encode(v)) })
    }

    fn assemble(&self, plan: &Plan, written: impl Fn(usize) -> Option<String>) -> Request {
        let mut target = plan.mount.clone();
        for segment in &self.operation.segments {
            target.push('/');
            match segment {
                Segment::Literal(text) => target.push_str(text),
                Segment::Param(at) => target.push_str(&written(*at).unwrap_or_default()),
            }
        }
        if target.is_empty() {
            target.push('/');
        }
        let mut request = Request { method: self.operation.method.to_owned(), target, ..Request::default() };
        for (at, param) in self.operation.params.iter().enumerate() {
            let Some(value) = written(at) else { continue };
            request = match param.location {
                In::Path => request,
                In::Query => request.query(&format!("{}={value}", encode(&param.name))),
                // Header fields are not percent-encoded.
                In::Header => request.header(&param.name, self.values.get(&at).map_or(value.as_str(), String::as_str)),
            };
        }
        match &self.body {
            Some(body) => request.header("Content-Type", "application/json").body(body.to_string()),
            None => request,
        }
    }
}

impl Request {
    /// Sent by whoever holds the token.
    pub fn by(self, token: Option<Token>) -> Sent {
        Sent { request: self, token }
    }
}


fn plant(rule: &crate::plan::Text) -> Option<Planted> {
    let ids = Rule::new(rule)?.distinct(6)?;
    // An id of zeros is what a careless loader takes for "nothing": begin behind it.
    let mut ids = ids.into_iter().skip(1);
    let (own, other, foreign) = (ids.next()?, ids.next()?, ids.next()?);
    Some(Planted { own, other, foreign, mixed_up: ids.next()?, absent: ids.next()? })
}

fn param_sample(plan: &Plan, param: &Param) -> Option<String> {
    match &param.value {
        ValueKind::Boolean => Some("true".to_owned()),
        ValueKind::Integer(whole) => {
            whole_from(whole, 1).or_else(|| whole_from(whole, i64::MIN)).map(|number| number.to_string())
        }
        ValueKind::Text(text) => Rule::new(text)?.sample(),
        ValueKind::Named(id) => match &plan.types.get(id.0)?.shape {
            Shape::Words(words) => words.first().cloned(),
            Shape::Object(_) => None,
        },
        ValueKind::List(_) => None,
    }
}

/// Sets a claim by its pointer, making the objects on the way.
pub fn put(claims: &mut Map<String, Value>, pointer: &str, value: Value) {
    let mut steps: Vec<String> = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let Some(last) = steps.pop() else { return };
    let mut at = claims;
    for step in steps {
        let inner = at.entry(step).or_insert_with(|| json!({}));
        match inner.as_object_mut() {
            Some(inner) => at = inner,
            None => return,
        }
    }
    at.insert(last, value);
}

/// Everything but unreserved characters as `%XX` (RFC 3986 §2.3).
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
