// requirement: P50
//! A proof that outlives the request it was made for.

use api::access::{Note, Owned, Principal, Write};
use api::operations::delete_note::Call;

#[cfg(not(feature = "wrong"))]
pub fn kept(call: Call) -> (Principal, Owned<Note, Write>) {
    (call.caller, call.note)
}

#[cfg(feature = "wrong")]
pub fn kept(call: &Call) -> (Principal, Owned<Note, Write>) {
    let caller = call.caller.clone(); //~ E0599: `clone` | `Principal`
    (caller, call.note.clone()) //~ E0599: `clone` | `api::access::Owned<
}

fn main() {}
