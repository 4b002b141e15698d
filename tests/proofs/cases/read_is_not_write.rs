// requirement: P50
//! A proof that reading is allowed, where writing is asked for.

use api::access::{Note, Owned, Write};

#[cfg(not(feature = "wrong"))]
use api::operations::delete_note::Call;
#[cfg(feature = "wrong")]
use api::operations::read_note::Call;

fn change(_: &Owned<Note, Write>) {}

pub fn handler(call: Call) {
    change(&call.note); //~ E0308: expected `&Owned<Note, Write>`, found `&Owned<Note, Read>`
}

fn main() {}
