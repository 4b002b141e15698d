//! One of several values, as it is taken and as it leaves.

use super::request::Shared;
use super::{cases, name_of};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::ident;
use crate::emit::rust::print::{declared, doc};
use crate::plan::{Mark, Type, TypeId, Union};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn request(
    cx: &Context,
    shared: &mut Shared,
    each: &Type,
    id: TypeId,
    union: &Union,
) -> TokenStream {
    let name = name_of(cx, id);
    let keyword = ident(if union.exactly_one {
        "one_of"
    } else {
        "any_of"
    });
    let mut variants = Vec::new();
    for (case, variant) in union.cases.iter().zip(cases(union)) {
        let rule = shared.rules.rule(cx, &case.name, &case.value);
        let marks = case.marks.iter().map(|mark| match mark {
            Mark::Has(name) => quote!(, Has(#name)),
            Mark::Lacks(name) => quote!(, Lacks(#name)),
            Mark::Word(name, words) => quote!(, Word(#name, &[#(#words),*])),
        });
        let kind = cx.value_type(&case.value, false, Side::Request);
        variants.push(quote!(#[case(#rule #(#marks)*)] #variant(#kind)));
    }
    let text = each.description.as_deref().map(doc);
    declared(
        "request_union",
        quote!(#text #[keyword(#keyword)] pub enum #name { #(#variants),* }),
    )
}

pub(super) fn reply(cx: &Context, each: &Type, id: TypeId, union: &Union) -> TokenStream {
    let name = name_of(cx, id);
    let variants = union.cases.iter().zip(cases(union)).map(|(case, variant)| {
        let kind = cx.value_type(&case.value, false, Side::Reply);
        quote!(#variant(#kind))
    });
    let text = each.description.as_deref().map(doc);
    declared(
        "reply_union",
        quote!(#text pub enum #name { #(#variants),* }),
    )
}

/// Whether it names another type or a map.
pub(super) fn names(union: &Union) -> bool {
    let mut cases = union.cases.iter();
    cases.any(|case| case.value.inner().is_some() || case.value.is_mapped())
}
