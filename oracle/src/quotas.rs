//! Quotas out of the way: no request may be refused because of the one before it.

use serde_json::{Map, Value, json};

const LIMIT: u64 = 1_000_000_000;

/// The document with every named limit, and the bucket of an address, so high that nothing reaches it.
pub fn lift(document: &mut Value) {
    let Some(policy) = document
        .pointer_mut("/x-security")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let limits = policy.entry("limits").or_insert_with(|| json!({}));
    if let Some(limits) = limits.as_object_mut() {
        limits.insert("ipRate".to_owned(), json!(format!("{LIMIT} per 1m")));
    }
    let named = policy.entry("rateLimits").or_insert_with(|| json!({}));
    if let Some(named) = named.as_object_mut() {
        for (name, by, count) in [("standard", "subject", "all"), ("auth", "ip", "failures")] {
            let limit = json!({ "window": "1h", "by": by, "count": count });
            named.entry(name).or_insert(limit);
        }
        named
            .values_mut()
            .filter_map(Value::as_object_mut)
            .for_each(raise);
    }
}

fn raise(limit: &mut Map<String, Value>) {
    limit.insert("limit".to_owned(), json!(LIMIT));
}
