//! A store that survives the process, for one process at a time: the whole state in memory, and a log of what changed it.
//!
//! One thread writes. It takes what waits, decides it, writes the records of all in one frame, waits until the disk has
//! them, and answers only then. When writing fails nothing is known any more: everything is refused until the log could
//! be read again from its beginning.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::log::{Log, Unusable};
use super::record::Record;
use super::state::State;
use super::{Asked, Change, Millis, Outcome, Store, StoreError};
use crate::door::BoxFuture;
use crate::say::say;

/// Changes that may wait; more are refused, since the disk does not keep up.
const WAITING: usize = 1024;
/// Changes that are written together.
const TOGETHER: usize = 256;
/// How long an earlier process may take to leave the folder.
const HANDOVER: Duration = Duration::from_secs(5);
/// How long to wait before a broken log is read again.
const AGAIN: Duration = Duration::from_secs(1);

pub(crate) struct Folder {
    /// `None`: broken.
    state: Arc<RwLock<Option<State>>>,
    jobs: SyncSender<Job>,
    #[cfg(any(test, feature = "testing"))]
    failing: Arc<std::sync::atomic::AtomicBool>,
}

struct Job {
    change: Change,
    now: Millis,
    done: oneshot::Sender<Result<Outcome, StoreError>>,
}

impl Folder {
    /// Opens the store in `folder`, which is made when there is none. The error is a sentence without its subject.
    pub(crate) fn open(folder: &Path, now: Millis) -> Result<Self, String> {
        let failed = |error: io::Error| format!("cannot be opened: {}", error.kind());
        make(folder).map_err(failed)?;
        let lock = lock(folder)?;
        let (log, state) = read(folder, now).map_err(|unusable| match unusable {
            Unusable::Io(error) => failed(error),
            Unusable::Content(sentence) => sentence.to_owned(),
        })?;
        let state = Arc::new(RwLock::new(Some(state)));
        let (jobs, waiting) = sync_channel(WAITING);
        let writer = Writer {
            folder: folder.to_owned(),
            log: Some(log),
            state: state.clone(),
            now,
            _lock: lock,
            #[cfg(any(test, feature = "testing"))]
            failing: Arc::default(),
        };
        #[cfg(any(test, feature = "testing"))]
        let failing = writer.failing.clone();
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run(&waiting))
            .map_err(failed)?;
        Ok(Folder {
            state,
            jobs,
            #[cfg(any(test, feature = "testing"))]
            failing,
        })
    }

    /// Whether [`Folder::open`] would find something wrong, without making anything.
    pub(crate) fn check(folder: &Path) -> Result<(), String> {
        match fs::metadata(folder) {
            Ok(about) if !about.is_dir() => Err("names something that is no folder".to_owned()),
            _ => Ok(()),
        }
    }
}

impl Store for Folder {
    fn is_revoked(&self, asked: &Asked<'_>) -> Result<bool, StoreError> {
        let state = self.state.read().ok();
        let state = state.as_deref().and_then(Option::as_ref);
        state
            .map(|state| state.is_revoked(asked))
            .ok_or(StoreError::Broken)
    }

    fn change(&self, change: Change, now: Millis) -> BoxFuture<'_, Result<Outcome, StoreError>> {
        let (done, answer) = oneshot::channel();
        let sent = self.jobs.try_send(Job { change, now, done });
        Box::pin(async move {
            sent.map_err(|_| StoreError::Broken)?;
            answer.await.unwrap_or(Err(StoreError::Broken))
        })
    }

    #[cfg(any(test, feature = "testing"))]
    fn fail(&self, failing: bool) {
        self.failing
            .store(failing, std::sync::atomic::Ordering::SeqCst);
    }
}

struct Writer {
    folder: PathBuf,
    /// `None`: it could not be written, and has to be read again.
    log: Option<Log>,
    state: Arc<RwLock<Option<State>>>,
    /// The latest time that anybody named.
    now: Millis,
    /// Held as long as this writes.
    _lock: File,
    #[cfg(any(test, feature = "testing"))]
    failing: Arc<std::sync::atomic::AtomicBool>,
}

