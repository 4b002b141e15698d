//! `api/src/policies.rs`: what `policies` names, as functions. One that several operations ask of the same stands there once.
//!
//! What reads a body or a parameter, and what is written out where it is used, stays beside the operation it is of.

use super::cel::{self, Function, Input};
use super::context::Context;
use super::names::{Scope, ident, snake};
use super::print::{about, owned};
use crate::cel::Object;
use crate::emit::Files;
use crate::plan::{Access, Count, Decision, Operation};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeMap;

/// The functions, and how each is found again.
#[derive(Default)]
pub struct Policies {
    /// By name of the policy and text of the function.
    names: BTreeMap<(String, String), Ident>,
    functions: Vec<TokenStream>,
}

impl Policies {
    pub fn of(cx: &Context) -> Self {
        let mut policies = Policies::default();
        let mut names = Scope::default();
        for operation in &cx.plan.operations {
            for (first, decision) in asked(operation) {
                policies.add(cx, operation, first, decision, &mut names);
            }
        }
        policies
    }

    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    fn add(
        &mut self,
        cx: &Context,
        operation: &Operation,
        first: usize,
        decision: &Decision,
        names: &mut Scope,
    ) {
        let Some((key, _)) = shared(cx, operation, first, decision) else {
            return;
        };
        if self.names.contains_key(&key) {
            return;
        }
        let mut name = snake(&decision.name);
        let own = operation.owns.get(first);
        let own = own.and_then(|own| cx.resources.get(own.resource));
        if let Some(own) = own.filter(|_| decision.expr.stands_on(Object::Resource)) {
            name = format!("{name}_{}", own.field);
        }
        let name = ident(&names.claim(name));
        let Function {
            before, function, ..
        } = cel::decision(cx, operation, first, &name, decision);
        self.functions.push(quote!(#before pub(crate) #function));
        self.names.insert(key, name);
    }

    /// The function of a decision, and what it is given; `None`: the operation has one of its own.
    pub fn find(
        &self,
        cx: &Context,
        operation: &Operation,
        first: usize,
        decision: &Decision,
    ) -> Option<(&Ident, Vec<Input>)> {
        let (key, inputs) = shared(cx, operation, first, decision)?;
        Some((self.names.get(&key)?, inputs))
    }
}

/// What tells a function from others, whatever it is called, and what it is given.
fn shared(
    cx: &Context,
    operation: &Operation,
    first: usize,
    decision: &Decision,
) -> Option<((String, String), Vec<Input>)> {
    if !decision.named {
        return None;
    }
    let function = cel::decision(cx, operation, first, &ident("policy"), decision);
    let its_own = |input: &Input| matches!(input, Input::Body | Input::Param(_));
    if function.inputs.iter().any(its_own) {
        return None;
    }
    let (before, text) = (function.before, function.function);
    let text = quote!(#before #text).to_string();
    Some(((decision.name.clone(), text), function.inputs))
}

/// The decisions of an operation, each with the ownership whose object is `resource`.
fn asked(operation: &Operation) -> Vec<(usize, &Decision)> {
    if matches!(operation.access, Access::Denied { .. }) {
        return Vec::new();
    }
    let owns = operation.owns.iter().enumerate();
    let of_objects = owns.filter_map(|(number, own)| Some((number, own.decision.as_deref()?)));
    let first = loaded(operation).first().copied().unwrap_or_default();
    let own = operation.decision.as_deref();
    of_objects.chain(own.map(|own| (first, own))).collect()
}

/// Ownerships of one object each: of many there is none that a policy of the operation could speak of.
pub fn loaded(operation: &Operation) -> Vec<usize> {
    let owns = operation.owns.iter().enumerate();
    owns.filter(|(_, own)| {
        let one = own.kind.one();
        one.is_some_and(|(id, _)| operation.count(id) == Count::One)
    })
    .map(|(number, _)| number)
    .collect()
}

pub fn emit(cx: &Context, files: &mut Files) {
    let policies = cx.policies();
    if policies.is_empty() {
        return;
    }
    let about = about("The policies of the document, each a function of what it reads.");
    let (root, functions) = (&cx.root, &policies.functions);
    let tokens = quote!(#about use #root::prelude::*; #(#functions)*);
    owned(cx.plan, files, "api/src/policies.rs", tokens);
}
