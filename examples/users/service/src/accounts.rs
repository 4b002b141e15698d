//! An account as it is stored, and what it is outside.

use api::access::{UserFacts, UserId};
use api::replies;
use api::words::Role;

#[derive(Clone)]
pub struct Account {
    pub id: UserId,
    pub version: u64,
    pub email: String,
    pub username: String,
    pub age: i64,
    pub role: Role,
    /// There is no place for it in `replies::User`: it cannot leave.
    pub password_hash: String,
    pub created_at: String,
}

impl Account {
    /// An account belongs to whoever's token names it.
    pub fn facts(&self) -> UserFacts {
        UserFacts {
            id: self.id.clone(),
            owner: self.id.as_str().to_owned(),
            version: self.version,
        }
    }

    pub fn reply(&self) -> replies::User {
        replies::User {
            id: self.id.as_str().to_owned(),
            email: self.email.clone(),
            username: self.username.clone(),
            age: self.age,
            role: self.role,
            created_at: self.created_at.clone(),
        }
    }

    /// Whether one of two accounts would take the other's name.
    pub fn clashes(&self, email: &str, username: &str) -> bool {
        self.email.eq_ignore_ascii_case(email) || self.username.eq_ignore_ascii_case(username)
    }
}
