//! Whom policies admit: claims, roles and facts for which they say yes, found by trying what they compare with; and those
//! for which they say no, or neither.

use super::callers::{main, put};
use super::case::{Expect, Field, Sent, Token};
use super::evaluate::{Around, Facts, Undecided, Value, Wanted, decided, value_of};
use super::scene::{CALLER, SOMEONE_ELSE, Scene, TENANT};
use super::stage::Stage;
use crate::cel::{Expr, Key, Kind};
use crate::plan::{
    Attribute, AttributeKind, Decision, Means, OnDenied, Operation, OwnKind, Param, Scheme,
    ValueKind,
};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many callers are looked at for one operation.
const TRIES: usize = 20_000;

/// The moment in which expressions are looked at, and a later one: what depends on the day has no witness.
const MOMENTS: [i128; 2] = [1_767_225_600_000_000_000, 4_070_908_800_000_000_000];

/// Further than any attack lets time pass: a day and a half, and more than a year.
const FAR: [i128; 4] = [
    129_600_000_000_000,
    -129_600_000_000_000,
    34_560_000_000_000_000,
    -34_560_000_000_000_000,
];

/// The caller whom the policies of an operation admit.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    pub claims: Vec<Option<Value>>,
    /// Besides those that `access` asks for.
    pub roles: Vec<usize>,
}

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

/// Where a decision is asked, in the order of the guard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Before,
    Object(usize),
    After,
}

fn asked(operation: &Operation) -> Vec<(Asked, &Decision)> {
    let access = operation.decision.as_deref();
    let loads = operation.owns.iter().any(|owns| owns.kind != OwnKind::List);
    let reads =
        |decision: &Decision| loads && decision.expr.stands_on(crate::cel::Object::Resource);
    let before = access.filter(|decision| !reads(decision));
    let after = access.filter(|decision| reads(decision));
    let objects = operation.owns.iter().enumerate();
    let objects = objects
        .filter_map(|(number, owns)| Some((Asked::Object(number), owns.decision.as_deref()?)));
    let before = before.map(|decision| (Asked::Before, decision));
    let after = after.map(|decision| (Asked::After, decision));
    before.into_iter().chain(objects).chain(after).collect()
}

/// Something of a caller or an object that can be one thing or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    Claim(usize),
    Role(usize),
    /// Of a resource.
    Fact(usize, usize),
}

impl<'a> Scene<'a> {
    /// Finds callers, and facts, for all operations in order: facts of one operation are those of the next.
    pub fn find_witnesses(&mut self) {
        self.attributes = self
            .plan
            .resources
            .iter()
            .map(|resource| vec![None; resource.attributes.len()])
            .collect();
        let mut fixed: Vec<Variable> = Vec::new();
        for operation in &self.plan.operations {
            let decisions = asked(operation);
            if decisions.is_empty() {
                continue;
            }
            let witness = self
                .outline(operation)
                .ok()
                .and_then(|outline| self.witness(operation, &outline, &mut fixed));
            self.witnesses.insert(operation.id.clone(), witness);
        }
    }

    fn witness(
        &mut self,
        operation: &'a Operation,
        outline: &Outline,
        fixed: &mut Vec<Variable>,
    ) -> Option<Witness> {
        let decisions = asked(operation);
        let mut variables = self.variables(operation, &decisions);
        variables.retain(|variable| !fixed.contains(variable));
        let around = self.around(operation, outline, Which::Own);
        let found = self.search(&variables, &decisions, around, operation, &|answers| {
            answers.iter().all(|answer| *answer == Ok(true))
        })?;
        for variable in &variables {
            if let Variable::Fact(resource, at) = variable {
                let number = operation
                    .owns
                    .iter()
                    .position(|owns| owns.resource == *resource)?;
                let value = found
                    .facts
                    .get(&number)?
                    .attributes
                    .get(*at)
                    .cloned()
                    .flatten();
                if let Some(slot) = self
                    .attributes
                    .get_mut(*resource)
                    .and_then(|attributes| attributes.get_mut(*at))
                {
                    *slot = value;
                }
                fixed.push(*variable);
            }
        }
        let roles = variables.iter().filter_map(|variable| match variable {
            Variable::Role(role) => Some(*role),
            _ => None,
        });
        let base = self.holds(&outline.roles);
        let roles: Vec<usize> = roles
            .filter(|role| found.roles >> role & 1 == 1 && base >> role & 1 == 0)
            .collect();
        Some(Witness {
            claims: found.claims,
            roles,
        })
    }

