//! What the policy says of the whole service, in the words of the plan.

use super::{
    Access, Claims, Cors, Keys, Limits, Need, Operation, Origins, Revocation, Role, Scheme,
    Setting, Tokens,
};
use crate::policy;
use crate::policy::gaps;
use crate::policy::report::Report;

pub(super) fn roles(policy: &policy::Policy) -> Vec<Role> {
    let role = |role: &policy::Role| Role {
        name: role.name.clone(),
        description: role.description.clone(),
        holds: role.holds,
    };
    policy.roles.iter().map(role).collect()
}

/// Refuses ownership where callers come from several issuers: identity is issuer and subject (P17), an owner is a subject.
pub(super) fn one_issuer(policy: &policy::Policy, operations: &[Operation], report: &mut Report) {
    let mut first = None;
    for operation in operations.iter().filter(|each| !each.owns.is_empty()) {
        let Access::Caller(need) = &operation.access else {
            continue;
        };
        let issuer = policy.schemes.get(need.scheme).map(|each| &each.issuer);
        if *first.get_or_insert(issuer) != issuer {
            report.gap(&gaps::OWNS_TWO_ISSUERS, operation.place);
        }
    }
}

/// The schemes that some operation needs, in document order; what the operations say of them is made to fit.
///
/// A service must not refuse to start for want of a key that no request is ever held to. The one it signs with it needs.
pub(super) fn used_schemes(
    policy: &policy::Policy,
    operations: &mut [Operation],
) -> (Vec<Scheme>, Option<Tokens>) {
    let mut tokens = tokens(policy);
    let mut needs: Vec<&mut Need> = operations
        .iter_mut()
        .filter_map(|operation| match &mut operation.access {
            Access::Caller(need) => Some(need),
            Access::Public { .. } | Access::Denied { .. } => None,
        })
        .collect();
    let mut schemes = Vec::new();
    for (old, each) in policy.schemes.iter().enumerate() {
        let new = schemes.len();
        let mut used = false;
        // `new` is at most `old`, so a need that was made to fit is not met again.
        for need in needs.iter_mut().filter(|need| need.scheme == old) {
            need.scheme = new;
            used = true;
        }
        if let Some(tokens) = &mut tokens
            && policy
                .tokens
                .as_ref()
                .is_some_and(|tokens| tokens.scheme == old)
        {
            tokens.scheme = new;
            used = true;
        }
        if used {
            schemes.push(scheme(each));
        }
    }
    (schemes, tokens)
}

pub(super) fn tokens(policy: &policy::Policy) -> Option<Tokens> {
    policy.tokens.as_ref().map(|tokens| Tokens {
        scheme: tokens.scheme,
        access_seconds: tokens.access_seconds,
        refresh_seconds: tokens.refresh_seconds,
        idle_seconds: tokens.idle_seconds,
        grace_seconds: tokens.grace_seconds,
    })
}

pub(super) fn revocation(policy: &policy::Policy) -> Option<Revocation> {
    policy.revocation.map(|by| Revocation {
        jti: by.jti,
        subject: by.subject,
        session: by.session,
    })
}

fn scheme(scheme: &policy::Scheme) -> Scheme {
    Scheme {
        name: scheme.name.clone(),
        issuer: setting(&scheme.issuer),
        audience: scheme.audience.iter().map(setting).collect(),
        algorithms: scheme.algorithms.clone(),
        keys: Keys {
            from: setting(&scheme.keys.from),
            holds: scheme.keys.holds,
            refresh_seconds: scheme.keys.refresh_seconds,
            cooldown_seconds: scheme.keys.cooldown_seconds,
            private: scheme.keys.private.clone(),
        },
        access_token_profile: scheme.access_token_profile,
        leeway_seconds: scheme.leeway_seconds,
        max_lifetime_seconds: scheme.max_lifetime_seconds,
        max_bytes: scheme.max_bytes,
        claims: Claims {
            subject: scheme.claims.subject.clone(),
            roles: scheme.claims.roles.clone(),
            scopes: scheme.claims.scopes.clone(),
            tenant: scheme.claims.tenant.clone(),
            session: scheme.claims.session.clone(),
        },
    }
}

fn setting(setting: &policy::Setting) -> Setting {
    match setting {
        policy::Setting::Literal(text) => Setting::Literal(text.clone()),
        policy::Setting::Env(name) => Setting::Env(name.clone()),
        policy::Setting::File(path) => Setting::File(path.clone()),
    }
}

pub(super) fn cors(policy: &policy::Policy) -> Option<Cors> {
    let cors = policy.cors.as_ref()?;
    Some(Cors {
        origins: match &cors.origins {
            policy::Origins::List(list) => Origins::List(list.clone()),
            policy::Origins::Env(name) => Origins::Env(name.clone()),
        },
        credentials: cors.credentials,
        max_age_seconds: cors.max_age_seconds,
        expose: cors.expose.clone(),
    })
}

pub(super) fn limits(policy: &policy::Policy) -> Limits {
    let limits = &policy.limits;
    // Numbers were read as at most u32::MAX.
    let count = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    Limits {
        body_bytes: limits.body.value,
        uri_bytes: limits.uri.value,
        header_bytes: limits.header_bytes.value,
        header_count: count(limits.header_count.value),
        header_timeout_ms: limits.header_timeout.value,
        body_timeout_ms: limits.body_timeout.value,
        handler_timeout_ms: limits.handler_timeout.value,
        connections: count(limits.connections.value),
        per_ip: count(limits.per_ip.value),
        ip_rate: limits.ip_rate.value,
        concurrency: count(limits.concurrency.value),
        json_depth: count(limits.json_depth.value),
        string: limits.string.value,
        array: limits.array.value,
        object: limits.object.value,
    }
}

pub(super) fn access(access: &policy::Access) -> Access {
    match access {
        policy::Access::Denied { why } => Access::Denied { why: why.clone() },
        policy::Access::Public { reason } => Access::Public {
            reason: reason.clone(),
        },
        policy::Access::Caller(need) => Access::Caller(Need {
            scheme: need.scheme,
            roles: need.roles.clone(),
            scopes: need.scopes.clone(),
        }),
    }
}