impl Writer {
    /// A disk that takes half of it.
    #[cfg(any(test, feature = "testing"))]
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(log) = &mut self.log else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if self.failing.load(std::sync::atomic::Ordering::SeqCst) {
            return log.append_half(bytes);
        }
        log.append(bytes)
    }

    #[cfg(not(any(test, feature = "testing")))]
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.log {
            Some(log) => log.append(bytes),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Until nobody can ask any more.
    fn run(mut self, waiting: &Receiver<Job>) {
        loop {
            let first = if self.log.is_some() {
                waiting.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                waiting.recv_timeout(AGAIN)
            };
            match first {
                Ok(first) => {
                    let more = waiting.try_iter().take(TOGETHER - 1);
                    self.work(std::iter::once(first).chain(more).collect());
                }
                Err(RecvTimeoutError::Timeout) => self.mend(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn work(&mut self, jobs: Vec<Job>) {
        let mut bytes = Vec::new();
        let mut answers = Vec::with_capacity(jobs.len());
        {
            let mut state = self.state.write();
            let state = state.as_deref_mut().ok().and_then(Option::as_mut);
            let Some(state) = state.filter(|_| self.log.is_some()) else {
                let broken = |job: Job| _ = job.done.send(Err(StoreError::Broken));
                return jobs.into_iter().for_each(broken);
            };
            for job in jobs {
                self.now = job.now.max(self.now);
                state.expire(job.now);
                let outcome = state.decide(job.change, job.now).map(|(outcome, records)| {
                    for record in records {
                        record.encode(&mut bytes);
                        state.apply(record);
                    }
                    outcome
                });
                answers.push((job.done, outcome));
            }
        }
        let written = bytes.is_empty() || self.write(&bytes);
        for (done, outcome) in answers {
            // Whoever asked may have gone.
            let _ = done.send(if written {
                outcome
            } else {
                Err(StoreError::Broken)
            });
        }
    }

    /// Whether the disk has it.
    fn write(&mut self, bytes: &[u8]) -> bool {
        let mut written = self.append(bytes);
        if let (Ok(()), Some(log)) = (&written, &mut self.log)
            && log.is_long()
        {
            written = rewrite(log, &self.state);
        }
        let Err(error) = written else {
            return true;
        };
        say!(
            "{}: cannot be written: {}; requests that need it are refused",
            self.folder.display(),
            error.kind()
        );
        self.log = None;
        if let Ok(mut state) = self.state.write() {
            *state = None;
        }
        false
    }

    /// What was acknowledged is in the log, and nothing else may be believed.
    fn mend(&mut self) {
        #[cfg(any(test, feature = "testing"))]
        if self.failing.load(std::sync::atomic::Ordering::SeqCst) {
            return;
        }
        if let (Ok((log, read)), Ok(mut state)) = (read(&self.folder, self.now), self.state.write())
        {
            say!("{}: can be written again", self.folder.display());
            self.log = Some(log);
            *state = Some(read);
        }
    }
}

fn rewrite(log: &mut Log, state: &RwLock<Option<State>>) -> io::Result<()> {
    let mut bytes = Vec::new();
    if let Ok(state) = state.read()
        && let Some(state) = &*state
    {
        state.records().for_each(|record| record.encode(&mut bytes));
        return log.rewrite(&bytes);
    }
    Err(io::ErrorKind::Other.into())
}

/// The state that the log in `folder` leads to.
fn read(folder: &Path, now: Millis) -> Result<(Log, State), Unusable> {
    let mut state = State::new();
    let mut records = 0_usize;
    let mut log = Log::open(folder, |mut bytes| {
        while !bytes.is_empty() {
            let record = Record::decode(&mut bytes)
                .ok_or(Unusable::Content("holds what this version does not know"))?;
            state.apply(record);
            records += 1;
        }
        Ok(())
    })?;
    state.expire(now);
    if records > 2 * state.len() + TOGETHER {
        let mut bytes = Vec::new();
        state.records().for_each(|record| record.encode(&mut bytes));
        log.rewrite(&bytes)?;
    }
    Ok((log, state))
}

/// Two writers would each undo what the other remembers.
fn lock(folder: &Path) -> Result<File, String> {
    let failed = |error: io::Error| format!("cannot be locked: {}", error.kind());
    let file = File::create(folder.join("revocations.lock")).map_err(failed)?;
    let until = Instant::now() + HANDOVER;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                return Err("is in use by another process".to_owned());
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}
