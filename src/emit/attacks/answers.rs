//! Answers of the probe's handlers: every member filled, rows of everybody.

use super::circumstances::Which;
use super::evaluate::Facts;
use super::scene::{CALLER, OTHER_TENANT, SOMEONE_ELSE, Scene, TENANT};
use super::shown::{DEPTH, ENTRY, answer, filled, holds_objects, listed, told};
use crate::emit::rust::context::{Context, Side};
use crate::emit::rust::names::ident;
use crate::emit::rust::reply::variant;
use crate::emit::rust::{cases, fields, proof_fields, rest_field, variant as word};
use crate::plan::{IdRule, Operation, OwnKind, ReplyValue, Shape, Text, TypeId, ValueKind};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

/// What the handlers answer, and the values they need.
pub struct Answers<'a> {
    cx: &'a Context<'a>,
    scene: &'a Scene<'a>,
    /// Types of which a value is made.
    made: BTreeSet<TypeId>,
    /// Whether any handler answers.
    any: bool,
}

impl<'a> Answers<'a> {
    pub fn new(cx: &'a Context<'a>, scene: &'a Scene<'a>) -> Self {
        let mut answers = Answers {
            cx,
            scene,
            made: BTreeSet::new(),
            any: false,
        };
        for (operation, _) in cx.handled() {
            if let Some((_, value)) = answer(scene, operation) {
                answers.any = true;
                if let Some(id) = value.inner() {
                    answers.mark(id);
                }
            }
        }
        answers
    }

    fn mark(&mut self, id: TypeId) {
        if let Some(Shape::Union(union)) = self.cx.shape(id) {
            if let (true, Some((_, case))) = (self.made.insert(id), told(self.cx.plan, union)) {
                self.mark_value(&case.value);
            }
            return;
        }
        let Some(object) = self.cx.object(id).filter(|_| self.made.insert(id)) else {
            return;
        };
        let plan = self.cx.plan;
        let members = object.members.iter();
        for member in members.filter(|member| filled(plan, member, u8::MAX)) {
            self.mark_value(&member.value);
        }
    }

    fn mark_value(&mut self, value: &ValueKind) {
        match value {
            ValueKind::Named(id) => self.mark(*id),
            ValueKind::List(list) => self.mark_value(&list.items),
            ValueKind::Map(map) => self.mark_value(&map.values),
            _ => {}
        }
    }

    /// Whether any handler answers.
    pub fn any(&self) -> bool {
        self.any
    }

