//! What a value must be: types with names, and the rules of those that have none.

use super::{Rule, Union};
use crate::decimal::Decimal;
use crate::document::Place;

/// An object, an enumeration or a union that gets a type of its own.
#[derive(Debug, Clone)]
pub struct Type {
    /// The component's name, or one made from where it stands (`SignUpBody`, `UserAddress`); unique, not yet an identifier.
    pub name: String,
    pub description: Option<String>,
    pub place: Place,
    /// Used in a request body or parameter.
    pub request: bool,
    /// Used in a reply.
    pub reply: bool,
    pub shape: Shape,
}

/// An index into `Plan::types`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

#[derive(Debug, Clone)]
pub enum Shape {
    /// An object: members that are not named are refused, or are of one kind.
    Object(Object),
    /// Strings only; unique; never empty. A `const` string is one word.
    Words(Vec<String>),
    Union(Union),
}

#[derive(Debug, Clone)]
pub struct Object {
    pub members: Vec<Member>,
    pub min_properties: u64,
    /// `None` when the number of members already bounds it.
    pub max_properties: Option<u64>,
    /// What must hold in a request once the keywords do.
    pub rules: Vec<Rule>,
    /// What members are that nobody named, where there may be some; `None`: they are refused.
    pub rest: Option<Rest>,
}

/// Members of any other name: plain values, lists and maps of them, or any JSON, and no type with a name.
#[derive(Debug, Clone)]
pub struct Rest {
    pub value: Box<ValueKind>,
    pub nullable: bool,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    pub description: Option<String>,
    pub place: Place,
    /// As declared.
    pub required: bool,
    /// In a request: `readOnly` members are never required there.
    pub required_in_request: bool,
    /// In a reply: members only some may read are never required there (ruling 63).
    pub required_in_reply: bool,
    pub nullable: bool,
    pub value: ValueKind,
    pub write: Write,
    pub read: Read,
    /// `sensitive: secret`: in no reply, redacted, wiped. Implies `Read::Nobody`.
    pub secret: bool,
    /// `sensitive: personal`: redacted in logs and `Debug`.
    pub personal: bool,
    /// `format: password`.
    pub password: bool,
    /// In a request it is the id of a resource, or a list of them, and reaches a handler as proofs only: its index.
    pub proved: Option<usize>,
}

/// Who may send a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    Anyone,
    /// `readOnly` or `write: none`: 422 `readOnly` for everyone.
    Nobody,
    /// Only when the object is created (POST); else 422 `readOnly`.
    Create,
    /// Any of these role bits; else 403.
    Roles(u64),
}

/// Who may receive a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    Anyone,
    /// Not in the reply type at all.
    Nobody,
    /// Any of these role bits, or the owner of the object.
    Some {
        roles: u64,
        owner: bool,
    },
}

/// The value of a member, parameter, item or body.
#[derive(Debug, Clone)]
pub enum ValueKind {
    Boolean,
    Integer(Whole),
    Number(Real),
    Text(Text),
    Named(TypeId),
    List(List),
    Map(Entries),
    /// Whatever JSON can say.
    Json(Free),
    /// Only as a part of a body that is [`Media::Multipart`], or as one that is [`Media::Octets`].
    File(File),
}

/// An object whose names are data.
#[derive(Debug, Clone)]
pub struct Entries {
    pub values: Box<ValueKind>,
    pub values_nullable: bool,
    pub min: u64,
    pub max: u64,
    /// What names are taken; `None`: any.
    pub names: Option<Names>,
}

/// The names of an object whose names are data: `propertyNames`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    Text(Text),
    /// Unique; never empty.
    Words(Vec<String>),
}

/// Any JSON value: how long each string, list and object in it may be, at every depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Free {
    /// In code points (P55).
    pub string: u64,
    pub array: u64,
    pub object: u64,
}

/// A file. Lengths in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub min: u64,
    pub max: u64,
    /// Whether a person set the bound.
    pub max_declared: bool,
    /// Empty: bytes of whatever kind.
    pub types: Vec<String>,
    /// How many of a member, where fewer than its list may have.
    pub most: Option<u64>,
    pub names: Option<Pattern>,
}

