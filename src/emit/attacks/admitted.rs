//! Callers and facts for which policies say what is wanted: found by trying what their expressions compare with.

use super::candidates::values;
use super::case::Sent;
use super::circumstances::{Outline, Which};
use super::evaluate::{Around, Facts, Undecided, Value, Wanted, decided};
use super::scene::Scene;
use super::stage::Stage;
use crate::cel::{Key, Kind};
use crate::plan::{AttributeKind, Decision, Operation, OwnKind};

/// How many callers are looked at for one operation.
const TRIES: usize = 20_000;

/// The moment in which expressions are looked at, and a later one: what depends on the day has no witness.
pub(super) const MOMENTS: [i128; 2] = [1_767_225_600_000_000_000, 4_070_908_800_000_000_000];

/// The caller whom the policies of an operation admit.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    pub claims: Vec<Option<Value>>,
    /// Besides those that `access` asks for.
    pub roles: Vec<usize>,
}

/// Where a decision is asked, in the order of the guard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Before,
    Object(usize),
    After,
}

pub(super) fn asked(operation: &Operation) -> Vec<(Asked, &Decision)> {
    let access = operation.decision.as_deref();
    let loads = operation.owns.iter().any(|owns| owns.kind != OwnKind::List);
    let reads =
        |decision: &Decision| loads && decision.expr.stands_on(crate::cel::Object::Resource);
    let before = access.filter(|decision| !reads(decision));
    let after = access.filter(|decision| reads(decision));
    let objects = operation.owns.iter().enumerate();
    let objects = objects.filter(|(_, owns)| owns.kind != OwnKind::List);
    let objects = objects
        .filter_map(|(number, owns)| Some((Asked::Object(number), owns.decision.as_deref()?)));
    let before = before.map(|decision| (Asked::Before, decision));
    let after = after.map(|decision| (Asked::After, decision));
    before.into_iter().chain(objects).chain(after).collect()
}

/// Something of a caller or an object that can be one thing or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
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
            if asked(operation).is_empty() && self.judged(operation).is_none() {
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
        let asked = asked(operation);
        // Best is a caller with a row of their own, and by the policy: of those who bypass it, it is not asked.
        let mut rows = asked.clone();
        let list = self.judged(operation);
        rows.extend(list.map(|(number, decision)| (Asked::Object(number), decision)));
        let bypass = list.map_or(0, |_| self.bypass(operation));
        let (variables, found) =
            [(rows, bypass), (asked, 0)]
                .into_iter()
                .find_map(|(decisions, bypass)| {
                    let mut variables = self.variables(operation, &decisions);
                    variables.retain(|variable| match variable {
                        Variable::Role(role) => self.holds(&[*role]) & bypass == 0,
                        _ => !fixed.contains(variable),
                    });
                    let around = self.around(operation, outline, Which::Own);
                    let yes = |answers: &[Result<bool, Undecided>]| {
                        answers.iter().all(|answer| *answer == Ok(true))
                    };
                    let found = self.search(&variables, &decisions, around, operation, &yes)?;
                    Some((variables, found))
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
    pub(super) fn variables(
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
    pub(super) fn search(
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

    /// What a decision says of a row; `None`: that depends on the day.
    pub(super) fn of_row(
        &self,
        operation: &Operation,
        number: usize,
        facts: Facts,
        mut around: Around,
    ) -> Option<Result<bool, Undecided>> {
        let decision = operation.owns.get(number)?.decision.as_deref()?;
        around.facts.insert(number, facts);
        around.first = number;
        let [now, later] = MOMENTS;
        around.now = now;
        let today = decided(self.plan, &around, &decision.expr);
        around.now = later;
        for facts in around.facts.values_mut() {
            shift(facts, later - now);
        }
        let then = decided(self.plan, &around, &decision.expr);
        (today == then).then_some(today)
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
}

pub(super) fn first(operation: &Operation, asked: Asked) -> usize {
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
