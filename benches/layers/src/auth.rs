//! Who calls, and how often: two middlewares.

use crate::App;
use crate::problem::Problem;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;

/// What the token says.
#[derive(Clone, serde::Deserialize)]
pub struct Claims {
    pub sub: String,
    pub roles: Vec<String>,
    pub clinic: String,
}

pub async fn by_address(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if app.by_address.check_key(&peer.ip()).is_err() {
        return Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many requests").into_response();
    }
    next.run(request).await
}

pub async fn verified(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let Some(token) = token else {
        tracing::warn!(reason = "missing", "authentication failed");
        return Problem::new(StatusCode::UNAUTHORIZED, "missing credentials").into_response();
    };
    let claims = match jsonwebtoken::decode::<Claims>(token, &app.key, &app.validation) {
        Ok(token) => token.claims,
        Err(error) => {
            tracing::warn!(%error, "authentication failed");
            return Problem::new(StatusCode::UNAUTHORIZED, "invalid credentials").into_response();
        }
    };
    if app.by_subject.check_key(&claims.sub).is_err() {
        return Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many requests").into_response();
    }
    tracing::info!(subject = %claims.sub, "authenticated");
    request.extensions_mut().insert(claims);
    next.run(request).await
}
