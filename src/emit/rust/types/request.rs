//! An object as it is taken: each member with its rule and who may write it.

use super::{fields, name_of};
use crate::emit::rust::cel;
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::{Scope, ident, snake};
use crate::emit::rust::print::{about, declared, doc, plain};
use crate::emit::rust::rules::Rules;
use crate::emit::rust::uses::uses;
use crate::plan::{Object, Type, TypeId, Write};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

pub(super) fn request_file(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
    let name = name_of(cx, id);
    let mut rules = Rules::new(&["RULES"]);
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
    let ruled = (!object.rules.is_empty()).then(|| quote!(#[rules(RULES)]));
    let between = between(cx, &name, object);
    let statics = &rules.statics;
    let about = about(&format!("`{}` as it is taken.", each.name));
    let text = doc(each.description.as_deref().unwrap_or(&each.name));
    let object = declared(
        "request",
        quote!(#text #size #ruled #(#hidden)* pub struct #name { #(#members),* }),
    );
    let body = quote!(#(#statics)* #object #between);
    let uses = uses(cx, &body);
    quote!(#about #uses #body)
}

/// Rules between members: asked once the keywords hold.
fn between(cx: &Context, name: &Ident, object: &Object) -> Option<TokenStream> {
    if object.rules.is_empty() {
        return None;
    }
    let mut names = Scope::default();
    let (mut rows, mut functions) = (Vec::new(), Vec::new());
    for rule in &object.rules {
        let function = ident(&names.claim(format!("holds_{}", snake(&rule.id))));
        functions.push(cel::rule(cx, name, &function, &rule.text, &rule.expr));
        let (code, words) = (format!("rule:{}", rule.id), plain(&rule.message));
        rows.push(quote!(Rule { code: #code, words: #words, holds: #function }));
    }
    Some(quote! {
        #[doc = " What must hold between the members."]
        static RULES: &[Rule<#name>] = &[#(#rows),*];
        #(#functions)*
    })
}
