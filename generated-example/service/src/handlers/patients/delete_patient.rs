//! DELETE /patients/{patientId}

use crate::App;
use api::operations::delete_patient::{Call, DeletePatient, Reply};
use rusqlite::params;
use shield::Fault;

impl DeletePatient for App {
    async fn delete_patient(&self, call: Call) -> Result<Reply, Fault> {
        let id = call.patient.id().as_str();
        let gone = self
            .database()
            .execute("DELETE FROM patients WHERE id = ?1", params![id])?;
        Ok(if gone == 0 {
            Reply::NotFound
        } else {
            Reply::NoContent
        })
    }
}
