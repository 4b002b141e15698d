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

    /// Whether two of these are equal. As long as a caller may make a list, it costs no square of its length where values have
    /// an order.
    fn repeat(items: &[&Self]) -> bool {
        pairwise(items, Self::same)
    }
}

/// Whether two are equal: each is compared with those before it.
pub(crate) fn pairwise<T>(items: &[&T], same: fn(&T, &T) -> bool) -> bool {
    let mut each = items.iter().enumerate();
    each.any(|(at, item)| items.iter().take(at).any(|before| same(before, item)))
}

/// Whether two are equal: after sorting they are neighbours.
fn neighbours<T: Ord>(items: &[&T]) -> bool {
    let mut sorted = items.to_vec();
    sorted.sort_unstable();
    let mut after = sorted.iter().skip(1);
    sorted
        .iter()
        .any(|one| after.next().is_some_and(|next| next == one))
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

    fn repeat(items: &[&Self]) -> bool {
        neighbours(items)
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

    fn repeat(items: &[&Self]) -> bool {
        neighbours(items)
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

    fn repeat(items: &[&Self]) -> bool {
        neighbours(items)
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

    fn repeat(items: &[&Self]) -> bool {
        let known: Vec<&T> = items.iter().filter_map(|item| item.as_ref()).collect();
        items.len().saturating_sub(known.len()) > 1 || T::repeat(&known)
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
            Schema::List(rule) => json.list(rule, T::repeat, |json| T::take(json, &rule.items, by)),
            _ => None,
        }
    }

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.same(other))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::time::Instant;

    /// What sorting finds is what comparing each with each finds.
    fn agree<T: Take>(items: &[T]) {
        let items: Vec<&T> = items.iter().collect();
        assert_eq!(T::repeat(&items), pairwise(&items, T::same));
    }

    proptest! {
        #[test]
        fn two_that_are_equal_are_found_wherever_they_stand(
            numbers in prop::collection::vec("(0|-?[1-9][0-9]?)(\\.[0-9]0?)?(e[0-2])?", 0..7),
            texts in prop::collection::vec("[ab]{0,2}", 0..5),
            integers in prop::collection::vec(prop::option::of(0..6_i64), 0..5),
        ) {
            let numbers: Vec<Number> = numbers.iter().map(|text| Number::new(text).unwrap()).collect();
            agree(&numbers);
            agree(&texts);
            agree(&integers);
        }
    }

    #[test]
    fn a_long_list_costs_no_square_of_its_length() {
        let numbers: Vec<Number> = (0..5_000)
            .map(|at| Number::new(&format!("{}{at:04}e-60", "1234567890".repeat(6))).unwrap())
            .collect();
        let items: Vec<&Number> = numbers.iter().collect();
        let begun = Instant::now();
        assert!(!Number::repeat(&items));
        let sorted = begun.elapsed();
        let (some, _) = items.split_at(items.len() / 5);
        let begun = Instant::now();
        assert!(!pairwise(some, Number::same));
        // A fifth of them, each with each, takes many times as long as all of them.
        assert!(sorted < begun.elapsed());
    }
}
