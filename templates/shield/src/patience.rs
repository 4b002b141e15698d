//! The time that a client may take for its next head, on one timer for a connection (P74).
//!
//! hyper begins a wait for every request and gives it up when the request is there. A timer of its own would be made,
//! entered and taken out each time; this one stays where it is. When it goes off too early for the wait of the moment,
//! it is set to what is left: none ends before its time, and none later than a timer of its own would.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// What hyper takes its waits from; one for each connection, which waits for one head at a time.
#[derive(Default)]
pub(crate) struct Patience(Shared);

/// Of tokio, made when a wait is first looked at.
type Shared = Arc<Mutex<Option<Pin<Box<tokio::time::Sleep>>>>>;

/// One wait: until when.
struct Wait {
    timer: Shared,
    until: Instant,
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, until: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Wait {
            timer: self.0.clone(),
            until,
        })
    }

    /// As tests see it, which may have stopped the clock.
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into()
    }
}

impl Sleep for Wait {}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let until = tokio::time::Instant::from_std(self.until);
        // It is locked by one connection alone, and never while that waits.
        let mut timer = self.timer.lock().unwrap_or_else(PoisonError::into_inner);
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if timer.deadline() > until {
            timer.as_mut().reset(until);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() >= until {
                return Poll::Ready(());
            }
            timer.as_mut().reset(until);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn times(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(test);
    }

    async fn wait(patience: &Patience, millis: u64) -> Duration {
        let start = Instant::now();
        patience.sleep(Duration::from_millis(millis)).await;
        start.elapsed()
    }

    #[test]
    fn a_wait_is_as_long_as_its_own_time_whatever_was_before() {
        times(async {
            let patience = Patience::default();
            // Looked at and given up, as when a request comes.
            let given_up = wait(&patience, 30);
            assert!(
                tokio::time::timeout(Duration::from_millis(10), given_up)
                    .await
                    .is_err()
            );
            // The timer goes off in the middle of this one.
            let whole = wait(&patience, 120).await;
            assert!((120..220).contains(&whole.as_millis()), "{whole:?}");
            // Shorter than what the timer was set to.
            let long = wait(&patience, 60_000);
            assert!(
                tokio::time::timeout(Duration::from_millis(1), long)
                    .await
                    .is_err()
            );
            let short = wait(&patience, 20).await;
            assert!((20..120).contains(&short.as_millis()), "{short:?}");
            // And over at once, when it was over before it began.
            let none = wait(&patience, 0).await;
            assert!(none.as_millis() < 50, "{none:?}");
        });
    }
}
