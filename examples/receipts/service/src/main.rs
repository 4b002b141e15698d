//! Receipts in memory: forms, and files in them. `BOOKS_PASSWORD` holds what became of the accounting system's password by
//! Argon2id; without it nobody has one.

mod handlers;
mod receipts;

use receipts::Kept;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the handlers share. Gone when the process ends: put a database here, and a store for the files.
#[derive(Default)]
pub struct App {
    receipts: Mutex<Vec<Kept>>,
    /// The hash of the accounting system's password.
    books: Option<String>,
}

impl App {
    pub fn receipts(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn main() -> std::process::ExitCode {
    api::run(|| {
        Ok(App {
            books: std::env::var("BOOKS_PASSWORD").ok(),
            ..App::default()
        })
    })
}
