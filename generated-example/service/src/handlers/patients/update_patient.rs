//! PUT /patients/{patientId}

use crate::App;
use crate::records::{Patient, joined};
use api::operations::update_patient::{Call, Reply, UpdatePatient};
use rusqlite::params;
use shield::Fault;

impl UpdatePatient for App {
    async fn update_patient(&self, call: Call) -> Result<Reply, Fault> {
        let (facts, body) = (call.patient.facts(), call.body);
        let (id, version) = (facts.id.as_str(), i64::try_from(facts.version)?);
        // The caller has read another version than the one it was let in to.
        if body.version != version {
            return Ok(Reply::Conflict);
        }
        // What the caller may not write is not here: it keeps the value it has.
        let allergies = body.allergies.as_deref().map(joined);
        let database = self.database();
        // The version that the guard saw: who owns it may have changed since, and whoever wrote in between wins.
        let changed = database.execute(
            "UPDATE patients SET version = version + 1, name = ?2, birth_date = ?3, email = ?4, phone = ?5,
                 allergies = coalesce(?6, allergies), risk_note = coalesce(?7, risk_note)
             WHERE id = ?1 AND version = ?8",
            params![
                id,
                body.name,
                body.birth_date,
                body.email,
                body.phone.flatten(),
                allergies,
                body.risk_note,
                version
            ],
        )?;
        Ok(match (Patient::find(&database, id)?, changed) {
            (None, _) => Reply::NotFound,
            (Some(_), 0) => Reply::Conflict,
            (Some(patient), _) => Reply::Ok(patient.reply()),
        })
    }
}
