//! What most operations have in common: it stands once, and an operation states only what differs.

use crate::plan::Plan;
use std::collections::BTreeMap;

/// Bytes and milliseconds.
pub struct Shared {
    pub body_limit: u64,
    pub body_timeout: u64,
    pub handler_timeout: u64,
}

impl Shared {
    pub fn of(plan: &Plan) -> Self {
        let operations = || plan.operations.iter();
        Shared {
            body_limit: most(operations().map(|each| each.body_bytes)),
            body_timeout: most(operations().map(|each| each.body_timeout_ms)),
            handler_timeout: most(operations().map(|each| each.handler_timeout_ms)),
        }
    }
}

/// The value that occurs most often, the smaller of two that occur alike.
fn most(values: impl Iterator<Item = u64>) -> u64 {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_insert(0_usize) += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(value, count)| (*count, std::cmp::Reverse(*value)));
    most.map_or(0, |(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::most;

    #[test]
    fn the_most_usual_value_and_the_smaller_of_two() {
        assert_eq!(most([3, 5, 5, 1].into_iter()), 5);
        assert_eq!(most([7, 4, 4, 7].into_iter()), 4);
        assert_eq!(most(std::iter::empty()), 0);
    }
}
