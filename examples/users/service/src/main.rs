//! Accounts in memory: the smallest whole service.

mod accounts;
mod handlers;

use accounts::Account;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the handlers share. Gone when the process ends: put a database here.
#[derive(Default)]
pub struct App {
    accounts: Mutex<Vec<Account>>,
}

impl App {
    pub fn accounts(&self) -> MutexGuard<'_, Vec<Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn main() -> std::process::ExitCode {
    api::run(|| Ok(App::default()))
}
