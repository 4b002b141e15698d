//! `in`, and the macros over lists.

use super::writer::Writer;
use crate::cel::{Each, Expr, Kind, Type};
use crate::emit::rust::names::ident;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Writer<'_> {
    pub(super) fn is_in(&mut self, left: &Expr, right: &Expr) -> TokenStream {
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

    pub(super) fn each(
        &mut self,
        how: Each,
        list: &Expr,
        number: usize,
        holds: &Expr,
    ) -> TokenStream {
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
}

/// The local of an item; macros stand in one another, so each has its number.
pub(super) fn item(number: usize) -> Ident {
    match number {
        0 => ident("item"),
        number => ident(&format!("item_{number}")),
    }
}
