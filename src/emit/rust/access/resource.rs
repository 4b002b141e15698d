//! One resource: what the document says of it, its facts, and the trait of its loader.

use crate::emit::rust::context::{Context, ResourceNames};
use crate::emit::rust::person;
use crate::emit::rust::print::{about, braces, doc, plain};
use crate::emit::rust::rules::Rules;
use crate::plan::{AttributeKind, OnDenied, Resource};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn resource_file(
    cx: &Context,
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
    let mut rules = Rules::new(&["ID"]);
    let rule = rules.text("ID", &resource.id);
    let patterns = &rules.statics;
    let name = plain(&resource.name);
    let (tenant_field, tenant) = if resource.tenant {
        let field = quote! {
            #[doc = " The tenant it belongs to."]
            pub tenant: String,
        };
        (Some(field), quote!(Some(&facts.tenant)))
    } else {
        (None, quote!(None))
    };
    let attributes = resource.attributes.iter().zip(&names.attributes);
    let attributes = attributes.map(|(attribute, field)| {
        let (kind, said) = match attribute.kind {
            AttributeKind::String | AttributeKind::Uuid => {
                (quote!(Option<String>), "what policies read")
            }
            AttributeKind::Integer => (quote!(Option<i64>), "what policies read"),
            AttributeKind::Boolean => (quote!(Option<bool>), "what policies read"),
            AttributeKind::Time => (quote!(Option<std::time::SystemTime>), "what policies read"),
            AttributeKind::Strings => (
                quote!(Vec<String>),
                "at most 1000 of them are looked through",
            ),
        };
        let none = match attribute.kind {
            AttributeKind::Strings => "",
            _ => "; without it they do not say yes",
        };
        let said = doc(&format!("`{}`: {said}{none}.", attribute.name));
        quote!(#said pub #field: #kind,)
    });
    let tenants = resource.tenant;
    let bypass = (resource.bypass != 0).then(|| {
        let bypass = cx.role_set(resource.bypass);
        quote!(const BYPASS: RoleSet = #bypass;)
    });
    let forbidden = (resource.on_denied == OnDenied::Forbidden).then(|| {
        quote!(
            const FORBIDDEN: bool = true;
        )
    });
    let message = format!(
        "resource `{}` has no loader in `{{Self}}`",
        braces(&resource.name)
    );
    let hint = person::hint(load_method);
    let about = about(&format!("`{name}`: identified by `{}`.", resource.param));
    quote! {
        #about
        use #root::prelude::*;
        #(#patterns)*
        static ID: Text = #rule;
        #[doc = " The kind of object; only a name, there is no value of it."]
        pub enum #marker {}
        impl access::sealed::Sealed for #marker {}
        impl Resource for #marker {
            type Facts = #facts;
            const NAME: &'static str = #name;
            const ID: &'static Text = &ID;
            #bypass
            const TENANTS: bool = #tenants;
            #forbidden
            fn compared(facts: &#facts) -> Compared<'_, Self> {
                Compared::of(&facts.id, &facts.owner, #tenant)
            }
        }
        #[doc = " An id as the document admits it."]
        pub type #id = Id<#marker>;
        #[doc = " What the service says about an object so that a decision can be made."]
        #[derive(Clone)]
        pub struct #facts {
            pub id: #id,
            #[doc = " Subject of the caller it belongs to."]
            pub owner: String,
            #tenant_field
            #(#attributes)*
            #[doc = " Counts its changes; a handler that writes compares it."]
            pub version: u64,
        }
        #[doc = " Reports facts, decides nothing."]
        #[diagnostic::on_unimplemented(message = #message, label = "missing loader", note = #hint)]
        pub trait #load: Send + Sync + 'static {
            fn #load_method(&self, id: &#id) -> impl Work<Option<#facts>>;
        }
    }
}
