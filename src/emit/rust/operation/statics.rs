//! What stands above the guard: the line that says who may call, and the policy with the table of what may be sent.

use super::{Emitter, title, verb};
use crate::emit::rust::context::Context;
use crate::emit::rust::names::ident;
use crate::emit::rust::print::about;
use crate::emit::rust::reply::Replies;
use crate::emit::rust::shared::Shared;
use crate::plan::{Access, Alternative, Carrier, Demand, Means, Media, Need, Operation, OwnKind};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

const AUTHENTICATED: &str = "authenticated";

impl<'a> Emitter<'a> {
    pub(super) fn about(&self) -> TokenStream {
        let operation = self.operation;
        let access = match &operation.access {
            Access::Denied { .. } => "denied".to_owned(),
            Access::Public { reason } => format!("public: {reason}"),
            Access::Optional(need) => format!("anyone, or a caller {}", self.by(need)),
            Access::Caller(need) => {
                let held = match need.alternatives.as_slice() {
                    [one] if one.asks.len() == 1 => self.held(&need.demand(one)),
                    _ => format!("a caller {}", self.by(need)),
                };
                let mut parts = self.further(need);
                if !need.is_step_up() || held != AUTHENTICATED {
                    parts.insert(0, held);
                }
                parts.join(" and ")
            }
        };
        let owns: Vec<String> = operation
            .owns
            .iter()
            .filter_map(|owns| {
                let resource = self.cx.plan.resources.get(owns.resource)?;
                let by = if resource.bypass == 0 {
                    String::new()
                } else {
                    format!(", or {}", self.role_names(resource.bypass))
                };
                Some(match owns.kind {
                    OwnKind::Owner { mode, .. } => {
                        format!("; {} {} by its owner{by}", verb(mode), resource.name)
                    }
                    OwnKind::Policy { mode, .. } => {
                        let name = owns.decision.as_ref().map_or("", |each| each.name.as_str());
                        format!("; {} {} by policy {name}", verb(mode), resource.name)
                    }
                    OwnKind::Any { mode, .. } => format!("; {} any {}", verb(mode), resource.name),
                    OwnKind::List => match &owns.decision {
                        Some(decision) => {
                            format!("; lists {} by policy {}{by}", resource.name, decision.name)
                        }
                        None => format!("; lists {} of the caller{by}", resource.name),
                    },
                })
            })
            .collect();
        // A reason is a sentence of its own and may have its full stop.
        let said = format!("{}: {access}{}", title(operation), owns.concat());
        about(&format!("{}.", said.trim_end_matches('.')))
    }

    /// Roles and scopes, or `authenticated`.
    fn held(&self, demand: &Demand) -> String {
        let roles = demand.roles.iter();
        let mut parts: Vec<String> = roles.map(|bits| self.role_names(*bits)).collect();
        parts.extend(demand.scopes.iter().map(|scope| format!("scope {scope}")));
        match parts.is_empty() {
            true => AUTHENTICATED.to_owned(),
            false => parts.join(" and "),
        }
    }

    /// What else is asked of the caller.
    fn further(&self, need: &Need) -> Vec<String> {
        let decision = self.operation.decision.as_ref();
        let policy = decision.map(|decision| match decision.named {
            true => format!("policy {}", decision.name),
            false => "a policy".to_owned(),
        });
        let lately = need
            .is_step_up()
            .then(|| "authenticated lately or strongly".to_owned());
        policy.into_iter().chain(lately).collect()
    }

