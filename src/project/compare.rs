//! What `generate` would change, as a unified diff.

use super::folder::Folder;
use super::lock::Lock;
use super::survey::{Item, survey};
use super::{About, ProjectError};
use crate::emit::Files;
use similar::TextDiff;
use std::path::Path;

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Missing,
    Changed,
    /// Written by an earlier `generate`, no longer emitted.
    Superfluous,
}

/// A file that differs.
#[derive(Debug, Clone)]
pub struct Change {
    pub path: String,
    pub kind: Kind,
    /// From the folder to what `generate` would write.
    pub diff: String,
}

/// All that differs, sorted by path; nothing when the folder stands as `generate` would leave it.
#[derive(Debug, Clone)]
pub struct Drift {
    pub changes: Vec<Change>,
    /// Whether there is a folder at all.
    pub folder: bool,
    /// As in [`super::Report::orphans`]; they are no drift.
    pub orphans: Vec<String>,
}

/// Compares `dir` with `files`; touches nothing.
pub fn compare(dir: &Path, files: &Files, about: &About) -> Result<Drift, ProjectError> {
    let folder = Folder::at(dir)?;
    let old = Lock::read(dir)?;
    let found = survey(&folder, files, about, old.as_ref(), &[])?;
    let mut changes: Vec<Change> = found
        .owned
        .iter()
        .chain(&found.wanted)
        .chain(&found.lock)
        .map(change)
        .collect();
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Drift {
        changes,
        folder: folder.exists,
        orphans: found.orphans,
    })
}

fn change(item: &Item) -> Change {
    let kind = match (&item.before, &item.after) {
        (None, _) => Kind::Missing,
        (Some(_), Some(_)) => Kind::Changed,
        (Some(_), None) => Kind::Superfluous,
    };
    let before = item.before.as_deref().map(String::from_utf8_lossy);
    let (before, after) = (
        before.as_deref().unwrap_or_default(),
        item.after.as_deref().unwrap_or_default(),
    );
    let name = |there: bool, side: &str| match there {
        true => format!("{side}/{}", item.path),
        false => "/dev/null".to_owned(),
    };
    let diff = TextDiff::from_lines(before, after)
        .unified_diff()
        .header(
            &name(item.before.is_some(), "a"),
            &name(item.after.is_some(), "b"),
        )
        .to_string();
    Change {
        path: item.path.clone(),
        kind,
        diff,
    }
}
