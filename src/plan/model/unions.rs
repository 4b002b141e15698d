//! Values that are one of several, no two of which any value can be.

use super::{Shape, TypeId, ValueKind};

/// `oneOf` or `anyOf`: they say the same, since the alternatives exclude each other.
#[derive(Debug, Clone)]
pub struct Union {
    /// `oneOf`, and not `anyOf`: the word for a value that is none of them.
    pub exactly_one: bool,
    /// Null is one of them. It is none of the cases.
    pub nullable: bool,
    pub cases: Vec<Case>,
}

/// An alternative.
#[derive(Debug, Clone)]
pub struct Case {
    /// Not yet an identifier.
    pub name: String,
    pub value: ValueKind,
    /// What tells it from the other objects: all of it holds of each of its values, and not all of it of any of theirs.
    /// None where it is the only value of its JSON type.
    pub marks: Vec<Mark>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// It has the member.
    Has(String),
    /// It has no such member.
    Lacks(String),
    /// The member is one of these words.
    Word(String, Vec<String>),
}

impl Union {
    /// The keyword.
    pub const fn keyword(&self) -> &'static str {
        match self.exactly_one {
            true => "oneOf",
            false => "anyOf",
        }
    }
}

impl Mark {
    pub fn member(&self) -> &str {
        match self {
            Mark::Has(name) | Mark::Lacks(name) | Mark::Word(name, _) => name,
        }
    }
}

impl Shape {
    /// The types of the values right inside: of members that `counts` counts, and of every alternative.
    pub fn inner(&self, counts: impl Fn(&super::Member) -> bool) -> Vec<TypeId> {
        match self {
            Shape::Object(object) => {
                let members = object.members.iter().filter(|member| counts(member));
                members.filter_map(|member| member.value.inner()).collect()
            }
            Shape::Union(union) => {
                let cases = union.cases.iter();
                cases.filter_map(|case| case.value.inner()).collect()
            }
            Shape::Words(_) => Vec::new(),
        }
    }
}
