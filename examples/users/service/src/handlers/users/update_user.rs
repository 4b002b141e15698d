//! PATCH /users/{userId}

use crate::App;
use api::operations::update_user::{Call, Reply, UpdateUser};
use api::words::{Role, UserUpdateRole};
use shield::Fault;

impl UpdateUser for App {
    async fn update_user(&self, call: Call) -> Result<Reply, Fault> {
        let (id, body) = (call.user.id(), call.body);
        let mut accounts = self.accounts();
        let clash = accounts
            .iter()
            .filter(|other| other.id != *id)
            .any(|other| {
                other.clashes(
                    body.email.as_deref().unwrap_or_default(),
                    body.username.as_deref().unwrap_or_default(),
                )
            });
        if clash {
            return Ok(Reply::Conflict);
        }
        let Some(account) = accounts.iter_mut().find(|account| account.id == *id) else {
            return Ok(Reply::NotFound);
        };
        account.version += 1;
        account.email = body.email.unwrap_or_else(|| account.email.clone());
        account.username = body.username.unwrap_or_else(|| account.username.clone());
        account.age = body.age.unwrap_or(account.age);
        // Only an administrator's request can hold a role.
        account.role = match body.role {
            Some(UserUpdateRole::Member) => Role::Member,
            Some(UserUpdateRole::Admin) => Role::Admin,
            None => account.role,
        };
        Ok(Reply::Ok(account.reply()))
    }
}
