//! What handlers may answer with: one status and one body each, or refused by name.

use super::codes;
use super::types::{Builder, name_of};
use super::{Media, Reply, ReplyBody, ReplyValue, ValueKind};
use crate::openapi::{Answered, MediaType, Operation, Response, SchemaUse};
use crate::policy::{OperationPolicy, ReplyKind, ReplyUse, gaps};

impl<'p> Builder<'p, '_, '_> {
    /// The replies that a handler may give, in document order.
    ///
    /// Where `x-security.replies` says which those are, the others are the service's own: it describes them, and no
    /// handler gives them. A range or `default` that stands for a success has one status ([`Operation::answered`]).
    pub(super) fn replies(
        &mut self,
        id: &str,
        operation: &'p Operation,
        held: &OperationPolicy,
    ) -> Option<Vec<Reply>> {
        if let Some(uses) = &held.replies {
            return self.replies_named(id, operation, uses);
        }
        let mut replies = Vec::new();
        let mut whole = true;
        let answered = operation.answered();
        if let Some(Answered {
            status,
            response: None,
        }) = answered
        {
            replies.push(Reply {
                status,
                description: "It is done; nothing is sent.".to_owned(),
                body: ReplyBody::Empty,
                rows: None,
            });
        }
        for response in &operation.responses {
            let mut content: Vec<&MediaType> = response.content.iter().collect();
            let stands = answered.filter(|each| {
                let place = each.response.map(|each| each.status.place);
                place == Some(response.status.place)
            });
            if stands.is_some() {
                // Those beside it are the service's own errors.
                content.retain(|media| !media.is_problem());
            }
            let status = stands.map(|each| each.status);
            match self.reply(id, response, status, &content) {
                Some(reply) => replies.extend(reply),
                None => whole = false,
            }
        }
        if whole && replies.is_empty() {
            self.report.gap(&gaps::REPLY_NONE, operation.place);
            return None;
        }
        whole.then_some(replies)
    }

    fn replies_named(
        &mut self,
        id: &str,
        operation: &'p Operation,
        uses: &[ReplyUse],
    ) -> Option<Vec<Reply>> {
        let mut replies = Vec::new();
        for named in uses {
            let responses = &mut operation.responses.iter();
            let found = responses.find(|each| each.status.value == named.status.to_string());
            let Some(response) = found else {
                let message = format!("the operation declares no response {}", named.status);
                let help = "declare it, or remove it from `replies`";
                self.report
                    .error(codes::REPLIES, named.place, message, help);
                continue;
            };
            let (problems, others): (Vec<_>, Vec<_>) = response
                .content
                .iter()
                .partition(|media| media.is_problem());
            let fits = match named.kind {
                // The service's own problems of the same status may stand beside what the handler sends.
                ReplyKind::Json | ReplyKind::Text => others.len() == 1,
                ReplyKind::Problem => others.is_empty() && problems.len() == 1,
                ReplyKind::Empty => others.is_empty(),
            };
            if !fits || (named.status < 400 && !problems.is_empty()) {
                let message = format!("the content of {} is not what `replies` says", named.status);
                let help = "correct one of them";
                self.report
                    .error(codes::REPLIES, named.place, message, help);
                continue;
            }
            let content: Vec<&MediaType> = match named.kind {
                ReplyKind::Json | ReplyKind::Text => others,
                ReplyKind::Problem => problems,
                ReplyKind::Empty => Vec::new(),
            };
            if let Some(Some(reply)) = self.reply(id, response, None, &content) {
                replies.push(reply);
            }
        }
        (replies.len() == uses.len()).then_some(replies)
    }

