//! What the service does itself (`flow`): the same guard as before a handler, and then the shield instead of one.

use super::Emitter;
use crate::emit::rust::context::Side;
use crate::emit::rust::types;
use crate::plan::{FlowKind, Member, OwnFlow, ReplyBody, ReplyValue, TypeId, ValueKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The steps after the guard.
    pub(super) fn flow(&self, flow: &OwnFlow) -> TokenStream {
        let token = self.presented(flow);
        match flow.kind {
            FlowKind::Refresh => {
                let pair = self.pair();
                quote! {
                    let tokens = s.shield.refresh(&POLICY, x, #token).await?;
                    let value = #pair;
                    reply::one(200, &value, &grants)
                }
            }
            FlowKind::Logout => {
                let token = match (&flow.member, self.body_required()) {
                    (None, _) => quote!(None),
                    (Some(_), true) => quote!(Some(#token)),
                    (Some(_), false) => token,
                };
                quote! {
                    s.shield.logout(&POLICY, x, #token).await?;
                    reply::nothing(204, &grants)
                }
            }
            FlowKind::Revoke => quote! {
                s.shield.give_back(&POLICY, x, #token).await?;
                reply::nothing(200, &grants)
            },
        }
    }

    fn body_required(&self) -> bool {
        let body = self.operation.body.as_ref();
        body.is_some_and(|body| body.required)
    }

    /// The token in the body as `&str`, or as an `Option` of it where there may be no body.
    fn presented(&self, flow: &OwnFlow) -> TokenStream {
        let body = self.operation.body.as_ref();
        let object = body.and_then(|body| self.cx.object(body.named()?));
        let (Some(name), Some(object)) = (&flow.member, object) else {
            return TokenStream::new();
        };
        let field = self.body_field(name);
        let secret = object
            .members
            .iter()
            .any(|member| member.name == *name && member.secret);
        let of = |body: TokenStream| match secret {
            true => quote!(#body.#field.expose()),
            false => quote!(#body.#field.as_str()),
        };
        match self.body_required() {
            true => of(quote!(body)),
            false => {
                let inner = of(quote!(body));
                quote!(body.as_ref().map(|body| #inner))
            }
        }
    }

    /// The declared answer of a refresh, made of the pair.
    fn pair(&self) -> TokenStream {
        let reply = self
            .operation
            .replies
            .iter()
            .find_map(|reply| match reply.body {
                ReplyBody::Json(ReplyValue::One(id)) => Some(id),
                _ => None,
            });
        let Some((id, object)) = reply.and_then(|id| Some((id, self.cx.object(id)?))) else {
            return TokenStream::new();
        };
        let kind = self.cx.type_path(id, Side::Reply);
        let members = object.members.iter().zip(types::fields(object));
        let values = members.map(|(member, field)| {
            let value = self.member(member);
            let value = match member.nullable {
                true => quote!(Some(#value)),
                false => value,
            };
            match member.required_in_reply {
                true => quote!(#field: #value),
                false => quote!(#field: Some(#value)),
            }
        });
        quote!(#kind { #(#values),* })
    }

    fn member(&self, member: &Member) -> TokenStream {
        match (member.name.as_str(), &member.value) {
            ("access_token", _) => quote!(tokens.access_token.expose().to_owned()),
            ("refresh_token", _) => quote!(tokens.refresh_token.expose().to_owned()),
            ("expires_in", _) => quote!(tokens.expires_in),
            (_, ValueKind::Named(id)) => self.word(*id),
            _ => quote!("Bearer".to_owned()),
        }
    }

    /// The word `Bearer` of an enumeration, which has it: that was looked at when the plan was made.
    fn word(&self, id: TypeId) -> TokenStream {
        let kind = self.cx.type_path(id, Side::Reply);
        quote!(#kind::parse("Bearer").ok_or_else(Refusal::no_caller)?)
    }
}