    /// What the decisions read and an attack can choose.
    fn variables(
        &self,
        operation: &'a Operation,
        decisions: &[(Asked, &Decision)],
    ) -> Vec<Variable> {
        let mut found = Vec::new();
        for (asked, decision) in decisions {
            let first = first(operation, *asked);
            decision.expr.walk(&mut |part| {
                let variable = match &part.kind {
                    Kind::Holds(role) => Some(Variable::Role(*role)),
                    Kind::Read(probe) | Kind::Has(probe) => match probe.key {
                        Key::Claim(number) => {
                            self.identity(operation).map(|_| Variable::Claim(number))
                        }
                        Key::Attribute(at) => {
                            let number = match &probe.on.kind {
                                Kind::Read(on) => match on.key {
                                    Key::Facts(number) => number,
                                    _ => first,
                                },
                                _ => first,
                            };
                            let owns = operation.owns.get(number);
                            owns.map(|owns| Variable::Fact(owns.resource, at))
                        }
                        _ => None,
                    },
                    _ => None,
                };
                if let Some(variable) = variable.filter(|each| !found.contains(each)) {
                    found.push(variable);
                }
            });
        }
        found
    }

    /// Every combination of what the variables can be, until one is as it is `wanted`.
    fn search(
        &self,
        variables: &[Variable],
        decisions: &[(Asked, &Decision)],
        mut around: Around,
        operation: &Operation,
        wanted: Wanted<'_>,
    ) -> Option<Around> {
        let values: Vec<Vec<Option<Value>>> = variables
            .iter()
            .map(|variable| self.candidates(*variable, decisions, &around))
            .collect();
        let mut at = vec![0_usize; variables.len()];
        let roles = around.roles;
        for _ in 0..TRIES {
            around.roles = roles;
            for ((variable, values), at) in variables.iter().zip(&values).zip(&at) {
                let value = values.get(*at).cloned().flatten();
                self.set(*variable, value, &mut around, operation);
            }
            if wanted(&self.answers(decisions, &around, operation)) {
                return Some(around);
            }
            // The next combination; none when the first digit has gone round.
            let mut next = at.iter_mut().zip(&values);
            loop {
                let (digit, values) = next.next()?;
                *digit += 1;
                if *digit < values.len() {
                    break;
                }
                *digit = 0;
            }
        }
        None
    }

    fn set(
        &self,
        variable: Variable,
        value: Option<Value>,
        around: &mut Around,
        operation: &Operation,
    ) {
        match variable {
            Variable::Claim(number) => {
                if let Some(slot) = around.claims.get_mut(number) {
                    *slot = value;
                }
            }
            Variable::Role(role) => {
                if value == Some(Value::Bool(true)) {
                    around.roles |= self.holds(&[role]);
                }
            }
            Variable::Fact(resource, at) => {
                let owns = operation.owns.iter().enumerate();
                for (number, _) in owns.filter(|(_, owns)| owns.resource == resource) {
                    let facts = around.facts.get_mut(&number);
                    if let Some(slot) = facts.and_then(|facts| facts.attributes.get_mut(at)) {
                        *slot = value.clone();
                    }
                }
            }
        }
    }

