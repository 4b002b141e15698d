//! What holds for all operations: schemes, the hierarchy of roles, origins, limits.

use super::change::{Changes, Subject};
use super::{Both, Verdict, decisions};
use crate::plan::{
    Carrier, CertificateName, Cors, KeyScheme, Limits, Origins, Plan, Scheme, Setting,
};

pub(super) fn compare(both: &Both, changes: &mut Changes) {
    let mut subject = Subject {
        changes,
        operation: None,
        places: Vec::new(),
    };
    schemes(both, &mut subject);
    decisions::of_principal(both, &mut subject);
    hierarchy(both, &mut subject);
    revocation(both, &mut subject);
    issued(both, &mut subject);
    cors(both.old.cors.as_ref(), both.new.cors.as_ref(), &mut subject);
    subject.switch(
        "plain text is spoken",
        both.old.tls.is_none(),
        both.new.tls.is_none(),
    );
    let tls12 = |plan: &Plan| plan.tls.is_none_or(|tls| tls.tls12);
    subject.switch("TLS 1.2 is spoken", tls12(both.old), tls12(both.new));
    limits(&both.old.limits, &both.new.limits, &mut subject);
    if both.old.mount != both.new.mount {
        let (old, new) = (both.old.mount.clone(), both.new.mount.clone());
        subject.add(Some(Verdict::Neutral), "mount", Some(old), Some(new));
    }
}

/// Schemes that both have. One that is new or gone shows at the operations that use it.
fn schemes(both: &Both, subject: &mut Subject) {
    for new in &both.new.schemes {
        let old = both.old.schemes.iter().find(|old| old.name == new.name);
        if let Some(old) = old {
            scheme(old, new, subject);
        }
    }
    for new in &both.new.keys {
        let old = both.old.keys.iter().find(|old| old.name == new.name);
        if let Some(old) = old {
            keys(both, old, new, subject);
        }
    }
    for new in &both.new.passwords {
        let old = both.old.passwords.iter().find(|old| old.name == new.name);
        if let Some(old) = old {
            held(both, &new.name, (old.roles, new.roles), subject);
        }
    }
    certificates(both, subject);
}

/// Of two schemes of certificates, who the caller is and what they hold.
fn certificates(both: &Both, subject: &mut Subject) {
    for new in &both.new.certificates {
        let old = both.old.certificates.iter();
        if let Some(old) = old.into_iter().find(|old| old.name == new.name) {
            let what = format!("auth {} subject", new.name);
            let word = |name: &CertificateName| name.word().to_owned();
            subject.other(&what, &old.subject, &new.subject, word);
            held(both, &new.name, (old.roles, new.roles), subject);
        }
    }
}

/// Of two schemes of API keys, all that decides which keys are good, and what they are good for.
fn keys(both: &Both, old: &KeyScheme, new: &KeyScheme, subject: &mut Subject) {
    let what = |part: &str| format!("auth {} {part}", new.name);
    subject.other(&what("place"), &old.carrier, &new.carrier, carrier);
    subject.other(&what("keys"), &old.keys, &new.keys, setting);
    held(both, &new.name, (old.roles, new.roles), subject);
    // What begins with the longer one begins with the shorter one.
    let (was, is) = (&old.prefix, &new.prefix);
    let verdict = Verdict::of(!is.starts_with(was.as_str()), was != is);
    subject.add(verdict, what("prefix"), Some(was.clone()), Some(is.clone()));
}

/// The roles that every credential of a scheme gives.
fn held(both: &Both, name: &str, (old, new): (u64, u64), subject: &mut Subject) {
    let roles = |plan: &Plan, set: u64| -> Vec<String> {
        let roles = plan.roles.iter().enumerate();
        let held = roles.filter(|(bit, _)| set >> bit & 1 == 1);
        held.map(|(_, role)| role.name.clone()).collect()
    };
    let (old, new) = (roles(both.old, old), roles(both.new, new));
    subject.names(&format!("auth {name} role"), &old, &new);
}

fn carrier(carrier: &Carrier) -> String {
    match carrier {
        Carrier::Header(name) => format!("header {name}"),
        Carrier::Query(name) => format!("query {name}"),
        Carrier::Cookie(name) => format!("cookie {name}"),
    }
}

/// Of two schemes, all that decides which tokens are good.
pub(super) fn scheme(old: &Scheme, new: &Scheme, subject: &mut Subject) {
    let what = |part: &str| format!("auth {} {part}", new.name);
    subject.other(&what("issuer"), &old.issuer, &new.issuer, setting);
    let audience =
        |scheme: &Scheme| -> Vec<String> { scheme.audience.iter().map(setting).collect() };
    subject.names(&what("audience"), &audience(old), &audience(new));
    subject.names(&what("algorithm"), &old.algorithms, &new.algorithms);
    subject.other(&what("keys"), &old.keys.from, &new.keys.from, setting);
    let holds = |scheme: &Scheme| format!("{:?}", scheme.keys.holds).to_lowercase();
    subject.other(&what("keys hold"), &holds(old), &holds(new), Clone::clone);
    subject.number(
        &what("keys refresh seconds"),
        old.keys.refresh_seconds,
        new.keys.refresh_seconds,
    );
    subject.switch(
        &what("keys from a private network"),
        old.keys.private.is_some(),
        new.keys.private.is_some(),
    );
    subject.switch(
        &what("takes tokens that are no access tokens"),
        !old.access_token_profile,
        !new.access_token_profile,
    );
    subject.number(
        &what("leeway seconds"),
        old.leeway_seconds,
        new.leeway_seconds,
    );
    subject.number(
        &what("maxLifetime seconds"),
        old.max_lifetime_seconds,
        new.max_lifetime_seconds,
    );
    subject.number(&what("maxBytes"), old.max_bytes, new.max_bytes);
    for (name, old, new) in [
        ("subject", &old.claims.subject, &new.claims.subject),
        ("roles", &old.claims.roles, &new.claims.roles),
        ("scopes", &old.claims.scopes, &new.claims.scopes),
        ("tenant", &old.claims.tenant, &new.claims.tenant),
        ("session", &old.claims.session, &new.claims.session),
    ] {
        subject.other(&what(&format!("claim {name}")), old, new, Clone::clone);
    }
}

