//! One operation with all that a request to it needs, and the requests made of that.

use super::case::{Request, Sent, Token};
use super::form;
use super::sample::Maker;
use super::spelled;
use crate::plan::{Body as Declared, In, Media, Operation, Param, Plan, Segment};
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An operation with all that its plainest request needs.
#[derive(Clone)]
pub struct Stage<'a> {
    pub operation: &'a Operation,
    pub maker: Maker<'a>,
    /// Roles of the plainest caller, as bits of the plan.
    pub roles: Vec<usize>,
    /// Parameter values that get in, by index, not encoded.
    pub values: BTreeMap<usize, String>,
    /// The plainest body.
    pub body: Option<Rc<Value>>,
    /// The plainest caller's.
    pub token: Option<Rc<Token>>,
    /// The request that gets in.
    pub plainest: Request,
}

impl<'a> Stage<'a> {
    /// The plainest request with other parameter values.
    pub fn request_with(&self, plan: &Plan, values: &BTreeMap<usize, String>) -> Request {
        self.assemble(plan, |at, param| spelled::texts(param, values.get(&at)?))
    }

    pub fn request(&self) -> Request {
        self.plainest.clone()
    }

    /// Every way in which the body may be written, the plainest first.
    pub fn ways(&self) -> &'a [Media] {
        let body = self.operation.body.as_ref();
        body.map_or(&[], |body| body.media.as_slice())
    }

    /// The same with a body that is written so.
    pub fn written(&self, media: Media) -> Stage<'a> {
        let mut stage = self.clone();
        if self.media() != media {
            stage.plainest = self
                .request()
                .replace("Content-Type", Some(form::content_type(media)));
            stage.plainest.written = Some(media);
        }
        stage
    }

    /// Whether the plainest body can be written so.
    pub fn is_said(&self) -> bool {
        let id = self.operation.body.as_ref().and_then(Declared::named);
        let (Some(id), Some(body)) = (id, &self.body) else {
            return true;
        };
        form::says(self.media(), &self.maker, id, body)
    }

    /// How the body is written.
    pub fn media(&self) -> Media {
        self.plainest.written.unwrap_or(Media::Json)
    }

    /// The plainest request, sent by the plainest caller.
    pub fn control(&self) -> Sent {
        self.request().by(self.token.clone())
    }

    /// The plainest request with one parameter written exactly so.
    pub fn request_raw(&self, plan: &Plan, param: usize, raw: &str) -> Request {
        self.request_texts(plan, param, &[raw.to_owned()])
    }

    /// The plainest request with one parameter written exactly so, once for each text.
    pub fn request_texts(&self, plan: &Plan, param: usize, raw: &[String]) -> Request {
        self.assemble(plan, |at, declared| match at == param {
            true => Some(raw.to_vec()),
            false => spelled::texts(declared, self.values.get(&at)?),
        })
    }

    fn assemble(
        &self,
        plan: &Plan,
        written: impl Fn(usize, &Param) -> Option<Vec<String>>,
    ) -> Request {
        let params = &self.operation.params;
        let in_path = |at: usize| Some(written(at, params.get(at)?)?.concat());
        let mut target = plan.mount.clone();
        for segment in &self.operation.segments {
            target.push('/');
            match segment {
                Segment::Literal(text) => target.push_str(text),
                Segment::Param(at) => target.push_str(&in_path(*at).unwrap_or_default()),
            }
        }
        if target.is_empty() {
            target.push('/');
        }
        let mut request = Request {
            method: self.operation.method.to_owned(),
            target,
            ..Request::default()
        };
        for (at, param) in params.iter().enumerate() {
            for value in written(at, param).unwrap_or_default() {
                request = match param.location {
                    In::Path => request,
                    In::Query => request.query(&format!("{}={value}", encode(&param.name))),
                    In::Header => request.header(&param.name, &value),
                };
            }
        }
        match &self.body {
            Some(body) => {
                let media = self.ways().first().copied().unwrap_or(Media::Json);
                let mut request = request.header("Content-Type", form::content_type(media));
                request.written = Some(media);
                request.json(body.clone())
            }
            None => request,
        }
    }
}

impl Request {
    /// Sent by whoever holds the token.
    pub fn by(self, token: Option<Rc<Token>>) -> Sent {
        Sent {
            request: self,
            token,
        }
    }
}

/// Everything but unreserved characters as `%XX` (RFC 3986 §2.3).
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
