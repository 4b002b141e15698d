//! Where the policies of an operation are asked: for an object as soon as it is loaded; for the operation before anything
//! is loaded, unless the policy reads what is.
//!
//! A policy that reads no object is asked first, so that its 403 does not tell an id that is there from one that is not.

use super::{Emitter, Proof};
use crate::cel::Object;
use crate::emit::rust::cel::{self, Function, Input, is_optional};
use crate::emit::rust::context::ResourceNames;
use crate::emit::rust::names::ident;
use crate::emit::rust::policies;
use crate::emit::rust::print::{guard, note};
use crate::plan::{Count, Decision, OnDenied, OwnKind, ValueKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The steps of the guard that ask policies, and functions for them.
#[derive(Default)]
pub(super) struct Decisions {
    /// Those of this operation alone.
    pub functions: Vec<TokenStream>,
    /// Whether anything is decided.
    pub any: bool,
    /// Before any object is loaded.
    pub before: Vec<TokenStream>,
    /// Right after the object of each proof.
    pub of_objects: Vec<Option<TokenStream>>,
    /// Of each list, what decides over a row.
    pub of_rows: Vec<Option<OfRows>>,
    /// Of each proof: where it goes whether the object is the caller's, when a decision needs it.
    pub owners: Vec<Option<Ident>>,
    /// After all objects are loaded.
    pub after: Vec<TokenStream>,
}

/// What decides over a row, and what is set aside for it while there is a request.
pub(super) struct OfRows {
    pub kept: Vec<TokenStream>,
    /// Its name, and what is asked.
    pub policy: TokenStream,
}

impl<'a> Emitter<'a> {
    pub(super) fn decisions(&mut self, proofs: &[Proof<'a>]) -> Decisions {
        let operation = self.operation;
        let mut decisions = Decisions::default();
        for (number, own) in operation.owns.iter().enumerate() {
            let rows = own.decision.as_ref().filter(|_| own.kind == OwnKind::List);
            let rows = rows.and_then(|decision| {
                let (_, names, _) = proofs.get(number)?;
                Some(self.rows(number, decision, names, &mut decisions))
            });
            let is_list = rows.is_some();
            decisions.of_rows.push(rows);
            if is_list {
                decisions.of_objects.push(None);
                continue;
            }
            let step = own.decision.as_ref().and_then(|decision| {
                let (local, names, kind) = proofs.get(number)?;
                let count = kind.one().map_or(Count::One, |(id, _)| self.count(id));
                // Of many, one after the other.
                let one = match count {
                    Count::One => local.clone(),
                    Count::Optional | Count::Many => ident(&self.locals.claim("one".to_owned())),
                };
                let mut seen = proofs.to_vec();
                if let Some(proof) = seen.get_mut(number) {
                    proof.0 = one.clone();
                }
                // Later objects are not loaded yet.
                let made = self.made_by(number);
                let name = format!("admits_{}", names.field);
                let call = self.call(number, decision, &name, &seen, &made, &mut decisions);
                let (object, forbidden) = self.object(own.resource)?;
                let name = &decision.name;
                let guard = guard("object-policy");
                let step = quote!(#guard decide(#name, #call).map_err(|no| no.foreign(#object, #one.id().as_str(), #forbidden))?;);
                Some(match count {
                    Count::One => step,
                    Count::Optional => quote!(if let Some(#one) = &#local { #step }),
                    Count::Many => quote!(for #one in &#local { #step }),
                })
            });
            decisions.of_objects.push(step);
        }
        decisions.owners = vec![None; proofs.len()];
        let Some(decision) = &operation.decision else {
            return decisions;
        };
        let name = &decision.name;
        let loaded = policies::loaded(operation);
        let first = loaded.first().copied().unwrap_or_default();
        if loaded.is_empty() || !decision.expr.stands_on(Object::Resource) {
            let call = self.call(first, decision, "allows", &[], &[], &mut decisions);
            decisions.before.push(note(
                "The policy; it reads no object, so none is loaded for it.",
            ));
            decisions.before.push(guard("policy"));
            decisions.before.push(quote!(decide(#name, #call)?;));
            return decisions;
        }
        let made = operation.proving();
        let call = self.call(first, decision, "allows", proofs, &made, &mut decisions);
        let mut refusal = None;
        for number in loaded.iter().rev() {
            let Some((local, names, _)) = proofs.get(*number) else {
                continue;
            };
            let resource = operation
                .owns
                .get(*number)
                .and_then(|own| self.object(own.resource));
            let Some((object, forbidden)) = resource else {
                continue;
            };
            let owner = match number == &first {
                true => ident("owner"),
                false => ident(&self.locals.claim(format!("owns_{}", names.field))),
            };
            refusal = Some(match refusal {
                None => quote!(no.beside(#owner, #object, #local.id().as_str(), #forbidden)),
                Some(others) => {
                    quote!(if #owner { #others } else { no.beside(false, #object, #local.id().as_str(), #forbidden) })
                }
            });
            if let Some(slot) = decisions.owners.get_mut(*number) {
                *slot = Some(owner);
            }
        }
        decisions.after.push(note(
            "The policy. Only the owner is told by a 403 that there is such an object.",
        ));
        decisions.after.push(guard("policy"));
        decisions
            .after
            .push(quote!(decide(#name, #call).map_err(|no| #refusal)?;));
        decisions
    }

    /// The ownerships that are proved by the time one of them is decided over.
    fn made_by(&self, number: usize) -> Vec<usize> {
        let mut order = self.operation.proving();
        if let Some(at) = order.iter().position(|each| *each == number) {
            order.truncate(at.saturating_add(1));
        }
        order
    }

    /// What decides over a row: of the caller and the facts, and of what the request says of itself.
    fn rows(
        &mut self,
        number: usize,
        decision: &Decision,
        names: &ResourceNames,
        decisions: &mut Decisions,
    ) -> OfRows {
        let said = &decision.name;
        let name = format!("admits_{}", names.field);
        let (name, inputs) = self.function(number, decision, &name, decisions);
        if let [Input::Caller, Input::Facts(_)] = inputs.as_slice() {
            return OfRows {
                kept: Vec::new(),
                policy: quote!(#said, #name),
            };
        }
        let mut kept = Vec::new();
        let mut arguments = Vec::new();
        for input in &inputs {
            arguments.push(match input {
                Input::Ip => {
                    let ip = ident(&self.locals.claim("ip".to_owned()));
                    kept.push(quote!(let #ip = x.ip().map(|ip| ip.to_string());));
                    quote!(#ip.as_deref())
                }
                Input::Now => {
                    let now = ident(&self.locals.claim("now".to_owned()));
                    kept.push(quote!(let #now = s.shield.instant();));
                    quote!(#now)
                }
                Input::Facts(_) => quote!(row),
                Input::Caller => quote!(caller),
                // The plan refuses what else is sent.
                Input::Body | Input::Param(_) => continue,
            });
        }
        let reads = |wanted: fn(&Input) -> bool, name: &str| match inputs.iter().any(wanted) {
            true => ident(name),
            false => ident(&format!("_{name}")),
        };
        let caller = reads(|input| matches!(input, Input::Caller), "caller");
        let row = reads(|input| matches!(input, Input::Facts(_)), "row");
        let by = (!kept.is_empty()).then(|| quote!(move));
        OfRows {
            kept,
            policy: quote!(#said, #by |#caller, #row| #name(#(#arguments),*)),
        }
    }

    /// Name and answer of a resource.
    fn object(&self, resource: usize) -> Option<(String, bool)> {
        let resource = self.cx.plan.resources.get(resource)?;
        let name = crate::emit::rust::print::plain(&resource.name);
        Some((name, resource.on_denied == OnDenied::Forbidden))
    }

    /// What a decision is asked by, and what that is given: a function of all operations, or of this one under `name`.
    fn function(
        &mut self,
        first: usize,
        decision: &Decision,
        name: &str,
        decisions: &mut Decisions,
    ) -> (TokenStream, Vec<Input>) {
        decisions.any = true;
        let (cx, operation) = (self.cx, self.operation);
        if let Some((shared, inputs)) = cx.policies().find(cx, operation, first, decision) {
            return (quote!(policies::#shared), inputs);
        }
        let name = ident(&self.locals.claim(name.to_owned()));
        let Function {
            before,
            function,
            inputs,
        } = cel::decision(cx, operation, first, &name, decision);
        decisions.functions.push(quote!(#before #function));
        (quote!(#name), inputs)
    }

    /// What asks a decision. `proofs`: those that are made by then.
    fn call(
        &mut self,
        first: usize,
        decision: &Decision,
        name: &str,
        proofs: &[Proof<'a>],
        made: &[usize],
        decisions: &mut Decisions,
    ) -> TokenStream {
        let (name, inputs) = self.function(first, decision, name, decisions);
        let arguments = inputs.iter();
        let arguments = arguments.map(|input| self.argument(*input, proofs, made));
        quote!(#name(#(#arguments),*))
    }

    fn argument(&self, input: Input, proofs: &[Proof<'a>], made: &[usize]) -> TokenStream {
        match input {
            Input::Caller => quote!(&caller),
            Input::Ip => quote!(x.ip().map(|ip| ip.to_string()).as_deref()),
            Input::Now => quote!(s.shield.instant()),
            Input::Facts(number) => match proofs.get(number) {
                Some((local, ..)) => quote!(#local.facts()),
                None => TokenStream::new(),
            },
            Input::Body => match &self.operation.body {
                Some(body) if !body.required => quote!(body.as_ref()),
                _ => quote!(&body),
            },
            Input::Param(number) => self.parameter(number, proofs, made),
        }
    }

    fn parameter(&self, number: usize, proofs: &[Proof<'a>], made: &[usize]) -> TokenStream {
        let Some(param) = self.operation.params.get(number) else {
            return TokenStream::new();
        };
        let mut proved = proofs.iter().enumerate();
        let proof =
            proved.find(|(at, (.., kind))| kind.param() == Some(number) && made.contains(at));
        if let Some((_, (local, ..))) = proof {
            // Its object was loaded by it, and has it.
            return quote!(#local.id().as_str());
        }
        let given = self.given.iter().find(|(known, _)| *known == number);
        let Some((_, local)) = given else {
            return TokenStream::new();
        };
        let optional = is_optional(param);
        let is_id = self.resource_of(number, param).is_some();
        match (&param.value, optional) {
            (ValueKind::Boolean | ValueKind::Integer(_), _) => quote!(#local),
            (ValueKind::Text(_), true) if is_id => quote!(#local.as_ref().map(|id| id.as_str())),
            (ValueKind::Text(_), true) => quote!(#local.as_deref()),
            (ValueKind::Text(_), false) => quote!(#local.as_str()),
            (_, true) => quote!(#local.map(|word| word.as_str())),
            (_, false) => quote!(#local.as_str()),
        }
    }
}
