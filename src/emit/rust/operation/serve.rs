//! What the person implements, and the flat guard before it.

use super::decisions::{Decisions, OfRows};
use super::{Decoded, Emitter, Proof, Who, title};
use crate::emit::rust::names::{ident, snake};
use crate::emit::rust::print::{braces, declared, doc, guard, note};
use crate::emit::rust::reply::Replies;
use crate::emit::rust::{person, types};
use crate::plan::{By, Means, Need};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Where it goes whether an object is the caller's.
fn owner_of(first: bool, told: Option<Ident>) -> TokenStream {
    match (told, first) {
        (Some(told), _) => quote!(#told),
        (None, true) => quote!(owner),
        (None, false) => quote!(_),
    }
}

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
        declared(
            "handler",
            quote! {
                pub struct Call { #(#fields),* }
                #reply
                #summary
                #[missing = #message]
                #[stub = #hint]
                pub trait #name {
                    fn #method(call: Call) -> Reply;
                }
            },
        )
    }

    pub(super) fn serve(
        &self,
        who: Who,
        proofs: &[Proof<'a>],
        ids: &[(usize, Ident)],
        replies: &Replies,
        decisions: &Decisions,
    ) -> TokenStream {
        let mut steps = Vec::new();
        let need = self.operation.access.need();
        let means = need.map(Need::means).unwrap_or_default();
        if means.iter().any(|each| matches!(each, Means::Password(_))) {
            // The hook is shown a password once all else is good.
            steps.push(quote!(s.shield.ask(&POLICY, x, s).await?;));
        }
        let enter = guard("enter");
        steps.push(quote!(#enter s.shield.enter(&POLICY, x).await?;));
        // The shield knows who calls by itself; a policy does not.
        let who = match self.operation.flow {
            Some(_) if !decisions.any => Who::Nobody,
            _ => who,
        };
        match who {
            Who::Somebody => steps.push(quote!(let caller = Principal::of(x)?;)),
            Who::Perhaps => steps.push(quote!(let caller = Principal::perhaps(x);)),
            Who::Nobody => {}
        }
        let roles = match who {
            Who::Somebody if !self.cx.roles.is_empty() => quote!(caller.roles()),
            Who::Perhaps if !self.cx.roles.is_empty() => {
                quote!(caller.as_ref().map_or(0, Principal::roles))
            }
            _ => quote!(0),
        };
        steps.push(quote!(let grants = POLICY.grants(#roles);));
        if self.decoded.is_empty() {
            steps.push(note(
                "Nothing may be sent: an unknown query parameter is refused here.",
            ));
            steps.push(quote!(s.shield.given(&POLICY, x, &grants).await?;));
        } else {
            steps.push(quote!(let given = s.shield.given(&POLICY, x, &grants).await?;));
            let decoded = self.decoded.iter();
            steps.extend(
                decoded.map(|Decoded { local, expression }| quote!(let #local = #expression?;)),
            );
        }
        steps.extend(self.input_quotas());
        steps.extend(decisions.before.clone());
        // Only the first object that is written decides what `read: owner` shows.
        let first = self.operation.written();
        let first = first
            .filter(|(_, own)| own.kind.one().is_some())
            .map(|(number, _)| number)
            .next();
        let mut made = Vec::new();
        for number in self.operation.proving() {
            let told = decisions.owners.get(number).cloned().flatten();
            if let (Some(OfRows { kept, policy }), Some((local, names, _))) = (
                decisions.of_rows.get(number).and_then(Option::as_ref),
                proofs.get(number),
            ) {
                let marker = &names.marker;
                steps.extend(kept.iter().cloned());
                steps.push(
                    quote!(let #local = VisibleBy::<access::#marker>::of(&caller, #policy)?;),
                );
                made.push(number);
                continue;
            }
            let shows = first == Some(number) && replies.json();
            let owner = owner_of(shows, told);
            steps.extend(self.prove(number, proofs, ids, &made, &owner));
            steps.extend(decisions.of_objects.get(number).cloned().flatten());
            made.push(number);
        }
        steps.extend(decisions.after.clone());
        let values = self.fields.iter().map(|(field, _, value)| {
            if *field == value.to_string() {
                quote!(#field)
            } else {
                quote!(#field: #value)
            }
        });
        let method = &self.names.method;
        let end = match &self.operation.flow {
            Some(flow) => self.flow(flow),
            None => {
                let grants = match first.is_some() && replies.json() {
                    true => quote!(grants.owning(owner)),
                    false => quote!(grants),
                };
                quote! {
                    let call = Call { #(#values),* };
                    let reply = s.shield.call(&POLICY, s.app.#method(call)).await?;
                    reply.answer(&#grants)
                }
            }
        };
        quote! {
            pub(crate) async fn serve(s: &Service, x: &mut Exchange) -> Result<Response, Refusal> {
                #(#steps)*
                #end
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
                    steps.push(guard("quota-by-input"));
                    steps.push(quote!(s.shield.charge_input(x, #index, &body.#field)?;));
                }
            }
        }
        steps
    }

    pub(super) fn body_field(&self, member: &str) -> Ident {
        let object = self
            .operation
            .body
            .as_ref()
            .and_then(|body| self.cx.object(body.named()?));
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
