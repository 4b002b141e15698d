//! One file of the person's, written when it is missing.

use super::ProjectError;
use super::folder::{Folder, checked};
use super::staging::{Only, Staging};
use super::write::place_new;
use std::path::Path;

/// Puts `text` at `path` in the project's folder, unless something stands there: that is never opened. Tells whether it
/// was written.
pub fn place_stub(dir: &Path, path: &str, text: &str) -> Result<bool, ProjectError> {
    checked(path)?;
    let folder = Folder::at(dir)?;
    if !folder.exists {
        return Err(ProjectError::NotThat {
            path: dir.to_path_buf(),
            wanted: "folder",
        });
    }
    let _only = Only::in_folder(dir)?;
    if folder.has(path)? {
        return Ok(false);
    }
    let staging = Staging::in_folder(dir)?;
    let placed = staging.fill(&[text], None).and_then(|()| {
        folder.make_parents(path)?;
        place_new(&staging.slot(0), &folder.path(path), text)
    });
    let cleared = staging.clear();
    let new = placed?;
    cleared.map(|()| new)
}
