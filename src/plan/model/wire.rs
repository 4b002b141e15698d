//! What is sent to an operation and what it answers: parameters, bodies, replies.

use super::{TypeId, ValueKind};
use crate::decimal::Decimal;
use crate::document::Place;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum In {
    Path,
    Query,
    Header,
}

#[derive(Debug, Clone)]
pub struct Param {
    pub name: String,
    pub location: In,
    pub required: bool,
    pub description: Option<String>,
    /// Boolean, integer, number, text, a named enumeration, or a list of one of these.
    pub value: ValueKind,
    /// The items of a list stand between commas, as they always do in a path and in a header; else each has the name
    /// before it.
    pub separated: bool,
    pub default: Option<Default>,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Default {
    Boolean(bool),
    Integer(i64),
    Number(Decimal),
    Text(String),
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    pub required: bool,
    /// How it may be written, JSON first; never empty. Each says the same. What is no object is written as JSON only.
    pub media: Vec<Media>,
    /// As how many parts it may come.
    pub parts: u64,
    pub value: ValueKind,
}

impl Body {
    /// The type of the body, where it has one of its own: an object, or words.
    pub fn named(&self) -> Option<TypeId> {
        match self.value {
            ValueKind::Named(id) => Some(id),
            _ => None,
        }
    }
}

/// How a request body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Media {
    Json,
    /// What a page's form sends.
    Form,
    /// What it sends when there are files in it.
    Multipart,
    /// One value, spelled as in a parameter. Alone, and never for an object or a list.
    Text,
    /// One file, and nothing that is said of it. Alone.
    Octets,
}

impl Media {
    /// All that are read.
    pub const ALL: [Media; 5] = [
        Media::Json,
        Media::Form,
        Media::Multipart,
        Media::Text,
        Media::Octets,
    ];

    /// As the document writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Media::Json => "application/json",
            Media::Form => "application/x-www-form-urlencoded",
            Media::Multipart => "multipart/form-data",
            Media::Text => "text/plain",
            Media::Octets => "application/octet-stream",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub description: String,
    pub body: ReplyBody,
    /// How many rows [`ReplyValue::Many`] has, at least and at most.
    pub rows: Option<(u64, u64)>,
}

#[derive(Debug, Clone)]
pub enum ReplyBody {
    Empty,
    /// Declared as `application/problem+json`: palisade writes it, the handler only names it.
    Problem,
    /// `application/json`.
    Json(ReplyValue),
    /// `text/plain`: a value that a parameter can be.
    Text(ValueKind),
}

impl ReplyBody {
    /// The type that what is sent has, or its items have.
    pub fn inner(&self) -> Option<TypeId> {
        match self {
            ReplyBody::Json(value) => value.inner(),
            ReplyBody::Text(value) => value.inner(),
            ReplyBody::Empty | ReplyBody::Problem => None,
        }
    }

    /// Its media type, where a handler gives it content.
    pub fn media_type(&self) -> Option<&'static str> {
        match self {
            ReplyBody::Json(_) => Some(Media::Json.name()),
            ReplyBody::Text(_) => Some(Media::Text.name()),
            ReplyBody::Empty | ReplyBody::Problem => None,
        }
    }
}

#[derive(Debug, Clone)]
pub enum ReplyValue {
    One(TypeId),
    /// A JSON array of objects.
    Many(TypeId),
    /// Anything else: no object stands at its top, and it is nobody's row.
    Plain(ValueKind),
}

impl ReplyValue {
    /// The type that it has, or its items have.
    pub fn inner(&self) -> Option<TypeId> {
        match self {
            ReplyValue::One(id) | ReplyValue::Many(id) => Some(*id),
            ReplyValue::Plain(value) => value.inner(),
        }
    }
}
