//! Parameters of a request, and the words for an input that was refused.
//!
//! What cannot be parsed ends here with a 400 (rulings 9, 100; P51, P53, P57, P62); whether a value is one of those
//! declared is decided by the types that generated code parses it into, and answered with a 422.

use std::borrow::Cow;

use http::HeaderMap;

use crate::form::Sent;
use crate::grants::Grants;
use crate::json::{Malformed, Value};
use crate::refusal::{Kind, Refusal};
use crate::schema::{self, In, MOST, Schema, Violation};

pub(crate) mod percent;
pub(crate) mod written;

pub use written::Written;

#[cfg(test)]
mod tests;

/// All that an operation takes.
pub struct Input {
    /// In the order in which they stand in the path.
    pub path: &'static [Field],
    pub query: &'static [Field],
    pub header: &'static [Field],
    /// Parameters of the query that hold a credential: the guard has read them, and nobody else does.
    pub credentials: &'static [&'static str],
    /// What a body must be; `None` where none is declared.
    pub body: Option<Schema>,
    pub body_required: bool,
}

/// One parameter.
pub struct Field {
    name: &'static str,
    required: bool,
    schema: Schema,
    separated: bool,
}

impl Field {
    /// A header's name in any case; a parameter of the path is always required.
    pub const fn new(name: &'static str, required: bool, schema: Schema) -> Self {
        Field {
            name,
            required,
            schema,
            separated: false,
        }
    }

    /// A list in the query whose items stand between commas, under one name (`explode: false`). Without it each item has
    /// the name before it. In the path and in a header there are only commas.
    pub const fn separated(mut self) -> Self {
        self.separated = true;
        self
    }

    fn is_list(&self) -> bool {
        matches!(self.schema, Schema::List(_))
    }

    /// As the document writes it.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// Which parameter: its place in the list of [`Input`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Path(usize),
    Query(usize),
    Header(usize),
}

/// The parameters of one request, decoded, in the order of [`Input`].
pub struct Inputs<'a> {
    input: &'static Input,
    path: Vec<Option<Written<'a>>>,
    query: Vec<Option<Written<'a>>>,
    header: Vec<Option<Written<'a>>>,
}

impl<'a> Inputs<'a> {
    /// Takes the parameters apart. `segments` are the raw segments of the path that stand for [`Input::path`], in order;
    /// `query` is what follows the `?`, raw.
    ///
    /// # Errors
    ///
    /// 400 for what cannot be decoded, holds NUL or another control character, leaves its segment of the path, is given
    /// twice, or (in the query) is not declared.
    pub fn parse(
        input: &'static Input,
        segments: &[&'a str],
        query: Option<&'a str>,
        headers: &'a HeaderMap,
    ) -> Result<Inputs<'a>, Refusal> {
        Ok(Inputs {
            input,
            path: paths(input.path, segments)?,
            query: queries(input, query.unwrap_or_default())?,
            header: input
                .header
                .iter()
                .map(|field| header(field, headers))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Parses one parameter. Outer `None`: it is not admitted, or required and absent. Inner `None`: it is absent.
    pub fn get<T>(
        &self,
        at: At,
        parse: impl FnOnce(&Written<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        let (fields, values, index) = match at {
            At::Path(index) => (self.input.path, &self.path, index),
            At::Query(index) => (self.input.query, &self.query, index),
            At::Header(index) => (self.input.header, &self.header, index),
        };
        match values.get(index)? {
            Some(written) => parse(written).map(Some),
            None if fields.get(index)?.required => None,
            None => Some(None),
        }
    }

    /// All that the operation takes.
    pub(crate) fn input(&self) -> &'static Input {
        self.input
    }

    /// What a parameter must be.
    pub(crate) fn schema(&self, at: At) -> Option<&'static Schema> {
        let field = match at {
            At::Path(index) => self.input.path.get(index),
            At::Query(index) => self.input.query.get(index),
            At::Header(index) => self.input.header.get(index),
        };
        field.map(|field| &field.schema)
    }

    /// Words the refusal of a request whose parameters or body were not admitted: 400 for the grammar of the body, 403
    /// for members the caller may not send, else 422. It never lets anything pass: where it finds nothing wrong, it says
    /// just that (code `schema`).
    pub(crate) fn refuse(&self, body: &Sent, by: &Grants, max_depth: u32) -> Refusal {
        let raw = body.text.as_ref();
        let mut errors = self.parameters();
        // As in a body: beyond the reader's range is no matter of what is declared (rulings 9, 95).
        if let Some(beyond) = errors.iter().find(|error| error.code == "range") {
            return malformed("range", vec![beyond.clone()]);
        }
        if let Some(schema) = &self.input.body {
            if raw.is_empty() && self.input.body_required {
                return malformed("empty", Vec::new());
            }
            if !raw.is_empty() {
                let read = match Value::parse(raw, max_depth) {
                    Ok(read) => read,
                    Err(Malformed::Duplicate(pointer)) => {
                        let violation = Violation {
                            place: In::Body,
                            pointer,
                            code: "duplicate",
                            words: None,
                        };
                        return malformed("duplicate", vec![violation]);
                    }
                    Err(other) => return malformed(other.code(), Vec::new()),
                };
                let forbidden = schema::forbidden(schema, &read, by);
                if !forbidden.is_empty() {
                    return Refusal::new(Kind::ForbiddenMembers(forbidden));
                }
                errors.extend(schema::violations(schema, &read, &body.files, by));
            }
        }
        errors.truncate(MOST);
        if errors.is_empty() {
            errors.push(Violation {
                place: In::Body,
                pointer: String::new(),
                code: "schema",
                words: None,
            });
        }
        Refusal::new(Kind::Invalid(errors))
    }

    /// The rules that parameters break, in the order path, query, header.
    fn parameters(&self) -> Vec<Violation> {
        let groups = [
            (In::Path, self.input.path, &self.path),
            (In::Query, self.input.query, &self.query),
            (In::Header, self.input.header, &self.header),
        ];
        let mut errors = Vec::new();
        for (place, fields, values) in groups {
            for (field, value) in fields.iter().zip(values) {
                match value {
                    Some(Written::One(text)) => {
                        let codes = schema::parameter(&field.schema, text).into_iter();
                        errors.extend(
                            codes.map(|code| Violation::of_parameter(place, field.name, code)),
                        );
                    }
                    Some(Written::Items(items)) => {
                        schema::items(&field.schema, items, place, field.name, &mut errors);
                    }
                    None if field.required => {
                        errors.push(Violation::of_parameter(place, field.name, "required"));
                    }
                    None => {}
                }
            }
        }
        errors
    }
}

pub(crate) fn malformed(code: &'static str, errors: Vec<Violation>) -> Refusal {
    Refusal::new(Kind::Malformed { code, errors })
}

/// 400 about one parameter.
fn bad(place: In, name: &str, code: &'static str) -> Refusal {
    malformed(code, vec![Violation::of_parameter(place, name, code)])
}

/// Values of the path. One that decodes to a separator or to a dot segment stands for another route to whoever decodes
/// it again, so it is none (P62).
fn paths<'a>(fields: &[Field], segments: &[&'a str]) -> Result<Vec<Option<Written<'a>>>, Refusal> {
    let value = |(at, field): (usize, &Field)| {
        let Some(segment) = segments.get(at) else {
            return Ok(None);
        };
        let written = match field.is_list() {
            true => Written::separated(segment, percent::path),
            false => percent::path(segment).map(Written::One),
        };
        let written = written.map_err(|code| bad(In::Path, field.name, code))?;
        // guard: path-segment
        if written.leaves() {
            return Err(bad(In::Path, field.name, "syntax"));
        }
        Ok(Some(written))
    };
    fields.iter().enumerate().map(value).collect()
}

