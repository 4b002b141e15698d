//! What an operation answers: the handler's replies and the service's own refusals, as they are on the wire.

use super::schemas::{Schemas, Side};
use super::tree::{Map, reference, texts};
use crate::plan::answers::{self, Field, FieldRule};
use crate::plan::{Access, NO_NUL, Operation, Plan, Reply, ReplyBody, ReplyValue};
use std::collections::{BTreeMap, BTreeSet};

/// The responses and header fields that operations refer to, as they are used.
pub struct Responses<'a> {
    plan: &'a Plan,
    /// By status and fields: the name, in the order of statuses.
    shared: BTreeMap<(u16, Vec<Field>), String>,
    fields: BTreeSet<Field>,
}

impl<'a> Responses<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        Responses {
            plan,
            shared: BTreeMap::new(),
            fields: BTreeSet::new(),
        }
    }

    /// `responses` of an operation, by status.
    pub fn of(&mut self, operation: &'a Operation, schemas: &Schemas<'a>, side: Side) -> Map<'a> {
        let own = answers::own(self.plan, operation);
        let replies = operation.replies.iter().map(|reply| reply.status);
        let mut statuses: BTreeSet<u16> = own.iter().copied().chain(replies).collect();
        if asks_nothing(operation, side) {
            statuses.insert(401);
        }
        let mut map = Map::new();
        for status in statuses {
            let fields = answers::fields(self.plan, operation, status);
            self.fields.extend(&fields);
            let reply = operation
                .replies
                .iter()
                .find(|reply| reply.status == status);
            let response = match reply {
                Some(reply) => {
                    let problem = own.contains(&status) || matches!(reply.body, ReplyBody::Problem);
                    declared(reply, problem, &fields, schemas, side)
                }
                None => reference("responses", self.shared(status, fields)),
            };
            map.set(status.to_string(), response);
        }
        map
    }

    /// Of one status there are several when the fields differ.
    fn shared(&mut self, status: u16, fields: Vec<Field>) -> &str {
        let (name, _) = words(status, &fields);
        let alike = |each: &&String| each.trim_end_matches(|c: char| c.is_ascii_digit()) == name;
        let count = self.shared.values().filter(alike).count();
        self.shared
            .entry((status, fields))
            .or_insert_with(|| match count {
                0 => name.to_owned(),
                _ => format!("{name}{}", count + 1),
            })
    }

    /// `components.responses`.
    pub fn responses(&self, schemas: &Schemas<'a>) -> Map<'a> {
        let mut map = Map::new();
        for ((status, fields), name) in &self.shared {
            let mut response = Map::new();
            response
                .set("description", words(*status, fields).1)
                .maybe("headers", headers(fields))
                .set("content", problem(schemas));
            map.set(name.clone(), response);
        }
        map
    }

    /// `components.headers`.
    pub fn headers(&self) -> Map<'a> {
        let mut map = Map::new();
        for field in &self.fields {
            let mut schema = Map::new();
            match field.rule(self.plan) {
                FieldRule::Text { pattern, max } => schema
                    .set("type", "string")
                    .set("pattern", pattern)
                    .set("maxLength", max),
                FieldRule::Whole { min, max } => schema
                    .set("type", "integer")
                    .set("format", "int64")
                    .set("minimum", min)
                    .set("maximum", max),
                FieldRule::Word(word) => schema.set("type", "string").set("const", word),
            };
            let mut header = Map::new();
            header
                .set("description", about(*field))
                .set("schema", schema);
            map.set(field.name(), header);
        }
        map
    }
}

/// Whether callers are told of a 401 that is not the service's: it reads no credential here, and what stands in front of it
/// may. Clients are to be ready for it, and linters want it on every operation.
fn asks_nothing(operation: &Operation, side: Side) -> bool {
    side == Side::Reply && matches!(operation.access, Access::Public { .. })
}

fn declared<'a>(
    reply: &'a Reply,
    own: bool,
    fields: &[Field],
    schemas: &Schemas<'a>,
    side: Side,
) -> Map<'a> {
    let mut content = Map::new();
    if let ReplyBody::Json(value) = &reply.body {
        let schema = match value {
            ReplyValue::One(id) => schemas.used(*id, side),
            ReplyValue::Plain(value) => schemas.value(value, false, false, side),
            ReplyValue::Many(id) => {
                let (min, max) = reply.rows.unwrap_or_default();
                let mut list = Map::new();
                list.set("type", "array");
                if min > 0 {
                    list.set("minItems", min);
                }
                list.set("maxItems", max)
                    .set("items", schemas.used(*id, side));
                list
            }
        };
        let mut media = Map::new();
        media.set("schema", schema);
        content.set("application/json", media);
    }
    if let ReplyBody::Text(value) = &reply.body {
        let mut media = Map::new();
        media.set("schema", schemas.value(value, false, false, side));
        content.set("text/plain", media);
    }
    if own {
        content.0.extend(problem(schemas).0);
    }
    let mut map = Map::new();
    map.set("description", &reply.description)
        .maybe("headers", headers(fields));
    if !content.is_empty() {
        map.set("content", content);
    }
    map
}

fn headers(fields: &[Field]) -> Option<Map<'static>> {
    let mut map = Map::new();
    for field in fields {
        map.set(field.name(), reference("headers", field.name()));
    }
    (!fields.is_empty()).then_some(map)
}

