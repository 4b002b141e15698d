//! An object as it is taken: rules, table, type and decoder.

use super::{fields, name_of};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::{Scope, ident};
use crate::emit::rust::print::{about, doc};
use crate::emit::rust::rules::Rules;
use crate::emit::rust::uses::uses;
use crate::plan::{Member, Object, Type, TypeId, Write};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn request_file(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
    let name = name_of(cx, id);
    let mut rules = Rules::new(&["TABLE"]);
    // Locals stand beside the decoder's own names.
    let mut locals = Scope::without(&["json", "by", "name", "once"]);
    let (mut declared, mut slots, mut arms, mut built, mut table) =
        (vec![], vec![], vec![], vec![], vec![]);
    let mut needs_grants = false;
    for (member, field) in object.members.iter().zip(fields(object)) {
        let rule = rules.declare(cx, &member.name, &member.value);
        needs_grants |=
            rule.needs_grants() || matches!(member.write, Write::Create | Write::Roles(_));
        let mut schema = rule.schema();
        if member.nullable {
            schema = quote!(Schema::Nullable(&#schema));
        }
        table.push(row(cx, member, schema));
        if member.write == Write::Nobody {
            // In the table only, so that a refusal can say `readOnly`; no decoder takes it.
            continue;
        }
        let text = member.description.as_deref().map(doc);
        let mut kind = cx.value_type(&member.value, member.secret, Side::Request);
        let mut read = rule.read(member.secret);
        if member.nullable {
            kind = quote!(Option<#kind>);
            read = quote!(json.nullable(|json| #read));
        }
        let local = ident(&locals.claim(field.to_string()));
        let taken = if member.required_in_request {
            quote!(#local?)
        } else {
            quote!(#local)
        };
        if !member.required_in_request {
            kind = quote!(Option<#kind>);
        }
        declared.push(quote!(#text pub #field: #kind));
        built.push(if local == field && !member.required_in_request {
            quote!(#field)
        } else {
            quote!(#field: #taken)
        });
        let key = &member.name;
        let guard = match member.write {
            Write::Roles(bits) => {
                let set = cx.role_set(bits);
                Some(quote!(by.any(#set).then_some(())?;))
            }
            Write::Create => Some(quote!(by.creating.then_some(())?;)),
            Write::Anyone | Write::Nobody => None,
        };
        arms.push(match guard {
            Some(guard) => quote!(#key => { #guard once(&mut #local, #read?)?; }),
            None => quote!(#key => once(&mut #local, #read?)?,),
        });
        slots.push(local);
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
        quote!(.size(#min, #max))
    });
    let check_size = size.is_some().then(|| quote!(json.size(&TABLE)?;));
    let by = ident(if needs_grants { "by" } else { "_by" });
    let statics = &rules.statics;
    let about = about(&format!("`{}` as it is taken.", each.name));
    let text = doc(each.description.as_deref().unwrap_or(&each.name));
    let slots = match slots.as_slice() {
        [] => TokenStream::new(),
        [one] => quote!(let mut #one = None;),
        many => {
            let none = many.iter().map(|_| quote!(None));
            quote!(let (#(mut #many),*) = (#(#none),*);)
        }
    };
    let body = quote! {
        #(#statics)*
        pub(crate) static TABLE: Object = Object::new(&[#(#table),*])#size;
        #text
        #[non_exhaustive]
        pub struct #name { #(#declared),* }
        impl #name {
            #[doc = " Admits or refuses; what was wrong is found out afterwards, from [`TABLE`]."]
            pub(crate) fn read(json: &mut Reader<'_>, #by: &Grants) -> Option<Self> {
                #slots
                json.open_object()?;
                while let Some(name) = json.key()? {
                    match &*name { #(#arms)* _ => return None }
                }
                #check_size
                Some(#name { #(#built),* })
            }
        }
    };
    let uses = uses(cx, &body);
    quote!(#about #uses #body)
}

fn row(cx: &Context, member: &Member, schema: TokenStream) -> TokenStream {
    let name = &member.name;
    let kind = ident(if member.required_in_request {
        "required"
    } else {
        "optional"
    });
    let write = match member.write {
        Write::Anyone => None,
        Write::Nobody => Some(quote!(.write(Write::Nobody))),
        Write::Create => Some(quote!(.write(Write::Create))),
        Write::Roles(bits) => {
            let set = cx.role_set(bits);
            Some(quote!(.write(Write::Roles(#set))))
        }
    };
    quote!(#kind(#name, #schema)#write)
}
