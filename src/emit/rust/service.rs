//! `api/src/service.rs`: where the person's type is erased, once, and every operation is listed; the ways in.

use super::context::Context;
use super::print::{about, declared, owned};
use crate::emit::Files;
use crate::plan::Access;
use proc_macro2::Literal;
use quote::quote;

pub fn emit(cx: &Context, files: &mut Files) {
    let about = about(
        "The person's type behind one pointer: no guard is generic, none is compiled again when a handler changes.",
    );
    let root = &cx.root;
    let loaded: Vec<_> = cx.loaded().map(|names| &names.marker).collect();
    let loaders = cx.resources.iter().map(|names| {
        let (marker, method, load) = (&names.marker, &names.load_method, &names.load);
        if loaded.contains(&marker) {
            let all = &names.load_all_method;
            match cx.loads_many(names) {
                true => quote!(#method(#load, #marker, #all)),
                false => quote!(#method(#load, #marker)),
            }
        } else {
            // No guard calls it; the document asks for it all the same.
            quote!(#method(#load))
        }
    });
    let numbered = cx.plan.operations.iter().zip(&cx.operations).enumerate();
    let operations = numbered.map(|(index, (operation, names))| {
        let (index, module, name) = (Literal::usize_unsuffixed(index), &names.module, &names.name);
        match (&operation.access, &operation.flow) {
            (Access::Denied { .. }, _) | (_, Some(_)) => quote!(#module = #index),
            _ => quote!(#module(#name) = #index),
        }
    });
    let numbered = cx.passwords.iter().enumerate();
    let hooks = numbered.map(|(index, names)| {
        let (index, method, hook) = (Literal::usize_unsuffixed(index), &names.method, &names.hook);
        quote!(#method(#hook) = #index)
    });
    let hooks = (!cx.passwords.is_empty()).then(|| quote!(enum Passwords { #(#hooks),* }));
    let list = declared(
        "erase",
        quote! {
            enum Loaders { #(#loaders),* }
            #hooks
            enum Operations { #(#operations),* }
        },
    );
    let access =
        (!cx.resources.is_empty() || !cx.passwords.is_empty()).then(|| quote!(use #root::access;));
    let operations_use = (!cx.operations.is_empty()).then(|| quote!(use #root::operations;));
    // Where everything is denied there is nothing to call.
    let app = match loaded.is_empty() && cx.handled().next().is_none() {
        true => quote!(_app),
        false => quote!(app),
    };
    let tokens = quote! {
        #about
        #access
        #operations_use
        use #root::spec::SPEC;
        use shield::Shield;
        #[doc = " The shield and the person's service, as every guard sees them."]
        pub(crate) struct Service {
            pub(crate) shield: Shield,
            pub(crate) #app: Box<dyn Erased>,
        }
        impl Service {
            pub(crate) fn new(shield: Shield, app: impl Api) -> Self {
                Service { shield, #app: Box::new(app) }
            }
        }
        #list
    };
    owned(cx.plan, files, "api/src/service.rs", tokens);
}
