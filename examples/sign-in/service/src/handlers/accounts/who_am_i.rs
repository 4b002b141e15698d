//! GET /me

use crate::App;
use api::operations::who_am_i::{Call, Reply, WhoAmI};
use api::replies;
use shield::Fault;

impl WhoAmI for App {
    async fn who_am_i(&self, call: Call) -> Result<Reply, Fault> {
        let account = self.accounts.by_id(call.caller.subject());
        let account = account.ok_or_else(|| Fault::new("a caller without an account"))?;
        Ok(Reply::Ok(replies::Account {
            id: account.id,
            email: account.email,
        }))
    }
}
