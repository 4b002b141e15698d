//! What stands above the guard: the line that says who may call, the policy and the table of what may be sent.

use super::{Emitter, policy, title, verb};
use crate::emit::rust::print::{about, doc};
use crate::emit::rust::reply::Replies;
use crate::plan::{Access, OwnKind};
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
        let operation = self.operation;
        let access = match &operation.access {
            Access::Caller(need) => {
                let scheme = Literal::usize_unsuffixed(need.scheme);
                let roles = need.roles.iter().map(|bits| self.cx.role_set(*bits));
                let scopes = &need.scopes;
                quote!(Access::Caller(Need { scheme: #scheme, roles: &[#(#roles),*], scopes: &[#(#scopes),*] }))
            }
            Access::Public { .. } => quote!(Access::Public),
            Access::Denied { .. } => quote!(Access::Denied),
        };
        let body = match &operation.body {
            None => quote!(None),
            Some(body) => {
                let required = body.required;
                let limit = Literal::u64_unsuffixed(operation.body_bytes);
                let timeout = Literal::u64_unsuffixed(operation.body_timeout_ms);
                quote!(Some(Body { required: #required, limit: #limit, timeout: #timeout, media_type: "application/json" }))
            }
        };
        policy(self.cx, operation, access, &body, replies.produces())
    }

    pub(super) fn input(&self) -> TokenStream {
        let [path, query, header] = &self.rows;
        let (body, required) = match &self.operation.body {
            Some(body) => match self.cx.types.get(body.value.0) {
                Some(names) => {
                    let module = &names.module;
                    (
                        quote!(Some(Schema::Object(&requests::#module::TABLE))),
                        body.required,
                    )
                }
                None => (quote!(None), false),
            },
            None => (quote!(None), false),
        };
        let text = doc("What may be sent, for the answer that says what was wrong with it.");
        quote! {
            #text
            static INPUT: Input = Input {
                path: &[#(#path),*],
                query: &[#(#query),*],
                header: &[#(#header),*],
                body: #body,
                body_required: #required,
            };
        }
    }
}
