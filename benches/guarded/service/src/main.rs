//! The clinic with its patients in memory: what is left to measure is the guard.

mod handlers;

use api::replies;
use records::{Patient, Records};

pub struct App {
    pub records: Records,
}

/// A record as it is answered.
pub fn reply(patient: Patient) -> replies::Patient {
    replies::Patient {
        id: patient.id,
        name: patient.name,
        birth_date: patient.birth_date,
        email: patient.email,
        phone: Some(patient.phone),
        allergies: Some(patient.allergies),
        risk_note: None,
        version: patient.version.into(),
    }
}

fn main() -> std::process::ExitCode {
    api::run(|| {
        Ok(App {
            records: Records::made(),
        })
    })
}
