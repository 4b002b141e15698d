//! The policy in its own vocabulary, every default written out: read again, it is the same policy.

use super::tree::{Map, Tree, texts};
use crate::plan::{
    Access, Asks, AttributeKind, By, Credential, CredentialKind, Holds, IdAt, Keys, Means, Member,
    Mode, Need, Object, OnDenied, OnStoreFailure, Operation, Origins, OwnKind, Plan, Quota, Read,
    ReplyBody, Setting, ValueKind, Write,
};
use crate::policy::Expression;

/// `x-security` of the root.
pub fn root(plan: &Plan) -> Map<'_> {
    let mut map = Map::new();
    map.set("version", 1_u8);
    if !plan.schemes.is_empty()
        || !plan.keys.is_empty()
        || !plan.passwords.is_empty()
        || !plan.certificates.is_empty()
    {
        map.set("auth", auth(plan));
    }
    if !plan.roles.is_empty() {
        map.set("roles", roles(plan));
    }
    if !plan.resources.is_empty() {
        map.set("resources", resources(plan));
    }
    if !plan.principal.is_empty() {
        map.set("principal", principal(plan));
    }
    if !plan.policies.is_empty() {
        let mut policies = Map::new();
        for (name, text) in &plan.policies {
            policies.set(name, text);
        }
        map.set("policies", policies);
    }
    let mut limits = Map::new();
    for quota in plan.quotas.iter().filter(|quota| is_declared(quota)) {
        limits.set(&quota.name, window(quota));
    }
    if !limits.is_empty() {
        map.set("rateLimits", limits);
    }
    if let Some(cors) = &plan.cors {
        let mut inner = Map::new();
        inner
            .set(
                "origins",
                match &cors.origins {
                    Origins::List(list) => texts(list),
                    Origins::Env(name) => format!("env:{name}").into(),
                },
            )
            .set("credentials", cors.credentials)
            .maybe("maxAge", cors.max_age_seconds.map(seconds));
        if !cors.expose.is_empty() {
            inner.set("expose", texts(&cors.expose));
        }
        map.set("cors", inner);
    }
    // `tokens` implies all of `revocation`.
    match (&plan.tokens, plan.revocation) {
        (Some(tokens), _) => {
            let mut inner = Map::new();
            inner
                .set("accessLifetime", seconds(tokens.access_seconds))
                .set("refreshLifetime", seconds(tokens.refresh_seconds))
                .set("refreshIdle", seconds(tokens.idle_seconds))
                .set("grace", seconds(tokens.grace_seconds));
            map.set("tokens", inner);
        }
        (None, Some(by)) => {
            let names = [
                ("jti", by.jti),
                ("subject", by.subject),
                ("session", by.session),
            ];
            let names = names
                .into_iter()
                .filter(|(_, by)| *by)
                .map(|(name, _)| name);
            let mut inner = Map::new();
            inner.set("by", texts(names));
            map.set("revocation", inner);
        }
        (None, None) => {}
    }
    if let Some(tls) = &plan.tls {
        let mut inner = Map::new();
        let oldest = if tls.tls12 { "1.2" } else { "1.3" };
        inner
            .set("tls", "terminate")
            .set("minTls", Tree::Decimal(oldest));
        map.set("network", inner);
    }
    map.set("limits", limits_of(plan));
    map
}

fn auth(plan: &Plan) -> Map<'_> {
    let mut map = Map::new();
    for scheme in &plan.schemes {
        let mut claims = Map::new();
        claims
            .set("subject", &scheme.claims.subject)
            .set("roles", &scheme.claims.roles)
            .set("scopes", &scheme.claims.scopes)
            .set("tenant", &scheme.claims.tenant)
            .set("session", &scheme.claims.session);
        let profile = match scheme.access_token_profile {
            true => "accessToken",
            false => "jwt",
        };
        let mut entry = Map::new();
        entry
            .set("issuer", setting(&scheme.issuer))
            .set("audience", texts(scheme.audience.iter().map(setting)))
            .set("algorithms", texts(&scheme.algorithms))
            .set("keys", keys(&scheme.keys))
            .set("profile", profile)
            .set("leeway", seconds(scheme.leeway_seconds.into()))
            .set("maxLifetime", seconds(scheme.max_lifetime_seconds))
            .set("maxBytes", bytes(scheme.max_bytes))
            .set("claims", claims);
        if scheme.identity {
            entry.set("identity", true);
        }
        map.set(&scheme.name, entry);
    }
    for scheme in &plan.keys {
        let mut entry = Map::new();
        entry.set("keys", setting(&scheme.keys));
        if scheme.roles != 0 {
            entry.set("roles", texts(names(plan, scheme.roles)));
        }
        if !scheme.prefix.is_empty() {
            entry.set("prefix", &scheme.prefix);
        }
        entry.maybe("reason", scheme.reason.as_ref());
        map.set(&scheme.name, entry);
    }
    for scheme in &plan.certificates {
        let mut entry = Map::new();
        entry.set("subject", scheme.subject.word());
        if scheme.roles != 0 {
            entry.set("roles", texts(names(plan, scheme.roles)));
        }
        map.set(&scheme.name, entry);
    }
    for scheme in &plan.passwords {
        let mut entry = Map::new();
        entry.set("reason", &scheme.reason);
        if scheme.roles != 0 {
            entry.set("roles", texts(names(plan, scheme.roles)));
        }
        map.set(&scheme.name, entry);
    }
    map
}

