//! Why a document could not be read.

use super::Sources;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Why a document could not be read. [`crate::diagnostic::render_load_error`] puts it into words.
#[derive(Debug)]
pub enum LoadError {
    /// There is no text to point into: the file is missing or too large. Its code is [`super::UNREADABLE`].
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
