//! POST /users

use crate::App;
use crate::accounts::Account;
use api::access::UserId;
use api::operations::sign_up::{Call, Reply, SignUp};
use api::words::Role;
use argon2::{Argon2, PasswordHasher};
use shield::Fault;

impl SignUp for App {
    async fn sign_up(&self, call: Call) -> Result<Reply, Fault> {
        let body = call.body;
        let hash = Argon2::default().hash_password(body.password.expose().as_bytes())?;
        let id = uuid::Uuid::now_v7().to_string();
        let account = Account {
            id: UserId::parse(&id)
                .ok_or_else(|| Fault::new("an id that the document does not admit"))?,
            version: 1,
            email: body.email,
            username: body.username,
            age: body.age,
            role: Role::Member,
            password_hash: hash.to_string(),
            created_at: jiff::Timestamp::now().to_string(),
        };
        let mut accounts = self.accounts();
        if accounts
            .iter()
            .any(|other| other.clashes(&account.email, &account.username))
        {
            return Ok(Reply::Conflict);
        }
        let reply = account.reply();
        accounts.push(account);
        Ok(Reply::Created(reply))
    }
}
