//! Who can sign in: a row each. What it says of roles and clinics goes into tokens, and nothing else does.

use rusqlite::{Connection, OptionalExtension, params};
use shield::Fault;

pub const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS accounts (
        id TEXT PRIMARY KEY, tenant TEXT NOT NULL, role TEXT NOT NULL, email TEXT NOT NULL UNIQUE COLLATE NOCASE,
        hash TEXT NOT NULL
    ) STRICT;
";

/// An account as stored.
pub struct Account {
    pub id: String,
    pub tenant: String,
    pub role: String,
    pub hash: String,
}

impl Account {
    pub fn by_email(database: &Connection, email: &str) -> Result<Option<Self>, Fault> {
        let sql = "SELECT id, tenant, role, hash FROM accounts WHERE email = ?1";
        let found = database.query_row(sql, params![email], |row| {
            Ok(Account {
                id: row.get("id")?,
                tenant: row.get("tenant")?,
                role: row.get("role")?,
                hash: row.get("hash")?,
            })
        });
        Ok(found.optional()?)
    }

    /// Whether the address was free.
    pub fn add(&self, database: &Connection, email: &str) -> Result<bool, Fault> {
        let added = database.execute(
            "INSERT INTO accounts (id, tenant, role, email, hash) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (email) DO NOTHING",
            params![self.id, self.tenant, self.role, email, self.hash],
        )?;
        Ok(added == 1)
    }
}
