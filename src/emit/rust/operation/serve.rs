//! What the person implements, and the flat guard before it.

use super::{Emitter, param_of, title};
use crate::emit::rust::context::ResourceNames;
use crate::emit::rust::names::{ident, snake};
use crate::emit::rust::print::{braces, doc, note};
use crate::emit::rust::reply::Replies;
use crate::emit::rust::{person, types};
use crate::plan::{By, OwnKind};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

impl<'a> Emitter<'a> {
    /// `Call`, `Reply` and the trait.
    pub(super) fn handler(&self, replies: &Replies) -> TokenStream {
        let operation = self.operation;
        let (name, method) = (&self.names.name, &self.names.method);
        let fields = self
            .fields
            .iter()
            .map(|(field, kind, _)| quote!(pub #field: #kind));
        let summary = doc(operation
            .summary
            .as_deref()
            .or(operation.description.as_deref())
            .unwrap_or(&operation.id));
        let reply = replies.declaration();
        let message = format!(
            "operation `{}` ({}) has no handler in `{{Self}}`",
            braces(&operation.id),
            braces(&title(operation))
        );
        let hint = person::hint(method);
        quote! {
            #[doc = " What the handler gets: proofs and admitted values, no raw id beside its proof."]
            pub struct Call { #(#fields),* }
            #[doc = " The declared answers."]
            #reply
            #summary
            #[diagnostic::on_unimplemented(message = #message, label = "missing handler", note = #hint)]
            pub trait #name: Send + Sync + 'static {
                fn #method(&self, call: Call) -> impl Future<Output = Result<Reply, Fault>> + Send;
            }
        }
    }

    pub(super) fn serve(
        &self,
        has_caller: bool,
        proofs: &[(Ident, &ResourceNames, OwnKind)],
        ids: &[(usize, Ident)],
        body: Option<TokenStream>,
        replies: &Replies,
    ) -> TokenStream {
        let operation = self.operation;
        let mut steps = Vec::new();
        steps.push(match has_caller {
            true => note("Credentials, quotas, roles and scopes, sizes and media types."),
            false => note("Quotas, sizes and media types; whoever calls is not looked at."),
        });
        steps.push(quote!(s.shield.enter(&POLICY, x).await?;));
        if has_caller {
            steps.push(quote!(let caller = Principal::of(x)?;));
        }
        let uses_grants = body.is_some() || !self.decoded.is_empty() || replies.needs_grants();
        if uses_grants {
            let roles = if has_caller && !self.cx.roles.is_empty() {
                quote!(caller.roles())
            } else {
                quote!(0)
            };
            let creating = operation.method == "POST";
            steps.push(
                quote!(let grants = Grants { roles: #roles, owner: false, creating: #creating };),
            );
        }
        if body.is_some() {
            steps.push(quote!(let raw = s.shield.body(&POLICY, x).await?;));
        }
        let raw = if body.is_some() {
            quote!(&raw)
        } else {
            quote!(&[])
        };
        if self.decoded.is_empty() {
            steps.push(note(
                "Nothing may be sent: an unknown query parameter is refused here.",
            ));
            steps.push(quote!(x.input(&POLICY)?;));
        } else {
            steps.push(quote!(let input = x.input(&POLICY)?;));
            let locals: Vec<_> = self.decoded.iter().map(|each| each.local.clone()).collect();
            let expressions: Vec<_> = self
                .decoded
                .iter()
                .map(|each| each.expression.clone())
                .collect();
            let refuse = quote!(return Err(s.shield.refuse(&input, #raw, &grants)););
            steps.push(match (locals.as_slice(), expressions.as_slice()) {
                ([local], [expression]) => quote!(let Some(#local) = #expression else { #refuse };),
                _ => quote!(let (#(Some(#locals)),*) = (#(#expressions),*) else { #refuse };),
            });
        }
        steps.extend(self.input_quotas());
        let mut owner_from = None;
        for (local, names, kind) in proofs {
            let (module, marker) = (&names.module, &names.marker);
            let id = param_of(*kind)
                .and_then(|param| ids.iter().find(|(index, _)| *index == param))
                .map(|(_, id)| id);
            steps.push(match kind {
                OwnKind::List => quote!(let #local = Visible::<access::#marker>::of(&caller)?;),
                OwnKind::Owner { .. } => {
                    // Only the first object decides what `read: owner` shows.
                    let owner = if owner_from.is_none() && replies.needs_grants() { quote!(owner) } else { quote!(_) };
                    owner_from.get_or_insert(());
                    quote!(let (#local, #owner) = access::#module::owned(s, &POLICY, &caller, #id).await?;)
                }
                OwnKind::Any { .. } => {
                    let owner = if owner_from.is_none() && replies.needs_grants() { quote!(owner) } else { quote!(_) };
                    owner_from.get_or_insert(());
                    quote!(let (#local, #owner) = access::#module::any(s, &POLICY, &caller, #id).await?;)
                }
            });
        }
        if owner_from.is_some() && replies.needs_grants() {
            steps.push(quote!(let grants = grants.owning(owner);));
        }
        let values = self.fields.iter().map(|(field, _, value)| {
            if *field == value.to_string() {
                quote!(#field)
            } else {
                quote!(#field: #value)
            }
        });
        let method = &self.names.method;
        let arms = replies.arms();
        quote! {
            #[doc = " The whole guard, top to bottom: `?` leaves with the refusal of its step."]
            pub(crate) async fn serve(s: &Service, x: &mut Exchange) -> Result<Response, Refusal> {
                #(#steps)*
                let call = Call { #(#values),* };
                let reply = s.shield.call(&POLICY, s.app.#method(call)).await?;
                match reply { #(#arms)* }
            }
        }
    }

    /// Quotas whose key is part of the body: charged once it is known to be valid.
    fn input_quotas(&self) -> Vec<TokenStream> {
        let mut steps = Vec::new();
        for index in &self.operation.quotas {
            let Some(quota) = self.cx.plan.quotas.get(*index) else {
                continue;
            };
            for by in &quota.by {
                if let By::Field(member) = by {
                    let field = self.body_field(member);
                    let index = Literal::usize_unsuffixed(*index);
                    steps.push(quote!(s.shield.charge_input(x, #index, &body.#field)?;));
                }
            }
        }
        steps
    }

    fn body_field(&self, member: &str) -> Ident {
        let object = self
            .operation
            .body
            .as_ref()
            .and_then(|body| self.cx.object(body.value));
        let position =
            object.and_then(|object| object.members.iter().position(|each| each.name == member));
        match (object, position) {
            (Some(object), Some(position)) => types::fields(object)
                .into_iter()
                .nth(position)
                .unwrap_or_else(|| ident(&snake(member))),
            _ => ident(&snake(member)),
        }
    }
}
