//! How often an operation may be called.

use super::change::Subject;
use super::operations::Pair;
use super::{Both, Verdict};
use crate::plan::{By, OnStoreFailure, Operation, Plan, Quota};

pub(super) fn compare(both: &Both, pair: &Pair, subject: &mut Subject) {
    let (old, new) = (of(both.old, pair.old), of(both.new, pair.new));
    for is in &new {
        match counterpart(is, &old) {
            Some(was) => one(was, is, subject),
            None => subject.add(
                Some(Verdict::Narrowed),
                format!("quota {}", is.name),
                None,
                Some(words(is)),
            ),
        }
    }
    for was in old.iter().filter(|was| counterpart(was, &new).is_none()) {
        let what = format!("quota {}", was.name);
        subject.add(Some(Verdict::Widened), what, Some(words(was)), None);
    }
}

fn of<'p>(plan: &'p Plan, operation: &Operation) -> Vec<&'p Quota> {
    let quotas = operation.quotas.iter();
    quotas.filter_map(|index| plan.quotas.get(*index)).collect()
}

/// The limit of the same name; or, for one written at an operation that was renamed, of the same content.
fn counterpart<'p>(quota: &Quota, others: &[&'p Quota]) -> Option<&'p Quota> {
    let same = |other: &&&Quota| {
        words(other) == words(quota) && other.by == quota.by && other.on_failure == quota.on_failure
    };
    let named = others.iter().find(|other| other.name == quota.name);
    named.or_else(|| others.iter().find(same)).copied()
}

fn one(old: &Quota, new: &Quota, subject: &mut Subject) {
    let what = format!("quota {}", new.name);
    let more = new.limit > old.limit
        || new.window_seconds < old.window_seconds
        || (new.failures_only && !old.failures_only)
        || (new.on_failure == OnStoreFailure::Local && old.on_failure == OnStoreFailure::Deny)
        || new.by != old.by;
    let same = words(old) == words(new) && old.on_failure == new.on_failure;
    subject.add(
        Verdict::of(more, !same),
        what,
        Some(words(old)),
        Some(words(new)),
    );
}

fn words(quota: &Quota) -> String {
    let by = |by: &By| match by {
        By::Ip => "ip".to_owned(),
        By::Subject => "subject".to_owned(),
        By::Tenant => "tenant".to_owned(),
        By::ApiKey => "apiKey".to_owned(),
        By::All => "all".to_owned(),
        By::Field(name) => format!("field:/{name}"),
    };
    let by: Vec<String> = quota.by.iter().map(by).collect();
    let what = if quota.failures_only { " failures" } else { "" };
    let without = match quota.on_failure {
        OnStoreFailure::Deny => ", denied without a store",
        OnStoreFailure::Local => "",
    };
    format!(
        "{}{what} per {}s by {}{without}",
        quota.limit,
        quota.window_seconds,
        by.join(" and ")
    )
}
