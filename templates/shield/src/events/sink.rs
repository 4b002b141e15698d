//! Where events go: a buffer of bounded size that requests append to, and one thread that writes it out.
//!
//! A request never waits for the sink (P107): what finds no room is dropped and counted. The thread takes what has come
//! together every few milliseconds, so that it is woken once for many lines.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::config::{ConfigError, Log};
use crate::say::say;

/// What may wait for a sink that is blocked, in bytes.
const ROOM: usize = 4 << 20;
/// How long lines are collected before they are written.
const COLLECT: Duration = Duration::from_millis(20);
/// How long the end of the service waits for a sink that is blocked.
const LAST: Duration = Duration::from_secs(2);

pub(crate) struct Events(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Told when there is something to write, and when it was written.
    changed: Condvar,
    dropped: AtomicU64,
    /// Nothing writes the lines: they are kept for assertions, or the service does not serve.
    kept: bool,
}

#[derive(Default)]
struct State {
    lines: Vec<u8>,
    /// The thread is writing what it took.
    busy: bool,
    /// The thread sleeps until it is told.
    idle: bool,
    closed: bool,
}

impl Events {
    /// Writes to what the configuration names.
    pub(crate) fn open(log: &Log) -> Result<Self, ConfigError> {
        let sink: Box<dyn Write + Send> = match log {
            Log::Stdout => Box::new(std::io::stdout()),
            Log::File(path) => Box::new(append(path)?),
        };
        Events::to(sink)
    }

    /// Writes to `sink`, in a thread of its own.
    pub(crate) fn to(sink: Box<dyn Write + Send>) -> Result<Self, ConfigError> {
        let shared = Arc::new(Shared::new(false));
        let theirs = shared.clone();
        std::thread::Builder::new()
            .name("events".to_owned())
            .spawn(move || theirs.write(sink))
            .map_err(|_| {
                ConfigError::new("APP_LOG", "the thread that writes events cannot be started")
            })?;
        Ok(Events(shared))
    }

    /// Writes to nothing.
    pub(crate) fn none() -> Self {
        Events(Arc::new(Shared::new(true)))
    }

    /// Keeps lines for assertions.
    #[cfg(feature = "testing")]
    pub(crate) fn kept() -> Self {
        Events::none()
    }

    /// Appends one line, or drops it.
    pub(crate) fn push(&self, line: &[u8]) {
        let mut state = self.0.lock();
        if state.lines.len() + line.len() > ROOM && !self.0.kept {
            drop(state);
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        state.lines.extend_from_slice(line);
        if std::mem::take(&mut state.idle) {
            drop(state);
            self.0.changed.notify_all();
        }
    }

    /// Lines that found no room since the start.
    pub(crate) fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    /// What was kept so far.
    #[cfg(feature = "testing")]
    pub(crate) fn lines(&self) -> Vec<String> {
        String::from_utf8_lossy(&self.0.lock().lines)
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// Waits until all is written, but not for ever.
    pub(crate) fn flush(&self) {
        if self.0.kept {
            return;
        }
        let state = self.0.lock();
        let waiting = |state: &mut State| state.busy || !state.lines.is_empty();
        drop(self.0.changed.wait_timeout_while(state, LAST, waiting));
    }
}

/// The log file; what is made here, its owner alone can read: it names callers and their addresses.
pub(crate) fn append(path: &Path) -> Result<File, ConfigError> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error| ConfigError::new("APP_LOG", format!("cannot be opened: {}", error.kind())))
}

impl Drop for Events {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
        self.flush();
    }
}

