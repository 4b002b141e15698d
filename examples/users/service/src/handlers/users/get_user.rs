//! GET /users/{userId}

use crate::App;
use api::operations::get_user::{Call, GetUser, Reply};
use shield::Fault;

impl GetUser for App {
    async fn get_user(&self, call: Call) -> Result<Reply, Fault> {
        let accounts = self.accounts();
        Ok(
            match accounts
                .iter()
                .find(|account| account.id == *call.user.id())
            {
                Some(account) => Reply::Ok(account.reply()),
                None => Reply::NotFound,
            },
        )
    }
}
