//! A store for one process: what it knows ends with it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::state::State;
use super::{Asked, Change, Millis, Outcome, Store, StoreError};
use crate::door::BoxFuture;

pub(crate) struct Memory {
    state: Mutex<State>,
    #[cfg(any(test, feature = "testing"))]
    failing: std::sync::atomic::AtomicBool,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Memory {
            state: Mutex::new(State::new()),
            #[cfg(any(test, feature = "testing"))]
            failing: std::sync::atomic::AtomicBool::new(false),
        }
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        #[cfg(any(test, feature = "testing"))]
        if self.failing.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(StoreError::Broken);
        }
        // Nothing of a state is ever half made, so a panic elsewhere does not spoil it.
        Ok(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store for Memory {
    fn is_revoked(&self, asked: &Asked<'_>) -> Result<bool, StoreError> {
        self.state().map(|state| state.is_revoked(asked))
    }

    fn change(&self, change: Change, now: Millis) -> BoxFuture<'_, Result<Outcome, StoreError>> {
        let outcome = self.state().and_then(|mut state| {
            state.expire(now);
            let (outcome, records) = state.decide(change, now)?;
            records.into_iter().for_each(|record| state.apply(record));
            Ok(outcome)
        });
        Box::pin(std::future::ready(outcome))
    }

    #[cfg(any(test, feature = "testing"))]
    fn fail(&self, failing: bool) {
        self.failing
            .store(failing, std::sync::atomic::Ordering::SeqCst);
    }
}