    /// What each decision says, in both moments alike; else it is undecided.
    fn answers(
        &self,
        decisions: &[(Asked, &Decision)],
        around: &Around,
        operation: &Operation,
    ) -> Vec<Result<bool, Undecided>> {
        let mut around = around.clone();
        let [now, later] = MOMENTS;
        decisions
            .iter()
            .map(|(asked, decision)| {
                around.first = first(operation, *asked);
                around.now = now;
                let today = decided(self.plan, &around, &decision.expr);
                if !decision.expr.reads(|key| key == Key::Now) {
                    return today;
                }
                around.now = later;
                for facts in around.facts.values_mut() {
                    shift(facts, later - now);
                }
                let then = decided(self.plan, &around, &decision.expr);
                for facts in around.facts.values_mut() {
                    shift(facts, now - later);
                }
                match today == then {
                    true => today,
                    false => Err(Undecided),
                }
            })
            .collect()
    }

    fn candidates(
        &self,
        variable: Variable,
        decisions: &[(Asked, &Decision)],
        around: &Around,
    ) -> Vec<Option<Value>> {
        let attribute = match variable {
            Variable::Role(_) => {
                return [false, true].map(|held| Some(Value::Bool(held))).into();
            }
            Variable::Claim(number) => self.plan.principal.get(number),
            Variable::Fact(resource, at) => self
                .plan
                .resources
                .get(resource)
                .and_then(|resource| resource.attributes.get(at)),
        };
        let Some(attribute) = attribute else {
            return vec![None];
        };
        let exprs = decisions.iter().map(|(_, decision)| &decision.expr);
        let mut found: Vec<Option<Value>> = values(attribute.kind, exprs, around)
            .into_iter()
            .map(Some)
            .collect();
        // A list that a loader gives is there, empty or not.
        let list =
            attribute.kind == AttributeKind::Strings && matches!(variable, Variable::Fact(..));
        if !attribute.required && !list {
            found.push(None);
        }
        found
    }

