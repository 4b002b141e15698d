//! Rows of the database, and what they are outside: facts for the guards, replies for the caller.

use api::access::{AppointmentFacts, AppointmentId, NoteFacts, NoteId, PatientFacts, PatientId};
use api::replies;
use api::words::AppointmentStatus;
use rusqlite::{Connection, OptionalExtension, Row, params};
use shield::Fault;

pub const TABLES: &str = "
    PRAGMA foreign_keys = ON;
    CREATE TABLE IF NOT EXISTS patients (
        id TEXT PRIMARY KEY, tenant TEXT NOT NULL, owner TEXT NOT NULL, version INTEGER NOT NULL,
        name TEXT NOT NULL, birth_date TEXT NOT NULL, email TEXT NOT NULL, phone TEXT,
        allergies TEXT NOT NULL DEFAULT '', risk_note TEXT,
        UNIQUE (tenant, owner)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS treated (
        patient TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE, clinician TEXT NOT NULL,
        PRIMARY KEY (patient, clinician)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS appointments (
        id TEXT PRIMARY KEY, patient TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
        version INTEGER NOT NULL, starts_at TEXT NOT NULL, minutes INTEGER NOT NULL, status TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS notes (
        id TEXT PRIMARY KEY, patient TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
        version INTEGER NOT NULL, written_at TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT;
";

/// Between two allergies in a column; the document admits no control characters there.
const SEPARATOR: char = '\u{1f}';

/// What the database holds that the document does not admit.
#[derive(Debug)]
pub struct Damaged(&'static str);

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the database holds {}", self.0)
    }
}

impl std::error::Error for Damaged {}

/// Who treats a patient, by the subjects of their tokens.
fn clinicians(database: &Connection, patient: &str) -> Result<Vec<String>, Fault> {
    let sql = "SELECT clinician FROM treated WHERE patient = ?1";
    let mut query = database.prepare(sql)?;
    let all = query.query_map(params![patient], |row| row.get(0))?;
    Ok(all.collect::<Result<_, _>>()?)
}

/// A patient as stored.
pub struct Patient {
    pub id: String,
    pub tenant: String,
    pub owner: String,
    pub version: u32,
    pub name: String,
    pub birth_date: String,
    pub email: String,
    pub phone: Option<String>,
    pub allergies: String,
    pub risk_note: Option<String>,
}

impl Patient {
    pub const COLUMNS: &str =
        "id, tenant, owner, version, name, birth_date, email, phone, allergies, risk_note";

    pub fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Patient {
            id: row.get("id")?,
            tenant: row.get("tenant")?,
            owner: row.get("owner")?,
            version: row.get("version")?,
            name: row.get("name")?,
            birth_date: row.get("birth_date")?,
            email: row.get("email")?,
            phone: row.get("phone")?,
            allergies: row.get("allergies")?,
            risk_note: row.get("risk_note")?,
        })
    }

    pub fn find(database: &Connection, id: &str) -> Result<Option<Self>, Fault> {
        let sql = format!("SELECT {} FROM patients WHERE id = ?1", Self::COLUMNS);
        Ok(database.query_row(&sql, params![id], Self::of).optional()?)
    }

    /// From now on the clinician treats the patient.
    pub fn treat(database: &Connection, id: &str, clinician: &str) -> Result<(), Fault> {
        let sql = "INSERT INTO treated (patient, clinician) VALUES (?1, ?2)";
        database.execute(sql, params![id, clinician])?;
        Ok(())
    }

    pub fn facts(&self, database: &Connection) -> Result<PatientFacts, Fault> {
        let id = PatientId::parse(&self.id).ok_or(Damaged("an id that is none"))?;
        Ok(PatientFacts {
            id,
            owner: self.owner.clone(),
            tenant: self.tenant.clone(),
            clinicians: clinicians(database, &self.id)?,
            version: self.version.into(),
        })
    }

    pub fn reply(self) -> replies::Patient {
        let allergies = join_back(&self.allergies);
        replies::Patient {
            id: self.id,
            name: self.name,
            birth_date: self.birth_date,
            email: self.email,
            phone: Some(self.phone),
            allergies: (!allergies.is_empty()).then_some(allergies),
            risk_note: self.risk_note,
            version: self.version.into(),
        }
    }
}

/// Allergies as one column.
pub fn joined(allergies: &[String]) -> String {
    allergies.join(&SEPARATOR.to_string())
}

fn join_back(column: &str) -> Vec<String> {
    column
        .split(SEPARATOR)
        .filter(|each| !each.is_empty())
        .map(str::to_owned)
        .collect()
}

/// An appointment as stored, with the owner and the tenant of its patient.
pub struct Appointment {
    pub id: String,
    pub patient: String,
    pub owner: String,
    pub tenant: String,
    pub version: u32,
    pub starts_at: String,
    pub minutes: i64,
    pub status: String,
    pub reason: String,
}

impl Appointment {
    /// Everything of an appointment; `WHERE` and `ORDER` follow.
    pub const SELECT: &str = "SELECT a.id, a.patient, p.owner, p.tenant, a.version, a.starts_at, a.minutes, a.status, \
                              a.reason FROM appointments a JOIN patients p ON p.id = a.patient";

    pub fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Appointment {
            id: row.get("id")?,
            patient: row.get("patient")?,
            owner: row.get("owner")?,
            tenant: row.get("tenant")?,
            version: row.get("version")?,
            starts_at: row.get("starts_at")?,
            minutes: row.get("minutes")?,
            status: row.get("status")?,
            reason: row.get("reason")?,
        })
    }

    pub fn find(database: &Connection, id: &str) -> Result<Option<Self>, Fault> {
        let sql = format!("{} WHERE a.id = ?1", Self::SELECT);
        Ok(database.query_row(&sql, params![id], Self::of).optional()?)
    }

    pub fn facts(&self, database: &Connection) -> Result<AppointmentFacts, Fault> {
        let id = AppointmentId::parse(&self.id).ok_or(Damaged("an id that is none"))?;
        let starts_at: jiff::Timestamp = self.starts_at.parse()?;
        Ok(AppointmentFacts {
            id,
            owner: self.owner.clone(),
            tenant: self.tenant.clone(),
            starts_at: Some(starts_at.try_into()?),
            clinicians: clinicians(database, &self.patient)?,
            version: self.version.into(),
        })
    }

    pub fn status(&self) -> Result<AppointmentStatus, Fault> {
        Ok(AppointmentStatus::parse(&self.status).ok_or(Damaged("a status that is none"))?)
    }

    pub fn reply(self) -> Result<replies::Appointment, Fault> {
        Ok(replies::Appointment {
            status: self.status()?,
            id: self.id,
            patient_id: self.patient,
            starts_at: self.starts_at,
            minutes: self.minutes,
            reason: self.reason,
        })
    }
}

