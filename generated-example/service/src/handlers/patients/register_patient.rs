//! POST /patients

use crate::App;
use crate::records::{Patient, new_id};
use api::access::Role;
use api::operations::register_patient::{Call, RegisterPatient, Reply};
use rusqlite::params;
use shield::Fault;

impl RegisterPatient for App {
    async fn register_patient(&self, call: Call) -> Result<Reply, Fault> {
        // Whose record it is, and of which clinic, comes from the token and from nowhere else.
        let Some(tenant) = call.caller.tenant() else {
            return Ok(Reply::Conflict);
        };
        let (id, body) = (new_id(), call.body);
        // Who works here opens the record of somebody else, whose own it will be once they have an account.
        let treats = call.caller.has(Role::Clinician);
        let owner = match treats {
            true => &id,
            false => call.caller.subject(),
        };
        let mut database = self.database();
        let database = database.transaction()?;
        let added = database.execute(
            "INSERT INTO patients (id, tenant, owner, version, name, birth_date, email, phone)
             VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7) ON CONFLICT (tenant, owner) DO NOTHING",
            params![
                id,
                tenant,
                owner,
                body.name,
                body.birth_date,
                body.email,
                body.phone.flatten()
            ],
        )?;
        if added == 0 {
            return Ok(Reply::Conflict);
        }
        if treats {
            Patient::treat(&database, &id, call.caller.subject())?;
        }
        let patient = Patient::find(&database, &id)?;
        database.commit()?;
        match patient {
            Some(patient) => Ok(Reply::Created(patient.reply())),
            None => Err(Fault::new("a new record is gone")),
        }
    }
}
