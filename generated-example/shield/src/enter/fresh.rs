//! Keys that may change while the service runs: looked after before a token or an API key is verified, and once more for a
//! token that names a key nobody knows, or a key that is none (P9, P25).

use crate::auth::Looked;
use crate::door::BoxFuture;
use crate::exchange::Exchange;
use crate::refusal::{AuthReason, Kind, Refusal};
use crate::shield::Shield;
use crate::spec::{Credential, Needs};

use super::credentials::Met;

impl Shield {
    /// Who calls, by keys that are as they are now. Boxed: most services have keys that never change, and what is waited for
    /// here would make the way of every request longer.
    pub(super) fn recognize<'a>(
        &'a self,
        needs: Needs,
        x: &'a Exchange,
    ) -> BoxFuture<'a, Result<Option<Met>, Refusal>> {
        Box::pin(self.recognize_now(needs, x))
    }

    async fn recognize_now(&self, needs: Needs, x: &Exchange) -> Result<Option<Met>, Refusal> {
        let there = self.look(needs).await;
        match self.authenticate(needs, x) {
            Err(refusal) if is_for_want_of_a_key(&refusal) => {
                if self.look_again(needs).await {
                    self.rotated();
                    return self.authenticate(needs, x);
                }
                // Without any key nobody can be told from anybody: that is not the caller's fault.
                Err(match there {
                    true => refusal,
                    false => Refusal::new(Kind::NoKeys),
                })
            }
            met => met,
        }
    }

    /// `false`: a scheme has no keys at all.
    pub(super) async fn look(&self, needs: Needs) -> bool {
        let inner = self.inner();
        let mut there = true;
        for credential in needs.credentials() {
            let now = inner.clock.nanos();
            let looked = match credential {
                Credential::Token(at) => match inner.verifiers.get(at) {
                    Some(verifier) => verifier.look(now).await,
                    None => Looked::Nothing,
                },
                Credential::Key(at) => match inner.keys.get(at) {
                    Some(keys) => keys.look(now).await,
                    None => Looked::Nothing,
                },
                Credential::Password(_) | Credential::Certificate(_) => Looked::Same,
            };
            match looked {
                Looked::Same => {}
                Looked::Rotated => self.rotated(),
                Looked::Nothing => there = false,
            }
        }
        there
    }

    async fn look_again(&self, needs: Needs) -> bool {
        let inner = self.inner();
        let mut rotated = false;
        for credential in needs.credentials() {
            let now = inner.clock.nanos();
            rotated |= match credential {
                Credential::Token(at) => match inner.verifiers.get(at) {
                    Some(verifier) => verifier.look_again(now).await,
                    None => false,
                },
                Credential::Key(at) => match inner.keys.get(at) {
                    Some(keys) => keys.look_again(now).await,
                    None => false,
                },
                Credential::Password(_) | Credential::Certificate(_) => false,
            };
        }
        rotated
    }
}

/// Of a token or an API key: whoever takes passwords knows for himself.
fn is_for_want_of_a_key(refusal: &Refusal) -> bool {
    matches!(
        &*refusal.0,
        Kind::Unauthenticated {
            by: Some(Credential::Token(_) | Credential::Key(_)),
            reason: AuthReason::Key,
            ..
        }
    )
}
