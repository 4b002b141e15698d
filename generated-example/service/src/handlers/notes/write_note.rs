//! POST /patients/{patientId}/notes

use crate::App;
use crate::records::{Note, new_id, now};
use api::operations::write_note::{Call, Reply, WriteNote};
use rusqlite::params;
use shield::Fault;

impl WriteNote for App {
    async fn write_note(&self, call: Call) -> Result<Reply, Fault> {
        let id = new_id();
        let patient = call.patient.facts();
        let database = self.database();
        // Of the patient as the guard saw it: one that has changed hands since gets no note.
        database.execute(
            "INSERT INTO notes (id, patient, version, written_at, text)
             SELECT ?1, id, 1, ?3, ?4 FROM patients WHERE id = ?2 AND version = ?5",
            params![
                id,
                patient.id.as_str(),
                now(),
                call.body.text,
                i64::try_from(patient.version)?
            ],
        )?;
        Ok(match Note::find(&database, &id)? {
            Some(note) => Reply::Created(note.reply()),
            None => Reply::NotFound,
        })
    }
}
