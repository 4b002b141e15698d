//! PATCH /appointments/{appointmentId}

use crate::App;
use crate::records::{Appointment, moment};
use api::operations::update_appointment::{Call, Reply, UpdateAppointment};
use api::words::AppointmentStatus;
use rusqlite::params;
use shield::Fault;

impl UpdateAppointment for App {
    async fn update_appointment(&self, call: Call) -> Result<Reply, Fault> {
        let (facts, body) = (call.appointment.facts(), call.body);
        let version = i64::try_from(facts.version)?;
        let starts_at = body.starts_at.as_deref().map(moment).transpose()?;
        let database = self.database();
        let Some(found) = Appointment::find(&database, facts.id.as_str())? else {
            return Ok(Reply::NotFound);
        };
        // What has happened, or never will, is not moved.
        if starts_at.is_some() && found.status()? != AppointmentStatus::Booked {
            return Ok(Reply::Conflict);
        }
        // The version and the owner that the guard saw: whoever wrote in between wins.
        let changed = database.execute(
            "UPDATE appointments SET version = version + 1, starts_at = coalesce(?2, starts_at),
                 status = coalesce(?3, status) WHERE id = ?1 AND version = ?4
                 AND patient IN (SELECT id FROM patients WHERE owner = ?5)",
            params![
                facts.id.as_str(),
                starts_at,
                body.status.map(|status| status.as_str()),
                version,
                facts.owner
            ],
        )?;
        if changed == 0 {
            return Ok(Reply::Conflict);
        }
        match Appointment::find(&database, facts.id.as_str())? {
            Some(appointment) => Ok(Reply::Ok(appointment.reply()?)),
            None => Ok(Reply::NotFound),
        }
    }
}
