//! Keys that are somewhere else (P9, P25, P26, P100; ruling 58), a JWK set by its address or a secret of Vault: when they are
//! fetched, and how long what was fetched counts.
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
use zeroize::Zeroizing;

pub(crate) use address::Address;
pub(crate) use fetch::Client;

use crate::say::say;
use crate::vault::Vault;

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

/// Reads a text, or says what is wrong with it.
pub(crate) type Read<T> = Box<dyn Fn(&str) -> Result<T, String> + Send + Sync>;

/// The set behind an address.
pub(crate) struct Remote<T> {
    /// What it is called in messages: the variable, never its value.
    name: String,
    place: Place,
    upkeep: Upkeep,
    read: Read<T>,
    held: RwLock<Option<Held<T>>>,
    /// When the last fetch began, in nanoseconds of the service's clock. Whoever has the lock is fetching.
    fetching: Arc<Mutex<Option<u64>>>,
}

/// Where the text is.
enum Place {
    Set(Client, Address),
    /// With the reference.
    Vault(Arc<Vault>, &'static str),
}

impl Place {
    async fn get(&self, private: bool) -> Result<String, String> {
        match self {
            Place::Set(client, address) => client.get(address, private).await,
            Place::Vault(vault, reference) => vault.read(reference).await,
        }
    }

    const fn what(&self) -> &'static str {
        match self {
            Place::Set(..) => "the JWK set",
            Place::Vault(..) => "the secret",
        }
    }
}

struct Held<T> {
    value: Arc<T>,
    /// The text, to tell a changed one from the same; of Vault it may be a secret.
    text: Zeroizing<String>,
    since: u64,
}

/// There is a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// It was fetched just now and differs from the one before: an event is due.
    pub rotated: bool,
}

const SAME: Kept = Kept { rotated: false };

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
            place: Place::Set(Client::new(&address)?, address),
            name,
            upkeep,
            read: Box::new(read),
            held: RwLock::new(None),
            fetching: Arc::default(),
        })
    }

    /// What Vault told when the service started, and tells from then on.
    pub fn of_vault(
        name: String,
        (vault, reference): (Arc<Vault>, &'static str),
        upkeep: Upkeep,
        (text, value): (String, T),
        read: impl Fn(&str) -> Result<T, String> + Send + Sync + 'static,
    ) -> Self {
        Remote {
            name,
            place: Place::Vault(vault, reference),
            upkeep,
            read: Box::new(read),
            held: RwLock::new(Some(Held {
                value: Arc::new(value),
                text: Zeroizing::new(text),
                since: 0,
            })),
            fetching: Arc::default(),
        }
    }

    /// What is held, as the last [`Remote::current`] left it.
    pub fn value(&self) -> Option<Arc<T>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|held| held.value.clone())
    }

    /// Sees to it that what is held counts. An old set is fetched anew by one request, while the others go on with what is
    /// there. `None`: there is none, or it was too old to count any longer.
    pub async fn current(self: &Arc<Self>, now: u64) -> Option<Kept> {
        match self.age(now) {
            Some(age) if age < self.upkeep.refresh => Some(SAME),
            Some(age) if age < self.upkeep.refresh.saturating_mul(PATIENCE) => {
                match self.fetching.clone().try_lock_owned() {
                    Ok(begun) => self.fetch(begun, now).await,
                    Err(_) => Some(SAME),
                }
            }
            // Nobody can go on without: all wait for the one that fetches.
            _ => {
                let begun = self.fetching.clone().lock_owned().await;
                match self.age(now) {
                    // Whoever had the lock has brought it.
                    Some(age) if age < self.upkeep.refresh => Some(SAME),
                    _ => self.fetch(begun, now).await,
                }
            }
        }
    }

    /// For a key that is not in the set: fetches anew, if that is allowed again. `true`: the set is another now.
    pub async fn renew(self: &Arc<Self>, now: u64) -> bool {
        let seen = self.value();
        let begun = self.fetching.clone().lock_owned().await;
        let same = |new: Option<Arc<T>>| match (&seen, &new) {
            (Some(seen), Some(new)) => Arc::ptr_eq(seen, new),
            (_, new) => new.is_none(),
        };
        if !same(self.value()) {
            return true;
        }
        self.fetch(begun, now).await;
        !same(self.value())
    }

    fn age(&self, now: u64) -> Option<Duration> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref()?;
        Some(Duration::from_nanos(now.saturating_sub(held.since)))
    }

    /// On a task of its own: a caller who goes away does not take the fetch along, for which others wait.
    async fn fetch(
        self: &Arc<Self>,
        mut begun: OwnedMutexGuard<Option<u64>>,
        now: u64,
    ) -> Option<Kept> {
        let left = self.left(now);
        let pause = match left {
            Some(_) => self.upkeep.cooldown,
            None => self.upkeep.cooldown.min(EMPTY_HANDED),
        };
        if begun.is_some_and(|last| Duration::from_nanos(now.saturating_sub(last)) < pause) {
            return left;
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
            Err(_) => left,
        }
    }

    async fn fetch_now(&self, now: u64) -> Option<Kept> {
        let fetched = self.place.get(self.upkeep.private).await;
        let read = fetched.map(Zeroizing::new);
        let read = read.and_then(|text| Ok(((self.read)(&text)?, text)));
        match read {
            Ok((value, text)) => Some(self.keep(value, text, now)),
            Err(why) => {
                // The address may hold a secret in its query, so it is named by its variable.
                say!(
                    "{}: {} {why}; it is tried again",
                    self.name,
                    self.place.what()
                );
                self.left(now)
            }
        }
    }

    /// What is left without a new set: the old one, until it counts no longer and is dropped.
    fn left(&self, now: u64) -> Option<Kept> {
        if self.age(now)? < self.upkeep.refresh.saturating_mul(PATIENCE) {
            return Some(SAME);
        }
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = None;
        None
    }

    fn keep(&self, value: T, text: Zeroizing<String>, now: u64) -> Kept {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let (value, rotated) = match held.take() {
            // The same set: those who have it need not look again.
            Some(held) if held.text == text => (held.value, false),
            before => (Arc::new(value), before.is_some()),
        };
        *held = Some(Held {
            value,
            text,
            since: now,
        });
        Kept { rotated }
    }
}
