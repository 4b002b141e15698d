//! Pushes each diagnostic once: a component that is used in ten places is wrong in one.

use super::gaps::Gap;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::Place;
use std::collections::BTreeSet;

/// What to do about an error.
pub(crate) enum Way {
    /// In words.
    Help(String),
    /// `near` was probably meant by `word`, which stands at the place of the error.
    Meant { word: String, near: String },
}

impl From<&str> for Way {
    fn from(help: &str) -> Self {
        Way::Help(help.to_owned())
    }
}

impl From<String> for Way {
    fn from(help: String) -> Self {
        Way::Help(help)
    }
}

/// A stage's way to [`Diagnostics`].
pub(crate) struct Report<'d> {
    diagnostics: &'d mut Diagnostics,
    seen: BTreeSet<(Place, Code, String, Option<Place>)>,
    /// What was declared and is wrong, as "resource Note": its uses are not wrong as well.
    broken: BTreeSet<String>,
    /// How often [`Report::count`] was asked.
    counted: usize,
}

impl<'d> Report<'d> {
    pub(crate) fn new(diagnostics: &'d mut Diagnostics) -> Self {
        Report {
            diagnostics,
            seen: BTreeSet::new(),
            broken: BTreeSet::new(),
            counted: 0,
        }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let key = (
            diagnostic.place,
            diagnostic.code,
            diagnostic.message.clone(),
            diagnostic.within,
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
        way: impl Into<Way>,
    ) {
        let diagnostic = Diagnostic::new(code, place, message);
        self.push(match way.into() {
            Way::Help(help) => diagnostic.help(help),
            Way::Meant { word, near } => diagnostic.did_you_mean(&word, &near),
        });
    }

    /// Remembers that a declaration is wrong. Only for what an error was pushed for.
    pub(crate) fn broken(&mut self, what: &str, name: &str) {
        self.broken.insert(format!("{what} {name}"));
    }

    pub(crate) fn is_broken(&self, what: &str, name: &str) -> bool {
        self.broken.contains(&format!("{what} {name}"))
    }

    pub(crate) fn gap(&mut self, gap: &Gap, place: Place) {
        self.push(gap.at(place));
    }

    /// Whether it was asked no more than `most` times.
    pub(crate) fn count(&mut self, most: usize) -> bool {
        self.counted = self.counted.saturating_add(1);
        self.counted <= most
    }

    /// Whether nothing at all is wrong so far, earlier stages included.
    pub(crate) fn is_clean(&self) -> bool {
        self.diagnostics.is_empty()
    }
}
