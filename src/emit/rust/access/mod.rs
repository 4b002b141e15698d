//! `api/src/access/`: the caller, the proofs, and one file for each resource that says who may touch it.

mod resource;

use crate::emit::Files;
use crate::emit::rust::context::Context;
use crate::emit::rust::print::{about, doc, owned};
use crate::plan::{Access, OwnKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Emits the resources that are `mine`, and what they share with the first.
pub fn emit(cx: &Context, mine: &dyn Fn(usize) -> bool, files: &mut Files) {
    if mine(0) {
        owned(cx.plan, files, "api/src/access/mod.rs", module(cx));
        owned(cx.plan, files, "api/src/access/roles.rs", roles(cx));
    }
    let resources = cx.plan.resources.iter().zip(&cx.resources).enumerate();
    for (index, (resource, names)) in resources.filter(|(index, _)| mine(*index)) {
        let path = format!("api/src/access/{}.rs", names.module);
        owned(
            cx.plan,
            files,
            &path,
            resource::resource_file(cx, index, resource, names),
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
    let modules = cx.resources.iter().map(|names| {
        let (module, marker, id, facts, load) = (
            &names.module,
            &names.marker,
            &names.id,
            &names.facts,
            &names.load,
        );
        quote!(pub(crate) mod #module; pub use #module::{#marker, #id, #facts, #load};)
    });
    let role = role_enum(cx);
    let tenants = cx.plan.resources.iter().any(|resource| resource.tenant);
    let lists = cx
        .plan
        .operations
        .iter()
        .flat_map(|operation| &operation.owns)
        .any(|owns| owns.kind == OwnKind::List);
    let owned_proof = (!cx.plan.resources.is_empty()).then(owned_proof);
    let visible = (lists && !cx.plan.resources.is_empty()).then(|| visible(tenants));
    let marker = (!cx.plan.resources.is_empty()).then(|| {
        quote!(
            use std::marker::PhantomData;
        )
    });
    // What no guard of this document calls is not emitted: it would be dead code.
    let callers = cx
        .plan
        .operations
        .iter()
        .any(|operation| matches!(operation.access, Access::Caller(_)));
    let of = callers.then(|| {
        quote!(
            pub(crate) fn of(x: &Exchange) -> Result<Self, Refusal> {
                x.principal().map(Principal).ok_or_else(Refusal::no_caller)
            }
        )
    });
    let held = (!cx.roles.is_empty()).then(|| {
        quote!(
            pub(crate) fn roles(&self) -> RoleSet {
                self.0.roles()
            }
        )
    });
    let exchange = callers.then(|| quote!(Exchange,));
    let refusal = callers.then(|| quote!(Refusal,));
    let role_set = (!cx.roles.is_empty()).then(|| quote!(RoleSet,));
    quote! {
        #about
        pub(crate) mod roles;
        #(#modules)*
        #marker
        use shield::{#exchange Identity, #refusal #role_set};
        use std::sync::Arc;
        #role
        #[doc = " The caller, verified. No public constructor, not `Clone`, not `Deserialize`."]
        pub struct Principal(Arc<Identity>);
        impl Principal {
            #of
            #[doc = " Who it is, for the issuer of the token (P17)."]
            pub fn subject(&self) -> &str {
                self.0.subject()
            }
            #[doc = " The tenant the token names."]
            pub fn tenant(&self) -> Option<&str> {
                self.0.tenant()
            }
            #held
        }
        #owned_proof
        #visible
    }
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

fn owned_proof() -> TokenStream {
    quote! {
        mod sealed {
            pub trait Sealed {}
        }
        #[doc = " What a proof allows: [`Read`] or [`Write`]."]
        pub trait Mode: sealed::Sealed + Send + Sync + 'static {}
        pub enum Read {}
        pub enum Write {}
        impl sealed::Sealed for Read {}
        impl sealed::Sealed for Write {}
        impl Mode for Read {}
        impl Mode for Write {}
        #[doc = " A kind of object that the document declares under `resources`."]
        pub trait Resource: sealed::Sealed + Send + Sync + 'static {
            type Id: Send + Sync;
            type Facts: Send + Sync;
        }
        #[doc = " This caller may do `M` to this `R`; and what that was decided from."]
        pub struct Owned<R: Resource, M: Mode> {
            facts: R::Facts,
            mode: PhantomData<M>,
        }
        impl<R: Resource, M: Mode> Owned<R, M> {
            #[doc = " What the loader reported and the guard compared."]
            pub fn facts(&self) -> &R::Facts {
                &self.facts
            }
            pub(crate) fn grant(facts: R::Facts) -> Self {
                Owned { facts, mode: PhantomData }
            }
        }
        impl<R: Resource> Owned<R, Write> {
            #[doc = " Whoever may write may read; never the other way."]
            pub fn as_read(self) -> Owned<R, Read> {
                Owned::grant(self.facts)
            }
        }
    }
}

fn visible(tenants: bool) -> TokenStream {
    let (field, getter) = if tenants {
        (
            Some(quote!(tenant: Option<Box<str>>,)),
            Some(quote! {
                #[doc = " The only tenant whose rows are admitted, for resources that have one."]
                pub fn tenant(&self) -> Option<&str> {
                    self.tenant.as_deref()
                }
            }),
        )
    } else {
        (None, None)
    };
    quote! {
        #[doc = " What a list may hold: for the query, and for every row again when it is admitted."]
        pub struct Visible<R: Resource> {
            owner: Option<Box<str>>,
            subject: Box<str>,
            #field
            kind: PhantomData<R>,
        }
        impl<R: Resource> Visible<R> {
            #[doc = " The only owner whose rows are admitted; `None`: rows of every owner."]
            pub fn owner(&self) -> Option<&str> {
                self.owner.as_deref()
            }
            #getter
        }
        #[doc = " Rows that were admitted, each with whether it is the caller's own."]
        pub struct Admitted<T>(Vec<(T, bool)>);
        impl<T> Admitted<T> {
            pub(crate) fn iter(&self) -> impl Iterator<Item = (&T, bool)> {
                self.0.iter().map(|(row, owner)| (row, *owner))
            }
            #[doc = " How many rows were admitted."]
            pub fn len(&self) -> usize {
                self.0.len()
            }
            #[doc = " Whether nothing was admitted."]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }
    }
}
