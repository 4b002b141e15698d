//! `api/src/{words,requests,replies}/`: enumerations, what is taken, what leaves.

use super::context::{Context, Side};
use super::names::{Scope, ident, pascal, snake};
use super::print::{about, doc, owned};
use super::rules::Rules;
use super::uses::uses;
use crate::emit::Files;
use crate::plan::{Member, Object, Read, Shape, Type, TypeId, ValueKind, Write};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Emits every type that operations use.
pub fn emit(cx: &Context, files: &mut Files) {
    let (mut words, mut requests, mut replies) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (each, names)) in cx.plan.types.iter().zip(&cx.types).enumerate() {
        let (module, id) = (&names.module, TypeId(index));
        match &each.shape {
            Shape::Words(list) => {
                words.push(id);
                owned(cx.plan, files, &format!("api/src/words/{module}.rs"), word_file(cx, each, id, list));
            }
            Shape::Object(object) => {
                if each.request {
                    requests.push(id);
                    let file = request_file(cx, each, id, object);
                    owned(cx.plan, files, &format!("api/src/requests/{module}.rs"), file);
                }
                if each.reply {
                    replies.push(id);
                    let file = reply_file(cx, each, id, object);
                    owned(cx.plan, files, &format!("api/src/replies/{module}.rs"), file);
                }
            }
        }
    }
    let folders = [
        ("words", words, "Enumerations of the document.", false),
        ("requests", requests, "What is taken: only a decoder makes one, so whatever a handler holds was admitted.", true),
        ("replies", replies, "What leaves. None of them is `Serialize`: only a projection writes one, member by member.", false),
    ];
    for (folder, ids, text, tables) in folders {
        let names = ids.iter().filter_map(|id| cx.types.get(id.0));
        let modules = names.map(|names| {
            let (module, name) = (&names.module, &names.name);
            let visible = if tables { quote!(pub(crate)) } else { TokenStream::new() };
            quote!(#visible mod #module; pub use #module::#name;)
        });
        let about = about(text);
        owned(cx.plan, files, &format!("api/src/{folder}/mod.rs"), quote!(#about #(#modules)*));
    }
}

fn name_of(cx: &Context, id: TypeId) -> Ident {
    cx.types.get(id.0).map_or_else(|| ident("Unnamed"), |names| names.name.clone())
}

fn word_file(cx: &Context, each: &Type, id: TypeId, words: &[String]) -> TokenStream {
    let name = name_of(cx, id);
    let variants = variants(words);
    let about = about(&format!("`{}`: one of {} words.", each.name, words.len()));
    let text = doc(each.description.as_deref().unwrap_or(&each.name));
    let table = each.request.then(|| quote!(pub(crate) const WORDS: &'static [&'static str] = &[#(#words),*];));
    quote! {
        #about
        #text
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum #name { #(#variants),* }
        impl #name {
            #table
            #[doc = " The value of a word, exactly as the document writes it."]
            pub fn parse(word: &str) -> Option<Self> {
                match word { #(#words => Some(Self::#variants),)* _ => None }
            }
            #[doc = " The word of a value."]
            pub fn as_str(self) -> &'static str {
                match self { #(Self::#variants => #words),* }
            }
        }
    }
}

/// The variant of each word.
fn variants(words: &[String]) -> Vec<Ident> {
    let mut scope = Scope::without(&["Self"]);
    words.iter().map(|word| ident(&scope.claim(pascal(word)))).collect()
}

/// The variant of one word of a type.
pub fn variant(cx: &Context, id: TypeId, word: &str) -> Ident {
    let Some(Shape::Words(words)) = cx.shape(id) else { return ident(&pascal(word)) };
    let position = words.iter().position(|each| each == word);
    position.and_then(|position| variants(words).into_iter().nth(position)).unwrap_or_else(|| ident(&pascal(word)))
}

/// The field of each member, without names that would not compile.
pub fn fields(object: &Object) -> Vec<Ident> {
    let mut scope = Scope::default();
    object.members.iter().map(|member| ident(&scope.claim(snake(&member.name)))).collect()
}

fn request_file(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
    let name = name_of(cx, id);
    let mut rules = Rules::new(&["TABLE"]);
    // Locals stand beside the decoder's own names.
    let mut locals = Scope::without(&["json", "by", "name"]);
    let (mut declared, mut slots, mut arms, mut built, mut table) = (vec![], vec![], vec![], vec![], vec![]);
    let mut needs_grants = false;
    for (member, field) in object.members.iter().zip(fields(object)) {
        let rule = rules.declare(cx, &member.name, &member.value);
        needs_grants |= rule.needs_grants() || matches!(member.write, Write::Create | Write::Roles(_));
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
        let taken = if member.required_in_request { quote!(#local?) } else { quote!(#local) };
        if !member.required_in_request {
            kind = quote!(Option<#kind>);
        }
        declared.push(quote!(#text pub #field: #kind));
        built.push(if local == field && !member.required_in_request { quote!(#field) } else { quote!(#field: #taken) });
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
    let kind = ident(if member.required_in_request { "required" } else { "optional" });
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

fn reply_file(cx: &Context, each: &Type, id: TypeId, object: &Object) -> TokenStream {
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
        let field_value = put(cx, &writer, &member.value, member.nullable, &Place::field(&field));
        let some_value = put(cx, &writer, &member.value, member.nullable, &Place::value());
        written.push(match (condition, member.required) {
            (None, true) => field_value,
            (None, false) => quote!(if let Some(value) = &self.#field { #some_value }),
            (Some(condition), true) => quote!(if #condition { #field_value }),
            (Some(condition), false) => quote!(if #condition && let Some(value) = &self.#field { #some_value }),
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
        Place { receiver: quote!(self.#field), reference: quote!(&self.#field), copy: quote!(self.#field) }
    }

    /// A binding `value: &T`.
    fn value() -> Self {
        Place { receiver: quote!(value), reference: quote!(value), copy: quote!(*value) }
    }
}

/// Statements that write one value with `writer`.
fn put(cx: &Context, writer: &TokenStream, value: &ValueKind, nullable: bool, place: &Place) -> TokenStream {
    let Place { receiver, reference, copy } = place;
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
            let each = put(cx, &quote!(w), &list.items, list.items_nullable, &Place::value());
            quote!(#writer.open_array(); for value in #reference { #each } w.close_array();)
        }
    }
}
