//! Pushes each diagnostic once: a component that is used in ten places is wrong in one.

use super::gaps::Gap;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Place;
use std::collections::BTreeSet;

/// A stage's way to [`Diagnostics`].
pub(crate) struct Report<'d> {
    diagnostics: &'d mut Diagnostics,
    seen: BTreeSet<(Place, Code, String)>,
}

impl<'d> Report<'d> {
    pub(crate) fn new(diagnostics: &'d mut Diagnostics) -> Self {
        Report {
            diagnostics,
            seen: BTreeSet::new(),
        }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let key = (
            diagnostic.place,
            diagnostic.code,
            diagnostic.message.clone(),
        );
        if self.seen.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }

    pub(crate) fn error(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::new(code, place, message).help(help));
    }

    pub(crate) fn gap(&mut self, gap: &Gap, place: Place) {
        self.push(gap.at(place));
    }

    /// Whether nothing at all is wrong so far, earlier stages included.
    pub(crate) fn is_clean(&self) -> bool {
        self.diagnostics.is_empty()
    }
}
