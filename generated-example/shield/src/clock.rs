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
        self.nanos_at(Instant::now())
    }

    /// The same at a moment that was looked up before.
    pub(crate) fn nanos_at(&self, moment: Instant) -> u64 {
        let since = moment.saturating_duration_since(self.start) + self.ahead();
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Since 1970: for tokens and events.
    pub(crate) fn unix(&self) -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            + self.ahead()
    }
}
