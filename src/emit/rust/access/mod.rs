//! `api/src/access/`: the caller, the proofs, and one file for each resource that says who may touch it.

mod passwords;
mod proofs;
mod resource;

use crate::cel::Key;
use crate::emit::Files;
use crate::emit::rust::context::{Context, ResourceNames};
use crate::emit::rust::print::{about, doc, owned};
use crate::plan::{Access, AttributeKind, Count, IdAt, IdRule, OwnKind, Plan};
use proc_macro2::{Literal, TokenStream};
use proofs::Asked;
use quote::quote;

/// Emits the resources that are `mine`, and what they share with the first.
pub fn emit(cx: &Context, mine: &dyn Fn(usize) -> bool, files: &mut Files) {
    if mine(0) {
        owned(cx.plan, files, "api/src/access/mod.rs", module(cx));
        owned(cx.plan, files, "api/src/access/roles.rs", roles(cx));
        if !cx.passwords.is_empty() {
            let hooks = passwords::hooks(cx);
            owned(cx.plan, files, "api/src/access/passwords.rs", hooks);
        }
    }
    let resources = cx.plan.resources.iter().zip(&cx.resources).enumerate();
    for (_, (resource, names)) in resources.filter(|(index, _)| mine(*index)) {
        let path = format!("api/src/access/{}.rs", names.module);
        owned(
            cx.plan,
            files,
            &path,
            resource::resource_file(cx, resource, names),
        );
    }
}

