//! `api/src/{lib,entry,service}.rs`: where the person's type is erased once and the one door is made.

use super::context::Context;
use super::print::{about, note, owned};
use crate::emit::Files;
use crate::plan::Access;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub fn emit(cx: &Context, files: &mut Files) {
    owned(cx.plan, files, "api/src/lib.rs", library(cx));
    owned(cx.plan, files, "api/src/entry.rs", entry(cx));
    owned(cx.plan, files, "api/src/service.rs", service(cx));
}

/// Every trait that the person implements.
fn traits(cx: &Context) -> Vec<TokenStream> {
    let root = &cx.root;
    let loaders = cx.resources.iter().map(|names| {
        let load = &names.load;
        quote!(#root::access::#load)
    });
    let handlers = cx.handled().map(|(_, names)| {
        let (module, name) = (&names.module, &names.name);
        quote!(#root::operations::#module::#name)
    });
    loaders.chain(handlers).collect()
}

fn library(cx: &Context) -> TokenStream {
    let title = super::print::plain(&cx.plan.title);
    let about = about(&format!(
        "{title}, as its document declares it: types, proofs, guards and the table of its routes."
    ));
    let root = &cx.root;
    // Emitted files keep the format they were emitted in; this one has nothing that rustfmt would change.
    let modules = [
        "access",
        "entry",
        "operations",
        "replies",
        "requests",
        "service",
        "spec",
        "words",
    ]
    .map(|name| {
        let module = super::names::ident(name);
        let inner = matches!(name, "entry" | "service" | "spec");
        let visible = (!inner).then(|| quote!(pub));
        quote!(#[rustfmt::skip] #visible mod #module;)
    });
    quote! {
        #about
        #![forbid(unsafe_code)]
        #(#modules)*
        pub use #root::entry::{Api, door, router, run};
        pub use #root::spec::SPEC;
    }
}

fn entry(cx: &Context) -> TokenStream {
    let about = about("What the service is made of, and the ways in.");
    let traits = traits(cx);
    let root = &cx.root;
    let bounds = if traits.is_empty() {
        quote!(Send + Sync + 'static)
    } else {
        quote!(#(#traits)+*)
    };
    quote! {
        #about
        use #root::service::Service;
        use #root::spec::SPEC;
        use shield::{Door, Fault, Shield};
        use std::process::ExitCode;
        #[doc = " Everything the document asks of you. It is implemented when all its parts are."]
        pub trait Api: #bounds {}
        impl<T: #bounds> Api for T {}
        #[doc = " The one way in: what is not in the document is not behind it."]
        pub fn door(shield: Shield, app: impl Api) -> Door {
            Door::new(Service::new(shield, app))
        }
        #[doc = " The door as an axum router, to mount in an app that exists or to add your own layers."]
        pub fn router(shield: Shield, app: impl Api) -> axum::Router {
            axum::Router::new().fallback_service(door(shield, app))
        }
        #[doc = " The whole program: reads the environment and the command line, serves until it is told to stop."]
        pub fn run<A: Api>(open: impl FnOnce() -> Result<A, Fault>) -> ExitCode {
            shield::run(&SPEC, |shield| Ok(door(shield, open()?)))
        }
    }
}

fn service(cx: &Context) -> TokenStream {
    let root = &cx.root;
    let about = about(
        "The person's type behind one pointer: no guard is generic, none is compiled again when a handler changes.",
    );
    let loaders = cx.loaded().map(|names| {
        let (id, facts, method, load) = (&names.id, &names.facts, &names.load_method, &names.load);
        let signature = quote! {
            fn #method<'a>(&'a self, id: &'a #id) -> BoxFuture<'a, Result<Option<#facts>, Fault>>
        };
        let call = quote!(#signature { Box::pin(#load::#method(self, id)) });
        (quote!(#signature;), call, quote!(#id, #facts, #load))
    });
    let (mut declared, mut implemented, mut imports) = (Vec::new(), Vec::new(), Vec::new());
    for (signature, call, names) in loaders {
        declared.push(signature);
        implemented.push(call);
        imports.push(names);
    }
    for (_, names) in cx.handled() {
        let (module, name, method) = (&names.module, &names.name, &names.method);
        let signature = quote! {
            fn #method(&self, call: operations::#module::Call) -> BoxFuture<'_, Result<operations::#module::Reply, Fault>>
        };
        declared.push(quote!(#signature;));
        implemented
            .push(quote!(#signature { Box::pin(operations::#module::#name::#method(self, call)) }));
    }
    let arms = cx.operations.iter().enumerate().map(|(index, names)| {
        let (index, module) = (Literal::usize_unsuffixed(index), &names.module);
        quote!(#index => Box::pin(operations::#module::serve(self, x)),)
    });
    let access = (!imports.is_empty()).then(|| quote!(use #root::access::{#(#imports),*};));
    let operations = (!cx.operations.is_empty()).then(|| quote!(use #root::operations;));
    let fault = (!declared.is_empty()).then(|| quote!(Fault,));
    let denied_all = cx
        .plan
        .operations
        .iter()
        .all(|operation| matches!(operation.access, Access::Denied { .. }));
    let app = if denied_all {
        quote!(_app)
    } else {
        quote!(app)
    };
    let unknown = note("Not an index of the table: refuse.");
    quote! {
        #about
        #access
        #operations
        use #root::Api;
        use shield::{BoxFuture, Exchange, #fault Guarded, Refusal, Response, Shield};
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
        #[doc = " Handlers and loaders without the type they are implemented for."]
        pub(crate) trait Erased: Send + Sync {
            #(#declared)*
        }
        impl<T: Api> Erased for T {
            #(#implemented)*
        }
        impl Guarded for Service {
            fn shield(&self) -> &Shield {
                &self.shield
            }
            fn serve<'a>(
                &'a self,
                operation: usize,
                x: &'a mut Exchange,
            ) -> BoxFuture<'a, Result<Response, Refusal>> {
                match operation {
                    #(#arms)*
                    _ => {
                        #unknown
                        Box::pin(async { Err(Refusal::declared(404)) })
                    }
                }
            }
        }
    }
}
