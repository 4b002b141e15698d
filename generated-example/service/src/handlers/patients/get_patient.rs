//! GET /patients/{patientId}

use crate::App;
use crate::records::Patient;
use api::operations::get_patient::{Call, GetPatient, Reply};
use shield::Fault;

impl GetPatient for App {
    async fn get_patient(&self, call: Call) -> Result<Reply, Fault> {
        let found = Patient::find(&self.database(), call.patient.id().as_str())?;
        Ok(found.map_or(Reply::NotFound, |patient| Reply::Ok(patient.reply())))
    }
}
