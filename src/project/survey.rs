//! What a project would change in its folder: looked at once, used by `generate` and by `check`.

use super::folder::{Folder, Found, checked};
use super::lock::{LOCK, Lock, sha256};
use super::{About, ProjectError};
use crate::emit::{Files, Owner};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where the person's handlers lie.
pub(super) const HANDLERS: &str = "service/src/handlers";

/// A file that does not stand as it should.
pub(super) struct Item {
    pub path: String,
    /// The bytes on disk; `None` when there is no file.
    pub before: Option<Vec<u8>>,
    /// The text it should have; `None` when it should not be there.
    pub after: Option<String>,
}

/// Everything there is to do.
pub(super) struct Survey {
    /// Owned files that are missing, differ, or are no longer emitted; sorted by path.
    pub owned: Vec<Item>,
    /// Owned files that stand as they should.
    pub same: usize,
    /// Of `owned`: those somebody else changed.
    pub edited: Vec<String>,
    /// The person's files that are not there yet.
    pub wanted: Vec<Item>,
    /// The person's files that are there: not looked into.
    pub kept: usize,
    /// Files among the handlers that no operation and no resource needs.
    pub orphans: Vec<String>,
    /// `palisade.lock`, when it does not stand as it should.
    pub lock: Option<Item>,
}

/// Compares `files` with the folder. `old` is the lock found there; `unfinished` are locks of runs that were cut off.
pub(super) fn survey(
    folder: &Folder<'_>,
    files: &Files,
    about: &About,
    old: Option<&Lock>,
    unfinished: &[Lock],
) -> Result<Survey, ProjectError> {
    refuse_bad_paths(files)?;
    let ours = |path: &str, hash: &str| {
        old.into_iter()
            .chain(unfinished)
            .any(|lock| lock.files.get(path).is_some_and(|known| known == hash))
    };
    let mut found = Survey {
        owned: Vec::new(),
        same: 0,
        edited: Vec::new(),
        wanted: Vec::new(),
        kept: 0,
        orphans: orphans(folder, files)?,
        lock: None,
    };
    let mut gone: BTreeSet<&String> = BTreeSet::new();
    for lock in old.into_iter().chain(unfinished) {
        gone.extend(lock.files.keys().filter(|path| !files.contains_key(*path)));
    }
    // What is palisade's to remove is nobody's to delete.
    found.orphans.retain(|path| !gone.contains(path));
    let renamed: BTreeSet<String> = gone.iter().map(|path| path.to_lowercase()).collect();
    for (path, file) in files {
        if file.owner == Owner::Person {
            if folder.has(path)? {
                found.kept += 1;
            } else {
                found.wanted.push(Item {
                    path: path.clone(),
                    before: None,
                    after: Some(file.text.clone()),
                });
            }
            continue;
        }
        let before = match folder.read(path)? {
            Found::Nothing => None,
            Found::File(bytes) => Some(bytes),
        };
        // A file whose old name differs only in case may be the same file, and about to be removed.
        if before.as_deref() == Some(file.text.as_bytes())
            && !renamed.contains(&path.to_lowercase())
        {
            found.same += 1;
            continue;
        }
        if let Some(bytes) = &before
            && bytes != file.text.as_bytes()
            && !ours(path, &sha256(bytes))
        {
            found.edited.push(path.clone());
        }
        found.owned.push(Item {
            path: path.clone(),
            before,
            after: Some(file.text.clone()),
        });
    }
    for path in gone {
        if let Found::File(bytes) = folder.read(path)? {
            if !ours(path, &sha256(&bytes)) {
                found.edited.push(path.clone());
            }
            found.owned.push(Item {
                path: path.clone(),
                before: Some(bytes),
                after: None,
            });
        }
    }
    found.owned.sort_by(|a, b| a.path.cmp(&b.path));
    found.edited.sort();
    found.lock = lock_item(folder, files, about)?;
    refuse_over_document(folder, about, &found)?;
    Ok(found)
}

fn lock_item(
    folder: &Folder<'_>,
    files: &Files,
    about: &About,
) -> Result<Option<Item>, ProjectError> {
    let after = Lock::of(files, about).text();
    let before = match folder.read(LOCK)? {
        Found::Nothing => None,
        Found::File(bytes) => Some(bytes),
    };
    Ok((before.as_deref() != Some(after.as_bytes())).then(|| Item {
        path: LOCK.to_owned(),
        before,
        after: Some(after),
    }))
}

fn refuse_bad_paths(files: &Files) -> Result<(), ProjectError> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for path in files.keys() {
        checked(path)?;
        if path.eq_ignore_ascii_case(LOCK) || seen.insert(path.to_lowercase(), path).is_some() {
            return Err(ProjectError::BadPath {
                path: path.clone(),
                why: "another file has this name, but for upper and lower case",
            });
        }
    }
    Ok(())
}

/// The document is never written over, and never removed.
fn refuse_over_document(
    folder: &Folder<'_>,
    about: &About,
    survey: &Survey,
) -> Result<(), ProjectError> {
    let Ok(root) = folder.root.canonicalize() else {
        return Ok(());
    };
    for source in &about.sources {
        let Ok(real) = source.canonicalize() else {
            continue;
        };
        let Ok(inside) = real.strip_prefix(&root) else {
            continue;
        };
        let touched = survey.owned.iter().chain(&survey.lock);
        for item in touched {
            if Path::new(&item.path.to_lowercase())
                == Path::new(&inside.to_string_lossy().to_lowercase())
            {
                return Err(ProjectError::OverDocument { path: real });
            }
        }
    }
    Ok(())
}

/// Rust files among the handlers that the plan does not name. What lies in a folder named like a handler is its own.
fn orphans(folder: &Folder<'_>, files: &Files) -> Result<Vec<String>, ProjectError> {
    let mut orphans = Vec::new();
    let mut open = vec![HANDLERS.to_owned()];
    while let Some(here) = open.pop() {
        let full = folder.path(&here);
        let entries = match std::fs::read_dir(&full) {
            Ok(entries) => entries,
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                continue;
            }
            Err(error) => return Err(ProjectError::io("read", &full)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(ProjectError::io("read", &full))?;
            let kind = entry.file_type().map_err(ProjectError::io("read", &full))?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = format!("{here}/{name}");
            if kind.is_dir() {
                if !files.contains_key(&format!("{path}.rs")) {
                    open.push(path);
                }
            } else if kind.is_file() && name.ends_with(".rs") && !files.contains_key(&path) {
                orphans.push(path);
            }
        }
    }
    orphans.sort();
    Ok(orphans)
}
