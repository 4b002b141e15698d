//! The accounts: a line for each, with id, hash of the password and email address. Put a database here.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Clone)]
pub struct Account {
    pub id: String,
    pub hash: String,
    pub email: String,
}

pub struct Accounts(Mutex<(Vec<Account>, File)>);

impl Accounts {
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let text = std::fs::read_to_string(path)?;
        let accounts = text.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ' ').map(str::to_owned);
            Some(Account {
                id: parts.next()?,
                hash: parts.next()?,
                email: parts.next()?,
            })
        });
        Ok(Accounts(Mutex::new((accounts.collect(), file))))
    }

    fn all(&self) -> MutexGuard<'_, (Vec<Account>, File)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn by_email(&self, email: &str) -> Option<Account> {
        let all = self.all();
        all.0.iter().find(|each| each.email == email).cloned()
    }

    pub fn by_id(&self, id: &str) -> Option<Account> {
        self.all().0.iter().find(|each| each.id == id).cloned()
    }

    /// Whether the address was free.
    pub fn add(&self, account: Account) -> io::Result<bool> {
        let mut all = self.all();
        if all.0.iter().any(|each| each.email == account.email) {
            return Ok(false);
        }
        let line = format!("{} {} {}\n", account.id, account.hash, account.email);
        all.1.write_all(line.as_bytes())?;
        all.1.sync_data()?;
        all.0.push(account);
        Ok(true)
    }
}
