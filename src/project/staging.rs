//! Where new files wait until all of them are written: `.palisade-<process>` in the project's folder.

use super::ProjectError;
use super::lock::{LOCK, Lock};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the names of staging folders begin with.
pub(super) const PREFIX: &str = ".palisade-";

/// So many files are written at the same time; one after the other, most of the time would go by in waiting.
const WRITERS: usize = 4;

/// So many numbers are tried before something else must be wrong.
const MOST: usize = 10_000;

/// A staging folder of this process.
pub(super) struct Staging {
    path: PathBuf,
}

impl Staging {
    /// Makes the folder in `root`.
    pub fn in_folder(root: &Path) -> Result<Staging, ProjectError> {
        // In containers every run may have the same number. What a cut-off run left under ours stays until we are done:
        // its lock may be all that tells which files are palisade's.
        for number in (std::process::id()..=u32::MAX).take(MOST) {
            let path = root.join(format!("{PREFIX}{number}"));
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Staging { path }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(ProjectError::io("create", &path)(error)),
            }
        }
        Err(ProjectError::io("create", &root.join(PREFIX))(
            std::io::Error::other("too many folders of that name"),
        ))
    }

    /// Where the file with this number waits.
    pub fn slot(&self, number: usize) -> PathBuf {
        self.path.join(number.to_string())
    }

    /// Where the lock waits.
    pub fn lock(&self) -> PathBuf {
        self.path.join(LOCK)
    }

    /// Writes `texts` to their slots, and `lock`, where it changes, beside them.
    ///
    /// A killed process loses nothing of this. A power cut may: the disk is asked to keep only the lock, for asking it for each
    /// of thousands of files takes longer than all the rest. `check` then names what is not whole, and `generate` heals it.
    pub fn fill(&self, texts: &[&str], lock: Option<&str>) -> Result<(), ProjectError> {
        let jobs: Vec<(PathBuf, &str)> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| (self.slot(number), *text))
            .collect();
        let share = jobs.len().div_ceil(WRITERS).max(1);
        std::thread::scope(|scope| {
            let writers: Vec<_> = jobs
                .chunks(share)
                .map(|jobs| {
                    scope.spawn(move || {
                        jobs.iter()
                            .try_for_each(|(path, text)| write_new(path, text))
                    })
                })
                .collect();
            writers.into_iter().try_for_each(|writer| {
                writer.join().unwrap_or_else(|_| {
                    let lost = std::io::Error::other("a writer stopped");
                    Err(ProjectError::io("write", &self.path)(lost))
                })
            })
        })?;
        lock.map_or(Ok(()), |lock| write_synced(&self.lock(), lock))
    }

    /// Removes the folder and what is left in it.
    pub fn clear(self) -> Result<(), ProjectError> {
        std::fs::remove_dir_all(&self.path).map_err(ProjectError::io("remove", &self.path))
    }
}

/// Staging folders of runs that were cut off.
pub(super) struct Leftovers {
    paths: Vec<PathBuf>,
    /// The locks they were about to put in place: files with these hashes are palisade's, too.
    pub locks: Vec<Lock>,
}

impl Leftovers {
    /// Call it only while the folder is locked: otherwise they may be at work.
    pub fn find(root: &Path) -> Result<Leftovers, ProjectError> {
        let mut found = Leftovers {
            paths: Vec::new(),
            locks: Vec::new(),
        };
        let entries = std::fs::read_dir(root).map_err(ProjectError::io("read", root))?;
        for entry in entries {
            let entry = entry.map_err(ProjectError::io("read", root))?;
            let name = entry.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
            let ours = number.is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            });
            if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                // A lock that was cut off tells nothing.
                found
                    .locks
                    .extend(Lock::read_file(&entry.path().join(LOCK)).ok().flatten());
                found.paths.push(entry.path());
            }
        }
        Ok(found)
    }

    /// Removes them.
    pub fn clear(self) -> Result<(), ProjectError> {
        for path in self.paths {
            if path.exists() {
                std::fs::remove_dir_all(&path).map_err(ProjectError::io("remove", &path))?;
            }
        }
        Ok(())
    }
}

/// Keeps a second palisade out of the folder for as long as it lives, or until the process ends in whatever way.
pub(super) struct Only {
    _handle: Option<File>,
}

impl Only {
    pub fn in_folder(root: &Path) -> Result<Only, ProjectError> {
        // Elsewhere a folder cannot be opened like a file, and two runs at once are the person's to avoid.
        if !cfg!(unix) {
            return Ok(Only { _handle: None });
        }
        let handle = File::open(root).map_err(ProjectError::io("open", root))?;
        match handle.try_lock() {
            Ok(()) => Ok(Only {
                _handle: Some(handle),
            }),
            Err(std::fs::TryLockError::WouldBlock) => Err(ProjectError::Busy {
                path: root.to_path_buf(),
            }),
            // A file system without locks: go on without.
            Err(std::fs::TryLockError::Error(_)) => Ok(Only { _handle: None }),
        }
    }
}

/// Writes a file that must not be there yet.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), ProjectError> {
    create(path, text).map(drop)
}

/// The same, and waits for the disk.
fn write_synced(path: &Path, text: &str) -> Result<(), ProjectError> {
    let file = create(path, text)?;
    file.sync_all().map_err(ProjectError::io("write", path))
}

fn create(path: &Path, text: &str) -> Result<File, ProjectError> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        // Half a file is worse than none: where it lies, it could be taken for one of the person's.
        file.write_all(text.as_bytes())
            .inspect_err(|_| drop(std::fs::remove_file(path)))?;
        Ok(file)
    };
    write().map_err(ProjectError::io("write", path))
}

/// Asks the disk to keep the names in a folder; systems that cannot are not asked twice.
pub(super) fn sync_folder(path: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(path)
    {
        let _ = folder.sync_all();
    }
}
