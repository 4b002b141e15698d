//! The clinic: the handlers' shared state, and nothing that decides who may do what.

mod accounts;
mod handlers;
mod records;

use rusqlite::Connection;
use shield::Fault;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the handlers share: one SQLite file. Its calls are short, so a handler makes them where it stands.
pub struct App {
    database: Mutex<Connection>,
}

impl App {
    /// Opens `./data/clinic.sqlite`, making it when there is none.
    fn open() -> Result<Self, Fault> {
        std::fs::create_dir_all("data")?;
        Self::with(Connection::open("data/clinic.sqlite")?)
    }

    fn with(connection: Connection) -> Result<Self, Fault> {
        connection.execute_batch(records::TABLES)?;
        connection.execute_batch(accounts::TABLE)?;
        Ok(App {
            database: Mutex::new(connection),
        })
    }

    /// The database. A handler that panicked left no statement half done: SQLite rolled it back.
    pub fn database(&self) -> MutexGuard<'_, Connection> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn main() -> std::process::ExitCode {
    api::run(App::open)
}
