// requirement: P50
//! Rows that are called admitted.

use api::access::{Admitted, Note, NoteFacts, Visible};
use api::replies;

#[cfg(not(feature = "wrong"))]
pub fn admitted(
    visible: &Visible<Note>,
    rows: Vec<(NoteFacts, replies::Note)>,
) -> Admitted<replies::Note> {
    visible.admit(rows)
}

#[cfg(feature = "wrong")]
pub fn admitted(_: &Visible<Note>, rows: Vec<(replies::Note, bool)>) -> Admitted<replies::Note> {
    Admitted { rows } //~ E0451: `Admitted` | private
}

fn main() {}
