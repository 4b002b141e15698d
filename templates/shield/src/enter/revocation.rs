//! Whether a verified token still counts: asked on every request, of every token, after the signature and before the quotas
//! (P18).

use crate::auth::Identity;
use crate::refusal::{AuthReason, Kind, Refusal};
use crate::shield::Shield;
use crate::store::{Asked, Digest, StoreError};

impl Shield {
    /// Inner `Err`: 401, as for any other bad token. Outer `Err`: 503, since the store does not answer; it is no failure
    /// of the caller, so nothing is counted for it.
    pub(super) async fn in_force(
        &self,
        identity: &Identity,
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
            token: named(by.jti, identity.token_id.as_deref(), Digest::token),
            session: named(by.session, identity.session.as_deref(), Digest::session),
            subject: by
                .subject
                .then(|| (Digest::subject(&identity.subject), identity.issued)),
            now: self.now(),
        };
        let answered = match &inner.store {
            Some(store) => store.is_revoked(&asked).await,
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
        u64::try_from(self.inner().clock.unix().as_millis()).unwrap_or(u64::MAX)
    }
}

fn named(by: bool, name: Option<&str>, digest: impl FnOnce(&str) -> Digest) -> Option<Digest> {
    name.filter(|_| by).map(digest)
}