fn roles(cx: &Context) -> TokenStream {
    let about = about("One bit a role, in the order the document declares them.");
    let consts = cx.roles.iter().enumerate().map(|(bit, name)| {
        let bit = Literal::usize_unsuffixed(bit);
        let text = cx
            .plan
            .roles
            .iter()
            .zip(&cx.roles)
            .find(|(_, each)| *each == name)
            .map(|(role, _)| doc(role.description.as_deref().unwrap_or(&role.name)));
        quote!(#text pub(crate) const #name: RoleSet = 1 << #bit;)
    });
    let uses = (!cx.roles.is_empty()).then(|| {
        quote!(
            use shield::RoleSet;
        )
    });
    // A role that only includes others, or that nothing asks for, is still part of the list.
    quote!(#about #![allow(dead_code)] #uses #(#consts)*)
}

fn module(cx: &Context) -> TokenStream {
    let about =
        about("Proofs. Only the guards of this crate can make one: every field is private to it.");
    let declared = cx.resources.iter().map(|names| {
        let module = &names.module;
        quote!(mod #module;)
    });
    let public = cx.resources.iter().map(|names| {
        let ResourceNames {
            module,
            marker,
            id,
            facts,
            load,
            ..
        } = names;
        quote!(pub use #module::{#marker, #id, #facts, #load};)
    });
    let hooks = (!cx.passwords.is_empty()).then(|| {
        let hooks = cx.passwords.iter().map(|names| &names.hook);
        quote!(mod passwords; pub use passwords::{#(#hooks),*};)
    });
    let role = role_enum(cx);
    let resources = !cx.plan.resources.is_empty();
    let asked = asked(cx);
    let used = |wanted: fn(OwnKind) -> bool| {
        let served = cx.handled().flat_map(|(operation, _)| &operation.owns);
        served.into_iter().any(|owns| wanted(owns.kind))
    };
    let objects = resources.then(|| proofs::resource(asked));
    let owned_proof = resources.then(proofs::owned);
    let guards = proofs::guards(asked);
    let by_owners = cx.lists(|decision| decision.is_none());
    let by_policies = cx.lists(|decision| decision.is_some());
    let visible = asked
        .lists
        .then(|| proofs::visible(asked.listed_parts, by_owners, by_policies));
    let judged = by_policies.then(proofs::visible_by);
    let operations = || cx.plan.operations.iter().map(|operation| &operation.access);
    let callers = operations().any(|access| matches!(access, Access::Caller(_)));
    let optional = operations().any(|access| matches!(access, Access::Optional(_)));
    let of = callers.then(|| {
        quote!(
            pub(crate) fn of(x: &Exchange) -> Result<Self, Refusal> {
                x.principal().map(Principal).ok_or_else(Refusal::no_caller)
            }
        )
    });
    let perhaps = optional.then(|| {
        quote!(
            #[doc = " `None`: nobody in particular, who presented nothing."]
            pub(crate) fn perhaps(x: &Exchange) -> Option<Self> {
                x.principal().map(Principal)
            }
        )
    });
    let held = (!cx.roles.is_empty() || resources).then(|| {
        quote!(
            pub(crate) fn roles(&self) -> RoleSet {
                self.0.roles()
            }
        )
    });
    let attributes = cx.plan.principal.iter().zip(&cx.attributes).enumerate();
    let attributes = attributes.map(|(number, (attribute, name))| {
        let number = Literal::usize_unsuffixed(number);
        let (kind, read) = match attribute.kind {
            AttributeKind::Integer => (quote!(i64), quote!(whole)),
            AttributeKind::Boolean => (quote!(bool), quote!(flag)),
            AttributeKind::Strings => (quote!(&[Box<str>]), quote!(texts)),
            AttributeKind::String | AttributeKind::Uuid | AttributeKind::Time => {
                (quote!(&str), quote!(text))
            }
        };
        let said = doc(&format!("`{}`, where the token says it.", attribute.name));
        quote! {
            #said
            pub fn #name(&self) -> Option<#kind> {
                self.0.#read(#number)
            }
        }
    });
    let scopes = reads_scopes(cx.plan).then(|| {
        quote! {
            pub(crate) fn scopes(&self) -> &[Box<str>] {
                self.0.scope_list()
            }
        }
    });
    let body = quote! {
        #role
        #[doc = " The caller, verified. No public constructor, not `Clone`, not `Deserialize`."]
        pub struct Principal(Arc<Identity>);
        impl Principal {
            #of
            #perhaps
            #[doc = " Who it is, for the issuer of the token (P17); the `id` of an API key."]
            pub fn subject(&self) -> &str {
                self.0.subject()
            }
            #[doc = " The tenant the token or the key names."]
            pub fn tenant(&self) -> Option<&str> {
                self.0.tenant()
            }
            #(#attributes)*
            #held
            #scopes
        }
        #objects
        #owned_proof
        #guards
        #visible
        #judged
    };
    let root = &cx.root;
    // Where nobody is asked who calls, and nothing is owned, none of it is used.
    let prelude = (callers || optional || resources || !cx.roles.is_empty())
        .then(|| quote!(use #root::prelude::*;));
    // A resource that no operation asks for is declared all the same.
    let only_in_bodies =
        asked.many && !(asked.owned || asked.any || asked.owned_part || asked.any_part);
    let unasked =
        (resources && !used(|_| true) || only_in_bodies).then(|| quote!(#![allow(dead_code)]));
    let by_id = asked.many.then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let ids = resources.then(|| {
        quote! {
            use shield::Parse;
            use std::cmp::Ordering;
            #by_id
            use std::fmt::{self, Debug, Formatter};
            use std::hash::{Hash, Hasher};
            use std::marker::PhantomData;
        }
    });
    quote! {
        #about
        #unasked
        #(#declared)*
        pub(crate) mod roles;
        #(#public)* #hooks
        #prelude
        use shield::Identity;
        #ids
        use std::sync::Arc;
        #body
    }
}

/// What guards are there for.
fn asked(cx: &Context) -> Asked {
    let mut resources = cx.plan.resources.iter();
    let mut asked = Asked {
        loaded: cx.loaded().next().is_some(),
        parts: cx.plan.resources.iter().any(|each| each.parent.is_some()),
        numbers: resources.any(|each| matches!(each.id, IdRule::Whole(_))),
        ..Asked::default()
    };
    let operations = cx.plan.operations.iter();
    for operation in operations.filter(|each| !matches!(each.access, Access::Denied { .. })) {
        for own in &operation.owns {
            let Some((at, _)) = own.kind.one() else {
                asked.lists = true;
                asked.listed_parts |= own.parent.is_some();
                continue;
            };
            let count = match at {
                IdAt::Body(at) => operation.ids.get(at).map(|id| id.count),
                IdAt::Param(_) | IdAt::Part(_) => None,
            };
            let parent = own.parent.and_then(|parent| operation.owns.get(parent));
            let within = parent.is_some_and(|parent| parent.kind.param().is_some());
            let by_owner = matches!(own.kind, OwnKind::Owner { .. });
            asked.within |= within;
            asked.sent |= count.is_some();
            let said = match (count, within || matches!(at, IdAt::Part(_)), by_owner) {
                (Some(Count::Optional | Count::Many), _, owner) => {
                    asked.many = true;
                    asked.many_parts |= within;
                    match owner {
                        true => &mut asked.owned_many,
                        false => &mut asked.any_many,
                    }
                }
                (_, true, true) => &mut asked.owned_part,
                (_, true, false) => &mut asked.any_part,
                (_, false, true) => &mut asked.owned,
                (_, false, false) => &mut asked.any,
            };
            *said = true;
        }
    }
    asked
}

/// Whether some policy reads the scopes of its caller.
fn reads_scopes(plan: &Plan) -> bool {
    let mut all = plan.operations.iter().flat_map(|operation| {
        let owns = operation.owns.iter().map(|owns| owns.decision.as_ref());
        owns.chain([operation.decision.as_ref()]).flatten()
    });
    all.any(|decision| decision.expr.reads(|key| key == Key::Scopes))
}

fn role_enum(cx: &Context) -> TokenStream {
    if cx.roles.is_empty() {
        return TokenStream::new();
    }
    let (variants, consts) = (&cx.role_variants, &cx.roles);
    quote! {
        #[doc = " The roles of the document."]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Role { #(#variants),* }
        impl Role {
            const fn bit(self) -> RoleSet {
                match self { #(Role::#variants => roles::#consts),* }
            }
        }
        impl Principal {
            #[doc = " Whether the caller holds a role, by itself or included in another."]
            pub fn has(&self, role: Role) -> bool {
                self.roles() & role.bit() != 0
            }
        }
    }
}
