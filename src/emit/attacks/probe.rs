//! `tests/probe.rs`: the api's traits, answered by something that only remembers that it was reached.

use super::answers::Answers;
use super::circumstances::Which;
use super::crowd;
use super::misbehaved::{INSIDE, is_impatient};
use super::quotas::declared_failure;
use super::scene::{CALLER, OTHER_TENANT, SOMEONE_ELSE, Scene, TENANT};
use crate::emit::Files;
use crate::emit::rust::context::Context;
use crate::emit::rust::names::ident;
use crate::emit::rust::print;
use crate::emit::rust::reply::variant;
use crate::plan::{Access, Operation, Plan};
use quote::quote;

/// Whether a limit of the operation counts failures only.
fn counts_failures(plan: &Plan, operation: &Operation) -> bool {
    let quotas = operation.quotas.iter();
    !matches!(operation.access, Access::Denied { .. })
        && quotas
            .filter_map(|at| plan.quotas.get(*at))
            .any(|quota| quota.failures_only)
}

pub fn emit(plan: &Plan, scene: &Scene<'_>, files: &mut Files) {
    let cx = Context::new(plan, "api");
    let answers = Answers::new(&cx, scene);
    let filler = crowd::filler(scene).map(|filler| filler.id.as_str());
    let may_hang =
        |operation: &Operation| is_impatient(operation) || filler == Some(operation.id.as_str());
    let handlers = cx.handled().map(|(operation, names)| {
        let (module, name, method, id) = (&names.module, &names.name, &names.method, &operation.id);
        let (answer, called) = answers.of(operation, module).unzip();
        let call = ident(if called == Some(true) {
            "call"
        } else {
            "_call"
        });
        let hang = may_hang(operation).then(|| quote!(self.hang(#id).await;));
        let failure = counts_failures(plan, operation)
            .then(|| declared_failure(operation))
            .flatten()
            .map(variant)
            .map(|failure| {
                quote! {
                    if self.fails() {
                        return Ok(api::operations::#module::Reply::#failure);
                    }
                }
            });
        quote! {
            impl api::operations::#module::#name for Probe {
                async fn #method(
                    &self,
                    #call: api::operations::#module::Call,
                ) -> Result<api::operations::#module::Reply, Fault> {
                    #failure
                    #answer
                    #hang
                    self.reach(#id)
                }
            }
        }
    });
    let loaders = plan.resources.iter().zip(&cx.resources).enumerate().map(|(at, (resource, names))| {
        let (id, facts, load, method) = (&names.id, &names.facts, &names.load, &names.load_method);
        let tenant = resource.tenant;
        let with = |which| {
            let values = scene.facts(at, which).into_iter().zip(&names.attributes);
            let fields = values.map(|(value, field)| quote!(#field: #value,));
            quote!(#(#fields)*)
        };
        let attributes = with(Which::Own);
        // What it is part of: the caller's object, but for the one that strayed.
        let parent = resource.parent.and_then(|parent| {
            let planted = scene.planted.get(parent)?.as_ref()?;
            Some((&cx.resources.get(parent)?.id, &planted.own, &planted.other))
        });
        let stray = scene.planted.get(at).and_then(|planted| planted.as_ref()?.stray.as_ref());
        let part = parent.map(|(id, own, other)| {
            let told = match stray {
                Some(stray) => quote!(if id.as_str() == #stray { #other } else { #own }),
                None => quote!(#own),
            };
            quote! {
                let Some(parent) = api::access::#id::parse(#told) else {
                    return Ok(None);
                };
            }
        });
        let part_of_any = parent.map(|(id, own, _)| {
            quote! {
                let Some(parent) = api::access::#id::parse(#own) else {
                    continue;
                };
            }
        });
        let parent = part.as_ref().map(|_| quote!(parent,));
        // Objects of other facts, where policies read facts.
        let others = scene.planted.get(at).into_iter().flatten();
        let others = others.flat_map(|planted| [(&planted.contrary, Which::Contrary), (&planted.bare, Which::Bare)]);
        let others = others.filter(|_| !resource.attributes.is_empty());
        let others = others.filter_map(|(planted, which)| {
            let planted = planted.as_ref()?;
            let attributes = with(which);
            let tenant = tenant.then(|| quote!(tenant: #TENANT.to_owned(),));
            Some(quote! {
                if id.as_str() == #planted {
                    return Ok(Some(api::access::#facts { id: id.clone(), owner: #CALLER.to_owned(), version: 1, #tenant #parent #attributes }));
                }
            })
        });
        let others = quote!(#(#others)*);
        let arms = scene.planted.get(at).into_iter().flatten().flat_map(|planted| {
            [
                (&planted.own, &planted.own, CALLER, TENANT),
                (&planted.other, &planted.other, SOMEONE_ELSE, TENANT),
                (&planted.mixed_up, &planted.own, CALLER, TENANT),
                (&planted.foreign, &planted.foreign, CALLER, OTHER_TENANT),
            ]
            .into_iter()
            .chain(planted.stray.as_ref().map(|stray| (stray, stray, CALLER, TENANT)))
        });
        // Without tenants there is no other one.
        let arms = arms.filter(|(.., of)| tenant || *of == TENANT).map(|(asked, told, owner, of)| {
            if tenant { quote!(#asked => (#told, #owner, #of),) } else { quote!(#asked => (#told, #owner),) }
        });
        let (found, member) = if tenant {
            (quote!((told, owner, tenant)), Some(quote!(tenant: tenant.to_owned(),)))
        } else {
            (quote!((told, owner)), None)
        };
        // Of the ids of a body the probe knows all but one: a list may have as many as its schema admits.
        let load_all = cx.loads_many(names).then(|| {
            let load_all = &names.load_all_method;
            let absent = scene.planted.get(at).and_then(|planted| Some(&planted.as_ref()?.absent));
            let absent = absent.map(|absent| quote!(None if id.as_str() == #absent => {}));
            let tenant = tenant.then(|| quote!(tenant: #TENANT.to_owned(),));
            quote! {
                async fn #load_all(&self, ids: &[api::access::#id]) -> Result<Vec<api::access::#facts>, Fault> {
                    let mut all = Vec::new();
                    for id in ids {
                        match self.#method(id).await? {
                            Some(facts) => all.push(facts),
                            #absent
                            None => {
                                #part_of_any
                                all.push(api::access::#facts { id: id.clone(), owner: #CALLER.to_owned(), version: 1, #tenant #parent #attributes });
                            }
                        }
                    }
                    Ok(all)
                }
            }
        });
        quote! {
            impl api::access::#load for Probe {
                async fn #method(&self, id: &api::access::#id) -> Result<Option<api::access::#facts>, Fault> {
                    #part
                    #others
                    let #found = match id.as_str() {
                        #(#arms)*
                        _ => return Ok(None),
                    };
                    let told = api::access::#id::parse(told);
                    Ok(told.map(|id| api::access::#facts { id, owner: owner.to_owned(), version: 1, #member #parent #attributes }))
                }
                #load_all
            }
        }
    });
    let hooks = super::passwords::hooks(&cx, scene);
    let any = plan
        .operations
        .iter()
        .any(|operation| counts_failures(plan, operation) && declared_failure(operation).is_some());
    let fails = any.then(|| {
        quote! {
            fn fails(&self) -> bool {
                self.failing.load(Ordering::SeqCst)
            }
        }
    });
    let asked = answers.any().then(|| {
        quote! {
            fn answers(&self) -> bool {
                self.answering.load(Ordering::SeqCst)
            }
        }
    });
    let hangs = cx
        .handled()
        .any(|(operation, _)| may_hang(operation))
        .then(|| {
            quote! {
                #[doc = " Where handlers hang, never ends; whoever gives it up is counted."]
                async fn hang(&self, operation: &'static str) {
                    if self.does("hang") {
                        self.note(operation);
                        let _gone = Gone(self.given_up.clone());
                        std::future::pending::<()>().await;
                    }
                }
            }
        });
    let gone = hangs.is_some().then(|| {
        quote! {
            #[doc = " Counts that it was dropped."]
            struct Gone(Arc<AtomicUsize>);
            impl Drop for Gone {
                fn drop(&mut self) {
                    self.0.fetch_add(1, Ordering::SeqCst);
                }
            }
        }
    });
    let makers = answers.makers();
    let tokens = quote! {
        //! What the attacks must not reach: handlers that remember it, and loaders that know the planted objects.

        use shield::Fault;
        use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
        use std::sync::{Arc, Mutex, PoisonError};

        #[doc = " Every handler answers 599 and leaves its operation here."]
        #[derive(Clone, Default)]
        pub struct Probe {
            reached: Arc<Mutex<Vec<&'static str>>>,
            failing: Arc<AtomicBool>,
            answering: Arc<AtomicBool>,
            misbehaving: Arc<Mutex<String>>,
            given_up: Arc<AtomicUsize>,
        }
        impl Probe {
            #[doc = " The operations reached since this was asked last, in order."]
            pub fn reached(&self) -> Vec<&'static str> {
                std::mem::take(&mut *self.reached.lock().unwrap_or_else(PoisonError::into_inner))
            }
            #[doc = " From now on handlers answer a declared failure, where what fails is counted, or no longer."]
            pub fn fail(&self, failing: bool) {
                self.failing.store(failing, Ordering::SeqCst);
            }
            #[doc = " From now on handlers answer with everything that is declared, and rows of everybody, or no longer."]
            pub fn answer(&self, answering: bool) {
                self.answering.store(answering, Ordering::SeqCst);
            }
            #[doc = " From now on handlers `panic`, end with a `fault`, or `hang` where that may be waited for; or none of it."]
            pub fn misbehave(&self, how: &str) {
                how.clone_into(&mut self.misbehaving.lock().unwrap_or_else(PoisonError::into_inner));
            }
            #[doc = " Handlers that hung and were given up, since this was asked last."]
            pub fn given_up(&self) -> usize {
                self.given_up.swap(0, Ordering::SeqCst)
            }
            #fails
            #asked
            #hangs
            fn does(&self, how: &str) -> bool {
                *self.misbehaving.lock().unwrap_or_else(PoisonError::into_inner) == how
            }
            fn note(&self, operation: &'static str) {
                self.reached.lock().unwrap_or_else(PoisonError::into_inner).push(operation);
            }
            #[doc = " A panic without its hook: it would write each of them to the terminal."]
            fn reach<T>(&self, operation: &'static str) -> Result<T, Fault> {
                self.note(operation);
                if self.does("panic") {
                    std::panic::resume_unwind(Box::new(#INSIDE));
                }
                if self.does("fault") {
                    return Err(Fault::new(#INSIDE));
                }
                Err(Fault::reached())
            }
        }
        #gone
        #(#handlers)*
        #(#loaders)*
        #(#hooks)*
        #(#makers)*
    };
    print::owned(plan, files, "attacks/tests/probe.rs", tokens);
}
