//! POST /patients

use crate::{App, reply};
use api::operations::register_patient::{Call, RegisterPatient, Reply};
use records::Patient;
use shield::Fault;

impl RegisterPatient for App {
    async fn register_patient(&self, call: Call) -> Result<Reply, Fault> {
        let Some(tenant) = call.caller.tenant() else {
            return Ok(Reply::Conflict);
        };
        let new = call.body;
        Ok(Reply::Created(reply(Patient::opened(
            tenant,
            call.caller.subject(),
            new.name,
            new.birth_date,
            new.email,
            new.phone.flatten(),
        ))))
    }
}
