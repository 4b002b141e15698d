// requirement: P50
//! A proof about one kind of object, where one about another is asked for.

use api::access::{Note, Owned, Read};

#[cfg(not(feature = "wrong"))]
pub fn note(call: api::operations::read_note::Call) -> Owned<Note, Read> {
    call.note
}

#[cfg(feature = "wrong")]
pub fn note(call: api::operations::open_folder::Call) -> Owned<Note, Read> {
    call.folder //~ E0308: expected `Owned<Note, Read>`, found `Owned<Folder, Read>`
}

fn main() {}
