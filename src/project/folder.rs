//! The project's folder: which paths may stand in it, and what stands there now.

use super::{ProjectError, names};
use std::io;
use std::path::{Path, PathBuf};

/// Most file systems hold no longer name.
const MAX_NAME: usize = 255;

/// Whether `path` (relative, with `/`) stays inside whatever folder it is joined to, on every system.
///
/// Emitted paths are made from checked identifiers, so this refuses nothing that palisade emits; it is the second lock
/// on the door, and the only one for the paths that an edited `palisade.lock` may hold.
pub(super) fn checked(path: &str) -> Result<(), ProjectError> {
    let bad = |why| {
        Err(ProjectError::BadPath {
            path: crate::diagnostic::escape(path).into_owned(),
            why,
        })
    };
    for name in path.split('/') {
        if name.is_empty() {
            return bad("it is absolute or has an empty part");
        }
        if name == "." || name == ".." {
            return bad("it would leave the folder");
        }
        if name.starts_with(super::staging::PREFIX) {
            return bad("the name is kept for palisade's own use");
        }
        if name.len() > MAX_NAME {
            return bad("a part of it is too long");
        }
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            || name.ends_with('.')
            || names::is_device(name)
        {
            return bad("not every file system could hold it");
        }
    }
    Ok(())
}

/// What stands at a path.
pub(super) enum Found {
    Nothing,
    File(Vec<u8>),
}

/// A folder that exists, or does not yet.
pub(super) struct Folder<'a> {
    pub root: &'a Path,
    pub exists: bool,
}

impl<'a> Folder<'a> {
    /// The root may be a symbolic link: where a project lies is the person's choice.
    pub fn at(root: &'a Path) -> Result<Folder<'a>, ProjectError> {
        match std::fs::metadata(root) {
            Ok(found) if found.is_dir() => Ok(Folder { root, exists: true }),
            Ok(_) => Err(ProjectError::NotThat {
                path: root.to_path_buf(),
                wanted: "folder",
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link that leads nowhere is there, too.
                match std::fs::symlink_metadata(root) {
                    Ok(_) => Err(ProjectError::NotThat {
                        path: root.to_path_buf(),
                        wanted: "folder",
                    }),
                    Err(_) => Ok(Folder {
                        root,
                        exists: false,
                    }),
                }
            }
            Err(error) => Err(ProjectError::io("read", root)(error)),
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// What stands at `path`; refuses symbolic links on the way to it and at its end.
    pub fn read(&self, path: &str) -> Result<Found, ProjectError> {
        if !self.real_parents(path)? {
            return Ok(Found::Nothing);
        }
        let full = self.path(path);
        match std::fs::symlink_metadata(&full) {
            Ok(found) if found.is_symlink() => Err(ProjectError::Link { path: full }),
            Ok(found) if found.is_file() => Ok(Found::File(
                std::fs::read(&full).map_err(ProjectError::io("read", &full))?,
            )),
            Ok(_) => Err(ProjectError::NotThat {
                path: full,
                wanted: "file",
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(ProjectError::io("read", &full)(error)),
        }
    }

    /// Whether anything stands at `path`; opens nothing. Only where there is nothing must the way be free of links.
    pub fn has(&self, path: &str) -> Result<bool, ProjectError> {
        let full = self.path(path);
        match std::fs::symlink_metadata(&full) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.real_parents(path)?;
                Ok(false)
            }
            Err(error) => Err(ProjectError::io("read", &full)(error)),
        }
    }

    /// Makes the folders above `path`.
    pub fn make_parents(&self, path: &str) -> Result<(), ProjectError> {
        if let Some((parents, _)) = path.rsplit_once('/') {
            let full = self.path(parents);
            std::fs::create_dir_all(&full).map_err(ProjectError::io("create", &full))?;
        }
        Ok(())
    }

    /// Whether the folders above `path` exist; an error when one of them is a link or no folder.
    fn real_parents(&self, path: &str) -> Result<bool, ProjectError> {
        let mut full = self.root.to_path_buf();
        let Some((parents, _)) = path.rsplit_once('/') else {
            return Ok(self.exists);
        };
        for name in parents.split('/') {
            full.push(name);
            match std::fs::symlink_metadata(&full) {
                Ok(found) if found.is_symlink() => return Err(ProjectError::Link { path: full }),
                Ok(found) if found.is_dir() => {}
                Ok(_) => {
                    return Err(ProjectError::NotThat {
                        path: full,
                        wanted: "folder",
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
                Err(error) => return Err(ProjectError::io("read", &full)(error)),
            }
        }
        Ok(true)
    }
}