    fn around(&self, operation: &'a Operation, outline: &Outline, which: Which) -> Around {
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
            if let (Some(param), Some(facts)) =
                (super::objects::param_of(owns.kind), facts.get(&number))
            {
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
    fn known(&self, resource: usize, which: Which) -> Vec<Option<Value>> {
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

    /// Whether the policies of the operation let this request pass, as far as can be known here.
    pub fn policies_admit(&self, stage: &Stage<'a>, sent: &Sent, which: Which) -> bool {
        let decisions = asked(stage.operation);
        if decisions.is_empty() {
            return true;
        }
        let Some(token) = &sent.token else {
            return false;
        };
        // What was given to the holder of a key is not seen in the request.
        if self.speaker(stage.operation, token).is_none() {
            return false;
        }
        let around = self.around_of(stage, sent, token, which);
        let answers = self.answers(&decisions, &around, stage.operation);
        answers.iter().all(|answer| *answer == Ok(true))
    }

    /// The operation, where its policies read what is sent: then its cases are its own.
    pub fn read_by_policies(&self, stage: &Stage<'_>) -> String {
        let decisions = asked(stage.operation);
        let sent = |key| matches!(key, Key::Body | Key::Param(_));
        match decisions
            .iter()
            .any(|(_, decision)| decision.expr.reads(sent))
        {
            true => stage.operation.id.clone(),
            false => String::new(),
        }
    }

    /// Whether a policy of the operation reads this parameter.
    pub fn policies_read(&self, operation: &Operation, param: usize) -> bool {
        let read = |key| key == Key::Param(param);
        asked(operation)
            .iter()
            .any(|(_, decision)| decision.expr.reads(read))
    }

    fn around_of(&self, stage: &Stage<'a>, sent: &Sent, token: &Token, which: Which) -> Around {
        let outline = Outline {
            values: stage.values.clone(),
            body: stage.body.clone(),
            roles: Vec::new(),
        };
        let mut around = self.around(stage.operation, &outline, which);
        if let Some(super::case::Body::Json(body)) = &sent.request.body {
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
    fn speaker(&self, operation: &'a Operation, token: &Token) -> Option<&'a Scheme> {
        let mut with_token = self.need(operation)?.alternatives.iter().filter(|one| {
            let asks = one.asks.iter();
            asks.into_iter()
                .any(|asks| matches!(asks.means, Means::Token(_)))
        });
        let says = with_token.all(|one| matches!(one.caller(), Some(Means::Token(_))));
        self.plan.schemes.get(token.scheme.filter(|_| says)?)
    }

    /// Roles that the plainest caller has by the schemes of their keys.
    fn by_keys(&self, operation: &'a Operation) -> u64 {
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
        let declared = self.plan.resources.get(resource);
        let declared = declared
            .into_iter()
            .flat_map(|resource| &resource.attributes);
        let values = self.known(resource, which);
        declared
            .zip(values)
            .map(|(attribute, value)| fact(attribute, value.as_ref()))
            .collect()
    }
}

/// What an operation sends without regard to its policies.
pub struct Outline {
    pub values: BTreeMap<usize, String>,
    pub body: Option<Rc<Json>>,
    pub roles: Vec<usize>,
}

fn first(operation: &Operation, asked: Asked) -> usize {
    match asked {
        Asked::Object(number) => number,
        Asked::Before | Asked::After => {
            let mut owns = operation.owns.iter();
            owns.position(|owns| owns.kind != OwnKind::List)
                .unwrap_or(0)
        }
    }
}

fn shift(facts: &mut Facts, by: i128) {
    for value in facts.attributes.iter_mut().flatten() {
        if let Value::Nanos(nanos) = value {
            *nanos += by;
        }
    }
}

/// Values of a kind: those the expressions compare with, their neighbours, and one that is nobody's.
fn values<'e>(
    kind: AttributeKind,
    exprs: impl Iterator<Item = &'e Expr>,
    around: &Around,
) -> Vec<Value> {
    let mut texts = vec!["palisade".to_owned(), CALLER.to_owned()];
    let mut numbers = vec![1_i64, 0];
    for expr in exprs {
        expr.walk(&mut |part| match &part.kind {
            Kind::Text(text) if !text.is_empty() => texts.push(text.clone()),
            Kind::Int(value) => {
                numbers.extend(
                    [Some(*value), value.checked_add(1), value.checked_sub(1)]
                        .into_iter()
                        .flatten(),
                );
            }
            Kind::Matches(_, pattern) => {
                texts.extend(super::witness::sample(&crate::plan::Text {
                    min: 1,
                    max: 64,
                    max_declared: true,
                    pattern: Some(crate::plan::Pattern {
                        source: pattern.clone(),
                        rust: pattern.clone(),
                    }),
                    format: None,
                }));
            }
            _ => {}
        });
    }
    for facts in around.facts.values() {
        texts.push(facts.id.clone());
        let fixed = facts.attributes.iter().flatten();
        texts.extend(fixed.filter_map(|value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }));
    }
    for claim in around.claims.iter().flatten() {
        if let Value::Text(text) = claim {
            texts.push(text.clone());
        }
    }
    texts.dedup();
    let mut found: Vec<Value> = Vec::new();
    let all: Vec<Value> = match kind {
        AttributeKind::String => texts.into_iter().map(Value::Text).collect(),
        AttributeKind::Uuid => {
            let some = (1..3).map(super::witness::uuid);
            let known = texts.into_iter().filter(|text| text.len() == 36);
            known.chain(some).map(Value::Text).collect()
        }
        AttributeKind::Integer => numbers.into_iter().map(Value::Int).collect(),
        AttributeKind::Boolean => [true, false].map(Value::Bool).into(),
        AttributeKind::Time => FAR.map(|far| Value::Nanos(MOMENTS[0] + far)).into(),
        AttributeKind::Strings => {
            let all: Vec<Value> = texts.into_iter().map(Value::Text).collect();
            let each = all.iter().map(|text| Value::List(vec![text.clone()]));
            let mut lists: Vec<Value> = each.collect();
            lists.push(Value::List(all.clone()));
            lists.push(Value::List(Vec::new()));
            lists
        }
    };
    for value in all {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
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

fn json_of(value: &Value) -> Json {
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
        _ => Value::Text(text.to_owned()),
    }
}

fn default(param: &Param) -> Option<Value> {
    Some(match param.default.as_ref()? {
        crate::plan::Default::Boolean(value) => Value::Bool(*value),
        crate::plan::Default::Integer(value) => Value::Int(*value),
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

/// Callers to whom a policy says no, and those of whom it cannot say (P46).
pub fn attack<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    step_up(scene, stage);
    let operation = stage.operation;
    let decisions = asked(operation);
    let Some(token) = stage.token.clone() else {
        return;
    };
    for (index, (place, decision)) in decisions.iter().enumerate() {
        for (answer, kind) in [(Ok(false), "policy"), (Err(Undecided), "policy-undecided")] {
            let name = format!(
                "{}: {}",
                decision.name,
                match answer {
                    Ok(_) => "no",
                    Err(Undecided) => "neither yes nor no",
                }
            );
            match against(scene, stage, &token, index, answer) {
                Some((sent, which)) => {
                    let expect = refused(scene, operation, *place, which, answer);
                    scene.add(kind, name, sent, expect);
                }
                // Most policies decide on everybody, and some cannot be answered otherwise by a caller alone.
                None if answer.is_ok() => {
                    scene.without(kind, name, "no caller was found of whom it says that");
                }
                None => {}
            }
        }
    }
}

/// The plainest request by a caller, or about an object, of whom the decision says `answer` and all before it yes.
fn against<'a>(
    scene: &mut Scene<'a>,
    stage: &Stage<'a>,
    token: &Rc<Token>,
    index: usize,
    answer: Result<bool, Undecided>,
) -> Option<(Sent, Which)> {
    let operation = stage.operation;
    let decisions = asked(operation);
    let wanted = |answers: &[Result<bool, Undecided>]| {
        answers.iter().take(index).all(|each| *each == Ok(true))
            && answers.get(index) == Some(&answer)
    };
    let foreign = operation
        .owns
        .iter()
        .all(|owns| !matches!(owns.kind, OwnKind::Owner { .. }));
    for which in [Which::Own, Which::Other, Which::Contrary, Which::Bare] {
        if which == Which::Other && !foreign {
            continue;
        }
        let Some(request) = about(scene, stage, which) else {
            continue;
        };
        let sent = request.by(Some(token.clone()));
        let mut around = scene.around_of(stage, &sent, token, which);
        let mut variables = scene.variables(operation, &decisions);
        variables.retain(|variable| match variable {
            Variable::Claim(_) | Variable::Role(_) => true,
            Variable::Fact(resource, _) => {
                which == Which::Contrary && matches!(scene.contrary.get(*resource), Some(None))
            }
        });
        // Roles that are asked for anyhow stay.
        let asked_for = scene.choose(&scene.sets(operation), 0)?;
        around.roles = scene.holds(&asked_for) | scene.by_keys(operation);
        let Some(found) = scene.search(&variables, &decisions, around, operation, &wanted) else {
            continue;
        };
        for (number, owns) in operation.owns.iter().enumerate() {
            let facts = found.facts.get(&number);
            let chosen = variables.iter().any(
                |variable| matches!(variable, Variable::Fact(resource, _) if *resource == owns.resource),
            );
            if let (Some(facts), Some(slot), true) =
                (facts, scene.contrary.get_mut(owns.resource), chosen)
            {
                *slot = Some(facts.attributes.clone());
            }
        }
        let mut token = token.clone();
        let scheme = scene.speaker(operation, &token)?;
        let claims = &mut Rc::make_mut(&mut token).claims;
        for (attribute, value) in scene.plan.principal.iter().zip(&found.claims) {
            match value {
                Some(value) => put(claims, &attribute.from, json_of(value)),
                None => super::objects::take(claims, &attribute.from),
            }
        }
        let names: Vec<&str> = scene
            .plan
            .roles
            .iter()
            .enumerate()
            .filter(|(bit, _)| found.roles >> bit & 1 == 1)
            .map(|(_, role)| role.name.as_str())
            .collect();
        put(claims, &scheme.claims.roles, json!(names));
        return Some((
            Sent {
                token: Some(token),
                ..sent
            },
            which,
        ));
    }
    None
}

/// The plainest request about other objects; `None` where there are none.
fn about(scene: &Scene<'_>, stage: &Stage<'_>, which: Which) -> Option<super::case::Request> {
    if which == Which::Own {
        return Some(stage.request());
    }
    let mut values = stage.values.clone();
    let mut changed = false;
    for owns in &stage.operation.owns {
        let planted = scene.planted.get(owns.resource)?.as_ref();
        if let (Some(param), Some(planted)) = (super::objects::param_of(owns.kind), planted) {
            let id = match which {
                Which::Own => Some(&planted.own),
                Which::Other => Some(&planted.other),
                Which::Contrary => planted.contrary.as_ref(),
                Which::Bare => planted.bare.as_ref(),
            };
            values.insert(param, id?.clone());
            changed = true;
        }
    }
    changed.then(|| stage.request_with(scene.plan, &values))
}

fn refused(
    scene: &Scene<'_>,
    operation: &Operation,
    place: Asked,
    which: Which,
    answer: Result<bool, Undecided>,
) -> Expect {
    let denied = |number: usize| {
        let owns = operation.owns.get(number);
        let resource = owns.and_then(|owns| scene.plan.resources.get(owns.resource));
        resource.is_some_and(|resource| resource.on_denied == OnDenied::NotFound)
    };
    let (hidden, event) = match place {
        Asked::Object(number) => (denied(number), "authz.object_denied"),
        Asked::Before => (false, "authz.denied"),
        // Whoever owns them all is told; of others the first.
        Asked::After => (
            which == Which::Other && denied(first(operation, place)),
            "authz.denied",
        ),
    };
    let (event, reason) = match answer {
        Ok(_) => (event, "policy"),
        Err(Undecided) => ("policy.error", "undecided"),
    };
    let expect = match hidden {
        true => scene.refused(404).code("not_found"),
        false => scene.refused(403).code("forbidden"),
    };
    expect
        .event(event, Some(reason))
        .header("www-authenticate", Field::Absent)
}

/// An authentication that is too old, of another class, or of which nothing is said (RFC 9470, ruling 28).
fn step_up<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    let Some(need) = scene.need(stage.operation).filter(|need| need.is_step_up()) else {
        return;
    };
    let Some(token) = stage.token.clone() else {
        return;
    };
    // Only a token can be had anew, so no other scheme is named.
    let mut holds = vec!["Bearer realm=".to_owned()];
    holds.push("error=\"insufficient_user_authentication\"".to_owned());
    holds.extend(need.fresh.map(|seconds| format!("max_age=\"{seconds}\"")));
    if !need.acr.is_empty() {
        holds.push(format!("acr_values=\"{}\"", need.acr.join(" ")));
    }
    let holds: Vec<&str> = holds.iter().map(String::as_str).collect();
    let mut spoilt: Vec<(&str, &str, Option<Json>)> = Vec::new();
    if let Some(seconds) = need.fresh {
        let old = format!("@now-{}", seconds.saturating_add(30));
        spoilt.extend([
            ("no time of authentication", "auth_time", None),
            (
                "an authentication of long ago",
                "auth_time",
                Some(json!(old)),
            ),
            (
                "an authentication in the future",
                "auth_time",
                Some(json!("@now+100000")),
            ),
            (
                "a time that is a text",
                "auth_time",
                Some(json!("yesterday")),
            ),
        ]);
    }
    if !need.acr.is_empty() {
        spoilt.extend([
            ("no class", "acr", None),
            ("another class", "acr", Some(json!("palisade:weak"))),
            ("a list of classes", "acr", Some(json!(need.acr))),
        ]);
    }
    for (name, claim, value) in spoilt {
        let mut token = token.clone();
        let claims = &mut Rc::make_mut(&mut token).claims;
        match value {
            Some(value) => drop(claims.insert(claim.to_owned(), value)),
            None => drop(claims.remove(claim)),
        }
        let expect = scene
            .refused(401)
            .code("insufficient_user_authentication")
            .event("authz.denied", Some("stepUp"))
            .header("www-authenticate", Field::holds(&holds, &[]));
        let sent = stage.request().by(Some(token));
        scene.add("step-up", name, sent, expect);
    }
}
