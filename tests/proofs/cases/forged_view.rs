// requirement: P50
//! A list that shows everybody's rows, because its handler says so.

use api::access::{Note, Visible};
use api::operations::list_notes::Call;

#[cfg(not(feature = "wrong"))]
pub fn visible(call: Call) -> Visible<Note> {
    call.visible_note
}

#[cfg(feature = "wrong")]
pub fn visible(mut call: Call) -> Visible<Note> {
    call.visible_note.owner = None; //~ E0616: `owner` | `Visible` | private
    call.visible_note
}

fn main() {}
