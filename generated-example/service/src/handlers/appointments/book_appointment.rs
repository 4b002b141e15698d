//! POST /patients/{patientId}/appointments

use crate::App;
use crate::records::{Appointment, moment, new_id};
use api::operations::book_appointment::{BookAppointment, Call, Reply};
use rusqlite::params;
use shield::Fault;

/// When the caller does not say how long.
const MINUTES: i64 = 30;

impl BookAppointment for App {
    async fn book_appointment(&self, call: Call) -> Result<Reply, Fault> {
        let (id, body) = (new_id(), call.body);
        let starts_at = moment(&body.starts_at)?;
        let database = self.database();
        // One statement, so that two bookings of the same moment cannot both pass.
        let added = database.execute(
            "INSERT INTO appointments (id, patient, version, starts_at, minutes, status, reason)
             SELECT ?1, id, 1, ?3, ?4, 'booked', ?5 FROM patients WHERE id = ?2 AND NOT EXISTS
                 (SELECT 1 FROM appointments WHERE patient = ?2 AND starts_at = ?3 AND status = 'booked')",
            params![id, call.patient.id().as_str(), starts_at, body.minutes.unwrap_or(MINUTES), body.reason],
        )?;
        match Appointment::find(&database, &id)? {
            Some(appointment) if added == 1 => Ok(Reply::Created(appointment.reply()?)),
            _ => Ok(Reply::Conflict),
        }
    }
}
