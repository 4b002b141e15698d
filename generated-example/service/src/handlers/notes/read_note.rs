//! GET /patients/{patientId}/notes/{noteId}

use crate::App;
use crate::records::Note;
use api::operations::read_note::{Call, ReadNote, Reply};
use shield::Fault;

impl ReadNote for App {
    async fn read_note(&self, call: Call) -> Result<Reply, Fault> {
        Ok(
            match Note::find(&self.database(), call.note.id().as_str())? {
                Some(note) => Reply::Ok(note.reply()),
                None => Reply::NotFound,
            },
        )
    }
}
