//! What a document declares of answers that are the service's own, held against what the service really answers.

use super::answers::{self, Field, FieldRule};
use super::codes;
use super::model::Plan;
use crate::diagnostic::Diagnostic;
use crate::openapi::{Api, Bound, Header, Kind, Schema, SchemaUse, gaps};
use crate::policy::Policy;
use crate::policy::report::Report;

/// Refuses responses that nobody gives, and header fields that the service does not send like this.
pub(super) fn check(api: &Api, policy: &Policy, plan: &Plan, report: &mut Report) {
    for (held, operation) in policy.operations.iter().zip(&plan.operations) {
        let item = api.paths.get(held.path);
        let Some(declared) = item.and_then(|item| item.operations.get(held.operation)) else {
            continue;
        };
        let own = answers::own(plan, operation);
        for response in &declared.responses {
            let status = response.status.value.parse::<u16>().ok();
            if let (Some(replies), Some(status)) = (&held.replies, status)
                && !own.contains(&status)
                && !replies.iter().any(|reply| reply.status == status)
            {
                report.error(
                    codes::REPLIES,
                    response.status.place,
                    format!("neither the handler nor the service answers {status} here"),
                    "name it in `replies`, or remove it",
                );
            }
            let sent = status.map(|status| answers::fields(plan, operation, status));
            for header in &response.headers {
                let field = Field::ALL
                    .into_iter()
                    .find(|field| field.name().eq_ignore_ascii_case(&header.name.value));
                let known = field.filter(|field| {
                    sent.as_ref().is_some_and(|sent| sent.contains(field))
                        && agrees(api, header, &field.rule(plan))
                });
                if known.is_none() {
                    let gap = &gaps::RESPONSE_HEADERS;
                    let name = &header.name.value;
                    let message = format!("the service does not send `{name}` like this here");
                    report.push(
                        Diagnostic::new(gap.code, header.name.place, message).help(gap.way_out),
                    );
                }
            }
        }
    }
}

/// Whether a schema says of the field what is true of it, or nothing.
fn agrees(api: &Api, header: &Header, rule: &FieldRule) -> bool {
    let schema = match &header.schema {
        SchemaUse::Inline(schema) => schema.as_ref(),
        // What stands beside it may say more.
        SchemaUse::Component { beside, .. } if !beside.is_silent() => return false,
        SchemaUse::Component { name, .. } => {
            let found = api.schemas.iter().find(|(known, _)| known.value == *name);
            match found {
                Some((_, schema)) => schema,
                None => return false,
            }
        }
    };
    let kind = schema.kind.as_ref().map(|kind| kind.value);
    let Schema {
        format,
        enumeration,
        constant,
        minimum,
        maximum,
        multiple_of,
        min_length,
        max_length,
        pattern,
        ..
    } = schema;
    let plain = !schema.nullable && enumeration.is_none() && multiple_of.is_none();
    let texts = min_length.is_none()
        && match rule {
            FieldRule::Text {
                pattern: known,
                max,
            } => {
                pattern
                    .as_ref()
                    .is_none_or(|pattern| pattern.value == *known)
                    && max_length
                        .as_ref()
                        .is_none_or(|length| length.value == *max)
            }
            FieldRule::Whole { .. } | FieldRule::Word(_) => {
                pattern.is_none() && max_length.is_none()
            }
        };
    let words = match rule {
        FieldRule::Word(word) => constant
            .as_ref()
            .is_none_or(|node| node.as_str() == Some(word)),
        FieldRule::Text { .. } | FieldRule::Whole { .. } => constant.is_none(),
    };
    let bound = |bound: &Option<Bound>, known: u64| {
        bound
            .as_ref()
            .is_none_or(|bound| !bound.exclusive && bound.lexeme == known.to_string())
    };
    let numbers = match rule {
        FieldRule::Whole { min, max } => {
            kind == Some(Kind::Integer)
                && bound(minimum, *min)
                && bound(maximum, *max)
                && format.as_ref().is_none_or(|format| format.value == "int64")
        }
        FieldRule::Text { .. } | FieldRule::Word(_) => {
            kind == Some(Kind::String) && format.is_none()
        }
    };
    plain && texts && words && numbers
}
