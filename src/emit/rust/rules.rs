//! Constraints as expressions: each stands once, in the table of what may be sent, which admits and explains.

use super::context::{Context, Side};
use super::names::{Scope, ident, shout};
use crate::plan::{
    Entries, File, Format, Free, IdRule, List, Names, Pattern, Real, Shape, Text, TypeId,
    ValueKind, Whole,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The constraints of one emitted file.
pub struct Rules {
    /// Patterns: they are compiled at first use, so each has a place of its own.
    pub statics: Vec<TokenStream>,
    names: Scope,
}

impl Rules {
    /// Patterns beside the constants in `taken`.
    pub fn new(taken: &[&str]) -> Self {
        Rules {
            statics: Vec::new(),
            names: Scope::without(taken),
        }
    }

    /// `Text::new(0, 254).email()`, of which `.schema()` is the schema; `base` is the document's name for the value.
    pub fn rule(&mut self, cx: &Context, base: &str, value: &ValueKind) -> TokenStream {
        match value {
            ValueKind::Boolean => quote!(Schema::Boolean),
            ValueKind::Integer(rule) => whole(rule),
            ValueKind::Number(rule) => real(rule),
            ValueKind::Text(text) => self.text(base, text),
            ValueKind::File(file) => self.file(base, file),
            ValueKind::Named(id) => named(cx, *id),
            ValueKind::List(list) => self.list(cx, base, list),
            ValueKind::Map(map) => self.entries(cx, base, map),
            ValueKind::Json(rule) => free(rule),
        }
    }

    /// The same where a schema is needed.
    pub fn schema(&mut self, cx: &Context, base: &str, value: &ValueKind) -> TokenStream {
        let rule = self.rule(cx, base, value);
        match value {
            // They are schemas.
            ValueKind::Boolean | ValueKind::Named(_) => rule,
            ValueKind::Integer(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::List(_)
            | ValueKind::Map(_)
            | ValueKind::Json(_)
            | ValueKind::File(_) => {
                quote!(#rule.schema())
            }
        }
    }

    /// The rule for the ids of a resource.
    pub fn id(&mut self, base: &str, rule: &IdRule) -> TokenStream {
        match rule {
            IdRule::Text(text) => self.text(base, text),
            IdRule::Whole(rule) => whole(rule),
        }
    }

    fn text(&mut self, base: &str, text: &Text) -> TokenStream {
        let pattern = text.pattern.as_ref().map(|pattern| {
            let name = self.pattern(base, pattern);
            quote!(.pattern(&#name))
        });
        let format = text.format.map(|format| {
            let format = ident(match format {
                Format::Email => "email",
                Format::Uuid => "uuid",
                Format::Date => "date",
                Format::DateTime => "date_time",
                Format::Uri => "uri",
                Format::Ipv4 => "ipv4",
                Format::Ipv6 => "ipv6",
            });
            quote!(.#format())
        });
        let (min, max) = (
            Literal::u64_unsuffixed(text.min),
            Literal::u64_unsuffixed(text.max),
        );
        quote!(Text::new(#min, #max)#pattern #format)
    }

    fn pattern(&mut self, base: &str, pattern: &Pattern) -> Ident {
        let name = ident(&self.names.claim(shout(&format!("{base} pattern"))));
        let source = &pattern.rust;
        self.statics
            .push(quote!(static #name: Pattern = Pattern::new(#source);));
        name
    }

    fn file(&mut self, base: &str, file: &File) -> TokenStream {
        let (min, max) = (
            Literal::u64_unsuffixed(file.min),
            Literal::u64_unsuffixed(file.max),
        );
        let types = (!file.types.is_empty()).then(|| {
            let types = &file.types;
            quote!(.types(&[#(#types),*]))
        });
        let most = file.most.map(|most| {
            let most = Literal::u64_unsuffixed(most);
            quote!(.most(#most))
        });
        let names = file.names.as_ref().map(|names| {
            let name = self.pattern(base, names);
            quote!(.names(&#name))
        });
        quote!(shield::schema::Binary::new(#min, #max) #types #most #names)
    }

    fn entries(&mut self, cx: &Context, base: &str, map: &Entries) -> TokenStream {
        let mut values = self.schema(cx, &format!("{base} value"), &map.values);
        if map.values_nullable {
            values = quote!(#values.or_null());
        }
        let (min, max) = (
            Literal::u64_unsuffixed(map.min),
            Literal::u64_unsuffixed(map.max),
        );
        let names = map.names.as_ref().map(|names| {
            let names = match names {
                Names::Text(text) => {
                    let text = self.text(&format!("{base} name"), text);
                    quote!(#text.schema())
                }
                Names::Words(words) => quote!(Schema::Words(&[#(#words),*])),
            };
            quote!(.names(#names))
        });
        quote!(Entries::new(#values, #min, #max) #names)
    }

    fn list(&mut self, cx: &Context, base: &str, list: &List) -> TokenStream {
        let mut items = self.schema(cx, &format!("{base} item"), &list.items);
        if list.items_nullable {
            items = quote!(#items.or_null());
        }
        let (min, max) = (
            Literal::u64_unsuffixed(list.min),
            Literal::u64_unsuffixed(list.max),
        );
        let unique = list.unique.then(|| quote!(.unique()));
        quote!(List::new(#items, #min, #max)#unique)
    }
}

fn free(free: &Free) -> TokenStream {
    let [string, array, object] =
        [free.string, free.array, free.object].map(Literal::u64_unsuffixed);
    quote!(shield::Free::new(#string, #array, #object))
}

fn whole(whole: &Whole) -> TokenStream {
    let (min, max) = (bound(whole.min), bound(whole.max));
    let step = whole.multiple_of.map(|step| {
        let step = Literal::i64_unsuffixed(step);
        quote!(.multiple_of(#step))
    });
    let exclusive_min = whole.min_exclusive.then(|| quote!(.exclusive_min()));
    let exclusive_max = whole.max_exclusive.then(|| quote!(.exclusive_max()));
    quote!(Whole::new(#min, #max) #step #exclusive_min #exclusive_max)
}

fn real(real: &Real) -> TokenStream {
    let min = real.min.as_ref().map(|min| {
        let word = ident(min.word("min", "exclusive_min"));
        let at = min.at.to_string();
        quote!(.#word(#at))
    });
    let max = real.max.as_ref().map(|max| {
        let word = ident(max.word("max", "exclusive_max"));
        let at = max.at.to_string();
        quote!(.#word(#at))
    });
    let step = real.multiple_of.as_ref().map(|step| {
        let step = step.to_string();
        quote!(.multiple_of(#step))
    });
    quote!(shield::Real::ANY #min #max #step)
}

fn named(cx: &Context, id: TypeId) -> TokenStream {
    let path = cx.type_path(id, Side::Request);
    match cx.shape(id) {
        Some(Shape::Object(_)) => quote!(#path::TABLE),
        _ => quote!(#path::SCHEMA),
    }
}

fn bound(value: i64) -> TokenStream {
    match value {
        i64::MIN => quote!(i64::MIN),
        i64::MAX => quote!(i64::MAX),
        _ => {
            let value = Literal::i64_unsuffixed(value);
            quote!(#value)
        }
    }
}
