//! What is known of one `Appointment`: facts only, the guard decides.

use crate::App;
use crate::records::Appointment;
use api::access::{AppointmentFacts, AppointmentId, LoadAppointment};
use shield::Fault;

impl LoadAppointment for App {
    async fn load_appointment(
        &self,
        id: &AppointmentId,
    ) -> Result<Option<AppointmentFacts>, Fault> {
        let database = self.database();
        let found = Appointment::find(&database, id.as_str())?;
        found.map(|found| found.facts(&database)).transpose()
    }
}
