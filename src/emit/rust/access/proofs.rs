//! The proofs, and the guards that make them: once for all resources, so that there is one place to read.

use crate::emit::rust::print::guard;
use proc_macro2::TokenStream;
use quote::quote;

/// What a resource states, and its ids. `loaded`: some operation loads an object.
pub(super) fn resource(loaded: bool) -> TokenStream {
    let load = loaded.then(|| {
        quote! {
            #[doc = " A resource whose objects guards load."]
            pub(crate) trait Load: Resource {
                #[doc = " What the person's loader reports; it decides nothing."]
                fn load<'a>(app: &'a dyn Erased, id: &'a Id<Self>) -> Loading<'a, Self>;
            }
            pub(crate) type Loading<'a, R> = BoxFuture<'a, Result<Option<<R as Resource>::Facts>, Fault>>;
        }
    });
    quote! {
        mod sealed {
            pub trait Sealed {}
        }
        #[doc = " A kind of object that the document declares under `resources`, and what the document says about it."]
        pub trait Resource: sealed::Sealed + Sized + Send + Sync + 'static {
            #[doc = " What its loader reports."]
            type Facts: Send + Sync;
            #[doc = " As the document calls it."]
            const NAME: &'static str;
            #[doc = " What its ids must be."]
            const ID: &'static Text;
            #[doc = " Roles for which the owner does not matter; the tenant always does."]
            const BYPASS: RoleSet = 0;
            #[doc = " Whether each belongs to a tenant, which must then be the caller's."]
            const TENANTS: bool;
            #[doc = " Whether a denial says 403. Otherwise 404, as if there were no such object."]
            const FORBIDDEN: bool = false;
            #[doc = " What guards compare of the facts."]
            fn compared(facts: &Self::Facts) -> Compared<'_, Self>;
        }
        #[doc = " What is compared with the request and its caller."]
        pub struct Compared<'a, R> {
            id: &'a Id<R>,
            owner: &'a str,
            #[doc = " Where the resource has tenants."]
            tenant: Option<&'a str>,
        }
        impl<'a, R> Compared<'a, R> {
            pub(crate) fn of(id: &'a Id<R>, owner: &'a str, tenant: Option<&'a str>) -> Self {
                Compared { id, owner, tenant }
            }
        }
        #load
        #[doc = " An id as the document admits it."]
        pub struct Id<R>(String, PhantomData<fn() -> R>);
        impl<R: Resource> Id<R> {
            #[doc = " What an id must be."]
            pub const SCHEMA: Schema = R::ID.schema();
            #[doc = " `None` when the document does not admit it."]
            pub fn parse(text: &str) -> Option<Self> {
                R::ID.keep(text).map(|text| Id(text, PhantomData))
            }
        }
        impl<R: Resource> Parse for Id<R> {
            fn parse(text: &str, _schema: &'static Schema) -> Option<Self> {
                Id::parse(text)
            }
        }
        impl<R> Id<R> {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl<R> Clone for Id<R> {
            fn clone(&self) -> Self {
                Id(self.0.clone(), PhantomData)
            }
        }
        impl<R> PartialEq for Id<R> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }
        impl<R> Eq for Id<R> {}
        impl<R> PartialOrd for Id<R> {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl<R> Ord for Id<R> {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.cmp(&other.0)
            }
        }
        impl<R> Hash for Id<R> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }
        impl<R> Debug for Id<R> {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Debug::fmt(&self.0, f)
            }
        }
    }
}

