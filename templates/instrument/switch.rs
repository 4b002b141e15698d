//! Which guard step is off, and which steps were come to. Of a project that is instrumented to be attacked; never shipped.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::json::Reader;

#[cfg(not(debug_assertions))]
compile_error!(
    "the guards of an instrumented project can be switched off; never in a release build"
);

/// Of the whole process: one step is off at a time.
static SWITCHES: Mutex<Switches> = Mutex::new(Switches {
    off: Vec::new(),
    reached: BTreeMap::new(),
    count: 0,
});

struct Switches {
    off: Vec<&'static str>,
    /// When each step was come to last.
    reached: BTreeMap<&'static str, u64>,
    count: u64,
}

fn switches() -> MutexGuard<'static, Switches> {
    SWITCHES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the step is on.
pub fn on(step: &'static str) -> bool {
    let mut switches = switches();
    switches.count += 1;
    let count = switches.count;
    switches.reached.insert(step, count);
    !switches.off.contains(&step)
}

/// The same for a step that has something to hold only where `used`.
pub fn on_where(step: &'static str, used: bool) -> bool {
    !used || on(step)
}

/// Turns these off, and all others on.
pub fn turn_off(steps: &[&'static str]) {
    switches().off = steps.to_vec();
}

/// Steps that were come to since this was asked last, the one come to last first.
pub fn reached() -> Vec<&'static str> {
    let mut reached: Vec<_> = std::mem::take(&mut switches().reached)
        .into_iter()
        .collect();
    reached.sort_by_key(|(_, when)| std::cmp::Reverse(*when));
    reached.into_iter().map(|(step, _)| step).collect()
}

/// Passes over the value of a member that nobody declared, where the step is off that refuses it.
pub fn pass(json: &mut Reader<'_>) -> Option<()> {
    if json.null()
        || json.boolean().is_some()
        || json.string().is_some()
        || json.integer().is_some()
    {
        return Some(());
    }
    if json.open_object().is_some() {
        while json.key()?.is_some() {
            pass(json)?;
        }
        return Some(());
    }
    json.open_array()?;
    while json.item()? {
        pass(json)?;
    }
    Some(())
}
