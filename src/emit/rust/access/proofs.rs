//! The proofs, and the guards that make them: once for all resources, so that there is one place to read.

use crate::emit::rust::print::guard;
use proc_macro2::TokenStream;
use quote::quote;

/// What the guards of a document are asked for. What none is asked for is not emitted: it would be dead code.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// Some object is loaded.
    pub loaded: bool,
    /// By its owner, or whoever's; by an id of its own, and part of nothing that is known.
    pub owned: bool,
    pub any: bool,
    /// Some object is held against what it is part of, or named by its part.
    pub owned_part: bool,
    pub any_part: bool,
    /// Objects whose ids are in a body.
    pub sent: bool,
    /// Of them, more or less than one.
    pub many: bool,
    pub owned_many: bool,
    pub any_many: bool,
    /// Of them, some are held against what they are part of.
    pub many_parts: bool,
    /// Some object is held against what it is part of.
    pub within: bool,
    pub lists: bool,
    /// Of them, some are held against what their rows are part of.
    pub listed_parts: bool,
    /// Some resource is part of another.
    pub parts: bool,
}

/// What a resource states, and its ids.
pub(super) fn resource(asked: Asked) -> TokenStream {
    let load = asked.loaded.then(|| {
        quote! {
            #[doc = " A resource whose objects guards load."]
            pub(crate) trait Load: Resource {
                #[doc = " What the person's loader reports; it decides nothing."]
                fn load<'a>(app: &'a dyn Erased, id: &'a Id<Self>) -> Loading<'a, Self>;
            }
            pub(crate) type Loading<'a, R> = BoxFuture<'a, Result<Option<<R as Resource>::Facts>, Fault>>;
        }
    });
    let load_all = asked.many.then(|| {
        quote! {
            #[doc = " A resource whose objects bodies name."]
            pub(crate) trait LoadAll: Resource {
                #[doc = " What the person's loader reports of all of them, in any order."]
                fn load_all<'a>(app: &'a dyn Erased, ids: &'a [Id<Self>]) -> LoadingAll<'a, Self>;
            }
            pub(crate) type LoadingAll<'a, R> = BoxFuture<'a, Result<Vec<<R as Resource>::Facts>, Fault>>;
        }
    });
    let sent = asked.sent.then(|| {
        quote! {
            #[doc = " An id as a body holds it. Only the guard can read it; what it proved of it stands beside the body."]
            pub struct Sent<R>(Id<R>);
            impl<R: Resource> Sent<R> {
                pub(crate) fn id(&self) -> Id<R> {
                    self.0.clone()
                }
            }
            impl<R: Resource> shield::json::Take for Sent<R> {
                fn take(
                    json: &mut shield::json::Reader<'_>,
                    schema: &'static Schema,
                    by: &shield::Grants,
                ) -> Option<Self> {
                    let text: String = shield::json::Take::take(json, schema, by)?;
                    Id::parse(&text).map(Sent)
                }
                fn same(&self, other: &Self) -> bool {
                    self.0 == other.0
                }
            }
        }
    });
    let facts = match asked.many {
        true => quote!(Clone + Send + Sync),
        false => quote!(Send + Sync),
    };
    let (parent, none, within) = match asked.parts {
        true => (
            Some(quote!(
                #[doc = " What it is part of, where the resource is a part."]
                parent: Option<&'a str>,
            )),
            Some(quote!(, parent: None)),
            Some(quote! {
                pub(crate) fn part_of(self, parent: &'a str) -> Self {
                    Compared { parent: Some(parent), ..self }
                }
            }),
        ),
        false => (None, None, None),
    };
    quote! {
        mod sealed {
            pub trait Sealed {}
        }
        #[doc = " A kind of object that the document declares under `resources`, and what the document says about it."]
        pub trait Resource: sealed::Sealed + Sized + Send + Sync + 'static {
            #[doc = " What its loader reports."]
            type Facts: #facts;
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
            #parent
        }
        impl<'a, R> Compared<'a, R> {
            pub(crate) fn of(id: &'a Id<R>, owner: &'a str, tenant: Option<&'a str>) -> Self {
                Compared { id, owner, tenant #none }
            }
            #within
        }
        #load
        #load_all
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
        #sent
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
pub(super) fn guards(asked: Asked) -> TokenStream {
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
    let many = asked.many.then(|| many(asked));
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

/// Objects whose ids a body holds: all of them are proved, or none is.
fn many(asked: Asked) -> TokenStream {
    let in_tenant = guard("objects-tenant, where R::TENANTS");
    let owned = asked.owned_many.then(|| {
        quote! {
            #[doc = " The proofs of all of them, in the same order; and whether all are the caller's."]
            pub(crate) fn all_by_owner<R: Resource, M: Mode>(
                caller: &Principal,
                all: Vec<R::Facts>,
                forbidden: bool,
            ) -> Result<(Vec<Owned<R, M>>, bool), Refusal> {
                let (mut proofs, mut owner) = (Vec::new(), !all.is_empty());
                for facts in all {
                    let (proof, own) = by_owner(caller, facts, forbidden)?;
                    proofs.push(proof);
                    owner &= own;
                }
                Ok((proofs, owner))
            }
        }
    });
    let any = asked.any_many.then(|| {
        quote! {
            #[doc = " The proofs of all of them, whoever owns them, in the same order; and whether all are the caller's."]
            pub(crate) fn all_whoevers<R: Resource, M: Mode>(
                caller: &Principal,
                all: Vec<R::Facts>,
            ) -> (Vec<Owned<R, M>>, bool) {
                let (mut proofs, mut owner) = (Vec::new(), !all.is_empty());
                for facts in all {
                    let (proof, own) = whoevers(caller, facts);
                    proofs.push(proof);
                    owner &= own;
                }
                (proofs, owner)
            }
        }
    });
    let parts = asked.many_parts.then(|| {
        quote! {
            #[doc = " Whether all of them are part of one object."]
            pub(crate) fn all_within<R: Resource>(all: &[R::Facts], parent: &str) -> Result<(), Refusal> {
                all.iter().try_for_each(|facts| within::<R>(facts, parent))
            }
        }
    });
    quote! {
        #[doc = " The objects of all ids, in their order. Each is asked for once, and all in one call; one that is absent, or"]
        #[doc = " another tenant's, is as if none were there. What the loader reports besides is not looked at."]
        pub(crate) async fn all_of<R: LoadAll>(
            s: &Service,
            policy: &'static Policy,
            caller: &Principal,
            ids: Vec<Id<R>>,
        ) -> Result<Vec<R::Facts>, Refusal> {
            let mut asked = ids.clone();
            asked.sort();
            asked.dedup();
            if asked.is_empty() {
                return Ok(Vec::new());
            }
            let loaded = s.shield.call(policy, R::load_all(&*s.app, &asked)).await?;
            let known: BTreeMap<&Id<R>, &R::Facts> =
                loaded.iter().map(|facts| (R::compared(facts).id, facts)).collect();
            let mut all = Vec::new();
            for id in &ids {
                let absent = |existed| Refusal::object(R::NAME, id.as_str(), false, existed);
                let facts = known.get(id).copied().ok_or_else(|| absent(false))?;
                #in_tenant
                if !same_tenant::<R>(caller, facts) {
                    return Err(absent(true));
                }
                all.push(facts.clone());
            }
            Ok(all)
        }
        #owned
        #any
        #parts
    }
}

/// The proof for lists. `by_owners`: in some list the owner decides; where none does, its policy is all that asks.
pub(super) fn visible(parts: bool, by_owners: bool) -> TokenStream {
    let (by_owner, in_tenant, in_parent) = (
        guard("list-owner, where self.owner().is_some()"),
        guard("list-tenant, where R::TENANTS"),
        guard("list-parent, where self.parent.is_some()"),
    );
    let field = parts.then(|| quote!(parent: Option<Box<str>>,));
    let none = parts.then(|| quote!(parent: None,));
    let within = parts.then(|| {
        quote! {
            pub(crate) fn within(self, parent: &str) -> Self {
                Visible { parent: Some(parent.into()), ..self }
            }
            #[doc = " The only object whose parts are admitted, for a list of parts."]
            pub fn parent(&self) -> Option<&str> {
                self.parent.as_deref()
            }
        }
    });
    let checked = parts.then(|| {
        quote! {
            #in_parent
            if self.parent().is_some() && self.parent() != facts.parent {
                return None;
            }
        }
    });
    let admit = by_owners.then(|| {
        quote! {
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
                    #checked
                    Some((row, *facts.owner == *self.subject))
                });
                Admitted(rows.collect())
            }
        }
    });
    quote! {
        #[doc = " What a list may hold: for the query, and for every row again when it is admitted."]
        pub struct Visible<R: Resource> {
            owner: Option<Box<str>>,
            subject: Box<str>,
            tenant: Option<Box<str>>,
            #field
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
                Ok(Visible { owner, subject, tenant, #none kind: PhantomData })
            }
            #[doc = " The only owner whose rows are admitted; `None`: rows of every owner."]
            pub fn owner(&self) -> Option<&str> {
                self.owner.as_deref()
            }
            #[doc = " The only tenant whose rows are admitted, for resources that have one."]
            pub fn tenant(&self) -> Option<&str> {
                self.tenant.as_deref()
            }
            #within
            #admit
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

/// The proof for lists over whose rows a policy decides.
pub(super) fn visible_by() -> TokenStream {
    let (by_policy, in_tenant) = (
        guard("row-policy, where self.rows.owner().is_some()"),
        guard("row-tenant, where R::TENANTS"),
    );
    quote! {
        #[doc = " What a list may hold over whose rows a policy decides, instead of their owner, and never instead of the tenant."]
        pub struct VisibleBy<R: Resource> {
            rows: Visible<R>,
            caller: Principal,
            policy: Box<Rows<R>>,
        }
        type Rows<R> = dyn Fn(&Principal, &<R as Resource>::Facts) -> Result<bool, Undecided> + Send + Sync;
        impl<R: Resource> VisibleBy<R> {
            pub(crate) fn of(
                caller: &Principal,
                policy: impl Fn(&Principal, &R::Facts) -> Result<bool, Undecided> + Send + Sync + 'static,
            ) -> Result<Self, Refusal> {
                let (rows, caller) = (Visible::of(caller)?, Principal(caller.0.clone()));
                Ok(VisibleBy { rows, caller, policy: Box::new(policy) })
            }
            #[doc = " Whether the caller has a role of `bypass`: then the policy is not asked."]
            pub fn is_bypassed(&self) -> bool {
                self.rows.owner().is_none()
            }
            #[doc = " The only tenant whose rows are admitted, for resources that have one."]
            pub fn tenant(&self) -> Option<&str> {
                self.rows.tenant()
            }
            #[doc = " The only way to a list reply: rows to which the policy does not say yes are left out, whatever the query found."]
            pub fn admit<T>(&self, rows: impl IntoIterator<Item = (R::Facts, T)>) -> Admitted<T> {
                let rows = rows.into_iter().filter_map(|(facts, row)| {
                    #by_policy
                    if !self.is_bypassed() && (self.policy)(&self.caller, &facts) != Ok(true) {
                        return None;
                    }
                    let facts = R::compared(&facts);
                    #in_tenant
                    if self.tenant() != facts.tenant {
                        return None;
                    }
                    Some((row, *facts.owner == *self.rows.subject))
                });
                Admitted(rows.collect())
            }
        }
    }
}