/// A note as stored, with the owner and the tenant of its patient.
pub struct Note {
    pub id: String,
    pub patient: String,
    pub owner: String,
    pub tenant: String,
    pub version: u32,
    pub written_at: String,
    pub text: String,
}

impl Note {
    /// Everything of a note; `WHERE` and `ORDER` follow.
    pub const SELECT: &str = "SELECT n.id, n.patient, p.owner, p.tenant, n.version, n.written_at, n.text \
                              FROM notes n JOIN patients p ON p.id = n.patient";

    pub fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Note {
            id: row.get("id")?,
            patient: row.get("patient")?,
            owner: row.get("owner")?,
            tenant: row.get("tenant")?,
            version: row.get("version")?,
            written_at: row.get("written_at")?,
            text: row.get("text")?,
        })
    }

    pub fn find(database: &Connection, id: &str) -> Result<Option<Self>, Fault> {
        let sql = format!("{} WHERE n.id = ?1", Self::SELECT);
        Ok(database.query_row(&sql, params![id], Self::of).optional()?)
    }

    pub fn facts(&self) -> Result<NoteFacts, Fault> {
        let id = NoteId::parse(&self.id).ok_or(Damaged("an id that is none"))?;
        let parent = PatientId::parse(&self.patient).ok_or(Damaged("an id that is none"))?;
        Ok(NoteFacts {
            id,
            owner: self.owner.clone(),
            tenant: self.tenant.clone(),
            parent,
            version: self.version.into(),
        })
    }

    pub fn reply(self) -> replies::Note {
        replies::Note {
            id: self.id,
            written_at: self.written_at,
            text: self.text,
        }
    }
}

/// This moment, as the database sorts it.
pub fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// A moment as the database sorts it: UTC, whole seconds. The document admits only RFC 3339.
pub fn moment(text: &str) -> Result<String, Fault> {
    let moment: jiff::Timestamp = text.parse()?;
    Ok(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// An id for something new.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
