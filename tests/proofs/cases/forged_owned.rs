// requirement: P50
//! An object whose owner nobody compared.

use api::access::{Note, NoteFacts, Owned, Write};
use api::operations::delete_note::Call;

#[cfg(not(feature = "wrong"))]
pub fn checked(call: Call, _: NoteFacts) -> Owned<Note, Write> {
    call.note
}

#[cfg(feature = "wrong")]
pub fn granted(_: Call, facts: NoteFacts) -> Owned<Note, Write> {
    Owned::grant(facts) //~ E0624: `grant` is private
}

fn main() {}
