//! What a function reads of its operation: each input once, as an argument of the type that the guard has.

use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::{Scope, ident, snake};
use crate::plan::{Operation, Param, ValueKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What a function of an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    Caller,
    /// Facts of the object that this ownership proves.
    Facts(usize),
    Body,
    /// By number.
    Param(usize),
    Ip,
    Now,
}

/// Writes one function.
pub(super) struct Writer<'a> {
    pub(super) cx: &'a Context<'a>,
    pub(super) operation: Option<&'a Operation>,
    /// Of the function: patterns are named after it.
    pub(super) name: String,
    pub(super) statics: Vec<TokenStream>,
    pub(super) inputs: Vec<(Input, Ident)>,
    locals: Scope,
    pub(super) this: bool,
    /// The ownership whose object is `resource`.
    pub(super) first: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        cx: &'a Context<'a>,
        operation: Option<&'a Operation>,
        name: &Ident,
        first: usize,
    ) -> Self {
        Writer {
            cx,
            operation,
            name: name.to_string(),
            statics: Vec::new(),
            inputs: Vec::new(),
            locals: Scope::without(&["this", "wanted", "all", "found", "count"]),
            this: false,
            first,
        }
    }

    /// The local that holds an input; from now on the function takes it.
    pub(super) fn input(&mut self, input: Input) -> Ident {
        if let Some((_, local)) = self.inputs.iter().find(|(known, _)| *known == input) {
            return local.clone();
        }
        let wanted = match input {
            Input::Caller => "caller".to_owned(),
            Input::Body => "body".to_owned(),
            Input::Ip => "ip".to_owned(),
            Input::Now => "now".to_owned(),
            Input::Facts(number) => self
                .resource(number)
                .and_then(|at| self.cx.resources.get(at))
                .map_or_else(|| "facts".to_owned(), |names| names.field.to_string()),
            Input::Param(number) => self
                .param(number)
                .map_or_else(|| "given".to_owned(), |param| snake(&param.name)),
        };
        let local = ident(&self.locals.claim(wanted));
        self.inputs.push((input, local.clone()));
        local
    }

    fn param(&self, number: usize) -> Option<&'a Param> {
        self.operation?.params.get(number)
    }

    /// The resource of an ownership.
    pub(super) fn resource(&self, number: usize) -> Option<usize> {
        Some(self.operation?.owns.get(number)?.resource)
    }

    /// The type an input is taken as.
    pub(super) fn kind(&self, input: Input) -> TokenStream {
        match input {
            Input::Caller => quote!(&Principal),
            Input::Ip => quote!(Option<&str>),
            Input::Now => quote!(i128),
            Input::Facts(number) => {
                let names = self
                    .resource(number)
                    .and_then(|at| self.cx.resources.get(at));
                names.map_or_else(TokenStream::new, |names| {
                    let facts = &names.facts;
                    quote!(&access::#facts)
                })
            }
            Input::Body => {
                let body = self.operation.and_then(|operation| operation.body.as_ref());
                body.map_or_else(TokenStream::new, |body| {
                    let path = self.cx.value_type(&body.value, false, Side::Request);
                    match body.required {
                        true => quote!(&#path),
                        false => quote!(Option<&#path>),
                    }
                })
            }
            Input::Param(number) => self.param(number).map_or_else(TokenStream::new, |param| {
                let plain = match param.value {
                    ValueKind::Boolean => quote!(bool),
                    ValueKind::Integer(_) => quote!(i64),
                    _ => quote!(&str),
                };
                match is_optional(param) {
                    true => quote!(Option<#plain>),
                    false => plain,
                }
            }),
        }
    }
}

/// Whether a parameter may be missing when its operation is reached.
pub fn is_optional(param: &Param) -> bool {
    !param.required && param.default.is_none()
}
