//! `x-security` and `security` of an operation: who may call it, about which objects, how often.

use super::root::{is_declared, names, window};
use super::units::{bytes, millis, seconds};
use crate::emit::spec::tree::{Map, Tree, texts};
use crate::plan::{
    Access, Asks, Credential, CredentialKind, IdAt, Means, Mode, Need, Operation, OwnKind, Plan,
    Quota, ReplyBody,
};
use crate::policy::Expression;

/// `x-security` of an operation.
pub fn operation<'a>(plan: &'a Plan, operation: &'a Operation) -> Map<'a> {
    let mut map = Map::new();
    match &operation.access {
        Access::Denied { why } => {
            map.set("access", "denied").set("reason", why);
            return map;
        }
        Access::Public { reason } => {
            map.set("access", "public").set("reason", reason);
        }
        Access::Optional(_) => {
            map.set("access", "optional");
        }
        Access::Caller(need) => {
            map.set("access", access(plan, need));
        }
    }
    if !operation.owns.is_empty() {
        map.set("owns", owns(plan, operation));
    }
    let quotas: Vec<&Quota> = operation
        .quotas
        .iter()
        .filter_map(|index| plan.quotas.get(*index))
        .collect();
    let inline = quotas
        .iter()
        .find(|quota| !is_declared(quota) && quota.name != "authAccount");
    match inline {
        // Those beside it come back by themselves (ruling 107).
        Some(quota) => map.set("rateLimit", window(quota)),
        None => map.set(
            "rateLimit",
            texts(quotas.iter().map(|quota| quota.name.as_str())),
        ),
    };
    if let Some(flow) = &operation.flow {
        map.set("flow", flow.kind.word());
    }
    let limits = &plan.limits;
    let mut own = Map::new();
    if operation.body_bytes != limits.body_bytes {
        own.set("body", bytes(operation.body_bytes));
    }
    if operation.body_timeout_ms != limits.body_timeout_ms {
        own.set("bodyTimeout", millis(operation.body_timeout_ms));
    }
    if operation.handler_timeout_ms != limits.handler_timeout_ms {
        own.set("handlerTimeout", millis(operation.handler_timeout_ms));
    }
    if !own.is_empty() {
        map.set("limits", own);
    }
    let mut replies = Map::new();
    for reply in &operation.replies {
        let kind = match reply.body {
            ReplyBody::Empty => "empty",
            ReplyBody::Problem => "problem",
            ReplyBody::Json(_) => "json",
            ReplyBody::Text(_) => "text",
        };
        replies.set(reply.status.to_string(), kind);
    }
    map.set("replies", replies);
    map
}

/// The roles and scopes that `security` does not say: one set of which any role will do, then single roles.
fn access<'a>(plan: &'a Plan, need: &'a Need) -> Tree<'a> {
    let (sets, scopes) = (need.roles.as_slice(), need.scopes.as_slice());
    let (first, rest) = match sets.split_first() {
        Some((first, rest)) => (Some(names(plan, *first)), rest),
        None => (None, sets),
    };
    if need.policy.is_some() || need.is_step_up() {
        let mut map = Map::new();
        map.maybe("roles", first.map(texts));
        if !rest.is_empty() {
            let all = rest.iter().flat_map(|set| names(plan, *set));
            map.set("allRoles", texts(all));
        }
        if !scopes.is_empty() {
            map.set("scopes", texts(scopes));
        }
        map.maybe("policy", need.policy.as_ref().map(said));
        map.maybe("fresh", need.fresh.map(seconds));
        if !need.acr.is_empty() {
            map.set("acr", texts(&need.acr));
        }
        return map.into();
    }
    match (first, rest, scopes) {
        (None, _, []) => "authenticated".into(),
        (Some(first), [], []) => match first.as_slice() {
            [role] => (*role).into(),
            _ => texts(first),
        },
        (first, rest, scopes) => {
            let mut map = Map::new();
            map.maybe("roles", first.map(texts));
            if !rest.is_empty() {
                let all = rest.iter().flat_map(|set| names(plan, *set));
                map.set("allRoles", texts(all));
            }
            if !scopes.is_empty() {
                map.set("scopes", texts(scopes));
            }
            map.into()
        }
    }
}

/// A policy by its name, or the expression that has none.
fn said(policy: &Expression) -> &str {
    policy.name.as_deref().unwrap_or(policy.text())
}