/// Values of the query, as a form writes them: `&` between, `+` for a blank.
fn queries<'a>(input: &Input, query: &'a str) -> Result<Vec<Option<Written<'a>>>, Refusal> {
    let fields = input.query;
    let mut values = vec![None; fields.len()];
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A name that cannot be decoded can be none of ours, and is not repeated in the answer.
        let name = percent::query(name).map_err(|code| malformed(code, Vec::new()))?;
        let known = fields
            .iter()
            .zip(values.iter_mut())
            .find(|(field, _)| field.name == name);
        match known {
            None if input.credentials.iter().any(|known| **known == *name) => {}
            None => {
                // guard: query-unknown
                return Err(bad(In::Query, &name, "unknown"));
            }
            Some((field, slot)) => {
                let listed = field.is_list();
                let repeated = listed && !field.separated;
                // guard: query-duplicate, where !repeated
                if slot.is_some() && !repeated {
                    return Err(bad(In::Query, &name, "duplicate"));
                }
                let broken = |code| bad(In::Query, &name, code);
                if listed && field.separated {
                    let items = Written::separated(value, percent::query);
                    *slot = Some(items.map_err(broken)?);
                    continue;
                }
                let text = percent::query(value).map_err(broken)?;
                match repeated {
                    true => Written::push(slot, text),
                    false => *slot = Some(Written::One(text)),
                }
            }
        }
    }
    Ok(values)
}

/// The value of a declared header. Given twice it is refused: which of the two would count is a guess.
fn header<'a>(field: &Field, headers: &'a HeaderMap) -> Result<Option<Written<'a>>, Refusal> {
    let mut given = headers.get_all(field.name).iter();
    let Some(value) = given.next() else {
        return Ok(None);
    };
    // guard: header-duplicate
    if given.next().is_some() {
        return Err(bad(In::Header, field.name, "duplicate"));
    }
    let text =
        std::str::from_utf8(value.as_bytes()).map_err(|_| bad(In::Header, field.name, "syntax"))?;
    percent::printable(text).map_err(|code| bad(In::Header, field.name, code))?;
    Ok(Some(match field.is_list() {
        true => Written::field(text),
        false => Written::One(Cow::Borrowed(text)),
    }))
}
