//! What is known of one `Patient`: facts only, the guard decides.

use crate::App;
use crate::records::Patient;
use api::access::{LoadPatient, PatientFacts, PatientId};
use shield::Fault;

impl LoadPatient for App {
    async fn load_patient(&self, id: &PatientId) -> Result<Option<PatientFacts>, Fault> {
        let database = self.database();
        let found = Patient::find(&database, id.as_str())?;
        found.map(|patient| patient.facts(&database)).transpose()
    }
}
