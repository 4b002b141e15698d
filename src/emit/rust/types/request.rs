//! An object as it is taken: each member with its rule and who may write it.

use super::{fields, name_of, rest_field};
use crate::emit::rust::cel;
use crate::emit::rust::context::{Context, ResourceNames, Side};
use crate::emit::rust::names::{Scope, ident, snake};
use crate::emit::rust::print::{declared, doc, plain};
use crate::emit::rust::rules::Rules;
use crate::plan::{Object, Type, TypeId, ValueKind, Write};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// What the objects of one file share.
pub(super) struct Shared {
    pub rules: Rules,
    /// Functions, and the tables of those that are asked between members.
    names: Scope,
    tables: Scope,
}

impl Shared {
    pub fn new() -> Self {
        Shared {
            // Tables are called so, with a number from the second on; patterns end in `PATTERN`.
            rules: Rules::new(&[]),
            names: Scope::default(),
            tables: Scope::default(),
        }
    }
}

pub(super) fn request(
    cx: &Context,
    shared: &mut Shared,
    each: &Type,
    id: TypeId,
    object: &Object,
) -> TokenStream {
    let name = name_of(cx, id);
    let (mut members, mut hidden) = (Vec::new(), Vec::new());
    for (member, field) in object.members.iter().zip(fields(object)) {
        let key = &member.name;
        let mut rule = shared.rules.rule(cx, key, &member.value);
        if member.nullable {
            rule = quote!(#rule, or_null);
        }
        let write = match member.write {
            Write::Anyone => None,
            Write::Nobody => {
                // In the table only, so that a refusal can say `readOnly`; no decoder takes it.
                hidden.push(quote!(#[never(#key, #rule)]));
                continue;
            }
            Write::Create => Some(quote!(#[write(Create)])),
            Write::Roles(bits) => {
                let set = cx.role_set(bits);
                Some(quote!(#[write(Roles(#set))]))
            }
        };
        let mut kind = match member
            .proved
            .and_then(|resource| cx.resources.get(resource))
        {
            Some(names) => sent(&member.value, names),
            None => cx.value_type(&member.value, member.secret, Side::Request),
        };
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
        members.push(quote!(#text #[#presence(#key, #rule)] #write pub #field: #kind));
    }
    if let Some(rest) = &object.rest {
        let field = rest_field(object);
        let mut rule = shared.rules.schema(cx, "others", &rest.value);
        let mut kind = cx.value_type(&rest.value, false, Side::Request);
        if rest.nullable {
            rule = quote!(#rule.or_null());
            kind = quote!(Option<#kind>);
        }
        members.push(quote!(#[rest(#rule)] pub #field: BTreeMap<String, #kind>));
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
    let (table, between) = match object.rules.as_slice() {
        [] => (None, None),
        _ => {
            let table = ident(&shared.tables.claim("RULES".to_owned()));
            let between = between(cx, shared, &name, &table, object);
            (Some(quote!(#[rules(#table)])), Some(between))
        }
    };
    let text = each.description.as_deref().map(doc);
    let object = declared(
        "request",
        quote!(#text #size #table #(#hidden)* pub struct #name { #(#members),* }),
    );
    quote!(#object #between)
}

/// Whether the request names something of the prelude: what is written with its whole path needs none.
pub(super) fn names(object: &Object) -> bool {
    let whole = |value: &ValueKind| {
        matches!(
            value,
            ValueKind::Number(_) | ValueKind::Json(_) | ValueKind::File(_)
        )
    };
    let mut members = object.members.iter();
    object.rest.is_some()
        || !object.rules.is_empty()
        || members.any(|member| !whole(&member.value) || matches!(member.write, Write::Roles(_)))
}

/// An id, or a list of them, that no handler reads.
fn sent(value: &ValueKind, names: &ResourceNames) -> TokenStream {
    match value {
        ValueKind::List(list) => {
            let item = sent(&list.items, names);
            match list.items_nullable {
                true => quote!(Vec<Option<#item>>),
                false => quote!(Vec<#item>),
            }
        }
        _ => {
            let marker = &names.marker;
            quote!(access::Sent<access::#marker>)
        }
    }
}

/// Rules between members: asked once the keywords hold.
fn between(
    cx: &Context,
    shared: &mut Shared,
    name: &Ident,
    table: &Ident,
    object: &Object,
) -> TokenStream {
    let (mut rows, mut functions) = (Vec::new(), Vec::new());
    for rule in &object.rules {
        let function = ident(&shared.names.claim(format!("holds_{}", snake(&rule.id))));
        functions.push(cel::rule(cx, name, &function, &rule.text, &rule.expr));
        let (code, words) = (format!("rule:{}", rule.id), plain(&rule.message));
        rows.push(quote!(Rule { code: #code, words: #words, holds: #function }));
    }
    quote! {
        #[doc = " What must hold between the members."]
        static #table: &[Rule<#name>] = &[#(#rows),*];
        #(#functions)*
    }
}