/// An integer within int64. `min` and `max` are the least and the greatest value that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub min: i64,
    pub max: i64,
    /// The bound stands in the document as `exclusiveMinimum`, one below `min`, and nothing else is as strict.
    pub min_exclusive: bool,
    /// The bound stands in the document as `exclusiveMaximum`, one above `max`, and nothing else is as strict.
    pub max_exclusive: bool,
    /// Whether a person or a format set the bound (an attack at the boundary makes sense only then).
    pub min_declared: bool,
    pub max_declared: bool,
    pub multiple_of: Option<i64>,
}

/// A number, with or without a fraction; nothing is rounded (ruling 95). A bound is one that a person or a format set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Real {
    pub min: Option<Limit>,
    pub max: Option<Limit>,
    /// Positive, of 18 digits at most.
    pub multiple_of: Option<Decimal>,
}

/// A bound of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub at: Decimal,
    /// The bound itself is not taken.
    pub exclusive: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In code points (P55).
    pub min: u64,
    pub max: u64,
    pub max_declared: bool,
    pub pattern: Option<Pattern>,
    pub format: Option<Format>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// As in the document (ECMA-262).
    pub source: String,
    /// The same language for the `regex` crate.
    pub rust: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Email,
    Uuid,
    Date,
    DateTime,
    Uri,
    Ipv4,
    Ipv6,
}

#[derive(Debug, Clone)]
pub struct List {
    pub items: Box<ValueKind>,
    pub items_nullable: bool,
    pub min: u64,
    pub max: u64,
    pub max_declared: bool,
    /// Only for items that are text, numbers, booleans or words.
    pub unique: bool,
}

impl Real {
    /// Each rule that a number breaks, by its keyword.
    pub fn broken(&self, value: &Decimal) -> Vec<&'static str> {
        let mut broken = Vec::new();
        if let Some(min) = &self.min
            && (*value < min.at || min.exclusive && *value == min.at)
        {
            broken.push(min.word("minimum", "exclusiveMinimum"));
        }
        if let Some(max) = &self.max
            && (*value > max.at || max.exclusive && *value == max.at)
        {
            broken.push(max.word("maximum", "exclusiveMaximum"));
        }
        let step = self.multiple_of.as_ref();
        if step.is_some_and(|step| !value.is_multiple_of(step)) {
            broken.push("multipleOf");
        }
        broken
    }
}

impl Limit {
    /// Of which the bound itself is taken.
    pub fn closed(at: Decimal) -> Self {
        let exclusive = false;
        Limit { at, exclusive }
    }

    /// Of two words the one for it.
    pub fn word<'w>(&self, closed: &'w str, open: &'w str) -> &'w str {
        if self.exclusive { open } else { closed }
    }

    /// Whether less is taken above it than above the other one.
    pub fn is_above(&self, other: &Self) -> bool {
        (&self.at, self.exclusive) > (&other.at, other.exclusive)
    }

    /// Whether less is taken below it than below the other one.
    pub fn is_below(&self, other: &Self) -> bool {
        (&other.at, self.exclusive) > (&self.at, other.exclusive)
    }
}

impl ValueKind {
    /// Whether it is a map, or has one inside that is no type of its own.
    pub fn is_mapped(&self) -> bool {
        match self {
            ValueKind::Map(_) => true,
            ValueKind::List(list) => list.items.is_mapped(),
            ValueKind::Boolean
            | ValueKind::Integer(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::Named(_)
            | ValueKind::Json(_)
            | ValueKind::File(_) => false,
        }
    }

    /// The type that it has, or the items of the list have.
    pub fn inner(&self) -> Option<TypeId> {
        match self {
            ValueKind::Named(id) => Some(*id),
            ValueKind::List(list) => list.items.inner(),
            ValueKind::Map(map) => map.values.inner(),
            ValueKind::Boolean
            | ValueKind::Integer(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::Json(_)
            | ValueKind::File(_) => None,
        }
    }
}
