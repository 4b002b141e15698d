//! Who may call an operation at all.

use super::change::Subject;
use super::operations::Pair;
use super::roles::{self, Names};
use super::{Both, Verdict, service};
use crate::plan::{Access, Need, Plan, Role, Scheme};

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
    let mut found = add(ANYONE, is_public(old), is_public(new));
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
        let (more, less) = (
            !roles::implies(after, before),
            !roles::implies(before, after),
        );
        add(SEVERAL, less && !more, more);
    }
    if let (Access::Caller(old), Access::Caller(new)) = (old, new) {
        credentials(both, old, new, subject);
    }
}

fn is_public(access: &Access) -> bool {
    matches!(access, Access::Public { .. })
}

/// The roles a caller needs; `None`: nobody passes. A public operation needs none.
fn requirement<'p>(declared: &'p [Role], access: &Access) -> Option<Vec<Names<'p>>> {
    match access {
        Access::Denied { .. } => None,
        Access::Public { .. } => Some(Vec::new()),
        Access::Caller(need) => Some(roles::all_of(declared, &need.roles)),
    }
}

fn passes(requirement: &Option<Vec<Names>>, role: Option<&str>) -> bool {
    requirement
        .as_ref()
        .is_some_and(|requirement| roles::met(requirement, role))
}

/// Scopes, of which fewer let more pass, and whose tokens are good.
fn credentials(both: &Both, old: &Need, new: &Need, subject: &mut Subject) {
    for scope in old
        .scopes
        .iter()
        .filter(|scope| !new.scopes.contains(scope))
    {
        let what = format!("scope {scope}");
        subject.add(Some(Verdict::Widened), what, Some(scope.clone()), None);
    }
    for scope in new
        .scopes
        .iter()
        .filter(|scope| !old.scopes.contains(scope))
    {
        let what = format!("scope {scope}");
        subject.add(Some(Verdict::Narrowed), what, None, Some(scope.clone()));
    }
    let scheme = |plan: &'_ Plan, need: &Need| plan.schemes.get(need.scheme).cloned();
    let (Some(was), Some(is)) = (scheme(both.old, old), scheme(both.new, new)) else {
        return;
    };
    // Under one name the differences have been told, once for all operations.
    if was.name != is.name && !alike(&was, &is) {
        subject.add(
            Some(Verdict::Widened),
            "scheme",
            Some(issued(&was)),
            Some(issued(&is)),
        );
    }
}

/// Whether two schemes of different names take the same tokens.
fn alike(old: &Scheme, new: &Scheme) -> bool {
    let mut changes = super::Changes::default();
    let mut subject = Subject {
        changes: &mut changes,
        operation: None,
        places: Vec::new(),
    };
    service::scheme(old, new, &mut subject);
    changes.list.is_empty()
}

fn issued(scheme: &Scheme) -> String {
    format!("{} of {}", scheme.name, service::setting(&scheme.issuer))
}

/// As people say it.
pub(super) fn words(declared: &[Role], access: &Access) -> String {
    match access {
        Access::Denied { .. } => "denied".to_owned(),
        Access::Public { .. } => "public".to_owned(),
        Access::Caller(need) if need.roles.is_empty() => "authenticated".to_owned(),
        Access::Caller(need) => roles::words(declared, &need.roles),
    }
}
