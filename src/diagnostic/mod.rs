//! What is wrong with a document, where, and what to do about it.
//!
//! A diagnostic stops generation (ruling 16). Stages push into one [`Diagnostics`] and go on, so that a person sees
//! everything at once (at most 50, ruling 78).

mod escape;
mod excerpt;
mod json;
mod patch;
mod render;
mod suggest;
#[cfg(test)]
mod tests;
mod texts;

pub use escape::escape;
pub(crate) use escape::is_hidden;
pub use json::{Entry, Related, Replacement, Spot, entries, render_json, render_load_error_json};
pub use patch::{Edit, Patch, patch};
pub use render::{render, render_load_error};
pub use suggest::suggest;

use crate::document::Place;
use std::collections::BTreeSet;

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
    /// The way out as an edit of the document, where it is one. `help` says the same in words.
    pub edit: Option<Edit>,
    /// The operation (its place) that it was found for, where the place alone stands in more than one. Not shown.
    pub within: Option<Place>,
    /// The scalar that `place` is inside of, where it is not the beginning of a node.
    pub scalar: Option<Place>,
}

impl Diagnostic {
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            message: message.into(),
            place,
            related: Vec::new(),
            help: None,
            edit: None,
            within: None,
            scalar: None,
        }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn edit(mut self, edit: Edit) -> Self {
        self.edit = Some(edit);
        self
    }

    /// That `near` was meant where `word` stands, which is the place of the diagnostic.
    pub fn did_you_mean(self, word: &str, near: &str) -> Self {
        let place = self.place;
        self.help(format!("did you mean `{near}`?"))
            .edit(Edit::Word {
                place,
                old: word.to_owned(),
                new: near.to_owned(),
            })
    }

    /// Only the operation at `place` is concerned.
    pub(crate) fn within(mut self, place: Place) -> Self {
        self.within = Some(place);
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

/// At most so many are shown.
const SHOWN: usize = 50;

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

    /// What is shown, sorted by place, each once, at most 50 (ruling 78); and how many more there are.
    pub fn shown(&self) -> (Vec<&Diagnostic>, usize) {
        let mut seen = BTreeSet::new();
        let mut sorted: Vec<&Diagnostic> = self
            .iter()
            .filter(|one| seen.insert((one.place, one.code, one.message.as_str())))
            .collect();
        sorted.sort_by_key(|one| (one.place, one.code));
        let more = sorted.len().saturating_sub(SHOWN);
        sorted.truncate(SHOWN);
        (sorted, more.saturating_add(self.uncounted))
    }
}

/// `1001` as it is shown: `PAL-1001`.
pub(crate) fn code(code: Code) -> String {
    format!("PAL-{code:04}")
}
