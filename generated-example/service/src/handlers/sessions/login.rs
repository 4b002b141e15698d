//! POST /login

use crate::App;
use crate::accounts::Account;
use api::operations::login::{Call, Login, Reply};
use api::{replies, words};
use shield::Fault;

/// What tokens say of a login by password and card (`acr`).
const CARD: &str = "urn:clinic:card";

impl Login for App {
    async fn login(&self, call: Call) -> Result<Reply, Fault> {
        let account = Account::by_email(&self.database(), &call.body.email)?;
        let stored = account.as_ref().map(|account| account.hash.as_str());
        // Asked also where there is no account, so that the time tells nobody who has one.
        let verified = call.issuer.verify_password(stored, &call.body.password);
        let mut verified = verified.await?;
        // A card that is shown must be good, and is looked at whatever the password was: the time tells neither.
        if let Some(card) = &call.body.card {
            let stored = account.as_ref().and_then(|account| account.card.as_deref());
            verified &= call.issuer.verify_password(stored, card).await?;
        }
        let (true, Some(account)) = (verified, account) else {
            return Ok(Reply::Forbidden);
        };
        let mut login = shield::Login::of(account.id)
            .role(account.role)
            .tenant(account.tenant);
        if call.body.card.is_some() {
            login = login.class(CARD);
        }
        let issued = call.issuer.issue(login).await?;
        Ok(Reply::Ok(replies::Tokens {
            access_token: issued.access_token.expose().to_owned(),
            token_type: words::TokensTokenType::Bearer,
            expires_in: issued.expires_in,
            refresh_token: issued.refresh_token.expose().to_owned(),
        }))
    }
}
