//! The one way out: settles quotas, words refusals, puts the header set on, writes the event.

mod answer;
mod report;

use std::fmt::Write as _;

use axum::body::Body;
use axum::response::Response;
use http::header::{
    ACCEPT, ALLOW, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{Method, StatusCode};
use http_body::Body as _;
use uuid::Uuid;

use crate::exchange::Exchange;
use crate::json::push_digits;
use crate::problem::Problem;
use crate::refusal::{AuthReason, Kind, Refusal};
use crate::reply::{JSON, Unsure};
use crate::shield::{Inner, Shield};
use crate::spec::{Policy, Spec, StepUp};

use answer::Answer;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Seconds after which a 503 may be tried again.
const SOON: u64 = 1;

impl Shield {
    /// Makes the answer of a request from what became of it.
    pub(crate) fn finish(&self, mut x: Exchange, outcome: Result<Response, Refusal>) -> Response {
        let inner = self.inner();
        let now = inner.clock.unix();
        let mut id = None;
        let (mut response, refusal) = match outcome {
            Ok(response) => (response, None),
            Err(refusal) => {
                let id = *id.insert(request_id(now));
                (inner.word(&refusal.0, id), Some(refusal.0))
            }
        };
        let status = response.status();
        let unsure = response.extensions_mut().remove::<Unsure>();
        inner.settle(&mut x, status, refusal.as_deref());
        let what = report::What {
            refusal: refusal.as_deref(),
            unsure: unsure.map(|unsure| unsure.0),
            status,
        };
        report::write(inner, &x, &what, now, &mut id);
        x.unanswered = None;

        let mut headers = match inner.common(&x, response.headers()) {
            Some(common) => common.clone(),
            None => inner.over(std::mem::take(response.headers_mut())),
        };
        if !x.standings.is_empty() {
            rate_fields(inner, &x, &mut headers);
        }
        if let Some(cors) = &inner.cors
            && x.preflight.is_none()
        {
            cors.stamp(&x.head.headers, &mut headers);
        }
        let ahead = x.wire.as_deref().is_some_and(crate::wire::Wire::is_ahead);
        if x.close || ahead || refusal.as_deref().is_some_and(closes) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if x.head.method == Method::HEAD {
            if let Some(length) = response.body().size_hint().exact() {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            }
            *response.body_mut() = Body::empty();
        }
        *response.headers_mut() = headers;
        response
    }

    /// An answer without a request: to a connection that is refused, or that never said what it wanted.
    pub(crate) fn unasked(&self, kind: Kind, peer: std::net::IpAddr) -> Vec<u8> {
        let inner = self.inner();
        let now = inner.clock.unix();
        let id = request_id(now);
        let mut answer = Answer::of(inner.spec, &kind);
        let body = answer.body(id);
        report::connection(inner, &kind, answer.status, peer, now, id);
        let mut text = format!("HTTP/1.1 {}\r\n", answer.status);
        let mut field = |name: &str, value: &str| {
            // Writing to a `String` does not fail.
            let _ = write!(text, "{name}: {value}\r\n");
        };
        for (name, value) in inner.base.iter().chain(answer.headers.iter()) {
            field(name.as_str(), value.to_str().unwrap_or_default());
        }
        field("content-type", "application/problem+json");
        field("content-length", &body.len().to_string());
        field("connection", "close");
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&body);
        bytes
    }
}

impl Inner {
    /// What the answer brought along, with room for the rest; the base is put over it, so that what the shield says of
    /// caching and framing stands.
    fn over(&self, mut headers: HeaderMap) -> HeaderMap {
        headers.reserve(crate::headers::ROOM.saturating_sub(headers.len()));
        // guard: answer-headers
        for (name, value) in &self.base {
            headers.insert(name, value.clone());
        }
        headers
    }

    /// The same made beforehand, for an answer that is like most: a map is copied in half the time that it takes to fill
    /// one.
    fn common(&self, x: &Exchange, brought: &HeaderMap) -> Option<&HeaderMap> {
        let at = x.operation?;
        let limited = self.limits.get(at)?.is_some();
        let common = self.common.get(at)?;
        is_common(limited, !x.standings.is_empty(), brought).then_some(common)
    }

    /// A refusal as a problem (RFC 9457).
    fn word(&self, kind: &Kind, id: Uuid) -> Response {
        let mut answer = Answer::of(self.spec, kind);
        let mut response = Response::new(Body::from(answer.body(id)));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }

