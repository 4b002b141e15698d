//! `api/src/{words,requests,replies}/`: enumerations, what is taken, what leaves.

mod reply;
mod request;
mod union;

use crate::emit::Files;
use crate::emit::rust::context::Context;
use crate::emit::rust::names::{Scope, ident, pascal, snake};
use crate::emit::rust::print::{about, declared, doc, owned};
use crate::plan::{Object, Shape, Type, TypeId, Union};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

/// Emits every type that operations use. An object that only one other has stands in its file.
pub fn emit(cx: &Context, mine: &dyn Fn(usize) -> bool, files: &mut Files) {
    let inside = Inside::of(cx);
    if mine(0) {
        folders(cx, &inside, files);
    }
    let root = &cx.root;
    let prelude = quote!(use #root::prelude::*;);
    let types = cx.plan.types.iter().zip(&cx.types).enumerate();
    for (index, (each, names)) in types.filter(|(index, _)| mine(*index)) {
        let (module, id) = (&names.module, TypeId(index));
        if let Shape::Words(list) = &each.shape {
            let path = format!("api/src/words/{module}.rs");
            owned(cx.plan, files, &path, words(cx, each, id, list));
            continue;
        }
        if let Shape::Union(held) = &each.shape {
            if each.request {
                let mut shared = request::Shared::new();
                let made = union::request(cx, &mut shared, each, id, held);
                let patterns = &shared.rules.statics;
                let path = format!("api/src/requests/{module}.rs");
                owned(cx.plan, files, &path, quote!(#prelude #(#patterns)* #made));
            }
            if each.reply {
                let prelude = union::names(held).then_some(&prelude);
                let made = union::reply(cx, each, id, held);
                let path = format!("api/src/replies/{module}.rs");
                owned(cx.plan, files, &path, quote!(#prelude #made));
            }
            continue;
        }
        let objects: Vec<_> = inside.file(cx, id).collect();
        if objects.iter().any(|(_, each, _)| each.request) {
            let mut shared = request::Shared::new();
            let mut sent = objects.iter().filter(|(_, each, _)| each.request);
            let prelude = sent
                .any(|(.., object)| request::names(object))
                .then_some(&prelude);
            let objects: Vec<_> = (objects.iter().filter(|(_, each, _)| each.request))
                .map(|(id, each, object)| request::request(cx, &mut shared, each, *id, object))
                .collect();
            let (path, patterns) = (
                format!("api/src/requests/{module}.rs"),
                &shared.rules.statics,
            );
            owned(
                cx.plan,
                files,
                &path,
                quote!(#prelude #(#patterns)* #(#objects)*),
            );
        }
        if objects.iter().any(|(_, each, _)| each.reply) {
            let objects = || objects.iter().filter(|(_, each, _)| each.reply);
            let prelude = objects()
                .any(|(.., object)| reply::names(object))
                .then_some(&prelude);
            let objects = objects().map(|(id, each, object)| reply::reply(cx, each, *id, object));
            let path = format!("api/src/replies/{module}.rs");
            owned(cx.plan, files, &path, quote!(#prelude #(#objects)*));
        }
    }
}

/// Which objects stand in the file of another: those that only one object has as members, and no operation by itself.
///
/// It is asked what holds them and not where they are declared, so that the effective document, which names them all, gives
/// the same files.
struct Inside {
    /// By the number of an object: those in its file, without what is inside them.
    children: Vec<Vec<TypeId>>,
    /// Whether it is one of those.
    nested: Vec<bool>,
}

impl Inside {
    fn of(cx: &Context) -> Self {
        let plan = cx.plan;
        let mut holders: Vec<BTreeSet<Holder>> = vec![BTreeSet::new(); plan.types.len()];
        let mut hold = |id: TypeId, holder: Holder| {
            if let Some(holders) = holders.get_mut(id.0) {
                holders.insert(holder);
            }
        };
        for (index, each) in plan.types.iter().enumerate() {
            let holder = match &each.shape {
                Shape::Object(_) => Holder::Object(index),
                // Nothing stands in its file but itself.
                Shape::Union(_) | Shape::Words(_) => Holder::Other,
            };
            for id in each.shape.inner(|_| true) {
                hold(id, holder);
            }
        }
        for operation in &plan.operations {
            let bodies = operation.body.iter().filter_map(|body| body.value.inner());
            let replies = operation.replies.iter();
            let replies = replies.filter_map(|reply| reply.body.inner());
            for id in bodies.chain(replies) {
                hold(id, Holder::Other);
            }
        }
        let mut inside = Inside {
            children: vec![Vec::new(); plan.types.len()],
            nested: vec![false; plan.types.len()],
        };
        for (index, each) in plan.types.iter().enumerate() {
            let Shape::Object(object) = &each.shape else {
                continue;
            };
            // In the order of the members that hold them.
            for id in object.members.iter().filter_map(|each| each.value.inner()) {
                let alone = holders.get(id.0).is_some_and(|holders| holders.len() == 1);
                let nested = inside.nested.get_mut(id.0).filter(|nested| !**nested);
                if let (true, Some(_), Some(nested)) = (alone, cx.object(id), nested) {
                    *nested = true;
                    if let Some(children) = inside.children.get_mut(index) {
                        children.push(id);
                    }
                }
            }
        }
        inside
    }

    /// The objects of the file that an object has: itself, and then what is declared inside it. None, when it has no file.
    fn file<'a>(
        &'a self,
        cx: &'a Context<'_>,
        id: TypeId,
    ) -> impl Iterator<Item = (TypeId, &'a Type, &'a Object)> {
        let nested = self.nested.get(id.0).copied().unwrap_or_default();
        let mut open: Vec<TypeId> = (!nested).then_some(id).into_iter().collect();
        std::iter::from_fn(move || {
            let id = open.pop()?;
            let children = self.children.get(id.0).map_or(&[][..], Vec::as_slice);
            open.extend(children.iter().rev());
            let each = cx.plan.types.get(id.0)?;
            Some((id, each, cx.object(id)?))
        })
    }
}

/// What holds an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    /// By its number.
    Object(usize),
    /// An operation, or a union.
    Other,
}

/// The list of each folder's modules.
fn folders(cx: &Context, inside: &Inside, files: &mut Files) {
    let words = cx.plan.types.iter().zip(&cx.types);
    let words = words.filter(|(each, _)| matches!(each.shape, Shape::Words(_)));
    let words = words.map(|(_, names)| (&names.module, vec![&names.name]));
    let objects = |holds: fn(&Type) -> bool| {
        let all = cx.types.iter().enumerate();
        all.filter_map(|(index, names)| {
            let held = inside.file(cx, TypeId(index));
            let held = held.filter(|(_, each, _)| holds(each));
            let held = held.filter_map(|(id, ..)| cx.types.get(id.0).map(|names| &names.name));
            let union = cx.plan.types.get(index).filter(|each| holds(each));
            let union = union.filter(|each| matches!(each.shape, Shape::Union(_)));
            let held = held.chain(union.map(|_| &names.name));
            let held: Vec<_> = held.collect();
            (!held.is_empty()).then_some((&names.module, held))
        })
        .collect::<Vec<_>>()
    };
    for (folder, text, modules) in [
        ("words", "Enumerations of the document.", words.collect()),
        (
            "requests",
            "What is taken: only a decoder makes one, so whatever a handler holds was admitted.",
            objects(|each| each.request),
        ),
        (
            "replies",
            "What leaves. None of them is `Serialize`: only a projection writes one, member by member.",
            objects(|each| each.reply),
        ),
    ] {
        let listed = listed(&modules);
        let about = about(text);
        owned(
            cx.plan,
            files,
            &format!("api/src/{folder}/mod.rs"),
            quote!(#about #listed),
        );
    }
}

/// The modules of a folder, and then what is public of each.
fn listed(modules: &[(&Ident, Vec<&Ident>)]) -> TokenStream {
    let declared = modules.iter().map(|(module, _)| quote!(mod #module;));
    let public = modules
        .iter()
        .map(|(module, names)| match names.as_slice() {
            [name] => quote!(pub use #module::#name;),
            // All that a file declares is public but its rules.
            _ => quote!(pub use #module::*;),
        });
    quote!(#(#declared)* #(#public)*)
}

fn name_of(cx: &Context, id: TypeId) -> Ident {
    cx.types
        .get(id.0)
        .map_or_else(|| ident("Unnamed"), |names| names.name.clone())
}

fn words(cx: &Context, each: &Type, id: TypeId, words: &[String]) -> TokenStream {
    let name = name_of(cx, id);
    let variants = variants(words);
    let text = each.description.as_deref().map(doc);
    declared(
        "words",
        quote!(#text pub enum #name { #(#variants = #words),* }),
    )
}

/// The variant of each word.
fn variants(words: &[String]) -> Vec<Ident> {
    let mut scope = Scope::without(&["Self"]);
    words
        .iter()
        .map(|word| ident(&scope.claim(pascal(word))))
        .collect()
}

/// The variant of one word of a type.
pub fn variant(cx: &Context, id: TypeId, word: &str) -> Ident {
    let Some(Shape::Words(words)) = cx.shape(id) else {
        return ident(&pascal(word));
    };
    let position = words.iter().position(|each| each == word);
    position
        .and_then(|position| variants(words).into_iter().nth(position))
        .unwrap_or_else(|| ident(&pascal(word)))
}

/// The field of each member, without names that would not compile.
pub fn fields(object: &Object) -> Vec<Ident> {
    named(object).0
}

/// The field of the members that nobody named: none that a member has.
pub fn rest_field(object: &Object) -> Ident {
    let (_, mut scope) = named(object);
    ident(&scope.claim("others".to_owned()))
}

fn named(object: &Object) -> (Vec<Ident>, Scope) {
    let mut scope = Scope::default();
    let members = object.members.iter();
    let fields = members.map(|member| ident(&scope.claim(snake(&member.name))));
    (fields.collect(), scope)
}

/// The variant of each alternative.
pub fn cases(union: &Union) -> Vec<Ident> {
    let mut scope = Scope::without(&["Self"]);
    let cases = union.cases.iter();
    cases
        .map(|case| ident(&scope.claim(pascal(&case.name))))
        .collect()
}
