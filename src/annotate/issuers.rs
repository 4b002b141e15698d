//! Objects whose callers come from several issuers: an owner is compared by subject, and one issuer's subject may be
//! another's, so that palisade refuses ownership there (PAL-4339).

use super::root::unverified;
use crate::document::Node;
use crate::outline::{Operation, Outline};
use std::collections::{BTreeMap, BTreeSet};

/// The schemes that say who calls, one for each alternative; none where some scheme cannot be verified, since nobody calls.
pub(super) fn of<'d>(outline: &Outline<'d>, operation: &Operation<'d>) -> BTreeSet<&'d str> {
    let alternatives = outline.security(operation).and_then(Node::as_list);
    let mut callers = BTreeSet::new();
    for alternative in alternatives.unwrap_or_default() {
        let schemes = alternative.as_map().map(|map| map.entries.as_slice());
        let schemes = schemes.unwrap_or_default();
        if schemes
            .iter()
            .any(|(key, _)| unverified(outline, &key.text).is_some())
        {
            return BTreeSet::new();
        }
        callers.extend(schemes.first().map(|(key, _)| key.text.as_str()));
    }
    callers
}

/// The resources that cannot be owned, of those that are `used` with the schemes of their callers; each with why.
///
/// One issuer owns in a document: the one with the most objects, the first in case of doubt.
pub(super) fn shared(used: &BTreeMap<String, BTreeSet<&str>>) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for callers in used.values().filter(|callers| callers.len() == 1) {
        for caller in callers {
            let count = counts.entry(caller).or_default();
            *count = count.saturating_add(1);
        }
    }
    let most = counts.values().max();
    let owner = counts.iter().find(|(_, count)| Some(*count) == most);
    let owner = owner.map(|(name, _)| *name);
    let mut shared = BTreeMap::new();
    for (resource, callers) in used {
        let others = callers.iter().any(|caller| Some(*caller) != owner);
        if callers.is_empty() || !others {
            continue;
        }
        let why = match callers.len() {
            1 => {
                let owner = owner.unwrap_or_default();
                format!("other objects belong to callers of `{owner}`")
            }
            _ => {
                let names: Vec<String> = callers.iter().map(|name| format!("`{name}`")).collect();
                format!("its callers come by {}", names.join(" or "))
            }
        };
        shared.insert(resource.clone(), why);
    }
    shared
}
