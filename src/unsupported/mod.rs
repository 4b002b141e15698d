//! `--deny-unsupported`: a plan of a document that holds constructs which cannot be enforced (ruling 84).
//!
//! The stages are run. When everything they find is a named gap, the operations that each gap concerns ([`reach`]) are
//! replaced in the tree by operations that are denied to everyone ([`rewrite`]), and the stages are run again, until they
//! find nothing. So every operation that remains is planned by the stages as always, from nodes that nobody touched.
//! What concerns the whole service, what is wrong in any other way, and what would not go away, stops.

mod ledger;
mod reach;
mod rewrite;
mod sites;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::{Document, Place, Sources};
use crate::plan::Plan;
use crate::{openapi, plan, policy};
use ledger::Ledger;

/// Every round denies or removes something; what one round hides from the next is a few layers deep.
const ROUNDS: usize = 64;

/// A plan without what cannot be enforced, and what that took.
#[derive(Debug)]
pub struct Narrowed {
    pub plan: Plan,
    /// In document order.
    pub operations: Vec<Affected>,
    /// What is not part of the service and was not read.
    pub left_out: Vec<Cause>,
}

/// An operation that could not be kept as it was declared.
#[derive(Debug)]
pub struct Affected {
    pub id: Option<String>,
    /// In upper case.
    pub method: String,
    pub path: String,
    pub place: Place,
    pub fate: Fate,
    /// At least one, by place.
    pub causes: Vec<Cause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// 403 for everyone.
    Denied,
    /// Its method cannot be routed: 405 for everyone.
    NoMethod,
    /// Its path cannot be routed: 404 for everyone.
    NoPath,
}

/// A construct and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    pub place: Place,
    pub code: Code,
    pub construct: &'static str,
}

/// Plans `document`. Without gaps this is what the stages give.
///
/// # Errors
/// What stands in the way: anything that is no gap, and gaps that concern the whole service. Empty only when a stage gave
/// up without saying why.
pub fn plan(document: &Document, name: &str) -> Result<Narrowed, Diagnostics> {
    let mut tree = Document {
        root: document.root.clone(),
        sources: Sources::default(),
    };
    let mut ledger = Ledger::default();
    for _ in 0..ROUNDS {
        let mut diagnostics = Diagnostics::default();
        let planned = stages(&tree, name, &mut diagnostics);
        if diagnostics.is_empty() {
            let plan = planned.ok_or(diagnostics)?;
            return Ok(ledger.close(plan, &document.root));
        }
        let Some(gaps) = gaps(&diagnostics) else {
            return Err(only(&diagnostics, |one| construct(one.code).is_none()));
        };
        match ledger.edits(&tree.root, &gaps) {
            Ok(edits) if edits.apply(&mut tree.root) => {}
            Ok(_) => return Err(diagnostics),
            Err(stuck) => return Err(only(&diagnostics, |one| stuck.contains(&one.place))),
        }
    }
    // Not reached by any document that is known; what is left is told.
    let mut diagnostics = Diagnostics::default();
    let _ = stages(&tree, name, &mut diagnostics);
    Err(diagnostics)
}

fn stages(document: &Document, name: &str, diagnostics: &mut Diagnostics) -> Option<Plan> {
    let api = openapi::read(document, diagnostics)?;
    let policy = policy::read(&api, diagnostics)?;
    plan::build(&api, &policy, name, diagnostics)
}

/// What stands in the way; the rest would be denied.
fn only(diagnostics: &Diagnostics, keep: impl Fn(&Diagnostic) -> bool) -> Diagnostics {
    let mut kept = Diagnostics::default();
    for one in diagnostics.iter().filter(|one| keep(one)) {
        kept.push(one.clone());
    }
    kept
}

/// All of them, when nothing else was found.
fn gaps(diagnostics: &Diagnostics) -> Option<Vec<(Cause, &Diagnostic)>> {
    diagnostics
        .iter()
        .map(|one| {
            let construct = construct(one.code)?;
            let (place, code) = (one.place, one.code);
            let cause = Cause {
                place,
                code,
                construct,
            };
            Some((cause, one))
        })
        .collect()
}

/// The name of a gap.
fn construct(code: Code) -> Option<&'static str> {
    let openapi = openapi::gaps::ALL.iter().find(|gap| gap.code == code);
    let policy = policy::gaps::GAPS.iter().find(|gap| gap.code == code);
    openapi
        .map(|gap| gap.name)
        .or(policy.map(|gap| gap.construct))
}

impl Cause {
    /// The construct as a person reads it: a keyword is quoted.
    pub fn what(&self) -> String {
        match self.construct.contains([' ', '`']) {
            true => self.construct.to_owned(),
            false => format!("`{}`", self.construct),
        }
    }
}

impl Affected {
    /// For people: what it uses.
    pub fn why(&self) -> String {
        let mut constructs: Vec<String> = Vec::new();
        for what in self.causes.iter().map(Cause::what) {
            if !constructs.contains(&what) {
                constructs.push(what);
            }
        }
        let first = constructs.first().map_or("a construct", String::as_str);
        match constructs.len().saturating_sub(1) {
            0 => format!("it uses {first}, which palisade cannot enforce"),
            more => format!("it uses {first} and {more} more that palisade cannot enforce"),
        }
    }
}
