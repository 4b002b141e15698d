//! Rows over which a policy decides: of the caller and of others, with facts to which it says yes, no, and neither.
//!
//! A handler reports the facts of its rows itself, so that each list has rows of its own.

use super::admitted::{Asked, Variable};
use super::case::Sent;
use super::circumstances::Which;
use super::evaluate::{Facts, Undecided};
use super::scene::{OTHER_TENANT, Scene, TENANT};
use super::stage::Stage;
use crate::plan::{Decision, Operation, OwnKind};

/// What becomes of rows.
pub(super) struct Arriving {
    /// Of each, whether it must arrive, and whether it is the caller's own.
    pub rows: Vec<(bool, bool)>,
    /// Whether the policy cannot decide of one, which an event tells.
    pub undecided: bool,
}

impl<'a> Scene<'a> {
    /// The list of an operation over whose rows a policy decides, with that.
    pub(super) fn judged(&self, operation: &'a Operation) -> Option<(usize, &'a Decision)> {
        let mut owns = operation.owns.iter().enumerate();
        let (number, owns) = owns.find(|(_, owns)| owns.kind == OwnKind::List)?;
        Some((number, owns.decision.as_deref()?))
    }

    /// What its probe answers with; `None` where its rows are up to their owners.
    pub(super) fn judged_rows(&self, operation: &'a Operation) -> Option<Vec<Facts>> {
        let (number, decision) = self.judged(operation)?;
        let owns = operation.owns.get(number)?;
        let resource = self.plan.resources.get(owns.resource)?;
        let outline = self.outline(operation).ok()?;
        // The strongest caller of whom the policy is asked.
        let roles = self.holds(&self.all_without(resource.bypass)) | self.by_keys(operation);
        let around = |which| {
            let mut around = self.around(operation, &outline, which);
            if let Some(Some(witness)) = self.witnesses.get(&operation.id) {
                around.claims.clone_from(&witness.claims);
            }
            around.roles = roles;
            around
        };
        let plain = |which| around(which).facts.remove(&number);
        let mut rows: Vec<Facts> = [Which::Own, Which::Other, Which::Bare]
            .into_iter()
            .filter_map(plain)
            .collect();
        let decisions = [(Asked::Object(number), decision)];
        let mut variables = self.variables(operation, &decisions);
        variables.retain(|variable| matches!(variable, Variable::Fact(..)));
        for (which, answer) in [
            (Which::Other, Ok(true)),
            (Which::Other, Ok(false)),
            (Which::Own, Ok(false)),
            (Which::Own, Err(Undecided)),
        ] {
            let wanted = |answers: &[Result<bool, Undecided>]| answers.first() == Some(&answer);
            let found = self.search(&variables, &decisions, around(which), operation, &wanted);
            let row = found.and_then(|mut found| found.facts.remove(&number));
            rows.extend(row.filter(|row| !rows.contains(row)));
        }
        if resource.tenant {
            let yes = |row: &&Facts| {
                let row = Facts::clone(row);
                self.of_row(operation, number, row, around(Which::Own)) == Some(Ok(true))
            };
            let mut foreign = rows.iter().find(yes).or(rows.first()).cloned()?;
            OTHER_TENANT.clone_into(&mut foreign.tenant);
            rows.push(foreign);
        }
        Some(rows)
    }

    /// What becomes of these rows; `None`: that cannot be known here.
    pub(super) fn arriving(
        &self,
        stage: &Stage<'a>,
        sent: &Sent,
        rows: Vec<Facts>,
    ) -> Option<Arriving> {
        let operation = stage.operation;
        let (number, _) = self.judged(operation)?;
        let resource = self
            .plan
            .resources
            .get(operation.owns.get(number)?.resource)?;
        let token = sent.token.as_ref()?;
        self.speaker(operation, token)?;
        let around = self.around_of(stage, sent, token, Which::Own);
        let all = around.roles & resource.bypass != 0;
        let mut undecided = false;
        let each = |row: Facts| {
            let own = row.owner == around.subject;
            let here = !resource.tenant || row.tenant == TENANT;
            let says = self.of_row(operation, number, row, around.clone())?;
            undecided |= here && !all && says.is_err();
            Some((here && (all || says == Ok(true)), own))
        };
        let rows = rows.into_iter().map(each).collect::<Option<_>>()?;
        Some(Arriving { rows, undecided })
    }
}
