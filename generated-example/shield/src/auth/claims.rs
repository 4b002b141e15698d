//! What a token says, looked at after its signature was checked. Every kind is exact: nothing is converted.

use crate::json::number::{Whole, whole};
use crate::json::{Malformed, Value};
use crate::refusal::AuthReason;
use crate::schema::is_uuid;
use crate::spec::{Attribute, AttributeKind};

use super::Told;

/// The last second of the year 9999: a later time is a mistake or an attempt at overflow (P14).
const LAST: u64 = 253_402_300_799;

/// Strict JSON: also duplicates below the top level refuse (P23).
pub(super) fn parse(text: &[u8], depth: u32) -> Result<Value<'_>, AuthReason> {
    Value::parse(text, depth).map_err(|malformed| match malformed {
        Malformed::Duplicate(_) => AuthReason::Duplicate,
        _ => AuthReason::Malformed,
    })
}

/// The claims of a token whose signature was good.
pub(super) struct Claims<'t>(pub Value<'t>);

impl<'t> Claims<'t> {
    pub fn at(&self, pointer: &str) -> Option<&Value<'t>> {
        self.0.pointer(pointer)
    }

    /// A string that is not empty, or nothing.
    pub fn text(&self, pointer: &str) -> Result<Option<Box<str>>, AuthReason> {
        match self.at(pointer) {
            None => Ok(None),
            Some(Value::String(text)) => {
                // guard: claim-empty
                if text.is_empty() {
                    return Err(AuthReason::Malformed);
                }
                Ok(Some((&**text).into()))
            }
            Some(_) => Err(AuthReason::Malformed),
        }
    }

    /// A NumericDate (RFC 7519 §2) in whole seconds, or nothing.
    pub fn time(&self, pointer: &str) -> Result<Option<u64>, AuthReason> {
        match self.at(pointer) {
            None => Ok(None),
            Some(Value::Number(lexeme)) => seconds(lexeme).map(Some).ok_or(AuthReason::Malformed),
            Some(_) => Err(AuthReason::Malformed),
        }
    }

    /// One string or a list of strings; nothing is an empty list (ruling 52).
    pub fn words(&self, pointer: &str) -> Result<impl Iterator<Item = &str> + Clone, AuthReason> {
        let (one, many) = match self.at(pointer) {
            None => (None, &[][..]),
            Some(Value::String(word)) => (Some(&**word), &[][..]),
            Some(Value::Array(items)) if items.iter().all(|item| item.as_str().is_some()) => {
                (None, &**items)
            }
            Some(_) => return Err(AuthReason::Malformed),
        };
        Ok(one.into_iter().chain(many.iter().filter_map(Value::as_str)))
    }

    /// Separated by blanks (RFC 8693 §4.2) or a list of strings.
    pub fn scopes(&self, pointer: &str) -> Result<Vec<Box<str>>, AuthReason> {
        let named = |scope: &&str| !scope.is_empty();
        Ok(match self.at(pointer) {
            Some(Value::String(text)) => text.split(' ').filter(named).map(Box::from).collect(),
            _ => self.words(pointer)?.filter(named).map(Box::from).collect(),
        })
    }

    /// What the token says under a declared attribute, in its kind exactly (ruling 52).
    pub fn attribute(&self, declared: &Attribute) -> Result<Option<Told>, AuthReason> {
        let told = match (declared.kind, self.at(declared.from)) {
            (_, None) => None,
            (AttributeKind::Text, Some(_)) => self.text(declared.from)?.map(Told::Text),
            (AttributeKind::Uuid, Some(Value::String(text))) if is_uuid(text) => {
                Some(Told::Text((&**text).into()))
            }
            (AttributeKind::Whole, Some(Value::Number(lexeme))) => match whole(lexeme) {
                Whole::Exact(value) => Some(Told::Whole(value)),
                _ => return Err(AuthReason::Malformed),
            },
            (AttributeKind::Flag, Some(Value::Bool(value))) => Some(Told::Flag(*value)),
            (AttributeKind::Texts, Some(Value::Array(_))) => Some(Told::Texts(
                self.words(declared.from)?.map(Box::from).collect(),
            )),
            _ => return Err(AuthReason::Malformed),
        };
        // guard: claim-required, where declared.required
        if declared.required && told.is_none() {
            return Err(AuthReason::Malformed);
        }
        Ok(told)
    }

    /// Whether `aud`, a string or a list of strings, holds one of ours (P13).
    pub fn is_for(&self, ours: &[String]) -> bool {
        self.words("/aud")
            .is_ok_and(|mut named| named.any(|named| ours.iter().any(|ours| ours == named)))
    }
}

/// Fractions are cut off, so a token never lives longer than it says.
fn seconds(lexeme: &str) -> Option<u64> {
    // guard: claim-negative
    if lexeme.starts_with('-') {
        return None;
    }
    let whole = match lexeme.parse::<u64>() {
        Ok(whole) => whole,
        Err(_) => {
            let fractional = lexeme
                .parse::<f64>()
                .ok()
                .filter(|time| time.is_finite() && *time <= LAST as f64)?;
            fractional as u64
        }
    };
    (whole <= LAST).then_some(whole)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(claims: &str, kind: AttributeKind, required: bool) -> Result<Option<Told>, AuthReason> {
        let declared = Attribute {
            from: "/hr/a",
            kind,
            required,
        };
        Claims(parse(claims.as_bytes(), 8).unwrap()).attribute(&declared)
    }

    #[test]
    fn attributes_are_of_their_kind_exactly() {
        use AttributeKind::{Flag, Text, Texts, Uuid, Whole};
        let id = "\"00000000-0000-4000-8000-000000000001\"";
        let good = [
            (Text, "\"x\""),
            (Uuid, id),
            (Whole, "-7"),
            (Whole, "1e2"),
            (Flag, "false"),
            (Texts, "[]"),
            (Texts, "[\"x\", \"y\"]"),
        ];
        for (kind, value) in good {
            let claims = format!("{{\"hr\":{{\"a\":{value}}}}}");
            assert!(
                matches!(told(&claims, kind, true), Ok(Some(_))),
                "{kind:?} {value}"
            );
        }
        let bad = [
            (Text, "\"\""),
            (Text, "1"),
            (Text, "null"),
            (Uuid, "\"x\""),
            (Whole, "1.5"),
            (Whole, "\"1\""),
            (Whole, "1e40"),
            (Flag, "\"true\""),
            (Flag, "1"),
            (Texts, "\"x\""),
            (Texts, "[1]"),
        ];
        for (kind, value) in bad {
            let claims = format!("{{\"hr\":{{\"a\":{value}}}}}");
            assert!(told(&claims, kind, false).is_err(), "{kind:?} {value}");
        }
    }

    #[test]
    fn a_required_attribute_that_is_absent_refuses_the_token() {
        assert!(matches!(told("{}", AttributeKind::Text, false), Ok(None)));
        assert!(matches!(
            told("{}", AttributeKind::Text, true),
            Err(AuthReason::Malformed)
        ));
    }
}
