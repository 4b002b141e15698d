// requirement: P50
//! The same with the members of the proof instead of its function.

use api::access::{Note, NoteFacts, Owned, Write};
use api::operations::delete_note::Call;

#[cfg(not(feature = "wrong"))]
pub fn checked(call: Call, _: NoteFacts) -> Owned<Note, Write> {
    call.note
}

#[cfg(feature = "wrong")]
pub fn built(_: Call, facts: NoteFacts) -> Owned<Note, Write> {
    let mode = std::marker::PhantomData;
    Owned { facts, mode } //~ E0451: `api::access::Owned` | private
}

fn main() {}
