//! POST /appointments/cancel

use crate::App;
use api::operations::cancel_appointments::{Call, CancelAppointments, Reply};
use rusqlite::params;
use shield::Fault;

impl CancelAppointments for App {
    async fn cancel_appointments(&self, call: Call) -> Result<Reply, Fault> {
        let mut database = self.database();
        // All of them or none: what is left early is rolled back. Each as the guard saw it: its version, and of whom it is.
        let all = database.transaction()?;
        for appointment in &call.appointments {
            let facts = appointment.facts();
            let cancelled = all.execute(
                "UPDATE appointments SET version = version + 1, status = 'cancelled'
                 WHERE id = ?1 AND version = ?2 AND status = 'booked'
                     AND patient IN (SELECT id FROM patients WHERE owner = ?3)",
                params![
                    facts.id.as_str(),
                    i64::try_from(facts.version)?,
                    facts.owner
                ],
            )?;
            if cancelled == 0 {
                return Ok(Reply::Conflict);
            }
        }
        all.commit()?;
        Ok(Reply::NoContent)
    }
}
