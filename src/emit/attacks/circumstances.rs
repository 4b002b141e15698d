//! What a policy sees when a request comes: who calls, which objects it is about and what is known of them, what is sent.

use super::admitted::MOMENTS;
use super::callers::main;
use super::case::{Body, Sent, Token};
use super::evaluate::{Around, Facts, Value, value_of};
use super::scene::{CALLER, SOMEONE_ELSE, Scene, TENANT};
use super::stage::Stage;
use crate::plan::{Attribute, AttributeKind, Means, Operation, Param, Scheme, ValueKind};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Which object of each resource the request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Own,
    Other,
    /// The caller's, with facts to which a policy says no.
    Contrary,
    /// The caller's, of which hardly anything is known.
    Bare,
}

/// What an operation sends without regard to its policies.
pub struct Outline {
    pub values: BTreeMap<usize, String>,
    pub body: Option<Rc<Json>>,
    pub roles: Vec<usize>,
}

impl<'a> Scene<'a> {
    pub(super) fn around(
        &self,
        operation: &'a Operation,
        outline: &Outline,
        which: Which,
    ) -> Around {
        let params = operation.params.iter().enumerate().map(|(at, param)| {
            let sent = outline.values.get(&at);
            (
                at,
                sent.map(|text| param_value(param, text)).or(default(param)),
            )
        });
        let facts = operation
            .owns
            .iter()
            .enumerate()
            .filter_map(|(number, owns)| {
                let planted = self.planted.get(owns.resource)?.as_ref()?;
                let (id, owner) = match which {
                    Which::Own => (&planted.own, CALLER),
                    Which::Other => (&planted.other, SOMEONE_ELSE),
                    Which::Contrary => (planted.contrary.as_ref()?, CALLER),
                    Which::Bare => (planted.bare.as_ref()?, CALLER),
                };
                let facts = Facts {
                    id: id.clone(),
                    owner: owner.to_owned(),
                    tenant: TENANT.to_owned(),
                    attributes: self.known(owns.resource, which),
                };
                Some((number, facts))
            });
        let facts: BTreeMap<usize, Facts> = facts.collect();
        let mut params: BTreeMap<usize, Option<Value>> = params.collect();
        for (number, owns) in operation.owns.iter().enumerate() {
            // The request names the object that it is about.
            if let (Some(param), Some(facts)) = (owns.kind.param(), facts.get(&number)) {
                params.insert(param, Some(Value::Text(facts.id.clone())));
            }
        }
        let need = self.need(operation);
        let demand = need.and_then(|need| Some(need.demand(main(need)?)));
        Around {
            subject: CALLER.to_owned(),
            tenant: self.has_tenant().then(|| TENANT.to_owned()),
            roles: self.holds(&outline.roles) | self.by_keys(operation),
            scopes: demand
                .map(|demand| demand.scopes.into_iter().map(str::to_owned).collect())
                .unwrap_or_default(),
            claims: match self.identity(operation) {
                Some(_) => self.plan.principal.iter().map(required_claim).collect(),
                // The holder of a key has no attributes.
                None => vec![None; self.plan.principal.len()],
            },
            facts,
            first: 0,
            method: operation.method.to_owned(),
            params,
            body: outline.body.as_deref().cloned(),
            this: None,
            now: 0,
        }
    }

    /// The facts of a planted object.
    pub(super) fn known(&self, resource: usize, which: Which) -> Vec<Option<Value>> {
        let own = || self.attributes.get(resource).cloned().unwrap_or_default();
        match which {
            Which::Own | Which::Other => own(),
            Which::Contrary => match self.contrary.get(resource) {
                Some(Some(facts)) => facts.clone(),
                _ => own(),
            },
            Which::Bare => {
                let declared = self.plan.resources.get(resource);
                let declared = declared
                    .into_iter()
                    .flat_map(|resource| &resource.attributes);
                let nothing = declared.map(|attribute| {
                    let list = attribute.kind == AttributeKind::Strings;
                    list.then(|| Value::List(Vec::new()))
                });
                nothing.collect()
            }
        }
    }

    pub(super) fn around_of(
        &self,
        stage: &Stage<'a>,
        sent: &Sent,
        token: &Token,
        which: Which,
    ) -> Around {
        let outline = Outline {
            values: stage.values.clone(),
            body: stage.body.clone(),
            roles: Vec::new(),
        };
        let mut around = self.around(stage.operation, &outline, which);
        if let Some(Body::Json(body)) = &sent.request.body {
            around.body = Some(Json::clone(body));
        }
        let Some(scheme) = self.speaker(stage.operation, token) else {
            return around;
        };
        let claims = json!(token.claims);
        let text = |pointer: &str| claims.pointer(pointer).and_then(Json::as_str);
        around.subject = text(&scheme.claims.subject).unwrap_or_default().to_owned();
        around.tenant = text(&scheme.claims.tenant).map(str::to_owned);
        let names = claims
            .pointer(&scheme.claims.roles)
            .and_then(Json::as_array);
        let names: Vec<&str> = names
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let held = self.plan.roles.iter();
        let held = held.filter(|role| names.contains(&role.name.as_str()));
        around.roles = held.fold(self.by_keys(stage.operation), |all, role| all | role.holds);
        around.claims = self
            .plan
            .principal
            .iter()
            .map(|attribute| claims.pointer(&attribute.from).map(value_of))
            .collect();
        around
    }

