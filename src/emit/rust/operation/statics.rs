//! What stands above the guard: the line that says who may call, and the policy with the table of what may be sent.

use super::{Emitter, title, verb};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::ident;
use crate::emit::rust::print::{about, doc};
use crate::emit::rust::reply::Replies;
use crate::emit::rust::shared::Shared;
use crate::plan::{Access, Operation, OwnKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl<'a> Emitter<'a> {
    pub(super) fn about(&self) -> TokenStream {
        let operation = self.operation;
        let access = match &operation.access {
            Access::Denied { .. } => "denied".to_owned(),
            Access::Public { reason } => format!("public: {reason}"),
            Access::Caller(need) if need.roles.is_empty() && need.scopes.is_empty() => {
                "authenticated".to_owned()
            }
            Access::Caller(need) => {
                let mut parts: Vec<String> = need
                    .roles
                    .iter()
                    .map(|bits| self.role_names(*bits))
                    .collect();
                parts.extend(need.scopes.iter().map(|scope| format!("scope {scope}")));
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
                    OwnKind::Any { mode, .. } => format!("; {} any {}", verb(mode), resource.name),
                    OwnKind::List => format!("; lists {} of the caller{by}", resource.name),
                })
            })
            .collect();
        // A reason is a sentence of its own and may have its full stop.
        let said = format!("{}: {access}{}", title(operation), owns.concat());
        about(&format!("{}.", said.trim_end_matches('.')))
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
        if let Some(body) = &self.operation.body {
            let kind = self.cx.type_path(body.value, Side::Request);
            let name = ident(if body.required {
                "body"
            } else {
                "optional_body"
            });
            own.push(quote!(.#name(#kind::TABLE)));
        }
        if replies.json() {
            own.push(quote!(.json()));
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
    match &operation.access {
        // So by `BASE` too; said all the same, to be read.
        Access::Denied { .. } => parts.push(quote!(.access(Access::Denied))),
        Access::Public { .. } => parts.push(quote!(.access(Access::Public))),
        Access::Caller(need) => {
            let scheme = Literal::usize_unsuffixed(need.scheme);
            let roles = (!need.roles.is_empty()).then(|| {
                let roles = need.roles.iter().map(|bits| cx.role_set(*bits));
                quote!(.roles(&[#(#roles),*]))
            });
            let scopes = (!need.scopes.is_empty()).then(|| {
                let scopes = &need.scopes;
                quote!(.scopes(&[#(#scopes),*]))
            });
            parts.push(quote!(.access(Access::Caller(Need::scheme(#scheme)#roles #scopes))));
        }
    }
    if !operation.quotas.is_empty() {
        let quotas = operation.quotas.iter();
        let quotas = quotas.map(|index| Literal::usize_unsuffixed(*index));
        parts.push(quote!(.quotas(&[#(#quotas),*])));
    }
    let text = doc("What must hold before the handler is reached, and what may be sent.");
    quote! {
        #text
        pub(crate) static POLICY: Policy = BASE.of(#id, #method, #route)#(#parts)*#(#own)*;
    }
}
