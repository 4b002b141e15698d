//! An object as it leaves: type and projection.

use super::{fields, name_of};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::ident;
use crate::emit::rust::print::{about, doc};
use crate::emit::rust::uses::uses;
use crate::plan::{Object, Read, Shape, Type, TypeId, ValueKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(super) fn reply_file(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
    let name = name_of(cx, id);
    let (mut declared, mut written) = (vec![], vec![]);
    let mut needs_grants = false;
    for (member, field) in object.members.iter().zip(fields(object)) {
        if member.read == Read::Nobody {
            continue;
        }
        let text = member.description.as_deref().map(doc);
        let mut kind = cx.value_type(&member.value, false, Side::Reply);
        if member.nullable {
            kind = quote!(Option<#kind>);
        }
        if !member.required {
            kind = quote!(Option<#kind>);
        }
        declared.push(quote!(#text pub #field: #kind));
        needs_grants |= uses_grants(cx, &member.value) || matches!(member.read, Read::Some { .. });
        let key = &member.name;
        let writer = quote!(w.member(#key));
        let condition = match member.read {
            Read::Some { roles, owner } => {
                let set = cx.role_set(roles);
                Some(match (roles, owner) {
                    (0, _) => quote!(g.owner),
                    (_, true) if member.required => quote!(g.owner || g.any(#set)),
                    (_, true) => quote!((g.owner || g.any(#set))),
                    (_, false) => quote!(g.any(#set)),
                })
            }
            Read::Anyone | Read::Nobody => None,
        };
        let field_value = put(
            cx,
            &writer,
            &member.value,
            member.nullable,
            &Place::field(&field),
        );
        let some_value = put(cx, &writer, &member.value, member.nullable, &Place::value());
        written.push(match (condition, member.required) {
            (None, true) => field_value,
            (None, false) => quote!(if let Some(value) = &self.#field { #some_value }),
            (Some(condition), true) => quote!(if #condition { #field_value }),
            (Some(condition), false) => {
                quote!(if #condition && let Some(value) = &self.#field { #some_value })
            }
        });
    }
    let grants = ident(if needs_grants { "g" } else { "_g" });
    let about = about(&format!("`{}` as it leaves.", each.name));
    let text = doc(each.description.as_deref().unwrap_or(&each.name));
    let body = quote! {
        #text
        pub struct #name { #(#declared),* }
        impl #name {
            #[doc = " The only way to the wire: what this caller may read, and nothing else."]
            pub(crate) fn write(&self, w: &mut Writer, #grants: &Grants) {
                w.open();
                #(#written)*
                w.close();
            }
        }
    };
    let uses = uses(cx, &body);
    quote!(#about #uses #body)
}

/// Whether writing a value asks what the caller may read.
fn uses_grants(cx: &Context, value: &ValueKind) -> bool {
    match value {
        ValueKind::Named(id) => cx.object(*id).is_some(),
        ValueKind::List(list) => uses_grants(cx, &list.items),
        _ => false,
    }
}

/// Where the value to be written is: as a receiver, by reference, by value.
struct Place {
    receiver: TokenStream,
    reference: TokenStream,
    copy: TokenStream,
}

impl Place {
    fn field(field: &Ident) -> Self {
        Place {
            receiver: quote!(self.#field),
            reference: quote!(&self.#field),
            copy: quote!(self.#field),
        }
    }

    /// A binding `value: &T`.
    fn value() -> Self {
        Place {
            receiver: quote!(value),
            reference: quote!(value),
            copy: quote!(*value),
        }
    }
}

/// Statements that write one value with `writer`.
fn put(
    cx: &Context,
    writer: &TokenStream,
    value: &ValueKind,
    nullable: bool,
    place: &Place,
) -> TokenStream {
    let Place {
        receiver,
        reference,
        copy,
    } = place;
    if nullable {
        let inner = put(cx, writer, value, false, &Place::value());
        return quote!(match #reference { Some(value) => { #inner } None => { #writer.null(); } });
    }
    match value {
        ValueKind::Boolean => quote!(#writer.boolean(#copy);),
        ValueKind::Integer(_) => quote!(#writer.whole(#copy);),
        ValueKind::Text(_) => quote!(#writer.text(#reference);),
        ValueKind::Named(id) => match cx.shape(*id) {
            Some(Shape::Words(_)) => quote!(#writer.text(#receiver.as_str());),
            _ => quote!(#receiver.write(#writer, g);),
        },
        ValueKind::List(list) => {
            let each = put(
                cx,
                &quote!(w),
                &list.items,
                list.items_nullable,
                &Place::value(),
            );
            quote!(#writer.open_array(); for value in #reference { #each } w.close_array();)
        }
    }
}
