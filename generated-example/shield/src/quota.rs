//! Windows of requests: a window starts at a key's first request, N pass, and it ends its length later (ruling 14).
//!
//! Counters live in this process. Their number is bounded; when there is no room, new keys share one overflow counter,
//! and live ones stay until their window ends (ruling 85), so a flood of keys cannot wash a counter away.

mod key;
mod table;

#[cfg(test)]
mod tests;

use crate::spec::{By, Quota};

pub(crate) use key::{Address, Caller, Key};
pub(crate) use table::{Cell, Held, Table};

/// Nanoseconds in a second: the unit of windows is the second, the clock counts nanoseconds.
pub(crate) const SECOND: u64 = 1_000_000_000;

/// Keys that are counted one by one, per quota.
const KEYS: usize = 1 << 18;

/// All declared quotas of the service, in the order of `Spec::quotas`.
pub(crate) struct Quotas {
    tables: Vec<Table>,
    specs: &'static [Quota],
}

/// Where a caller stands with one quota.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// Index into `Spec::quotas`.
    pub quota: usize,
    /// Requests that are left in the window.
    pub remaining: u32,
    /// Nanoseconds until the window ends.
    pub rest: u64,
    /// What was taken, for giving it back; `None` when nothing was.
    pub held: Option<Held>,
}

impl Standing {
    /// Where the caller stands with one counter, after it was charged if `admitted`.
    fn of(quota: usize, cell: &mut Cell<'_>, admitted: bool, now: u64) -> Self {
        let held = admitted.then(|| cell.take());
        Standing {
            quota,
            remaining: cell.remaining(),
            rest: cell.rest(now),
            held,
        }
    }

    /// Whole seconds until the window ends, at least 1.
    pub(crate) fn seconds(&self) -> u64 {
        self.rest.div_ceil(SECOND).max(1)
    }
}

/// The quotas that refused, and where the caller stands with each that was asked.
pub(crate) struct Refused {
    pub violated: Vec<usize>,
    pub retry_after: u64,
}

/// A quota that does not exist has no room: a fault of the generator refuses.
fn missing(quota: usize) -> Refused {
    Refused {
        violated: vec![quota],
        retry_after: 1,
    }
}

impl Quotas {
    pub(crate) fn new(specs: &'static [Quota]) -> Self {
        Quotas {
            tables: specs
                .iter()
                .map(|quota| Table::new(quota.limit, quota.window, KEYS))
                .collect(),
            specs,
        }
    }

    pub(crate) fn spec(&self, quota: usize) -> Option<&'static Quota> {
        self.specs.get(quota)
    }

    /// Whether generated code charges it after validation.
    pub(crate) fn by_input(&self, quota: usize) -> bool {
        self.specs
            .get(quota)
            .is_some_and(|quota| quota.by.contains(&By::Input))
    }

    /// Charges all of `wanted` (a quota and the caller's key), or none of them (rulings 108, 109). What was found is
    /// appended to `standings` either way.
    pub(crate) fn charge(
        &self,
        wanted: &[(usize, Key)],
        now: u64,
        standings: &mut Vec<Standing>,
    ) -> Result<(), Refused> {
        // One quota is the common case, and needs neither an order nor a list of those that refused.
        if let [(quota, key)] = wanted {
            let Some(table) = self.tables.get(*quota) else {
                return Err(missing(*quota));
            };
            let mut cell = table.open(key, now);
            let admitted = cell.remaining() > 0;
            let standing = Standing::of(*quota, &mut cell, admitted, now);
            let retry_after = standing.seconds();
            standings.push(standing);
            return admitted.then_some(()).ok_or_else(|| Refused {
                violated: vec![*quota],
                retry_after,
            });
        }
        // Locks are taken in the order of the quotas, so that two requests cannot wait for each other.
        let mut order: Vec<(usize, &Key, &Table)> = Vec::with_capacity(wanted.len());
        for (quota, key) in wanted {
            match self.tables.get(*quota) {
                Some(table) => order.push((*quota, key, table)),
                None => return Err(missing(*quota)),
            }
        }
        order.sort_by_key(|(quota, ..)| *quota);
        order.dedup_by_key(|(quota, ..)| *quota);
        let mut cells: Vec<_> = order
            .iter()
            .map(|(quota, key, table)| (*quota, table.open(key, now)))
            .collect();
        let full: Vec<usize> = cells
            .iter()
            .filter(|(_, cell)| cell.remaining() == 0)
            .map(|(quota, _)| *quota)
            .collect();
        let mut retry_after = 0;
        for (quota, cell) in &mut cells {
            let refused = cell.remaining() == 0;
            let standing = Standing::of(*quota, cell, full.is_empty(), now);
            if refused {
                retry_after = standing.seconds().max(retry_after);
            }
            standings.push(standing);
        }
        if full.is_empty() {
            Ok(())
        } else {
            Err(Refused {
                violated: full,
                retry_after,
            })
        }
    }

    /// Gives back what a request took; its standing then says so.
    pub(crate) fn give_back(&self, standing: &mut Standing) {
        if let (Some(held), Some(table)) = (standing.held.take(), self.tables.get(standing.quota))
            && table.give_back(&held)
        {
            standing.remaining = standing.remaining.saturating_add(1).min(table.limit());
        }
    }
}
