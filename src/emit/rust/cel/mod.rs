//! Expressions as Rust: each a function of what it reads, left to right, which `?` leaves as soon as something cannot be
//! decided. Of the document's text only literals come through.

mod expr;
mod lists;
mod reads;
mod writer;

pub use writer::{Input, is_optional};

use super::context::Context;
use super::names::ident;
use super::print::{doc, plain};
use crate::cel::{Expr, Kind};
use crate::plan::{Decision, Operation};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use writer::Writer;

/// An expression as a function.
pub struct Function {
    /// Statics it needs, and what is said of it.
    pub before: TokenStream,
    /// Itself, for this module alone.
    pub function: TokenStream,
    /// What it must be given, in order.
    pub inputs: Vec<Input>,
}

/// A function of an operation's caller, objects and request. `first`: the ownership whose object is `resource`.
pub fn decision(
    cx: &Context,
    operation: &Operation,
    first: usize,
    name: &Ident,
    decision: &Decision,
) -> Function {
    let mut writer = Writer::new(cx, Some(operation), name, first);
    let value = writer.expr(&decision.expr);
    let arguments: Vec<TokenStream> = writer
        .inputs
        .iter()
        .map(|(input, local)| {
            let kind = writer.kind(*input);
            quote!(#local: #kind)
        })
        .collect();
    let statics = &writer.statics;
    let (said, allowed) = (said(&decision.text), allowed(&decision.expr));
    Function {
        before: quote!(#(#statics)* #said #allowed),
        function: quote! {
            fn #name(#(#arguments),*) -> Result<bool, Undecided> {
                Ok(#value)
            }
        },
        inputs: writer.inputs.into_iter().map(|(input, _)| input).collect(),
    }
}

/// A function of an object that is sent, `of`.
pub fn rule(cx: &Context, of: &Ident, name: &Ident, text: &str, expr: &Expr) -> TokenStream {
    let mut writer = Writer::new(cx, None, name, 0);
    let value = writer.expr(expr);
    let statics = &writer.statics;
    let (said, allowed) = (said(text), allowed(expr));
    let this = ident(if writer.this { "this" } else { "_this" });
    quote! {
        #(#statics)*
        #said
        #allowed
        fn #name(#this: &#of) -> Result<bool, Undecided> {
            Ok(#value)
        }
    }
}

/// The expression, for people.
fn said(text: &str) -> TokenStream {
    doc(&format!("`{}`", plain(text).replace('`', "'")))
}

/// What the compiler and clippy would write otherwise: the document may compare with the least and the most integer.
fn allowed(expr: &Expr) -> TokenStream {
    let mut edge = false;
    expr.walk(&mut |part| edge |= matches!(part.kind, Kind::Int(i64::MIN | i64::MAX)));
    match edge {
        true => quote!(#[allow(clippy::all, unused_comparisons)]),
        false => quote!(#[allow(clippy::all)]),
    }
}