/// `security` of an operation.
pub fn security<'a>(plan: &'a Plan, access: &'a Access, public: bool) -> Option<Tree<'a>> {
    let mut alternatives: Vec<Tree> = Vec::new();
    for alternative in access
        .need()
        .into_iter()
        .flat_map(|need| &need.alternatives)
    {
        let mut entry = Map::new();
        for asks in &alternative.asks {
            if let Some(name) = plan.name_of(asks.means) {
                entry.set(name, demanded(plan, access, asks, public));
            }
        }
        alternatives.push(entry.into());
    }
    match access {
        Access::Denied { .. } => return None,
        Access::Caller(_) => {}
        // Not `[]`, which tools take for "not said".
        Access::Public { .. } | Access::Optional(_) => alternatives.push(Map::new().into()),
    }
    Some(Tree::List(alternatives))
}

/// What the list of a scheme in `security` says: scopes for a scheme that has some, else roles, which are no caller's
/// business (ruling 21). What `access` asks of scopes is told to the public here.
fn demanded<'a>(plan: &'a Plan, access: &'a Access, asks: &'a Asks, public: bool) -> Tree<'a> {
    if !names_scopes(plan, asks.means) {
        return match public {
            true => Tree::List(Vec::new()),
            false => texts(asks.roles.iter().flat_map(|set| names(plan, *set))),
        };
    }
    let mut scopes: Vec<&str> = asks.scopes.iter().map(String::as_str).collect();
    for scope in access.need().into_iter().flat_map(|need| &need.scopes) {
        if public && !scopes.contains(&scope.as_str()) {
            scopes.push(scope);
        }
    }
    texts(scopes)
}

/// Whether the scheme is one whose entry in `security` lists scopes; for the others it lists roles.
fn names_scopes(plan: &Plan, means: Means) -> bool {
    let scheme = plan.name_of(means);
    let schemes = plan.published.schemes.iter();
    let mut kinds = schemes.filter(|(name, _)| Some(name.as_str()) == scheme);
    kinds.any(|(_, Credential { kind, .. })| {
        matches!(
            kind,
            CredentialKind::OAuth2(_) | CredentialKind::OpenIdConnect(_)
        )
    })
}

/// What is written of it; the parents that nobody wrote come back by themselves (ruling 81).
fn owns<'a>(plan: &'a Plan, operation: &'a Operation) -> Tree<'a> {
    let reads = operation.method == "GET";
    let mut map = Map::new();
    for (_, owns) in operation.written() {
        let Some(resource) = plan.resources.get(owns.resource) else {
            continue;
        };
        let Some((at, mode)) = owns.kind.one() else {
            match &owns.decision {
                Some(decision) => {
                    let mut how = Map::new();
                    how.set("by", format!("policy {}", decision.name))
                        .set("mode", "list");
                    map.set(&resource.name, how);
                }
                None => {
                    map.set(&resource.name, "list");
                }
            }
            continue;
        };
        let id = id_of(operation, at, &resource.param);
        let usual = (mode == Mode::Write) != reads && id.is_none();
        let by = match owns.kind {
            OwnKind::Any { .. } if usual => {
                map.set(&resource.name, "any");
                continue;
            }
            OwnKind::Owner { .. } if usual && operation.written().count() == 1 => {
                return (&resource.name).into();
            }
            // What says more than `any` says a tenant.
            OwnKind::Any { .. } => "tenant".to_owned(),
            OwnKind::Policy { .. } => {
                let name = owns.decision.as_ref().map_or("", |each| each.name.as_str());
                format!("policy {name}")
            }
            OwnKind::Owner { .. } | OwnKind::List => "owner".to_owned(),
        };
        let mut how = Map::new();
        how.set("by", by)
            .set("mode", if mode == Mode::Write { "write" } else { "read" })
            .maybe("id", id);
        map.set(&resource.name, how);
    }
    map.into()
}

/// Where the id stands, if not in the resource's parameter.
fn id_of(operation: &Operation, at: IdAt, usual: &str) -> Option<String> {
    match at {
        IdAt::Param(param) => {
            let name = &operation.params.get(param)?.name;
            (name != usual).then(|| name.clone())
        }
        IdAt::Body(number) => {
            let tokens = operation.ids.get(number)?.tokens.iter();
            let tokens = tokens.map(|token| token.replace('~', "~0").replace('/', "~1"));
            Some(format!("body./{}", tokens.collect::<Vec<_>>().join("/")))
        }
        IdAt::Part(_) => None,
    }
}
