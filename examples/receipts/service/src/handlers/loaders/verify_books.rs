//! Whose user and password these are: `books`.

use crate::App;
use api::access::{Role, VerifyBooks};
use shield::{Attempt, Fault, Known};

/// The one program that has a password.
const USER: &str = "books";

impl VerifyBooks for App {
    async fn verify_books(&self, attempt: Attempt) -> Result<Option<Known>, Fault> {
        let stored = self.books.as_deref();
        let stored = stored.filter(|_| attempt.user.expose() == USER);
        // Asked for any user, so that the time tells nobody which one there is.
        let known = attempt.verify_password(stored).await?;
        Ok(known.then(|| Known::of("accounting-system").role(Role::Bookkeeping)))
    }
}
