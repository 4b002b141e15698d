//! An expression whose types fit: what `emit` makes Rust of, attacks look for witnesses in, and `diff` compares.

use super::world::{Key, Object};
use std::sync::Arc;

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Bool,
    Int,
    /// With its words, where only some can be.
    Text(Option<Arc<[String]>>),
    Time,
    Duration,
    /// What the caller holds; only asked with a literal.
    Roles,
    List {
        items: Box<Type>,
        nullable: bool,
        max: u64,
    },
    Object(Object),
}

impl Type {
    /// With its article.
    pub fn what(&self) -> &'static str {
        match self {
            Type::Bool => "a boolean",
            Type::Int => "an integer",
            Type::Text(_) => "a text",
            Type::Time => "a time",
            Type::Duration => "a duration",
            Type::Roles => "the roles of the caller",
            Type::List { .. } => "a list",
            Type::Object(_) => "an object",
        }
    }

    pub(super) fn text() -> Self {
        Type::Text(None)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: Kind,
    pub value: Type,
    /// How many steps it takes at most.
    pub steps: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Bool(bool),
    Int(i64),
    Text(String),
    /// A time since 1970 or a duration, in nanoseconds.
    Nanos(i128),
    List(Vec<Expr>),
    /// `principal`, `resource`, `request` or `this`.
    Root(Object),
    /// `this`, when it is no object.
    This,
    /// The variable of the enclosing `all`, `exists` or `exists_one` of this number, outermost 0.
    Item(usize),
    Read(Probe),
    /// Whether it is there.
    Has(Probe),
    /// Whether it is `null`.
    IsNull(Probe),
    /// The caller holds the role of this number.
    Holds(usize),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Choice(Box<[Expr; 3]>),
    In(Box<Expr>, Box<Expr>),
    Size(Box<Expr>),
    StartsWith(Box<Expr>, Box<Expr>),
    EndsWith(Box<Expr>, Box<Expr>),
    Contains(Box<Expr>, Box<Expr>),
    /// In the language of the `regex` crate.
    Matches(Box<Expr>, String),
    /// A text as RFC 3339 reads it.
    Timestamp(Box<Expr>),
    Each {
        how: Each,
        list: Box<Expr>,
        /// Of its variable.
        number: usize,
        holds: Box<Expr>,
    },
}

/// A member, and whether it may be missing or `null`.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    pub on: Box<Expr>,
    pub key: Key,
    pub optional: bool,
    pub nullable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    All,
    Exists,
    ExistsOne,
}

impl Expr {
    /// Calls `see` with it and with every part of it.
    pub fn walk(&self, see: &mut impl FnMut(&Expr)) {
        see(self);
        match &self.kind {
            Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Text(_)
            | Kind::Nanos(_)
            | Kind::Root(_)
            | Kind::This
            | Kind::Item(_)
            | Kind::Holds(_) => {}
            Kind::Read(probe) | Kind::Has(probe) | Kind::IsNull(probe) => probe.on.walk(see),
            Kind::Not(on)
            | Kind::Minus(on)
            | Kind::Size(on)
            | Kind::Timestamp(on)
            | Kind::Matches(on, _) => on.walk(see),
            Kind::Arithmetic(_, left, right)
            | Kind::Compare(_, left, right)
            | Kind::In(left, right)
            | Kind::StartsWith(left, right)
            | Kind::EndsWith(left, right)
            | Kind::Contains(left, right) => {
                left.walk(see);
                right.walk(see);
            }
            Kind::List(parts) | Kind::All(parts) | Kind::Any(parts) => {
                parts.iter().for_each(|part| part.walk(see));
            }
            Kind::Choice(parts) => parts.iter().for_each(|part| part.walk(see)),
            Kind::Each { list, holds, .. } => {
                list.walk(see);
                holds.walk(see);
            }
        }
    }

    /// Whether some part of it is read by `key`.
    pub fn reads(&self, wanted: impl Fn(Key) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |part| {
            if let Kind::Read(probe) | Kind::Has(probe) | Kind::IsNull(probe) = &part.kind {
                found |= wanted(probe.key);
            }
        });
        found
    }

    /// Whether it stands on the variable of this object.
    pub fn stands_on(&self, wanted: Object) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= part.kind == Kind::Root(wanted));
        found
    }
}
