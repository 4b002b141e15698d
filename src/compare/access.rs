//! Who may call an operation at all.

use super::change::Subject;
use super::operations::Pair;
use super::roles::{self, Names};
use super::{Both, Verdict, credentials, decisions};
use crate::plan::{Access, Role};

/// Whoever sends no credential.
const ANYONE: &str = "anyone, without a credential";
/// A caller whose token names no role.
const CALLER: &str = "a caller without a role";
/// Where no role alone shows it.
const SEVERAL: &str = "a caller with several roles";

pub(super) fn compare(both: &Both, pair: &Pair, subject: &mut Subject) {
    let (old, new) = (&pair.old.access, &pair.new.access);
    let shown = (
        Some(words(&both.old.roles, old)),
        Some(words(&both.new.roles, new)),
    );
    let mut add = |principal: &str, before: bool, after: bool| {
        let verdict = Verdict::of(after && !before, before && !after);
        let found = verdict.is_some();
        let (old, new) = shown.clone();
        subject.add_for(Some(principal), verdict, "access", old, new);
        found
    };
    let mut found = add(ANYONE, is_open(old), is_open(new));
    let (before, after) = (
        requirement(&both.old.roles, old),
        requirement(&both.new.roles, new),
    );
    found |= add(CALLER, passes(&before, None), passes(&after, None));
    for role in &both.roles.names {
        // What whoever has no role may do, this one may as well, and it has been said.
        let (was, is) = (passes(&before, Some(role)), passes(&after, Some(role)));
        let plain = (passes(&before, None), passes(&after, None));
        if (was, is) != plain {
            found |= add(role, was, is);
        }
    }
    if !found && let (Some(before), Some(after)) = (&before, &after) {
        let (more, less) = (!implies(after, before), !implies(before, after));
        add(SEVERAL, less && !more, more);
    }
    let seen = |principal: &str| (Some(principal.to_owned()), shown.clone());
    match (old, new) {
        // Whoever presents something is somebody there, with the roles they hold.
        (Access::Public { .. }, Access::Optional(_)) => {
            told(seen(CALLER), Verdict::Widened, subject);
        }
        (Access::Optional(_), Access::Public { .. }) => {
            told(seen(CALLER), Verdict::Narrowed, subject);
        }
        _ => {}
    }
    if let (Some(old), Some(new)) = (old.need(), new.need()) {
        credentials::compare(both, old, new, subject);
        decisions::of_access(old, new, subject);
    }
}

type Seen = (Option<String>, (Option<String>, Option<String>));

fn told((principal, (old, new)): Seen, verdict: Verdict, subject: &mut Subject) {
    subject.add_for(principal.as_deref(), Some(verdict), "access", old, new);
}

/// Whether who presents nothing is let in.
fn is_open(access: &Access) -> bool {
    matches!(access, Access::Public { .. } | Access::Optional(_))
}

/// The roles a caller needs, by alternative; `None`: nobody passes. Where anyone is let in, none are needed.
fn requirement<'p>(declared: &'p [Role], access: &Access) -> Option<Vec<Vec<Names<'p>>>> {
    match access {
        Access::Denied { .. } => None,
        Access::Public { .. } | Access::Optional(_) => Some(vec![Vec::new()]),
        Access::Caller(need) => {
            let demands = need.demands();
            Some(
                demands
                    .map(|demand| roles::all_of(declared, &demand.roles))
                    .collect(),
            )
        }
    }
}

fn passes(requirement: &Option<Vec<Vec<Names>>>, role: Option<&str>) -> bool {
    requirement
        .as_ref()
        .is_some_and(|any| any.iter().any(|all| roles::met(all, role)))
}

/// Whether whoever meets one of `strict` meets one of `loose`.
fn implies(strict: &[Vec<Names>], loose: &[Vec<Names>]) -> bool {
    strict
        .iter()
        .all(|strict| loose.iter().any(|loose| roles::implies(strict, loose)))
}

/// As people say it.
pub(super) fn words(declared: &[Role], access: &Access) -> String {
    match access {
        Access::Denied { .. } => "denied".to_owned(),
        Access::Public { .. } => "public".to_owned(),
        Access::Optional(_) => "optional".to_owned(),
        Access::Caller(need) => {
            let mut ways: Vec<String> = Vec::new();
            for demand in need.demands() {
                let way = match demand.roles.as_slice() {
                    [] => "authenticated".to_owned(),
                    sets => roles::words(declared, sets),
                };
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
            ways.join(", or ")
        }
    }
}
