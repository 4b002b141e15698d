//! GET /exports/patients

use crate::App;
use crate::records::Patient;
use api::operations::export_patients::{Call, ExportPatients, Reply};
use rusqlite::params;
use shield::Fault;

impl ExportPatients for App {
    async fn export_patients(&self, call: Call) -> Result<Reply, Fault> {
        let visible = call.visible_patient;
        let database = self.database();
        let mut query = database.prepare(&format!(
            "SELECT {} FROM patients WHERE tenant = ?1 AND (?2 IS NULL OR owner = ?2) ORDER BY name, id LIMIT 100",
            Patient::COLUMNS
        ))?;
        let mut rows = Vec::new();
        for row in query.query_map(params![visible.tenant(), visible.owner()], Patient::of)? {
            let row = row?;
            rows.push((row.facts(&database)?, row.reply()));
        }
        Ok(Reply::Ok(visible.admit(rows)))
    }
}
