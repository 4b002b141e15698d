//! Puts a project into its folder.

use super::folder::Folder;
use super::lock::{LOCK, Lock};
use super::staging::{Leftovers, Only, Staging, sync_folder, write_new};
use super::survey::{HANDLERS, Item, Survey, survey};
use super::{About, ProjectError};
use crate::emit::Files;
use std::io;
use std::path::Path;

/// What was done. Paths are relative to the folder, with `/`, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Owned files that were new or had changed.
    pub written: Vec<String>,
    /// Owned files that are no longer emitted.
    pub removed: Vec<String>,
    /// Owned files that stood as they should: not touched.
    pub same: usize,
    /// The person's files that were written for the first time.
    pub created: Vec<String>,
    /// The person's files that were there: not opened.
    pub kept: usize,
    /// Files among the handlers that nothing needs any more; left alone.
    pub orphans: Vec<String>,
}

impl Report {
    /// The handlers and loaders that were created now and wait to be written.
    pub fn handlers(&self) -> impl Iterator<Item = &str> {
        self.created
            .iter()
            .map(String::as_str)
            .filter(|path| path.starts_with(HANDLERS))
    }
}

/// Writes `files` into `dir`, which is made when it is not there. `force` writes over owned files that were edited.
///
/// Everything is first written beside its place and only then moved there, the lock last. Whatever a cut-off run
/// leaves, the next one puts right.
pub fn write(
    dir: &Path,
    files: &Files,
    about: &About,
    force: bool,
) -> Result<Report, ProjectError> {
    if !Folder::at(dir)?.exists {
        // Before a folder is made for nothing.
        survey(&Folder::at(dir)?, files, about, None, &[])?;
        std::fs::create_dir_all(dir).map_err(ProjectError::io("create", dir))?;
    }
    let folder = Folder::at(dir)?;
    let _only = Only::in_folder(dir)?;
    let (found, leftovers) = decide(&folder, files, about, force)?;
    let report = report(&found);
    if found.owned.is_empty() && found.wanted.is_empty() && found.lock.is_none() {
        leftovers.clear()?;
        return Ok(report);
    }
    commit(&folder, &found)?;
    leftovers.clear()?;
    Ok(report)
}

fn decide(
    folder: &Folder<'_>,
    files: &Files,
    about: &About,
    force: bool,
) -> Result<(Survey, Leftovers), ProjectError> {
    let old = match Lock::read(folder.root) {
        Err(ProjectError::Lock { .. }) if force => None,
        other => other?,
    };
    let leftovers = Leftovers::find(folder.root)?;
    let found = survey(folder, files, about, old.as_ref(), &leftovers.locks)?;
    if !found.edited.is_empty() && !force {
        return Err(ProjectError::Edited {
            paths: found.edited,
        });
    }
    Ok((found, leftovers))
}

fn report(found: &Survey) -> Report {
    let paths = |items: &[Item], there: bool| {
        items
            .iter()
            .filter(|item| item.after.is_some() == there)
            .map(|item| item.path.clone())
            .collect()
    };
    Report {
        written: paths(&found.owned, true),
        removed: paths(&found.owned, false),
        same: found.same,
        created: paths(&found.wanted, true),
        kept: found.kept,
        orphans: found.orphans.clone(),
    }
}

fn commit(folder: &Folder<'_>, found: &Survey) -> Result<(), ProjectError> {
    let items: Vec<(&Item, &str, bool)> = found
        .owned
        .iter()
        .map(|item| (item, true))
        .chain(found.wanted.iter().map(|item| (item, false)))
        .filter_map(|(item, owned)| Some((item, item.after.as_deref()?, owned)))
        .collect();
    let texts: Vec<&str> = items.iter().map(|(_, text, _)| *text).collect();
    let lock = found.lock.as_ref().and_then(|item| item.after.as_deref());

    let staging = Staging::in_folder(folder.root)?;
    if let Err(error) = staging.fill(&texts, lock) {
        // Nothing was moved yet; on a full disk it matters that nothing stays.
        let _ = staging.clear();
        return Err(error);
    }

    for item in found.owned.iter().filter(|item| item.after.is_none()) {
        remove(folder, &item.path)?;
    }
    for (number, (item, text, owned)) in items.iter().enumerate() {
        folder.make_parents(&item.path)?;
        let to = folder.path(&item.path);
        if *owned {
            let from = staging.slot(number);
            std::fs::rename(&from, &to).map_err(ProjectError::io("write", &to))?;
        } else {
            place_new(&staging.slot(number), &to, text)?;
        }
    }
    if lock.is_some() {
        let to = folder.path(LOCK);
        std::fs::rename(staging.lock(), &to).map_err(ProjectError::io("write", &to))?;
        sync_folder(folder.root);
    }
    staging.clear()
}

/// Puts a file of the person's in place, unless they wrote one a moment ago: theirs stays. Tells whether it was put.
pub(super) fn place_new(from: &Path, to: &Path, text: &str) -> Result<bool, ProjectError> {
    match std::fs::hard_link(from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // A file system without hard links.
        Err(_) => match write_new(to, text) {
            Err(ProjectError::Io { source, .. })
                if source.kind() == io::ErrorKind::AlreadyExists =>
            {
                Ok(false)
            }
            other => other.map(|()| true),
        },
    }
}

/// Removes an owned file and the folders that are empty without it.
fn remove(folder: &Folder<'_>, path: &str) -> Result<(), ProjectError> {
    let full = folder.path(path);
    std::fs::remove_file(&full).map_err(ProjectError::io("remove", &full))?;
    let mut parent = full.parent();
    while let Some(here) = parent.filter(|here| *here != folder.root) {
        if std::fs::remove_dir(here).is_err() {
            break;
        }
        parent = here.parent();
    }
    Ok(())
}
