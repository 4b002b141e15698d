//! Who sends a request: good tokens, each made once and declared under a name.

use super::case::{Key, Token};
use super::scene::{CALLER, Scene, TENANT};
use super::stage::Stage;
use crate::plan::{Alternative, Asks, By, Means, Need, Operation, Plan};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::rc::Rc;

/// Callers with their credentials, and where each is by what it was made for.
#[derive(Default)]
pub struct Callers {
    list: Vec<(String, Rc<Token>)>,
    known: HashMap<Known, usize>,
}

/// Schemes, roles, scopes, and what else is claimed.
type Known = (Vec<Means>, Vec<usize>, Vec<String>, String);

impl<'a> Scene<'a> {
    /// Good credentials; `None` for operations that want none. The same for all operations that ask for the same.
    pub fn token(&self, operation: &'a Operation, roles: &[usize]) -> Option<Rc<Token>> {
        let need = self.need(operation)?;
        let more = self.further_claims(operation);
        self.credentials(need, main(need)?, roles, &more)
    }

    /// What else a token says: for policies, and of how the caller has authenticated.
    pub fn further_claims(&self, operation: &'a Operation) -> Vec<(&'a str, Value)> {
        let mut more = self.claims_of(operation);
        let need = self.need(operation);
        if need.is_some_and(|need| need.fresh.is_some()) {
            more.push(("/auth_time", json!("@now")));
        }
        if let Some(class) = need.and_then(|need| need.acr.first()) {
            more.push(("/acr", json!(class)));
        }
        more
    }

    /// The same for one of the alternatives.
    pub fn credentials(
        &self,
        need: &Need,
        alternative: &Alternative,
        roles: &[usize],
        more: &[(&str, Value)],
    ) -> Option<Rc<Token>> {
        let means: Vec<Means> = alternative.asks.iter().map(|asks| asks.means).collect();
        let scopes = need.demand(alternative).scopes;
        let scopes: Vec<String> = scopes.into_iter().map(str::to_owned).collect();
        let key = (means, roles.to_vec(), scopes, format!("{more:?}"));
        let mut callers = self.callers.borrow_mut();
        if let Some((_, token)) = callers.known.get(&key).and_then(|at| callers.list.get(*at)) {
            return Some(token.clone());
        }
        let caller = callers.list.len();
        let (means, _, scopes, _) = &key;
        let mut token = self.make_token(means, roles, scopes, caller)?;
        if token.scheme.is_some() {
            for (pointer, value) in more {
                put(&mut token.claims, pointer, value.clone());
            }
        }
        let token = Rc::new(token);
        let name = self.caller_name(means, roles, scopes, &callers.list);
        callers.known.insert(key, caller);
        callers.list.push((name, token.clone()));
        Some(token)
    }

    /// What a reader knows a caller by.
    fn caller_name(
        &self,
        means: &[Means],
        roles: &[usize],
        scopes: &[String],
        had: &[(String, Rc<Token>)],
    ) -> String {
        let names: Vec<&str> = roles
            .iter()
            .filter_map(|at| self.plan.roles.get(*at))
            .map(|role| role.name.as_str())
            .collect();
        let mut name = match names.as_slice() {
            [] => "nobody in particular".to_owned(),
            names => names.join(" and "),
        };
        if !scopes.is_empty() {
            name.push_str(&format!(", for {}", scopes.join(" ")));
        }
        let Plan {
            schemes,
            keys,
            passwords,
            certificates,
            ..
        } = self.plan;
        if schemes.len() + keys.len() + passwords.len() + certificates.len() > 1 {
            let schemes = means.iter().filter_map(|means| self.plan.name_of(*means));
            let schemes: Vec<&str> = schemes.collect();
            name.push_str(&format!(", by {}", schemes.join(" and ")));
        }
        // Two roles of the one name in other order.
        while had.iter().any(|(other, _)| *other == name) {
            name.push_str(" again");
        }
        name
    }

