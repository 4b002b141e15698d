//! One resource: its id, its facts, and the functions that turn facts into proofs.

use crate::emit::rust::context::{Context, ResourceNames};
use crate::emit::rust::print::{about, braces, plain};
use crate::emit::rust::rules::Rules;
use crate::emit::rust::{names, person};
use crate::plan::{OnDenied, OwnKind, Resource};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn resource_file(
    cx: &Context,
    index: usize,
    resource: &Resource,
    names: &ResourceNames,
) -> TokenStream {
    let ResourceNames {
        marker,
        id,
        facts,
        load,
        load_method,
        ..
    } = names;
    let root = &cx.root;
    let used = |wanted: fn(OwnKind) -> bool| {
        let owns = cx
            .plan
            .operations
            .iter()
            .flat_map(|operation| &operation.owns);
        owns.filter(|owns| owns.resource == index)
            .any(|owns| wanted(owns.kind))
    };
    let (owner, any, list) = (
        used(|kind| matches!(kind, OwnKind::Owner { .. })),
        used(|kind| matches!(kind, OwnKind::Any { .. })),
        used(|kind| kind == OwnKind::List),
    );
    let mut rules = Rules::new(&[]);
    rules.text("ID", &resource.id);
    let statics = rules.statics.iter().map(|each| {
        // The table of an operation names the same rule.
        let text = each.to_string();
        if text.starts_with("static ID :") {
            quote!(pub(crate) #each)
        } else {
            each.clone()
        }
    });
    let forbidden = resource.on_denied == OnDenied::Forbidden;
    let name = plain(&resource.name);
    let tenant_field = resource.tenant.then(|| {
        quote! {
            #[doc = " The tenant it belongs to."]
            pub tenant: String,
        }
    });
    let same_tenant = resource.tenant.then(|| {
        quote! {
            #[doc = " Across tenants nothing is shared, whatever role the caller has; a caller without a tenant shares none."]
            fn same_tenant(caller: &Principal, facts: &#facts) -> bool {
                caller.tenant().is_some_and(|tenant| !tenant.is_empty() && tenant == facts.tenant)
            }
        }
    });
    let in_tenant = if resource.tenant {
        quote!(same_tenant(caller, &facts))
    } else {
        quote!(true)
    };
    let bypass = cx.role_set(resource.bypass);
    let may = match (resource.tenant, resource.bypass) {
        (true, 0) => quote!(same_tenant(caller, &facts) && owner),
        (true, _) => quote!(same_tenant(caller, &facts) && (owner || caller.roles() & BYPASS != 0)),
        (false, 0) => quote!(owner),
        (false, _) => quote!(owner || caller.roles() & BYPASS != 0),
    };
    let needs_bypass = resource.bypass != 0 && (owner || list);
    let bypass_const = needs_bypass.then(|| {
        quote! {
            #[doc = " Roles for which the owner does not matter."]
            const BYPASS: RoleSet = #bypass;
        }
    });
    let load_fn = (owner || any).then(|| {
        quote! {
            #[doc = " The loader reports; what it reports is compared here. Facts of another id count as none."]
            async fn facts_of(s: &Service, policy: &'static Policy, id: &#id) -> Result<#facts, Refusal> {
                let loaded = s.shield.call(policy, s.app.#load_method(id)).await?;
                loaded
                    .filter(|facts| facts.id == *id)
                    .ok_or_else(|| Refusal::object(#name, id.as_str(), false, false))
            }
        }
    });
    let signature = |function: &str| {
        let function = names::ident(function);
        quote! {
            pub(crate) async fn #function<M: Mode>(
                s: &Service,
                policy: &'static Policy,
                caller: &Principal,
                id: #id,
            ) -> Result<(Owned<#marker, M>, bool), Refusal>
        }
    };
    let owned_fn = owner.then(|| {
        let signature = signature("owned");
        quote! {
            #[doc = " The object, when it is the caller's or the caller may bypass that; and whether it is the caller's."]
            #signature {
                let facts = facts_of(s, policy, &id).await?;
                let owner = facts.owner == caller.subject();
                if !(#may) {
                    return Err(Refusal::object(#name, id.as_str(), #forbidden, true));
                }
                Ok((Owned::grant(facts), owner))
            }
        }
    });
    let any_fn = any.then(|| {
        let signature = signature("any");
        let check = resource.tenant.then(|| {
            quote! {
                if !#in_tenant {
                    return Err(Refusal::object(#name, id.as_str(), #forbidden, true));
                }
            }
        });
        quote! {
            #[doc = " The object, whoever owns it; and whether it is the caller's."]
            #signature {
                let facts = facts_of(s, policy, &id).await?;
                #check
                let owner = facts.owner == caller.subject();
                Ok((Owned::grant(facts), owner))
            }
        }
    });
    let visible = list.then(|| list_impl(cx, resource, names));
    let message = format!(
        "resource `{}` has no loader in `{{Self}}`",
        braces(&resource.name)
    );
    let hint = person::hint(&names.load_method);
    let about = about(&format!("`{name}`: identified by `{}`.", resource.param));
    let body = quote! {
        #(#statics)*
        #bypass_const
        #[doc = " The kind of object; only a name, there is no value of it."]
        pub enum #marker {}
        impl sealed::Sealed for #marker {}
        impl Resource for #marker {
            type Id = #id;
            type Facts = #facts;
        }
        #[doc = " An id as the document admits it."]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #id(String);
        impl #id {
            #[doc = " `None` when the document does not admit it."]
            pub fn parse(text: &str) -> Option<Self> {
                ID.keep(text).map(#id)
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        #[doc = " What the service says about an object so that a decision can be made."]
        #[derive(Clone)]
        pub struct #facts {
            pub id: #id,
            #[doc = " Subject of the caller it belongs to."]
            pub owner: String,
            #tenant_field
            #[doc = " Counts its changes; a handler that writes compares it."]
            pub version: u64,
        }
        #[doc = " Reports facts, decides nothing."]
        #[diagnostic::on_unimplemented(message = #message, label = "missing loader", note = #hint)]
        pub trait #load: Send + Sync + 'static {
            fn #load_method(
                &self,
                id: &#id,
            ) -> impl Future<Output = Result<Option<#facts>, Fault>> + Send;
        }
        impl<M: Mode> Owned<#marker, M> {
            #[doc = " The id that was proved."]
            pub fn id(&self) -> &#id {
                &self.facts().id
            }
        }
        #same_tenant
        #load_fn
        #owned_fn
        #any_fn
        #visible
    };
    // Everything of `access` by name, the rest as it is used.
    let mut ours = vec![
        quote!(Resource),
        quote!(sealed),
        quote!(Owned),
        quote!(Mode),
    ];
    if owner || any || list {
        ours.push(quote!(Principal));
    }
    if list {
        ours.extend([quote!(Visible), quote!(Admitted)]);
    }
    if needs_bypass {
        ours.push(quote!(roles));
    }
    let outside = [
        (needs_bypass, quote!(RoleSet)),
        (owner || any || list, quote!(Refusal)),
    ];
    let outside = outside
        .into_iter()
        .filter(|(used, _)| *used)
        .map(|(_, name)| name);
    let service =
        (owner || any).then(|| quote!(use #root::service::Service; use shield::spec::Policy;));
    let phantom = list.then(|| {
        quote!(
            use std::marker::PhantomData;
        )
    });
    let mut schema = vec![quote!(Text)];
    if resource.id.format.is_some() {
        schema.push(quote!(Format));
    }
    if resource.id.pattern.is_some() {
        schema.push(quote!(Pattern));
    }
    quote! {
        #about
        use super::{#(#ours),*};
        #service
        use shield::schema::{#(#schema),*};
        use shield::{Fault, #(#outside),*};
        use std::future::Future;
        #phantom
        #body
    }
}

fn list_impl(cx: &Context, resource: &Resource, names: &ResourceNames) -> TokenStream {
    let ResourceNames { marker, facts, .. } = names;
    let any_tenant = cx.plan.resources.iter().any(|resource| resource.tenant);
    let owner = match resource.bypass {
        0 => quote!(Some(subject.clone())),
        _ => quote!((caller.roles() & BYPASS == 0).then(|| subject.clone())),
    };
    let tenant = match (any_tenant, resource.tenant) {
        (false, _) => TokenStream::new(),
        (true, false) => quote!(tenant: None,),
        (true, true) => quote!(tenant: Some(tenant.into()),),
    };
    let find_tenant = resource.tenant.then(|| {
        quote!(let tenant = caller.tenant().filter(|tenant| !tenant.is_empty()).ok_or_else(Refusal::no_tenant)?;)
    });
    let admits = if resource.tenant {
        quote!(
            self.owner().is_none_or(|owner| owner == facts.owner)
                && self.tenant() == Some(facts.tenant.as_str())
        )
    } else {
        quote!(self.owner().is_none_or(|owner| owner == facts.owner))
    };
    quote! {
        impl Visible<#marker> {
            pub(crate) fn of(caller: &Principal) -> Result<Self, Refusal> {
                #find_tenant
                let subject: Box<str> = caller.subject().into();
                Ok(Visible { owner: #owner, subject, #tenant kind: PhantomData })
            }
            #[doc = " The only way to a list reply: rows that are not the caller's are left out, whatever the query found."]
            pub fn admit<T>(&self, rows: impl IntoIterator<Item = (#facts, T)>) -> Admitted<T> {
                let rows = rows.into_iter().filter(|(facts, _)| #admits);
                Admitted(rows.map(|(facts, row)| (row, *facts.owner == *self.subject)).collect())
            }
        }
    }
}