pub(super) fn setting(setting: &Setting) -> String {
    match setting {
        Setting::Literal(text) => text.clone(),
        Setting::Env(name) => format!("env:{name}"),
        Setting::File(path) => format!("file:{path}"),
        Setting::Vault(reference) => format!("vault:{reference}"),
    }
}

/// What a role includes. Which operations that opens or closes shows there; here it is what a token is worth.
fn hierarchy(both: &Both, subject: &mut Subject) {
    for name in &both.roles.names {
        let held = |roles: &[crate::plan::Role]| -> Option<Vec<String>> {
            let role = roles.iter().find(|role| role.name == *name)?;
            let included = roles.iter().enumerate();
            let included = included
                .filter(|(bit, other)| role.holds >> bit & 1 == 1 && other.name != role.name);
            Some(included.map(|(_, other)| other.name.clone()).collect())
        };
        if let (Some(old), Some(new)) = (held(&both.old.roles), held(&both.new.roles)) {
            subject.names(&format!("role {name} includes"), &old, &new);
        }
    }
}

/// What cannot be revoked any more is good for longer.
fn revocation(both: &Both, subject: &mut Subject) {
    let by = |plan: &crate::plan::Plan| {
        plan.revocation
            .map_or([false; 3], |by| [by.jti, by.subject, by.session])
    };
    let (old, new) = (by(both.old), by(both.new));
    for (name, (old, new)) in ["jti", "subject", "session"]
        .into_iter()
        .zip(old.into_iter().zip(new))
    {
        subject.switch(&format!("tokens cannot be revoked by {name}"), !old, !new);
    }
}

/// Tokens that this service issues: the longer they last, the wider.
fn issued(both: &Both, subject: &mut Subject) {
    match (&both.old.tokens, &both.new.tokens) {
        (Some(old), Some(new)) => {
            let name = |plan: &crate::plan::Plan, at: usize| {
                plan.schemes.get(at).map(|scheme| scheme.name.clone())
            };
            let (of_old, of_new) = (name(both.old, old.scheme), name(both.new, new.scheme));
            subject.other("tokens scheme", &of_old, &of_new, |name| {
                name.clone().unwrap_or_default()
            });
            for (what, old, new) in [
                ("accessLifetime", old.access_seconds, new.access_seconds),
                ("refreshLifetime", old.refresh_seconds, new.refresh_seconds),
                ("refreshIdle", old.idle_seconds, new.idle_seconds),
                ("grace", old.grace_seconds, new.grace_seconds),
            ] {
                subject.number(&format!("tokens {what} seconds"), old, new);
            }
        }
        (old, new) => subject.switch("tokens are issued here", old.is_some(), new.is_some()),
    }
}

fn cors(old: Option<&Cors>, new: Option<&Cors>, subject: &mut Subject) {
    match (old, new) {
        (None, None) => {}
        (None, Some(new)) => subject.add(
            Some(Verdict::Widened),
            "cors",
            None,
            Some(origins(&new.origins)),
        ),
        (Some(old), None) => subject.add(
            Some(Verdict::Narrowed),
            "cors",
            Some(origins(&old.origins)),
            None,
        ),
        (Some(old), Some(new)) => {
            match (&old.origins, &new.origins) {
                (Origins::List(old), Origins::List(new)) => {
                    subject.names("cors origin", old, new);
                }
                (Origins::Env(old), Origins::Env(new)) if old == new => {}
                (old, new) => subject.add(
                    Some(Verdict::Widened),
                    "cors origins",
                    Some(origins(old)),
                    Some(origins(new)),
                ),
            }
            subject.switch("cors credentials", old.credentials, new.credentials);
            subject.names("cors exposes", &old.expose, &new.expose);
            subject.number(
                "cors maxAge seconds",
                old.max_age_seconds.unwrap_or(0),
                new.max_age_seconds.unwrap_or(0),
            );
        }
    }
}

fn origins(origins: &Origins) -> String {
    match origins {
        Origins::List(list) => list.join(", "),
        Origins::Env(name) => format!("env:{name}"),
    }
}

fn limits(old: &Limits, new: &Limits, subject: &mut Subject) {
    subject.number("limits uri bytes", old.uri_bytes, new.uri_bytes);
    subject.number("limits headerBytes", old.header_bytes, new.header_bytes);
    subject.number("limits headerCount", old.header_count, new.header_count);
    subject.number(
        "limits headerTimeout ms",
        old.header_timeout_ms,
        new.header_timeout_ms,
    );
    subject.number("limits connections", old.connections, new.connections);
    subject.number("limits perIp", old.per_ip, new.per_ip);
    let (old_rate, new_rate) = (old.ip_rate, new.ip_rate);
    let verdict = Verdict::of(
        new_rate.0 > old_rate.0 || new_rate.1 < old_rate.1,
        new_rate != old_rate,
    );
    let rate = |(count, seconds): (u32, u64)| Some(format!("{count} per {seconds}s"));
    subject.add(verdict, "limits ipRate", rate(old_rate), rate(new_rate));
    subject.number("limits concurrency", old.concurrency, new.concurrency);
    subject.number("limits jsonDepth", old.json_depth, new.json_depth);
}
