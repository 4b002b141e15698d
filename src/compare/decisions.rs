//! Expressions: equal or not. Two that differ cannot be compared, so more may be possible (ruling 77).

use super::change::Subject;
use super::{Both, Verdict};
use crate::plan::{Attribute, Need, Object};

/// One that came asks for more, one that went for less, another one for whatever it asks.
pub(super) fn compare(what: &str, old: Option<&str>, new: Option<&str>, subject: &mut Subject) {
    let verdict = match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Verdict::Narrowed),
        (Some(old), Some(new)) if old == new => None,
        (Some(_), _) => Some(Verdict::Widened),
    };
    subject.add(
        verdict,
        what,
        old.map(str::to_owned),
        new.map(str::to_owned),
    );
}

/// Policy, age and class of what an operation asks of its caller.
pub(super) fn of_access(old: &Need, new: &Need, subject: &mut Subject) {
    let text = |need: &'_ Need| {
        need.policy
            .as_ref()
            .map(|each| each.text().trim().to_owned())
    };
    let (was, is) = (text(old), text(new));
    compare("policy", was.as_deref(), is.as_deref(), subject);
    let age = |need: &Need| need.fresh.map(|seconds| format!("{seconds}s"));
    let most = |need: &Need| need.fresh.unwrap_or(u64::MAX);
    let verdict = Verdict::of(most(new) > most(old), most(new) < most(old));
    subject.add(verdict, "fresh", age(old), age(new));
    if old.acr.is_empty() || new.acr.is_empty() {
        let all = |need: &Need| (!need.acr.is_empty()).then(|| need.acr.join(" "));
        compare("acr", all(old).as_deref(), all(new).as_deref(), subject);
    } else {
        subject.names("acr", &old.acr, &new.acr);
    }
}

/// Rules of an object that is sent.
pub(super) fn of_object(what: &str, old: &Object, new: &Object, subject: &mut Subject) {
    let ids = old
        .rules
        .iter()
        .chain(&new.rules)
        .map(|rule| rule.id.as_str());
    let mut seen: Vec<&str> = Vec::new();
    for id in ids {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let text = |object: &'_ Object| {
            let rule = object.rules.iter().find(|rule| rule.id == id);
            rule.map(|rule| rule.text.trim().to_owned())
        };
        let (was, is) = (text(old), text(new));
        compare(
            &format!("{what} rule {id}"),
            was.as_deref(),
            is.as_deref(),
            subject,
        );
    }
}

/// What tokens say of their bearer, told once: policies read it by name.
pub(super) fn of_principal(both: &Both, subject: &mut Subject) {
    let said = |each: &Attribute| format!("{:?} from {}", each.kind, each.from);
    for new in &both.new.principal {
        let Some(old) = both.old.principal.iter().find(|old| old.name == new.name) else {
            continue;
        };
        let what = format!("principal {}", new.name);
        let (was, is) = (said(old), said(new));
        compare(&what, Some(&was), Some(&is), subject);
        subject.switch(
            &format!("{what} may be missing"),
            !old.required,
            !new.required,
        );
    }
}
