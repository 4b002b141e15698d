//! `flow: refresh`, `logout` and `revoke`: what generated code calls after the guard of such an operation.

use std::future::Future;
use std::time::Duration;

use crate::events::hash_object;
use crate::exchange::Exchange;
use crate::refusal::{Fault, Kind, Refusal};
use crate::shield::Shield;
use crate::spec::Policy;
use crate::store::{Change, Digest, Outcome, Rotation, Store, StoreError};

use super::refresh::{Refresh, sid};
use super::{Issued, Issuing};

impl Shield {
    /// Gives a new pair for a refresh token, once (P29 to P33).
    ///
    /// # Errors
    ///
    /// 400 `invalid_grant` for whatever is no good refresh token; when it was good once, its session ends. 503.
    pub async fn refresh(
        &self,
        policy: &'static Policy,
        x: &Exchange,
        token: &str,
    ) -> Result<Issued, Refusal> {
        let _ = x;
        self.in_time(policy, async {
            let (issuing, store) = self.issuing(policy)?;
            let refused = |reused| Refusal::new(Kind::Grant { reused });
            let Some(presented) = Refresh::parse(token) else {
                return Err(refused(None));
            };
            let now = self.now();
            let next = presented.next(&issuing.signing);
            let rotation = Rotation {
                id: presented.id(),
                proof: presented.proof(),
                presented: presented.own(),
                next: next.own(),
                grace: issuing.tokens.grace.saturating_mul(1000),
                idle: issuing.tokens.idle.saturating_mul(1000),
                until: issuing.longest(now),
            };
            match change(store, Change::Rotate(Box::new(rotation)), now).await? {
                // The time is that of the question: a subject that was revoked meanwhile stays so.
                Outcome::Renewed(grant) => Ok(issuing.pair(&grant, &next, now / 1000)?),
                Outcome::Reused(grant) => Err(refused(Some((
                    grant.subject,
                    hash_object("session", &sid(presented.id())),
                )))),
                Outcome::Unknown | Outcome::Done => Err(refused(None)),
            }
        })
        .await
    }

    /// Ends the session of the caller and this access token, or the session of a refresh token (P36, ruling 89). There may
    /// be nothing left to end.
    ///
    /// # Errors
    ///
    /// 503.
    pub async fn logout(
        &self,
        policy: &'static Policy,
        x: &mut Exchange,
        token: Option<&str>,
    ) -> Result<(), Refusal> {
        let caller = x.identity.clone();
        self.in_time(policy, async {
            let (issuing, store) = self.issuing(policy)?;
            let now = self.now();
            if let Some(caller) = caller {
                let id = caller.session.as_deref();
                let id = id.and_then(|sid| uuid::Uuid::parse_str(sid).ok());
                let leeway = u64::from(issuing.scheme.leeway);
                let until = caller.expires.saturating_add(leeway).saturating_mul(1000);
                let token = caller.token_id.as_deref();
                let close = Change::Close {
                    id: id.map(uuid::Uuid::into_bytes),
                    token: token.map(|jti| (Digest::token(jti), until)),
                };
                change(store, close, now).await?;
            }
            if let Some(refresh) = token.and_then(Refresh::parse) {
                give_back(store, issuing, &refresh, now).await?;
            }
            Ok(())
        })
        .await?;
        x.revoked = Some("logout");
        Ok(())
    }

    /// Revokes a token of this service, of either kind; about any other text it says the same (RFC 7009 §2.2).
    ///
    /// # Errors
    ///
    /// 503.
    pub async fn give_back(
        &self,
        policy: &'static Policy,
        x: &mut Exchange,
        token: &str,
    ) -> Result<(), Refusal> {
        let revoked = self
            .in_time(policy, async {
                let (issuing, store) = self.issuing(policy)?;
                let now = self.now();
                if let Some(refresh) = Refresh::parse(token) {
                    return give_back(store, issuing, &refresh, now).await;
                }
                let tokens = self.inner().spec.tokens.as_ref();
                let verifier = tokens.and_then(|tokens| self.inner().verifiers.get(tokens.scheme));
                let verified =
                    verifier.and_then(|each| each.verify(token.as_bytes(), now / 1000).ok());
                let Some(identity) = verified else {
                    return Ok(false);
                };
                let Some(jti) = &identity.token_id else {
                    return Ok(false);
                };
                let leeway = u64::from(issuing.scheme.leeway);
                let until = identity.expires.saturating_add(leeway);
                let token = Change::Token {
                    token: Digest::token(jti),
                    until: until.saturating_mul(1000),
                };
                change(store, token, now).await?;
                Ok(true)
            })
            .await?;
        x.revoked = revoked.then_some("revoke");
        Ok(())
    }

    /// As long as a handler might take.
    async fn in_time<T>(
        &self,
        policy: &'static Policy,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let limit = Duration::from_millis(policy.handler_timeout);
        match tokio::time::timeout(limit, work).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Refusal::new(Kind::HandlerTimeout)),
        }
    }

    fn issuing(&self, policy: &'static Policy) -> Result<(&Issuing, &dyn Store), Refusal> {
        let inner = self.inner();
        #[cfg(feature = "testing")]
        if inner.probed {
            let mut reached = inner
                .reached
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            reached.push(policy.operation);
            return Err(Refusal::new(Kind::Reached));
        }
        let _ = policy;
        match (&inner.issuing, inner.store.as_deref()) {
            (Some(issuing), Some(store)) => Ok((issuing, store)),
            _ => Err(Fault::store(StoreError::Broken).into()),
        }
    }
}

async fn change(store: &dyn Store, change: Change, now: u64) -> Result<Outcome, Refusal> {
    let outcome = store.change(change, now).await;
    outcome.map_err(|trouble| Refusal::new(Kind::Store(trouble)))
}

/// Whether there was a session to end.
async fn give_back(
    store: &dyn Store,
    issuing: &Issuing,
    refresh: &Refresh,
    now: u64,
) -> Result<bool, Refusal> {
    let returned = Change::Return {
        id: refresh.id(),
        proof: refresh.proof(),
        until: issuing.longest(now),
    };
    Ok(change(store, returned, now).await? == Outcome::Done)
}
