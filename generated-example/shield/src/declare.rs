//! What emitted files declare types with: each member stands there once, beside its rule and who may write or read it, and
//! the decoder or the projection is made here, the same way for every type.

use crate::grants::Grants;
use crate::json::{Put, Writer};
use std::collections::BTreeMap;

mod erase;
mod handler;
mod reply;
mod request;
mod resource;
mod union;
mod words;

#[cfg(test)]
mod tests;

/// What becomes of a member that was or was not sent, by the word it is declared with.
pub mod taken {
    /// Must have been sent.
    pub fn required<T>(_member: &str, slot: Option<T>) -> Option<T> {
        slot
    }

    /// May be absent; that is a value of its own.
    pub fn optional<T>(_member: &str, slot: Option<T>) -> Option<Option<T>> {
        Some(slot)
    }
}

/// How a member is written that is always there, as `null` where it has no value.
pub fn nullable<T: Put>(value: &T, name: &str, w: &mut Writer, g: &Grants) {
    value.put(w.member(name), g);
}

/// Writes the members of other names than the document's. One that is declared is none of them: it may be one that this
/// caller, or nobody, may read. Then nothing leaves at all.
pub fn others<T: Put>(others: &BTreeMap<String, T>, declared: &[&str], w: &mut Writer, g: &Grants) {
    for (name, value) in others {
        if declared.contains(&name.as_str()) {
            return w.fail("a member that is declared stands among the others");
        }
        value.put(w.member(name), g);
    }
}
