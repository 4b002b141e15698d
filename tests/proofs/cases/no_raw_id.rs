// requirement: P50
//! The id as it was sent, beside the proof that it is the caller's.

use api::access::NoteId;
use api::operations::read_note::Call;

#[cfg(not(feature = "wrong"))]
pub fn id(call: &Call) -> &NoteId {
    call.note.id()
}

#[cfg(feature = "wrong")]
pub fn id(call: &Call) -> &NoteId {
    &call.note_id //~ E0609: no field `note_id` | `caller`, `note`
}

fn main() {}
