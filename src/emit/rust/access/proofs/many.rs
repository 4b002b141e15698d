//! Several objects of one body.

use super::Asked;
use crate::emit::rust::print::guard;
use proc_macro2::TokenStream;
use quote::quote;

/// Objects whose ids a body holds: all of them are proved, or none is.
pub(super) fn many(asked: Asked) -> TokenStream {
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
