//! A JWK set by its address (P9, P25, P26; ruling 58): when it is fetched, and how long what was fetched counts.
//!
//! Nothing here knows what a key is: text goes in, what was read of it comes out. A request never fetches twice, many
//! requests never fetch at once, and a set that cannot be fetched any more counts for a bounded time only.

mod address;
mod fetch;

#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};

pub(crate) use address::Address;
use fetch::Client;

use crate::say::say;

/// An old set counts for so many times its refresh interval, when none can be had since: an issuer may be away for a while,
/// and a key it took out of the set must not live for ever where the fetch is kept from arriving.
const PATIENCE: u32 = 12;

/// While there is no set at all, nobody can be let in: the next fetch is begun after so long already.
const EMPTY_HANDED: Duration = Duration::from_secs(5);

/// How a document wants the set of one scheme kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Upkeep {
    /// A set older than this is fetched anew.
    pub refresh: Duration,
    /// No fetch is begun sooner after the last one, whatever tokens name.
    pub cooldown: Duration,
    /// The address may lead to a private network.
    pub private: bool,
}

/// The set behind an address.
pub(crate) struct Remote<T> {
    /// What it is called in messages: the variable, never its value.
    name: String,
    address: Address,
    upkeep: Upkeep,
    client: Client,
    read: Box<dyn Fn(&str) -> Result<T, String> + Send + Sync>,
    held: RwLock<Option<Held<T>>>,
    /// When the last fetch began, in nanoseconds of the service's clock. Whoever has the lock is fetching.
    fetching: Arc<Mutex<Option<u64>>>,
}

struct Held<T> {
    value: Arc<T>,
    /// Of the text, to tell a changed set from the same.
    text: String,
    since: u64,
}

/// What became of asking for the set.
pub(crate) struct Kept<T> {
    pub value: Arc<T>,
    /// It was fetched just now and differs from the one before: an event is due.
    pub rotated: bool,
}

impl<T: Send + Sync + 'static> Remote<T> {
    /// Nothing is fetched yet. `read` says what is wrong with a text it does not take.
    ///
    /// # Errors
    ///
    /// The system has no root certificates to hold the server against.
    pub fn new(
        name: String,
        address: Address,
        upkeep: Upkeep,
        read: impl Fn(&str) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<Self, String> {
        Ok(Remote {
            client: Client::new(&address)?,
            name,
            address,
            upkeep,
            read: Box::new(read),
            held: RwLock::new(None),
            fetching: Arc::default(),
        })
    }

    /// The set as it is now; an old one is fetched anew first, by one request, while the others go on with what is there.
    /// `None`: there is none, or it is too old to count.
    pub async fn current(self: &Arc<Self>, now: u64) -> Option<Kept<T>> {
        match self.held(now) {
            Some((value, false)) => Some(Kept {
                value,
                rotated: false,
            }),
            Some((value, true)) => match self.fetching.clone().try_lock_owned() {
                Ok(begun) => self.fetch(begun, now).await,
                Err(_) => Some(Kept {
                    value,
                    rotated: false,
                }),
            },
            // Nobody can go on without: all wait for the one that fetches.
            None => self.renewed(now).await,
        }
    }

    /// For a key that is not in the set that was `seen`: what is there by now, fetched anew if that is allowed again.
    pub async fn newer(self: &Arc<Self>, now: u64, seen: &Arc<T>) -> Option<Kept<T>> {
        let begun = self.fetching.clone().lock_owned().await;
        if let Some((value, _)) = self.held(now)
            && !Arc::ptr_eq(&value, seen)
        {
            return Some(Kept {
                value,
                rotated: false,
            });
        }
        self.fetch(begun, now).await
    }

    async fn renewed(self: &Arc<Self>, now: u64) -> Option<Kept<T>> {
        let begun = self.fetching.clone().lock_owned().await;
        // Whoever had the lock may have brought it.
        match self.held(now) {
            Some((value, _)) => Some(Kept {
                value,
                rotated: false,
            }),
            None => self.fetch(begun, now).await,
        }
    }

    /// What is held and still counts, and whether it is due to be fetched anew.
    fn held(&self, now: u64) -> Option<(Arc<T>, bool)> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref()?;
        let age = Duration::from_nanos(now.saturating_sub(held.since));
        let most = self.upkeep.refresh.saturating_mul(PATIENCE);
        (age < most).then(|| (held.value.clone(), age >= self.upkeep.refresh))
    }

    /// On a task of its own: a caller who goes away does not take the fetch along, for which others wait.
    async fn fetch(
        self: &Arc<Self>,
        mut begun: OwnedMutexGuard<Option<u64>>,
        now: u64,
    ) -> Option<Kept<T>> {
        let pause = match self.held(now) {
            Some(_) => self.upkeep.cooldown,
            None => self.upkeep.cooldown.min(EMPTY_HANDED),
        };
        if begun.is_some_and(|last| Duration::from_nanos(now.saturating_sub(last)) < pause) {
            return self.unchanged(now);
        }
        *begun = Some(now);
        let remote = self.clone();
        let fetched = tokio::spawn(async move {
            let outcome = remote.fetch_now(now).await;
            drop(begun);
            outcome
        });
        match fetched.await {
            Ok(outcome) => outcome,
            Err(_) => self.unchanged(now),
        }
    }

    async fn fetch_now(&self, now: u64) -> Option<Kept<T>> {
        let fetched = self.client.get(&self.address, self.upkeep.private).await;
        let read = fetched.and_then(|text| Ok(((self.read)(&text)?, text)));
        match read {
            Ok((value, text)) => Some(self.keep(value, text, now)),
            Err(why) => {
                // The address may hold a secret in its query, so it is named by its variable.
                say!("{}: the JWK set {why}; it is tried again", self.name);
                self.unchanged(now)
            }
        }
    }

    fn unchanged(&self, now: u64) -> Option<Kept<T>> {
        self.held(now).map(|(value, _)| Kept {
            value,
            rotated: false,
        })
    }

    fn keep(&self, value: T, text: String, now: u64) -> Kept<T> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let rotated = held.as_ref().is_some_and(|held| held.text != text);
        let value = match held.take() {
            // The same set: those who have it need not look again.
            Some(held) if held.text == text => held.value,
            _ => Arc::new(value),
        };
        *held = Some(Held {
            value: value.clone(),
            text,
            since: now,
        });
        Kept { value, rotated }
    }
}
