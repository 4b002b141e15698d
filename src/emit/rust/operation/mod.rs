//! `api/src/operations/`: one file an operation, holding its policy, its trait, and the flat guard before the handler.

mod decisions;
mod flow;
mod parts;
mod proving;
mod serve;
mod statics;

pub use parts::proof_fields;

use crate::emit::Files;
use crate::emit::rust::context::{Context, OperationNames, ResourceNames};
use crate::emit::rust::names::{Scope, ident};
use crate::emit::rust::print::{about, owned};
use crate::emit::rust::reply::Replies;
use crate::emit::rust::rules::Rules;
use crate::plan::{Access, Mode, Operation, OwnKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Emits every operation, denied ones too: their policy says so.
pub fn emit(cx: &Context, mine: &dyn Fn(usize) -> bool, files: &mut Files) {
    let operations = cx.plan.operations.iter().zip(&cx.operations).enumerate();
    for (_, (operation, names)) in operations.filter(|(index, _)| mine(*index)) {
        let tokens = match operation.access {
            Access::Denied { .. } => denied(cx, operation),
            _ => Emitter::new(cx, operation, names).file(),
        };
        let path = format!("api/src/operations/{}.rs", names.module);
        owned(cx.plan, files, &path, tokens);
    }
    if !mine(0) {
        return;
    }
    let about = [
        "The operations of the document, one module each.",
        "",
        "`POLICY`: what must hold before the handler is reached, and what may be sent. `Call`: what the handler gets, proofs and",
        "admitted values, no raw id beside its proof. `Reply`: the declared answers, each with how it is written and its status.",
        "`serve`: the whole guard, top to bottom; `?` leaves with the refusal of its step. `enter` asks for the credentials that",
        "the policy names, then for quotas, roles and scopes, sizes and media types.",
    ]
    .map(about);
    let modules = cx.operations.iter().map(|names| {
        let module = &names.module;
        quote!(pub mod #module;)
    });
    owned(
        cx.plan,
        files,
        "api/src/operations/mod.rs",
        quote!(#(#about)* #(#modules)*),
    );
}

/// `GET /users/{userId}`, for people.
pub fn title(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// An operation for which nothing is declared: there is no handler to reach.
fn denied(cx: &Context, operation: &Operation) -> TokenStream {
    let Access::Denied { why } = &operation.access else {
        return TokenStream::new();
    };
    let about = about(&format!(
        "{}: denied to every caller. {why}",
        title(operation)
    ));
    let policy = statics::policy(cx, operation, &[]);
    let root = &cx.root;
    quote! {
        #about
        use #root::prelude::*;
        #policy
        pub(crate) async fn serve(s: &Service, x: &mut Exchange) -> Result<Response, Refusal> {
            s.shield.enter(&POLICY, x).await?;
            Err(Refusal::declared(403))
        }
    }
}

/// A part of the request that is decoded into a local, and handed on as a field of `Call` or to ownership.
struct Decoded {
    local: Ident,
    expression: TokenStream,
}

/// The local of a proof, the resource, and how it is made; in the order of the ownerships.
type Proof<'a> = (Ident, &'a ResourceNames, OwnKind);

struct Emitter<'a> {
    cx: &'a Context<'a>,
    operation: &'a Operation,
    names: &'a OperationNames,
    rules: Rules,
    /// Fields of `Call`: name, type, value.
    fields: Vec<(Ident, TokenStream, TokenStream)>,
    field_names: Scope,
    locals: Scope,
    decoded: Vec<Decoded>,
    /// The rule of the body, where there is one.
    body_schema: Option<TokenStream>,
    /// Of the body.
    body_local: Option<Ident>,
    /// The local of each parameter, by number.
    given: Vec<(usize, Ident)>,
    /// Rows of the policy, by location.
    rows: [Vec<TokenStream>; 3],
}

impl<'a> Emitter<'a> {
    fn new(cx: &'a Context<'a>, operation: &'a Operation, names: &'a OperationNames) -> Self {
        Emitter {
            cx,
            operation,
            names,
            rules: Rules::new(&["POLICY", "BASE"]),
            fields: Vec::new(),
            field_names: Scope::default(),
            locals: Scope::without(&[
                "s", "x", "caller", "grants", "given", "reply", "value", "owner", "call", "rows",
                "decide", "no", "ids", "row",
            ]),
            decoded: Vec::new(),
            body_schema: None,
            body_local: None,
            given: Vec::new(),
            rows: [Vec::new(), Vec::new(), Vec::new()],
        }
    }

    fn file(mut self) -> TokenStream {
        let (cx, operation) = (self.cx, self.operation);
        let who = Who::of(&operation.access);
        let caller = match who {
            Who::Nobody => None,
            Who::Perhaps => Some(quote!(Option<Principal>)),
            Who::Somebody => Some(quote!(Principal)),
        };
        if let Some(kind) = caller {
            let field = ident(&self.field_names.claim("caller".into()));
            self.fields.push((field, kind, quote!(caller)));
        }
        if operation.issuer {
            let field = ident(&self.field_names.claim("issuer".into()));
            self.fields
                .push((field, quote!(shield::Issuer), quote!(s.shield.issuer())));
        }
        // Proofs come first, so that their names are theirs; ids that they swallow are not handed on.
        let proofs = self.proofs();
        self.body();
        let swallowed: Vec<usize> = operation
            .owns
            .iter()
            .filter_map(|owns| owns.kind.param())
            .collect();
        let ids = self.parameters(&swallowed);
        let replies = Replies::new(cx, operation);
        let policy = self.policy(&replies);
        let about = self.about();
        let handler = match operation.flow {
            Some(_) => TokenStream::new(),
            None => self.handler(&replies),
        };
        let decisions = self.decisions(&proofs);
        let serve = self.serve(who, &proofs, &ids, &replies, &decisions);
        let (statics, root) = (&self.rules.statics, &cx.root);
        let functions = decisions.functions;
        quote!(#about use #root::prelude::*; #(#statics)* #policy #handler #serve #(#functions)*)
    }
}

/// Whether there is a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Perhaps,
    Somebody,
}

impl Who {
    fn of(access: &Access) -> Self {
        match access {
            Access::Denied { .. } | Access::Public { .. } => Who::Nobody,
            Access::Optional(_) => Who::Perhaps,
            Access::Caller(_) => Who::Somebody,
        }
    }
}

fn verb(mode: Mode) -> &'static str {
    match mode {
        Mode::Read => "reads",
        Mode::Write => "writes",
    }
}

fn mode_name(mode: Mode) -> Ident {
    ident(match mode {
        Mode::Read => "Read",
        Mode::Write => "Write",
    })
}
