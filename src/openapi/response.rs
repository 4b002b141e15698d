//! Responses: what an operation answers, by status.

use std::collections::HashMap;

use super::codes;
use super::gaps;
use super::header::Field;
use super::keys::{self, Shape};
use super::reader::Reader;
use super::reference::{Cached, Component, Section};
use super::{Header, MediaType, Response, Spanned};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Node};

static HEADERS: Shape = Shape {
    name: "headers",
    extension: false,
    keys: &[],
};

static RESPONSES: Shape = Shape {
    name: "responses",
    extension: false,
    keys: &[],
};

/// A response without its status, which only its use knows.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    description: String,
    headers: Vec<Header>,
    content: Vec<MediaType>,
}

impl<'d> Reader<'_, 'd> {
    pub(super) fn responses(&mut self, node: &'d Node) -> Vec<Response> {
        let mut responses = Vec::new();
        for (key, value) in self.entries(node, &RESPONSES, true) {
            if !is_status(&key.text) {
                let message = format!("`{}` is not a status of a response", key.text);
                self.push(
                    Diagnostic::new(codes::VALUE, key.place, message)
                        .help("write a status like `200`, a range like `4XX`, or `default`"),
                );
                continue;
            }
            if let Some(answer) = self.component::<Answer>(value) {
                responses.push(Response {
                    status: Spanned {
                        value: key.text.clone(),
                        place: key.place,
                    },
                    description: answer.description,
                    headers: answer.headers,
                    content: answer.content,
                });
            }
        }
        if node.as_map().is_some_and(|map| map.entries.is_empty()) {
            self.fail(
                codes::MISSING,
                node.place,
                "an operation must have a response",
                "declare what it answers, for example `204`",
            );
        }
        responses
    }
}

/// The fields that the service may send itself; which response really has which is told by the plan.
const SENT: [&str; 6] = [
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "Accept",
    "Access-Control-Allow-Origin",
];

impl<'d> Reader<'_, 'd> {
    /// A handler has no word for a field, so that every other one is never sent.
    fn headers(&mut self, node: &'d Node) -> Vec<Header> {
        let mut headers = Vec::new();
        for (key, node) in self.entries(node, &HEADERS, false) {
            if !SENT.iter().any(|name| name.eq_ignore_ascii_case(&key.text)) {
                self.other_header(key, node);
                continue;
            }
            if let Some(field) = self.component::<Field>(node) {
                headers.push(Header {
                    name: Spanned {
                        value: key.text.clone(),
                        place: key.place,
                    },
                    schema: field.schema,
                });
            }
        }
        headers
    }

    /// A field that may be absent is kept to by never sending it; one that must be there would be missing.
    fn other_header(&mut self, key: &Key, node: &'d Node) {
        let Some(target) = self.follow(Section::Headers, node) else {
            return;
        };
        let Some(header) = self.object(target.node, &keys::OTHER_HEADER) else {
            return;
        };
        // OpenAPI ignores it here: `content` says it.
        let ignored = key.text.eq_ignore_ascii_case("content-type");
        if self.flag(&header, "required") && !ignored {
            self.gap(&gaps::RESPONSE_HEADERS, key.place, "");
        }
    }
}

/// `100` to `599`, `1XX` to `5XX`, `default`.
fn is_status(text: &str) -> bool {
    match text.as_bytes() {
        b"default" => true,
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', second, third] => second.is_ascii_digit() && third.is_ascii_digit(),
        _ => false,
    }
}

impl Component for Answer {
    const SECTION: Section = Section::Responses;

    fn cache<'a, 'd>(reader: &'a mut Reader<'_, 'd>) -> &'a mut HashMap<&'d str, Cached<Self>> {
        &mut reader.answers
    }

    fn read<'d>(reader: &mut Reader<'_, 'd>, node: &'d Node) -> Option<Self> {
        let response = reader.object(node, &keys::RESPONSE)?;
        let description = reader.required_text(&response, "description");
        let headers = response.get("headers").map(|node| reader.headers(node));
        let content = response.get("content").map(|node| reader.content(node));
        Some(Answer {
            description: description.map(|text| text.value).unwrap_or_default(),
            headers: headers.unwrap_or_default(),
            content: content.unwrap_or_default(),
        })
    }
}
