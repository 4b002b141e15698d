//! GET /appointments/{appointmentId}

use crate::App;
use crate::records::Appointment;
use api::operations::get_appointment::{Call, GetAppointment, Reply};
use shield::Fault;

impl GetAppointment for App {
    async fn get_appointment(&self, call: Call) -> Result<Reply, Fault> {
        Ok(
            match Appointment::find(&self.database(), call.appointment.id().as_str())? {
                Some(appointment) => Reply::Ok(appointment.reply()?),
                None => Reply::NotFound,
            },
        )
    }
}
