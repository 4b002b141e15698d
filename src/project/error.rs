//! Why a project could not be written or compared.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Everything but [`ProjectError::Edited`] is a matter of usage or of the disk (exit code 2).
#[derive(Debug)]
pub enum ProjectError {
    /// The disk did not do what was asked of it.
    Io {
        /// What was tried: `read`, `write`, `remove` …
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// A path that would leave the folder, or that some file system cannot hold.
    BadPath { path: String, why: &'static str },
    /// A symbolic link where a real file or folder must stand.
    Link { path: PathBuf },
    /// A folder where a file must stand, or the other way round.
    NotThat { path: PathBuf, wanted: &'static str },
    /// The document lies where an owned file would be written.
    OverDocument { path: PathBuf },
    /// `palisade.lock` cannot be understood.
    Lock { path: PathBuf, why: String },
    /// Owned files that are neither as palisade wrote them nor as it would write them now (exit code 1).
    Edited { paths: Vec<String> },
    /// Another palisade writes into the same folder at this moment.
    Busy { path: PathBuf },
}

impl ProjectError {
    /// For `map_err`: what was tried, and where.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ProjectError {
        let path = path.to_path_buf();
        move |source| ProjectError::Io {
            doing,
            path,
            source,
        }
    }
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProjectError::Io {
                doing,
                path,
                source,
            } => write!(f, "cannot {doing} {}: {source}", path.display()),
            ProjectError::BadPath { path, why } => {
                write!(f, "`{path}` cannot be a file of the project: {why}")
            }
            ProjectError::Link { path } => write!(
                f,
                "{} is a symbolic link; palisade writes only to real files and folders",
                path.display()
            ),
            ProjectError::NotThat { path, wanted } => {
                write!(f, "{} is not a {wanted}", path.display())
            }
            ProjectError::OverDocument { path } => write!(
                f,
                "{} is the document itself, and the project has a file of that name; move the document or choose another folder",
                path.display()
            ),
            ProjectError::Lock { path, why } => write!(
                f,
                "cannot understand {}: {why}; restore it from version control, or run with --force to write it anew",
                path.display()
            ),
            ProjectError::Edited { paths } => {
                match paths.len() {
                    1 => write!(f, "1 file is palisade's, but not as palisade wrote it:")?,
                    many => write!(
                        f,
                        "{many} files are palisade's, but not as palisade wrote them:"
                    )?,
                }
                for path in paths {
                    write!(f, "\n  {path}")?;
                }
                write!(
                    f,
                    "\nmove your change to the document or to service/, or run with --force to write over it"
                )
            }
            ProjectError::Busy { path } => write!(
                f,
                "another palisade is writing into {}; try again when it is done",
                path.display()
            ),
        }
    }
}

impl std::error::Error for ProjectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ProjectError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
