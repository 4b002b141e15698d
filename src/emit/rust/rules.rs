//! Constraints as constants: one `static` for each value, used by the decoder and by the table that explains.

use super::context::{Context, Side};
use super::names::{Scope, ident, shout};
use crate::plan::{Format, List, Shape, Text, TypeId, ValueKind, Whole};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The constants of one emitted file.
pub struct Rules {
    pub statics: Vec<TokenStream>,
    names: Scope,
}

/// A value whose rule has a name.
pub enum Rule {
    Boolean,
    Whole(Ident),
    Text(Ident),
    Words(TokenStream),
    /// Path of the type and of its table.
    Object {
        path: TokenStream,
        table: TokenStream,
    },
    List {
        rule: Ident,
        item: Box<Rule>,
        items_nullable: bool,
        unique: bool,
    },
}

impl Rules {
    /// Constants beside those in `taken`.
    pub fn new(taken: &[&str]) -> Self {
        Rules {
            statics: Vec::new(),
            names: Scope::without(taken),
        }
    }

    /// Declares what `value` needs; `base` is the document's name for it.
    pub fn declare(&mut self, cx: &Context, base: &str, value: &ValueKind) -> Rule {
        match value {
            ValueKind::Boolean => Rule::Boolean,
            ValueKind::Integer(whole) => Rule::Whole(self.whole(base, whole)),
            ValueKind::Text(text) => Rule::Text(self.text(base, text)),
            ValueKind::Named(id) => named(cx, *id),
            ValueKind::List(list) => self.list(cx, base, list),
        }
    }

    fn claim(&mut self, base: &str) -> Ident {
        ident(&self.names.claim(shout(base)))
    }

    fn whole(&mut self, base: &str, whole: &Whole) -> Ident {
        let name = self.claim(base);
        let (min, max) = (bound(whole.min), bound(whole.max));
        let step = whole.multiple_of.map(|step| {
            let step = Literal::i64_unsuffixed(step);
            quote!(.multiple_of(#step))
        });
        let exclusive_min = whole.min_exclusive.then(|| quote!(.exclusive_min()));
        let exclusive_max = whole.max_exclusive.then(|| quote!(.exclusive_max()));
        let whole = quote!(Whole::new(#min, #max) #step #exclusive_min #exclusive_max);
        self.statics.push(quote!(static #name: Whole = #whole;));
        name
    }

    /// A rule for strings; also used for the ids of resources.
    pub fn text(&mut self, base: &str, text: &Text) -> Ident {
        let name = self.claim(base);
        let pattern = text.pattern.as_ref().map(|pattern| {
            let constant = self.claim(&format!("{base} pattern"));
            let source = &pattern.rust;
            self.statics
                .push(quote!(static #constant: Pattern = Pattern::new(#source);));
            quote!(.pattern(&#constant))
        });
        let format = text.format.map(|format| {
            let format = ident(match format {
                Format::Email => "Email",
                Format::Uuid => "Uuid",
                Format::Date => "Date",
                Format::DateTime => "DateTime",
            });
            quote!(.format(Format::#format))
        });
        let (min, max) = (
            Literal::u64_unsuffixed(text.min),
            Literal::u64_unsuffixed(text.max),
        );
        self.statics
            .push(quote!(static #name: Text = Text::new(#min, #max)#pattern #format;));
        name
    }

    fn list(&mut self, cx: &Context, base: &str, list: &List) -> Rule {
        let item = self.declare(cx, &format!("{base} item"), &list.items);
        let name = self.claim(base);
        let mut items = item.schema();
        if list.items_nullable {
            items = quote!(Schema::Nullable(&#items));
        }
        let (min, max) = (
            Literal::u64_unsuffixed(list.min),
            Literal::u64_unsuffixed(list.max),
        );
        let unique = list.unique.then(|| quote!(.unique()));
        self.statics
            .push(quote!(static #name: List = List::new(#items, #min, #max)#unique;));
        Rule::List {
            rule: name,
            item: Box::new(item),
            items_nullable: list.items_nullable,
            unique: list.unique,
        }
    }
}

impl Rule {
    /// For tables: `Schema::Text(&EMAIL)`.
    pub fn schema(&self) -> TokenStream {
        match self {
            Rule::Boolean => quote!(Schema::Boolean),
            Rule::Whole(name) => quote!(Schema::Whole(&#name)),
            Rule::Text(name) => quote!(Schema::Text(&#name)),
            Rule::Words(path) => quote!(Schema::Words(#path::WORDS)),
            Rule::Object { table, .. } => quote!(Schema::Object(&#table)),
            Rule::List { rule, .. } => quote!(Schema::List(&#rule)),
        }
    }

    /// For decoders: an expression that takes the value from `json: &mut Reader`, `None` when it is not admitted.
    pub fn read(&self, secret: bool) -> TokenStream {
        match self {
            Rule::Boolean => quote!(json.boolean()),
            Rule::Whole(name) => quote!(json.whole(&#name)),
            Rule::Text(name) if secret => quote!(json.secret(&#name)),
            Rule::Text(name) => quote!(json.text(&#name)),
            Rule::Words(path) => quote!(json.word(#path::parse)),
            Rule::Object { path, .. } => quote!(#path::read(json, by)),
            Rule::List {
                rule,
                item,
                items_nullable,
                unique,
            } => {
                let mut each = item.read(false);
                if *items_nullable {
                    each = quote!(json.nullable(|json| #each));
                }
                let method = ident(if *unique { "unique_list" } else { "list" });
                quote!(json.#method(&#rule, |json| #each))
            }
        }
    }

    /// For parameters: a function from `&str` to `Option`.
    pub fn parse(&self) -> TokenStream {
        match self {
            Rule::Whole(name) => quote!(|text| #name.parse(text)),
            Rule::Text(name) => quote!(|text| #name.keep(text)),
            Rule::Words(path) => quote!(#path::parse),
            Rule::Boolean | Rule::Object { .. } | Rule::List { .. } => quote!(shield::schema::flag),
        }
    }

    /// Whether reading needs the caller's grants.
    pub fn needs_grants(&self) -> bool {
        match self {
            Rule::Object { .. } => true,
            Rule::List { item, .. } => item.needs_grants(),
            _ => false,
        }
    }
}

fn named(cx: &Context, id: TypeId) -> Rule {
    let path = cx.type_path(id, Side::Request);
    match (cx.shape(id), cx.types.get(id.0)) {
        (Some(Shape::Object(_)), Some(names)) => {
            let module = &names.module;
            Rule::Object {
                path,
                table: quote!(requests::#module::TABLE),
            }
        }
        _ => Rule::Words(path),
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
