//! By which credentials an operation may be called, and what belongs to them.

use super::change::Subject;
use super::roles;
use super::{Both, Verdict, service};
use crate::plan::{Alternative, Asks, Means, Need, Plan, Scheme};

pub(super) fn compare(both: &Both, old: &Need, new: &Need, subject: &mut Subject) {
    let (was, is) = (Side(both.old, old), Side(both.new, new));
    match (only(old), only(new)) {
        (Some(one), Some(other)) => {
            // Scopes of `security` and of `access` are one list there.
            let (before, after) = (was.scopes(), is.scopes());
            scopes(&before, &after, subject);
            scheme(both, one, other, subject);
        }
        _ => {
            scopes(&texts(&old.scopes), &texts(&new.scopes), subject);
            alternatives(&was, &is, subject);
        }
    }
}

/// A need of one of two documents.
struct Side<'n>(&'n Plan, &'n Need);

/// The one scheme, where there is neither another beside it nor an alternative to it.
fn only(need: &Need) -> Option<&Asks> {
    match need.alternatives.as_slice() {
        [only] => match only.asks.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}

fn texts(scopes: &[String]) -> Vec<&str> {
    scopes.iter().map(String::as_str).collect()
}

/// Fewer let more callers pass.
fn scopes(old: &[&str], new: &[&str], subject: &mut Subject) {
    let gone = old.iter().filter(|scope| !new.contains(scope));
    for scope in gone {
        let (what, old) = (format!("scope {scope}"), Some((*scope).to_owned()));
        subject.add(Some(Verdict::Widened), what, old, None);
    }
    let come = new.iter().filter(|scope| !old.contains(scope));
    for scope in come {
        let (what, new) = (format!("scope {scope}"), Some((*scope).to_owned()));
        subject.add(Some(Verdict::Narrowed), what, None, new);
    }
}

/// Another scheme: whose callers it lets in cannot be compared, unless both take the same tokens.
fn scheme(both: &Both, old: &Asks, new: &Asks, subject: &mut Subject) {
    // Under one name the differences have been told, once for all operations.
    if name(both.old, old.means) == name(both.new, new.means) {
        return;
    }
    let same = match (old.means, new.means) {
        (Means::Token(old), Means::Token(new)) => {
            match (both.old.schemes.get(old), both.new.schemes.get(new)) {
                (Some(old), Some(new)) => alike(old, new),
                _ => false,
            }
        }
        _ => false,
    };
    if !same {
        subject.add(
            Some(Verdict::Widened),
            "scheme",
            Some(issued(both.old, old.means)),
            Some(issued(both.new, new.means)),
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

/// One alternative more lets more callers in, one less fewer; one that only asks for more than another changes nothing.
fn alternatives(old: &Side<'_>, new: &Side<'_>, subject: &mut Subject) {
    for each in &new.1.alternatives {
        if !old.takes(new, each) {
            let shown = Some(new.words(each));
            subject.add(Some(Verdict::Widened), "alternative", None, shown);
        }
    }
    for each in &old.1.alternatives {
        if !new.takes(old, each) {
            let shown = Some(old.words(each));
            subject.add(Some(Verdict::Narrowed), "alternative", shown, None);
        }
    }
    // Who is the owner, and whose tenant counts, hangs on it.
    for each in &new.1.alternatives {
        let same = |other: &&Alternative| old.names(other) == new.names(each);
        if let Some(other) = old.1.alternatives.iter().find(same) {
            let (was, is) = (old.caller(other), new.caller(each));
            if was != is {
                let (was, is) = (Some(was.to_owned()), Some(is.to_owned()));
                subject.add(Some(Verdict::Widened), "caller", was, is);
            }
        }
    }
}

impl<'n> Side<'n> {
    fn scopes(&self) -> Vec<&'n str> {
        let mut demands = self.1.demands();
        demands.next().map(|one| one.scopes).unwrap_or_default()
    }

    /// Names of the schemes of an alternative, in no order.
    fn names(&self, alternative: &Alternative) -> Vec<&'n str> {
        let asks = alternative.asks.iter();
        let mut names: Vec<&str> = asks.map(|asks| name(self.0, asks.means)).collect();
        names.sort_unstable();
        names
    }

    fn caller(&self, alternative: &Alternative) -> &'n str {
        alternative.caller().map_or("", |means| name(self.0, means))
    }

    /// Whether one of these alternatives is met by whoever meets `one` of the other side.
    fn takes(&self, other: &Side<'_>, one: &Alternative) -> bool {
        let given = other.1.demand(one);
        let held = roles::all_of(&other.0.roles, &given.roles);
        let names = other.names(one);
        self.1.alternatives.iter().any(|wanted| {
            wanted.asks.iter().all(|asks| {
                let wanted = roles::all_of(&self.0.roles, &asks.roles);
                names.contains(&name(self.0, asks.means))
                    && roles::implies(&held, &wanted)
                    && asks
                        .scopes
                        .iter()
                        .all(|scope| given.scopes.contains(&scope.as_str()))
            })
        })
    }

    fn words(&self, alternative: &Alternative) -> String {
        let one = |asks: &Asks| {
            let mut text = name(self.0, asks.means).to_owned();
            if !asks.roles.is_empty() {
                text.push_str(&format!(
                    " with {}",
                    roles::words(&self.0.roles, &asks.roles)
                ));
            }
            if !asks.scopes.is_empty() {
                text.push_str(&format!(" for {}", asks.scopes.join(" ")));
            }
            text
        };
        let all: Vec<String> = alternative.asks.iter().map(one).collect();
        all.join(" and ")
    }
}

fn name(plan: &Plan, means: Means) -> &str {
    plan.name_of(means).unwrap_or_default()
}

fn issued(plan: &Plan, means: Means) -> String {
    match means {
        Means::Token(at) => match plan.schemes.get(at) {
            Some(scheme) => format!("{} of {}", scheme.name, service::setting(&scheme.issuer)),
            None => String::new(),
        },
        Means::Key(_) | Means::Password(_) | Means::Certificate(_) => name(plan, means).to_owned(),
    }
}
