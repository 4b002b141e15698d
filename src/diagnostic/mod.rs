//! What is wrong with a document, where, and what to do about it.
//!
//! A diagnostic stops generation (ruling 16). Stages push into one [`Diagnostics`] and go on, so that a person sees
//! everything at once (at most 50, ruling 78).

mod escape;
mod excerpt;
mod render;
mod suggest;
#[cfg(test)]
mod tests;

pub use escape::escape;
pub use render::{render, render_load_error};
pub use suggest::suggest;

use crate::document::Place;

/// Codes are stable; the thousands name the stage: 1 document, 2 OpenAPI, 3 `x-security`, 4 a named gap.
pub type Code = u16;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// `1001` is shown as `PAL-1001`.
    pub code: Code,
    /// One sentence, lower case, without a full stop at the end.
    pub message: String,
    pub place: Place,
    /// Other places that belong to the story ("first defined here").
    pub related: Vec<(Place, String)>,
    /// The way out.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            message: message.into(),
            place,
            related: Vec::new(),
            help: None,
        }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn related(mut self, place: Place, note: impl Into<String>) -> Self {
        self.related.push((place, note.into()));
        self
    }
}

/// So many are kept. A hostile document can be wrong in a million places; nobody reads them, and all of them have to be
/// held until they can be sorted.
const KEPT: usize = 10_000;

/// Everything found so far.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    uncounted: usize,
}

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < KEPT {
            self.found.push(diagnostic);
        } else {
            self.uncounted = self.uncounted.saturating_add(1);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// How many were found beyond those that [`Diagnostics::iter`] gives.
    pub(crate) fn uncounted(&self) -> usize {
        self.uncounted
    }
}
