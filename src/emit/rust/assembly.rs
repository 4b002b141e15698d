//! `api/src/{lib,prelude}.rs`: the crate, and the names that guards are written with.

use super::context::Context;
use super::print::{about, owned};
use crate::emit::Files;
use crate::plan::{OwnKind, Plan, ReplyBody, ReplyValue, Shape};
use proc_macro2::TokenStream;
use quote::quote;

pub fn emit(cx: &Context, files: &mut Files) {
    owned(cx.plan, files, "api/src/lib.rs", library(cx));
    owned(cx.plan, files, "api/src/prelude.rs", prelude(cx));
}

fn library(cx: &Context) -> TokenStream {
    let title = super::print::plain(&cx.plan.title);
    let about = about(&format!(
        "{title}, as its document declares it: types, proofs, guards and the list of its operations."
    ));
    let root = &cx.root;
    // Emitted files keep the format they were emitted in; this one has nothing that rustfmt would change.
    let policies = (!cx.policies().is_empty()).then_some("policies");
    let modules = ["access", "operations"]
        .into_iter()
        .chain(policies)
        .chain(["prelude", "replies", "requests", "service", "spec", "words"]);
    let modules = modules.map(|name| {
        let module = super::names::ident(name);
        let visible = match name {
            // Named in the prelude.
            "policies" => Some(quote!(pub(crate))),
            "prelude" | "service" | "spec" => None,
            _ => Some(quote!(pub)),
        };
        quote!(#[rustfmt::skip] #visible mod #module;)
    });
    quote! {
        #about
        #![forbid(unsafe_code)]
        #(#modules)*
        pub use #root::service::{Api, door, router, run};
        pub use #root::spec::SPEC;
    }
}

fn prelude(cx: &Context) -> TokenStream {
    let about = about("The names that guards, resources and types are written with.");
    let root = &cx.root;
    let resources = (!cx.plan.resources.is_empty()).then(
        || quote!(pub(crate) use #root::access::{Compared, Id, Owned, Read, Resource, Write};),
    );
    let load = cx.loaded().next().map(|_| {
        quote! {
            pub(crate) use #root::access::Load;
            pub(crate) use #root::service::Erased;
        }
    });
    let lists = cx
        .handled()
        .flat_map(|(operation, _)| &operation.owns)
        .any(|owns| owns.kind == OwnKind::List)
        .then(|| quote!(pub(crate) use #root::access::{Admitted, Visible};));
    let judged = cx
        .lists(|decision| decision.is_some())
        .then(|| quote!(pub(crate) use #root::access::VisibleBy;));
    let decided = cx.plan.operations.iter().any(|operation| {
        let owned = operation.owns.iter().any(|owns| owns.decision.is_some());
        owned || operation.decision.is_some()
    });
    let ruled = cx.plan.types.iter().any(|each| match &each.shape {
        Shape::Object(object) => !object.rules.is_empty(),
        Shape::Words(_) | Shape::Union(_) => false,
    });
    let rule = ruled.then(|| {
        quote!(
            pub(crate) use shield::decide::Rule;
        )
    });
    let decide = decided.then(|| {
        quote!(
            pub(crate) use shield::decide::decide;
        )
    });
    let policies = (!cx.policies().is_empty()).then(|| quote!(pub(crate) use #root::policies;));
    let undecided = (ruled || decided).then(|| {
        quote!(
            pub(crate) use shield::decide::Undecided;
        )
    });
    let maps = is_mapped(cx.plan).then(|| {
        quote! {
            pub(crate) use shield::schema::Entries;
            pub(crate) use std::collections::BTreeMap;
        }
    });
    quote! {
        #about
        // A small document needs few of them.
        #![allow(unused_imports)]
        pub(crate) use #root::access::{self, Principal, roles};
        #resources
        #load
        #lists #judged
        pub(crate) use #root::service::Service;
        pub(crate) use #root::spec::BASE;
        pub(crate) use #root::{replies, requests, words};
        #policies
        #decide
        #rule
        #undecided
        pub(crate) use shield::reply;
        pub(crate) use shield::schema::{List, Pattern, Schema, Text, Whole};
        pub(crate) use shield::spec::{Access, Credential, Need, Policy, RoleSet};
        pub(crate) use shield::Secret;
        pub(crate) use shield::{At, BoxFuture, Exchange, Fault, Field, Refusal, Response, Work};
        #maps
    }
}

/// Whether some value has names that are data.
fn is_mapped(plan: &Plan) -> bool {
    let types = plan.types.iter().any(|each| match &each.shape {
        Shape::Object(object) => {
            let mut members = object.members.iter();
            object.rest.is_some() || members.any(|member| member.value.is_mapped())
        }
        Shape::Union(union) => union.cases.iter().any(|case| case.value.is_mapped()),
        Shape::Words(_) => false,
    });
    types
        || plan.operations.iter().any(|operation| {
            let mut replies = operation.replies.iter();
            let body = operation.body.as_ref();
            body.is_some_and(|body| body.value.is_mapped())
                || replies.any(|reply| match &reply.body {
                    ReplyBody::Json(ReplyValue::Plain(value)) => value.is_mapped(),
                    _ => false,
                })
        })
}
