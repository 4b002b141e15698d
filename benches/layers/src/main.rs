//! The clinic behind the layers that axum teams know, assembled as their documentation shows: one crate for each thing the
//! document asks for. It refuses what the four requests of the comparison need refused; it does not do all that the
//! generated service does.

mod auth;
mod patients;
mod problem;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::routing::{get, post};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use records::Records;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// What handlers and middleware share.
pub struct App {
    pub records: Records,
    pub key: DecodingKey,
    pub validation: Validation,
    pub by_address: DefaultKeyedRateLimiter<IpAddr>,
    pub by_subject: DefaultKeyedRateLimiter<String>,
}

/// Larger than any run: what is measured is the counting.
fn plenty() -> Quota {
    Quota::per_minute(NonZeroU32::MAX)
}

async fn unwritten() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

type Failure = Box<dyn std::error::Error>;

fn app() -> Result<Arc<App>, Failure> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["clinic-api"]);
    validation.set_issuer(&["https://clinic.example.net"]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    Ok(Arc::new(App {
        records: Records::made(),
        key: DecodingKey::from_secret(std::env::var("CLINIC_KEY")?.as_bytes()),
        validation,
        by_address: RateLimiter::keyed(plenty()),
        by_subject: RateLimiter::keyed(plenty()),
    }))
}

fn router(app: Arc<App>) -> Result<Router, Failure> {
    let request_id = HeaderName::from_static("x-request-id");
    let cors = CorsLayer::new()
        .allow_origin(
            std::env::var("CLINIC_ORIGINS")?
                .split(',')
                .map(|origin| origin.parse::<HeaderValue>())
                .collect::<Result<Vec<_>, _>>()?,
        )
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .allow_credentials(true)
        .max_age(Duration::from_secs(600));
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let layers = ServiceBuilder::new()
        .layer(SetSensitiveRequestHeadersLayer::new([
            header::AUTHORIZATION,
        ]))
        .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(problem::span)
                .on_response(problem::told),
        )
        .layer(PropagateRequestIdLayer::new(request_id))
        .layer(set(header::CACHE_CONTROL, "no-store"))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ))
        .layer(set(header::X_FRAME_OPTIONS, "DENY"))
        .layer(set(header::REFERRER_POLICY, "no-referrer"))
        .layer(set(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ))
        .layer(set(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ))
        .layer(cors)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(15),
        ));
    Ok(Router::new()
        .route("/v1/patients", get(unwritten).post(patients::register))
        .route(
            "/v1/patients/{patientId}",
            get(patients::get).put(unwritten).delete(unwritten),
        )
        .route("/v1/patients/{patientId}/appointments", post(unwritten))
        .route("/v1/appointments", get(unwritten))
        .route(
            "/v1/appointments/{appointmentId}",
            get(unwritten).patch(unwritten),
        )
        .layer(DefaultBodyLimit::disable())
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            auth::verified,
        ))
        .layer(RequestBodyLimitLayer::new(16 * 1024))
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            auth::by_address,
        ))
        .layer(layers)
        .with_state(app))
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt().json().init();
    let router = router(app()?)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("layers listens on http://{}", listener.local_addr()?);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, service).await?)
}