/// The short form only where nothing is said beyond it.
fn keys(keys: &Keys) -> Tree<'_> {
    let source = match keys.holds {
        Holds::Anything => return setting(&keys.from).into(),
        Holds::Set => "jwks",
        Holds::Pem => "pem",
        Holds::Secret => "secret",
        Holds::Issued => "issued",
    };
    let mut map = Map::new();
    map.set("source", source).set("from", setting(&keys.from));
    if keys.holds == Holds::Set {
        map.set("refresh", seconds(keys.refresh_seconds))
            .set("cooldown", seconds(keys.cooldown_seconds))
            .maybe("private", keys.private.as_ref());
    }
    map.into()
}

fn setting(setting: &Setting) -> String {
    match setting {
        Setting::Literal(text) => text.clone(),
        Setting::Env(name) => format!("env:{name}"),
        Setting::File(path) => format!("file:{path}"),
        Setting::Vault(reference) => format!("vault:{reference}"),
    }
}

fn roles(plan: &Plan) -> Map<'_> {
    let mut map = Map::new();
    for (index, role) in plan.roles.iter().enumerate() {
        let others = role.holds & !(1 << index);
        // What a role that is included includes itself need not be said again.
        let implied = plan
            .roles
            .iter()
            .enumerate()
            .filter(|(other, _)| others >> other & 1 == 1)
            .fold(0, |set, (other, each)| set | each.holds & !(1 << other));
        let mut entry = Map::new();
        let direct = names(plan, others & !implied);
        if !direct.is_empty() {
            entry.set("includes", texts(direct));
        }
        entry.maybe("description", role.description.as_ref());
        map.set(&role.name, entry);
    }
    map
}

fn principal(plan: &Plan) -> Map<'_> {
    let mut map = Map::new();
    for attribute in &plan.principal {
        let mut entry = Map::new();
        entry
            .set("from", &attribute.from)
            .set("kind", kind(attribute.kind))
            .set("required", attribute.required);
        map.set(&attribute.name, entry);
    }
    map
}

fn kind(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::String => "string",
        AttributeKind::Integer => "integer",
        AttributeKind::Boolean => "boolean",
        AttributeKind::Uuid => "uuid",
        AttributeKind::Strings => "strings",
        AttributeKind::Time => "time",
    }
}

fn names(plan: &Plan, set: u64) -> Vec<&str> {
    plan.roles
        .iter()
        .enumerate()
        .filter(|(bit, _)| set >> bit & 1 == 1)
        .map(|(_, role)| role.name.as_str())
        .collect()
}

fn resources(plan: &Plan) -> Map<'_> {
    let mut map = Map::new();
    for resource in &plan.resources {
        let denied: u16 = match resource.on_denied {
            OnDenied::NotFound => 404,
            OnDenied::Forbidden => 403,
        };
        let mut entry = Map::new();
        entry
            .set("param", &resource.param)
            .set("tenant", resource.tenant)
            .set("onDenied", denied)
            .set("bypass", texts(names(plan, resource.bypass)));
        if !resource.attributes.is_empty() {
            let mut attributes = Map::new();
            for attribute in &resource.attributes {
                attributes.set(&attribute.name, kind(attribute.kind));
            }
            entry.set("attributes", attributes);
        }
        let parent = resource
            .parent
            .and_then(|parent| plan.resources.get(parent));
        entry.maybe("parent", parent.map(|parent| &parent.name));
        map.set(&resource.name, entry);
    }
    map
}

