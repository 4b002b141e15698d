//! GET /users

use crate::App;
use api::operations::list_users::{Call, ListUsers, Reply};
use shield::Fault;

impl ListUsers for App {
    async fn list_users(&self, call: Call) -> Result<Reply, Fault> {
        let visible = call.visible_user;
        let limit = usize::try_from(call.limit)?;
        let accounts = self.accounts();
        let rows = accounts
            .iter()
            .filter(|account| {
                visible
                    .owner()
                    .is_none_or(|owner| owner == account.id.as_str())
            })
            .filter(|account| call.role.is_none_or(|role| role == account.role))
            .take(limit)
            .map(|account| (account.facts(), account.reply()));
        Ok(Reply::Ok(visible.admit(rows)))
    }
}
