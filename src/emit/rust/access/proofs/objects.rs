//! One object: loaded by its id, within the tenant, and held against its owner and against what it is part of.

use super::{Asked, many};
use crate::emit::rust::print::guard;
use proc_macro2::TokenStream;
use quote::quote;

/// The proof for one object.
pub(in crate::emit::rust::access) fn owned() -> TokenStream {
    quote! {
        #[doc = " What a proof allows: [`Read`] or [`Write`]."]
        pub trait Mode: sealed::Sealed + Send + Sync + 'static {}
        pub enum Read {}
        pub enum Write {}
        impl sealed::Sealed for Read {}
        impl sealed::Sealed for Write {}
        impl Mode for Read {}
        impl Mode for Write {}
        #[doc = " This caller may do `M` to this `R`; and what that was decided from."]
        pub struct Owned<R: Resource, M: Mode> {
            facts: R::Facts,
            mode: PhantomData<M>,
        }
        impl<R: Resource, M: Mode> Owned<R, M> {
            #[doc = " The id that was proved."]
            pub fn id(&self) -> &Id<R> {
                R::compared(&self.facts).id
            }
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

/// The functions that make such a proof, as far as operations ask for them.
pub(in crate::emit::rust::access) fn guards(asked: Asked) -> TokenStream {
    if !asked.loaded {
        return TokenStream::new();
    }
    let by_owner = (asked.owned || asked.owned_part || asked.owned_many).then(by_owner);
    let whoevers = (asked.any || asked.any_part || asked.any_many).then(|| {
        quote! {
            #[doc = " The proof of an object, whoever owns it; and whether it is the caller's."]
            pub(crate) fn whoevers<R: Resource, M: Mode>(caller: &Principal, facts: R::Facts) -> (Owned<R, M>, bool) {
                let owner = R::compared(&facts).owner == caller.subject();
                (Owned::grant(facts), owner)
            }
        }
    });
    let owned = asked.owned.then(|| {
        quote! {
            #[doc = " The object, when it is the caller's or the caller may bypass that; and whether it is the caller's."]
            pub(crate) async fn owned<R: Load, M: Mode>(
                s: &Service,
                policy: &'static Policy,
                caller: &Principal,
                id: Id<R>,
            ) -> Result<(Owned<R, M>, bool), Refusal> {
                let facts = facts_of(s, policy, caller, &id).await?;
                by_owner(caller, facts, R::FORBIDDEN)
            }
        }
    });
    let any = asked.any.then(|| {
        quote! {
            #[doc = " The object, whoever owns it; and whether it is the caller's."]
            pub(crate) async fn any<R: Load, M: Mode>(
                s: &Service,
                policy: &'static Policy,
                caller: &Principal,
                id: Id<R>,
            ) -> Result<(Owned<R, M>, bool), Refusal> {
                let facts = facts_of(s, policy, caller, &id).await?;
                Ok(whoevers(caller, facts))
            }
        }
    });
    let one = asked.owned || asked.any || asked.owned_part || asked.any_part;
    let facts_of = one.then(facts_of);
    let within = asked.within.then(|| {
        quote! {
            #[doc = " What is part of another object is as if it were not there."]
            pub(crate) fn within<R: Resource>(facts: &R::Facts, parent: &str) -> Result<(), Refusal> {
                let facts = R::compared(facts);
                match facts.parent == Some(parent) {
                    true => Ok(()),
                    false => Err(Refusal::object(R::NAME, facts.id.as_str(), false, true)),
                }
            }
        }
    });
    let many = asked.many.then(|| many::many(asked));
    quote! {
        #owned
        #any
        #by_owner
        #whoevers
        #facts_of
        #within
        #many
        #[doc = " Across tenants nothing is shared, whatever role the caller has; a caller without a tenant shares none."]
        fn same_tenant<R: Resource>(caller: &Principal, facts: &R::Facts) -> bool {
            let same = |tenant: &str| !tenant.is_empty() && R::compared(facts).tenant == Some(tenant);
            !R::TENANTS || caller.tenant().is_some_and(same)
        }
    }
}

fn by_owner() -> TokenStream {
    let by_owner = guard("object-owner");
    quote! {
        #[doc = " The proof of an object, when it is the caller's or the caller may bypass that; and whether it is the caller's."]
        pub(crate) fn by_owner<R: Resource, M: Mode>(
            caller: &Principal,
            facts: R::Facts,
            forbidden: bool,
        ) -> Result<(Owned<R, M>, bool), Refusal> {
            let owner = R::compared(&facts).owner == caller.subject();
            #by_owner
            if !(owner || caller.roles() & R::BYPASS != 0) {
                return Err(Refusal::object(R::NAME, R::compared(&facts).id.as_str(), forbidden, true));
            }
            Ok((Owned::grant(facts), owner))
        }
    }
}

fn facts_of() -> TokenStream {
    let (in_tenant, same_id) = (guard("object-tenant, where R::TENANTS"), guard("object-id"));
    quote! {
        #[doc = " The loader reports; what it reports is compared here. Facts of another id count as none, and what is another"]
        #[doc = " tenant's is never there, whatever `onDenied` says."]
        pub(crate) async fn facts_of<R: Load>(
            s: &Service,
            policy: &'static Policy,
            caller: &Principal,
            id: &Id<R>,
        ) -> Result<R::Facts, Refusal> {
            let absent = |existed| Refusal::object(R::NAME, id.as_str(), false, existed);
            let loaded = s.shield.call(policy, R::load(&*s.app, id)).await?;
            let facts = loaded.ok_or_else(|| absent(false))?;
            #same_id
            if R::compared(&facts).id != id {
                return Err(absent(false));
            }
            #in_tenant
            if !same_tenant::<R>(caller, &facts) {
                return Err(absent(true));
            }
            Ok(facts)
        }
    }
}
