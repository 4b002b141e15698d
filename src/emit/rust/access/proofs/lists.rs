//! Rows of a list: admitted by their owner, or by a policy.

use crate::emit::rust::print::guard;
use proc_macro2::TokenStream;
use quote::quote;

/// The proof for lists. `by_owners`: in some list the owner decides; `by_policies`: in some a policy does. Where no owner
/// does, its policy is all that asks.
pub(in crate::emit::rust::access) fn visible(
    parts: bool,
    by_owners: bool,
    by_policies: bool,
) -> TokenStream {
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
    let (admitted, told) = match by_policies {
        true => (
            quote! {
                pub struct Admitted<T> {
                    rows: Vec<(T, bool)>,
                    #[doc = " The policy, when there was a row of which it could not decide: one event tells it."]
                    undecided: Option<&'static str>,
                }
            },
            Some(quote! {
                fn undecided(&self) -> Option<&'static str> {
                    self.undecided
                }
            }),
        ),
        false => (
            quote!(
                pub struct Admitted<T> {
                    rows: Vec<(T, bool)>,
                }
            ),
            None,
        ),
    };
    let decided = by_policies.then(|| quote!(undecided: None));
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
                Admitted { rows: rows.collect(), #decided }
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
        #admitted
        impl<T> reply::Rows<T> for Admitted<T> {
            fn admitted(&self) -> &[(T, bool)] {
                &self.rows
            }
            #told
        }
        impl<T> Admitted<T> {
            #[doc = " How many rows were admitted."]
            pub fn len(&self) -> usize {
                self.rows.len()
            }
            #[doc = " Whether nothing was admitted."]
            pub fn is_empty(&self) -> bool {
                self.rows.is_empty()
            }
        }
    }
}

/// The proof for lists over whose rows a policy decides.
pub(in crate::emit::rust::access) fn visible_by() -> TokenStream {
    let (by_policy, in_tenant) = (
        guard("row-policy, where self.rows.owner().is_some()"),
        guard("row-tenant, where R::TENANTS"),
    );
    quote! {
        #[doc = " What a list may hold over whose rows a policy decides, instead of their owner, and never instead of the tenant."]
        pub struct VisibleBy<R: Resource> {
            rows: Visible<R>,
            caller: Principal,
            name: &'static str,
            policy: Box<Rows<R>>,
        }
        type Rows<R> = dyn Fn(&Principal, &<R as Resource>::Facts) -> Result<bool, Undecided> + Send + Sync;
        impl<R: Resource> VisibleBy<R> {
            pub(crate) fn of(
                caller: &Principal,
                name: &'static str,
                policy: impl Fn(&Principal, &R::Facts) -> Result<bool, Undecided> + Send + Sync + 'static,
            ) -> Result<Self, Refusal> {
                let (rows, caller) = (Visible::of(caller)?, Principal(caller.0.clone()));
                Ok(VisibleBy { rows, caller, name, policy: Box::new(policy) })
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
                let mut undecided = None;
                let rows = rows.into_iter().filter_map(|(facts, row)| {
                    let compared = R::compared(&facts);
                    #in_tenant
                    if self.tenant() != compared.tenant {
                        return None;
                    }
                    let own = *compared.owner == *self.rows.subject;
                    let says = match self.is_bypassed() {
                        true => Ok(true),
                        false => (self.policy)(&self.caller, &facts),
                    };
                    if says.is_err() {
                        undecided = Some(self.name);
                    }
                    #by_policy
                    if says != Ok(true) {
                        return None;
                    }
                    Some((row, own))
                });
                let rows = rows.collect();
                Admitted { rows, undecided }
            }
        }
    }
}