    fn reply(
        &mut self,
        id: &str,
        response: &'p Response,
        stands_for: Option<u16>,
        content: &[&'p MediaType],
    ) -> Option<Option<Reply>> {
        let text = response.status.value.as_str();
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let named = text.parse::<u16>().ok().filter(|_| digits);
        let Some(status) = named.or(stands_for) else {
            // `default` and the ranges of errors say what an answer may look like that no status declares. Where a status
            // is declared a handler has no such answer; what palisade refuses with is a problem.
            let problems = content.iter().all(|media| media.is_problem());
            let others = matches!(text, "default" | "4XX" | "5XX");
            if !problems && !others {
                self.report.gap(&gaps::REPLY_RANGE, response.status.place);
            }
            return (problems || others).then_some(None);
        };
        if !(200..600).contains(&status) {
            self.report.gap(&gaps::REPLY_STATUS, response.status.place);
            return None;
        }
        let mut rows = None;
        let body = match sent(content).as_slice() {
            [] => ReplyBody::Empty,
            [media, ..] if matches!(status, 204 | 205 | 304) => {
                self.report.gap(&gaps::REPLY_CONTENT, media.name.place);
                return None;
            }
            [media] if media.is_problem() => {
                // A problem is an error; `Refusal` has no word for one that is a success.
                if status < 400 {
                    self.report.gap(&gaps::REPLY_CONTENT, media.name.place);
                    return None;
                }
                ReplyBody::Problem
            }
            [
                MediaType {
                    name,
                    schema: Some(schema),
                },
            ] if name.value == Media::Json.name() => {
                let name = name_of(id, &format!("reply {status}"));
                let (value, count) = self.reply_value(&name, schema)?;
                rows = count;
                ReplyBody::Json(value)
            }
            [
                MediaType {
                    name,
                    schema: Some(schema),
                },
            ] if name.value == Media::Text.name() => {
                match self.reply_value(&name_of(id, &format!("reply {status}")), schema)? {
                    (ReplyValue::Plain(value), _) if self.is_text(&value) => ReplyBody::Text(value),
                    _ => {
                        self.report.gap(&gaps::TEXT_BODY, name.place);
                        return None;
                    }
                }
            }
            [media, ..] => {
                self.report.gap(&gaps::REPLY_CONTENT, media.name.place);
                return None;
            }
        };
        Some(Some(Reply {
            status,
            description: response.description.clone(),
            body,
            rows,
        }))
    }

    /// The value, and how many rows it has where it is a list.
    fn reply_value(
        &mut self,
        name: &str,
        schema: &'p SchemaUse,
    ) -> Option<(ReplyValue, Option<(u64, u64)>)> {
        let used = self.used(schema)?;
        self.unmarked(used);
        if used.nullable() {
            self.report.gap(&gaps::NULL_HERE, used.place);
            return None;
        }
        let found = self.value(used, name)?;
        if found.nullable {
            self.report.gap(&gaps::NULL_HERE, used.place);
            return None;
        }
        if self.replies_with_file(&found.value) {
            self.report.gap(&gaps::FILE_HERE, used.place);
            return None;
        }
        Some(match found.value {
            ValueKind::Named(id) if self.is_object(&ValueKind::Named(id)) => {
                (ReplyValue::One(id), None)
            }
            ValueKind::List(list) => match *list.items {
                ValueKind::Named(id) if self.is_object(&list.items) && !list.items_nullable => {
                    (ReplyValue::Many(id), Some((list.min, list.max)))
                }
                _ => (ReplyValue::Plain(ValueKind::List(list)), None),
            },
            plain => (ReplyValue::Plain(plain), None),
        })
    }
}

/// The representations that are sent. JSON is one of those that the document offers, and a client that accepts none but
/// the others is told so (406); a problem beside it would leave open which of the two is meant.
fn sent<'c>(content: &[&'c MediaType]) -> Vec<&'c MediaType> {
    let json = content
        .iter()
        .filter(|media| media.name.value == Media::Json.name());
    let json: Vec<&MediaType> = json.copied().collect();
    let problem = content.iter().any(|media| media.is_problem());
    match (json.len(), problem) {
        (1, false) => json,
        _ => content.to_vec(),
    }
}