    /// The statement of a handler that answers; whether it looks at its call.
    pub fn of(&self, operation: &'a Operation, module: &Ident) -> Option<(TokenStream, bool)> {
        let (status, value) = answer(self.scene, operation)?;
        let reply = variant(status);
        let left = Literal::u8_unsuffixed(DEPTH);
        let (value, called) = match value {
            ReplyValue::Plain(value) => {
                let made = self.value(value);
                match holds_objects(self.cx.plan, value) {
                    true => (quote!({ let left: u8 = #left; #made }), false),
                    false => (made, false),
                }
            }
            ReplyValue::One(id) => {
                let make = self.maker(*id);
                (quote!(#make(#left)), false)
            }
            ReplyValue::Many(id) => {
                let make = self.maker(*id);
                match listed(operation) {
                    Some(resource) => {
                        (self.rows(operation, resource, &quote!(#make(#left)))?, true)
                    }
                    None => (quote!(vec![#make(#left)]), false),
                }
            }
        };
        let statement = quote! {
            if self.answers() {
                return Ok(api::operations::#module::Reply::#reply(#value));
            }
        };
        Some((statement, called))
    }

    /// Rows of the caller, of someone else, and of the caller in another tenant; and one of the caller with an id that is
    /// none, as a store may hold it: no proof of it can be had, so that it never arrives.
    fn rows(&self, operation: &'a Operation, at: usize, row: &TokenStream) -> Option<TokenStream> {
        let resource = self.cx.plan.resources.get(at)?;
        let names = self.cx.resources.get(at)?;
        let planted = self.scene.planted.get(at)?.as_ref()?;
        let position = operation
            .owns
            .iter()
            .position(|owns| owns.kind == OwnKind::List)?;
        let visible = proof_fields(self.cx, operation).into_iter().nth(position)?;
        let (id, facts) = (&names.id, &names.facts);
        let stray = planted.stray.as_ref();
        let of_owners = || {
            let rows = [
                (&planted.own, CALLER, TENANT),
                (&planted.other, SOMEONE_ELSE, TENANT),
                (&planted.foreign, CALLER, OTHER_TENANT),
            ];
            let rows = rows
                .into_iter()
                .chain(stray.map(|stray| (stray, CALLER, TENANT)));
            let rows = rows.map(|(id, owner, tenant)| Facts {
                id: id.clone(),
                owner: owner.to_owned(),
                tenant: tenant.to_owned(),
                attributes: self.scene.known(at, Which::Own),
            });
            rows.collect()
        };
        let whole = resource.parent.and_then(|parent| {
            let planted = self.scene.planted.get(parent)?.as_ref()?;
            Some((&self.cx.resources.get(parent)?.id, planted))
        });
        let tenant = resource.tenant;
        let rows = self.scene.judged_rows(operation).unwrap_or_else(of_owners);
        let malformed = rows
            .iter()
            .find(|row| row.id == planted.own)
            .and_then(|row| {
                let id = malformed(&resource.id, &row.id)?;
                Some(Facts { id, ..row.clone() })
            });
        let rows = rows
            .into_iter()
            .chain(malformed)
            .filter(|row| tenant || row.tenant == TENANT)
            .map(|row| (row.id, row.owner, row.tenant, row.attributes))
            .map(|(told, owner, of, more)| {
                let of = tenant.then(|| quote!(tenant: #of.to_owned(),));
                let more = self.scene.told(at, more).into_iter();
                let more = more.zip(&names.attributes);
                let more = more.map(|(value, field)| quote!(#field: #value,));
                let more = quote!(#(#more)*);
                let Some((parent_id, whole)) = whole else {
                    return quote! {
                        api::access::#id::parse(#told).map(|id| {
                            (api::access::#facts { id, owner: #owner.to_owned(), version: 1, #of #more }, #row)
                        })
                    };
                };
                let parent = match stray == Some(&told) {
                    true => &whole.other,
                    false => &whole.own,
                };
                quote! {
                    api::access::#id::parse(#told).zip(api::access::#parent_id::parse(#parent)).map(|(id, parent)| {
                        (api::access::#facts { id, owner: #owner.to_owned(), version: 1, parent, #of #more }, #row)
                    })
                }
            });
        Some(quote!(call.#visible.admit([#(#rows),*].into_iter().flatten())))
    }

    fn maker(&self, id: TypeId) -> Ident {
        let names = self.cx.types.get(id.0);
        let name = names.map(|names| names.module.to_string());
        ident(&format!(
            "made_{}",
            name.unwrap_or_default().trim_start_matches("r#")
        ))
    }

    /// A function for each type: everything in it is there, as deep as is said.
    pub fn makers(&self) -> Vec<TokenStream> {
        let makers = self.made.iter().filter_map(|id| {
            let maker = self.maker(*id);
            let path = self.cx.type_path(*id, Side::Reply);
            if let Some(Shape::Union(union)) = self.cx.shape(*id) {
                let (at, case) = told(self.cx.plan, union)?;
                let variant = cases(union).into_iter().nth(at)?;
                let value = self.value(&case.value);
                let deep = holds_objects(self.cx.plan, &case.value);
                let left = ident(if deep { "left" } else { "_left" });
                return Some(quote! {
                    fn #maker(#left: u8) -> api::#path {
                        api::#path::#variant(#value)
                    }
                });
            }
            let object = self.cx.object(*id)?;
            let members = object.members.iter().zip(fields(object));
            let mut deep = false;
            let members = members.filter(|(member, _)| filled(self.cx.plan, member, u8::MAX));
            let members: Vec<_> = members
                .map(|(member, field)| {
                    let objects = holds_objects(self.cx.plan, &member.value);
                    deep |= objects;
                    let mut value = self.value(&member.value);
                    if member.nullable {
                        value = match objects {
                            true => quote!((left > 0).then(|| #value)),
                            false => quote!(Some(#value)),
                        };
                    }
                    if !member.required {
                        value = match objects {
                            true => quote!((left > 0).then(|| #value)),
                            false => quote!(Some(#value)),
                        };
                    }
                    quote!(#field: #value)
                })
                .chain(object.rest.as_ref().map(|rest| {
                    let mut value = self.value(&rest.value);
                    if rest.nullable {
                        value = quote!(Some(#value));
                    }
                    let field = rest_field(object);
                    quote!(#field: std::collections::BTreeMap::from([(#ENTRY.to_owned(), #value)]))
                }))
                .collect();
            let left = ident(if deep { "left" } else { "_left" });
            Some(quote! {
                fn #maker(#left: u8) -> api::#path {
                    api::#path { #(#members),* }
                }
            })
        });
        makers.collect()
    }

    fn value(&self, value: &ValueKind) -> TokenStream {
        match value {
            ValueKind::Boolean => quote!(true),
            ValueKind::Integer(_) => quote!(1),
            ValueKind::Number(_) => quote!(1.into()),
            // No reply has a file in it.
            ValueKind::Text(_) | ValueKind::File(_) => quote!("palisade".to_owned()),
            ValueKind::Json(_) => quote!(shield::Json::from("palisade")),
            ValueKind::Named(id) => match self.cx.shape(*id) {
                Some(Shape::Words(words)) => {
                    let path = self.cx.type_path(*id, Side::Reply);
                    let first = words.first().map(String::as_str).unwrap_or_default();
                    let word = word(self.cx, *id, first);
                    quote!(api::#path::#word)
                }
                _ => {
                    let maker = self.maker(*id);
                    quote!(#maker(left.saturating_sub(1)))
                }
            },
            ValueKind::Map(map) => {
                let mut value = self.value(&map.values);
                if map.values_nullable {
                    value = quote!(Some(#value));
                }
                let entry = quote!(std::collections::BTreeMap::from([(#ENTRY.to_owned(), #value)]));
                match holds_objects(self.cx.plan, &map.values) {
                    true => {
                        quote!(if left > 0 { #entry } else { std::collections::BTreeMap::new() })
                    }
                    false => entry,
                }
            }
            ValueKind::List(list) => {
                let mut item = self.value(&list.items);
                if list.items_nullable {
                    item = quote!(Some(#item));
                }
                match holds_objects(self.cx.plan, &list.items) {
                    true => quote!(if left > 0 { vec![#item] } else { Vec::new() }),
                    false => quote!(vec![#item]),
                }
            }
        }
    }
}

/// The id with a blank at its end: as long as it was, and of no format.
fn malformed(rule: &IdRule, id: &str) -> Option<String> {
    let IdRule::Text(Text {
        format: Some(_), ..
    }) = rule
    else {
        return None;
    };
    let (last, _) = id.char_indices().next_back()?;
    Some(format!("{} ", id.get(..last)?))
}
