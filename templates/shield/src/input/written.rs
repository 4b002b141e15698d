//! What was sent for a parameter: one text, or the items of a list.
//!
//! Items between commas are told apart before they are decoded, so that a comma that a caller escaped is one of the text.

use std::borrow::Cow;

use super::percent;
use crate::json::Take;
use crate::schema::List;

/// A parameter, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written<'a> {
    One(Cow<'a, str>),
    /// Never empty: no text spells an empty list.
    Items(Vec<Cow<'a, str>>),
}

impl<'a> Written<'a> {
    /// Items between commas, each decoded by itself.
    pub(super) fn separated(
        raw: &'a str,
        decode: fn(&'a str) -> Result<Cow<'a, str>, &'static str>,
    ) -> Result<Self, &'static str> {
        raw.split(',')
            .map(decode)
            .collect::<Result<_, _>>()
            .map(Written::Items)
    }

    /// Items of a header field. Blanks around a comma are none of the item (RFC 9110 §5.6.1), and nothing is escaped.
    pub(super) fn field(text: &'a str) -> Self {
        let items = text.split(',').map(|item| item.trim_matches(' '));
        Written::Items(items.map(Cow::Borrowed).collect())
    }

    /// One more text of the same name.
    pub(super) fn push(slot: &mut Option<Self>, text: Cow<'a, str>) {
        match slot {
            Some(Written::Items(items)) => items.push(text),
            _ => *slot = Some(Written::Items(vec![text])),
        }
    }

    /// Whether a part of the path stands for another route to whoever decodes it again (P62).
    pub(super) fn leaves(&self) -> bool {
        match self {
            Written::One(text) => percent::leaves(text),
            // Between commas a dot is no segment.
            Written::Items(items) => match items.as_slice() {
                [only] => percent::leaves(only),
                items => items.iter().any(|item| item.contains('/')),
            },
        }
    }

    /// The one text.
    pub fn one(&self) -> Option<&str> {
        match self {
            Written::One(text) => Some(text),
            Written::Items(_) => None,
        }
    }
}

/// A list, each item of which `parse` takes; as many as the rule says, and none twice where it forbids that.
pub(crate) fn list<T: Take>(
    rule: &'static List,
    items: &[Cow<'_, str>],
    parse: impl Fn(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
    // guard: parameter-items-max
    if count > rule.max {
        return None;
    }
    // guard: parameter-items-min, where rule.min > 1
    if count < rule.min {
        return None;
    }
    let taken: Vec<T> = items
        .iter()
        .map(|item| parse(item))
        .collect::<Option<_>>()?;
    // guard: parameter-items-unique, where rule.unique
    if rule.unique && T::repeat(&taken.iter().collect::<Vec<_>>()) {
        return None;
    }
    Some(taken)
}
