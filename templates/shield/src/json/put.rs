//! Values as they leave, by their type.

use super::Writer;
use crate::grants::Grants;
use crate::number::Number;
use std::collections::BTreeMap;

/// A value that can be part of an answer. Only [`crate::reply`] has a writer to give, so nothing is written beside it.
pub trait Put {
    /// Writes what a caller with these grants may read, and nothing else.
    fn put(&self, w: &mut Writer, g: &Grants);

    /// Writes it as a member of an object, if there is anything to write.
    fn put_member(&self, name: &str, w: &mut Writer, g: &Grants) {
        self.put(w.member(name), g);
    }
}

impl Put for String {
    fn put(&self, w: &mut Writer, _g: &Grants) {
        w.text(self);
    }
}

impl Put for i64 {
    fn put(&self, w: &mut Writer, _g: &Grants) {
        w.whole(*self);
    }
}

impl Put for Number {
    fn put(&self, w: &mut Writer, _g: &Grants) {
        w.lexeme(self.as_str());
    }
}

impl Put for bool {
    fn put(&self, w: &mut Writer, _g: &Grants) {
        w.boolean(*self);
    }
}

/// `null`, or a value; a member that has none is left out.
impl<T: Put> Put for Option<T> {
    fn put(&self, w: &mut Writer, g: &Grants) {
        match self {
            Some(value) => value.put(w, g),
            None => w.null(),
        }
    }

    fn put_member(&self, name: &str, w: &mut Writer, g: &Grants) {
        if let Some(value) = self {
            value.put(w.member(name), g);
        }
    }
}

/// Names as they are; values as this caller may read them.
impl<T: Put> Put for BTreeMap<String, T> {
    fn put(&self, w: &mut Writer, g: &Grants) {
        w.open();
        for (name, value) in self {
            value.put(w.member(name), g);
        }
        w.close();
    }
}

impl<T: Put> Put for Vec<T> {
    fn put(&self, w: &mut Writer, g: &Grants) {
        w.open_array();
        for item in self {
            item.put(w, g);
        }
        w.close_array();
    }
}
