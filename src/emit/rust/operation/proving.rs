//! How each object is proved: loaded by its id, held against what it is part of, and against its caller.

use super::{Emitter, Proof};
use crate::emit::rust::context::ResourceNames;
use crate::emit::rust::names::ident;
use crate::emit::rust::print::guard;
use crate::emit::rust::types;
use crate::plan::{BodyId, Count, IdAt, OnDenied, OwnKind, Ownership, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl<'a> Emitter<'a> {
    /// The statements that prove the object of one ownership. `made`: those that are proved by then; `owner`: where it goes
    /// whether it is the caller's.
    pub(super) fn prove(
        &self,
        number: usize,
        proofs: &[Proof<'a>],
        ids: &[(usize, Ident)],
        made: &[usize],
        owner: &TokenStream,
    ) -> Vec<TokenStream> {
        let (Some(own), Some((local, names, kind))) =
            (self.operation.owns.get(number), proofs.get(number))
        else {
            return Vec::new();
        };
        let marker = &names.marker;
        let parent = self.parent(own, proofs, ids, made);
        let Some((at, _)) = kind.one() else {
            let within = parent.map(|parent| quote!(.within(#parent.as_str())));
            return vec![quote!(let #local = Visible::<access::#marker>::of(&caller)?#within;)];
        };
        let found = match at {
            IdAt::Param(param) => ids.iter().find(|(index, _)| *index == param),
            IdAt::Body(_) | IdAt::Part(_) => None,
        };
        let in_body = match at {
            IdAt::Body(at) => self.operation.ids.get(at),
            IdAt::Param(_) | IdAt::Part(_) => None,
        };
        let by_owner = matches!(kind, OwnKind::Owner { .. });
        let forbidden = self.forbids(own);
        match (at, in_body.map(|id| id.count)) {
            (IdAt::Body(_), Some(Count::Optional | Count::Many)) => {
                let taken = in_body.map(|id| self.taken(id));
                let mut steps = vec![
                    quote!(let ids = #taken.collect();),
                    quote!(let #local = access::all_of(s, &POLICY, &caller, ids).await?;),
                ];
                if let Some(parent) = parent {
                    steps.push(guard("object-parent"));
                    steps.push(
                        quote!(access::all_within::<access::#marker>(&#local, #parent.as_str())?;),
                    );
                }
                let decide = if by_owner {
                    quote!(access::all_by_owner::<access::#marker, _>(&caller, #local, #forbidden)?)
                } else {
                    quote!(access::all_whoevers::<access::#marker, _>(&caller, #local))
                };
                steps.push(quote!(let (#local, #owner) = #decide;));
                if in_body.is_some_and(|id| id.count == Count::Optional) {
                    steps.push(quote!(let #local = #local.into_iter().next();));
                }
                steps
            }
            // The plain case in one call: it is what most operations have.
            (IdAt::Param(_) | IdAt::Body(_), _) if parent.is_none() => {
                let id = match (found, in_body) {
                    (Some((_, id)), _) => quote!(#id),
                    (None, Some(id)) => self.taken(id),
                    (None, None) => TokenStream::new(),
                };
                let call = ident(if by_owner { "owned" } else { "any" });
                vec![quote!(let (#local, #owner) = access::#call(s, &POLICY, &caller, #id).await?;)]
            }
            _ => {
                let id = match (at, found, in_body) {
                    (_, Some((_, id)), _) => quote!(&#id),
                    (_, _, Some(id)) => {
                        let id = self.taken(id);
                        quote!(&#id)
                    }
                    // The object that names it was proved before.
                    (IdAt::Part(part), ..) => match proofs.get(part) {
                        Some((part, ..)) => quote!(&#part.facts().parent),
                        None => TokenStream::new(),
                    },
                    _ => TokenStream::new(),
                };
                let mut steps =
                    vec![quote!(let #local = access::facts_of(s, &POLICY, &caller, #id).await?;)];
                if let Some(parent) = parent {
                    steps.push(guard("object-parent"));
                    steps.push(
                        quote!(access::within::<access::#marker>(&#local, #parent.as_str())?;),
                    );
                }
                let decide = if by_owner {
                    quote!(access::by_owner::<access::#marker, _>(&caller, #local, #forbidden)?)
                } else {
                    quote!(access::whoevers::<access::#marker, _>(&caller, #local))
                };
                steps.push(quote!(let (#local, #owner) = #decide;));
                steps
            }
        }
    }

    /// Whether a denial may say that there is such an object. One that is only named by its part is told of no more than
    /// the part itself.
    fn forbids(&self, own: &Ownership) -> bool {
        let forbids = |own: &Ownership| {
            let resource = self.cx.plan.resources.get(own.resource);
            resource.is_some_and(|each| each.on_denied == OnDenied::Forbidden)
        };
        match own.kind.one() {
            Some((IdAt::Part(part), _)) => {
                let part = self.operation.owns.get(part);
                forbids(own) && part.is_some_and(|part| self.forbids(part))
            }
            _ => forbids(own),
        }
    }

    /// The id that the parent must have, where a parameter names it.
    fn parent(
        &self,
        own: &Ownership,
        proofs: &[Proof<'a>],
        ids: &[(usize, Ident)],
        made: &[usize],
    ) -> Option<TokenStream> {
        let number = own.parent?;
        let (local, _, kind) = proofs.get(number)?;
        let param = kind.param()?;
        if made.contains(&number) {
            return Some(quote!(#local.id()));
        }
        let (_, id) = ids.iter().find(|(index, _)| *index == param)?;
        Some(quote!(#id))
    }

    /// The ids of a body: one, or a list of them.
    fn taken(&self, id: &BodyId) -> TokenStream {
        let Some(body) = &self.body_local else {
            return TokenStream::new();
        };
        let required = self
            .operation
            .body
            .as_ref()
            .is_some_and(|body| body.required);
        let mut way = match required {
            true => Way::One(quote!(#body)),
            false => Way::Each(quote!(#body.iter())),
        };
        for step in &id.steps {
            way = match *step {
                Step::Each { nullable } => way.each(nullable),
                Step::Member { object, member } => {
                    let Some(object) = self.cx.object(object) else {
                        return TokenStream::new();
                    };
                    let field = types::fields(object).into_iter().nth(member);
                    let (Some(field), Some(member)) = (field, object.members.get(member)) else {
                        return TokenStream::new();
                    };
                    let optional = !member.required_in_request;
                    way.member(&field, usize::from(optional) + usize::from(member.nullable))
                }
            };
        }
        way.ids()
    }
}

/// What a pointer has led to so far.
enum Way {
    /// A place.
    One(TokenStream),
    /// An iterator over references.
    Each(TokenStream),
    /// One that is still to be asked for a member of each.
    Of(TokenStream, Ident),
}

impl Way {
    /// `absent`: how many times it may be missing, as a member and as `null`.
    fn member(self, field: &Ident, absent: usize) -> Self {
        let flat = std::iter::repeat_n(quote!(.flatten()), absent.saturating_sub(1));
        match self.settled() {
            Way::One(place) if absent == 0 => Way::One(quote!(#place.#field)),
            Way::One(place) => Way::Each(quote!(#place.#field.iter()#(#flat)*)),
            Way::Each(all) | Way::Of(all, _) if absent == 0 => Way::Of(all, field.clone()),
            Way::Each(all) | Way::Of(all, _) => {
                Way::Each(quote!(#all.flat_map(|of| &of.#field)#(#flat)*))
            }
        }
    }

    fn each(self, nullable: bool) -> Self {
        let flat = nullable.then(|| quote!(.flatten()));
        Way::Each(match self {
            Way::One(place) => quote!(#place.iter()#flat),
            Way::Each(all) => quote!(#all.flatten()#flat),
            Way::Of(all, field) => quote!(#all.flat_map(|of| &of.#field)#flat),
        })
    }

    fn settled(self) -> Self {
        match self {
            Way::Of(all, field) => Way::Each(quote!(#all.map(|of| &of.#field))),
            other => other,
        }
    }

    fn ids(self) -> TokenStream {
        match self.settled() {
            Way::One(place) => quote!(#place.id()),
            Way::Each(all) | Way::Of(all, _) => quote!(#all.map(|sent| sent.id())),
        }
    }
}

/// What names a proof for people: many have an `s` behind them.
pub(super) fn field(names: &ResourceNames, kind: OwnKind, ids: &[BodyId]) -> String {
    let count = kind.in_body().and_then(|at| ids.get(at)).map(|id| id.count);
    let name = names.field.to_string();
    let name = name.trim_start_matches("r#");
    match (kind, count) {
        (OwnKind::List, _) => format!("visible_{name}"),
        (_, Some(Count::Many)) => format!("{name}s"),
        _ => name.to_owned(),
    }
}
