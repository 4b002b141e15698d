//! DELETE /users/{userId}

use crate::App;
use api::operations::delete_user::{Call, DeleteUser, Reply};
use shield::Fault;

impl DeleteUser for App {
    async fn delete_user(&self, call: Call) -> Result<Reply, Fault> {
        let mut accounts = self.accounts();
        let before = accounts.len();
        accounts.retain(|account| account.id != *call.user.id());
        Ok(if accounts.len() < before {
            Reply::NoContent
        } else {
            Reply::NotFound
        })
    }
}
