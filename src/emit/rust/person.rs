//! `service/`: the files that are the person's, as stubs, and the list of their modules, which is not.

use super::Stub;
use super::context::{Context, OperationNames, PasswordNames, ResourceNames};
use super::names::{ident, snake};
use super::operation::title;
use super::print::{about, doc, note, owned, person};
use crate::emit::Files;
use crate::plan::{Access, Operation};
use proc_macro2::Ident;
use quote::quote;
use std::collections::BTreeMap;

/// The list of the handlers' modules.
pub const MODULES: &str = "service/src/handlers/mod.rs";

pub fn emit(cx: &Context, files: &mut Files) {
    main_file(cx, files);
    let mut groups: BTreeMap<String, Vec<Ident>> = BTreeMap::new();
    for (operation, names) in cx.handled() {
        let group = group(&operation.group);
        let (module, name, method) = (&names.module, &names.name, &names.method);
        let id = &operation.id;
        let about = about(&title(operation));
        let todo = note("Yours: `call` holds proofs and admitted values only.");
        let tokens = quote! {
            #about
            use crate::App;
            use api::operations::#module::{Call, #name, Reply};
            use shield::Fault;
            impl #name for App {
                async fn #method(&self, call: Call) -> Result<Reply, Fault> {
                    #todo
                    let _ = call;
                    Err(Fault::unwritten(#id))
                }
            }
        };
        person(files, &handler_path(operation, names), tokens);
        groups.entry(group).or_default().push(module.clone());
    }
    for names in &cx.resources {
        let (module, load, method) = (&names.module, &names.load, &names.load_method);
        let (id, facts) = (&names.id, &names.facts);
        let what = names.marker.to_string();
        let about = about(&format!(
            "What is known of one `{what}`: facts only, the guard decides."
        ));
        let message = format!("the loader of {what}");
        let tokens = quote! {
            #about
            use crate::App;
            use api::access::{#load, #facts, #id};
            use shield::Fault;
            impl #load for App {
                async fn #method(&self, id: &#id) -> Result<Option<#facts>, Fault> {
                    let _ = id;
                    Err(Fault::unwritten(#message))
                }
            }
        };
        person(files, &loader_path(names), tokens);
        groups
            .entry("loaders".to_owned())
            .or_default()
            .push(module.clone());
    }
    for (scheme, names) in cx.plan.passwords.iter().zip(&cx.passwords) {
        let (module, hook, method) = (&names.module, &names.hook, &names.method);
        let name = super::print::plain(&scheme.name);
        let about = about(&format!("Whose user and password these are: `{name}`."));
        let todo = note("Yours: `attempt.verify_password(hash)`, also with `None` for");
        let then = note("a user there is not: both take as long. Then `Known::of(id)`.");
        let message = format!("the hook of `{name}`");
        let tokens = quote! {
            #about
            use crate::App;
            use api::access::#hook;
            use shield::{Attempt, Fault, Known};
            impl #hook for App {
                async fn #method(&self, attempt: Attempt) -> Result<Option<Known>, Fault> {
                    #todo
                    #then
                    let _ = attempt;
                    Err(Fault::unwritten(#message))
                }
            }
        };
        person(files, &hook_path(names), tokens);
        groups
            .entry("loaders".to_owned())
            .or_default()
            .push(module.clone());
    }
    let modules = groups.iter_mut().map(|(group, modules)| {
        // As rustfmt has them: this file is seen by the person's `cargo fmt`.
        modules.sort();
        let group = ident(group);
        quote!(mod #group { #(mod #modules;)* })
    });
    let about = about("The modules of the handlers; what is in them is yours.");
    owned(cx.plan, files, MODULES, quote!(#about #(#modules)*));
}

/// Every file that [`emit`] makes for the person to fill in, and the operations for which there is none.
pub fn stubs(cx: &Context) -> Vec<Stub> {
    let operations = cx.plan.operations.iter().zip(&cx.operations);
    let handlers = operations.map(|(operation, names)| Stub {
        name: names.method.to_string(),
        id: operation.id.clone(),
        path: (!matches!(operation.access, Access::Denied { .. }) && operation.flow.is_none())
            .then(|| handler_path(operation, names)),
    });
    let resources = cx.plan.resources.iter().zip(&cx.resources);
    let loaders = resources.map(|(resource, names)| Stub {
        name: names.load_method.to_string(),
        id: resource.name.clone(),
        path: Some(loader_path(names)),
    });
    let schemes = cx.plan.passwords.iter().zip(&cx.passwords);
    let hooks = schemes.map(|(scheme, names)| Stub {
        name: names.method.to_string(),
        id: scheme.name.clone(),
        path: Some(hook_path(names)),
    });
    handlers.chain(loaders).chain(hooks).collect()
}

/// What the compiler says to somebody who has not written the file with this method.
pub fn hint(method: &Ident) -> String {
    format!("`palisade stub {method}` gives one to begin with")
}

fn handler_path(operation: &Operation, names: &OperationNames) -> String {
    let (group, module) = (group(&operation.group), &names.module);
    format!("service/src/handlers/{group}/{module}.rs")
}

fn loader_path(names: &ResourceNames) -> String {
    format!("service/src/handlers/loaders/{}.rs", names.module)
}

/// A hook has a file beside the loaders: it too reports, and decides nothing.
fn hook_path(names: &PasswordNames) -> String {
    format!("service/src/handlers/loaders/{}.rs", names.module)
}

/// The folder of a group; loaders have a folder of their own.
fn group(name: &str) -> String {
    let group = snake(name);
    if matches!(group.as_str(), "loaders" | "mod") {
        format!("{group}_operations")
    } else {
        group
    }
}

fn main_file(cx: &Context, files: &mut Files) {
    let about = about(&super::print::plain(&cx.plan.title));
    let text = doc("What your handlers share: a database pool, clients of other services.");
    let tokens = quote! {
        #about
        mod handlers;
        #text
        pub struct App;
        fn main() -> std::process::ExitCode {
            api::run(|| Ok(App))
        }
    };
    person(files, "service/src/main.rs", tokens);
}
