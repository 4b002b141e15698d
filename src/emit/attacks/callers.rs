//! Who sends a request: good tokens, each made once and declared under a name.

use super::case::{Key, Token};
use super::scene::{CALLER, Scene, TENANT};
use super::stage::Stage;
use crate::plan::{Access, By, Need, Operation};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::rc::Rc;

/// Callers with their tokens, and where each is by what it was made for.
#[derive(Default)]
pub struct Callers {
    list: Vec<(String, Rc<Token>)>,
    known: HashMap<(usize, Vec<usize>, Vec<String>), usize>,
}

impl<'a> Scene<'a> {
    /// A good token; `None` for operations that want none. The same for all operations that ask for the same.
    pub fn token(&self, operation: &'a Operation, roles: &[usize]) -> Option<Rc<Token>> {
        let need = self.need(operation)?;
        let key = (need.scheme, roles.to_vec(), need.scopes.clone());
        let mut callers = self.callers.borrow_mut();
        if let Some((_, token)) = callers.known.get(&key).and_then(|at| callers.list.get(*at)) {
            return Some(token.clone());
        }
        let caller = callers.list.len();
        let token = Rc::new(self.make_token(need, roles, caller)?);
        let name = self.caller_name(need, roles, &callers.list);
        callers.known.insert(key, caller);
        callers.list.push((name, token.clone()));
        Some(token)
    }

    /// What a reader knows a caller by.
    fn caller_name(&self, need: &Need, roles: &[usize], had: &[(String, Rc<Token>)]) -> String {
        let names: Vec<&str> = roles
            .iter()
            .filter_map(|at| self.plan.roles.get(*at))
            .map(|role| role.name.as_str())
            .collect();
        let mut name = match names.as_slice() {
            [] => "nobody in particular".to_owned(),
            names => names.join(" and "),
        };
        if !need.scopes.is_empty() {
            name.push_str(&format!(", for {}", need.scopes.join(" ")));
        }
        if let (Some(scheme), true) = (
            self.plan.schemes.get(need.scheme),
            self.plan.schemes.len() > 1,
        ) {
            name.push_str(&format!(", by {}", scheme.name));
        }
        // Two roles of the one name in other order.
        while had.iter().any(|(other, _)| *other == name) {
            name.push_str(" again");
        }
        name
    }

    fn make_token(&self, need: &Need, roles: &[usize], caller: usize) -> Option<Token> {
        let scheme = self.plan.schemes.get(need.scheme)?;
        let mut header = Map::new();
        header.insert("alg".into(), json!(scheme.algorithms.first()?));
        header.insert(
            "typ".into(),
            json!(if scheme.access_token_profile {
                "at+jwt"
            } else {
                "JWT"
            }),
        );
        let mut claims = Map::new();
        claims.insert("iss".into(), json!(self.setting(&scheme.issuer)));
        claims.insert(
            "aud".into(),
            json!(
                scheme
                    .audience
                    .first()
                    .map(|audience| self.setting(audience))
            ),
        );
        claims.insert("iat".into(), json!("@now"));
        claims.insert(
            "exp".into(),
            json!(format!("@now+{}", scheme.max_lifetime_seconds.min(300))),
        );
        claims.insert("jti".into(), json!("token-1"));
        let names: Vec<&str> = roles
            .iter()
            .filter_map(|at| self.plan.roles.get(*at))
            .map(|r| r.name.as_str())
            .collect();
        put(&mut claims, &scheme.claims.subject, json!(CALLER));
        put(&mut claims, &scheme.claims.roles, json!(names));
        put(&mut claims, &scheme.claims.session, json!("session-1"));
        if !need.scopes.is_empty() {
            put(
                &mut claims,
                &scheme.claims.scopes,
                json!(need.scopes.join(" ")),
            );
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
            caller,
        })
    }

    fn by_tenant(&self) -> bool {
        self.plan
            .quotas
            .iter()
            .any(|quota| quota.by.contains(&By::Tenant))
    }

    /// The name of a declared caller.
    pub fn caller(&self, at: usize) -> Option<String> {
        let callers = self.callers.borrow();
        callers.list.get(at).map(|(name, _)| name.clone())
    }

    pub fn with_callers<T>(&self, f: impl FnOnce(&[(String, Rc<Token>)]) -> T) -> T {
        f(&self.callers.borrow().list)
    }
}

/// What families of cases depend on.
impl Scene<'_> {
    /// The plainest body, and what is asked of others.
    pub fn body_key(&self, stage: &Stage<'_>) -> String {
        let body = stage.operation.body.as_ref();
        let signature = body.and_then(|body| self.signatures.get(body.value.0));
        format!("{signature:?} {}", stage.maker.creating)
    }

    /// The plainest caller, and who else may call.
    pub fn caller_key(&self, stage: &Stage<'_>) -> String {
        let caller = stage.token.as_ref().map(|token| token.caller);
        let roles = match &stage.operation.access {
            Access::Caller(need) => need.roles.as_slice(),
            _ => &[],
        };
        format!("{caller:?} {roles:?}")
    }
}

/// Sets a claim by its pointer, making the objects on the way.
pub fn put(claims: &mut Map<String, Value>, pointer: &str, value: Value) {
    let mut steps: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
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
