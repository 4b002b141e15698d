//! The counters of one quota: sharded maps behind std mutexes, with room for a bounded number of keys.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Key, SECOND};

/// A power of two.
const SHARDS: usize = 16;

/// Which bits of a hash choose the shard: neither the lowest nor the highest, by which the maps themselves sort.
const SHARD_BITS: u32 = 40;

/// Ended windows that one request removes at most: more than it can add, so the table shrinks as time passes.
const SWEEP: usize = 4;

pub(crate) struct Table {
    limit: u32,
    /// Nanoseconds.
    window: u64,
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
    /// Keys a shard has room for.
    room: usize,
    /// Counts for all keys that came when there was no room.
    overflow: Mutex<Window>,
}

#[derive(Default)]
struct Shard {
    /// By the hash of the key, which is secret and computed once.
    windows: HashMap<u64, Slot, BuildHasherDefault<AsItIs>>,
    /// Hashes by the start of their window. All windows are equally long, so the front ends first.
    order: VecDeque<(u64, u64)>,
}

/// A counter and whose it is: the key is compared whole.
struct Slot {
    key: Box<[u8]>,
    window: Window,
}

#[derive(Clone, Copy, Default)]
struct Window {
    /// Nanoseconds of the clock.
    start: u64,
    used: u32,
}

/// One request that was counted: which window, and whose.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// The hash of its key. `None`: the overflow counter.
    hash: Option<u64>,
    start: u64,
}

/// One counter, locked until all quotas of a request were looked at.
pub(crate) struct Cell<'t> {
    table: &'t Table,
    shard: MutexGuard<'t, Shard>,
    key: &'t [u8],
    hash: u64,
    place: Place<'t>,
    window: Window,
}

enum Place<'t> {
    Known,
    New,
    Overflow(MutexGuard<'t, Window>),
}

/// What is hashed already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A counter is never half written, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Table {
    /// `limit` requests per `window` seconds, counted for `keys` keys at most.
    pub(crate) fn new(limit: u32, window: u64, keys: usize) -> Self {
        Table {
            limit,
            window: window.saturating_mul(SECOND),
            hasher: RandomState::new(),
            shards: Default::default(),
            room: keys.div_ceil(SHARDS),
            overflow: Mutex::default(),
        }
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// Charges one request alone. Else the nanoseconds until one passes again.
    pub(crate) fn charge(&self, key: &Key, now: u64) -> Result<(), u64> {
        let mut cell = self.open(key, now);
        if cell.remaining() == 0 {
            return Err(cell.rest(now));
        }
        cell.take();
        Ok(())
    }

    fn shard(&self, hash: u64) -> &Mutex<Shard> {
        let [first, ..] = &self.shards;
        let at = usize::try_from(hash >> SHARD_BITS).unwrap_or_default();
        self.shards.get(at % SHARDS).unwrap_or(first)
    }

    /// The counter of `key`, locked.
    pub(crate) fn open<'t>(&'t self, key: &'t Key, now: u64) -> Cell<'t> {
        let key = key.as_bytes();
        let hash = self.hasher.hash_one(key);
        let mut shard = lock(self.shard(hash));
        shard.sweep(now, self.window);
        let fresh = Window {
            start: now,
            used: 0,
        };
        let (place, window) = match shard.windows.get(&hash) {
            Some(slot) if *slot.key == *key && slot.window.ended(now, self.window) => {
                (Place::New, fresh)
            }
            Some(slot) if *slot.key == *key => (Place::Known, slot.window),
            None if shard.windows.len() < self.room => (Place::New, fresh),
            // No room. Should another key ever have the same hash, this one has none either: it shares, and is refused
            // rather sooner than later.
            _ => {
                let overflow = lock(&self.overflow);
                // Unused, it has not begun: it must not end sooner than its length after the first request.
                let window = if overflow.used == 0 || overflow.ended(now, self.window) {
                    fresh
                } else {
                    *overflow
                };
                (Place::Overflow(overflow), window)
            }
        };
        Cell {
            table: self,
            shard,
            key,
            hash,
            place,
            window,
        }
    }

    /// Whether the request was still counted: its window has not been replaced by a later one.
    pub(crate) fn give_back(&self, held: &Held) -> bool {
        let release = |window: &mut Window| {
            let counted = window.start == held.start && window.used > 0;
            window.used -= u32::from(counted);
            counted
        };
        match &held.hash {
            None => release(&mut lock(&self.overflow)),
            Some(hash) => lock(self.shard(*hash))
                .windows
                .get_mut(hash)
                .is_some_and(|slot| release(&mut slot.window)),
        }
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| lock(shard).windows.len())
            .sum()
    }
}

impl Window {
    fn ended(&self, now: u64, length: u64) -> bool {
        now.saturating_sub(self.start) >= length
    }
}

impl Shard {
    fn sweep(&mut self, now: u64, length: u64) {
        for _ in 0..SWEEP {
            match self.order.front() {
                Some((start, _)) if now.saturating_sub(*start) >= length => {}
                _ => return,
            }
            if let Some((start, hash)) = self.order.pop_front()
                && self
                    .windows
                    .get(&hash)
                    .is_some_and(|slot| slot.window.start == start)
            {
                self.windows.remove(&hash);
            }
        }
    }
}

impl Cell<'_> {
    pub(crate) fn remaining(&self) -> u32 {
        self.table.limit.saturating_sub(self.window.used)
    }

    /// Nanoseconds until the window ends.
    pub(crate) fn rest(&self, now: u64) -> u64 {
        self.window
            .start
            .saturating_add(self.table.window)
            .saturating_sub(now)
    }

    /// Counts one request.
    pub(crate) fn take(&mut self) -> Held {
        self.window.used = self.window.used.saturating_add(1);
        let (start, window) = (self.window.start, self.window);
        if let Place::Overflow(overflow) = &mut self.place {
            **overflow = window;
            return Held { hash: None, start };
        }
        match self.shard.windows.entry(self.hash) {
            Entry::Occupied(slot) => slot.into_mut().window = window,
            Entry::Vacant(slot) => {
                slot.insert(Slot {
                    key: self.key.into(),
                    window,
                });
            }
        }
        if matches!(self.place, Place::New) {
            self.shard.order.push_back((start, self.hash));
            self.place = Place::Known;
        }
        Held {
            hash: Some(self.hash),
            start,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::quota::Address;

    #[test]
    fn a_key_whose_hash_is_taken_shares_the_overflow_and_is_not_the_other() {
        let table = Table::new(1, 10, 100);
        let [one, other] =
            ["192.0.2.1", "192.0.2.2"].map(|ip| Key::address(Address::of(ip.parse().unwrap())));
        assert_eq!(table.charge(&one, 0), Ok(()));
        // As if both had one hash.
        let hash = table.hasher.hash_one(other.as_bytes());
        lock(table.shard(hash)).windows.insert(
            hash,
            Slot {
                key: one.as_bytes().into(),
                window: Window { start: 0, used: 0 },
            },
        );
        let held = table.open(&other, 1).take();
        assert_eq!(held.hash, None);
        assert_eq!(table.charge(&other, 2), Err(10 * SECOND - 1));
        assert!(table.give_back(&held));
    }
}
