//! POST /accounts

use crate::App;
use crate::accounts::Account;
use api::operations::sign_up::{Call, Reply, SignUp};
use shield::Fault;

impl SignUp for App {
    async fn sign_up(&self, call: Call) -> Result<Reply, Fault> {
        let account = Account {
            id: uuid::Uuid::now_v7().to_string(),
            hash: call.issuer.hash(&call.body.password).await?,
            email: call.body.email,
        };
        match self.accounts.add(account)? {
            true => Ok(Reply::NoContent),
            false => Ok(Reply::Conflict),
        }
    }
}
