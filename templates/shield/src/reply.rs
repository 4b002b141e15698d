//! The answers of handlers, as they leave: only what a projection wrote, with nothing added by a framework.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, HeaderValue};

pub use http::StatusCode;

use crate::grants::Grants;
use crate::json::{Put, Writer};
use crate::number::Number;
use crate::refusal::{Fault, Refusal};

/// The media type of every answer that is no problem.
pub(crate) const JSON: &str = "application/json";

/// An answer whose body the projection writes. What cannot be written as the document says is a fault of the handler, and
/// nothing of it leaves.
pub fn json(status: StatusCode, write: impl FnOnce(&mut Writer)) -> Result<Response, Refusal> {
    let mut writer = Writer::new();
    write(&mut writer);
    if let Some(why) = writer.failed() {
        return Err(Fault::new(why).into());
    }
    let mut response = Response::new(Body::from(writer.into_bytes()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(JSON);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// One value, as this caller may read it.
pub fn one(code: u16, value: &impl Put, grants: &Grants) -> Result<Response, Refusal> {
    json(status(code), |w| value.put(w, grants))
}

/// What the caller has just created, who owns it therefore (ruling 23).
pub fn created(code: u16, value: &impl Put, grants: &Grants) -> Result<Response, Refusal> {
    one(code, value, &grants.owning(true))
}

/// A value that a text can be.
pub trait Spell {
    fn spell(&self) -> Cow<'_, str>;
}

impl Spell for String {
    fn spell(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Spell for i64 {
    fn spell(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Spell for Number {
    fn spell(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl Spell for bool {
    fn spell(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

/// One plain value as text: nobody's in particular.
pub fn text(code: u16, value: &impl Spell, _grants: &Grants) -> Result<Response, Refusal> {
    let mut response = Response::new(Body::from(value.spell().into_owned()));
    *response.status_mut() = status(code);
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// Values that belong to nobody in particular.
pub fn many<T: Put>(code: u16, values: &[T], grants: &Grants) -> Result<Response, Refusal> {
    list(status(code), values.iter(), |w, value| {
        value.put(w, grants);
    })
}

/// Rows that were admitted.
pub trait Rows<T> {
    /// Each with whether it is the caller's own.
    fn admitted(&self) -> &[(T, bool)];
    /// The policy, when there was a row of which it could not decide; that row is left out.
    fn undecided(&self) -> Option<&'static str> {
        None
    }
}

/// The policy that could not decide of a row, on the way to where events are written.
#[derive(Clone, Copy)]
pub(crate) struct Unsure(pub &'static str);

/// Whether a row is the caller's own decides row by row what is shown (ruling 116).
pub fn rows<T: Put>(code: u16, rows: &impl Rows<T>, grants: &Grants) -> Result<Response, Refusal> {
    let mut response = list(status(code), rows.admitted().iter(), |w, (row, owner)| {
        row.put(w, &grants.owning(*owner));
    })?;
    if let Some(policy) = rows.undecided() {
        response.extensions_mut().insert(Unsure(policy));
    }
    Ok(response)
}

/// A declared answer without a body.
pub fn nothing(code: u16, _grants: &Grants) -> Result<Response, Refusal> {
    Ok(empty(status(code)))
}

/// A declared answer that is a problem.
pub fn refused(code: u16, _grants: &Grants) -> Result<Response, Refusal> {
    Err(Refusal::declared(code))
}

/// An answer that is an array, one row after the other.
pub fn list<T>(
    status: StatusCode,
    rows: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Writer, T),
) -> Result<Response, Refusal> {
    json(status, |w| {
        w.open_array();
        for row in rows {
            write(w, row);
        }
        w.close_array();
    })
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A declared status. What is none becomes 500: the document was checked for it.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use http_body::Body as _;

    #[test]
    fn json_says_what_it_is() {
        let response = json(StatusCode::CREATED, |w| {
            w.open();
            w.member("n").whole(1);
            w.close();
        })
        .unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(
            response
                .headers()
                .get(CONTENT_TYPE)
                .map(HeaderValue::as_bytes),
            Some(&b"application/json"[..])
        );
        assert_eq!(response.body().size_hint().exact(), Some(7));
    }

    #[test]
    fn a_text_is_sent_as_it_is_spelled() {
        let grants = Grants::default();
        let response = text(200, &"a\n".to_owned(), &grants).unwrap();
        let kind = response.headers().get(CONTENT_TYPE);
        let wanted = Some(&b"text/plain; charset=utf-8"[..]);
        assert_eq!(kind.map(HeaderValue::as_bytes), wanted);
        assert_eq!(response.body().size_hint().exact(), Some(2));
        let spelled = [(-7_i64).spell(), true.spell(), false.spell()];
        assert_eq!(spelled, ["-7", "true", "false"]);
    }

    #[test]
    fn what_failed_does_not_leave() {
        let response = json(StatusCode::OK, |w| {
            w.text("a");
            w.fail("why");
        });
        assert!(response.is_err());
    }

    #[test]
    fn a_list_is_an_array_of_its_rows() {
        let response = list(StatusCode::OK, [1, 2].into_iter(), |w, row| w.whole(row)).unwrap();
        assert_eq!(
            response.body().size_hint().exact(),
            Some("[1,2]".len() as u64)
        );
        let none = list(StatusCode::OK, std::iter::empty::<i64>(), |w, row| {
            w.whole(row)
        })
        .unwrap();
        assert_eq!(none.body().size_hint().exact(), Some("[]".len() as u64));
    }

    #[test]
    fn empty_has_neither_body_nor_type() {
        let response = empty(StatusCode::NO_CONTENT);
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(response.headers().is_empty());
        assert_eq!(response.body().size_hint().exact(), Some(0));
    }
}
