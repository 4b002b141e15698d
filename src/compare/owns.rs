//! Whose objects an operation works on.

use super::change::Subject;
use super::operations::Pair;
use super::{Both, Verdict, decisions};
use crate::plan::{IdAt, OnDenied, Operation, OwnKind, Plan, Resource};

/// How much is proved: the more, the less is open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    /// The object exists, within the caller's tenant.
    Exists,
    /// A policy says yes over the object.
    Policy,
    /// It is the caller's; of a list, every row is.
    Owner,
}

/// Of one resource, and whether roles of `bypass` are let past it: a policy over an object says itself who is.
type Of<'p> = (&'p Resource, Proof, bool);

pub(super) fn compare(both: &Both, pair: &Pair, subject: &mut Subject) {
    let (old, new) = (proofs(both.old, pair.old), proofs(both.new, pair.new));
    for (resource, is, bypassed) in &new {
        let what = format!("owns {}", resource.name);
        let was = old.iter().find(|(known, ..)| known.name == resource.name);
        let Some((known, was, _)) = was else {
            subject.add(
                Some(Verdict::Narrowed),
                what,
                None,
                Some(words(*is).to_owned()),
            );
            continue;
        };
        // A policy may admit what the owner does not, and the other way.
        let apart = is != was && *is != Proof::Exists && *was != Proof::Exists;
        let verdict = Verdict::of(is < was || apart, is > was);
        let shown = (Some(words(*was).to_owned()), Some(words(*is).to_owned()));
        subject.add(verdict, what, shown.0, shown.1);
        resources(both, known, resource, *bypassed, subject);
        ids(pair, both, known, resource, subject);
        if (*was, *is) == (Proof::Policy, Proof::Policy) {
            let text = |operation: &Operation, plan: &Plan| {
                let mut owns = operation.owns.iter().filter(|owns| {
                    let of = plan.resources.get(owns.resource);
                    of.is_some_and(|of| of.name == resource.name)
                });
                owns.find_map(|owns| Some(owns.decision.as_ref()?.text.trim().to_owned()))
            };
            let (was, is) = (text(pair.old, both.old), text(pair.new, both.new));
            let what = format!("owns {} policy", resource.name);
            decisions::compare(&what, was.as_deref(), is.as_deref(), subject);
        }
    }
    for (resource, was, _) in &old {
        if !new.iter().any(|(other, ..)| other.name == resource.name) {
            let what = format!("owns {}", resource.name);
            let was = Some(words(*was).to_owned());
            subject.add(Some(Verdict::Widened), what, was, None);
        }
    }
}

/// By which id an object is proved: another one is another object, and nobody can say which is more.
fn ids(pair: &Pair, both: &Both, old: &Resource, new: &Resource, subject: &mut Subject) {
    let of = |operation: &Operation, plan: &Plan, resource: &Resource| {
        let mut owns = operation.owns.iter().filter(|owns| {
            let of = plan.resources.get(owns.resource);
            of.is_some_and(|of| of.name == resource.name)
        });
        owns.find_map(|owns| Some(place(operation, owns.kind.one()?.0, resource)))
    };
    let was = of(pair.old, both.old, old);
    let is = of(pair.new, both.new, new);
    if let (Some(was), Some(is)) = (was, is)
        && was != is
    {
        let what = format!("owns {} id", new.name);
        subject.add(Some(Verdict::Widened), what, Some(was), Some(is));
    }
}

/// What the resource's own parameter is called changes nothing.
fn place(operation: &Operation, at: IdAt, resource: &Resource) -> String {
    match at {
        IdAt::Param(param) => {
            let param = operation.params.get(param).map(|param| &param.name);
            match param.filter(|name| **name != resource.param) {
                Some(name) => name.clone(),
                None => "its parameter".to_owned(),
            }
        }
        IdAt::Body(number) => {
            let tokens = operation.ids.get(number).map(|id| id.tokens.join("/"));
            format!("body./{}", tokens.unwrap_or_default())
        }
        IdAt::Part(_) => "named by its part".to_owned(),
    }
}

fn proofs<'p>(plan: &'p Plan, operation: &Operation) -> Vec<Of<'p>> {
    operation
        .owns
        .iter()
        .filter_map(|owns| {
            let (proof, bypassed) = match owns.kind {
                OwnKind::List if owns.decision.is_some() => (Proof::Policy, true),
                OwnKind::Owner { .. } | OwnKind::List => (Proof::Owner, true),
                OwnKind::Policy { .. } => (Proof::Policy, false),
                OwnKind::Any { .. } => (Proof::Exists, false),
            };
            Some((plan.resources.get(owns.resource)?, proof, bypassed))
        })
        .collect()
}

/// What the kind of object says, told where it matters.
fn resources(both: &Both, old: &Resource, new: &Resource, bypassed: bool, subject: &mut Subject) {
    let what = |part: &str| format!("owns {} {part}", new.name);
    subject.switch(&what("across tenants"), !old.tenant, !new.tenant);
    let part = |plan: &Plan, resource: &Resource| {
        let parent = resource
            .parent
            .and_then(|parent| plan.resources.get(parent));
        parent.map(|parent| parent.name.clone())
    };
    let (was, is) = (part(both.old, old), part(both.new, new));
    if was != is {
        // A part of nothing is open to its owner alone; of something else, to whoever has that.
        let verdict = match was {
            None => Verdict::Narrowed,
            Some(_) => Verdict::Widened,
        };
        subject.add(Some(verdict), what("part of"), was, is);
    }
    let hidden = |resource: &Resource| resource.on_denied == OnDenied::NotFound;
    subject.switch(
        &what("tells that an object exists"),
        !hidden(old),
        !hidden(new),
    );
    if bypassed {
        let (was, is) = both.sets(old.bypass, new.bypass);
        let owned = |names: super::roles::Names| names.into_iter().map(str::to_owned).collect();
        let (was, is): (Vec<String>, Vec<String>) = (owned(was), owned(is));
        subject.names(&what("bypassed by"), &was, &is);
    }
}

fn words(proof: Proof) -> &'static str {
    match proof {
        Proof::Owner => "the caller's own",
        Proof::Policy => "what a policy admits",
        Proof::Exists => "anybody's",
    }
}
