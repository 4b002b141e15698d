//! GET /patients/{patientId}/notes

use crate::App;
use crate::records::Note;
use api::operations::list_notes::{Call, ListNotes, Reply};
use rusqlite::params;
use shield::Fault;

impl ListNotes for App {
    async fn list_notes(&self, call: Call) -> Result<Reply, Fault> {
        let visible = call.visible_note;
        let database = self.database();
        let mut query = database.prepare(&format!(
            "{} WHERE p.tenant = ?1 AND (?2 IS NULL OR p.owner = ?2) AND n.patient = ?3
             ORDER BY n.written_at DESC, n.id DESC LIMIT ?4",
            Note::SELECT
        ))?;
        let parameters = params![
            visible.tenant(),
            visible.owner(),
            visible.parent(),
            call.limit
        ];
        let mut rows = Vec::new();
        for row in query.query_map(parameters, Note::of)? {
            let row = row?;
            rows.push((row.facts()?, row.reply()));
        }
        Ok(Reply::Ok(visible.admit(rows)))
    }
}
