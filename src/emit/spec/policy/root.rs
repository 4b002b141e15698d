//! `x-security` of the root: schemes, roles, resources, limits.

use super::units::{bytes, millis, seconds};
use crate::emit::spec::tree::{Map, Tree, texts};
use crate::plan::{
    AttributeKind, By, Holds, Keys, OnDenied, OnStoreFailure, Origins, Plan, Quota, Setting,
};

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
            .set("minTls", Tree::Decimal(oldest.into()));
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

pub(super) fn names(plan: &Plan, set: u64) -> Vec<&str> {
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
pub(super) fn is_declared(quota: &Quota) -> bool {
    let name = &quota.name;
    name != "authAccount"
        && !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

pub(super) fn window(quota: &Quota) -> Map<'_> {
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