/// Whether a limit can be one of `rateLimits`. `authAccount` is a different one for each name of an account, and is
/// found again by the password beside it; a limit that is written out is named by its operation, whatever that is.
fn is_declared(quota: &Quota) -> bool {
    let name = &quota.name;
    name != "authAccount"
        && !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn window(quota: &Quota) -> Map<'_> {
    let by = quota.by.iter().map(|by| match by {
        By::Ip => "ip".to_owned(),
        By::Subject => "subject".to_owned(),
        By::Tenant => "tenant".to_owned(),
        By::ApiKey => "apiKey".to_owned(),
        By::All => "all".to_owned(),
        By::Field(name) => format!("field:/{}", name.replace('~', "~0").replace('/', "~1")),
    });
    let count = match quota.failures_only {
        true => "failures",
        false => "all",
    };
    let on_failure = match quota.on_failure {
        OnStoreFailure::Deny => "deny",
        OnStoreFailure::Local => "local",
    };
    let mut map = Map::new();
    map.set("limit", quota.limit)
        .set("window", seconds(quota.window_seconds))
        .set("by", texts(by))
        .set("count", count)
        .set("onFailure", on_failure);
    map
}

fn limits_of(plan: &Plan) -> Map<'_> {
    let limits = &plan.limits;
    let (rate, per) = limits.ip_rate;
    let mut map = Map::new();
    map.set("body", bytes(limits.body_bytes))
        .set("uri", bytes(limits.uri_bytes))
        .set("headerBytes", bytes(limits.header_bytes))
        .set("headerCount", limits.header_count)
        .set("headerTimeout", millis(limits.header_timeout_ms))
        .set("bodyTimeout", millis(limits.body_timeout_ms))
        .set("handlerTimeout", millis(limits.handler_timeout_ms))
        .set("connections", limits.connections)
        .set("perIp", limits.per_ip)
        .set("ipRate", format!("{rate} per {}", seconds(per)))
        .set("concurrency", limits.concurrency)
        .set("jsonDepth", limits.json_depth)
        .set("string", limits.string)
        .set("array", limits.array)
        .set("object", limits.object);
    map
}

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

/// `x-security` of a member; `required`: it is always there, and not listed.
pub fn marks<'a>(plan: &'a Plan, member: &'a Member, required: bool) -> Map<'a> {
    let mut map = Map::new();
    if member.secret || member.personal {
        map.set(
            "sensitive",
            if member.secret { "secret" } else { "personal" },
        );
    }
    if let Read::Some { roles, owner } = member.read {
        let mut readers = names(plan, roles);
        readers.extend(owner.then_some("owner"));
        map.set("read", texts(readers));
    }
    match member.write {
        Write::Anyone => {}
        // `readOnly` says it, but beside `writeOnly` it would be a contradiction.
        Write::Nobody if member.read == Read::Nobody => {
            map.set("write", "none");
        }
        Write::Nobody => {}
        Write::Create => {
            map.set("write", "create");
        }
        Write::Roles(roles) => {
            map.set("write", texts(names(plan, roles)));
        }
    }
    if required {
        map.set("required", true);
    }
    map.maybe("files", files(&member.value));
    map
}

/// What else holds for the files of a member; their size is its `maxLength`.
fn files(value: &ValueKind) -> Option<Map<'_>> {
    let file = match value {
        ValueKind::File(file) => file,
        ValueKind::List(list) => return files(&list.items),
        _ => return None,
    };
    let mut map = Map::new();
    if !file.types.is_empty() {
        map.set("mediaTypes", texts(file.types.iter().map(String::as_str)));
    }
    map.maybe("maxCount", file.most)
        .maybe("names", file.names.as_ref().map(|names| &names.source));
    (!map.is_empty()).then_some(map)
}

/// `x-security` of an object: its rules.
pub fn rules(object: &Object) -> Option<Map<'_>> {
    if object.rules.is_empty() {
        return None;
    }
    let rules = object.rules.iter().map(|rule| {
        let mut entry = Map::new();
        entry
            .set("id", &rule.id)
            .set("check", &rule.text)
            .set("message", &rule.message);
        entry.into()
    });
    let mut map = Map::new();
    map.set("rules", Tree::List(rules.collect()));
    Some(map)
}

fn seconds(seconds: u64) -> String {
    millis(seconds.saturating_mul(1_000))
}

/// In the largest unit that says it exactly.
fn millis(millis: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "m"),
        (1_000, "s"),
    ];
    if millis == 0 {
        return "0s".to_owned();
    }
    let unit = UNITS.iter().find(|(unit, _)| millis.is_multiple_of(*unit));
    match unit {
        Some((unit, name)) => format!("{}{name}", millis / unit),
        None => format!("{millis}ms"),
    }
}

fn bytes(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = UNITS.iter().find(|(unit, _)| bytes.is_multiple_of(*unit));
    match unit {
        Some((unit, name)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes}B"),
    }
}
