//! GET /appointments

use crate::App;
use crate::records::Appointment;
use api::operations::list_appointments::{Call, ListAppointments, Reply};
use rusqlite::params;
use shield::Fault;

impl ListAppointments for App {
    async fn list_appointments(&self, call: Call) -> Result<Reply, Fault> {
        let visible = call.visible_appointment;
        let database = self.database();
        let mut query = database.prepare(&format!(
            "{} WHERE p.tenant = ?1 AND (?2 IS NULL OR p.owner = ?2) AND (?3 IS NULL OR a.status = ?3)
             ORDER BY a.starts_at, a.id LIMIT ?4",
            Appointment::SELECT
        ))?;
        let status = call.status.map(|status| status.as_str());
        let mut rows = Vec::new();
        for row in query.query_map(
            params![visible.tenant(), visible.owner(), status, call.limit],
            Appointment::of,
        )? {
            let row = row?;
            rows.push((row.facts()?, row.reply()?));
        }
        Ok(Reply::Ok(visible.admit(rows)))
    }
}
