//! Expressions as Rust: each a function of what it reads, left to right, which `?` leaves as soon as something cannot be
//! decided. Of the document's text only literals come through.

use super::context::Context;
use super::names::{Scope, ident, shout, snake};
use super::print::{doc, plain};
use super::types;
use crate::cel::{Arithmetic, Compare, Each, Expr, Key, Kind, Object, Probe, Type};
use crate::plan::{AttributeKind, Decision, Operation, Param, TypeId, ValueKind};
use proc_macro2::{Ident, Literal, TokenStream};
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

/// An expression as a function.
pub struct Function {
    /// Statics it needs, and the function itself.
    pub tokens: TokenStream,
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
    let tokens = quote! {
        #(#statics)*
        #said
        #allowed
        fn #name(#(#arguments),*) -> Result<bool, Undecided> {
            Ok(#value)
        }
    };
    Function {
        tokens,
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

struct Writer<'a> {
    cx: &'a Context<'a>,
    operation: Option<&'a Operation>,
    /// Of the function: patterns are named after it.
    name: String,
    statics: Vec<TokenStream>,
    inputs: Vec<(Input, Ident)>,
    locals: Scope,
    this: bool,
    /// The ownership whose object is `resource`.
    first: usize,
}

impl<'a> Writer<'a> {
    fn new(
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
    fn input(&mut self, input: Input) -> Ident {
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
    fn resource(&self, number: usize) -> Option<usize> {
        Some(self.operation?.owns.get(number)?.resource)
    }

    /// The type an input is taken as.
    fn kind(&self, input: Input) -> TokenStream {
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
                    let path = self.cx.type_path(body.value, super::context::Side::Request);
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

    /// An expression that stands alone, or as an argument.
    fn expr(&mut self, expr: &Expr) -> TokenStream {
        match &expr.kind {
            Kind::Bool(value) => quote!(#value),
            Kind::Int(value) => {
                let value = Literal::i64_unsuffixed(*value);
                quote!(#value)
            }
            Kind::Text(text) => quote!(#text),
            Kind::Nanos(nanos) => {
                let nanos = Literal::i128_suffixed(*nanos);
                quote!(#nanos)
            }
            Kind::List(items) => {
                // The first integer says which they are.
                let items = items.iter().enumerate().map(|(at, item)| match at {
                    0 => self.receiver(item),
                    _ => self.expr(item),
                });
                let items: Vec<_> = items.collect();
                quote!([#(#items),*])
            }
            Kind::Root(_) | Kind::This => {
                self.this = true;
                quote!(this)
            }
            Kind::Item(number) => {
                let item = item(*number);
                quote!(#item)
            }
            Kind::Read(probe) => self.read(probe, &expr.value),
            Kind::Has(probe) => self.has(probe),
            Kind::IsNull(probe) => self.is_null(probe),
            Kind::Holds(role) => {
                let caller = self.input(Input::Caller);
                let roles = self.cx.role_set(1 << role);
                quote!(#caller.roles() & #roles != 0)
            }
            Kind::Not(on) => {
                let on = self.operand(on);
                quote!(!#on)
            }
            Kind::Minus(on) => {
                let on = self.receiver(on);
                quote!(#on.checked_neg().ok_or(Undecided)?)
            }
            Kind::Arithmetic(how, left, right) => self.arithmetic(*how, left, right, &expr.value),
            Kind::Compare(how, left, right) => self.compare(*how, left, right),
            Kind::All(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.part(part)).collect();
                quote!(#(#parts)&&*)
            }
            Kind::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.part(part)).collect();
                quote!(#(#parts)||*)
            }
            Kind::Choice(parts) => {
                let [condition, yes, no] = parts.as_ref();
                let condition = self.expr(condition);
                // Two literals alone would not say which integers they are.
                let branch = |writer: &mut Self, branch: &Expr| match branch.kind {
                    Kind::Int(_) => writer.receiver(branch),
                    _ => writer.expr(branch),
                };
                let (yes, no) = (branch(self, yes), branch(self, no));
                quote!(if #condition { #yes } else { #no })
            }
            Kind::In(left, right) => self.is_in(left, right),
            Kind::Size(of) => {
                let is_text = matches!(of.value, Type::Text(_));
                match is_text {
                    true => {
                        let of = self.expr(of);
                        quote!(shield::decide::length(#of))
                    }
                    false => {
                        let of = self.receiver(of);
                        quote!(shield::decide::count(#of.len()))
                    }
                }
            }
            Kind::StartsWith(on, with) => self.text_method("starts_with", on, with),
            Kind::EndsWith(on, with) => self.text_method("ends_with", on, with),
            Kind::Contains(on, with) => self.text_method("contains", on, with),
            Kind::Matches(on, pattern) => {
                let on = self.expr(on);
                let name = ident(&shout(&format!(
                    "{}_pattern_{}",
                    self.name,
                    self.statics.len()
                )));
                self.statics
                    .push(quote!(static #name: Pattern = Pattern::new(#pattern);));
                quote!(shield::decide::matches(&#name, #on)?)
            }
            Kind::Timestamp(text) => {
                let text = self.expr(text);
                quote!(shield::decide::timestamp(#text)?)
            }
            Kind::Each {
                how,
                list,
                number,
                holds,
            } => self.each(*how, list, *number, holds),
        }
    }

    /// Between operators: in parentheses, unless it needs none.
    fn operand(&mut self, expr: &Expr) -> TokenStream {
        let tokens = self.expr(expr);
        match is_whole(expr) {
            true => tokens,
            false => quote!((#tokens)),
        }
    }

    /// Between `&&` and `||`, which bind less than comparisons.
    fn part(&mut self, expr: &Expr) -> TokenStream {
        match &expr.kind {
            Kind::Compare(..) | Kind::Not(_) => self.expr(expr),
            _ => self.operand(expr),
        }
    }

    /// Before a dot. A literal says its type here.
    fn receiver(&mut self, expr: &Expr) -> TokenStream {
        match &expr.kind {
            Kind::Int(value) => {
                let literal = Literal::i64_suffixed(*value);
                match *value < 0 {
                    true => quote!((#literal)),
                    false => quote!(#literal),
                }
            }
            Kind::Nanos(value) if *value < 0 => {
                let tokens = self.expr(expr);
                quote!((#tokens))
            }
            _ => self.operand(expr),
        }
    }

    fn text_method(&mut self, method: &str, on: &Expr, with: &Expr) -> TokenStream {
        let method = ident(method);
        let (on, with) = (self.receiver(on), self.expr(with));
        quote!(#on.#method(#with))
    }

    fn arithmetic(
        &mut self,
        how: Arithmetic,
        left: &Expr,
        right: &Expr,
        value: &Type,
    ) -> TokenStream {
        let method = ident(match how {
            Arithmetic::Add => "checked_add",
            Arithmetic::Subtract => "checked_sub",
            Arithmetic::Multiply => "checked_mul",
            Arithmetic::Divide => "checked_div",
            Arithmetic::Remainder => "checked_rem",
        });
        let (left, right) = (self.receiver(left), self.expr(right));
        match value {
            Type::Time => quote!(shield::decide::moment(#left.#method(#right))?),
            Type::Duration => quote!(shield::decide::span(#left.#method(#right))?),
            _ => quote!(#left.#method(#right).ok_or(Undecided)?),
        }
    }

    fn compare(&mut self, how: Compare, left: &Expr, right: &Expr) -> TokenStream {
        // `x == true` is `x`.
        if let (Compare::Equal | Compare::NotEqual, Kind::Bool(value)) = (how, &right.kind) {
            let left = self.operand(left);
            return match *value == (how == Compare::Equal) {
                true => left,
                false => quote!(!#left),
            };
        }
        let left = match (&left.kind, &right.kind) {
            (Kind::Int(_), Kind::Int(_)) => self.receiver(left),
            _ => self.operand(left),
        };
        let right = self.operand(right);
        match how {
            Compare::Less => quote!(#left < #right),
            Compare::LessOrEqual => quote!(#left <= #right),
            Compare::Greater => quote!(#left > #right),
            Compare::GreaterOrEqual => quote!(#left >= #right),
            Compare::Equal => quote!(#left == #right),
            Compare::NotEqual => quote!(#left != #right),
        }
    }

    fn is_in(&mut self, left: &Expr, right: &Expr) -> TokenStream {
        let wanted = match left.kind {
            Kind::Int(_) => self.receiver(left),
            _ => self.expr(left),
        };
        if let Kind::List(items) = &right.kind {
            let mut literals: Vec<&Kind> = Vec::new();
            for item in items {
                if !literals.contains(&&item.kind) {
                    literals.push(&item.kind);
                }
            }
            let plain = |kind: &&Kind| matches!(kind, Kind::Text(_) | Kind::Int(_));
            if literals.iter().all(plain) {
                let literals = items.iter().filter_map(|item| {
                    let at = literals.iter().position(|kind| **kind == item.kind)?;
                    literals.remove(at);
                    Some(self.expr(item))
                });
                let literals: Vec<_> = literals.collect();
                return quote!(matches!(#wanted, #(#literals)|*));
            }
            let list = self.expr(right);
            return quote!({
                let wanted = #wanted;
                #list.contains(&wanted)
            });
        }
        let list = self.receiver(right);
        let words = matches!(&right.value, Type::List { items, .. } if matches!(**items, Type::Text(Some(_))));
        let same = match (&left.value, words) {
            (Type::Text(_), true) => quote!(iter().any(|each| each.as_str() == wanted)),
            (Type::Text(_), false) => quote!(iter().any(|each| **each == *wanted)),
            _ => quote!(contains(&wanted)),
        };
        quote!({
            let wanted = #wanted;
            #list.#same
        })
    }

    fn each(&mut self, how: Each, list: &Expr, number: usize, holds: &Expr) -> TokenStream {
        let item = item(number);
        let items = match &list.value {
            Type::List { items, .. } => (**items).clone(),
            _ => Type::Bool,
        };
        let literal = matches!(list.kind, Kind::List(_));
        let list = match literal {
            true => {
                let list = self.expr(list);
                quote!(&#list)
            }
            false => self.expr(list),
        };
        let mut used = false;
        holds.walk(&mut |part| used |= part.kind == Kind::Item(number));
        let (pattern, as_text) = match items {
            _ if !used => (quote!(_), None),
            Type::Text(None) => (quote!(#item), Some(quote!(let #item: &str = #item;))),
            Type::Text(Some(_)) => (quote!(#item), Some(quote!(let #item = #item.as_str();))),
            Type::Object(_) => (quote!(#item), None),
            _ => (quote!(&#item), None),
        };
        let holds = self.expr(holds);
        match how {
            Each::All => quote!({
                let mut all = true;
                for #pattern in #list {
                    #as_text
                    all = #holds;
                    if !all { break; }
                }
                all
            }),
            Each::Exists => quote!({
                let mut found = false;
                for #pattern in #list {
                    #as_text
                    found = #holds;
                    if found { break; }
                }
                found
            }),
            Each::ExistsOne => quote!({
                let mut count = 0_usize;
                for #pattern in #list {
                    #as_text
                    count = count.saturating_add(usize::from(#holds));
                }
                count == 1
            }),
        }
    }

    /// What is read, before it is known to be there; how many `Option`s are around it; and what makes a value of it.
    fn place(&mut self, probe: &Probe) -> Place {
        let optional = u8::from(probe.optional);
        let plain = |tokens| Place {
            tokens,
            layers: optional,
            view: View::Copy,
        };
        match probe.key {
            Key::Subject | Key::Tenant | Key::Scopes => {
                let caller = self.input(Input::Caller);
                let method = ident(match probe.key {
                    Key::Subject => "subject",
                    Key::Tenant => "tenant",
                    _ => "scopes",
                });
                plain(quote!(#caller.#method()))
            }
            Key::Claim(number) => {
                let caller = self.input(Input::Caller);
                let method = self.cx.attributes.get(number).cloned();
                let method = method.unwrap_or_else(|| ident("subject"));
                plain(quote!(#caller.#method()))
            }
            Key::Id | Key::Owner | Key::FactTenant | Key::Version | Key::Attribute(_) => {
                self.fact(probe)
            }
            Key::Method => {
                let method = self.operation.map_or("", |operation| operation.method);
                plain(quote!(#method))
            }
            Key::Ip => {
                let ip = self.input(Input::Ip);
                plain(quote!(#ip))
            }
            Key::Now => {
                let now = self.input(Input::Now);
                plain(quote!(#now))
            }
            Key::Param(number) => {
                let local = self.input(Input::Param(number));
                plain(quote!(#local))
            }
            Key::Body => {
                let body = self.input(Input::Body);
                plain(quote!(#body))
            }
            Key::Facts(number) => {
                let facts = self.input(Input::Facts(number));
                plain(quote!(#facts))
            }
            // Only what is below it is read.
            Key::Roles | Key::Params => plain(quote!(())),
            Key::Member(number) => self.of_object(probe, number),
        }
    }

    fn fact(&mut self, probe: &Probe) -> Place {
        let number = match probe.on.kind {
            Kind::Read(Probe {
                key: Key::Facts(number),
                ..
            }) => number,
            _ => self.first_object(),
        };
        let facts = self.input(Input::Facts(number));
        let place = |tokens, layers, view| Place {
            tokens,
            layers,
            view,
        };
        match probe.key {
            Key::Id => place(quote!(#facts.id.as_str()), 0, View::Copy),
            Key::Owner => place(quote!(#facts.owner.as_str()), 0, View::Copy),
            Key::FactTenant => place(quote!(#facts.tenant.as_str()), 0, View::Copy),
            Key::Version => {
                let version = quote!(i64::try_from(#facts.version).map_err(|_| Undecided)?);
                place(version, 0, View::Copy)
            }
            Key::Attribute(at) => {
                let resource = self.resource(number);
                let names = resource.and_then(|resource| self.cx.resources.get(resource));
                let declared = resource.and_then(|resource| self.cx.plan.resources.get(resource));
                let (Some(field), Some(declared)) = (
                    names.and_then(|names| names.attributes.get(at)),
                    declared.and_then(|declared| declared.attributes.get(at)),
                ) else {
                    return place(quote!(()), 0, View::Copy);
                };
                let field = quote!(#facts.#field);
                match declared.kind {
                    AttributeKind::String | AttributeKind::Uuid => {
                        place(quote!(#field.as_deref()), 1, View::Copy)
                    }
                    AttributeKind::Integer | AttributeKind::Boolean => place(field, 1, View::Copy),
                    AttributeKind::Time => place(field, 1, View::Instant),
                    AttributeKind::Strings => {
                        place(quote!(shield::decide::bounded(&#field)?), 0, View::Copy)
                    }
                }
            }
            _ => place(quote!(()), 0, View::Copy),
        }
    }

    /// `resource` without a name: what is decided over, or the first object that is proved.
    fn first_object(&self) -> usize {
        self.first
    }

    fn of_object(&mut self, probe: &Probe, number: usize) -> Place {
        let on = self.receiver(&probe.on);
        let Type::Object(Object::Typed(id)) = probe.on.value else {
            return Place {
                tokens: on,
                layers: 0,
                view: View::Copy,
            };
        };
        let object = self.cx.object(TypeId(id));
        let field = object.and_then(|object| types::fields(object).into_iter().nth(number));
        let member = object.and_then(|object| object.members.get(number));
        let field = field.unwrap_or_else(|| ident("missing"));
        let view = match member.map(|member| &member.value) {
            Some(ValueKind::Text(_)) => View::Text,
            Some(ValueKind::List(_)) => View::List,
            Some(ValueKind::Named(id)) => match self.cx.object(*id) {
                Some(_) => View::Object,
                None => View::Word,
            },
            _ => View::Copy,
        };
        Place {
            tokens: quote!(#on.#field),
            layers: u8::from(probe.optional) + u8::from(probe.nullable),
            view,
        }
    }

    fn read(&mut self, probe: &Probe, value: &Type) -> TokenStream {
        if matches!(value, Type::Roles) || probe.key == Key::Params {
            return quote!(());
        }
        self.place(probe).value()
    }

    fn has(&mut self, probe: &Probe) -> TokenStream {
        let place = self.place(probe);
        let tokens = &place.tokens;
        match probe.optional {
            true => quote!(#tokens.is_some()),
            // What is around it must be there; then it is.
            false => {
                let value = place.value();
                quote!({
                    let _ = #value;
                    true
                })
            }
        }
    }

    fn is_null(&mut self, probe: &Probe) -> TokenStream {
        let Place { tokens, .. } = self.place(probe);
        match probe.optional {
            true => quote!(#tokens.as_ref().ok_or(Undecided)?.is_none()),
            false => quote!(#tokens.is_none()),
        }
    }
}

struct Place {
    tokens: TokenStream,
    layers: u8,
    view: View,
}

/// What makes a value of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// It is one: a number, a boolean, something borrowed.
    Copy,
    Text,
    Word,
    List,
    Object,
    Instant,
}

impl Place {
    /// The value; what is not there, or `null`, leaves the function.
    fn value(self) -> TokenStream {
        let Place {
            tokens,
            layers,
            view,
        } = self;
        let copied = matches!(view, View::Copy | View::Word | View::Instant);
        let there = match (layers, copied) {
            (0, _) => tokens,
            (1, true) => quote!(#tokens.ok_or(Undecided)?),
            (_, true) => quote!(#tokens.flatten().ok_or(Undecided)?),
            (1, false) => quote!(#tokens.as_ref().ok_or(Undecided)?),
            (_, false) => quote!(#tokens.as_ref().and_then(Option::as_ref).ok_or(Undecided)?),
        };
        match view {
            View::Copy => there,
            View::Text | View::Word => quote!(#there.as_str()),
            View::List => quote!(#there.as_slice()),
            View::Object if layers == 0 => quote!((&#there)),
            View::Object => there,
            View::Instant => quote!(shield::decide::instant(#there)?),
        }
    }
}

/// Whether it stands beside an operator without parentheses.
fn is_whole(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Not(_)
        | Kind::Compare(..)
        | Kind::All(_)
        | Kind::Any(_)
        | Kind::Choice(_)
        | Kind::Each { .. }
        | Kind::Holds(_) => false,
        Kind::In(_, right) => match &right.kind {
            Kind::List(items) => items
                .iter()
                .all(|item| matches!(item.kind, Kind::Text(_) | Kind::Int(_))),
            _ => false,
        },
        Kind::Has(probe) => probe.optional,
        _ => true,
    }
}

/// The local of an item; macros stand in one another, so each has its number.
fn item(number: usize) -> Ident {
    match number {
        0 => ident("item"),
        number => ident(&format!("item_{number}")),
    }
}

/// Whether a parameter may be missing when its operation is reached.
pub fn is_optional(param: &Param) -> bool {
    !param.required && param.default.is_none()
}
