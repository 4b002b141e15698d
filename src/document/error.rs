//! Why a document could not be read.

use super::Sources;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Why a document could not be read. [`crate::diagnostic::render_load_error`] puts it into words.
#[derive(Debug)]
pub enum LoadError {
    /// There is no text to point into: the file is missing, too large or not UTF-8. Its code is [`UNREADABLE`].
    Unplaced {
        message: String,
        help: Option<String>,
    },
    /// The text is there and was refused at a place.
    Refused {
        diagnostics: Diagnostics,
        sources: Sources,
    },
}

/// The code of every [`LoadError::Unplaced`].
pub const UNREADABLE: Code = 1001;

impl LoadError {
    pub(crate) fn unplaced(message: impl Into<String>, help: Option<&str>) -> Self {
        LoadError::Unplaced {
            message: message.into(),
            help: help.map(str::to_owned),
        }
    }

    pub(crate) fn refused(diagnostic: Diagnostic, sources: Sources) -> Self {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(diagnostic);
        LoadError::Refused {
            diagnostics,
            sources,
        }
    }
}