/// The proof for one object.
pub(super) fn owned() -> TokenStream {
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
pub(super) fn guards(owner: bool, any: bool) -> TokenStream {
    if !owner && !any {
        return TokenStream::new();
    }
    let (in_tenant, by_owner, same_id) = (
        guard("object-tenant, where R::TENANTS"),
        guard("object-owner"),
        guard("object-id"),
    );
    let owned = owner.then(|| {
        quote! {
            #[doc = " The object, when it is the caller's or the caller may bypass that; and whether it is the caller's."]
            pub(crate) async fn owned<R: Load, M: Mode>(
                s: &Service,
                policy: &'static Policy,
                caller: &Principal,
                id: Id<R>,
            ) -> Result<(Owned<R, M>, bool), Refusal> {
                let facts = facts_of(s, policy, caller, &id).await?;
                let owner = R::compared(&facts).owner == caller.subject();
                #by_owner
                if !(owner || caller.roles() & R::BYPASS != 0) {
                    return Err(Refusal::object(R::NAME, id.as_str(), R::FORBIDDEN, true));
                }
                Ok((Owned::grant(facts), owner))
            }
        }
    });
    let any = any.then(|| {
        quote! {
            #[doc = " The object, whoever owns it; and whether it is the caller's."]
            pub(crate) async fn any<R: Load, M: Mode>(
                s: &Service,
                policy: &'static Policy,
                caller: &Principal,
                id: Id<R>,
            ) -> Result<(Owned<R, M>, bool), Refusal> {
                let facts = facts_of(s, policy, caller, &id).await?;
                let owner = R::compared(&facts).owner == caller.subject();
                Ok((Owned::grant(facts), owner))
            }
        }
    });
    quote! {
        #owned
        #any
        #[doc = " The loader reports; what it reports is compared here. Facts of another id count as none, and what is another"]
        #[doc = " tenant's is never there, whatever `onDenied` says."]
        async fn facts_of<R: Load>(
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
        #[doc = " Across tenants nothing is shared, whatever role the caller has; a caller without a tenant shares none."]
        fn same_tenant<R: Resource>(caller: &Principal, facts: &R::Facts) -> bool {
            let same = |tenant: &str| !tenant.is_empty() && R::compared(facts).tenant == Some(tenant);
            !R::TENANTS || caller.tenant().is_some_and(same)
        }
    }
}

/// The proof for lists.
pub(super) fn visible() -> TokenStream {
    let (by_owner, in_tenant) = (
        guard("list-owner, where self.owner().is_some()"),
        guard("list-tenant, where R::TENANTS"),
    );
    quote! {
        #[doc = " What a list may hold: for the query, and for every row again when it is admitted."]
        pub struct Visible<R: Resource> {
            owner: Option<Box<str>>,
            subject: Box<str>,
            tenant: Option<Box<str>>,
            kind: PhantomData<R>,
        }
        impl<R: Resource> Visible<R> {
            pub(crate) fn of(caller: &Principal) -> Result<Self, Refusal> {
                let tenant = if R::TENANTS {
                    let own = caller.tenant().filter(|tenant| !tenant.is_empty());
                    Some(own.ok_or_else(Refusal::no_tenant)?.into())
                } else {
                    None
                };
                let subject: Box<str> = caller.subject().into();
                let owner = (caller.roles() & R::BYPASS == 0).then(|| subject.clone());
                Ok(Visible { owner, subject, tenant, kind: PhantomData })
            }
            #[doc = " The only owner whose rows are admitted; `None`: rows of every owner."]
            pub fn owner(&self) -> Option<&str> {
                self.owner.as_deref()
            }
            #[doc = " The only tenant whose rows are admitted, for resources that have one."]
            pub fn tenant(&self) -> Option<&str> {
                self.tenant.as_deref()
            }
            #[doc = " The only way to a list reply: rows that are not the caller's are left out, whatever the query found."]
            pub fn admit<T>(&self, rows: impl IntoIterator<Item = (R::Facts, T)>) -> Admitted<T> {
                let rows = rows.into_iter().filter_map(|(facts, row)| {
                    let facts = R::compared(&facts);
                    #by_owner
                    if self.owner().is_some_and(|owner| owner != facts.owner) {
                        return None;
                    }
                    #in_tenant
                    if self.tenant() != facts.tenant {
                        return None;
                    }
                    Some((row, *facts.owner == *self.subject))
                });
                Admitted(rows.collect())
            }
        }
        #[doc = " Rows that were admitted, each with whether it is the caller's own."]
        pub struct Admitted<T>(Vec<(T, bool)>);
        impl<'a, T> IntoIterator for &'a Admitted<T> {
            type Item = &'a (T, bool);
            type IntoIter = std::slice::Iter<'a, (T, bool)>;
            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }
        impl<T> Admitted<T> {
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
