//! An object as it leaves: each member with who may read it.

use super::{fields, name_of, rest_field};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::print::{declared, doc};
use crate::plan::{Object, Read, Type, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn reply(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
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
                    (0, _) => quote!(Owner),
                    (_, true) => quote!(OwnerOr(#set)),
                    (_, false) => quote!(Roles(#set)),
                };
                Some(quote!(#[read(#rule)]))
            }
        };
        let mut kind = cx.value_type(&member.value, false, Side::Reply);
        if member.nullable {
            kind = quote!(Option<#kind>);
        }
        if !member.required {
            kind = quote!(Option<#kind>);
        }
        let nullable = (member.nullable && member.required).then(|| quote!(#[member(nullable)]));
        let key = &member.name;
        let named = (field != *key).then(|| quote!(#[name(#key)]));
        let text = member.description.as_deref().map(doc);
        members.push(quote!(#text #named #nullable #read pub #field: #kind));
    }
    if let Some(rest) = &object.rest {
        let field = rest_field(object);
        let mut kind = cx.value_type(&rest.value, false, Side::Reply);
        if rest.nullable {
            kind = quote!(Option<#kind>);
        }
        // Those too that are in no reply.
        let names = object.members.iter().map(|member| &member.name);
        members.push(quote!(#[rest(#(#names),*)] pub #field: BTreeMap<String, #kind>));
    }
    let text = each.description.as_deref().map(doc);
    declared("reply", quote!(#text pub struct #name { #(#members),* }))
}

/// Whether it names a role, another type or a map.
pub(super) fn names(object: &Object) -> bool {
    let mut shown = object.members.iter();
    object.rest.is_some()
        || shown.any(|member| {
            let named = member.value.inner().is_some() || member.value.is_mapped();
            match member.read {
                Read::Nobody => false,
                Read::Anyone => named,
                Read::Some { roles, .. } => named || roles != 0,
            }
        })
}
