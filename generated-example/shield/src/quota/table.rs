//! The counters of one quota: sharded maps behind std mutexes, with room for a bounded number of keys.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Key, SECOND};

/// A power of two.
const SHARDS: usize = 16;

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
    windows: HashMap<Arc<[u8]>, Window>,
    /// Keys by the start of their window. All windows are equally long, so the front ends first.
    order: VecDeque<(u64, Arc<[u8]>)>,
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
    /// `None`: the overflow counter.
    key: Option<Arc<[u8]>>,
    start: u64,
}

/// One counter, locked until all quotas of a request were looked at.
pub(crate) struct Cell<'t> {
    table: &'t Table,
    shard: MutexGuard<'t, Shard>,
    place: Place<'t>,
    window: Window,
}

enum Place<'t> {
    Known(Arc<[u8]>),
    New(Arc<[u8]>),
    Overflow(MutexGuard<'t, Window>),
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

    fn shard(&self, key: &[u8]) -> &Mutex<Shard> {
        let [first, ..] = &self.shards;
        let low = usize::from(self.hasher.hash_one(key).to_le_bytes()[0]);
        self.shards.get(low % SHARDS).unwrap_or(first)
    }

    /// The counter of `key`, locked.
    pub(crate) fn open(&self, key: &Key, now: u64) -> Cell<'_> {
        let key = key.as_bytes();
        let mut shard = lock(self.shard(key));
        shard.sweep(now, self.window);
        let fresh = Window {
            start: now,
            used: 0,
        };
        let (place, window) = match shard.windows.get_key_value(key) {
            Some((key, window)) if !window.ended(now, self.window) => {
                (Place::Known(key.clone()), *window)
            }
            Some((key, _)) => (Place::New(key.clone()), fresh),
            None if shard.windows.len() < self.room => (Place::New(Arc::from(key)), fresh),
            None => {
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
        match &held.key {
            None => release(&mut lock(&self.overflow)),
            Some(key) => lock(self.shard(key))
                .windows
                .get_mut(key)
                .is_some_and(release),
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
            if let Some((start, key)) = self.order.pop_front()
                && self
                    .windows
                    .get(&key)
                    .is_some_and(|window| window.start == start)
            {
                self.windows.remove(&key);
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
        let start = self.window.start;
        let key = match &mut self.place {
            Place::Overflow(overflow) => {
                **overflow = self.window;
                None
            }
            Place::Known(key) => {
                if let Some(window) = self.shard.windows.get_mut(key) {
                    *window = self.window;
                }
                Some(key.clone())
            }
            Place::New(key) => {
                let key = key.clone();
                self.shard.windows.insert(key.clone(), self.window);
                self.shard.order.push_back((start, key.clone()));
                self.place = Place::Known(key.clone());
                Some(key)
            }
        };
        Held { key, start }
    }
}
