//! An object as it leaves: each member with who may read it.

use super::{fields, name_of};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::ident;
use crate::emit::rust::print::{about, declared, doc};
use crate::emit::rust::uses::uses;
use crate::plan::{Object, Read, Type, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn reply_file(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
    let name = name_of(cx, id);
    let mut members = Vec::new();
    for (member, field) in object.members.iter().zip(fields(object)) {
        let read = match member.read {
            // Not even a field: what is not there cannot leave.
            Read::Nobody => continue,
            Read::Anyone => None,
            Read::Some { roles, owner } => {
                let set = cx.role_set(roles);
                let rule = match (roles, owner) {
                    (0, _) => quote!(Read::Owner),
                    (_, true) => quote!(Read::OwnerOr(#set)),
                    (_, false) => quote!(Read::Roles(#set)),
                };
                Some(quote!(#[read(#rule)]))
            }
        };
        let mut kind = cx.value_type(&member.value, false, Side::Reply);
        if member.nullable {
            kind = quote!(Option<#kind>);
        }
        let presence = ident(if member.required {
            "required"
        } else {
            kind = quote!(Option<#kind>);
            "optional"
        });
        let (text, key) = (member.description.as_deref().map(doc), &member.name);
        members.push(quote!(#text #[member(#key, #presence)] #read pub #field: #kind));
    }
    let about = about(&format!("`{}` as it leaves.", each.name));
    let text = doc(each.description.as_deref().unwrap_or(&each.name));
    let body = declared("reply", quote!(#text pub struct #name { #(#members),* }));
    let uses = uses(cx, &body);
    quote!(#about #uses #body)
}
