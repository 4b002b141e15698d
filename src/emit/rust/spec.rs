//! `api/src/spec.rs`: the declared service as constants.

use super::context::Context;
use super::names::ident;
use super::print::{about, owned, plain};
use super::shared::Shared;
use crate::emit::Files;
use crate::plan::{
    AttributeKind, By, Carrier, CertificateName, CertificateScheme, Holds as Kind, KeyScheme,
    Origins, Revocation, Scheme, Setting, Tls,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub fn emit(cx: &Context, files: &mut Files) {
    let about = about("What the document declares, as the shield reads it.");
    let plan = cx.plan;
    let (title, version) = (plain(&plan.title), plain(&plan.version));
    // Ruling 22.
    let realm: String = title
        .chars()
        .filter(|c| (' '..='~').contains(c) && !matches!(c, '"' | '\\'))
        .collect();
    let root = &cx.root;
    let roles = plan.roles.iter().map(|role| {
        let name = &role.name;
        let holds = cx.role_set(role.holds);
        quote!(Role { name: #name, holds: #holds })
    });
    let schemes = plan.schemes.iter().map(scheme);
    let keys = plan.keys.iter().map(|scheme| keys(cx, scheme));
    let passwords = plan.passwords.iter().map(|scheme| {
        let (name, roles) = (&scheme.name, held(cx, scheme.roles));
        quote!(PasswordScheme { name: #name, roles: #roles })
    });
    let principal = plan.principal.iter().map(|attribute| {
        let (from, required) = (&attribute.from, attribute.required);
        let kind = ident(match attribute.kind {
            AttributeKind::Integer => "Whole",
            AttributeKind::Boolean => "Flag",
            AttributeKind::Uuid => "Uuid",
            AttributeKind::Strings => "Texts",
            AttributeKind::String | AttributeKind::Time => "Text",
        });
        quote!(Attribute { from: #from, kind: AttributeKind::#kind, required: #required })
    });
    let quotas = plan.quotas.iter().map(|quota| {
        let name = &quota.name;
        let (limit, window) = (Literal::u32_unsuffixed(quota.limit), Literal::u64_unsuffixed(quota.window_seconds));
        let by = quota.by.iter().map(|by| match by {
            By::Ip => quote!(By::Ip),
            By::Subject => quote!(By::Subject),
            By::Tenant => quote!(By::Tenant),
            By::ApiKey => quote!(By::ApiKey),
            By::All => quote!(By::All),
            By::Field(_) => quote!(By::Input),
        });
        let failures_only = quota.failures_only;
        quote!(Quota { name: #name, limit: #limit, window: #window, by: &[#(#by),*], failures_only: #failures_only })
    });
    let cors = match &plan.cors {
        None => quote!(None),
        Some(cors) => {
            let origins = match &cors.origins {
                Origins::List(list) => quote!(Origins::List(&[#(#list),*])),
                Origins::Env(name) => quote!(Origins::Env(#name)),
            };
            let credentials = cors.credentials;
            let expose = &cors.expose;
            let max_age = match cors.max_age_seconds {
                None => quote!(None),
                Some(seconds) => {
                    let seconds = Literal::u64_unsuffixed(seconds);
                    quote!(Some(#seconds))
                }
            };
            quote!(Some(Cors { origins: #origins, credentials: #credentials, max_age: #max_age, expose: &[#(#expose),*] }))
        }
    };
    let revocation = match plan.revocation {
        None => quote!(None),
        Some(Revocation {
            jti,
            subject,
            session,
        }) => {
            quote!(Some(Revocation { jti: #jti, subject: #subject, session: #session }))
        }
    };
    let tokens = match &plan.tokens {
        None => quote!(None),
        Some(tokens) => {
            let scheme = Literal::usize_unsuffixed(tokens.scheme);
            let [access, refresh, idle, grace] = [
                tokens.access_seconds,
                tokens.refresh_seconds,
                tokens.idle_seconds,
                tokens.grace_seconds,
            ]
            .map(Literal::u64_unsuffixed);
            quote!(Some(Tokens { scheme: #scheme, access: #access, refresh: #refresh, idle: #idle, grace: #grace }))
        }
    };
    let tls = match plan.tls {
        None => quote!(None),
        Some(Tls { tls12 }) => {
            let certificates = plan.certificates.iter();
            let certificates = certificates.map(|scheme| certificate(cx, scheme));
            quote!(Some(Tls { tls12: #tls12, certificates: &[#(#certificates),*] }))
        }
    };
    let tls_use = plan.tls.map(|_| quote!(Tls,));
    let clients_use =
        (!plan.certificates.is_empty()).then(|| quote!(CertificateName, CertificateScheme,));
    let limits = limits(cx);
    let revocation_use = plan.revocation.map(|_| quote!(Revocation,));
    let tokens_use = plan.tokens.as_ref().map(|_| quote!(Tokens,));
    let (cors_use, role_use, scheme_use, quota_use) = (
        plan.cors.as_ref().map(|_| quote!(Cors, Origins,)),
        (!plan.roles.is_empty()).then(|| quote!(Role,)),
        scheme_uses(cx),
        (!plan.quotas.is_empty()).then(|| quote!(By, Quota,)),
    );
    let principal_use = (!plan.principal.is_empty()).then(|| quote!(Attribute, AttributeKind,));
    let roles_use = (!plan.roles.is_empty()).then(|| quote!(use #root::access::roles;));
    let shared = Shared::of(plan);
    let number = Literal::u64_unsuffixed;
    let (body_limit, body_timeout) = (number(shared.body_limit), number(shared.body_timeout));
    let handler_timeout = number(shared.handler_timeout);
    let tokens = quote! {
        #about
        #roles_use
        use #root::service::POLICIES;
        use shield::spec::{#principal_use #cors_use #revocation_use #tokens_use #role_use #scheme_use #quota_use #tls_use #clients_use Limits, Policy, Spec};
        #[doc = " The service. What is not in `operations` does not exist."]
        pub static SPEC: Spec = Spec {
            title: #title,
            version: #version,
            realm: #realm,
            roles: &[#(#roles),*],
            schemes: &[#(#schemes),*],
            keys: &[#(#keys),*],
            passwords: &[#(#passwords),*],
            principal: &[#(#principal),*],
            quotas: &[#(#quotas),*],
            revocation: #revocation,
            tokens: #tokens,
            cors: #cors,
            tls: #tls,
            limits: #limits,
            operations: POLICIES,
        };
        #[doc = " What operations have in common; each states what is its own. Denied, until it says who may call."]
        pub(crate) const BASE: Policy = Policy::base(#body_limit, #body_timeout, #handler_timeout);
    };
    owned(plan, files, "api/src/spec.rs", tokens);
}

fn scheme_uses(cx: &Context) -> TokenStream {
    let tokens = (!cx.plan.schemes.is_empty()).then(|| quote!(Claims, Holds, Scheme, Upkeep,));
    let keys = (!cx.plan.keys.is_empty()).then(|| quote!(Carrier, KeyScheme,));
    let either = tokens.as_ref().or(keys.as_ref()).map(|_| quote!(Setting,));
    let passwords = (!cx.plan.passwords.is_empty()).then(|| quote!(PasswordScheme,));
    quote!(#tokens #keys #passwords #either)
}

fn keys(cx: &Context, scheme: &KeyScheme) -> TokenStream {
    let KeyScheme { name, prefix, .. } = scheme;
    let carrier = match &scheme.carrier {
        Carrier::Header(name) => quote!(Carrier::Header(#name)),
        Carrier::Query(name) => quote!(Carrier::Query(#name)),
        Carrier::Cookie(name) => quote!(Carrier::Cookie(#name)),
    };
    let keys = setting(&scheme.keys);
    let roles = held(cx, scheme.roles);
    quote! {
        KeyScheme { name: #name, carrier: #carrier, keys: #keys, roles: #roles, prefix: #prefix }
    }
}

fn certificate(cx: &Context, scheme: &CertificateScheme) -> TokenStream {
    let name = &scheme.name;
    let subject = ident(match scheme.subject {
        CertificateName::Uri => "Uri",
        CertificateName::Dns => "Dns",
        CertificateName::Common => "Common",
    });
    let roles = held(cx, scheme.roles);
    quote!(CertificateScheme { name: #name, subject: CertificateName::#subject, roles: #roles })
}

/// Roles with all that they include, as a caller holds them.
fn held(cx: &Context, roles: u64) -> TokenStream {
    let declared = cx.plan.roles.iter().enumerate();
    let held = declared
        .filter(|(bit, _)| roles >> bit & 1 == 1)
        .fold(0, |held, (_, role)| held | role.holds);
    cx.role_set(held)
}

fn setting(setting: &Setting) -> TokenStream {
    match setting {
        Setting::Literal(text) => quote!(Setting::Literal(#text)),
        Setting::Env(name) => quote!(Setting::Env(#name)),
        Setting::File(path) => quote!(Setting::File(#path)),
        Setting::Vault(reference) => quote!(Setting::Vault(#reference)),
    }
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let Scheme {
        name,
        algorithms,
        access_token_profile,
        claims,
        ..
    } = scheme;
    let (issuer, keys) = (setting(&scheme.issuer), setting(&scheme.keys.from));
    let holds = match scheme.keys.holds {
        Kind::Anything => quote!(Anything),
        Kind::Set => quote!(Set),
        Kind::Pem => quote!(Pem),
        Kind::Secret => quote!(Secret),
        Kind::Issued => quote!(Issued),
    };
    let refresh = Literal::u64_unsuffixed(scheme.keys.refresh_seconds);
    let cooldown = Literal::u64_unsuffixed(scheme.keys.cooldown_seconds);
    let private = scheme.keys.private.is_some();
    let audience = scheme.audience.iter().map(setting);
    let leeway = Literal::u32_unsuffixed(scheme.leeway_seconds);
    let max_lifetime = Literal::u64_unsuffixed(scheme.max_lifetime_seconds);
    let max_bytes = Literal::u64_unsuffixed(scheme.max_bytes);
    let (subject, roles, scopes) = (&claims.subject, &claims.roles, &claims.scopes);
    let (tenant, session) = (&claims.tenant, &claims.session);
    quote! {
        Scheme {
            name: #name,
            issuer: #issuer,
            audience: &[#(#audience),*],
            algorithms: &[#(#algorithms),*],
            keys: #keys,
            holds: Holds::#holds,
            upkeep: Upkeep { refresh: #refresh, cooldown: #cooldown, private: #private },
            access_token: #access_token_profile,
            leeway: #leeway,
            max_lifetime: #max_lifetime,
            max_bytes: #max_bytes,
            claims: Claims { subject: #subject, roles: #roles, scopes: #scopes, tenant: #tenant, session: #session },
        }
    }
}

fn limits(cx: &Context) -> TokenStream {
    let limits = &cx.plan.limits;
    let number = Literal::u64_unsuffixed;
    let (uri, header_bytes) = (number(limits.uri_bytes), number(limits.header_bytes));
    let (header_count, header_timeout) = (
        number(limits.header_count.into()),
        number(limits.header_timeout_ms),
    );
    let (connections, per_ip) = (
        number(limits.connections.into()),
        number(limits.per_ip.into()),
    );
    let (rate, window) = (number(limits.ip_rate.0.into()), number(limits.ip_rate.1));
    let (concurrency, json_depth) = (
        number(limits.concurrency.into()),
        number(limits.json_depth.into()),
    );
    quote! {
        Limits {
            uri: #uri,
            header_bytes: #header_bytes,
            header_count: #header_count,
            header_timeout: #header_timeout,
            connections: #connections,
            per_ip: #per_ip,
            ip_rate: (#rate, #window),
            concurrency: #concurrency,
            json_depth: #json_depth,
        }
    }
}
