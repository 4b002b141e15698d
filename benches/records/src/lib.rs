//! The patients that all servers of the comparison answer about: in memory, the same every time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// As many as there are callers: each has a token and a record of their own.
pub const CALLERS: u64 = 10_000;

/// All of them belong to it.
pub const TENANT: &str = "clinic-7";

/// A patient as stored, and with feature `serde` as it is answered.
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Patient {
    pub id: String,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub tenant: String,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub owner: String,
    pub name: String,
    pub birth_date: String,
    pub email: String,
    pub phone: Option<String>,
    pub allergies: Vec<String>,
    pub version: u32,
}

impl Patient {
    /// A new record with an id of its own. It is answered and not kept: a run must not change what the next one finds.
    pub fn opened(
        tenant: &str,
        owner: &str,
        name: String,
        birth_date: String,
        email: String,
        phone: Option<String>,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(CALLERS);
        Patient {
            id: id(NEXT.fetch_add(1, Ordering::Relaxed)),
            tenant: tenant.to_owned(),
            owner: owner.to_owned(),
            name,
            birth_date,
            email,
            phone,
            allergies: Vec::new(),
            version: 1,
        }
    }
}

/// Every patient, by id.
pub struct Records(HashMap<String, Patient>);

impl Records {
    pub fn made() -> Self {
        let patients = (0..CALLERS).map(|number| {
            let patient = Patient {
                id: id(number),
                tenant: TENANT.to_owned(),
                owner: subject(number),
                name: format!("Patient {number}"),
                birth_date: "1984-02-29".to_owned(),
                email: format!("patient{number}@example.com"),
                phone: Some("+491711234567".to_owned()),
                allergies: vec!["Penicillin".to_owned(), "Peanuts".to_owned()],
                version: 3,
            };
            (patient.id.clone(), patient)
        });
        Records(patients.collect())
    }

    /// Whoever answers with it takes a copy, as if it had come from a database.
    pub fn find(&self, id: &str) -> Option<&Patient> {
        self.0.get(id)
    }
}

/// The id of a record.
pub fn id(number: u64) -> String {
    format!("5a1e0000-0000-4000-8000-{number:012x}")
}

/// The caller whose record it is.
pub fn subject(number: u64) -> String {
    format!("ca11e400-0000-4000-8000-{number:012x}")
}