fn problem<'a>(schemas: &Schemas<'a>) -> Map<'a> {
    let mut media = Map::new();
    media.set("schema", reference("schemas", &schemas.problem));
    let mut content = Map::new();
    content.set("application/problem+json", media);
    content
}

/// The name of a shared response, and what it says.
fn words(status: u16, fields: &[Field]) -> (&'static str, &'static str) {
    let challenged = fields.contains(&Field::WwwAuthenticate);
    match status {
        400 => (
            "BadRequest",
            "The request cannot be parsed, or names a parameter that does not exist.",
        ),
        401 if challenged => ("Unauthorized", "There is no token, or it is not accepted."),
        401 => (
            "AskedByGateway",
            "Never from the service, which reads no credential here; a gateway in front of it may ask for one.",
        ),
        403 if challenged => ("InsufficientScope", "The caller may not do this."),
        403 => ("Forbidden", "This is not open to the caller."),
        404 => ("NotFound", "There is none, or it is not the caller's."),
        406 => (
            "NotAcceptable",
            "`Accept` names no media type of this operation.",
        ),
        408 => ("RequestTimeout", "The body took too long to arrive."),
        413 => ("ContentTooLarge", "The body is larger than is taken."),
        415 => (
            "UnsupportedMediaType",
            "The body is not of a media type that is taken, or is compressed.",
        ),
        422 => (
            "UnprocessableContent",
            "The request breaks its schema; `errors` says where.",
        ),
        429 => (
            "TooManyRequests",
            "There were too many requests; `Retry-After` says how long to wait.",
        ),
        500 => (
            "InternalServerError",
            "Something failed that is not the caller's fault.",
        ),
        _ => (
            "ServiceUnavailable",
            "The service is busy or took too long; the request may be sent again.",
        ),
    }
}

fn about(field: Field) -> &'static str {
    match field {
        Field::RateLimit => {
            "Requests that are left, and seconds until the window ends, for each limit. Absent where a request was refused before it was counted."
        }
        Field::RateLimitPolicy => {
            "Requests and seconds of the window, for each limit. Absent where a request was refused before it was counted."
        }
        Field::RetryAfter => "Seconds to wait.",
        Field::WwwAuthenticate => "The challenge (RFC 6750).",
        Field::Accept => "The media type that is taken.",
        Field::AllowOrigin => {
            "The origin that may read the answer, for requests of a browser from an origin that is allowed."
        }
    }
}

/// The body of every refusal (RFC 9457), as the service writes it.
pub fn problem_schema(plan: &Plan) -> Map<'static> {
    const PRINTABLE: &str = "^[ -~]*$";
    let text = |pattern: &'static str, max: u64, about: &'static str| {
        let mut map = Map::new();
        map.set("type", "string")
            .set("description", about)
            .set("pattern", pattern)
            .set("maxLength", max);
        map
    };
    let mut status = Map::new();
    status
        .set("type", "integer")
        .set("description", "The status of the answer.")
        .set("format", "int32")
        .set("minimum", 400_u16)
        .set("maximum", 599_u16);
    let limits = plan.operations.iter().map(|each| each.quotas.len()).max();
    let limits = u64::try_from(limits.unwrap_or(0)).unwrap_or(u64::MAX);
    let mut violated = Map::new();
    violated
        .set("type", "array")
        .set("description", "The limits that refused the request.")
        .set("maxItems", limits)
        .set(
            "items",
            text("^[A-Za-z0-9._-]+$", 64, "The name of a limit."),
        );
    let mut place = Map::new();
    place
        .set("type", "string")
        .set("description", "The part of the request.")
        .set("enum", texts(["body", "path", "query", "header", "cookie"]));
    let mut parts = Map::new();
    parts
        .set("in", place)
        .set(
            "pointer",
            text(
                NO_NUL,
                8_192,
                "A JSON Pointer within that part; a parameter is `/name`.",
            ),
        )
        .set("code", text("^[A-Za-z]+$", 64, "The rule that is broken."))
        .set("detail", text(PRINTABLE, 256, "The same in words."));
    let mut error = Map::new();
    error
        .set("type", "object")
        .set(
            "description",
            "What is wrong at one place; no value is repeated.",
        )
        .set("required", texts(["in", "pointer", "code", "detail"]))
        .set("additionalProperties", false)
        .set("properties", parts);
    let mut errors = Map::new();
    errors
        .set("type", "array")
        .set("description", "What is wrong with the request.")
        .set("maxItems", 20_u8)
        .set("items", error);
    let mut properties = Map::new();
    properties
        .set(
            "type",
            text(
                "^(urn:palisade:problem:|https://)[ -~]+$",
                128,
                "The kind of problem, a URI.",
            ),
        )
        .set("title", text(PRINTABLE, 64, "The status in words."))
        .set("status", status)
        .set("detail", text(PRINTABLE, 256, "What went wrong."))
        .set(
            "instance",
            text("^urn:uuid:[0-9a-f-]{36}$", 45, "The id of the request."),
        )
        .set(
            "code",
            text("^[A-Za-z_]+$", 64, "The same as `type`, as a word."),
        )
        .set("violated-policies", violated)
        .set("errors", errors);
    let mut map = Map::new();
    map.set("type", "object")
        .set("description", "Why a request was refused (RFC 9457).")
        .set(
            "required",
            texts(["type", "title", "status", "detail", "instance"]),
        )
        .set("additionalProperties", false)
        .set("properties", properties);
    map
}
