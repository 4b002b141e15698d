//! How the values of parameters are written. A list is kept as a JSON array of the texts of its items.

use super::params;
use super::sample::Maker;
use super::stage::encode;
use crate::plan::{In, List, Param, Plan, ValueKind};
use serde_json::Value;

/// As it is sent: one text, or one for each time that the name stands there. `None`: it cannot be sent.
pub fn texts(param: &Param, value: &str) -> Option<Vec<String>> {
    let spell = |text: &str| match param.location {
        // Header fields are not percent-encoded.
        In::Header => text.to_owned(),
        In::Path | In::Query => encode(text),
    };
    if !matches!(param.value, ValueKind::List(_)) {
        return Some(vec![spell(value)]);
    }
    let items: Vec<String> = serde_json::from_str(value).ok()?;
    let spelled: Vec<String> = items.iter().map(|item| spell(item)).collect();
    match param.separated {
        true => Some(vec![spelled.join(",")]),
        false => Some(spelled),
    }
}

/// A list that is admitted, of one item at least: no text spells an empty one.
pub fn sample(plan: &Plan, param: &Param) -> Option<String> {
    let ValueKind::List(list) = &param.value else {
        return None;
    };
    let maker = Maker {
        plan,
        creating: false,
    };
    let items = items(&maker, param, list, list.min.max(1))?;
    Some(Value::from(items).to_string())
}

/// So many admitted items, different ones where they must be; as texts.
pub fn items(maker: &Maker<'_>, param: &Param, list: &List, count: u64) -> Option<Vec<String>> {
    let count = usize::try_from(count).ok()?;
    let items = maker.items(&list.items, count, 0)?;
    let texts: Vec<String> = items.iter().map(params::text_of).collect();
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let differ = !list.unique || sorted.len() == texts.len();
    (differ && texts.iter().all(|text| is_sendable(param, text))).then_some(texts)
}

/// Whether an item arrives as it is. In a field, blanks at its ends and commas are none of the item, and control characters
/// are no HTTP.
pub fn is_sendable(param: &Param, item: &str) -> bool {
    match param.location {
        In::Path => !item.contains('/'),
        In::Query => true,
        In::Header => {
            item.trim() == item && item.chars().all(|c| (' '..='~').contains(&c) && c != ',')
        }
    }
}
