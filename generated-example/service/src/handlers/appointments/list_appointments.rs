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
            "{} WHERE p.tenant = ?1
             AND (?2 OR p.owner = ?3 OR p.id IN (SELECT patient FROM treated WHERE clinician = ?3))
             AND (?4 IS NULL OR a.status = ?4) ORDER BY a.starts_at, a.id LIMIT ?5",
            Appointment::SELECT
        ))?;
        let status = call.status.map(|status| status.as_str());
        let mut rows = Vec::new();
        for row in query.query_map(
            params![
                visible.tenant(),
                visible.is_bypassed(),
                call.caller.subject(),
                status,
                call.limit
            ],
            Appointment::of,
        )? {
            let row = row?;
            rows.push((row.facts(&database)?, row.reply()?));
        }
        Ok(Reply::Ok(visible.admit(rows)))
    }
}
