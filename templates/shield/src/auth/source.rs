//! Where the keys of a scheme come from, and how they stay current without a restart (P25; rulings 1, 58): a text that
//! never changes, a file that is read again when it does, a JWK set behind an address, a secret of Vault. Those of tokens
//! and lists of API keys alike.

use crate::jwks::{Read, Remote, Upkeep};
use crate::say::say;
use crate::stamp::{PAUSE, Stamp, stamp};
use crate::vault::Vault;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// What the reference for keys leads to.
pub struct Given<'a> {
    pub text: &'a str,
    /// The file it was read from and what that is called, if it was.
    pub file: Option<(String, PathBuf)>,
    /// The Vault it was read from, and its reference there.
    pub(crate) vault: Option<(Arc<Vault>, &'static str)>,
}

/// The keys of one scheme, as they are now.
pub(super) enum Source<T> {
    Fixed(T),
    File(Watched<T>),
    Remote(Arc<Remote<T>>),
}

/// What became of looking after the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    /// They are what they were.
    Same,
    /// They have changed: the event `secret.rotated` is due.
    Rotated,
    /// There are none: nobody can be told from anybody.
    Nothing,
}

impl<T: Send + Sync + 'static> Source<T> {
    /// What `read` makes of the text, now and whenever what stands behind the reference has changed.
    pub fn of(
        name: &str,
        given: Given<'_>,
        upkeep: Upkeep,
        read: impl Fn(&str) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let value = read(given.text)?;
        if let Some(vault) = given.vault {
            let first = (given.text.to_owned(), value);
            let remote = Remote::of_vault(name.to_owned(), vault, upkeep, first, read);
            return Ok(Source::Remote(Arc::new(remote)));
        }
        Ok(match given.file {
            None => Source::Fixed(value),
            Some((name, path)) => Source::File(Watched::new(name, path, value, Box::new(read))),
        })
    }

    /// Whether they can change at all.
    pub fn is_fixed(&self) -> bool {
        matches!(self, Source::Fixed(_))
    }

    /// Brings them up to date, if it is time. `now`: nanoseconds of the service's clock.
    pub async fn look(&self, now: u64) -> Looked {
        match self {
            Source::Fixed(_) => Looked::Same,
            Source::File(file) => file.look(now),
            Source::Remote(remote) => looked(remote.current(now).await),
        }
    }

    /// Somebody presented a key that is not among them, or a token that names one: looks whether there are newer ones. `true`: there are.
    pub async fn look_again(&self, now: u64) -> bool {
        match self {
            // Where there is no set at all, one was asked for a moment ago: nobody waits for that twice.
            Source::Remote(remote) => remote.value().is_some() && remote.renew(now).await,
            // A file was looked at a moment ago.
            Source::Fixed(_) | Source::File(_) => false,
        }
    }

    /// What is asked of the keys of now. `None`: there are none.
    pub fn ask<R>(&self, ask: impl FnOnce(&T) -> R) -> Option<R> {
        match self {
            Source::Fixed(keys) => Some(ask(keys)),
            Source::File(file) => Some(ask(&file.value())),
            Source::Remote(remote) => remote.value().map(|keys| ask(&keys)),
        }
    }
}

fn looked(kept: Option<crate::jwks::Kept>) -> Looked {
    match kept {
        None => Looked::Nothing,
        Some(kept) if kept.rotated => Looked::Rotated,
        Some(_) => Looked::Same,
    }
}

/// What a file holds. A content that cannot be read leaves what was read before in force: a key that was taken out on
/// purpose is taken out by a file that can be read.
pub(super) struct Watched<T> {
    name: String,
    path: PathBuf,
    read: Read<T>,
    held: RwLock<Arc<T>>,
    looked: Mutex<Last>,
}

struct Last {
    /// Nanoseconds of the service's clock.
    at: u64,
    stamp: Option<Stamp>,
}

impl<T> Watched<T> {
    /// `value` is what the file holds at the start.
    pub fn new(name: String, path: PathBuf, value: T, read: Read<T>) -> Self {
        let stamp = stamp(&path);
        Watched {
            name,
            path,
            read,
            held: RwLock::new(Arc::new(value)),
            looked: Mutex::new(Last { at: 0, stamp }),
        }
    }

    fn value(&self) -> Arc<T> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    fn look(&self, now: u64) -> Looked {
        // Whoever comes while another looks goes on with what is there.
        let Ok(mut last) = self.looked.try_lock() else {
            return Looked::Same;
        };
        if now.saturating_sub(last.at) < PAUSE {
            return Looked::Same;
        }
        last.at = now;
        let stamp = stamp(&self.path);
        if stamp == last.stamp {
            return Looked::Same;
        }
        last.stamp = stamp;
        let content = crate::config::content(&self.name, &self.path);
        let read = content.map_err(|error| error.message);
        match read.and_then(|text| (self.read)(&text)) {
            Ok(value) => {
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                *held = Arc::new(value);
                Looked::Rotated
            }
            Err(why) => {
                say!(
                    "{}: {why}; the keys that were there before stay in force",
                    self.name
                );
                Looked::Same
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn put(path: &Path, text: &str) {
        // Renamed into place, as whoever rotates a key should.
        let aside = path.with_extension("new");
        std::fs::write(&aside, text).unwrap();
        std::fs::rename(&aside, path).unwrap();
    }

    #[test]
    fn a_file_is_read_again_when_it_has_changed_and_can_be_read() {
        let folder = std::env::temp_dir().join(format!("shield-watched-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("keys");
        put(&path, "one\n");
        let read = |text: &str| match text {
            "" => Err("is empty".to_owned()),
            text => Ok(text.to_owned()),
        };
        let file = Watched::new("K".into(), path.clone(), "one".to_owned(), Box::new(read));
        assert_eq!(file.look(2 * SECOND), Looked::Same);
        put(&path, "two\n");
        assert_eq!(file.look(2 * SECOND + 1), Looked::Same, "a moment ago");
        assert_eq!(file.look(3 * SECOND), Looked::Rotated);
        assert_eq!(*file.value(), "two");
        put(&path, "");
        assert_eq!(file.look(4 * SECOND), Looked::Same);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(file.look(5 * SECOND), Looked::Same);
        assert_eq!(*file.value(), "two");
        put(&path, "three");
        assert_eq!(file.look(6 * SECOND), Looked::Rotated);
        assert_eq!(*file.value(), "three");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
