//! What was sent, until it is admitted.

use crate::form::Sent;
use crate::grants::Grants;
use crate::input::written::{self, Written};
use crate::input::{At, Inputs};
use crate::json::{self, Take};
use crate::number::Number;
use crate::refusal::Refusal;
use crate::schema::{self, Schema};

/// Parameters and body of one request. Nothing of it reaches a handler but through these functions, which admit or refuse.
pub struct Given<'a> {
    inputs: Inputs<'a>,
    body: Sent,
    by: Grants,
    /// Of JSON.
    max_depth: u32,
}

/// A value that can be taken from a parameter.
pub trait Parse: Sized {
    /// `None` when the rule does not admit it.
    fn parse(text: &str, schema: &'static Schema) -> Option<Self>;

    /// The same of all that was sent: nothing but a list has items.
    fn parse_written(written: &Written<'_>, schema: &'static Schema) -> Option<Self> {
        Self::parse(written.one()?, schema)
    }
}

impl<'a> Given<'a> {
    pub(crate) fn new(inputs: Inputs<'a>, body: Sent, by: &Grants, max_depth: u32) -> Self {
        Given {
            inputs,
            body,
            by: *by,
            max_depth,
        }
    }

    /// A body that must be there.
    ///
    /// # Errors
    ///
    /// Where something that was sent is not admitted, here as below: 400, 403 or 422 with every rule that is broken, those of
    /// other parts too.
    pub fn body<T: Take>(&self) -> Result<T, Refusal> {
        self.admitted(self.decode())
    }

