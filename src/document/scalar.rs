//! Scalars and tags of YAML: what a value is, and the few tags that may say so.

use saphyr_parser::Tag;

use super::codes::{NOT_FINITE, TAG};
use super::number::{Plain, plain};
use super::{Place, Value};
use crate::diagnostic::Diagnostic;

type Refused = Box<Diagnostic>;

/// What a scalar means with its tag, if it has one.
pub(super) fn scalar_value(
    text: &str,
    is_plain: bool,
    tag: Option<&Tag>,
    place: Place,
) -> Result<Value, Refused> {
    let suffix = match tag {
        None if !is_plain => return Ok(Value::String(text.to_owned())),
        None => None,
        Some(tag) if tag.is_yaml_core_schema() => Some(tag.suffix.as_str()),
        Some(tag) => return Err(foreign_tag(tag, place)),
    };
    if suffix == Some("str") {
        return Ok(Value::String(text.to_owned()));
    }
    let value = match plain(text) {
        Plain::Value(value) => value,
        Plain::NotFinite => {
            let message = format!("`{text}` is not a finite number");
            return Err(Diagnostic::new(NOT_FINITE, place, message)
                .help("quote it if a text is meant; leave the bound out if none is meant")
                .into());
        }
        Plain::TooLarge => {
            let message = "the number has more than 128 bits";
            return Err(Diagnostic::new(NOT_FINITE, place, message)
                .help("quote it if a text is meant, or write it in decimal")
                .into());
        }
    };
    let agrees = match (suffix, &value) {
        (None, _)
        | (Some("null"), Value::Null)
        | (Some("bool"), Value::Bool(_))
        | (Some("float"), Value::Number(_)) => true,
        (Some("int"), Value::Number(lexeme)) => !lexeme.contains(['.', 'e']),
        _ => false,
    };
    match (agrees, tag) {
        (false, Some(tag)) => Err(foreign_tag(tag, place)),
        _ => Ok(value),
    }
}

/// Refuses a tag on a list or mapping that does not say the same.
pub(super) fn check_tag(tag: Option<&Tag>, expected: &str, place: Place) -> Result<(), Refused> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() || tag.suffix != expected => {
            Err(foreign_tag(tag, place))
        }
        _ => Ok(()),
    }
}

fn foreign_tag(tag: &Tag, place: Place) -> Refused {
    let shown = match tag.is_yaml_core_schema() {
        true => format!("!!{}", tag.suffix),
        false => tag.to_string(),
    };
    let message = format!(
        "the tag `{shown}` does not agree with the value, or is not a tag of YAML's core schema"
    );
    Diagnostic::new(TAG, place, message)
        .help("remove the tag; quote the value if a text is meant")
        .into()
}
