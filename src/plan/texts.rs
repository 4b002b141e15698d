//! Strings: lengths, patterns and formats.

use super::codes;
use super::patterns::{self, Patterns, Refused};
use super::spelled;
use super::{Format, Text};
use crate::openapi::{Kind, Schema};
use crate::policy::gaps;
use crate::policy::report::Report;

/// The pattern that is published for a string with no other rule than its length: no request can hold a NUL.
pub const NO_NUL: &str = r"^[^\u0000]*$";

/// Whether the schema is of a password: the format says how to show it, and whom to count (ruling 13).
pub(super) fn is_password(schema: &Schema) -> bool {
    schema
        .kind
        .as_ref()
        .is_none_or(|kind| kind.value == Kind::String)
        && schema
            .format
            .as_ref()
            .is_some_and(|format| format.value == "password")
}

/// The rule of a string. `most` is filled in where neither the schema nor its format bounds the length.
pub(super) fn read(
    schema: &Schema,
    most: u64,
    patterns: &mut Patterns,
    report: &mut Report,
) -> Option<Text> {
    let mut numeric = None;
    let (format, implied) = match schema
        .format
        .as_ref()
        .map(|format| (format.value.as_str(), format.place))
    {
        // A password is a string; the format says how to show it, and whom to count (ruling 13).
        None | Some(("password", _)) => (None, most),
        Some(("email", _)) => (Some(Format::Email), 254),
        Some(("uuid", _)) => (Some(Format::Uuid), 36),
        Some(("date", _)) => (Some(Format::Date), 10),
        Some(("date-time", _)) => (Some(Format::DateTime), 64),
        Some(("uri", _)) => (Some(Format::Uri), most),
        Some(("ipv4", _)) => (Some(Format::Ipv4), 15),
        // With the last two numbers as an address of IPv4.
        Some(("ipv6", _)) => (Some(Format::Ipv6), 45),
        Some((name, place)) => match spelled::pattern(name) {
            Some((spelling, length)) if schema.pattern.is_none() => {
                numeric = Some(spelling);
                (None, length)
            }
            // Two patterns would have to hold.
            _ => {
                report.gap(&gaps::FORMAT, place);
                return None;
            }
        },
    };
    let pattern = match &schema.pattern {
        None => match numeric.map(|spelling| patterns.translate(&spelling)) {
            None => None,
            Some(Ok(pattern)) => Some(pattern),
            Some(Err(_)) => {
                report.gap(&gaps::FORMAT, schema.place);
                return None;
            }
        },
        // It holds for every string of a request anyway (P57).
        Some(pattern) if pattern.value == NO_NUL => None,
        Some(pattern) => match patterns.translate(&pattern.value) {
            Ok(pattern) => Some(pattern),
            Err(Refused::Gap) => {
                report.gap(&gaps::PATTERN, pattern.place);
                return None;
            }
            Err(Refused::Size) => {
                report.gap(&gaps::PATTERN_SIZE, pattern.place);
                return None;
            }
            Err(Refused::Syntax) => {
                let why = patterns::why_not(&pattern.value);
                let message =
                    format!("this `pattern` is not a regular expression of ECMA-262{why}");
                let help = "correct it; a sign that stands for itself has a `\\` before it";
                report.error(codes::PATTERN_SYNTAX, pattern.place, message, help);
                return None;
            }
        },
    };
    let min = schema.min_length.as_ref().map_or(0, |length| length.value);
    let max = schema
        .max_length
        .as_ref()
        .map_or(implied, |length| length.value);
    if min > max {
        if schema.max_length.is_none() || report.is_clean() {
            let place = schema
                .min_length
                .as_ref()
                .map_or(schema.place, |length| length.place);
            let message = format!("`minLength` is {min}, and at most {max} characters are taken");
            report.error(codes::UNSATISFIABLE, place, message, "declare `maxLength`");
        }
        return None;
    }
    Some(Text {
        min,
        max,
        max_declared: schema.max_length.is_some(),
        pattern,
        format,
    })
}
