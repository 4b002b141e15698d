//! GET /plain/{number}

use crate::App;
use api::operations::read_plain::{Call, ReadPlain, Reply};
use api::replies;
use shield::Fault;

impl ReadPlain for App {
    async fn read_plain(&self, call: Call) -> Result<Reply, Fault> {
        let Some(patient) = self.records.find(&call.number).cloned() else {
            return Err(Fault::new("no such record"));
        };
        // The members that `read_owned` answers with, none of them anybody's in particular.
        Ok(Reply::Ok(replies::Plain {
            id: patient.id,
            name: patient.name,
            birth_date: patient.birth_date,
            email: patient.email,
            phone: Some(patient.phone),
            allergies: Some(patient.allergies),
            risk_note: None,
            version: patient.version.into(),
        }))
    }
}