impl Shared {
    fn new(kept: bool) -> Self {
        Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            dropped: AtomicU64::new(0),
            kept,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread: until the service is gone and all is written.
    fn write(&self, mut sink: Box<dyn Write + Send>) {
        let mut batch = Vec::new();
        let mut told = 0;
        loop {
            let mut state = self.lock();
            while state.lines.is_empty() {
                if state.closed {
                    return;
                }
                state.idle = true;
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if !state.closed {
                drop(state);
                std::thread::sleep(COLLECT);
                state = self.lock();
            }
            std::mem::swap(&mut batch, &mut state.lines);
            state.busy = true;
            drop(state);
            let written = sink.write_all(&batch).and_then(|()| sink.flush());
            if let Err(error) = written {
                // How much of it arrived nobody knows; as lost counts all that may be.
                let lines = batch.iter().filter(|byte| **byte == b'\n').count();
                let lines = u64::try_from(lines).unwrap_or(u64::MAX);
                self.dropped.fetch_add(lines, Ordering::Relaxed);
                say!("events cannot be written: {}", error.kind());
            }
            batch.clear();
            let dropped = self.dropped.load(Ordering::Relaxed);
            if dropped > told {
                say!(
                    "{} events were dropped: the sink failed or was too slow",
                    dropped - told
                );
                told = dropped;
            }
            self.lock().busy = false;
            self.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::mpsc;
    use std::time::Instant;

    /// A sink that stands still until it is told to go on.
    struct Stuck(mpsc::Receiver<()>, Arc<Mutex<Vec<u8>>>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.recv();
            self.1.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    // requirement: P107
    #[test]
    fn a_blocked_sink_holds_nobody_up_and_drops_are_counted() {
        let (go, gate) = mpsc::channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        let events = Events::to(Box::new(Stuck(gate, written.clone()))).unwrap();
        let line = [b'x'; 1 << 16];
        let start = Instant::now();
        for _ in 0..300 {
            events.push(&line);
        }
        assert!(start.elapsed() < Duration::from_secs(5));
        // 300 lines of 64 KiB are 19 MiB: at most twice the room (taken and waiting) was kept.
        assert!(events.dropped() >= 300 - 128, "{}", events.dropped());
        drop(go);
        events.flush();
        let kept = written.lock().unwrap().len() >> 16;
        assert_eq!(u64::try_from(kept).unwrap() + events.dropped(), 300);
    }

    #[cfg(unix)]
    #[test]
    fn a_log_file_is_for_its_owner() {
        use std::os::unix::fs::PermissionsExt as _;
        let name = format!("shield-log-{}-{:p}", std::process::id(), &());
        let path = std::env::temp_dir().join(name);
        let events = Events::open(&Log::File(path.clone())).unwrap();
        events.push(b"one\n");
        drop(events);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((mode & 0o777, &*text), (0o600, "one\n"));
        let nowhere = Log::File(path.join("x"));
        assert!(Events::open(&nowhere).is_err_and(|error| error.variable == "APP_LOG"));
    }

    /// A sink that fails now and then.
    struct Flaky(bool, Arc<Mutex<Vec<u8>>>);

    impl Write for Flaky {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if std::mem::take(&mut self.0) {
                return Err(std::io::ErrorKind::BrokenPipe.into());
            }
            self.1.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_a_sink_refuses_is_counted_and_the_next_is_written() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let events = Events::to(Box::new(Flaky(true, written.clone()))).unwrap();
        events.push(b"one\n");
        events.flush();
        assert_eq!(events.dropped(), 1);
        events.push(b"two\n");
        events.flush();
        assert_eq!(
            (events.dropped(), &**written.lock().unwrap()),
            (1, &b"two\n"[..])
        );
    }

    #[test]
    fn lines_are_written_soon_and_at_the_end() {
        let (go, gate) = mpsc::channel::<()>();
        drop(go);
        let written = Arc::new(Mutex::new(Vec::new()));
        let events = Events::to(Box::new(Stuck(gate, written.clone()))).unwrap();
        events.push(b"one\n");
        let start = Instant::now();
        while written.lock().unwrap().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(5));
            std::thread::sleep(Duration::from_millis(1));
        }
        events.push(b"two\n");
        drop(events);
        assert_eq!(*written.lock().unwrap(), b"one\ntwo\n");
    }
}
