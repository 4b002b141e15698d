//! Accounts that sign in, in a text file: what is asked of a person where the service issues its own tokens.

mod accounts;
mod handlers;

use accounts::Accounts;
use shield::Fault;
use std::path::Path;

/// What the handlers share.
pub struct App {
    pub accounts: Accounts,
}

impl App {
    fn open() -> Result<Self, Fault> {
        Ok(App {
            accounts: Accounts::open(Path::new("data/accounts"))?,
        })
    }
}

fn main() -> std::process::ExitCode {
    api::run(App::open)
}
