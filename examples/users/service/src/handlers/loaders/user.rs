//! What is known of one `User`: facts only, the guard decides.

use crate::App;
use api::access::{LoadUser, UserFacts, UserId};
use shield::Fault;

impl LoadUser for App {
    async fn load_user(&self, id: &UserId) -> Result<Option<UserFacts>, Fault> {
        let accounts = self.accounts();
        Ok(accounts
            .iter()
            .find(|account| account.id == *id)
            .map(|account| account.facts()))
    }
}
