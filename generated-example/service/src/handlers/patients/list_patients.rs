//! GET /patients

use crate::App;
use crate::records::Patient;
use api::operations::list_patients::{Call, ListPatients, Reply};
use rusqlite::params;
use shield::Fault;

impl ListPatients for App {
    async fn list_patients(&self, call: Call) -> Result<Reply, Fault> {
        let visible = call.visible_patient;
        let database = self.database();
        // A name is compared as it is: `_` and `%` in it mean themselves.
        let mut query = database.prepare(&format!(
            "SELECT {} FROM patients WHERE tenant = ?1
             AND (?2 OR owner = ?3 OR id IN (SELECT patient FROM treated WHERE clinician = ?3))
             AND (?4 IS NULL OR substr(name, 1, length(?4)) = ?4) ORDER BY name, id LIMIT ?5",
            Patient::COLUMNS
        ))?;
        let parameters = params![
            visible.tenant(),
            visible.is_bypassed(),
            call.caller.subject(),
            call.name,
            call.limit
        ];
        let mut rows = Vec::new();
        for row in query.query_map(parameters, Patient::of)? {
            let row = row?;
            rows.push((row.facts(&database)?, row.reply()));
        }
        Ok(Reply::Ok(visible.admit(rows)))
    }
}
