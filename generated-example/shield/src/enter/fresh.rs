//! Keys that may change while the service runs: looked after before a token is verified, and once more for a token that names
//! a key nobody knows (P9, P25).

use crate::auth::{Identity, Looked};
use crate::exchange::Exchange;
use crate::refusal::{AuthReason, Kind, Refusal};
use crate::shield::Shield;
use crate::spec::Need;

impl Shield {
    /// Who calls, by keys that are as they are now.
    pub(super) async fn recognize(&self, need: &Need, x: &Exchange) -> Result<Identity, Refusal> {
        // Most services have keys that never change, and go on without a look.
        if !self.inner().keys_change {
            return self.authenticate(need, x);
        }
        let there = self.look(need).await;
        match self.authenticate(need, x) {
            Err(refusal) if is_for_want_of_a_key(&refusal) => {
                if self.look_again(need).await {
                    self.rotated();
                    return self.authenticate(need, x);
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
    async fn look(&self, need: &Need) -> bool {
        let inner = self.inner();
        let Some(verifier) = inner.verifiers.get(need.scheme) else {
            return false;
        };
        match verifier.look(inner.clock.nanos()).await {
            Looked::Same => true,
            Looked::Rotated => {
                self.rotated();
                true
            }
            Looked::Nothing => false,
        }
    }

    async fn look_again(&self, need: &Need) -> bool {
        let inner = self.inner();
        match inner.verifiers.get(need.scheme) {
            Some(verifier) => verifier.look_again(inner.clock.nanos()).await,
            None => false,
        }
    }
}

fn is_for_want_of_a_key(refusal: &Refusal) -> bool {
    matches!(
        &*refusal.0,
        Kind::Unauthenticated {
            reason: AuthReason::Key,
            ..
        }
    )
}
