//! What is read: of the caller, an object's facts, the request or what is sent; and what is done when it is not there.

use super::writer::{Input, Writer};
use crate::cel::{Key, Kind, Object, Probe, Type};
use crate::emit::rust::names::ident;
use crate::emit::rust::types;
use crate::plan::{AttributeKind, TypeId, ValueKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Writer<'_> {
    /// What is read, before it is known to be there; how many `Option`s are around it; and what makes a value of it.
    fn place(&mut self, probe: &Probe) -> Place {
        let optional = u8::from(probe.optional);
        let plain = |tokens| Place {
            tokens,
            layers: optional,
            view: View::Copy,
        };
        match probe.key {
            Key::Subject | Key::Tenant | Key::Scopes => {
                let caller = self.input(Input::Caller);
                let method = ident(match probe.key {
                    Key::Subject => "subject",
                    Key::Tenant => "tenant",
                    _ => "scopes",
                });
                plain(quote!(#caller.#method()))
            }
            Key::Claim(number) => {
                let caller = self.input(Input::Caller);
                let method = self.cx.attributes.get(number).cloned();
                let method = method.unwrap_or_else(|| ident("subject"));
                plain(quote!(#caller.#method()))
            }
            Key::Id | Key::Owner | Key::FactTenant | Key::Version | Key::Attribute(_) => {
                self.fact(probe)
            }
            Key::Method => {
                let method = self.operation.map_or("", |operation| operation.method);
                plain(quote!(#method))
            }
            Key::Ip => {
                let ip = self.input(Input::Ip);
                plain(quote!(#ip))
            }
            Key::Now => {
                let now = self.input(Input::Now);
                plain(quote!(#now))
            }
            Key::Param(number) => {
                let local = self.input(Input::Param(number));
                plain(quote!(#local))
            }
            Key::Body => {
                let body = self.input(Input::Body);
                plain(quote!(#body))
            }
            Key::Facts(number) => {
                let facts = self.input(Input::Facts(number));
                plain(quote!(#facts))
            }
            // Only what is below it is read.
            Key::Roles | Key::Params => plain(quote!(())),
            Key::Member(number) => self.of_object(probe, number),
        }
    }

    fn fact(&mut self, probe: &Probe) -> Place {
        let number = match probe.on.kind {
            Kind::Read(Probe {
                key: Key::Facts(number),
                ..
            }) => number,
            _ => self.first,
        };
        let facts = self.input(Input::Facts(number));
        let place = |tokens, layers, view| Place {
            tokens,
            layers,
            view,
        };
        match probe.key {
            Key::Id => place(quote!(#facts.id.as_str()), 0, View::Copy),
            Key::Owner => place(quote!(#facts.owner.as_str()), 0, View::Copy),
            Key::FactTenant => place(quote!(#facts.tenant.as_str()), 0, View::Copy),
            Key::Version => {
                let version = quote!(i64::try_from(#facts.version).map_err(|_| Undecided)?);
                place(version, 0, View::Copy)
            }
            Key::Attribute(at) => {
                let resource = self.resource(number);
                let names = resource.and_then(|resource| self.cx.resources.get(resource));
                let declared = resource.and_then(|resource| self.cx.plan.resources.get(resource));
                let (Some(field), Some(declared)) = (
                    names.and_then(|names| names.attributes.get(at)),
                    declared.and_then(|declared| declared.attributes.get(at)),
                ) else {
                    return place(quote!(()), 0, View::Copy);
                };
                let field = quote!(#facts.#field);
                match declared.kind {
                    AttributeKind::String | AttributeKind::Uuid => {
                        place(quote!(#field.as_deref()), 1, View::Copy)
                    }
                    AttributeKind::Integer | AttributeKind::Boolean => place(field, 1, View::Copy),
                    AttributeKind::Time => place(field, 1, View::Instant),
                    AttributeKind::Strings => {
                        place(quote!(shield::decide::bounded(&#field)?), 0, View::Copy)
                    }
                }
            }
            _ => place(quote!(()), 0, View::Copy),
        }
    }

    fn of_object(&mut self, probe: &Probe, number: usize) -> Place {
        let on = self.receiver(&probe.on);
        let Type::Object(Object::Typed(id)) = probe.on.value else {
            return Place {
                tokens: on,
                layers: 0,
                view: View::Copy,
            };
        };
        let object = self.cx.object(TypeId(id));
        let field = object.and_then(|object| types::fields(object).into_iter().nth(number));
        let member = object.and_then(|object| object.members.get(number));
        let field = field.unwrap_or_else(|| ident("missing"));
        let view = match member.map(|member| &member.value) {
            Some(ValueKind::Text(_)) => View::Text,
            Some(ValueKind::List(_)) => View::List,
            Some(ValueKind::Named(id)) => match self.cx.object(*id) {
                Some(_) => View::Object,
                None => View::Word,
            },
            _ => View::Copy,
        };
        Place {
            tokens: quote!(#on.#field),
            layers: u8::from(probe.optional) + u8::from(probe.nullable),
            view,
        }
    }

    pub(super) fn read(&mut self, probe: &Probe, value: &Type) -> TokenStream {
        if matches!(value, Type::Roles) || probe.key == Key::Params {
            return quote!(());
        }
        self.place(probe).value()
    }

    pub(super) fn has(&mut self, probe: &Probe) -> TokenStream {
        let place = self.place(probe);
        let tokens = &place.tokens;
        match probe.optional {
            true => quote!(#tokens.is_some()),
            // What is around it must be there; then it is.
            false => {
                let value = place.value();
                quote!({
                    let _ = #value;
                    true
                })
            }
        }
    }

    pub(super) fn is_null(&mut self, probe: &Probe) -> TokenStream {
        let Place { tokens, .. } = self.place(probe);
        match probe.optional {
            true => quote!(#tokens.as_ref().ok_or(Undecided)?.is_none()),
            false => quote!(#tokens.is_none()),
        }
    }
}

struct Place {
    tokens: TokenStream,
    layers: u8,
    view: View,
}

/// What makes a value of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// It is one: a number, a boolean, something borrowed.
    Copy,
    Text,
    Word,
    List,
    Object,
    Instant,
}

impl Place {
    /// The value; what is not there, or `null`, leaves the function.
    fn value(self) -> TokenStream {
        let Place {
            tokens,
            layers,
            view,
        } = self;
        let copied = matches!(view, View::Copy | View::Word | View::Instant);
        let there = match (layers, copied) {
            (0, _) => tokens,
            (1, true) => quote!(#tokens.ok_or(Undecided)?),
            (_, true) => quote!(#tokens.flatten().ok_or(Undecided)?),
            (1, false) => quote!(#tokens.as_ref().ok_or(Undecided)?),
            (_, false) => quote!(#tokens.as_ref().and_then(Option::as_ref).ok_or(Undecided)?),
        };
        match view {
            View::Copy => there,
            View::Text | View::Word => quote!(#there.as_str()),
            View::List => quote!(#there.as_slice()),
            View::Object if layers == 0 => quote!((&#there)),
            View::Object => there,
            View::Instant => quote!(shield::decide::instant(#there)?),
        }
    }
}
