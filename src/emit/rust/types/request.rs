//! An object as it is taken: each member with its rule and who may write it.

use super::{fields, name_of};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::ident;
use crate::emit::rust::print::{about, declared, doc};
use crate::emit::rust::rules::Rules;
use crate::emit::rust::uses::uses;
use crate::plan::{Object, Type, TypeId, Write};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn request_file(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
    let name = name_of(cx, id);
    let mut rules = Rules::new(&[]);
    let (mut members, mut hidden) = (Vec::new(), Vec::new());
    for (member, field) in object.members.iter().zip(fields(object)) {
        let key = &member.name;
        let mut schema = rules.schema(cx, key, &member.value);
        if member.nullable {
            schema = quote!(Schema::Nullable(&#schema));
        }
        let write = match member.write {
            Write::Anyone => None,
            Write::Nobody => {
                // In the table only, so that a refusal can say `readOnly`; no decoder takes it.
                hidden.push(quote!(#[never(#key, #schema)]));
                continue;
            }
            Write::Create => Some(quote!(#[write(Write::Create)])),
            Write::Roles(bits) => {
                let set = cx.role_set(bits);
                Some(quote!(#[write(Write::Roles(#set))]))
            }
        };
        let mut kind = cx.value_type(&member.value, member.secret, Side::Request);
        if member.nullable {
            kind = quote!(Option<#kind>);
        }
        let presence = ident(if member.required_in_request {
            "required"
        } else {
            kind = quote!(Option<#kind>);
            "optional"
        });
        let text = member.description.as_deref().map(doc);
        members.push(quote!(#text #[member(#key, #presence, #schema)] #write pub #field: #kind));
    }
    let size = (object.min_properties > 0 || object.max_properties.is_some()).then(|| {
        let min = Literal::u64_unsuffixed(object.min_properties);
        let max = object.max_properties.map_or_else(
            || quote!(u64::MAX),
            |max| {
                let max = Literal::u64_unsuffixed(max);
                quote!(#max)
            },
        );
        quote!(#[size(#min, #max)])
    });
    let statics = &rules.statics;
    let about = about(&format!("`{}` as it is taken.", each.name));
    let text = doc(each.description.as_deref().unwrap_or(&each.name));
    let object = declared(
        "request",
        quote!(#text #size #(#hidden)* pub struct #name { #(#members),* }),
    );
    let body = quote!(#(#statics)* #object);
    let uses = uses(cx, &body);
    quote!(#about #uses #body)
}
