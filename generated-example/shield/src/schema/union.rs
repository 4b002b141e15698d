//! Alternatives that exclude each other (`oneOf`, `anyOf`): which of them a value is.
//!
//! The generator proves that no value is of two of them, so the first that may be it is the only one. What is told here
//! decides nothing alone: the alternative's own rule admits the value or refuses it.

use std::borrow::Cow;

use super::Schema;
use crate::json::Value;

/// One of several values, told apart by type, and among objects by marks.
#[derive(Debug)]
pub struct Union {
    /// What a refusal says where none of them fits.
    pub(crate) keyword: &'static str,
    pub(crate) cases: &'static [&'static Case],
}

/// An alternative.
#[derive(Debug)]
pub struct Case {
    pub(crate) of: JsonType,
    /// All of them hold of its values, and not all of them of any other's. None where the type tells it.
    pub(crate) marks: &'static [Mark],
    pub(crate) schema: Schema,
}

/// What tells an object from others.
#[derive(Debug)]
pub enum Mark {
    /// It has the member.
    Has(&'static str),
    /// It has no such member.
    Lacks(&'static str),
    /// The member is one of these words.
    Word(&'static str, &'static [&'static str]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// A member that marks speak of, and its text where it is a string.
pub(crate) type Told<'a> = (Cow<'a, str>, Option<Cow<'a, str>>);

impl Union {
    pub const fn one_of(cases: &'static [&'static Case]) -> Self {
        let keyword = "oneOf";
        Union { keyword, cases }
    }

    pub const fn any_of(cases: &'static [&'static Case]) -> Self {
        let keyword = "anyOf";
        Union { keyword, cases }
    }

    /// The alternative that a value of this type may be; `told` gives the members that marks speak of, where it is asked.
    pub(crate) fn case<'a>(
        &self,
        of: JsonType,
        told: impl FnOnce() -> Option<Vec<Told<'a>>>,
    ) -> Option<&'static Case> {
        let mut cases = self.cases.iter().filter(|case| case.of == of);
        let first = *cases.next()?;
        if first.marks.is_empty() {
            return Some(first);
        }
        let told = told()?;
        let mut cases = self.cases.iter().filter(|case| case.of == of);
        let holds = |case: &&&Case| case.marks.iter().all(|mark| mark.holds(&told));
        cases.find(holds).copied()
    }

    /// Whether some mark speaks of the member.
    pub(crate) fn tells(&self, member: &str) -> bool {
        let mut marks = self.cases.iter().flat_map(|case| case.marks);
        marks.any(|mark| mark.member() == member)
    }

    /// Whether some mark asks for a word of the member. Of others nothing is read: they may be secrets.
    pub(crate) fn words(&self, member: &str) -> bool {
        let mut marks = self.cases.iter().flat_map(|case| case.marks);
        marks.any(|mark| matches!(mark, Mark::Word(name, _) if *name == member))
    }

    /// The same of a value that was read already.
    pub(crate) fn of(&self, value: &Value) -> Option<&'static Case> {
        let of = match value {
            Value::Null => return None,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Array(_) => JsonType::Array,
            Value::Object(_) => JsonType::Object,
        };
        self.case(of, || {
            let Value::Object(members) = value else {
                return None;
            };
            let spoken = members.iter().filter(|(name, _)| self.tells(name));
            let told = spoken.map(|(name, value)| {
                let text = value.as_str().map(Cow::Borrowed);
                (Cow::Borrowed(&**name), text)
            });
            Some(told.collect())
        })
    }
}

impl Case {
    pub const fn new(schema: Schema, marks: &'static [Mark]) -> Self {
        let of = of(&schema);
        Case { of, marks, schema }
    }

    /// What its values must be.
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }
}

impl Mark {
    const fn member(&self) -> &'static str {
        match self {
            Mark::Has(name) | Mark::Lacks(name) | Mark::Word(name, _) => name,
        }
    }

    fn holds(&self, told: &[Told<'_>]) -> bool {
        let mut told = told.iter();
        let member = told.find(|(name, _)| name == self.member());
        match (self, member) {
            (Mark::Has(_), member) => member.is_some(),
            (Mark::Lacks(_), member) => member.is_none(),
            (Mark::Word(_, words), Some((_, Some(text)))) => words.contains(&&**text),
            (Mark::Word(..), _) => false,
        }
    }
}

/// What JSON calls it. Alternatives of alternatives are alternatives: the generator writes none inside another.
const fn of(schema: &Schema) -> JsonType {
    match schema {
        Schema::Boolean => JsonType::Boolean,
        Schema::Whole(_) | Schema::Real(_) | Schema::Binary(_) => JsonType::Number,
        Schema::Text(_) | Schema::Words(_) => JsonType::String,
        Schema::List(_) => JsonType::Array,
        // Any JSON is no alternative: the generator refuses it.
        Schema::Entries(_) | Schema::Object(_) | Schema::Union(_) | Schema::Json(_) => {
            JsonType::Object
        }
        Schema::Nullable(inner) => of(inner),
    }
}
