//! Expressions: what CEL says of each, written by hand in `tests/gym/cel/rows.yaml`, against the Rust that is emitted for it.
//!
//! One service is emitted for `spec.yaml` beside it. Every row becomes a function of its caller, its body and the facts of an
//! object, as an operation would have it; `tests/gym/cel.rs` sends what a section gives and calls them with what came in.

#[cfg(test)]
mod covered;
pub mod table;

use crate::gathered::Crate;
use crate::steps::Failed;
use palisade::emit::Files;
use palisade::emit::rust::cel::{Input, decision, rule};
use palisade::emit::rust::context::Context;
use palisade::emit::rust::names::ident;
use palisade::emit::rust::print;
use palisade::plan::{Operation, Plan, ValueKind};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::json;
use table::{Outcome, Table};

/// The operation that is emitted and asked.
const ASKED: &str = "decide";

/// Adds the service, the functions and the test; gives what to print.
pub fn write(crate_: &mut Crate) -> Result<String, Failed> {
    let table = Table::read()?;
    let document = table.document();
    let mut plan = table::plan(&document)?;
    plan.operations.retain(|operation| operation.id == ASKED);
    crate_.module("cel", &plan);

    let compiled = table.compiled()?;
    let (policies, operations) = &compiled.policies;
    let (ruled, rules) = &compiled.rules;
    let (policies, ruled) = (
        Context::new(policies, "crate::cel"),
        Context::new(ruled, "crate::cel"),
    );
    let mut functions = Vec::new();
    let mut arms = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let name = format_ident!("row_{at}");
        let number = proc_macro2::Literal::usize_unsuffixed(at);
        if let Some(expr) = rules.get(&row.text).filter(|_| row.rule) {
            functions.push(rule(&ruled, &ident("Sent"), &name, &row.text, expr));
            arms.push(quote!(#number => #name(given.body)));
        }
        let operation = operations.get(&row.text).filter(|_| !row.rule);
        let decided = operation.and_then(|each| Some((each, each.decision.as_deref()?)));
        if let Some((operation, decided)) = decided {
            let function = decision(&policies, operation, 0, &name, decided);
            let inputs = function.inputs.iter();
            let arguments = inputs.map(|input| argument(operation, *input));
            arms.push(quote!(#number => #name(#(#arguments),*)));
            functions.extend([function.before, function.function]);
        }
    }
    crate_.beside("cel_rows", module(&plan, &functions, &arms));
    let sections = table.sections.iter().map(|section| section.given.clone());
    let rows = table.rows.iter().enumerate();
    let rows = rows.filter(|(_, row)| row.expected != Outcome::Refused);
    let rows = rows.map(|(at, row)| {
        json!({ "row": at, "section": row.section, "text": row.text, "expected": row.expected.word() })
    });
    let data =
        json!({ "sections": sections.collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>() });
    let test = include_str!("../../../tests/gym/cel.rs").to_owned();
    crate_.files.insert("tests/cel.rs".to_owned(), test);
    crate_
        .files
        .insert("tests/cel/rows.json".to_owned(), data.to_string());
    let all = table.rows.len();
    let refused = all - arms.len();
    Ok(format!(
        "    expressions: {all} rows, {refused} of them refused as they must be\n"
    ))
}

/// The functions, and one that finds them by their number.
fn module(plan: &Plan, functions: &[TokenStream], arms: &[TokenStream]) -> String {
    let tokens = quote! {
        #![doc = " What is emitted for the expressions of the table."]
        #![allow(clippy::all)]

        use crate::cel::access::{self, Principal, ThingFacts, roles};
        use crate::cel::requests::Sent;
        use crate::cel::{operations, requests};
        use shield::decide::Undecided;
        use shield::schema::Pattern;

        #[doc = " Everything an expression can read."]
        pub struct Given<'g> {
            pub caller: &'g Principal,
            pub facts: &'g ThingFacts,
            pub body: &'g Sent,
            pub call: &'g operations::decide::Call,
            pub path: &'g str,
            pub ip: Option<&'g str>,
            pub now: i128,
        }

        #[doc = " What the expression of this row says; `None`: there is no such row."]
        pub fn evaluate(row: usize, given: &Given<'_>) -> Option<Result<bool, Undecided>> {
            Some(match row {
                #(#arms,)*
                _ => return None,
            })
        }
        #(#functions)*
    };
    let mut files = Files::new();
    print::owned(plan, &mut files, "rows", tokens);
    files
        .remove("rows")
        .map(|file| file.text)
        .unwrap_or_default()
}

/// What the function is given for one of its inputs.
fn argument(operation: &Operation, input: Input) -> TokenStream {
    match input {
        Input::Caller => quote!(given.caller),
        Input::Facts(_) => quote!(given.facts),
        Input::Body => quote!(given.body),
        Input::Ip => quote!(given.ip),
        Input::Now => quote!(given.now),
        Input::Param(number) => {
            let Some(param) = operation.params.get(number) else {
                return TokenStream::new();
            };
            let field = ident(&param.name);
            match param.value {
                _ if param.name == "thingId" => quote!(given.path),
                ValueKind::Text(_) => quote!(given.call.#field.as_deref()),
                ValueKind::Named(_) => quote!(given.call.#field.map(|word| word.as_str())),
                _ => quote!(given.call.#field),
            }
        }
    }
}