    /// A body that may be absent.
    ///
    /// # Errors
    ///
    /// As [`Given::body`].
    pub fn optional_body<T: Take>(&self) -> Result<Option<T>, Refusal> {
        if self.body.text.is_empty() {
            return Ok(None);
        }
        self.body().map(Some)
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    ///
    /// As [`Given::body`].
    pub fn required<T: Parse>(&self, at: At) -> Result<T, Refusal> {
        self.admitted(self.parse(at).flatten())
    }

    /// A parameter that may be absent.
    ///
    /// # Errors
    ///
    /// As [`Given::body`].
    pub fn optional<T: Parse>(&self, at: At) -> Result<Option<T>, Refusal> {
        self.admitted(self.parse(at))
    }

    /// A parameter with a default.
    ///
    /// # Errors
    ///
    /// As [`Given::body`].
    pub fn or<T: Parse>(&self, at: At, default: T) -> Result<T, Refusal> {
        Ok(self.optional(at)?.unwrap_or(default))
    }

    /// The same, of a default that is written as the parameter would be, and admitted as that is.
    ///
    /// # Errors
    ///
    /// As [`Given::body`].
    pub fn or_written<T: Parse>(&self, at: At, default: &str) -> Result<T, Refusal> {
        let by_default = || T::parse(default, self.inputs.schema(at)?);
        match self.optional(at)? {
            Some(value) => Ok(value),
            None => self.admitted(by_default()),
        }
    }

    fn decode<T: Take>(&self) -> Option<T> {
        let schema = self.inputs.input().body.as_ref()?;
        json::decode_with(&self.body.text, &self.body.files, self.max_depth, |json| {
            T::take(json, schema, &self.by)
        })
    }

    fn parse<T: Parse>(&self, at: At) -> Option<Option<T>> {
        let schema = self.inputs.schema(at)?;
        self.inputs
            .get(at, |written| T::parse_written(written, schema))
    }

    /// One part is not admitted: what is wrong is said of all of them.
    fn admitted<T>(&self, value: Option<T>) -> Result<T, Refusal> {
        value.ok_or_else(|| self.inputs.refuse(&self.body, &self.by, self.max_depth))
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

impl Parse for Number {
    fn parse(text: &str, schema: &'static Schema) -> Option<Self> {
        match schema {
            Schema::Real(rule) => rule.parse(text),
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

/// A list of what may stand alone.
impl<T: Parse + Take> Parse for Vec<T> {
    fn parse(_text: &str, _schema: &'static Schema) -> Option<Self> {
        None
    }

    fn parse_written(written: &Written<'_>, schema: &'static Schema) -> Option<Self> {
        match (schema, written) {
            (Schema::List(rule), Written::Items(items)) => {
                written::list(rule, items, |text| T::parse(text, &rule.items))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;
    use crate::input::Field;
    use crate::schema::{Real, Text, Whole};
    use crate::spec::{Access, Policy};

    crate::request! {
        pub struct Note {
            #[required("text", Text::new(1, 5))]
            pub text: String,
        }
    }

    static POLICY: Policy = Policy::base(64, 500, 200)
        .of("addNote", "POST", "/notes/{id}")
        .path(&[Field::new("id", true, Schema::Text(&Text::new(2, 9)))])
        .query(&[
            Field::new("limit", false, Schema::Whole(&Whole::new(1, 9))),
            Field::new("all", false, Schema::Boolean),
        ])
        .body(Note::TABLE);

    /// What a request gives, read as an operation reads it.
    fn given<T>(
        path: &str,
        query: &str,
        body: &str,
        read: impl FnOnce(&Given<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let headers = HeaderMap::new();
        let inputs = Inputs::parse(&POLICY.input, &[path], Some(query), &headers)?;
        let raw = Bytes::copy_from_slice(body.as_bytes());
        read(&Given::new(inputs, raw.into(), &Grants::default(), 9))
    }

    #[test]
    fn all_of_it_is_admitted_or_nothing() {
        let read = |given: &Given<'_>| {
            Ok((
                given.body::<Note>()?.text,
                given.required::<String>(At::Path(0))?,
                given.or::<i64>(At::Query(0), 5)?,
                given.optional::<bool>(At::Query(1))?,
            ))
        };
        let note = r#"{"text":"hi"}"#;
        let (hi, ab) = ("hi".to_owned(), "ab".to_owned());
        assert_eq!(
            given("ab", "", note, read).unwrap(),
            (hi.clone(), ab.clone(), 5, None)
        );
        assert_eq!(
            given("ab", "limit=9&all=true", note, read).unwrap(),
            (hi, ab, 9, Some(true))
        );
        for (path, query, body) in [
            ("a", "", note),
            ("ab", "limit=10", note),
            ("ab", "all=1", note),
            ("ab", "", r#"{"text":""}"#),
            ("ab", "", ""),
        ] {
            assert!(
                given(path, query, body, read).is_err(),
                "{path} {query} {body}"
            );
        }
    }

    #[test]
    fn a_default_is_admitted_as_what_is_sent() {
        static RATIO: Real = Real::ANY.max("9.5");
        static POLICY: Policy = Policy::base(64, 500, 200)
            .of("ratios", "GET", "/ratios")
            .query(&[Field::new("ratio", false, Schema::Real(&RATIO))]);
        let read = |query: &str, default: &str| {
            let headers = HeaderMap::new();
            let inputs = Inputs::parse(&POLICY.input, &[], Some(query), &headers)?;
            let given = Given::new(inputs, Bytes::new().into(), &Grants::default(), 9);
            given.or_written::<Number>(At::Query(0), default)
        };
        assert_eq!(read("", "0.5").unwrap().as_str(), "0.5");
        assert_eq!(read("ratio=9.50", "0.5").unwrap().as_str(), "9.50");
        assert!(read("ratio=9.51", "0.5").is_err());
        assert!(read("", "9.51").is_err());
    }

    #[test]
    fn a_body_that_may_be_absent_is_admitted_when_it_is_there() {
        let read = |given: &Given<'_>| given.optional_body::<Note>();
        assert!(given("ab", "", "", read).unwrap().is_none());
        assert!(given("ab", "", r#"{"text":"hi"}"#, read).unwrap().is_some());
        assert!(given("ab", "", "{}", read).is_err());
    }

    #[test]
    fn a_type_of_another_kind_than_its_rule_admits_nothing() {
        let note = r#"{"text":"hi"}"#;
        assert!(given("12", "", note, |given| given.required::<i64>(At::Path(0))).is_err());
        assert!(
            given("ab", "limit=1", note, |given| given
                .optional::<String>(At::Query(0)))
            .is_err()
        );
        assert!(
            given("ab", "all=true", note, |given| given
                .optional::<String>(At::Query(1)))
            .is_err()
        );
        // Nothing stands there.
        assert!(
            given("ab", "", note, |given| given
                .required::<String>(At::Path(1)))
            .is_err()
        );
    }

    #[test]
    fn what_is_not_stated_is_refused() {
        static NOTHING: Policy = Policy::base(64, 500, 200).of("open", "GET", "/");
        assert!(matches!(NOTHING.access, Access::Denied));
        assert!(NOTHING.body.is_none() && NOTHING.input.body.is_none());
        assert!(NOTHING.input.query.is_empty() && NOTHING.produces.is_empty());
        let get = NOTHING.grants(1);
        assert!((get.roles, get.owner, get.creating) == (1, false, false));
        assert!(POLICY.grants(0).creating);
    }
}