    /// The scheme by which a token says who calls; `None`: there is none, or a key says it.
    pub(super) fn speaker(&self, operation: &'a Operation, token: &Token) -> Option<&'a Scheme> {
        let mut with_token = self.need(operation)?.alternatives.iter().filter(|one| {
            let asks = one.asks.iter();
            asks.into_iter()
                .any(|asks| matches!(asks.means, Means::Token(_)))
        });
        let says = with_token.all(|one| matches!(one.caller(), Some(Means::Token(_))));
        self.plan.schemes.get(token.scheme.filter(|_| says)?)
    }

    /// Roles that the plainest caller has by the schemes of their keys.
    pub(super) fn by_keys(&self, operation: &'a Operation) -> u64 {
        let main = self.need(operation).and_then(main);
        main.map_or(0, |main| self.given(main))
    }

    /// The claims that the caller of an operation has besides, by pointer.
    pub fn claims_of(&self, operation: &Operation) -> Vec<(&'a str, Json)> {
        let found = self.witnesses.get(&operation.id).and_then(Option::as_ref);
        let plain: Vec<Option<Value>> = self.plan.principal.iter().map(required_claim).collect();
        let claims = found.map_or(&plain, |witness| &witness.claims);
        let attributes = self.plan.principal.iter();
        attributes
            .zip(claims)
            .filter_map(|(attribute, value)| {
                Some((attribute.from.as_str(), json_of(value.as_ref()?)))
            })
            .collect()
    }

    /// Facts of a planted object for the probe's loader.
    pub fn facts(&self, resource: usize, which: Which) -> Vec<proc_macro2::TokenStream> {
        self.told(resource, self.known(resource, which))
    }

    /// The same of any object.
    pub(super) fn told(
        &self,
        resource: usize,
        values: Vec<Option<Value>>,
    ) -> Vec<proc_macro2::TokenStream> {
        let declared = self.plan.resources.get(resource);
        let declared = declared
            .into_iter()
            .flat_map(|resource| &resource.attributes);
        declared
            .zip(values)
            .map(|(attribute, value)| fact(attribute, value.as_ref()))
            .collect()
    }
}

/// What a token must say for any operation.
fn required_claim(attribute: &Attribute) -> Option<Value> {
    attribute.required.then(|| match attribute.kind {
        AttributeKind::Integer => Value::Int(1),
        AttributeKind::Boolean => Value::Bool(true),
        AttributeKind::Uuid => Value::Text(super::witness::uuid(1)),
        AttributeKind::Strings => Value::List(vec![Value::Text("palisade".to_owned())]),
        AttributeKind::String | AttributeKind::Time => Value::Text("palisade".to_owned()),
    })
}

pub(super) fn json_of(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Json(value) => value.clone(),
        Value::Nanos(_) | Value::Null | Value::Whole => Json::Null,
    }
}

fn param_value(param: &Param, text: &str) -> Value {
    match param.value {
        ValueKind::Boolean => Value::Bool(text == "true"),
        ValueKind::Integer(_) => text.parse().map_or(Value::Whole, Value::Int),
        // No expression reads it.
        ValueKind::List(_) | ValueKind::Number(_) => Value::Whole,
        _ => Value::Text(text.to_owned()),
    }
}

fn default(param: &Param) -> Option<Value> {
    Some(match param.default.as_ref()? {
        crate::plan::Default::Boolean(value) => Value::Bool(*value),
        crate::plan::Default::Integer(value) => Value::Int(*value),
        // No expression reads it.
        crate::plan::Default::Number(_) => Value::Whole,
        crate::plan::Default::Text(text) => Value::Text(text.clone()),
    })
}

fn fact(attribute: &Attribute, value: Option<&Value>) -> proc_macro2::TokenStream {
    use quote::quote;
    match (attribute.kind, value) {
        (AttributeKind::Strings, Some(Value::List(items))) => {
            let items = items.iter().filter_map(|item| match item {
                Value::Text(text) => Some(quote!(#text.to_owned())),
                _ => None,
            });
            quote!(vec![#(#items),*])
        }
        (AttributeKind::Strings, _) => quote!(Vec::new()),
        (_, Some(Value::Text(text))) => quote!(Some(#text.to_owned())),
        (_, Some(Value::Int(number))) => {
            let number = proc_macro2::Literal::i64_unsuffixed(*number);
            quote!(Some(#number))
        }
        (_, Some(Value::Bool(value))) => quote!(Some(#value)),
        (_, Some(Value::Nanos(nanos))) => {
            let far = nanos - MOMENTS[0];
            let seconds = u64::try_from(far.unsigned_abs() / 1_000_000_000).unwrap_or_default();
            let seconds = proc_macro2::Literal::u64_unsuffixed(seconds);
            let by = quote!(std::time::Duration::from_secs(#seconds));
            match far < 0 {
                true => quote!(std::time::SystemTime::now().checked_sub(#by)),
                false => quote!(std::time::SystemTime::now().checked_add(#by)),
            }
        }
        _ => quote!(None),
    }
}
