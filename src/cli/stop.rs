//! Why a command ends early, and the exit codes.

use crate::project::ProjectError;

/// All is well.
pub const DONE: i32 = 0;
/// The document cannot be generated from, or the folder is not what it must be.
pub const REFUSED: i32 = 1;
/// Usage, or the disk.
pub const TROUBLE: i32 = 2;

/// Why a command ends early.
#[derive(Debug)]
pub enum Stop {
    /// Diagnostics of the document, rendered; what that means for the exit code is the command's to say (ruling 17).
    Invalid(String),
    /// Exit code 1.
    Refused(String),
    /// Exit code 2.
    Trouble(String),
}

impl From<ProjectError> for Stop {
    fn from(error: ProjectError) -> Stop {
        match error {
            ProjectError::Edited { .. } => Stop::Refused(error.to_string()),
            _ => Stop::Trouble(error.to_string()),
        }
    }
}
