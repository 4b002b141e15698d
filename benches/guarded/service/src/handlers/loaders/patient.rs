//! What is known of one `Patient`: facts only, the guard decides.

use crate::App;
use api::access::{LoadPatient, PatientFacts, PatientId};
use shield::Fault;

impl LoadPatient for App {
    async fn load_patient(&self, id: &PatientId) -> Result<Option<PatientFacts>, Fault> {
        let found = self.records.find(id.as_str());
        Ok(found.and_then(|patient| {
            Some(PatientFacts {
                id: PatientId::parse(&patient.id)?,
                owner: patient.owner.clone(),
                tenant: patient.tenant.clone(),
                version: patient.version.into(),
                clinicians: Vec::new(),
            })
        }))
    }
}
