//! Values by their type: what a decoder reads for a member is what the field of that member is.
//!
//! The rule is that of the table, so what admits and what explains cannot differ. A type whose rule is of another kind
//! admits nothing: that would be a fault of the generator, and it refuses.

use super::Reader;
use crate::file::File;
use crate::grants::Grants;
use crate::number::Number;
use crate::schema::Schema;
use crate::secret::Secret;
use std::collections::BTreeMap;

/// A value that can be taken from a JSON body.
pub trait Take: Sized {
    /// Admits or refuses one value, of which the reader has seen nothing yet.
    fn take(json: &mut Reader<'_>, schema: &'static Schema, by: &Grants) -> Option<Self>;

    /// Whether two items of a list are equal. Kinds that are not compared count as equal: a list whose items must differ
    /// then holds one at most.
    fn same(&self, _other: &Self) -> bool {
        true
    }
}

impl Take for String {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, _by: &Grants) -> Option<Self> {
        match schema {
            Schema::Text(rule) => json.text(rule),
            _ => None,
        }
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Take for File {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, _by: &Grants) -> Option<Self> {
        match schema {
            Schema::Binary(rule) => json.file(rule),
            _ => None,
        }
    }
}

impl Take for Secret {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, _by: &Grants) -> Option<Self> {
        match schema {
            Schema::Text(rule) => json.secret(rule),
            _ => None,
        }
    }
}

impl Take for i64 {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, _by: &Grants) -> Option<Self> {
        match schema {
            Schema::Whole(rule) => json.whole(rule),
            _ => None,
        }
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Take for Number {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, _by: &Grants) -> Option<Self> {
        match schema {
            Schema::Real(rule) => json.real(rule),
            _ => None,
        }
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Take for bool {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, _by: &Grants) -> Option<Self> {
        match schema {
            Schema::Boolean => json.boolean(),
            _ => None,
        }
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// `null`, or a value.
impl<T: Take> Take for Option<T> {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, by: &Grants) -> Option<Self> {
        match schema {
            Schema::Nullable(inner) => json.nullable(|json| T::take(json, inner, by)),
            _ => None,
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(one), Some(other)) => one.same(other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Take> Take for BTreeMap<String, T> {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, by: &Grants) -> Option<Self> {
        match schema {
            Schema::Entries(rule) => json.entries(rule, |json| T::take(json, &rule.values, by)),
            _ => None,
        }
    }
}

impl<T: Take> Take for Vec<T> {
    fn take(json: &mut Reader<'_>, schema: &'static Schema, by: &Grants) -> Option<Self> {
        match schema {
            Schema::List(rule) => json.list(rule, T::same, |json| T::take(json, &rule.items, by)),
            _ => None,
        }
    }

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.same(other))
    }
}
