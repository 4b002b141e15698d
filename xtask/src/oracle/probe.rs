//! What stands behind the guards while the oracle asks: handlers that answer with everything there is, loaders that know the
//! small world of the oracle.
//!
//! Whatever is missing from an answer was taken out by the service, and no row was left out but by it.

use palisade::emit::Files;
use palisade::emit::rust::context::{Context, OperationNames, PasswordNames, ResourceNames, Side};
use palisade::emit::rust::names::ident;
use palisade::emit::rust::{cases, fields, print, reply, rest_field, variant};
use palisade::plan::{
    AttributeKind, IdRule, Object, Operation, OwnKind, Plan, Read, Reply, ReplyBody, ReplyValue,
    Resource, Shape, TypeId, ValueKind,
};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The module of the probe of a service, whose api is the module `name`.
pub fn module(name: &str, plan: &Plan) -> String {
    let cx = Context::new(plan, "api");
    let api = ident(name);
    let handlers = cx
        .handled()
        .map(|(operation, names)| handler(&cx, operation, names));
    let loaders = (0..plan.resources.len()).filter_map(|at| loader(&cx, at));
    let hooks = cx.passwords.iter().map(|names| hook(&cx, names));
    let handlers: Vec<TokenStream> = handlers.collect();
    let makers = makers(&cx, &handlers);
    let tokens = quote! {
        #![doc = " Handlers that answer with everything there is, and loaders of the oracle's world."]
        #![allow(clippy::unwrap_used)]

        use crate::#api as api;
        use shield::testing::Harness;
        use shield::{Door, Fault};
        use std::collections::BTreeMap;
        use std::sync::Arc;
        use std::sync::atomic::{AtomicU64, Ordering};

        #[doc = " Counts how often a handler was reached."]
        pub struct Probe(pub Arc<AtomicU64>);

        #[doc = " The service, and its way in."]
        pub fn start(values: BTreeMap<String, String>, reached: Arc<AtomicU64>) -> Result<(Harness, Door), String> {
            let mut kept = None;
            let harness = Harness::start(&api::SPEC, values, |shield| {
                let door = api::door(shield, Probe(reached));
                kept = Some(door.clone());
                door
            });
            let harness = harness.map_err(|error| error.to_string())?;
            kept.map(|door| (harness, door)).ok_or_else(|| "no door".to_owned())
        }
        #(#handlers)*
        #(#loaders)*
        #(#hooks)*
        #(#makers)*
    };
    let mut files = Files::new();
    print::owned(plan, &mut files, "probe", tokens);
    files
        .remove("probe")
        .map(|file| file.text)
        .unwrap_or_default()
}

fn handler(cx: &Context, operation: &Operation, names: &OperationNames) -> TokenStream {
    let (module, name, method) = (&names.module, &names.name, &names.method);
    let reply = answer(cx, operation);
    quote! {
        impl api::operations::#module::#name for Probe {
            async fn #method(&self, call: api::operations::#module::Call) -> Result<api::operations::#module::Reply, Fault> {
                use api::operations::#module::Reply;
                self.0.fetch_add(1, Ordering::SeqCst);
                let _ = &call;
                Ok(#reply)
            }
        }
    }
}

