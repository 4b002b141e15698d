//! GET /owned/{patientId}

use crate::{App, reply};
use api::operations::read_owned::{Call, ReadOwned, Reply};
use shield::Fault;

impl ReadOwned for App {
    async fn read_owned(&self, call: Call) -> Result<Reply, Fault> {
        match self.records.find(call.patient.id().as_str()) {
            Some(patient) => Ok(Reply::Ok(reply(patient.clone()))),
            None => Err(Fault::new("a record that was there is gone")),
        }
    }
}
