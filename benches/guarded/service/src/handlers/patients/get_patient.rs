//! GET /patients/{patientId}

use crate::{App, reply};
use api::operations::get_patient::{Call, GetPatient, Reply};
use shield::Fault;

impl GetPatient for App {
    async fn get_patient(&self, call: Call) -> Result<Reply, Fault> {
        Ok(match self.records.find(call.patient.id().as_str()) {
            Some(patient) => Reply::Ok(reply(patient.clone())),
            None => Reply::NotFound,
        })
    }
}
