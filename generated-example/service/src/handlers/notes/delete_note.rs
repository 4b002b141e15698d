//! DELETE /patients/{patientId}/notes/{noteId}

use crate::App;
use api::operations::delete_note::{Call, DeleteNote, Reply};
use rusqlite::params;
use shield::Fault;

impl DeleteNote for App {
    async fn delete_note(&self, call: Call) -> Result<Reply, Fault> {
        let note = call.note.facts();
        // The note that the guard saw, where it saw it, and of whom.
        let gone = self.database().execute(
            "DELETE FROM notes WHERE id = ?1 AND version = ?2
                 AND patient IN (SELECT id FROM patients WHERE id = ?3 AND owner = ?4)",
            params![
                note.id.as_str(),
                i64::try_from(note.version)?,
                note.parent.as_str(),
                note.owner
            ],
        )?;
        Ok(if gone == 0 {
            Reply::NotFound
        } else {
            Reply::NoContent
        })
    }
}
