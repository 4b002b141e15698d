//! What the policy says of the whole service, in the words of the plan.

use super::{
    Access, Alternative, Attribute, AttributeKind, CertificateScheme, Claims, Cors, KeyScheme,
    Keys, Limits, Means, Operation, Origins, PasswordScheme, Revocation, Role, Scheme, Setting,
    Tokens,
};
use crate::policy;
use crate::policy::gaps;
use crate::policy::report::Report;
use std::collections::BTreeSet;

pub(super) fn roles(policy: &policy::Policy) -> Vec<Role> {
    let role = |role: &policy::Role| Role {
        name: role.name.clone(),
        description: role.description.clone(),
        holds: role.holds,
    };
    policy.roles.iter().map(role).collect()
}

/// Refuses ownership where callers come from several issuers: identity is issuer and subject (P17), an owner is a subject.
/// The keys of one scheme are an issuer of their own.
pub(super) fn one_issuer(policy: &policy::Policy, operations: &[Operation], report: &mut Report) {
    let issuer = |means| match means {
        Means::Token(at) => policy.schemes.get(at).map(|each| Ok(&each.issuer)),
        Means::Key(at) => policy.keys.get(at).map(|each| Err(&each.name)),
        Means::Password(at) => policy.passwords.get(at).map(|each| Err(&each.name)),
        Means::Certificate(at) => policy.certificates.get(at).map(|each| Err(&each.name)),
    };
    let mut first = None;
    for operation in operations.iter().filter(|each| !each.owns.is_empty()) {
        let Some(need) = operation.access.need() else {
            continue;
        };
        let callers = need.alternatives.iter().filter_map(Alternative::caller);
        let mut issuers = callers.map(issuer);
        if issuers.any(|issuer| *first.get_or_insert(issuer) != issuer) {
            report.gap(&gaps::OWNS_TWO_ISSUERS, operation.place);
        }
    }
}

/// What verifies callers.
pub(super) struct Used {
    pub schemes: Vec<Scheme>,
    pub keys: Vec<KeyScheme>,
    pub passwords: Vec<PasswordScheme>,
    pub certificates: Vec<CertificateScheme>,
    pub tokens: Option<Tokens>,
}

/// The schemes that some operation needs, in document order; what the operations say of them is made to fit.
///
/// A service must not refuse to start for want of a key that no request is ever held to. The one it signs with it needs.
pub(super) fn used_schemes(policy: &policy::Policy, operations: &mut [Operation]) -> Used {
    let mut issuing = tokens(policy);
    let mut used: BTreeSet<Means> = BTreeSet::new();
    for operation in operations.iter() {
        used.extend(operation.access.need().iter().flat_map(|need| need.means()));
    }
    used.extend(issuing.as_ref().map(|tokens| Means::Token(tokens.scheme)));
    // In order: tokens, keys, passwords, certificates, each by its place in the policy.
    let (mut kept, mut keys) = (Vec::new(), Vec::new());
    let (mut passwords, mut certificates) = (Vec::new(), Vec::new());
    for means in used {
        match means {
            Means::Token(at) => kept.push(at),
            Means::Key(at) => keys.push(at),
            Means::Password(at) => passwords.push(at),
            Means::Certificate(at) => certificates.push(at),
        }
    }
    let place = |kept: &[usize], old: usize| kept.iter().position(|each| *each == old);
    for operation in operations {
        let (Access::Caller(need) | Access::Optional(need)) = &mut operation.access else {
            continue;
        };
        let alternatives = need.alternatives.iter_mut();
        for asks in alternatives.flat_map(|each| &mut each.asks) {
            let fits = match asks.means {
                Means::Token(old) => place(&kept, old).map(Means::Token),
                Means::Key(old) => place(&keys, old).map(Means::Key),
                Means::Password(old) => place(&passwords, old).map(Means::Password),
                Means::Certificate(old) => place(&certificates, old).map(Means::Certificate),
            };
            asks.means = fits.unwrap_or(asks.means);
        }
    }
    if let Some(issuing) = &mut issuing {
        issuing.scheme = place(&kept, issuing.scheme).unwrap_or(issuing.scheme);
    }
    let schemes = kept.iter().filter_map(|at| policy.schemes.get(*at));
    let keys = keys.iter().filter_map(|at| policy.keys.get(*at));
    let passwords = passwords.iter().filter_map(|at| policy.passwords.get(*at));
    let certificates = certificates.iter();
    let certificates = certificates.filter_map(|at| policy.certificates.get(*at));
    Used {
        schemes: schemes.map(scheme).collect(),
        keys: keys.map(key_scheme).collect(),
        passwords: passwords.map(password_scheme).collect(),
        certificates: certificates.map(certificate_scheme).collect(),
        tokens: issuing,
    }
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

fn certificate_scheme(scheme: &policy::CertificateScheme) -> CertificateScheme {
    CertificateScheme {
        name: scheme.name.clone(),
        subject: scheme.subject,
        roles: scheme.roles,
    }
}

fn password_scheme(scheme: &policy::PasswordScheme) -> PasswordScheme {
    PasswordScheme {
        name: scheme.name.clone(),
        roles: scheme.roles,
        reason: scheme.reason.clone(),
    }
}

fn key_scheme(scheme: &policy::KeyScheme) -> KeyScheme {
    KeyScheme {
        name: scheme.name.clone(),
        carrier: scheme.carrier.clone(),
        keys: setting(&scheme.keys),
        roles: scheme.roles,
        prefix: scheme.prefix.clone(),
        reason: scheme.reason.clone(),
    }
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
        identity: scheme.identity,
    }
}

fn setting(setting: &policy::Setting) -> Setting {
    match setting {
        policy::Setting::Literal(text) => Setting::Literal(text.clone()),
        policy::Setting::Env(name) => Setting::Env(name.clone()),
        policy::Setting::File(path) => Setting::File(path.clone()),
        policy::Setting::Vault(reference) => Setting::Vault(reference.clone()),
    }
}

pub(super) fn attributes(attributes: &[policy::Attribute]) -> Vec<Attribute> {
    let kind = |kind| match kind {
        policy::AttributeKind::String => AttributeKind::String,
        policy::AttributeKind::Integer => AttributeKind::Integer,
        policy::AttributeKind::Boolean => AttributeKind::Boolean,
        policy::AttributeKind::Uuid => AttributeKind::Uuid,
        policy::AttributeKind::Strings => AttributeKind::Strings,
        policy::AttributeKind::Time => AttributeKind::Time,
    };
    let attribute = |each: &policy::Attribute| Attribute {
        name: each.name.clone(),
        kind: kind(each.kind),
        from: each.from.clone(),
        required: each.required,
    };
    attributes.iter().map(attribute).collect()
}

pub(super) fn policies(policies: &[policy::Expression]) -> Vec<(String, String)> {
    let pair = |each: &policy::Expression| Some((each.name.clone()?, each.text().to_owned()));
    policies.iter().filter_map(pair).collect()
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
        policy::Access::Optional(need) => Access::Optional(need.clone()),
        policy::Access::Caller(need) => Access::Caller(need.clone()),
    }
}