/// The first answer below 300, as full as it can be.
fn answer(cx: &Context, operation: &Operation) -> TokenStream {
    let mut good: Vec<&Reply> = operation
        .replies
        .iter()
        .filter(|reply| reply.status < 300)
        .collect();
    good.sort_by_key(|reply| reply.status);
    let Some(first) = good.first() else {
        return quote!(return Err(Fault::reached()));
    };
    let name = reply::variant(first.status);
    match &first.body {
        ReplyBody::Empty | ReplyBody::Problem => quote!(Reply::#name),
        ReplyBody::Text(plain) | ReplyBody::Json(ReplyValue::Plain(plain)) => {
            let value = value(cx, plain);
            quote!(Reply::#name({ let which = "one"; let _ = which; #value }))
        }
        ReplyBody::Json(ReplyValue::One(id)) => {
            let make = make(*id);
            quote!(Reply::#name(#make("one")))
        }
        ReplyBody::Json(ReplyValue::Many(id)) => {
            let make = make(*id);
            let list = operation
                .owns
                .iter()
                .find(|owns| owns.kind == OwnKind::List);
            let listed = list.and_then(|owns| {
                Some((
                    cx.resources.get(owns.resource)?,
                    cx.plan.resources.get(owns.resource)?,
                ))
            });
            match listed {
                None => {
                    quote!(Reply::#name(oracle::world::rows().map(|thing| #make(thing.id)).collect()))
                }
                Some((names, resource)) => {
                    let visible = format_ident!("visible_{}", names.field);
                    let facts = facts(cx, resource, names);
                    quote! {
                        Reply::#name(call.#visible.admit(oracle::world::rows().filter_map(|thing| {
                            let facts = #facts;
                            Some((facts?, #make(thing.id)))
                        })))
                    }
                }
            }
        }
    }
}

/// An `Option` of the facts of `thing`.
fn facts(cx: &Context, resource: &Resource, names: &ResourceNames) -> TokenStream {
    let (facts, id) = (&names.facts, &names.id);
    let attributes = resource.attributes.iter().zip(&names.attributes);
    let attributes = attributes.map(|(attribute, field)| {
        let name = &attribute.name;
        let known = match attribute.kind {
            AttributeKind::String => quote!(text(&thing, #name).map(str::to_owned)),
            AttributeKind::Uuid => quote!(uuid(&thing, #name).map(str::to_owned)),
            AttributeKind::Integer => quote!(whole(&thing, #name)),
            AttributeKind::Boolean => quote!(flag(&thing, #name)),
            AttributeKind::Time => quote!(moment(&thing, #name).map(|seconds| {
                std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)
            })),
            AttributeKind::Strings => {
                quote!(texts(&thing, #name).iter().map(ToString::to_string).collect())
            }
        };
        quote!(#field: oracle::world::#known,)
    });
    let tenant = resource
        .tenant
        .then(|| quote!(tenant: thing.tenant.to_owned(),));
    let parent = resource.parent;
    let parent = parent.and_then(|at| Some((cx.resources.get(at)?, cx.plan.resources.get(at)?)));
    let parent = parent.map(|(names, parent)| {
        let parent = parse(&parent.id, &names.id, quote!(thing.parent));
        quote!(parent: #parent?,)
    });
    let make = match parent {
        Some(_) => quote!(and_then),
        None => quote!(map),
    };
    let made = quote! {
        api::access::#facts {
            id, owner: thing.owner.to_owned(), version: 1, #tenant #parent #(#attributes)*
        }
    };
    let made = match parent {
        Some(_) => quote!(Some(#made)),
        None => made,
    };
    let told = parse(&resource.id, id, quote!(thing.told));
    quote!(#told.#make(|id| #made))
}

/// An `Option` of the id of what the oracle's world calls `named`: its number, where ids are numbers.
fn parse(rule: &IdRule, id: &Ident, named: TokenStream) -> TokenStream {
    match rule {
        IdRule::Text(_) => quote!(api::access::#id::parse(#named)),
        IdRule::Whole(_) => quote! {
            oracle::world::number(#named).and_then(|number| api::access::#id::parse(&number.to_string()))
        },
    }
}

/// Believes who says the truth: `subject;roles;tenant`, with the password `right`.
fn hook(cx: &Context, names: &PasswordNames) -> TokenStream {
    let (hook, method) = (&names.hook, &names.method);
    let roles = cx.plan.roles.iter().zip(&cx.role_variants);
    let roles = roles.map(|(role, variant)| {
        let name = &role.name;
        quote!(#name => known.role(api::access::Role::#variant),)
    });
    quote! {
        impl api::access::#hook for Probe {
            async fn #method(&self, attempt: shield::Attempt) -> Result<Option<shield::Known>, Fault> {
                if attempt.password.expose() != "right" {
                    return Ok(None);
                }
                let mut parts = attempt.user.expose().split(';');
                let mut known = shield::Known::of(parts.next().unwrap_or_default());
                for role in parts.next().unwrap_or_default().split(',') {
                    known = match role {
                        #(#roles)*
                        _ => known,
                    };
                }
                Ok(Some(match parts.next() {
                    None | Some("") => known,
                    Some(tenant) => known.tenant(tenant),
                }))
            }
        }
    }
}

fn loader(cx: &Context, at: usize) -> Option<TokenStream> {
    let (resource, names) = (cx.plan.resources.get(at)?, cx.resources.get(at)?);
    let (id, known, load, method) = (&names.id, &names.facts, &names.load, &names.load_method);
    let facts = facts(cx, resource, names);
    let asked = match &resource.id {
        IdRule::Text(_) => quote!(oracle::world::find(id.as_str())),
        IdRule::Whole(_) => quote! {
            id.number().and_then(|number| oracle::world::find(&oracle::world::numbered(number)))
        },
    };
    Some(quote! {
        impl api::access::#load for Probe {
            async fn #method(&self, id: &api::access::#id) -> Result<Option<api::access::#known>, Fault> {
                let Some(thing) = #asked else { return Ok(None) };
                Ok(#facts)
            }
        }
    })
}

fn make(id: TypeId) -> Ident {
    format_ident!("make_{}", id.0)
}

/// The functions that handlers call, and those that these call. Of alternatives one is answered with: what only others hold
/// is made by nobody.
fn makers(cx: &Context, handlers: &[TokenStream]) -> Vec<TokenStream> {
    let mut called = BTreeSet::new();
    for each in handlers {
        calls(each, &mut called);
    }
    let mut left: Vec<TypeId> = (0..cx.plan.types.len()).map(TypeId).collect();
    let mut makers = Vec::new();
    while let Some(at) = left
        .iter()
        .position(|id| called.contains(&make(*id).to_string()))
    {
        if let Some(maker) = maker(cx, left.remove(at)) {
            calls(&maker, &mut called);
            makers.push(maker);
        }
    }
    makers
}

/// The names of makers in there.
fn calls(tokens: &TokenStream, called: &mut BTreeSet<String>) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => calls(&group.stream(), called),
            TokenTree::Ident(name) => {
                called.insert(name.to_string());
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// A function that makes one object with every member it can have; its texts say which.
fn maker(cx: &Context, id: TypeId) -> Option<TokenStream> {
    let each = cx.plan.types.get(id.0)?;
    let object: &Object = cx.object(id).filter(|_| each.reply)?;
    let (kind, name) = (cx.type_path(id, Side::Reply), make(id));
    let members = object.members.iter().zip(fields(object));
    let members = members.filter(|(member, _)| member.read != Read::Nobody);
    let set = members.map(|(member, field)| {
        let mut value = value(cx, &member.value);
        if member.nullable {
            value = quote!(Some(#value));
        }
        if !member.required {
            value = quote!(Some(#value));
        }
        quote!(#field: #value)
    });
    let rest = object.rest.as_ref().map(|rest| {
        let mut value = value(cx, &rest.value);
        if rest.nullable {
            value = quote!(Some(#value));
        }
        let field = rest_field(object);
        quote!(#field: std::collections::BTreeMap::from([(oracle::world::ENTRY.to_owned(), #value)]))
    });
    let set = set.chain(rest);
    Some(quote! {
        fn #name(which: &str) -> api::#kind {
            let _ = which;
            api::#kind { #(#set),* }
        }
    })
}

fn value(cx: &Context, kind: &ValueKind) -> TokenStream {
    match kind {
        ValueKind::Boolean => quote!(true),
        ValueKind::Integer(whole) => {
            let value = whole.min.max(1).min(whole.max);
            quote!(#value)
        }
        ValueKind::Number(_) => quote!(1.into()),
        // No reply has a file in it.
        ValueKind::Text(_) | ValueKind::File(_) => quote!(which.to_owned()),
        ValueKind::Json(_) => quote!(shield::Json::Text(which.to_owned())),
        ValueKind::Named(id) => match cx.shape(*id) {
            Some(Shape::Words(words)) => {
                let path = cx.type_path(*id, Side::Reply);
                let word = variant(
                    cx,
                    *id,
                    words.first().map(String::as_str).unwrap_or_default(),
                );
                quote!(api::#path::#word)
            }
            Some(Shape::Union(union)) => {
                let path = cx.type_path(*id, Side::Reply);
                let first = union.cases.first().map(|case| value(cx, &case.value));
                let variant = cases(union).into_iter().next();
                quote!(api::#path::#variant(#first))
            }
            _ => {
                let make = make(*id);
                quote!(#make(which))
            }
        },
        ValueKind::Map(map) => {
            let mut value = value(cx, &map.values);
            if map.values_nullable {
                value = quote!(Some(#value));
            }
            quote!(std::collections::BTreeMap::from([(oracle::world::ENTRY.to_owned(), #value)]))
        }
        ValueKind::List(list) => {
            let mut item = value(cx, &list.items);
            if list.items_nullable {
                item = quote!(Some(#item));
            }
            quote!(vec![#item])
        }
    }
}
