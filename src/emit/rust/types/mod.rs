//! `api/src/{words,requests,replies}/`: enumerations, what is taken, what leaves.

mod reply;
mod request;

use crate::emit::Files;
use crate::emit::rust::context::Context;
use crate::emit::rust::names::{Scope, ident, pascal, snake};
use crate::emit::rust::print::{about, declared, doc, owned};
use crate::plan::{Object, Shape, Type, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Emits every type that operations use.
pub fn emit(cx: &Context, mine: &dyn Fn(usize) -> bool, files: &mut Files) {
    if mine(0) {
        folders(cx, files);
    }
    let types = cx.plan.types.iter().zip(&cx.types).enumerate();
    for (index, (each, names)) in types.filter(|(index, _)| mine(*index)) {
        let (module, id) = (&names.module, TypeId(index));
        match &each.shape {
            Shape::Words(list) => {
                owned(
                    cx.plan,
                    files,
                    &format!("api/src/words/{module}.rs"),
                    word_file(cx, each, id, list),
                );
            }
            Shape::Object(object) => {
                if each.request {
                    let file = request::request_file(cx, each, id, object);
                    owned(
                        cx.plan,
                        files,
                        &format!("api/src/requests/{module}.rs"),
                        file,
                    );
                }
                if each.reply {
                    let file = reply::reply_file(cx, each, id, object);
                    owned(
                        cx.plan,
                        files,
                        &format!("api/src/replies/{module}.rs"),
                        file,
                    );
                }
            }
        }
    }
}

/// The list of each folder's modules.
fn folders(cx: &Context, files: &mut Files) {
    type Holds = fn(&Type) -> bool;
    let folders: [(&str, &str, Holds); 3] = [
        ("words", "Enumerations of the document.", |each| {
            matches!(each.shape, Shape::Words(_))
        }),
        (
            "requests",
            "What is taken: only a decoder makes one, so whatever a handler holds was admitted.",
            |each| each.request && matches!(each.shape, Shape::Object(_)),
        ),
        (
            "replies",
            "What leaves. None of them is `Serialize`: only a projection writes one, member by member.",
            |each| each.reply && matches!(each.shape, Shape::Object(_)),
        ),
    ];
    for (folder, text, holds) in folders {
        let types = cx
            .plan
            .types
            .iter()
            .zip(&cx.types)
            .filter(|(each, _)| holds(each));
        let modules: Vec<_> = types
            .map(|(_, names)| (&names.module, &names.name))
            .collect();
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
fn listed(modules: &[(&Ident, &Ident)]) -> TokenStream {
    let declared = modules.iter().map(|(module, _)| quote!(mod #module;));
    let public = modules
        .iter()
        .map(|(module, name)| quote!(pub use #module::#name;));
    quote!(#(#declared)* #(#public)*)
}

fn name_of(cx: &Context, id: TypeId) -> Ident {
    cx.types
        .get(id.0)
        .map_or_else(|| ident("Unnamed"), |names| names.name.clone())
}

fn word_file(cx: &Context, each: &Type, id: TypeId, words: &[String]) -> TokenStream {
    let name = name_of(cx, id);
    let variants = variants(words);
    let about = about(&format!("`{}`: one of {} words.", each.name, words.len()));
    let text = doc(each.description.as_deref().unwrap_or(&each.name));
    let values = declared(
        "words",
        quote!(#text pub enum #name { #(#variants = #words),* }),
    );
    quote!(#about #values)
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
    let mut scope = Scope::default();
    object
        .members
        .iter()
        .map(|member| ident(&scope.claim(snake(&member.name))))
        .collect()
}
