// requirement: P50
//! A list reply from rows that nobody admitted.

use api::operations::list_notes::{Call, Reply};

#[cfg(not(feature = "wrong"))]
pub fn answer(call: &Call, rows: Vec<(api::access::NoteFacts, api::replies::Note)>) -> Reply {
    Reply::Ok(call.visible_note.admit(rows))
}

#[cfg(feature = "wrong")]
pub fn answer(_: &Call, rows: Vec<api::replies::Note>) -> Reply {
    Reply::Ok(rows) //~ E0308: expected `Admitted<Note>`, found `Vec<Note>`
}

fn main() {}
