//! Errors as problems (RFC 9457), and what is traced of every request.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tracing::Span;

#[derive(serde::Serialize)]
pub struct Problem {
    status: u16,
    title: &'static str,
    detail: String,
    errors: Vec<Wrong>,
}

/// One member that is not as declared.
#[derive(serde::Serialize)]
pub struct Wrong {
    pub pointer: String,
    pub detail: String,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Problem {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or("Refused"),
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    pub fn naming(self, errors: Vec<Wrong>) -> Self {
        Problem { errors, ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"Clinic API\""),
            );
        }
        response
    }
}

pub fn span(request: &Request<Body>) -> Span {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

pub fn told<B>(response: &axum::http::Response<B>, latency: Duration, _: &Span) {
    tracing::info!(
        status = response.status().as_u16(),
        latency_us = latency.as_micros(),
        "answered"
    );
}
