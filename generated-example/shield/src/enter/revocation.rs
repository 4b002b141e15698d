//! Whether a verified token still counts: asked on every request, of every token, after the signature and before the quotas
//! (P18).

use std::time::Duration;

use crate::auth::Identity;
use crate::refusal::{AuthReason, Kind, Refusal};
use crate::shield::Shield;
use crate::store::{Asked, StoreError};

impl Shield {
    /// Inner `Err`: 401, as for any other bad token. Outer `Err`: 503, since the store does not answer; it is no failure
    /// of the caller, so nothing is counted for it.
    pub(super) fn in_force(
        &self,
        identity: &Identity,
        now: Duration,
    ) -> Result<Result<(), AuthReason>, Refusal> {
        let inner = self.inner();
        let Some(by) = &inner.spec.revocation else {
            return Ok(Ok(()));
        };
        // A token without a name could not be revoked by it.
        // guard: token-id, where by.jti
        if by.jti && identity.token_id.is_none() {
            return Ok(Err(AuthReason::Malformed));
        }
        let asked = Asked {
            token: identity.token_id.as_deref().filter(|_| by.jti),
            session: identity.session.as_deref().filter(|_| by.session),
            subject: by.subject.then_some((&*identity.subject, identity.issued)),
            now: millis(now),
        };
        let answered = match &inner.store {
            Some(store) => store.is_revoked(&asked),
            None => Err(StoreError::Broken),
        };
        // guard: revoked
        if matches!(answered, Ok(true)) {
            return Ok(Err(AuthReason::Revoked));
        }
        // guard: store
        if let Err(trouble) = answered {
            return Err(Refusal::new(Kind::Store(trouble)));
        }
        Ok(Ok(()))
    }

    /// Milliseconds since 1970, as the store counts.
    pub(crate) fn now(&self) -> u64 {
        millis(self.inner().clock.unix())
    }
}

fn millis(since: Duration) -> u64 {
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
