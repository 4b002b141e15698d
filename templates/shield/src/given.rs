//! What was sent, until it is admitted.

use bytes::Bytes;

use crate::grants::Grants;
use crate::input::{At, Inputs};
use crate::json::{self, Take};
use crate::refusal::Refusal;
use crate::schema::{self, Schema};

/// Parameters and body of one request. Nothing of it reaches a handler but through [`Given::admit`].
pub struct Given<'a> {
    inputs: Inputs<'a>,
    raw: Bytes,
    by: Grants,
    /// Of JSON.
    max_depth: u32,
}

/// A value that can be taken from a parameter.
pub trait Parse: Sized {
    /// `None` when the rule does not admit it.
    fn parse(text: &str, schema: &'static Schema) -> Option<Self>;
}

impl<'a> Given<'a> {
    pub(crate) fn new(inputs: Inputs<'a>, raw: Bytes, by: &Grants, max_depth: u32) -> Self {
        Given {
            inputs,
            raw,
            by: *by,
            max_depth,
        }
    }

    /// What `read` makes of all of it.
    ///
    /// # Errors
    ///
    /// Where it admits something not (`None`): 400, 403 or 422 with every rule that is broken.
    pub fn admit<T>(&self, read: impl FnOnce(&Self) -> Option<T>) -> Result<T, Refusal> {
        read(self).ok_or_else(|| self.inputs.refuse(&self.raw, &self.by, self.max_depth))
    }

    /// A body that must be there.
    pub fn body<T: Take>(&self) -> Option<T> {
        let schema = self.inputs.input().body.as_ref()?;
        json::decode(&self.raw, self.max_depth, |json| {
            T::take(json, schema, &self.by)
        })
    }

    /// A body that may be absent.
    pub fn optional_body<T: Take>(&self) -> Option<Option<T>> {
        if self.raw.is_empty() {
            return Some(None);
        }
        self.body().map(Some)
    }

    /// A parameter that must be there.
    pub fn required<T: Parse>(&self, at: At) -> Option<T> {
        self.optional(at)?
    }

    /// A parameter that may be absent.
    pub fn optional<T: Parse>(&self, at: At) -> Option<Option<T>> {
        let schema = self.inputs.schema(at)?;
        self.inputs.get(at, |text| T::parse(text, schema))
    }

    /// A parameter with a default.
    pub fn or<T: Parse>(&self, at: At, default: T) -> Option<T> {
        Some(self.optional(at)?.unwrap_or(default))
    }
}

impl Parse for String {
    fn parse(text: &str, schema: &'static Schema) -> Option<Self> {
        match schema {
            Schema::Text(rule) => rule.keep(text),
            _ => None,
        }
    }
}

impl Parse for i64 {
    fn parse(text: &str, schema: &'static Schema) -> Option<Self> {
        match schema {
            Schema::Whole(rule) => rule.parse(text),
            _ => None,
        }
    }
}

impl Parse for bool {
    fn parse(text: &str, schema: &'static Schema) -> Option<Self> {
        match schema {
            Schema::Boolean => schema::flag(text),
            _ => None,
        }
    }
}
