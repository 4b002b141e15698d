//! An expression, by its kind; and which need parentheses or a type beside what is around them.

use super::lists::item;
use super::writer::{Input, Writer};
use crate::cel::{Arithmetic, Compare, Expr, Kind, Type};
use crate::emit::rust::names::{ident, shout};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Writer<'_> {
    /// An expression that stands alone, or as an argument.
    pub(super) fn expr(&mut self, expr: &Expr) -> TokenStream {
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
    pub(super) fn receiver(&mut self, expr: &Expr) -> TokenStream {
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
