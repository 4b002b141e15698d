//! The two handlers, with the validation and the rules of access that the document declares for them.

use crate::App;
use crate::auth::Claims;
use crate::problem::{Problem, Wrong};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, Json, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use records::Patient;
use std::sync::Arc;

#[derive(serde::Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPatient {
    #[garde(length(chars, min = 1, max = 80))]
    name: String,
    #[garde(pattern(r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))]
    birth_date: String,
    #[garde(email, length(chars, max = 254))]
    email: String,
    #[garde(inner(pattern(r"^\+[1-9][0-9]{6,14}$")))]
    phone: Option<String>,
}

pub async fn get(
    State(app): State<Arc<App>>,
    Extension(claims): Extension<Claims>,
    Path(id): Path<String>,
) -> Response {
    let allowed = |patient: &Patient| {
        patient.tenant == claims.clinic
            && (patient.owner == claims.sub || claims.roles.iter().any(|role| role == "clinician"))
    };
    match app.records.find(&id).cloned() {
        Some(patient) if allowed(&patient) => Json(patient).into_response(),
        _ => Problem::new(StatusCode::NOT_FOUND, "there is nothing here").into_response(),
    }
}

pub async fn register(
    Extension(claims): Extension<Claims>,
    body: Result<Json<NewPatient>, JsonRejection>,
) -> Response {
    if !claims.roles.iter().any(|role| role == "patient") {
        return Problem::new(StatusCode::FORBIDDEN, "not for the caller").into_response();
    }
    let Json(new) = match body {
        Ok(new) => new,
        Err(rejection) => {
            return Problem::new(rejection.status(), rejection.body_text()).into_response();
        }
    };
    if let Err(report) = new.validate() {
        let errors = report.iter().map(|(path, error)| Wrong {
            pointer: format!("/{path}"),
            detail: error.to_string(),
        });
        tracing::warn!("validation failed");
        return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "the request is not valid")
            .naming(errors.collect())
            .into_response();
    }
    let patient = Patient::opened(
        &claims.clinic,
        &claims.sub,
        new.name,
        new.birth_date,
        new.email,
        new.phone,
    );
    (StatusCode::CREATED, Json(patient)).into_response()
}
