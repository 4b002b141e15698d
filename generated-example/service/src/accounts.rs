//! Who can sign in: a row each. What it says of roles and clinics goes into tokens, and nothing else does.

use rusqlite::{Connection, OptionalExtension, params};
use shield::Fault;

pub const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS accounts (
        id TEXT PRIMARY KEY, tenant TEXT NOT NULL, role TEXT NOT NULL, email TEXT NOT NULL UNIQUE COLLATE NOCASE,
        hash TEXT NOT NULL, card TEXT
    ) STRICT;
";

/// An account as stored.
pub struct Account {
    pub id: String,
    pub tenant: String,
    pub role: String,
    pub hash: String,
    /// The hash of what the card says of who has one: those who work in a clinic.
    pub card: Option<String>,
}

impl Account {
    pub fn by_email(database: &Connection, email: &str) -> Result<Option<Self>, Fault> {
        let sql = "SELECT id, tenant, role, hash, card FROM accounts WHERE email = ?1";
        let found = database.query_row(sql, params![email], |row| {
            Ok(Account {
                id: row.get("id")?,
                tenant: row.get("tenant")?,
                role: row.get("role")?,
                hash: row.get("hash")?,
                card: row.get("card")?,
            })
        });
        Ok(found.optional()?)
    }

    /// Whether the address was free.
    pub fn add(&self, database: &Connection, email: &str) -> Result<bool, Fault> {
        let added = database.execute(
            "INSERT INTO accounts (id, tenant, role, email, hash, card) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (email) DO NOTHING",
            params![self.id, self.tenant, self.role, email, self.hash, self.card],
        )?;
        Ok(added == 1)
    }
}
