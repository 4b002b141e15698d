//! POST /accounts

use crate::App;
use crate::accounts::Account;
use crate::records::new_id;
use api::operations::sign_up::{Call, Reply, SignUp};
use shield::Fault;

impl SignUp for App {
    async fn sign_up(&self, call: Call) -> Result<Reply, Fault> {
        // Which role it has is not for the caller to say.
        let account = Account {
            id: new_id(),
            tenant: call.body.clinic,
            role: "patient".to_owned(),
            hash: call.issuer.hash(&call.body.password).await?,
            card: None,
        };
        match account.add(&self.database(), &call.body.email)? {
            true => Ok(Reply::NoContent),
            false => Ok(Reply::Conflict),
        }
    }
}
