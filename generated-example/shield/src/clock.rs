//! Time, which tests can move.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(crate) struct Clock {
    start: Instant,
    /// Nanoseconds that a test has let pass.
    #[cfg(feature = "testing")]
    ahead: std::sync::atomic::AtomicU64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Clock {
            start: Instant::now(),
            #[cfg(feature = "testing")]
            ahead: std::sync::atomic::AtomicU64::new(0),
        }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        self.ahead
            .fetch_add(by, std::sync::atomic::Ordering::SeqCst);
    }

    #[cfg(feature = "testing")]
    fn ahead(&self) -> Duration {
        Duration::from_nanos(self.ahead.load(std::sync::atomic::Ordering::SeqCst))
    }

    #[cfg(not(feature = "testing"))]
    const fn ahead(&self) -> Duration {
        Duration::ZERO
    }

    /// Nanoseconds since the start, never backwards: for windows.
    pub(crate) fn nanos(&self) -> u64 {
        u64::try_from((self.start.elapsed() + self.ahead()).as_nanos()).unwrap_or(u64::MAX)
    }

    /// Since 1970: for tokens and events.
    pub(crate) fn unix(&self) -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            + self.ahead()
    }
}
