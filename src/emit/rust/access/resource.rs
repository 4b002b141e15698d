//! One resource: what the document says of it, its facts, and the trait of its loader.

use crate::emit::rust::context::{Context, ResourceNames};
use crate::emit::rust::person;
use crate::emit::rust::print::{about, braces, declared, doc, plain};
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
        load_all_method,
        ..
    } = names;
    let root = &cx.root;
    let mut rules = Rules::new(&[]);
    let rule = rules.id("ID", &resource.id);
    let patterns = &rules.statics;
    let name = plain(&resource.name);
    let tenant = (resource.tenant).then(|| quote!(pub tenant: String,));
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
    let parent = resource.parent.and_then(|parent| cx.resources.get(parent));
    let parent = parent.map(|parent| {
        let id = &parent.id;
        quote!(pub parent: access::#id,)
    });
    let load_all = cx
        .loads_many(names)
        .then(|| quote!(fn #load_all_method(ids: &[#id]) -> Vec<#facts>;));
    let tenants = resource.tenant;
    let bypass = (resource.bypass != 0).then(|| {
        let bypass = cx.role_set(resource.bypass);
        quote!(BYPASS = #bypass,)
    });
    let forbidden = (resource.on_denied == OnDenied::Forbidden).then(|| quote!(FORBIDDEN = true,));
    let message = format!(
        "resource `{}` has no loader in `{{Self}}`",
        braces(&resource.name)
    );
    let hint = person::hint(load_method);
    let about = about(&format!("`{name}`: identified by `{}`.", resource.param));
    let resource = declared(
        "resource",
        quote! {
            pub enum #marker {
                NAME = #name,
                ID = #rule,
                #bypass
                TENANTS = #tenants,
                #forbidden
            }
            pub struct #facts {
                pub id: #id,
                pub owner: String,
                #tenant
                #parent
                pub version: u64,
                #(#attributes)*
            }
            #[missing = #message]
            #[stub = #hint]
            pub trait #load {
                fn #load_method(id: &#id) -> Option<#facts>;
                #load_all
            }
        },
    );
    quote!(#about use #root::prelude::*; #(#patterns)* #resource)
}
