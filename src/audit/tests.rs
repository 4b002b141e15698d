//! Rules are held by `tests/audit.rs`; here is what they have in common.

use super::rules;

#[test]
fn codes_are_unique_and_in_order() {
    let codes: Vec<u16> = rules().map(|rule| rule.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    assert!(codes.iter().all(|code| (5000..6000).contains(code)));
    assert!(codes.len() >= 25);
}
