//! The parts of a request: proofs, body and parameters, each with its field of `Call`, its local and its row of the policy.

use super::{Decoded, Emitter, Proof, mode_name, proving};
use crate::cel::Key;
use crate::emit::rust::context::{Context, ResourceNames, Side};
use crate::emit::rust::names::{Scope, ident, snake};
use crate::emit::rust::types;
use crate::plan::{
    Access, Count, Default, IdAt, In, Operation, OwnKind, Param, Segment, ValueKind,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The fields of `Call` that hold what is owned, in the order of the document.
pub fn proof_fields(cx: &Context, operation: &Operation) -> Vec<Ident> {
    let mut scope = Scope::default();
    if matches!(operation.access, Access::Caller(_)) {
        scope.claim("caller".into());
    }
    claimed(cx, operation, &mut scope)
}

fn claimed(cx: &Context, operation: &Operation, scope: &mut Scope) -> Vec<Ident> {
    let owns = operation.owns.iter();
    owns.filter_map(|owns| Some((owns.kind, cx.resources.get(owns.resource)?)))
        .map(|(kind, names)| ident(&scope.claim(proving::field(names, kind, &operation.ids))))
        .collect()
}

impl<'a> Emitter<'a> {
    /// Fields for what is owned; the proof itself is made in `serve`.
    pub(super) fn proofs(&mut self) -> Vec<Proof<'a>> {
        let mut proofs = Vec::new();
        let fields = claimed(self.cx, self.operation, &mut self.field_names);
        let owns = self.operation.owns.iter();
        let owns = owns.filter_map(|owns| Some((owns, self.cx.resources.get(owns.resource)?)));
        for ((owns, names), field) in owns.zip(fields) {
            let marker = &names.marker;
            let kind = match owns.kind {
                OwnKind::List if owns.decision.is_some() => quote!(VisibleBy<access::#marker>),
                OwnKind::List => quote!(Visible<access::#marker>),
                OwnKind::Owner { id, mode }
                | OwnKind::Policy { id, mode }
                | OwnKind::Any { id, mode } => {
                    let mode = mode_name(mode);
                    let one = quote!(Owned<access::#marker, #mode>);
                    match self.count(id) {
                        Count::One => one,
                        Count::Optional => quote!(Option<#one>),
                        Count::Many => quote!(Vec<#one>),
                    }
                }
            };
            let local = ident(&self.locals.claim(field.to_string()));
            self.fields.push((field.clone(), kind, quote!(#local)));
            proofs.push((local, names, owns.kind));
        }
        proofs
    }

    /// How many objects one ownership proves.
    pub(super) fn count(&self, id: IdAt) -> Count {
        self.operation.count(id)
    }

    /// The body, when there is one.
    pub(super) fn body(&mut self) {
        let Some(body) = &self.operation.body else {
            return;
        };
        let field = ident(&self.field_names.claim("body".into()));
        let local = ident(&self.locals.claim("body".into()));
        let kind = self.cx.value_type(&body.value, false, Side::Request);
        self.body_schema = Some(self.rules.schema(self.cx, "body", &body.value));
        let (declared, expression) = match body.required {
            true => (kind.clone(), quote!(given.body::<#kind>())),
            false => (
                quote!(Option<#kind>),
                quote!(given.optional_body::<#kind>()),
            ),
        };
        self.fields.push((field, declared, quote!(#local)));
        self.body_local = Some(local.clone());
        self.decoded.push(Decoded { local, expression });
    }

    /// Declares every parameter; gives the local of each id that a proof is made from, by parameter.
    pub(super) fn parameters(&mut self, swallowed: &[usize]) -> Vec<(usize, Ident)> {
        let mut ids = Vec::new();
        // Parameters of the path as the path has them: the shield hands its segments over in that order.
        let in_path = self
            .operation
            .segments
            .iter()
            .filter_map(|segment| match segment {
                Segment::Param(index) => Some(*index),
                Segment::Literal(_) => None,
            });
        let elsewhere = self.operation.params.iter().enumerate();
        let elsewhere = elsewhere
            .filter(|(_, param)| param.location != In::Path)
            .map(|(index, _)| index);
        // What is part of another is looked at before it is a proof.
        let has_parts = self.operation.owns.iter().any(|own| own.parent.is_some());
        for index in in_path.chain(elsewhere) {
            let Some(param) = self.operation.params.get(index) else {
                continue;
            };
            let resource = self.resource_of(index, param);
            let (location, at) = match param.location {
                In::Path => (0, quote!(At::Path)),
                In::Query => (1, quote!(At::Query)),
                In::Header => (2, quote!(At::Header)),
            };
            let schema = match resource {
                Some(names) => {
                    let id = &names.id;
                    quote!(access::#id::SCHEMA)
                }
                None => self.rules.schema(self.cx, &param.name, &param.value),
            };
            let Some(rows) = self.rows.get_mut(location) else {
                continue;
            };
            let position = Literal::usize_unsuffixed(rows.len());
            let (name, required) = (&param.name, param.required);
            let listed = matches!(param.value, ValueKind::List(_));
            // Elsewhere there is no other way.
            let separated = (listed && param.separated && param.location == In::Query)
                .then(|| quote!(.separated()));
            rows.push(quote!(Field::new(#name, #required, #schema) #separated));
            let wanted = snake(&param.name);
            let local = ident(&self.locals.claim(wanted.clone()));
            let kind = match resource {
                Some(names) => {
                    let id = &names.id;
                    quote!(access::#id)
                }
                None => self.cx.value_type(&param.value, false, Side::Request),
            };
            // A policy calls its methods before a field says what it is.
            let said = (self.is_decided_by(index) || has_parts).then(|| quote!(::<#kind>));
            let (expression, optional) = match (&param.default, param.required) {
                (_, true) => (quote!(given.required #said(#at(#position))), false),
                // It has no literal in Rust that keeps all of its digits.
                (Some(Default::Number(value)), false) => {
                    let value = value.to_string();
                    (
                        quote!(given.or_written #said(#at(#position), #value)),
                        false,
                    )
                }
                (Some(default), false) => {
                    let value = self.default(param, default);
                    (quote!(given.or #said(#at(#position), #value)), false)
                }
                (None, false) => (quote!(given.optional #said(#at(#position))), true),
            };
            self.decoded.push(Decoded {
                local: local.clone(),
                expression,
            });
            self.given.push((index, local.clone()));
            if swallowed.contains(&index) {
                ids.push((index, local));
                continue;
            }
            let kind = match optional {
                true => quote!(Option<#kind>),
                false => kind,
            };
            let field = ident(&self.field_names.claim(wanted));
            self.fields.push((field, kind, quote!(#local)));
        }
        ids
    }

    /// Whether a policy of the operation reads the parameter.
    fn is_decided_by(&self, param: usize) -> bool {
        let owned = self.operation.owns.iter();
        let owned = owned.filter_map(|owns| owns.decision.as_ref());
        let mut all = owned.chain(&self.operation.decision);
        all.any(|decision| decision.expr.reads(|key| key == Key::Param(param)))
    }

    /// A parameter that a resource is identified by, or that `owns` takes an id from, has that resource's id type.
    pub(super) fn resource_of(&self, index: usize, param: &Param) -> Option<&'a ResourceNames> {
        let mut owns = self.operation.owns.iter();
        let owned = owns.find(|owns| owns.kind.param() == Some(index));
        let mut resources = self.cx.plan.resources.iter();
        let position = match owned {
            Some(owns) => owns.resource,
            None => resources.position(|resource| resource.param == param.name)?,
        };
        (param.location != In::Header)
            .then(|| self.cx.resources.get(position))
            .flatten()
    }

    fn default(&self, param: &Param, default: &Default) -> TokenStream {
        match (default, &param.value) {
            (Default::Boolean(value), _) => quote!(#value),
            (Default::Integer(value), _) => {
                let value = Literal::i64_unsuffixed(*value);
                quote!(#value)
            }
            // Written as the parameter would be.
            (Default::Number(_), _) => TokenStream::new(),
            (Default::Text(value), ValueKind::Named(id)) => {
                let path = self.cx.type_path(*id, Side::Request);
                let variant = types::variant(self.cx, *id, value);
                quote!(#path::#variant)
            }
            (Default::Text(value), _) => quote!(#value.to_owned()),
        }
    }
}
