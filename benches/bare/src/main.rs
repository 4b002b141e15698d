//! Bare axum: the routes of the clinic, bodies by serde, its own accept loop. Whoever asks is answered.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use records::{Patient, Records, TENANT};
use std::sync::Arc;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewPatient {
    name: String,
    birth_date: String,
    email: String,
    phone: Option<String>,
}

async fn get_patient(State(records): State<Arc<Records>>, Path(id): Path<String>) -> Response {
    match records.find(&id).cloned() {
        Some(patient) => Json(patient).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn register_patient(Json(new): Json<NewPatient>) -> Response {
    let patient = Patient::opened(TENANT, "", new.name, new.birth_date, new.email, new.phone);
    (StatusCode::CREATED, Json(patient)).into_response()
}

async fn unwritten() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/v1/patients", get(unwritten).post(register_patient))
        .route(
            "/v1/patients/{patientId}",
            get(get_patient).put(unwritten).delete(unwritten),
        )
        .route("/v1/patients/{patientId}/appointments", post(unwritten))
        .route("/v1/appointments", get(unwritten))
        .route(
            "/v1/appointments/{appointmentId}",
            get(unwritten).patch(unwritten),
        )
        .with_state(Arc::new(Records::made()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("bare listens on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await
}
