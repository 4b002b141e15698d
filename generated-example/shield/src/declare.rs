//! What emitted files declare types with: each member stands there once, beside its rule and who may write or read it, and
//! the decoder or the projection is made here, the same way for every type.

mod erase;
mod reply;
mod request;
mod words;

#[cfg(test)]
mod tests;

/// What becomes of a member that was or was not sent, by the word it is declared with.
pub mod taken {
    /// Must have been sent.
    pub fn required<T>(slot: Option<T>) -> Option<T> {
        slot
    }

    /// May be absent; that is a value of its own.
    pub fn optional<T>(slot: Option<T>) -> Option<Option<T>> {
        Some(slot)
    }
}

/// How a member is written that is or is not always there, by the word it is declared with.
pub mod written {
    use crate::grants::Grants;
    use crate::json::{Put, Writer};

    pub fn required<T: Put>(name: &str, value: &T, w: &mut Writer, g: &Grants) {
        value.put(w.member(name), g);
    }

    pub fn optional<T: Put>(name: &str, value: &Option<T>, w: &mut Writer, g: &Grants) {
        if let Some(value) = value {
            value.put(w.member(name), g);
        }
    }
}