    /// Failures-only quotas give back what was no failure (ruling 106); a request that a quota refused gives back all
    /// (ruling 109).
    fn settle(&self, x: &mut Exchange, status: StatusCode, refusal: Option<&Kind>) {
        let refused = matches!(refusal, Some(Kind::Quota { .. }));
        let failed = status.is_client_error();
        for standing in &mut x.standings {
            let failures_only = self
                .quotas
                .spec(standing.quota)
                .is_some_and(|quota| quota.failures_only);
            if refused || (failures_only && !failed) {
                self.quotas.give_back(standing);
            }
        }
    }
}

/// Whether an answer brings nothing along but that it is JSON, and has a value for the place of `RateLimit` where there is
/// one.
fn is_common(limited: bool, charged: bool, brought: &HeaderMap) -> bool {
    let kind = brought.get(CONTENT_TYPE);
    brought.len() == 1 && kind.is_some_and(|kind| kind == JSON) && limited == charged
}

/// The fields of an operation's common answer, of which `RateLimit` has its place and no value yet.
pub(crate) fn common(base: &HeaderMap, limits: Option<&HeaderValue>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    headers.extend(base.clone());
    if let Some(limits) = limits {
        headers.insert(RATE_LIMIT, HeaderValue::from_static(""));
        headers.insert(RATE_LIMIT_POLICY, limits.clone());
    }
    headers
}

/// `RateLimit-Policy` of an operation (P79), with all its quotas in their order.
pub(crate) fn limits(spec: &Spec, policy: &Policy) -> Option<HeaderValue> {
    let quotas = policy
        .quotas
        .iter()
        .filter_map(|quota| spec.quotas.get(*quota));
    let items: Vec<String> = quotas
        .map(|quota| format!("\"{}\";q={};w={}", quota.name, quota.limit, quota.window))
        .collect();
    if items.is_empty() {
        None
    } else {
        HeaderValue::try_from(items.join(", ")).ok()
    }
}

/// Where the caller stands with every quota that was asked (rulings 15, 108).
fn rate_fields(inner: &Inner, x: &Exchange, headers: &mut HeaderMap) {
    let mut text = String::with_capacity(64);
    for standing in &x.standings {
        let Some(quota) = inner.quotas.spec(standing.quota) else {
            continue;
        };
        text.push_str(if text.is_empty() { "\"" } else { ", \"" });
        text.push_str(quota.name);
        text.push_str("\";r=");
        push_digits(&mut text, standing.remaining.into(), 1);
        text.push_str(";t=");
        push_digits(&mut text, standing.seconds(), 1);
    }
    if let Ok(value) = HeaderValue::try_from(text) {
        headers.insert(RATE_LIMIT, value);
    }
    if let Some(Some(policy)) = x
        .operation
        .and_then(|operation| inner.limits.get(operation))
    {
        headers.insert(RATE_LIMIT_POLICY, policy.clone());
    }
}

/// Whether the body was left unread on purpose, so that nothing after it can be trusted.
fn closes(kind: &Kind) -> bool {
    matches!(kind, Kind::BodyTooLarge | Kind::BodyTimeout)
}

/// A version 7 UUID. It names a request in answers and events; it is no secret, so its random part is a keyed hash of a
/// counter rather than a call of the system.
fn request_id(now: std::time::Duration) -> Uuid {
    use std::hash::{BuildHasher, RandomState};
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static KEYS: LazyLock<[RandomState; 2]> =
        LazyLock::new(|| [RandomState::new(), RandomState::new()]);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let [a, b] = &*KEYS;
    let mut random = [0; 10];
    let bytes = a
        .hash_one(count)
        .to_le_bytes()
        .into_iter()
        .chain(b.hash_one(count).to_le_bytes());
    random
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = from);
    let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_of_a_common_answer_is_left_without_its_value() {
        let base = crate::headers::base(true, false);
        let limits = HeaderValue::from_static("\"a\";q=1;w=1");
        let mut brought = HeaderMap::new();
        brought.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        for limited in [false, true] {
            let common = common(&base, limited.then_some(&limits));
            assert_eq!(common.contains_key(RATE_LIMIT), limited);
            assert_eq!(common.contains_key(RATE_LIMIT_POLICY), limited);
            assert!(
                base.iter()
                    .all(|(name, value)| common.get(name) == Some(value))
            );
            for charged in [false, true] {
                assert_eq!(is_common(limited, charged, &brought), limited == charged);
            }
        }
    }

    #[test]
    fn what_brings_more_along_is_not_common() {
        let mut brought = HeaderMap::new();
        assert!(!is_common(false, false, &brought), "no body");
        for (kind, common) in [(JSON, true), ("application/problem+json", false)] {
            brought.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            assert_eq!(is_common(false, false, &brought), common, "{kind}");
        }
        brought.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        brought.insert(ALLOW, HeaderValue::from_static("GET"));
        assert!(!is_common(false, false, &brought));
    }
}