    /// The alternatives by the names of their schemes.
    fn by(&self, need: &Need) -> String {
        let one = |alternative: &Alternative| {
            let asks = alternative.asks.iter();
            let names = asks.filter_map(|asks| self.cx.plan.name_of(asks.means));
            let names: Vec<&str> = names.collect();
            // What its own entries ask for; what all have in common follows.
            let own = Need {
                alternatives: Vec::new(),
                roles: Vec::new(),
                scopes: Vec::new(),
                policy: None,
                fresh: None,
                acr: Vec::new(),
            };
            format!(
                "by {}{}",
                names.join(" and "),
                self.with(&own.demand(alternative))
            )
        };
        let all: Vec<String> = need.alternatives.iter().map(one).collect();
        let common = Demand {
            roles: need.roles.clone(),
            scopes: need.scopes.iter().map(String::as_str).collect(),
        };
        format!("{}{}", all.join(", or "), self.with(&common))
    }

    fn with(&self, demand: &Demand) -> String {
        match demand.roles.is_empty() && demand.scopes.is_empty() {
            true => String::new(),
            false => format!(" with {}", self.held(demand)),
        }
    }

    /// Parameters of the query that the guard reads: keys.
    fn keys_in_query(&self) -> Vec<&str> {
        let need = self.operation.access.need();
        let means = need.map(Need::means).unwrap_or_default();
        let schemes = means.into_iter().filter_map(|means| match means {
            Means::Key(at) => self.cx.plan.keys.get(at),
            Means::Token(_) | Means::Password(_) | Means::Certificate(_) => None,
        });
        schemes
            .filter_map(|scheme| match &scheme.carrier {
                Carrier::Query(name) => Some(name.as_str()),
                Carrier::Header(_) | Carrier::Cookie(_) => None,
            })
            .collect()
    }

    fn role_names(&self, bits: u64) -> String {
        let roles = self.cx.plan.roles.iter().enumerate();
        let names: Vec<&str> = roles
            .filter(|(bit, _)| bits >> bit & 1 == 1)
            .map(|(_, role)| role.name.as_str())
            .collect();
        names.join(" or ")
    }