    /// Roles are the token's where there is one, else those of the first key or password.
    fn make_token(
        &self,
        means: &[Means],
        roles: &[usize],
        scopes: &[String],
        caller: usize,
    ) -> Option<Token> {
        let mut token = Token {
            scheme: None,
            header: Map::new(),
            claims: Map::new(),
            key: Key::Ours,
            more_header: String::new(),
            more_claims: String::new(),
            tail: String::new(),
            respelled: "",
            keys: Vec::new(),
            caller,
        };
        let tokens = means.iter().filter_map(|means| match means {
            Means::Token(at) => Some(*at),
            Means::Key(_) | Means::Password(_) | Means::Certificate(_) => None,
        });
        for at in tokens {
            self.sign(&mut token, at, roles, scopes)?;
        }
        let mut rest = if token.scheme.is_some() { &[] } else { roles };
        for each in means {
            match each {
                Means::Token(_) => continue,
                // It brings no roles of its own.
                Means::Certificate(at) => {
                    token.keys.push(self.certificate(*at)?);
                    continue;
                }
                Means::Key(at) => token.keys.push(self.key(*at, rest)?),
                Means::Password(at) => token.keys.push(self.password(*at, rest)),
            }
            rest = &[];
        }
        Some(token)
    }

    /// Writes into the token what a scheme wants to see.
    fn sign(&self, token: &mut Token, at: usize, roles: &[usize], scopes: &[String]) -> Option<()> {
        let scheme = self.plan.schemes.get(at)?;
        let Token { header, claims, .. } = token;
        header.insert("alg".into(), json!(scheme.algorithms.first()?));
        let kind = if scheme.access_token_profile {
            "at+jwt"
        } else {
            "JWT"
        };
        header.insert("typ".into(), json!(kind));
        let audience = self.setting(scheme.audience.first()?);
        // One token for two schemes is for both of their audiences.
        let audience = match claims.get("aud") {
            Some(had) => json!([had, audience]),
            None => json!(audience),
        };
        claims.insert("iss".into(), json!(self.setting(&scheme.issuer)));
        claims.insert("aud".into(), audience);
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
        put(claims, &scheme.claims.subject, json!(CALLER));
        put(claims, &scheme.claims.roles, json!(names));
        put(claims, &scheme.claims.session, json!("session-1"));
        if !scopes.is_empty() {
            put(claims, &scheme.claims.scopes, json!(scopes.join(" ")));
        }
        if self.has_tenant() {
            put(claims, &scheme.claims.tenant, json!(TENANT));
        }
        token.scheme = token.scheme.or(Some(at));
        Some(())
    }

    /// Whether callers are of a tenant.
    pub fn has_tenant(&self) -> bool {
        self.plan.resources.iter().any(|resource| resource.tenant) || self.by_tenant()
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
        let signature =
            body.map(|body| super::signature::kind(self.plan, &self.signatures, &body.value));
        let media = body.map(|body| &body.media);
        format!("{signature:?} {} {media:?}", stage.maker.creating)
    }

    /// The plainest caller, and who else may call.
    pub fn caller_key(&self, stage: &Stage<'_>) -> String {
        let caller = stage.token.as_ref().map(|token| token.caller);
        match stage.operation.access.need() {
            // Also how they are challenged.
            Some(need) => {
                let demands: Vec<_> = need.demands().collect();
                format!("{caller:?} {:?} {demands:?}", need.means())
            }
            None => format!("{caller:?}"),
        }
    }
}

/// The alternative that the plainest caller comes by: one with a token, without which nothing is left that lets anyone in;
/// else one of keys and passwords alone.
pub fn main(need: &Need) -> Option<&Alternative> {
    let is_key = |asks: &Asks| !matches!(asks.means, Means::Token(_));
    let rests_on_token = |one: &&Alternative| {
        let keys: Vec<Means> = one
            .asks
            .iter()
            .filter(|asks| is_key(asks))
            .map(|asks| asks.means)
            .collect();
        keys.len() < one.asks.len() && !met_by(need, &keys)
    };
    let of_keys = |one: &&Alternative| one.asks.iter().all(is_key);
    let all = || need.alternatives.iter();
    all().find(rests_on_token).or_else(|| all().find(of_keys))
}

/// Whether these schemes are all that one of the alternatives needs.
pub fn met_by(need: &Need, means: &[Means]) -> bool {
    need.alternatives
        .iter()
        .any(|one| one.asks.iter().all(|asks| means.contains(&asks.means)))
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
