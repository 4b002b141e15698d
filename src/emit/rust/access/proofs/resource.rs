//! What a resource states, and its ids: in a path, and in a body.

use super::Asked;
use proc_macro2::TokenStream;
use quote::quote;

/// What a resource states, and its ids.
pub(in crate::emit::rust::access) fn resource(asked: Asked) -> TokenStream {
    let number = asked.numbers.then(|| {
        quote! {
            #[doc = " The number that it is; `None` where it is a text that spells none."]
            pub fn number(&self) -> Option<i64> {
                self.0.parse().ok()
            }
        }
    });
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
            const ID: Schema;
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
            pub const SCHEMA: Schema = R::ID;
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
            #number
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