    pub(super) fn policy(&self, replies: &Replies) -> TokenStream {
        let [path, query, header] = &self.rows;
        let mut own = Vec::new();
        for (name, rows) in [("path", path), ("query", query), ("header", header)] {
            if !rows.is_empty() {
                let name = ident(name);
                own.push(quote!(.#name(&[#(#rows),*])));
            }
        }
        let keys = self.keys_in_query();
        if !keys.is_empty() {
            own.push(quote!(.keys_in_query(&[#(#keys),*])));
        }
        if let (Some(body), Some(schema)) = (&self.operation.body, &self.body_schema) {
            let name = ident(if body.required {
                "body"
            } else {
                "optional_body"
            });
            own.push(match body.media.as_slice() {
                [Media::Json] => quote!(.#name(#schema)),
                media => {
                    let name = format_ident!("{name}_as");
                    let media = media.iter().map(|each| match each {
                        Media::Json => quote!(shield::Media::Json),
                        Media::Form => quote!(shield::Media::Form),
                        Media::Multipart => quote!(shield::Media::Multipart),
                        Media::Text => quote!(shield::Media::Text),
                        Media::Octets => quote!(shield::Media::Octets),
                    });
                    quote!(.#name(&[#(#media),*], #schema))
                }
            });
        }
        if let Some(body) = &self.operation.body
            && body
                .media
                .iter()
                .any(|media| matches!(media, Media::Form | Media::Multipart))
        {
            let most = Literal::u64_unsuffixed(body.parts);
            own.push(quote!(.parts(#most)));
        }
        match replies.media_types().as_slice() {
            [] => {}
            ["application/json"] => own.push(quote!(.json())),
            types => own.push(quote!(.produces(&[#(#types),*]))),
        }
        policy(self.cx, self.operation, &own)
    }
}

/// What the operation has of its own; all else is [`Shared`].
pub(super) fn policy(cx: &Context, operation: &Operation, own: &[TokenStream]) -> TokenStream {
    let (id, method) = (&operation.id, operation.method);
    let route = format!("{}{}", cx.plan.mount, operation.path);
    let mut parts = Vec::new();
    let shared = Shared::of(cx.plan);
    for (name, value, usual) in [
        ("body_limit", operation.body_bytes, shared.body_limit),
        (
            "body_timeout",
            operation.body_timeout_ms,
            shared.body_timeout,
        ),
        (
            "handler_timeout",
            operation.handler_timeout_ms,
            shared.handler_timeout,
        ),
    ] {
        if value != usual {
            let (name, value) = (ident(name), Literal::u64_unsuffixed(value));
            parts.push(quote!(.#name(#value)));
        }
    }
    let access = access(cx, &operation.access);
    parts.push(quote!(.access(#access)));
    if let Access::Caller(need) = &operation.access {
        if let Some(seconds) = need.fresh {
            let seconds = Literal::u64_unsuffixed(seconds);
            parts.push(quote!(.fresh(#seconds)));
        }
        if !need.acr.is_empty() {
            let acr = &need.acr;
            parts.push(quote!(.acr(&[#(#acr),*])));
        }
    }
    if !operation.quotas.is_empty() {
        let quotas = operation.quotas.iter();
        let quotas = quotas.map(|index| Literal::usize_unsuffixed(*index));
        parts.push(quote!(.quotas(&[#(#quotas),*])));
    }
    quote! {
        pub(crate) static POLICY: Policy = BASE.of(#id, #method, #route)#(#parts)*#(#own)*;
    }
}

/// As the document says it: one need, or alternatives in its order.
fn access(cx: &Context, access: &Access) -> TokenStream {
    let needs = |need: &Need| {
        let alternatives = need.alternatives.iter();
        let alternatives = alternatives.map(|one| alternative(cx, one, &need.demand(one)));
        alternatives.collect::<Vec<_>>()
    };
    match access {
        // So by `BASE` too; said all the same, to be read.
        Access::Denied { .. } => quote!(Access::Denied),
        Access::Public { .. } => quote!(Access::Public),
        Access::Optional(need) => {
            let needs = needs(need);
            quote!(Access::Optional(&[#(#needs),*]))
        }
        Access::Caller(need) => match needs(need).as_slice() {
            [only] => quote!(Access::Caller(#only)),
            needs => quote!(Access::AnyOf(&[#(#needs),*])),
        },
    }
}

/// `Need::` and the scheme of the caller, with what else is needed.
fn alternative(cx: &Context, alternative: &Alternative, demand: &Demand) -> TokenStream {
    let index = Literal::usize_unsuffixed;
    let caller = match alternative.caller() {
        Some(Means::Key(at)) => {
            let at = index(at);
            quote!(Need::key(#at))
        }
        Some(Means::Token(at)) => {
            let at = index(at);
            quote!(Need::scheme(#at))
        }
        Some(Means::Password(at)) => {
            let at = index(at);
            quote!(Need::password(#at))
        }
        Some(Means::Certificate(at)) => {
            let at = index(at);
            quote!(Need::certificate(#at))
        }
        // The shield knows no such scheme, and does not start.
        None => quote!(Need::scheme(usize::MAX)),
    };
    let together = (alternative.asks.len() > 1).then(|| {
        let all = alternative.asks.iter().map(|asks| match asks.means {
            Means::Token(at) => {
                let at = index(at);
                quote!(Credential::Token(#at))
            }
            Means::Key(at) => {
                let at = index(at);
                quote!(Credential::Key(#at))
            }
            Means::Password(at) => {
                let at = index(at);
                quote!(Credential::Password(#at))
            }
            Means::Certificate(at) => {
                let at = index(at);
                quote!(Credential::Certificate(#at))
            }
        });
        quote!(.together(&[#(#all),*]))
    });
    let roles = (!demand.roles.is_empty()).then(|| {
        let roles = demand.roles.iter().map(|bits| cx.role_set(*bits));
        quote!(.roles(&[#(#roles),*]))
    });
    let scopes = (!demand.scopes.is_empty()).then(|| {
        let scopes = &demand.scopes;
        quote!(.scopes(&[#(#scopes),*]))
    });
    quote!(#caller #together #roles #scopes)
}
